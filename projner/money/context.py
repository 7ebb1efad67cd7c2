"""What the words around a numeral say: whether it is money at all, and how sure the text is of the number."""

from __future__ import annotations

import re

from projner.money import words


def _any(text: str) -> str:
    """An alternation, longest word first."""
    return "|".join(re.escape(word) for word in sorted(set(text.split()), key=len, reverse=True))


_SENTENCE_END = re.compile(r"[。；;！!？?\n\r]")
_PUNCTUATION = r"[\s，。；、,;.!！?？”\"'’）)】》/／：:—-]|\Z"

_PHRASE_END = re.compile(_PUNCTUATION)
_BEFORE = re.compile(f"(?:{_any(words.MONEY_HEADS)})(?:{_any(words.FILLERS)}|[ 　])*+\\Z")
_SPENDING = re.compile(f"(?:{_any(words.SPENDING_HEADS)})(?:{_any(words.FILLERS)}|[ 　])*+\\Z")
_STRICT_COUNTER = re.compile(f"[ 　]?[多余]?(?:{_any(words.STRICT_COUNTERS)}|[A-Za-z%％‰℃°㎡㎥²³])")
_CROWD = re.compile("成千\\Z|成千成\\Z")
_CENT = re.compile(f"(?:{_any(words.CENT_CUES)})[了为到出仅约近至达的]{{0,2}}\\Z")
_FAR_BEFORE = re.compile(
    r"(?:授信|贷款|放贷|投资|斥资|出资|补助|拨付|募集|借给|欠|捐)[^\d，,。；;、:：]{1,8}\Z"
)
_AFTER = re.compile(f"[ 　]?(?:{_any(words.MONEY_FOLLOWERS)})|[/／一每](?:吨|斤|公斤|平方米|亩|瓶)")
_COUNTER = re.compile(f"[ 　]?[多余]?(?:{_any(words.LONG_COUNTERS)}|[{words.COUNTERS}]|[A-Za-z%％‰℃°㎡㎥²³])")
_COUNTED = re.compile(f"(?:{_any(words.COUNT_HEADS)})[^，。；,;：:]{{0,8}}\\Z")
_COUNT_HEAD = re.compile(
    _any(words.COUNT_HEADS.replace(" 数 量 ", " "))
    + "|[^多少力质能批尽大]量|(?<![多少系指参次基])数(?![十百千万亿字额目])"
)
_ANY_HEAD = re.compile(_any(words.MONEY_HEADS + words.MONEY_WORDS_BEFORE_COUNTS))
_MONEY_WORD = re.compile(_any(words.MONEY_WORDS_BEFORE_COUNTS))
_CLAUSE = re.compile("[，,、]")

_YUAN_WORD = re.compile(f"元(?!{_any(words.YUAN_WORDS_NOT)})(?:{_any(words.YUAN_WORDS)})")
_COLLOQUIAL = re.compile(_any(words.COLLOQUIAL_WORDS))
_PRICE_CUE = re.compile(f"(?:{_any(words.PRICE_CUES)})[^，。；,;]{{0,8}}\\Z")
_PRICE_RIGHT_BEFORE = re.compile(
    "(?:斤|公斤|吨|卖|卖到|涨|降|跌|便宜|贵|售价|单价|价格|收费|价)(?:是|为|才|就|只|了|要|出)?\\Z"
)
_SINGLE_NEXT = re.compile(
    "钱|硬币|纸币|人民币|[/／每一]|左右|以上|以下|店|[角毛]|[零一二三四五六七八九两\\d]角"
)
_PIECE_NEXT = re.compile(f"{_PUNCTUATION}|左右|以上|以下|多|的|一|每|也|还|就|呢|吧|啊|了|到|至|上下|钱|有余")

_GAP = "(?:了|人民币|为|至|到|在|有|约)?[\\s“\"'‘:：]*\\Z"
_AT_MOST_BEFORE = re.compile(f"(?<![不未没])(?:{_any(words.AT_MOST_BEFORE)}){_GAP}")
_AT_LEAST_BEFORE = re.compile(
    f"(?<![不未没])(?:{_any(words.AT_LEAST_BEFORE)}|(?<![通经不透越度渡穿路难错])过){_GAP}"
)
_APPROX_BEFORE = re.compile(  # no 签约, 节约; no 附近, 最近
    f"(?:{_any(words.APPROXIMATE_BEFORE)}|(?<![签预节条公履违制契租续特簽節約])[约約]|(?<![附最新邻远贴亲])近)"
    "(?:了|人民币|为|有|在)?[\\s“\"'‘:：]*\\Z"
)
_INCLUSIVE = "(?:[(（]含(?:本数)?[)）])?(?:人民币)?"
_AT_LEAST_AFTER = re.compile(f"{_INCLUSIVE}(?:{_any(words.AT_LEAST_AFTER)}|起(?=[，。；、,;.）)的\\s]|\\Z))")
_AT_MOST_AFTER = re.compile(f"{_INCLUSIVE}(?:{_any(words.AT_MOST_AFTER)})")
_APPROX_AFTER = re.compile(
    f"(?:人民币)?(?:{_any(words.APPROXIMATE_AFTER)}|[余多](?![少种个项数家元样次年云]))"
)

_OPEN = re.compile("[(（\\[【][^()（）\\[\\]【】]{0,5}\\Z")
_UNIT_LABEL = re.compile("(?:单位|單位)(?:为|是)?[\\s]?[:：]?[\\s]?(?:人民币)?\\Z")
_RATIO = re.compile(
    "(?:GDP|gdp|产值|工业增加值|增加值|国内生产总值|地区生产总值|生产总值|产值能耗)[^，。]{0,6}(?:能耗|用水|电耗|水耗|排放|综合)"
)
_CHANGE = re.compile(f"(?:{_any(words.CHANGES)})\\Z")
_CONTINUES = re.compile(r"[^。；;！？\n]{0,24}(?:其中|另有|其余|另外|还有)(?:约|近|超|有|的)?\Z")
_PART_OF = re.compile(r"[^。；;！？\n]{0,12}其中[^，,。；;\d]{1,8}\Z")
_BECOMES = re.compile(
    r"(?:加到|增至|增加到|升至|涨到|涨至|降到|降至|提高到|减少为|减少到|扩大到|追加到|、)\Z"
)

_QUALIFIER_BEFORE = re.compile(
    f"[+＋]?(?:{_any(words.AT_MOST_BEFORE)}|{_any(words.AT_LEAST_BEFORE)}|{_any(words.APPROXIMATE_BEFORE)}|[约約近过])*"
)
_QUALIFIER_AFTER = re.compile(
    "[(（](?:人民币|美元|港币|港元|欧元|日元|新台币)[)）]"
    f"|(?:整|正|多|余|[(（]含(?:本数)?[)）]|起|{_any(words.AT_LEAST_AFTER)}|{_any(words.AT_MOST_AFTER)}|{_any(words.APPROXIMATE_AFTER)})*"
)


# --- is it money? ---


def clause_before(text: str, start: int, width: int = 24) -> str:
    """What stands before in the same sentence, at most `width` characters."""
    piece = text[max(0, start - width) : start]
    cut = 0
    for match in _SENTENCE_END.finditer(piece):
        cut = match.end()
    return piece[cut:]


def is_counted(text: str, end: int) -> bool:
    """Whether a measure word or unit follows: 5万吨, 3亿人."""
    return _COUNTER.match(text, end) is not None


def is_count(text: str, start: int, end: int) -> bool:
    """Whether the clause counts people or things, whatever a hint says: 5万吨, 观影人次已经超过2.9亿."""
    if is_counted(text, end) or _CROWD.search(text, max(0, start - 3), start):
        return True
    clause = _CLAUSE.split(clause_before(text, start, 30))[-1]
    counted = list(_COUNT_HEAD.finditer(clause))
    return bool(counted) and _ANY_HEAD.search(clause, counted[-1].end()) is None


def licensed(text: str, start: int, end: int, *, colloquial_scale: bool = False) -> bool:
    """Whether the clause says that a number without currency unit is money.

    `colloquial_scale` is for 3个亿, which counts nothing else.
    """
    before = clause_before(text, start)
    after = _AFTER.match(text, end)
    if after is None and not colloquial_scale:
        counter = _STRICT_COUNTER if _SPENDING.search(before) else _COUNTER
        if counter.match(text, end):
            return False
    clause = _CLAUSE.split(before)[-1]
    if _CROWD.search(clause) or (_COUNTED.search(clause) and not _MONEY_WORD.search(clause)):
        return False
    if after is not None or _BEFORE.search(before):
        return True
    far = _ends_clause(text, end) and _FAR_BEFORE.search(clause) is not None
    return far and not is_count(text, start, end)  # 投资者人数升到3万


def _ends_clause(text: str, end: int) -> bool:
    return text[end : end + 1] in "，。；,;、！!？?\n" or text[end : end + 2] in ("多。", "多，", "多,")


def ends_phrase(text: str, end: int) -> bool:
    """Whether punctuation, a blank or the end follows."""
    return _PHRASE_END.match(text, end) is not None


def continues(text: str, last_end: int, start: int, end: int) -> bool:
    """Whether it is a part of the amount before (其中6000万来自银行) or what that becomes (2亿加到3亿)."""
    between = text[last_end:start] if start - last_end < 32 else ""
    if not between or is_counted(text, end):
        return False
    if _CONTINUES.fullmatch(between) or _BECOMES.fullmatch(between):
        return True
    return _ends_clause(text, end) and _PART_OF.fullmatch(between) is not None


def is_yuan_word(text: str, at: int) -> bool:
    """Whether the 元 here begins another word: 三元里, 元旦, 元素."""
    return _YUAN_WORD.match(text, at) is not None


def colloquial(text: str, start: int, end: int, *, bare: bool = False) -> bool:
    """Whether 块, 毛, 角, 分 are money here and no pieces, corners, minutes or scores.

    `bare` is for a single Chinese digit with its unit (一块, 三角), which needs a price beside it.
    """
    if _PIECE_NEXT.match(text, end) is None:
        return False
    before = clause_before(text, start, 30)
    return (_PRICE_CUE if bare else _COLLOQUIAL).search(before) is not None


def is_single_yuan(text: str, start: int, end: int) -> bool:
    """Whether 三元, 两元 is a price and no name: a price before it, or a word of money behind it."""
    if _SINGLE_NEXT.match(text, end):
        return True
    return is_loose(text, end) and _PRICE_CUE.search(clause_before(text, start, 30)) is not None


def is_price(text: str, start: int, end: int) -> bool:
    """Whether 一块, 两块 directly follows the word for a price."""
    return is_loose(text, end) and _PRICE_RIGHT_BEFORE.search(text, max(0, start - 6), start) is not None


def is_loose(text: str, end: int) -> bool:
    """Whether no noun follows that could be counted."""
    return _PIECE_NEXT.match(text, end) is not None


def is_heading(text: str, start: int, end: int) -> bool:
    """Whether a bare 万元 is the unit of a column or of a ratio: (万元), 单位:万元, 万元GDP能耗."""
    if text[end : end + 1] in ")）]】/／" and _OPEN.search(text, max(0, start - 6), start):
        return True
    label = _UNIT_LABEL.search(text, max(0, start - 8), start)
    return label is not None or _RATIO.match(text, end) is not None


def is_latin(text: str, at: int) -> bool:
    """Whether a Latin letter stands here: $5m, $660cfr."""
    return text[at : at + 1].isascii() and text[at : at + 1].isalpha()


def is_cents(text: str, start: int, end: int) -> bool:
    """Whether 分 and 厘 are money: the word for a price or its change stands right before."""
    return is_loose(text, end) and _CENT.search(text, max(0, start - 8), start) is not None


def is_change(text: str, start: int) -> bool:
    """Whether the amount is the step of a change (上涨8元): what follows with 至 may be another amount."""
    return _CHANGE.search(text, max(0, start - 4), start) is not None


# --- how sure is the number? ---


def bound_of(text: str, start: int, end: int) -> str:
    """exact, at_least or at_most, from the words around."""
    if _AT_LEAST_AFTER.match(text, end):
        return "at_least"
    if _AT_MOST_AFTER.match(text, end):
        return "at_most"
    begin = max(0, start - 12)
    least, most = _AT_LEAST_BEFORE.search(text, begin, start), _AT_MOST_BEFORE.search(text, begin, start)
    if most and (least is None or most.start() <= least.start()):
        return "at_most"
    return "at_least" if least else "exact"


def is_approximate(text: str, start: int, end: int) -> bool:
    """Whether 约, 近, 左右, 多 … stand around the amount."""
    if _APPROX_AFTER.match(text, end):
        return True
    return _APPROX_BEFORE.search(text, max(0, start - 10), start) is not None


def is_qualifier(before: str, after: str) -> bool:
    """Whether the words around an amount only say how sure it is, so that a text is one amount."""
    return bool(_QUALIFIER_BEFORE.fullmatch(before.strip()) and _QUALIFIER_AFTER.fullmatch(after.strip()))
