"""Which mentions in a document are one company."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from projner.company.listing import CompanyList, Entry
from projner.company.model import Company
from projner.company.names import Parts, fold, known_name, normalise, parts

Mention = tuple[int, int]
# What a text writes between a full name and the short form that it gives: (以下简称"中建三局").
_STATED = re.compile(
    r"[\s]*[（(](?:以下|下文|文中|后文)?(?:统称|合称|简称|下称|又称|称)(?:为|作)?[:：]?[\s]*"
    r"(?P<one>[“\"‘'《「]?[^（()）“”\"‘’'《》「」，。；;\n]{1,20})[”\"’'》」]?"
    r"(?P<more>(?:[或、/和][“\"‘'《「]?[^（()）“”\"‘’'《》「」，。；;\n]{1,20}[”\"’'》」]?)*)[^）)\n]{0,12}[）)]"
)
_APPOSED = re.compile(r"[\s]*[（(][\s]*")
_GENERIC = frozenset(("公司", "本公司", "该公司", "集团", "本集团", "企业", "项目公司"))


def cluster(mentions: Sequence[Mention], text: str, known: CompanyList | None = None) -> list[Company]:
    """Put the mentions of a document together by company.

    One company are: the same name in another width or case; a full name and its brand, brand + 集团/公司,
    region + brand, shortened industry (九州农装 for 九州农业装备有限公司); a short form that the text states
    (以下简称"中建三局"). A short form
    that would suit two companies of the document (三一 beside 三一重工 and 三一集团) goes with the group,
    or else stays by itself. A branch (农业银行保山分行) is a company of its own.

    Args:
        mentions: (start, end) of COMPANY spans in the text, in any order.
        text: the text.
        known: a list of one's own; its names, aliases and ids win.

    Returns:
        One Company a mention, in the order of `mentions`; mentions of one company get equal ones.
    """
    names = [normalise(text[start:end]) for start, end in mentions]
    stated = _stated(mentions, text)
    entries = {name: entry for name in names if known is not None and (entry := known.find(name)) is not None}
    groups = _groups(names, stated, entries)
    members: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        members.setdefault(groups[name], []).append(i)
    companies = {root: _company(of, names, mentions, stated, entries) for root, of in members.items()}
    return [companies[groups[name]] for name in names]


def _groups(names: Sequence[str], stated: dict[str, str], entries: dict[str, Entry]) -> dict[str, str]:
    """The root of every name; names with the same root are one company."""
    roots: dict[str, str] = {}
    by_fold: dict[str, str] = {}
    by_entry: dict[Entry, str] = {}
    by_letter: dict[str, list[str]] = {}
    unique = sorted(set(names), key=lambda n: (n in stated, -len(fold(n)), not parts(n).group, n))
    for name in unique:
        entry = entries.get(name)
        root = by_entry.get(entry) if entry is not None else None
        root = root or by_fold.get(fold(name)) or by_fold.get(fold(known_name(name)))
        if root is None and name in stated:
            root = roots.get(stated[name])
        if root is None and entry is None:
            root = _owner(name, roots, by_letter)
        roots[name] = root or name
        for letter in _letters(name):
            by_letter.setdefault(letter, []).append(name)
        if entry is not None:
            by_entry.setdefault(entry, roots[name])
        by_fold.setdefault(fold(name), roots[name])
        by_fold.setdefault(fold(known_name(name)), roots[name])
    return roots


def _letters(name: str) -> set[str]:
    """A name and one that is short for it share one of these; so few pairs need a closer look."""
    found = parts(name)
    return {name[:1].casefold(), found.brand[:1].casefold(), "branch " + found.branch[:2]} - {"", "branch "}


def _owner(name: str, roots: dict[str, str], by_letter: dict[str, list[str]]) -> str | None:
    """The root of the one company among the longer names that this name is short for."""
    owners: dict[str, list[str]] = {}
    for longer in dict.fromkeys(n for letter in sorted(_letters(name)) for n in by_letter.get(letter, ())):
        if is_short_for(name, longer):
            owners.setdefault(roots[longer], []).append(longer)
    if len(owners) > 1:
        whole = {root: o for root, o in owners.items() if any(parts(n).group for n in o)}
        owners = whole or owners
    return next(iter(owners)) if len(owners) == 1 else None


def is_short_for(short: str, full: str) -> bool:
    """Whether a name is a short form of another that is at least as long, by its form alone.

    Args:
        short: the shorter name, normalised.
        full: the longer name, normalised.
    """
    a, b = parts(short), parts(full)
    if a.branch or b.branch or not a.brand or not b.brand:
        return _short_branch(a, b)
    if a.region and a.region[:2] not in (b.region[:2], b.bracketed[:2]):
        return False
    if a.brand.casefold() != b.brand.casefold():
        return _shortened(a, b) or _initials(short, full)
    if a.industry:
        return b.industry.startswith(a.industry) or (b.registered and _subsequence(a.industry, b.industry))
    if a.group or a.form in ("集团", "集团公司", "控股", "股份"):
        return a.form == b.form if a.form in ("控股", "股份") and not b.registered else _same_group(a, b)
    return True


def _same_group(a: Parts, b: Parts) -> bool:
    """三一集团 is not 三一重工, but 中溢集团 is 中溢集团(吉林)新能源科技有限公司."""
    if a.form in ("控股", "股份"):
        return a.form in b.form
    return b.group


def _short_branch(a: Parts, b: Parts) -> bool:
    """农发行永吉支行 and 中国农业发展银行永吉县支行 share place and parent."""
    if not (a.branch and b.branch and a.brand and b.brand):
        return False
    place = a.branch[:2] == b.branch[:2] and a.branch[-2:] == b.branch[-2:]
    left, right = (p.region + p.brand + p.industry for p in (a, b))
    return place and (fold(known_name(left)) == fold(known_name(right)) or right.endswith(left))


def _shortened(a: Parts, b: Parts) -> bool:
    """九州农装 for 九州农业装备: the brand, then letters of the rest in order."""
    if not b.registered or a.group or a.region:
        return False
    whole = a.brand + a.industry
    rest = whole.removeprefix(b.brand)
    if whole.startswith(b.brand) and len(b.brand) > 1:
        return _subsequence(rest, b.industry)
    return b.brand.startswith(whole) and len(whole) > 1


def _initials(short: str, full: str) -> bool:
    """中核集团 for 中国核工业集团公司: the same first letter, the others in order, the same kind at the
    end."""
    kind = next((k for k in ("集团", "银行", "行", "总厂", "公司") if short.endswith(k)), "")
    if not kind or len(short) < 3 or len(full) < len(short) + 3 or short[0] != full[0]:
        return False
    stem = short.removesuffix(kind)
    return 1 < len(stem) <= 3 and kind[-1] in full and full.startswith("中国") and _subsequence(short, full)


def _subsequence(short: str, full: str) -> bool:
    letters = iter(full)
    return all(letter in letters for letter in short)


def _stated(mentions: Sequence[Mention], text: str) -> dict[str, str]:
    """Short forms that the text itself gives, with the full name that they stand for."""
    found: dict[str, str] = {}
    names = {(start, end): normalise(text[start:end]) for start, end in mentions}
    starts = {start: name for (start, _), name in names.items()}
    for (_, end), full in sorted(names.items()):
        for short in _stated_after(text, end):
            if short not in _GENERIC and short != full:
                found[short] = full
        # 瑞士信贷银行（瑞信）: a name in brackets right behind another, made of its letters
        opened = _APPOSED.match(text, end)
        apposed = starts.get(opened.end()) if opened else None
        if apposed is not None and _subsequence(fold(apposed), fold(full)):
            found.setdefault(apposed, full)
    return found


def _stated_after(text: str, end: int) -> Iterator[str]:
    if match := _STATED.match(text, end):
        for piece in re.split("[或、/和]", match["one"] + match["more"]):
            if short := normalise(piece):
                yield short


def _company(
    members: Sequence[int],
    names: Sequence[str],
    mentions: Sequence[Mention],
    stated: dict[str, str],
    entries: dict[str, Entry],
) -> Company:
    own = [names[i] for i in members]
    entry = next((entries[name] for name in own if name in entries), None)
    full = max(own, key=lambda n: (parts(n).registered, n not in stated, len(n), -own.index(n)))
    name = entry.name if entry is not None else full
    return Company(
        name,
        _short(name, own, stated),
        tuple(sorted(mentions[i] for i in members)),
        entry.id if entry is not None else None,
    )


def _short(name: str, own: Iterable[str], stated: dict[str, str]) -> str | None:
    """The short form of the text: a stated one, else the commonest, else the shortest."""
    others = Counter(n for n in own if fold(n) != fold(name))
    told = [short for short, full in stated.items() if full == name or full in others]
    if told:
        return told[0]
    return min(others, key=lambda n: (-others[n], len(n), n)) if others else None
