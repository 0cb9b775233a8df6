"""What the facts are called on screen: fields of `Facts`, and of the broadcast that checks also need."""

from typing import Final

from fairstream.records import Words
from fairstream.sources.factnames import COLUMNS

FACTS: Final[dict[str, Words]] = {
    "platform": Words("平台情况", "What the platform does"),
    "account_page": Words("账号主页", "Account page"),
    "seller_display": Words("商品经营者公示情况", "How the seller was shown"),
    "amounts": Words("四项金额", "The four amounts"),
    "circumstances": Words("情节", "Circumstances"),
    "decided_on": Words("决定日期", "Day of the decision"),
    "duties": Words("义务台账", "Duty register"),
    "licences": Words("证照", "Licences and permits"),
    "ad_approvals": Words("广告审查批准", "Ad approvals"),
    "official_numbers": Words("官方查询结果", "Official look-ups"),
    "registers_complete": Words("完整的官方名录", "Registers held in full"),
    "prices": Words("价格历史", "Price history"),
    "shelf": Words("上下架与库存记录", "Shelf and stock over time"),
    "prizes": Words("奖品与规则", "Prizes and their rules"),
    "curves": Words("人数、订单、退款曲线", "Curves of viewers, orders and refunds"),
    "reviews": Words("评价", "Reviews"),
    "orders": Words("订单", "Orders"),
    "after_sales": Words("售后申请", "After-sale requests"),
    "hosts": Words("主播情况", "Hosts"),
    "contracts": Words("广告与合作合同", "Contracts and fees"),
    "authorisations": Words("品牌授权", "Brand authorisations"),
    "labels": Words("标签", "Labels"),
    "other_rooms": Words("其他直播间", "Other rooms"),
    "payees": Words("收款账户", "Payees"),
    "listings": Words("商品页", "Listings"),
    "shops": Words("店铺", "Shops"),
    "parties": Words("当事人", "Parties"),
    "utterances": Words("口播文字", "Transcript"),
    "findings": Words("话术线索", "Findings in the words"),
    "started_at": Words("开播时间", "Start of the broadcast"),
    "duration_ms": Words("直播时长", "Length of the broadcast"),
    "host": Words("主播情况", "Hosts"),
    "conduct": Words("行为类别", "Kind of conduct"),
    "articles": Words("所引条文", "Articles cited"),
    "product_class": Words("商品类别", "Class of goods"),
    "seller_displayed": Words("是否标明销售者", "Whether the seller was shown"),
}
RECORDS: Final[dict[str, str]] = {
    "platform": "PlatformFacts",
    "circumstances": "Circumstances",
    "amounts": "Amounts",
    "host": "HostFacts",
    "hosts": "HostFacts",
}
"""The record a fact of several parts is read into; its parts are named as in a facts file."""


def fact_title(name: str) -> Words:
    """The title of a fact; a part such as ``hosts.born_on`` stands behind it, as facts files call it."""
    field, dot, part = name.partition(".")
    title = FACTS.get(field, Words(field, field))
    if not dot:
        return title
    called = COLUMNS.get(RECORDS.get(field, ""), {}).get(part, part).split()[0]
    return Words(f"{title.zh}：{called}", f"{title.en}: {part.replace('_', ' ')}")
