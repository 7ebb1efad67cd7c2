"""The regular expressions of the grammar, built once from the currency table.

Every loop over numerals is possessive, so that no input takes more than linear time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from projner.money.currencies import Unit, table

D = "0-9０-９"
CN_DIGIT = "零〇○一二三四五六七八九两兩俩仨壹弌贰貳弍叁叄肆伍陆陸柒捌玖"
CN_UNIT = "十百千拾佰仟廿卅卌"
CN_SCALE = "万亿兆萬億"
CN = CN_DIGIT + CN_UNIT + CN_SCALE
THREE = f"[参參](?=[{CN_UNIT}{CN_SCALE}])"  # 参亿 is 3亿, but 参加 is no number
SP = "[ \u3000\xa0]"
ARABIC = f"[{D}]++(?:[,，][{D}]{{3}}(?![{D}]))*+(?:{SP}?[.．][{D}]++|[.．](?=[{CN_SCALE}]))?"
APPROX = "余餘多来几數数"

# Codes that newspapers write beside numbers; others look like names (COP28, AMD64).
_WRITTEN_CODES = """
CNY RMB USD EUR GBP JPY HKD TWD MOP KRW AUD NZD CAD SGD CHF SEK NOK DKK
RUB INR THB VND IDR MYR PHP AED SAR BRL ZAR MXN
"""

# What may follow a numeral that belongs to an amount; everything else is skipped without a closer look.
_FOLLOW = f"{APPROX}把个個半元圆圓块塊毛角分厘wWkKeE点-—–―~～－至到、和及 \u3000\xa0"

_ENGLISH = "[Tt]housand|[Mm]illion|[Bb]illion|[Tt]rillion|bn|mn"
_PER = (
    "吨|公斤|千克|斤|克|平方米|平米|㎡|亩|桶|度|千瓦时|千瓦|瓦|股|瓶|盒|升|立方米|立方|方|件|台|个|人|月|年|天|日|箱|包|只|头|公里"
    "|小时|盎司|蒲式耳|磅|加仑|辆|套|袋|片|条|米|张|晚|次|kg|KG|t|W|g"
)


def _alternatives(words: list[str] | dict[str, Unit]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class Patterns:
    """Compiled patterns; see the comments in `patterns()`."""

    scan: re.Pattern[str]
    term: re.Pattern[str]
    prefix: re.Pattern[str]
    prefix_last: frozenset[str]
    link: re.Pattern[str]
    part: re.Pattern[str]
    coin_part: re.Pattern[str]


@cache
def patterns() -> Patterns:
    """The patterns, compiled at first use."""
    words = table()
    names = _alternatives(words.names)
    codes = _alternatives([code for code in words.codes if code in _WRITTEN_CODES.split()])
    coins = _alternatives([name for name in words.names if name[-1] in "币幣金"] + ["欧元", "港元", "澳元"])
    suffix_signs = "€|¥|￥|\\$|£|₩|円"
    first = "".join(sorted({name[0] for name in words.names} | set("CNYRMBUSDEHKJTGA€¥￥$£₩円")))
    follow = re.escape(_FOLLOW + first)
    few = f"几(?=[块塊毛角分][钱錢]|[元圆圓]|{names})"  # without 钱 it counts pieces and minutes
    run = f"(?:{ARABIC}|(?:[{CN}]|{THREE})++(?:[点點][{CN_DIGIT}]++)?|{few})++"
    scan = re.compile(f"{run}(?:(?=[{follow}])()|(?<=[{CN_SCALE}])()|)")

    atom = (
        f"{ARABIC}(?:[eE][+-]?[0-9]{{1,2}}(?![0-9A-Za-z]))?(?:[kKwW](?![A-Za-z0-9])|{SP}?(?:{_ENGLISH})(?![A-Za-z]))?(?:{SP}(?=[{CN_UNIT}{CN_SCALE}元圆圓块]))?"
        f"|(?:[{CN}]|{THREE})++"
        f"|[点點](?:[{CN_DIGIT}]++|[{D}]++)"
        f"|[几數数](?=[{CN_UNIT}{CN_SCALE}])|(?<=[{CN_UNIT}{D}])几(?=个?[{CN_SCALE}]|[元圆圓块塊毛])|{few}"
        f"|(?<=[百千万亿])把(?=[块塊元])"
        f"|(?<=[{D}{CN}个個])[余餘多来](?=个?[{CN_UNIT}{CN_SCALE}元圆圓块塊毛{re.escape(first)}])"
        f"|[个個](?=[多余半]?[{CN_SCALE}]++(?!{SP}?[元圆圓]|[{CN}]))"
        f"|半(?=个?[{CN_SCALE}])|(?<=[{CN_SCALE}])半"
    )
    yuan = "[元圆圓]"
    currency = (
        f"(?P<name>{names})"
        f"|(?P<yuan>{yuan})(?:(?P<coin>{coins})(?!债|贷|市场|汇率|升值|贬值|对|兑)|(?=[(（](?P<paren>{coins}|{names})[)）]))?"
        f"|(?P<block>[块塊]钱?|[块塊]錢)"
        f"|(?P<piece>[毛角分厘]钱?)"
        f"|(?P<code>{codes})(?![A-Za-z0-9])"
        f"|(?P<sign>{suffix_signs})(?![{D}])"
    )
    number = f"(?P<number>(?:{atom}){{1,40}}+)"
    term = re.compile(f"{number}(?:{SP}?(?:{currency}))?")
    signs = "|".join(
        ("(?<![A-Za-z0-9])" if sign[0].isalpha() else "") + re.escape(sign)
        for sign in sorted(words.signs, key=len, reverse=True)
    )
    prefix = re.compile(
        f"(?:(?P<name>{coins}|人民币)(?:{SP}|[:：])?|(?P<sign>{signs}){SP}?|(?<![A-Za-z0-9])(?P<code>{codes}){SP}?)\\Z"
    )
    last = {name[-1] for name in words.names if name[-1] in "币幣金元"} | {sign[-1] for sign in words.signs}
    last |= {code[-1] for code in words.codes}
    # Between the ends of a range: the unit that a price is per, then the dash or word.
    per = f"(?:{SP}?(?:[/／]|[一每]){SP}?(?:{_PER}))?"
    link = re.compile(
        f"{per}{SP}?(?:(?P<dash>[-—–―－])(?P=dash)?|[~～]|(?P<word>至|到)){SP}?(?:超过|近|约)?(?P<minus>[-－−](?=[{D}]))?"
    )
    part = re.compile(
        f"(?P<jiao>[{D}{CN_DIGIT}])[角毛](?:(?P<fen>[{D}{CN_DIGIT}])分?)?钱?|(?P<cents>[{D}{CN_DIGIT}])分(?![钟鐘秒之])钱?"
        f"|(?P<tail>[{D}]{{1,2}}(?![{D}.])|[{CN_DIGIT}](?![{CN}]))"
    )
    coin_part = re.compile(
        f"(?<=[角毛])(?P<fen>[{D}{CN_DIGIT}])(?:分(?![钟鐘秒之])(?:[钱錢]|(?P<mil>[{D}{CN_DIGIT}])厘)?|(?![{D}{CN}.．%％元块角毛至到-]))"
        f"|(?<=分)(?P<li>[{D}{CN_DIGIT}])(?:厘|(?![{D}{CN}.．%％元块角毛分至到-]))"
    )
    return Patterns(scan, term, prefix, frozenset(last), link, part, coin_part)
