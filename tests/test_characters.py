import pytest
import spacy

from projner.characters import text_of


@pytest.mark.parametrize(
    "text",
    ["", " ", "总投资1.14亿元", "a b  c\n\n　甲😀 乙\r\n", "New York 纽约 ", "\u3000\u3000本报讯(记者 李铭)"],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_is_the_documents_text(text, lang):
    doc = spacy.blank(lang).make_doc(text)
    assert text_of(doc) == doc.text == text
