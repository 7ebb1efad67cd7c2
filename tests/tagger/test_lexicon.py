import numpy as np

from projner.tagger.lexicon import N_CODES, Lexicon
from projner.tagger.text import codepoints


def covered(lexicon, text):
    codes = lexicon.match(codepoints(text))
    return {
        category: "".join(char if code else "." for char, code in zip(text, codes[:, column], strict=True))
        for column, category in enumerate(lexicon.categories)
    }


def test_names_are_found_by_category():
    lexicon = Lexicon.build({"region": ["抚松", "抚松县", "通化"], "company": ["农夫山泉", "通化"]})
    assert covered(lexicon, "抚松县农夫山泉在通化。") == {
        "region": "抚松县.....通化.",
        "company": "...农夫山泉.通化.",
    }


def test_a_longer_name_hides_a_shorter_one():
    lexicon = Lexicon.build({"region": ["抚松", "抚松县"]})
    codes = lexicon.match(codepoints("抚松县抚松"))[:, 0]
    assert len(set(codes[:3])) == 3 and codes[0] != codes[3]
    assert codes.max() < N_CODES


def test_arrays_give_the_same_lexicon_back():
    lexicon = Lexicon.build({"region": ["抚松"], "company": ["农夫山泉"]})
    again = Lexicon.from_arrays(lexicon.to_arrays())
    assert again.categories == lexicon.categories
    np.testing.assert_array_equal(
        again.match(codepoints("抚松农夫山泉")), lexicon.match(codepoints("抚松农夫山泉"))
    )


def test_short_and_empty_texts():
    lexicon = Lexicon.build({"region": ["抚松"]})
    assert lexicon.match(codepoints("")).shape == (0, 1)
    assert lexicon.match(codepoints("抚")).tolist() == [[0]]
    assert Lexicon().match(codepoints("抚松")).shape == (2, 0)
