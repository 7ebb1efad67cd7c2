import spacy
from spacy import displacy

from projner.display import COLORS

TEXT = "总投资1.14亿元的二道江区鸭园镇项目由农夫山泉承建"


def tagged():
    nlp = spacy.blank("zh")
    doc = nlp(TEXT)
    spans = {"MONEY": "1.14亿元", "REGION": "二道江区鸭园镇", "COMPANY": "农夫山泉"}
    starts = {label: TEXT.index(words) for label, words in spans.items()}
    doc.set_ents(
        [
            doc.char_span(starts[label], starts[label] + len(words), label=label)
            for label, words in spans.items()
        ]
    )
    return doc


def test_displacy_shows_our_colours_without_options():
    html = displacy.render(tagged(), style="ent", jupyter=False)
    for label, color in COLORS.items():
        assert f"background: {color}" in html[: html.index(label)].rpartition("<mark")[2], label


def test_displacy_page_as_served():
    html = displacy.render(tagged(), style="ent", page=True, jupyter=False)
    assert all(html.count(color) == 1 for color in COLORS.values())


def luminance(color):
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_black_words_are_easy_to_read_on_every_colour():
    for label, color in COLORS.items():
        assert (luminance(color) + 0.05) / 0.05 >= 10, label  # WCAG AAA asks for 7
