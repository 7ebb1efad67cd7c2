"""The size of a project and how far it is, read from the sentences about it."""

from __future__ import annotations

import re

from projner.project.model import Span

_UNIT = (
    "万平方米|平方米|平方公里|公顷|万亩|亩|万吨级|万吨|吨|万千瓦时|万千瓦|千瓦|兆瓦|吉瓦|万台|台|万辆|辆|万套|套|万件|件|"
    "亿剂|万剂|万支|亿支|万头|万只|万立方米|立方米|公里|米|万户|户|栋|座|条|个泊位|张床位|床"
)
_NUMBER = r"[0-9０-９][0-9０-９.．,]*[ ]?[多余]?"
_SIZE = re.compile(
    r"(?:(?:规划|总)?(?:用地|占地|建筑)(?:总)?面积|占地(?:总面积|面积)?|建筑面积|总面积|总装机容量|装机容量|装机|总长度|全长|总长|长|"
    rf"年(?:产量|产|处理|加工|交易量|吞吐|生产|出栏|供热)|日处理|年产能|每年可生产\w{{0,5}}?)(?:约|达|为|近|达到|能力)*{_NUMBER}(?:{_UNIT})"
)
_COUNTED = re.compile(r"(?:(?<=[，,、括造设])[一-龥]{2,6}?[0-9]+(?:栋|座|条))|[0-9]+栋[一-龥]{2,4}")
_LEADING = re.compile(rf"{_NUMBER}(?:{_UNIT})级?")
_TOGETHER = re.compile(rf"(?:合计|共计|总计){_NUMBER}(?:{_UNIT})")
_PLANNED = re.compile(
    "计划|拟|将|预计|力争|争取|确保|推动|推进|加快|抓紧|筹备|启动|可|要|全部|年底|年内|届时|即将|积极|保障|规划|谋划|申请|尽快|及早|尽早|"
    "重点做好|未"
)
_LIST_STAGE = re.compile("[^。\\n]{0,60}?等(?:一批)?(?P<kind>在建|续建|复工|新开工|拟开工|储备|新建|前期)")
_OF_LIST = {"在建": "在建", "续建": "在建", "复工": "在建", "新开工": "开工"}
_STAGES = (
    (
        "投产",
        re.compile(
            "投产(?!后|达|见)|投入生产|投入使用|投用|投入运营|投运|建成通车|通车|竣工|高效运转|初步建成了|建成了|全面完成|正式运营"
        ),
    ),
    (
        "在建",
        re.compile(
            "现场|主体[^，。]{0,8}(?:完工|封顶|完毕)|封顶|施工|正在(?:建设|进行|安装)|在建|装修|抢工期|抓工期|贯通|攻坚阶段|复工|已完成投资|完成投资"
        ),
    ),
    ("开工", re.compile("开工(?![0-9率])|动工|开建|奠基|破土")),
    ("签约", re.compile("签约|签订|签署")),
)


def quantities(text: str, span: Span) -> list[Span]:
    """The sizes that a stretch of text gives, with their words: 占地12万平方米, 年产30万吨, 标准化厂房8栋."""
    return [m.span() for pattern in (_SIZE, _COUNTED) for m in pattern.finditer(text, *span)]


def leading(text: str, start: int, end: int) -> list[Span]:
    """The size that a name begins with: 200兆瓦太阳能电池."""
    match = _LEADING.match(text, start, end)
    return [match.span()] if match else []


def together(text: str, at: int) -> list[Span]:
    """The size of a group, right behind its name: 11个海上风电示范项目|合计220万千瓦."""
    match = _TOGETHER.match(text, at)
    return [match.span()] if match else []


def stage(text: str, spans: list[Span]) -> str | None:
    """What the clauses say has been reached, the farthest first; what is planned or wished does not count."""
    for start, _ in spans:
        if listed := _LIST_STAGE.match(text, start):
            return _OF_LIST.get(listed["kind"])
    for name, pattern in _STAGES:
        for start, end in spans:
            for match in pattern.finditer(text, start, end):
                clause = max(text.rfind(c, 0, match.start()) for c in "，,；;。：:\n ") + 1
                if not _PLANNED.search(text, clause, match.start()):
                    return name
    return None
