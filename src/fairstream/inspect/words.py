"""Words of the report in Chinese and English: one key, one pair."""

from typing import Final, NamedTuple


class Words(NamedTuple):
    """The same words in both languages."""

    zh: str
    en: str


CONDUCTS: Final[dict[str, Words]] = {
    "platform_duty": Words("平台责任", "Platform's duty"),
    "false_commercial_publicity": Words("虚假商业宣传", "False commercial publicity"),
    "ad_endorsement": Words("违法代言推荐", "Unlawful endorsement"),
    "prohibited_goods": Words("禁止销售或推广的商品", "Goods that may not be sold or advertised"),
    "ad_prereview": Words("广告未经审查", "Advertising without prior review"),
    "disclosure": Words("信息公示", "Information to be shown"),
    "review_deletion": Words("删除、屏蔽评价", "Reviews deleted or hidden"),
    "consumer_rights": Words("侵害消费者权益", "Consumer rights"),
    "fictitious_transaction": Words("虚构交易、评价", "Fictitious trades and reviews"),
    "confusion": Words("混淆", "Confusion with others"),
    "defamation": Words("诋毁商誉", "Disparagement"),
    "prize_sale": Words("违法有奖销售", "Unlawful prize sale"),
    "product_quality": Words("产品质量", "Product quality"),
    "fake_goods": Words("假冒商品", "Fake goods"),
    "trademark": Words("商标侵权", "Trademark"),
    "patent": Words("假冒专利", "Patent"),
    "food_safety": Words("食品安全", "Food safety"),
    "false_ad": Words("虚假广告", "False advertising"),
    "ad_good_customs": Words("违背公序良俗", "Against good customs"),
    "ad_superlative": Words("绝对化用语", "Absolute terms"),
    "ad_medical_claim": Words("涉及疾病治疗、保健功能", "Disease or health claims"),
    "price_fraud": Words("价格欺诈", "Price fraud"),
    "personal_info": Words("个人信息", "Personal information"),
    "ai_host_unlabelled": Words("数字人未标识", "AI host not labelled"),
    "other": Words("其他", "Other"),
}
ROLES: Final[dict[str, Words]] = {
    "platform": Words("平台经营者", "Platform"),
    "seller": Words("商品经营者", "Seller"),
    "room_operator": Words("直播间运营者", "Room operator"),
    "host": Words("直播营销人员", "Host"),
    "mcn": Words("直播营销人员服务机构", "Host agency (MCN)"),
    "brand": Words("品牌方", "Brand"),
}
SPEAKERS: Final[dict[str, Words]] = {
    "host": Words("主播", "Host"),
    "seller": Words("助播、商家", "Co-host, seller"),
    "customer": Words("顾客", "Customer"),
    "unknown": Words("说话人", "Speaker"),
}
MEDIUMS: Final[dict[str, Words]] = {
    "speech": Words("口播", "Speech"),
    "screen": Words("画面文字", "On screen"),
    "listing": Words("商品页", "Listing"),
    "chat": Words("弹幕", "Chat"),
}
SEVERITIES: Final[dict[str, Words]] = {
    "high": Words("严重", "High"),
    "medium": Words("中等", "Medium"),
    "low": Words("较轻", "Low"),
}
WORDS: Final[dict[str, Words]] = {
    "report": Words("直播巡查报告", "Broadcast inspection report"),
    "invented": Words("虚构数据", "Invented data"),
    "invented_note": Words(
        "本场为虚构：公司、品牌、人物均不存在，仅供演示与测试。",
        "This broadcast is made up: its companies, brands and people do not exist. For demonstration only.",
    ),
    "decides": Words(
        "以下为违法线索，由人认定；未经核实不得作为结论。",
        "These are suspected violations. A person decides; nothing here is a conclusion.",
    ),
    "skip": Words("跳到线索", "Skip to the findings"),
    "language": Words("语言", "Language"),
    "on": Words("直播日期", "Day of broadcast"),
    "law_on": Words("适用法律", "Law applied"),
    "started": Words("开始时间", "Started"),
    "length": Words("时长", "Length"),
    "platform": Words("平台", "Platform"),
    "room": Words("直播间", "Room"),
    "id": Words("场次编号", "Broadcast id"),
    "notes": Words("说明", "Notes"),
    "parties": Words("当事人", "Parties"),
    "findings": Words("线索", "Findings"),
    "overview": Words("概览", "Overview"),
    "timeline": Words("时间轴", "Timeline"),
    "timeline_note": Words(
        "每个标记是一条线索，点击可跳转。形状与分行表示严重程度。",
        "Each mark is a finding; choose it to go there. Shape and row tell the severity.",
    ),
    "transcript": Words("口播文字", "Transcript"),
    "screen": Words("画面文字", "On-screen text"),
    "listings": Words("商品页", "Listings"),
    "chat": Words("弹幕", "Chat"),
    "problems": Words("修补与跳过", "What was repaired or skipped, and why"),
    "totals": Words("读取数量", "What was read"),
    "contents": Words("目录", "Contents"),
    "severity": Words("严重程度", "Severity"),
    "conduct": Words("行为类别", "Conduct"),
    "count": Words("数量", "Number"),
    "time": Words("时间", "Time"),
    "who": Words("谁", "Who"),
    "words": Words("文字", "Words"),
    "why": Words("为何标出", "Why it was flagged"),
    "law": Words("当日有效条文", "Article in force that day"),
    "liable": Words("可能的责任主体", "Who may answer for it"),
    "proof": Words("尚需证明", "Still to be proved"),
    "rule": Words("规则", "Rule"),
    "source": Words("出处", "Source"),
    "file_line": Words("文件与行", "File and line"),
    "repeated": Words("其他出现", "Said again at"),
    "also": Words("另可能涉及", "May also be"),
    "goods": Words("商品", "Goods"),
    "unnamed": Words("资料中未载明", "not named in the material"),
    "unverified": Words("待核实", "unverified"),
    "in_force_from": Words("施行", "in force from"),
    "to_transcript": Words("看原文", "See it in place"),
    "none": Words("没有发现线索。", "Nothing was found."),
    "no_time": Words("无时间", "no time"),
    "medium": Words("载体", "Medium"),
    "texts": Words("条数", "Texts"),
    "characters": Words("字数", "Characters"),
    "total": Words("合计", "Total"),
    "file": Words("文件", "File"),
    "line": Words("行", "Line"),
    "cause": Words("情况", "What"),
    "remedy": Words("处理建议", "Remedy"),
    "kept": Words("保留或跳过", "Kept or left out"),
    "repaired": Words("已修补，内容保留", "Repaired, content kept"),
    "skipped": Words("已跳过", "Left out"),
    "no_problems": Words(
        "全部读取，无修补、无跳过。", "Everything was read; nothing was repaired or left out."
    ),
    "price": Words("价格", "Price"),
    "list_price": Words("划线价", "Struck price"),
    "shop": Words("店铺", "Shop"),
    "shown": Words("讲解时段", "Shown"),
    "shortcuts": Words("快捷键", "Keyboard shortcuts"),
    "key_next": Words("下一条线索", "Next finding"),
    "key_previous": Words("上一条线索", "Previous finding"),
    "key_help": Words("打开或关闭本说明", "Open or close this help"),
    "keys_on": Words("启用单键快捷键", "Use single-key shortcuts"),
    "close": Words("关闭", "Close"),
    "help": Words("帮助", "Help"),
    "filter": Words("显示", "Show"),
    "broadcast": Words("直播场次", "Broadcast"),
    "reports": Words("巡查报告", "Inspection reports"),
    "masked": Words(
        "消费者的电话、证件号、卡号已打码。", "Consumers' phone, identity and card numbers are masked."
    ),
}
