from projner.tagger.lend import candidates

LISTED = {"白山": {"city_short"}, "抚松": {"county_short"}}


def found(text, *names):
    spans = [(text.index(name), text.index(name) + len(name), "REGION") for name in names]
    places = candidates(text, sorted(spans), lambda name: LISTED.get(name, set()))
    return [(text[max(0, start - 1) : start], text[start:end]) for start, end in places]


def test_a_division_in_full_lends_its_short_form():
    assert found("建设新白山。白山市锚定目标", "白山市") == [("新", "白山")]


def test_nothing_is_lent_inside_other_spans_or_by_strings_that_are_no_short_form():
    assert found("白山市和抚松县", "白山市", "抚松县") == []
    assert found("二道江区在二道江边", "二道江区") == []


def test_a_short_form_alone_lends_nothing():
    assert found("白山又到白山", "白山") == []
