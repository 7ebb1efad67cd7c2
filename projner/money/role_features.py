"""What the words around an amount say about its role, as feature strings for a linear model.

The text is read as a stream: full width folded, every amount one ¤, every other number one 0 (a year Y),
blanks left out; so a pattern learnt once holds for all numbers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

AMOUNT, NUMBER, YEAR = "¤", "0", "Y"
_SENTENCE = "。!?;\n…"
_CLAUSE = _SENTENCE + ",:"
_FULL_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: 0x20}
_BLANK = " \t\r"
_RUN = re.compile(r"(?P<number>[0-9]+(?:[.,][0-9]+)*)|[ \t\r]+|[^0-9 \t\r]+")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}$")
_COUNTED = "亿万千百元吨家户个亩"
_APPROXIMATE = "约近超达破逾过共计到至了为是仅有的已将可高低于突足不少多最即整成合一上"
_SCALED = re.compile(r"([0-9][0-9.,]*)([十百千万亿]+)")
_INVEST = re.compile(r"(总)?(固定资产)?(投资|投入|斥资|耗资|出资|注资|增资|引资|投)")
_DONE = re.compile("完成|已|累计|实际|先后|共|了")
_PLANNED = re.compile("计划|拟|将|预计|需|要|规划|力争|有望|或")
_IN_YEAR = re.compile("今年|Y|年度|当年|年内|本年|全年|每年|年均|季度|上半年|下半年|本月|月份")
_YEARS = re.compile("[0一二三四五十]+年|年时间|期间|十")
_RELATIVE = re.compile(r"(以上|以下|以内|及以上|\(含\)以上|元以上)?(的)?([^,¤]{0,10})")
_CLASS_NOUN = re.compile("[0个家户项]|企业|项目|产品|客户|采购|单位|园区|集群|县|公司")
_BARE = re.compile(r"[-0-9.,]+")  # a table cell
_TABLE = 400  # characters above a cell that are searched for the header
_CONVERTED = re.compile(r"[(](?:约|合|折合|相当于|人民币|折|,)*")
# What may stand between a subject and its amount in a clause of their own: 利润总额,2010年已增长至¤.
_BRIDGE = re.compile(
    r"(?:[0Y¤年月日为达到至约近超过已将有望预计可以上同比较比增长增加上升提高扩大下降减少跃升突破仅其中今去明全累计则是的从由初末底前"
    r"个季度上下半高出逾]|%)*"
)
_COUNT = r"[0两三四五六七八九十百千多余数]+[多余]?(?:家|个|户|项|款|种|件)"
_COUNT_BEFORE = re.compile(_COUNT + "[^,、¤]{0,10}$")
_COUNT_BEHIND = re.compile("(?:以上|以下|以内)?(?:的|级)?[^,¤]{1,12}(?:有|达|达到|共|共有|超|超过)" + _COUNT)
_BAR = re.compile("(不少于|不低于|不超过|不足|不到|低于|高于|超过|达到|突破|满|至少|达|超|过)$")
_SHARED = ("K1", "K1F", "k1", "m3", "m4", "Q1d", "r", "K0", "k1f", "LQ")


@dataclass(frozen=True, slots=True)
class Stream:
    """The text as the model reads it.

    `positions[i]` is where character i of `text` begins in the original; `amounts` gives the place of an
    amount in the stream by its start in the original.
    """

    text: str
    positions: tuple[int, ...]
    amounts: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue word in a piece of the stream."""

    start: int
    end: int
    word: str
    role: str


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The words of role_cues.json; `weak` ones name no role by themselves (医保资金, 申购金额)."""

    roles: Mapping[str, str]
    pattern: re.Pattern[str]
    modifiers: Mapping[str, re.Pattern[str]]
    weak: frozenset[str]


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    data = json.loads(files("projner.money").joinpath("role_cues.json").read_text(encoding="utf-8"))
    roles = {word: role for role, words in data["roles"].items() for word in words}
    modifiers = {name: _alternatives(words) for name, words in data["modifiers"].items()}
    return _Lexicon(roles, _alternatives(roles), modifiers, frozenset(data["weak"]))


def _alternatives(words: Iterable[str]) -> re.Pattern[str]:
    """Any of the words, the longest first; grouped by their first character, for speed."""
    groups: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda w: (-len(w), w)):
        groups.setdefault(word[0], []).append(re.escape(word[1:]))
    return re.compile("|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in groups.items()))


def cues(piece: str) -> list[Cue]:
    """The cue words in a piece of a stream, longest first at each place, in order."""
    words = _lexicon()
    return [Cue(m.start(), m.end(), m.group(), words.roles[m.group()]) for m in words.pattern.finditer(piece)]


def stream(text: str, spans: Sequence[tuple[int, int]]) -> Stream:
    """Read a text with the spans of its amounts (sorted, apart) as a `Stream`."""
    folded = text.translate(_FULL_WIDTH)
    pieces: list[str] = []
    positions: list[int] = []
    where: dict[int, int] = {}
    at = 0
    for start, end in (*spans, (len(folded), len(folded))):
        for match in _RUN.finditer(folded, at, start):
            run = match.group()
            if run[0] in _BLANK:
                continue
            if match.lastgroup == "number":
                counted = folded[match.end() : match.end() + 1]
                run = YEAR if _YEAR.match(run) and counted and counted not in _COUNTED else NUMBER
                positions.append(match.start())
            else:
                positions.extend(range(match.start(), match.end()))
            pieces.append(run)
        if start < end:
            where[start] = len(positions)
            pieces.append(AMOUNT)
            positions.append(start)
        at = end
    return Stream("".join(pieces), tuple(positions), where)


@dataclass(frozen=True, slots=True)
class Context:
    """The stream around one amount.

    `before` the sentence, `rest` of the sentence before the clause, `clause` before the amount; after it
    the `tail` of the sentence, whose first `clause_end` characters belong to the clause.
    """

    place: int
    before: str
    rest: str
    clause: str
    tail: str
    clause_end: int

    @property
    def sentence(self) -> str:
        return self.rest + self.clause

    @property
    def after(self) -> str:
        return self.tail[: self.clause_end]


def context(text: str, place: int) -> Context:
    """The context of the amount at `place` of a stream's text."""
    left, right = text[max(0, place - 90) : place], text[place + 1 : place + 60]
    sentence_start = _last(left, _SENTENCE)
    sentence = left[sentence_start:]
    clause_start = _last(sentence, ",:")
    tail = right[: _first(right, _SENTENCE)]
    return Context(
        place,
        left[:sentence_start],
        sentence[:clause_start],
        sentence[clause_start:],
        tail,
        _first(tail, ",:"),
    )


def features(
    text: str, spans: Sequence[tuple[int, int]], currencies: Sequence[str], read: Stream | None = None
) -> list[list[str]]:
    """The features of every amount of a text.

    Args:
        text: the text.
        spans: start and end of the amounts, sorted, apart.
        currencies: ISO 4217 codes of the amounts.
        read: the text as a stream, where it has been read before.

    Returns:
        One list of feature strings an amount; the part before the colon is the group.
    """
    read = read or stream(text, spans)
    title = read.text[: _first(read.text, "\n")] if "\n" in read.text else ""
    found: list[list[str]] = []
    previous: _Previous | None = None
    for (start, end), currency in zip(spans, currencies, strict=True):
        around = context(read.text, read.amounts[start])
        written = text[start:end].translate(_FULL_WIDTH)
        header = _header(read.text, around.place) if _BARE.fullmatch(written) else None
        out, previous = _of_one(read.text, around, written, currency, title, previous, header)
        found.append(out)
    return _share(found, [text[start:end].translate(_FULL_WIDTH) for start, end in spans])


@dataclass(frozen=True, slots=True)
class _Previous:
    place: int
    head: str
    cue: str


def _of_one(
    text: str,
    around: Context,
    written: str,
    currency: str,
    title: str,
    previous: _Previous | None,
    header: Cue | None,
) -> tuple[list[str], _Previous]:
    clause, rest, tail = around.clause, around.rest, around.tail
    head = _strip_approximate(clause)
    out = ["bias", *_words(around, head, title)]
    own, cue_features, cue = _cue_features(around, header)
    out += cue_features
    out += _amount_features(written, currency, head, tail, cue)
    out.append(f"clen:{min(len(clause) // 3, 4)}")
    if not clause:
        out.append("emptyclause:" + (rest[-1:] or around.before[-1:]))
    out += _investment(around)
    out += _relative(tail)
    out += _bar(around)
    inherited = _Previous(around.place, head, cue)
    if previous is None:
        out.append("g:none")
    else:
        gap = text[previous.place + 1 : around.place]
        out.append("GAP:" + _gap_kind(gap, own))
        if any(c in gap for c in "。!?\n;"):
            out.append("g:sent")
        else:
            out.append("g:" + (gap if len(gap) <= 4 else f"long{min(len(gap) // 6, 4)}"))
            out.append("pL:" + previous.cue + ("" if own else "!"))
            if len(gap) <= 8:
                out += [f"pm{k}:{previous.head[-k:]}" for k in (2, 3, 4)]
                out += ["pn:" + g for g in _grams(previous.head[-8:], 2, 3)]
                out.append("pLg:" + previous.cue)
                if not own:
                    inherited = _Previous(around.place, previous.head, previous.cue)
    return out, inherited


def _words(around: Context, head: str, title: str) -> list[str]:
    tail, sentence = around.tail, around.sentence
    out = [f"l{k}:{sentence[-k:]}" for k in range(1, 5)]
    out += [f"m{k}:{head[-k:]}" for k in range(2, 7)]
    out += ["n:" + g for g in _grams(head[-8:], 2, 4)]
    out += ["c:" + g for g in _grams(around.clause, 2, 4)]
    out += ["s:" + g for g in _grams(around.rest[-40:], 2, 3)]
    out += ["p:" + g for g in _grams(around.before[-40:], 2, 2)]
    out += ["r:" + (tail[:k] if len(tail) >= k else tail + "$") for k in range(1, 6)]
    out += ["R:" + g for g in _grams(around.after[:16], 2, 3)]
    out += ["Q:" + g for g in _grams(tail[around.clause_end :][:24], 2, 2)]
    out += ["t:" + g for g in _grams(title[:40], 2, 2)]
    out.append(f"j:{head[-2:]}|{tail[:1]}")
    out.append(f"jj:{head[-1:] or '^'}|{tail[:2]}")
    return out


def _header(text: str, place: int) -> Cue | None:
    """The cue at the head of a table cell's column: as many cues into the header as amounts into the row."""
    row = text.rfind("\n", 0, place) + 1
    column = text.count(AMOUNT, row, place)
    for line in reversed(text[max(0, row - _TABLE) : row].split("\n")):
        if AMOUNT not in line and (found := cues(line)):
            return found[min(column, len(found) - 1)]
    return None


def _cue_features(around: Context, header: Cue | None) -> tuple[bool, list[str], str]:
    """Whether the amount has its own cue before it in the clause, the features, and the leading cue."""
    modifiers, weak = _lexicon().modifiers, _lexicon().weak
    clause, after = around.clause, around.after
    in_clause, in_rest = cues(clause), cues(around.rest)
    since = clause.rfind(AMOUNT)
    own = [c for c in in_clause if c.start > since]
    if header is not None and not own:
        own = [Cue(len(clause), len(clause), header.word, header.role)]
    behind = cues(_up_to_next(after))
    flags, wide = _flags(clause), _flags(around.sentence)
    out: list[str] = []
    if own:
        cue = own[-1]
        distance = len(clause) - cue.end
        step = 0 if distance == 0 else 1 if distance <= 2 else 2 if distance <= 6 else 3
        lead = cue.role
        out += [f"k1:{cue.word}", f"K1:{lead}", f"K1d:{lead}{step}", f"K1f:{lead}{flags}"]
        out += [f"K1F:{lead}{wide}", f"k1f:{cue.word}{flags}"]
        out.append(f"KT:{lead}{around.tail[:1]}")
        strong = next((c for c in reversed(own) if c.word not in weak), None)
        if strong is not None and strong is not cue:
            out += [f"ks:{strong.word}", f"KS:{strong.role}"]
        if len(own) > 1:
            second = own[-2]
            out += [f"K12:{second.role}|{lead}", f"k2:{second.word}", f"k12:{second.word}|{cue.word}"]
    elif in_clause:
        cue = in_clause[-1]
        lead = cue.role + "x"
        out += [f"kx:{cue.word}", f"KX:{cue.role}", f"KXg:{cue.role}{clause[since + 1 :][:4]}"]
    else:
        lead = in_rest[-1].role + "0" if in_rest else "-"
        out += ["K1:none", "K0f:" + wide, f"KT:{lead}{around.tail[:1]}"]
        if in_rest and _BRIDGE.fullmatch(clause):
            out += [f"ki:{in_rest[-1].word}", f"KI:{in_rest[-1].role}"]
        if in_rest:
            out += [f"k0:{in_rest[-1].word}", f"K0:{in_rest[-1].role}", f"K0F:{in_rest[-1].role}{wide}"]
        elif farther := cues(around.before):
            out += [f"kb:{farther[-1].word}", f"KB:{farther[-1].role}"]
    if behind:
        first, last = behind[0], behind[-1]
        gap = after[: first.start]
        step = 0 if gap in ("", "的", "的总") else 1 if len(gap) <= 2 else 2
        out += [f"q1:{first.word}", f"Q1:{first.role}", f"Q1d:{first.role}{step}", f"q9:{last.word}"]
        if not own and step < 2:
            out += [f"qn:{first.word}", f"QN:{first.role}"]
        out += [f"Q9:{last.role}", f"LQ:{lead}{first.role}", f"LQ9:{lead}{last.role}"]
    else:
        out.append(f"LQ:{lead}-")
    out += ["F:" + flags, "FS:" + wide]
    out += ["B:" + role for role in sorted({c.role for c in in_clause})]
    out += ["BS:" + role for role in sorted({c.role for c in in_rest})]
    out += ["BR:" + role for role in sorted({c.role for c in behind})]
    out += ["MR:" + name for name, pattern in modifiers.items() if pattern.search(after)]
    return bool(own), out, lead


def _amount_features(written: str, currency: str, head: str, tail: str, cue: str) -> list[str]:
    scale = "".join(c for c in written if c in "十百千万亿")
    digits = re.search("[0-9]+", written)
    out = [
        "a:" + currency,
        "u:" + scale,
        f"uc:{currency}{scale}",
        f"d:{scale}{len(digits.group()) if digits else 0}",
    ]
    out += ["x:" + written[-2:], "uL:" + scale + cue, f"u1:{scale}{tail[:1]}", f"u2:{scale}{head[-2:]}"]
    if "." in written:
        out.append("dot" + scale)
    return out


def _investment(around: Context) -> list[str]:
    """Total, within a year, or spent: what the words around 投资 decide."""
    modifiers = _lexicon().modifiers
    sentence = around.sentence
    matches = list(_INVEST.finditer(sentence))
    if not matches:
        return []
    last = matches[-1]
    word = last.group()
    side = "c" if last.start() >= len(around.rest) else "s"
    state = "D" if _DONE.search(sentence, max(0, last.start() - 8)) else ""
    state += "P" if _PLANNED.search(sentence, max(0, last.start() - 10)) else ""
    state += "Y" if _IN_YEAR.search(sentence) else ""
    state += "T" if "总" in word else ""
    state += "N" if _YEARS.search(sentence) else ""
    project = ("J" if modifiers["project"].search(around.after) else "") + (
        "j" if modifiers["project"].search(sentence) else ""
    )
    buys = "b" if modifiers["buy"].search(around.after) else ""
    return [
        f"ivb:{word}{buys}{state}",
        f"iv:{word}|{_flags(sentence[max(0, last.start() - 14) : last.start()])}",
        f"ivs:{word}|{_flags(sentence)}{side}",
        "ivd:" + state,
        f"ivp:{project}{word}",
        "ivm:" + sentence[last.end() :][:6],
    ]


def _relative(tail: str) -> list[str]:
    match = _RELATIVE.match(tail)
    bar, of, noun = match.groups() if match else (None, None, "")
    kind = "N" if _CLASS_NOUN.search(noun) else ""
    short = re.sub("[0¤]", "", noun)[:2]
    return [f"th:{bar or ''}|{of or ''}|{kind}", f"th2:{bar or ''}{of or ''}{short}"]


def _bar(around: Context) -> list[str]:
    """Signs of a bar: things are counted on either side of the amount, or a rule is told."""
    modifiers = _lexicon().modifiers
    relative = _RELATIVE.match(around.tail)
    open_ended = relative.group(1) or "" if relative else ""
    of = relative.group(2) or "" if relative else ""
    word = _BAR.search(around.clause)
    bar = word.group() if word else ""
    rule = "R" if modifiers["rule"].search(around.sentence + around.tail) else ""
    out = [f"tc:{bar}{open_ended}{of}", f"tr:{bool(bar or open_ended)}{rule}"]
    if _COUNT_BEHIND.match(around.tail):
        out.append(f"tb:{bool(bar or open_ended)}{of}")
    if _COUNT_BEFORE.search(around.clause):
        out.append(f"ta:{bool(bar)}{open_ended}")
    return out


def _up_to_next(after: str) -> str:
    """What stands behind an amount and speaks of it, not of the next one of a list."""
    following = after.find(AMOUNT)
    if following < 0:
        return after
    parted = after.find("、", 0, following)
    return after[: following if parted < 0 else parted]


def _gap_kind(gap: str, own: bool) -> str:
    if _CONVERTED.fullmatch(gap):
        return "converted"
    if "\n" in gap:
        return "paragraph"
    if any(c in gap for c in "。!?;"):
        return "next"
    if own:
        return "own" if "," in gap else "own_clause"
    return "list" if len(gap) <= 2 else "near" if len(gap) <= 8 else "sentence"


def _share(found: list[list[str]], written: Sequence[str]) -> list[list[str]]:
    """An amount told twice, in the headline and in the text, reads the cues of both places."""
    twins: dict[tuple[str, ...], list[int]] = {}
    for i, one in enumerate(written):
        if scaled := _SCALED.search(one):
            twins.setdefault(scaled.groups(), []).append(i)
    out = [list(one) for one in found]
    for same in (places for places in twins.values() if len(places) > 1):
        strong = {i: [f for f in found[i] if f.split(":", 1)[0] in _SHARED] for i in same[:4]}
        for i in same:
            others = [j for j in same[:4] if j != i][:3]
            out[i] += ["V", *("v" + f for j in others for f in strong[j])]
    return out


def _flags(piece: str) -> str:
    modifiers = _lexicon().modifiers
    return "".join(name[0] for name in ("year", "done", "plan") if modifiers[name].search(piece))


def _strip_approximate(piece: str) -> str:
    return piece.rstrip(_APPROXIMATE)


def _grams(piece: str, shortest: int, longest: int) -> Iterator[str]:
    seen = {piece[i : i + k] for k in range(shortest, longest + 1) for i in range(len(piece) - k + 1)}
    return iter(seen)


def _last(piece: str, chars: str) -> int:
    return max(piece.rfind(c) for c in chars) + 1


def _first(piece: str, chars: str) -> int:
    return min((at for c in chars if (at := piece.find(c)) >= 0), default=len(piece))
