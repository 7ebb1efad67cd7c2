"""What the words around a numeral say: whether it is money at all, and how sure the text is of the number."""

from __future__ import annotations

import re

# --- is it money? -------------------------------------------------------------------------------------------------

# Words that govern an amount written without its currency unit: 总投资6.2亿, 投了3个亿, 票房破百亿.
_HEADS = (
    "投资|投资额|总投资|总投|投入|投了|投个|再投|拟投|要投|想投|将投|还投|投|斥资|出资|注资|募资|融资|筹资|引资|集资|增资|耗资|垫资|资金|垫付"
    "|产值|增加值|总值|生产总值|价值|市值|估值|体量|营收|收入|销售额|销售|交易额|成交额|成交|合同额|金额|总额|额|营业额|订单|采购|采购额|采购规模"
    "|规模|市场|市场规模|需求|票房|利润|净利|净利润|盈利|亏损|巨亏|再亏|亏|赚|净赚|赔|税收|利税|纳税|税|缴税|贷款|新增贷款|贷|授信|放贷|放了|发债|债|专项债|债券|补助|补贴|补偿|奖|另奖|罚款"
    "|被罚|罚|概算|预算|造价|成本|运费|场租|租金|费用|支出|开支|缺口|占款|套现|索赔|赔偿|价格|价|售价|房价|车价|股价|单价|花|花了|花掉|花费|花出去|砸进去|砸了|拿出|签下|签|缴|缴纳|到账|采购计划|多出来的那|给了他|给了|卖了|卖|卖出|少花|节约|节省|省|削减"
    "|财政|余额|存额|缴存额|净落|落|出口额|进出口|出口|进口|商机|一单就是|账上就剩|还需|得|用上|追加|获|获得|争取|只要|只需要|意向|总量|投资均|经济体量|涨|涨了|上调|下降|减少|缩水|基金|存款|保费|赔付|捐款|捐赠|捐|善款|工资|年薪|奖金|首付|彩礼|欠款|欠|负债|债务|支付|付了|付|收了|拨款|拨付|下拨|安排|到账|资产|净资产"
)
_FILLERS = (
    "约|大约|近|将近|接近|超|超过|突破|破|过|逾|达|达到|高达|多达|有望达到|到达|或|计划|每年|可达|或达|将达|将破|到|至|为|了|仅|才|已|已经|已超|均|均过|共|共计|合计|计|总计|累计|累计投入|分别|分别为"
    "|是|在|有|可|可有|有望|预计|最高|再|个|着|掉|的|由|不到|不足|不超过|不低于|至少|最少|超出|就|规模|总额|额|额度|高出|减|会减|加到|降至|涨至|升至|增至|：|:|《|（|\\(|“|\"|～|上千|足足|大概|意向|只有|目前的|加|逼近|迈过|跨过|站上|冲刺|冲|挺进|直奔|又|还|要|都|也|人民币|资"
)
_BEFORE = re.compile(f"(?:{_HEADS})(?:{_FILLERS})*+\\Z")
# What may follow: the number is spent on something or modifies a money word.
_AFTER = re.compile(
    r"\s?(?:购|收购|并购|控股|入股|投资|建设|打造|扩建|新建|采购|打包|整合|买下|拿下|中标|签约|招标|订单|动车订单|终端采购大单|大单|合同|贷款|中长期贷款|授信|债|债权|债务|专项|资金|注资|基金|补助|补贴|年收入|收入|营收"
    r"|营业额|净利|利润|产值|税前|税收|中期票据|票据|投向|项目投资|用于|的(?:收入|营收|投资|贷款|意向贷款|订单|采购|资金|税|产值|净利|利润|销售|成交|市值|估值|债|合同|罚|支出)|市场|滞期费|采购手机|[^，。；、,;\s0-9]{0,5}(?:产值|大单)|[/／一每](?:吨|斤|公斤|平方米|亩|瓶))"
)
# What counts things, so that no money is meant.
_COUNTER = re.compile(
    r"[ 　]?[多余]?(?:[吨人台辆套户亩尾只隻头頭公平立千瓦件条條家名次项項里米度年月日天周份个個位艘架座栋棟间間張张株棵盏枚颗粒片块塊本册部袋瓶桶箱批种種类類级級分秒岁歲层層届屆章节節场場期批字词詞张股手枪點点剂劑支包罐畝顷頃斤克升毫厘寸尺丈标標羽匹口顶根把对双雙班趟列组組团團桌餐床幅卷篇首声聲眼井孔伏安赫兹吉兆焦卡帧像素比特字节余多]"
    r"|[A-Za-z%％‰℃°㎡㎥²³]|平方|立方|公里|公斤|千瓦|万|亿|英里|英尺|美制|人次|人民(?!币)|吨|标箱|农|游客|观众|群众|民众|职工|居民|学生|网民|用户|家庭|农民|市民|旅客|株|桶|加仑|盎司|克拉|元素)"
)
_NOT_HEADS = re.compile(
    r"(?:人口|人数|用户|会员|人次|户数|总量为|面积|产量|销量|销量达|库存|数量|参保|备案数|保有量|接入|连接数|客流|客流量|吞吐量|发电量|装机|里程|体积|重量|种植|浏览量|播放量|点击量|阅读量|下载量|粉丝|流量|兵力|到会|吸客|订阅|机架|算力|家庭|调用量|出版|发行量|订货量|运量|件数|车流|需求量|产能|年产|收获|移民|转移|规模达到|采购商到会|数)"
    r"[^，。；,;：:]{0,8}\Z"
)

# 元 as part of another word; only where the number has no 万 or 亿.
YUAN_WORD = re.compile(
    r"元(?:旦|素|件|器件|宵|宇宙|首|帅|勋|老|年(?!费|薪|租|终|均|金|销|产|收)|月(?!租|供|费|薪|均|底|末|销|收|的)|朝|代(?!金|价|理|收|付|购|表|销|驾|缴|言)|曲|谋|阳|江(?!苏|西)|氏|朗|坝|里|桥|桥|区间|催化|锂|材料(?!费|款|成本)|正极|前驱|电池(?!片)|股份(?!转|收|认|增|回)|食品(?!券|补)|乳业|牛奶|化|次方|一次|函数|方程|结构|经济|聚|醇|共聚|体系|论|论坛|药业|集团|纸业|酯|色|乙丙|复合肥|肥|杂交|猪|育种|猪价|高岭)"
)
_COLLOQUIAL_WORDS = re.compile(
    r"钱|花|卖|买|价|工资|收入|补贴|补助|挣|赚|租|费|元|便宜|贵|收购|每斤|一斤|公斤|每吨|每度|每株|每亩|每条|一度电|电价|省下|赔|亏|奖|罚|欠|账|掏|付|收费|保底|涨|上调|市价|零售|加价|一盒|一瓶|押金|红包|捐|存|贷|拉一方水|月息|利息|利率|年息|薪|块|降"
)
_PIECE_NEXT = re.compile(r"[\s，。；、,;.!！?？”\"'’）)】》/／：:]|\Z|左右|以上|以下|多|的|一|每|也|还|就|呢|吧|啊|了|到|至|上下|钱|有余")
_CLAUSE = re.compile(r"[。；;！!？?\n\r]")


def clause_before(text: str, start: int, width: int = 24) -> str:
    """What stands before in the same sentence, at most `width` characters."""
    piece = text[max(0, start - width) : start]
    cut = 0
    for match in _CLAUSE.finditer(piece):
        cut = match.end()
    return piece[cut:]


def is_counted(text: str, end: int) -> bool:
    """Whether a measure word or unit follows: 5万吨, 3亿人."""
    return _COUNTER.match(text, end) is not None


def licensed(text: str, start: int, end: int) -> bool:
    """Whether the clause says that a number without currency unit is money."""
    if _AFTER.match(text, end) is None and is_counted(text, end):
        return False
    before = clause_before(text, start)
    clause = re.split("[，,、]", before)[-1]
    if _NOT_HEADS.search(clause) and not re.search("资金|投资|额|收入|产值|总额", clause):
        return False
    return _BEFORE.search(before) is not None or _AFTER.match(text, end) is not None


def colloquial(text: str, start: int, end: int) -> bool:
    """Whether 块, 毛, 角, 分 are money here and no pieces, corners, minutes or scores."""
    return _PIECE_NEXT.match(text, end) is not None and _COLLOQUIAL_WORDS.search(clause_before(text, start, 30)) is not None


# --- how sure is the number? --------------------------------------------------------------------------------------

_GAP = "(?:了|人民币|为|至|到|在|有|约)?[\\s“\"'‘:：]*\\Z"
_AT_MOST_BEFORE = re.compile(
    f"(?:不超过|不高于|不多于|不大于|不得超过|不得高于|未超过|未突破|没超过|不会超过|低于|少于|小于|不足|不到|未达到?|至多|最多|最高不超过|不过|≤|＜|<|(?<!不)低于){_GAP}"
)
_NOT_AT_MOST = re.compile(f"(?:不低于|不少于|不小于|不得低于|不得少于|不能低于|不能少于){_GAP}")
_AT_LEAST_BEFORE = re.compile(
    f"(?:超过|超出|超|突破|逾|破|(?<![通经不透越度渡穿路难错])过|不低于|不少于|不小于|不得低于|不得少于|不能低于|不能少于|至少|最少|起码|高于|多于|大于|不下于?|不止|≥|＞|>){_GAP}"
)
_APPROX_BEFORE = re.compile(
    "(?:约为?|大约|大概|约合|合约|近|将近|接近|逼近|上下|估计|差不多|几乎|大致|约莫|粗略)(?:了|人民币|为|有|在)?[\\s“\"'‘:：]*\\Z"
)
_AFTER_OPEN = "(?:[(（]含(?:本数)?[)）])?(?:人民币)?"
_AT_LEAST_AFTER = re.compile(f"{_AFTER_OPEN}(?:及以上|及其以上|或以上|以上|之上|起(?![步家飞重点草诉源])|往上|开外)")
_AT_MOST_AFTER = re.compile(f"{_AFTER_OPEN}(?:及以下|或以下|以下|以内|之内|之下|以里|封顶)")
_APPROX_AFTER = re.compile("(?:人民币)?(?:左右|上下|前后|许(?![可多])|[余多](?![少种个项数家元样次年云]))")


def bound_of(text: str, start: int, end: int) -> str:
    """exact, at_least or at_most, from the words around."""
    if _AT_LEAST_AFTER.match(text, end):
        return "at_least"
    if _AT_MOST_AFTER.match(text, end):
        return "at_most"
    before = text[max(0, start - 12) : start]
    if _NOT_AT_MOST.search(before):
        return "at_least"
    if _AT_MOST_BEFORE.search(before):
        return "at_most"
    if _AT_LEAST_BEFORE.search(before):
        return "at_least"
    return "exact"


def is_approximate(text: str, start: int, end: int) -> bool:
    """Whether 约, 近, 左右, 多 … stand around the amount."""
    before = text[max(0, start - 10) : start]
    return _APPROX_BEFORE.search(before) is not None or _APPROX_AFTER.match(text, end) is not None


_CHANGE = re.compile(r"(?:上涨|下跌|上调|下调|收跌|收涨|上扬|回落|攀升|下降|涨|跌|降|增加|减少|提高|下滑|走高|走低)了?\Z")
_CONTINUES = re.compile(r"[^。；;！？\n]{0,24}(?:其中|另有|其余|另外|还有)(?:约|近|超|有|的)?\Z")


def is_change(text: str, start: int) -> bool:
    """Whether the amount is the step of a change (上涨8元): what follows with 至 is another amount."""
    return _CHANGE.search(text, max(0, start - 4), start) is not None


def continues(text: str, last_end: int, start: int, end: int) -> bool:
    """总投资1.8亿元,其中6000万来自银行: a part of an amount just before."""
    between = text[last_end:start] if start - last_end < 32 else ""
    return bool(between) and not is_counted(text, end) and _CONTINUES.fullmatch(between) is not None


_QUALIFIER_BEFORE = re.compile(
    "(?:约为?|大约|大概|近|将近|接近|超过|超|突破|逾|破|过|不低于|不少于|至少|高于|多于|大于|不超过|不高于|低于|少于|小于|不足|不到|至多|最多|≥|≤|[<>＜＞])*"
)
_QUALIFIER_AFTER = re.compile(
    "[(（](?:人民币|美元|港币|港元|欧元|日元|新台币)[)）]|(?:整|正|左右|上下|多|余|[(（]含(?:本数)?[)）]|及?以上|及?以下|以内|之内|之上|之下|起)*"
)


def is_qualifier(before: str, after: str) -> bool:
    """Whether the words around an amount only say how sure it is, so that a text is one amount."""
    return bool(_QUALIFIER_BEFORE.fullmatch(before.strip()) and _QUALIFIER_AFTER.fullmatch(after.strip()))
