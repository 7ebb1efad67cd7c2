import pytest

from projner.tagger.text import MAX_SEGMENT, codepoints, segments


@pytest.mark.parametrize(
    "text",
    ["", "一句。两句！\n\n第三行没有句号", "\n", "。。。", "长" * (3 * MAX_SEGMENT + 1), "甲😀乙\r\n丙"],
)
def test_segments_cover_the_text(text):
    pieces = list(segments(text))
    assert "".join(text[start:end] for start, end in pieces) == text
    assert all(0 < end - start <= MAX_SEGMENT for start, end in pieces)


def test_a_line_break_ends_a_segment():
    assert [text for text in ("抚松县\n", "浑江") if text] == [
        "抚松县\n浑江"[s:e] for s, e in segments("抚松县\n浑江")
    ]


def test_one_code_a_character():
    assert len(codepoints("甲😀乙")) == 3
    assert codepoints("ＡＢ１").tolist() == codepoints("AB1").tolist()
