from projner.tagger import evidence

LABELS = ("REGION", "COMPANY")


def spans(text, *names):
    return [(text.index(name), text.index(name) + len(name), label) for name, label in names]


def where(text, codes):
    return "".join(char if code else "." for char, code in zip(text, codes, strict=True))


def test_a_string_tagged_elsewhere_lends_its_label():
    text = "安宇投资20亿元。专家说,安宇很稳。"
    codes = evidence.marks(text, spans(text, ("安宇", "COMPANY")), LABELS)
    assert where(text, codes[:, 0]) == "安宇" + "." * (text.rindex("安宇") - 2) + "安宇" + "..."
    # the untagged mention has evidence for COMPANY; the tagged one has the untagged one against it
    assert codes[0, 0] != codes[text.rindex("安宇"), 0]


def test_the_head_of_a_long_name_is_marked():
    text = "中溢集团(吉林)新能源科技有限公司扩产,中溢集团说。"
    codes = evidence.marks(text, spans(text, ("中溢集团(吉林)新能源科技有限公司", "COMPANY")), LABELS)
    at = text.rindex("中溢集团")
    assert (codes[at : at + 4, 1] > 0).all()
    assert not codes[: text.index(")"), 1].any()


def test_nothing_tagged_gives_nothing():
    assert not evidence.marks("今天天气很好", [], LABELS).any()
    assert evidence.marks("", [], LABELS).shape == (0, 2)


def test_codes_stay_below_their_number():
    text = "抚松抚松抚松安宇安宇安宇"
    found = [(0, 2, "REGION"), (2, 4, "REGION"), (6, 8, "COMPANY"), (8, 10, "COMPANY")]
    assert evidence.marks(text, found, LABELS).max() < evidence.n_codes(len(LABELS))
