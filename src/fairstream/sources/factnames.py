"""What people call facts: files, columns and words, Chinese and English, for every field of `Facts`.

Names are compared as `column_key` folds them. A field's own name always counts, and so does its name without
`_fen`, `_ms` or `_permille`.
"""

import difflib
import unicodedata
from pathlib import PurePath
from typing import Final

FILES: Final = ("facts.yaml", "facts.yml", "facts.json")
FOLDER: Final = "facts"

KINDS: Final[dict[str, str]] = {
    "duties": "duty dutyregister 义务台账 义务登记 义务 平台义务 履职台账",
    "licences": "licence license licenses permits permit 证照 许可 许可证 证照许可 资质",
    "ad_approvals": "adapproval adapprovals 广告审查 广告批准 广告审查批准 广告批文",
    "official_numbers": "officialnumber lookups lookup register registers 官方查询 登记查询 查询结果",
    "prices": "price pricehistory 价格 价格历史 历史价格 成交价格",
    "shelf": "shelfchanges shelfchange stock 货架 货架变化 库存 库存变化",
    "prizes": "prize 奖品 抽奖 奖项",
    "curves": "curve 曲线 走势 在线曲线 实时数据 趋势",
    "reviews": "review 评价 评论 商品评价",
    "orders": "order 订单",
    "after_sales": "aftersale aftersales refunds returns 售后 退款 退货 售后申请 售后记录",
    "hosts": "host 主播",
    "contracts": "contract adcontracts adcontract 合同 广告合同 推广合同",
    "authorisations": "authorisation authorization authorizations 授权 品牌授权 授权链",
    "labels": "label 标签 标识 商品标签",
    "other_rooms": "otherroom rooms room 其他直播间 关联直播间 直播间",
}
"""Kinds that have files of their own, by the field of `Facts`."""

_LISTING: Final = "listing listingid 商品 商品id 商品编号 货号 商品链接号 goods item itemid productid sku"
_HOLDER: Final = "持有人 持证人 企业名称 企业 单位 名称 注册人 备案人 申请人 company owner"
_NUMBER: Final = "编号 号码 证号 许可证号 批准文号 备案号 注册号 登记号 no code"
_UNTIL: Final = "有效期至 有效期 到期日 截止日期 失效日期 validuntil until expiry expires expireson"
_SINCE: Final = "有效期自 生效日期 起始日期 from since validfrom"
_TEXT_APPROVED: Final = "批准内容 批准文本 审查内容 核准内容"
_DAY_OF: Final = "日期 签订日期 签署日期"

COLUMNS: Final[dict[str, dict[str, str]]] = {
    "Facts": {
        "platform": "平台",
        "account_page": "账号页 账号主页 主页",
        "seller_display": "商家公示 商家展示 公示",
        "amounts": "金额",
        "circumstances": "情节",
        "decided_on": "决定日期 拟决定日期",
        "registers_complete": "完整登记 完整名录",
        "payees": "收款账户 收款方 收款人",
        **KINDS,
    },
    "PlatformFacts": {
        "name": "名称 平台名称",
        "opens_onboarding": "开放入驻 商家入驻",
        "gives_order_flow": "提供下单 订单流程",
        "gives_payment": "提供支付 支付",
        "takes_commission": "收取佣金 抽成",
        "sells_traffic": "销售流量 付费推广",
        "chooses_goods": "选品",
        "sets_prices": "定价",
        "controls_accounts": "管理账号",
        "sells_itself": "自营",
        "gives_technical_service": "技术服务",
    },
    "DutyEntry": {
        "duty": "义务 义务代码 事项 代码",
        "subject": "对象 主体 涉及对象",
        "basis_on": "起算日 起算日期 依据日期",
        "due_on": "应完成日 期限 截止日期 到期日",
        "done_on": "完成日 完成日期 履行日期",
        "record_kept_until": "保存至 记录保存至",
        "document": "文件 凭证 材料",
    },
    "AccountPage": {
        "subject_kind": "主体类型",
        "name": "名称 昵称 账号名称",
        "operator_name": "经营者 经营主体 公司名称 operator company",
        "uscc": "统一社会信用代码 信用代码 creditcode",
        "address": "地址 住所",
        "contact": "联系方式 电话 联系电话 phone tel",
        "form": "组织形式 企业类型",
        "mcn": "机构 所属机构",
        "permits": "许可 许可证",
        "captured_at": "截取时间 采集时间 固定时间",
    },
    "SellerDisplay": {
        "shown": "展示时段 公示时段",
        "prominent": "显著",
        "clicks": "点击次数 步数",
        "forced_follow": "强制关注",
        "forced_tip": "强制打赏",
        "covered_by_popup": "弹窗遮挡",
        "seller_name": "商家名称",
        "seller_address": "商家地址",
        "seller_contact": "商家联系方式 商家电话",
    },
    "Licence": {
        "kind": "种类 类型 证照类型 证照名称 type",
        "number": _NUMBER,
        "holder": _HOLDER,
        "listing_id": _LISTING,
        "issued_on": "发证日期 核发日期 issued",
        "expires_on": _UNTIL,
        "scope": "范围 经营范围 许可范围",
    },
    "AdApproval": {
        "number": _NUMBER + " 广告批准文号 审查号 广告审查号",
        "listing_id": _LISTING,
        "holder": _HOLDER,
        "approved_text": _TEXT_APPROVED,
        "expires_on": _UNTIL,
    },
    "OfficialNumber": {
        "number": _NUMBER,
        "kind": "种类 类型 号码类型 type",
        "holder": _HOLDER,
        "product": "产品 产品名称 商品名称 productname",
        "product_class": "产品类别 类别",
        "status": "状态",
        "expires_on": _UNTIL,
        "approved_text": _TEXT_APPROVED,
        "exported_on": "导出日期 查询日期",
    },
    "PricePoint": {
        "listing_id": _LISTING,
        "at": "时间 成交时间 下单时间 日期 time moment date day",
        "price_fen": "价格 成交价 售价 金额 单价 实付 实付价",
        "kind": "种类 类型 价格类型 type",
        "quantity": "数量 件数 销量",
    },
    "ShelfChange": {
        "listing_id": _LISTING,
        "at_ms": "时间 时刻 time moment",
        "kind": "种类 类型 变化 动作 type",
        "stock": "库存 剩余 余量 显示库存 left",
    },
    "Prize": {
        "name": "名称 奖品 奖品名称 奖项",
        "value_fen": "价值 金额 单价 市场价",
        "quantity": "数量 份数 名额",
        "by_draw": "抽奖 是否抽奖 抽奖式",
        "rules_text": "规则 活动规则",
        "rules_published": "规则公布 规则已公布 是否公布规则",
        "rules_changed_at": "规则变更时间",
        "started_at": "开始时间 开始",
        "winners": "中奖名单 中奖者 获奖名单",
        "winners_inside": "内部中奖 内部人员",
    },
    "Curve": {
        "kind": "种类 类型 指标 type",
        "at_ms": "时间 时刻 time moment",
        "values": "数值",
        "listing_id": _LISTING,
    },
    "CurvePoint": {
        "kind": "种类 类型 指标 type",
        "at_ms": "时间 时刻 分钟 time moment",
        "value": "数值 值 number count",
        "listing_id": _LISTING,
    },
    "Review": {
        "id": "编号 评价id 评论id 评价编号 评论编号 reviewid",
        "listing_id": _LISTING,
        "text": "内容 评价内容 评论内容 评价 评论 content",
        "captured_at": "采集时间 截取时间 抓取时间 固定时间 captured",
        "written_at": "评价时间 评论时间 发表时间 written time",
        "author": "用户 昵称 用户昵称 买家 买家昵称 评价人 作者 user nickname buyer",
        "rating": "评分 星级 stars",
    },
    "Order": {
        "id": "编号 订单号 订单编号 orderid orderno",
        "listing_id": _LISTING,
        "paid_at": "付款时间 支付时间 下单时间 paid",
        "received_at": "签收时间 收货时间 received",
        "price_fen": "价格 金额 实付 实付金额 订单金额 成交价",
        "exception_kind": "不退货类型 例外类型 七天无理由例外",
        "exception_marked": "已标明不退货 例外已标明 页面标明",
        "exception_confirmed": "已确认不退货 例外已确认 买家确认",
    },
    "AfterSale": {
        "id": "编号 售后编号 售后单号 申请编号",
        "order_id": "订单号 订单编号 订单 order orderno",
        "kind": "种类 类型 申请类型 售后类型 type",
        "requested_at": "申请时间 requested",
        "reason": "原因 申请原因 理由",
        "answer": "答复 处理结果 商家答复 结果",
        "answered_at": "答复时间 处理时间 answered",
        "return_address_valid": "退货地址有效 地址有效",
        "refusal_words": "拒绝理由 拒绝原话 答复内容",
        "goods_back_at": "退回签收时间 退货签收时间 收到退货时间 goodsback",
        "refunded_at": "退款时间 refunded",
    },
    "HostFacts": {
        "name": "姓名 名称 主播",
        "born_on": "出生日期 生日 birthday",
        "guardian_consent": "监护人同意",
        "relation": "关系 用工关系",
        "employer": "雇主 用人单位 单位",
        "on_duty": "履行职务 职务行为 在岗",
        "is_seller": "是否商家 本人销售",
        "own_name_or_image": "以自己名义 本人名义或形象",
        "followers": "粉丝数 粉丝",
        "used_goods": "使用过商品 是否使用过",
        "identity_verified_on": "实名核验日期 身份核验日期",
        "reported_to_platform_on": "报送平台日期",
        "endorsement_penalised_on": "代言处罚日期 处罚日期",
        "is_ai": "人工智能 数字人 是否数字人",
        "ai_shown": "数字人时段 人工智能出镜时段",
        "ai_labelled": "标识时段 人工智能标识时段",
        "clips_republished": "切片发布 录屏发布",
    },
    "AdContract": {
        "payer": "付款方 甲方 广告主",
        "payee": "收款方 乙方",
        "fee_fen": "费用 服务费 坑位费 广告费",
        "commission_permille": "佣金 佣金比例 commissionpercent",
        "traffic_fen": "流量费 投流费 推广费",
        "purpose": "用途 事项 内容",
        "signed_on": _DAY_OF,
    },
    "Authorisation": {
        "brand": "品牌",
        "grantor": "授权方 授权人",
        "grantee": "被授权方 被授权人",
        "valid_from": _SINCE,
        "valid_until": _UNTIL,
        "document": "文件 授权书 凭证",
    },
    "Label": {
        "listing_id": _LISTING,
        "materials": "成分 材质 面料 配料含量",
        "origin": "产地 原产地",
        "producer": "生产者 生产商 厂家 制造商",
        "produced_on": "生产日期",
        "shelf_life_days": "保质期天数 保质期",
        "expires_on": "到期日 限用日期 保质期至 有效期至",
        "licence_number": "生产许可证号 许可证号 生产许可证编号",
        "complete": "全部录入 标签完整",
    },
    "OtherRoom": {
        "room": "直播间 房间 账号",
        "barred_on": "封禁日期 处置日期",
        "phrases": "用语 口头禅 话术",
        "listing_titles": "商品标题 商品",
        "licence_numbers": "许可证号 证照编号",
        "payees": "收款账户 收款方",
    },
    "Circumstances": {
        "slight": "轻微",
        "serious": "严重 情节严重",
        "corrected": "已改正",
        "corrected_on": "改正日期",
        "harm": "造成危害 危害后果",
        "harms_health": "危害健康",
        "first_offence": "初次违法",
        "intent": "主观故意 故意",
        "no_fault_proven": "无过错",
        "knew": "明知",
        "source_named": "说明来源",
        "order_issued_on": "责令改正日期",
        "order_due_on": "改正期限",
        "refused_correction": "拒不改正",
        "earlier_penalties": "既往处罚 以往处罚日期",
        "negative_event": "负面事件",
        "penalty_heavy": "较重处罚",
        "harm_minor": "危害后果轻微",
        "harm_undone": "主动消除危害后果 主动减轻危害后果",
        "overpaid_refunded": "退还多付价款 已退多付价款",
        "purchase_checked": "履行进货查验 进货查验",
        "own_media": "自有媒介 自设网站",
        "brief_or_few": "持续时间短或浏览人数少",
        "lawfully_obtained": "合法取得",
    },
    "Amounts": {
        "ad_fee": "广告费用 广告费",
        "illegal_income": "违法所得",
        "goods_value": "货值金额 货值",
        "turnover": "营业额 销售额",
    },
    "Interval": {"start_ms": "开始 从", "end_ms": "结束 到 至"},
}
"""Names of fields by the record they belong to."""

WORDS: Final[dict[str, dict[str, str]]] = {
    "subject_kind": {
        "legal_person": "法人 企业 公司 企业法人 单位 company",
        "individual_household": "个体 个体户 个体工商户 household",
        "natural_person": "自然人 个人 person individual",
    },
    "curve": {
        "viewers": "在线 在线人数 观众 观看人数 人数 viewer online",
        "orders": "订单 订单数 下单数 order",
        "refunds": "退款 退款数 退单数 refund",
        "likes": "点赞 点赞数 like",
        "comments": "评论 评论数 弹幕 弹幕数 comment",
        "followers": "粉丝 粉丝数 关注 新增关注 follower",
    },
    "price": {
        "deal": "成交 成交价 实付 paid sold",
        "listed": "标价 页面价 售价 展示价 shown",
        "cart": "购物车 加购价 结算价",
        "struck_out": "划线 划线价 原价 struck crossed",
    },
    "shelf": {
        "on": "上架",
        "off": "下架",
        "stock": "库存 补货 余量 left",
    },
    "after_sale": {
        "return": "退货 退货退款",
        "refund": "退款 仅退款",
        "exchange": "换货",
        "repair": "维修 修理",
    },
    "reason": {
        "no_reason": "无理由 七天无理由 7天无理由 七日无理由",
        "quality": "质量 质量问题",
        "not_as_described": "描述不符 与描述不符",
        "other": "其他 其它",
    },
    "answer": {
        "accepted": "同意 已同意 接受 accept yes",
        "refused": "拒绝 不同意 refuse no",
        "none": "未答复 未回复 未处理 无",
    },
    "relation": {
        "employee": "员工 雇员 职工 劳动关系",
        "commissioned": "委托 受托 签约 合作",
        "owner": "经营者 本人 老板",
        "unknown": "未知 不详",
    },
    "status": {
        "valid": "有效 正常",
        "expired": "过期 已过期 失效",
        "revoked": "注销 撤销 吊销 已注销 已撤销",
        "not_found": "查无 未查到 无此号 不存在 notfound",
    },
    "product_class": {
        "ordinary_food": "食品 普通食品",
        "health_food": "保健食品",
        "fsmp": "特殊医学用途配方食品 特医食品",
        "infant_formula": "婴幼儿配方乳粉 婴幼儿配方食品 婴配",
        "cosmetics": "化妆品",
        "drug": "药品",
        "device": "医疗器械",
        "disinfectant": "消毒产品 消毒剂",
        "alcohol": "酒 酒类",
        "tobacco": "烟草",
        "jewellery": "珠宝 首饰 珠宝首饰",
        "clothing": "服装 服饰 箱包",
        "electronics": "电子产品 数码",
        "agricultural_input": "农资 农药 肥料",
        "education": "教育",
        "finance": "金融 理财",
        "medical_service": "医疗服务",
        "real_estate": "房地产",
        "other": "其他 其它",
        "unknown": "未知 不详",
    },
}
"""Words for fixed values, by the sort of value."""

SORTS: Final[dict[tuple[str, str], str]] = {
    ("AccountPage", "subject_kind"): "subject_kind",
    ("PricePoint", "kind"): "price",
    ("ShelfChange", "kind"): "shelf",
    ("Curve", "kind"): "curve",
    ("CurvePoint", "kind"): "curve",
    ("AfterSale", "kind"): "after_sale",
    ("AfterSale", "reason"): "reason",
    ("AfterSale", "answer"): "answer",
    ("HostFacts", "relation"): "relation",
    ("OfficialNumber", "status"): "status",
    ("OfficialNumber", "product_class"): "product_class",
}

_CONSUMERS: Final = (
    "买家 买家昵称 买家姓名 买家会员名 会员名 用户 用户名 用户昵称 昵称 姓名 收货人 收货人姓名 收件人"
    " 电话 手机 手机号 联系电话 联系手机 收货电话 地址 收货地址 收件地址 详细地址 身份证 身份证号"
    " 银行卡 银行卡号 微信 微信号 买家留言"
    " buyer buyername consumer customer customername username nickname receiver recipient phone mobile tel"
    " telephone address idcard bankcard wechat"
)
PERSONAL: Final = frozenset(_CONSUMERS.split())
"""Columns about consumers: never kept, and not worth a complaint."""


def kind_of(stem: str) -> str | None:
    """The kind behind a file or sheet name: a known name, then no letter (价格历史-茶)."""
    name = _name(stem)
    found = [
        (len(alias), kind)
        for kind, aliases in KINDS.items()
        for alias in (_name(kind), *aliases.split())
        if name.startswith(alias) and not name[len(alias) :][:1].isalpha()
    ]
    return max(found)[1] if found else None


def nearest_kind(stem: str) -> str:
    """Words that help with a file name that is of no kind."""
    near = difflib.get_close_matches(stem.casefold(), KINDS, 1, 0.6)
    return f"; did you mean '{near[0]}'?" if near else f"; known: {', '.join(KINDS)}"


def _name(stem: str) -> str:
    folded = unicodedata.normalize("NFKC", stem).casefold().strip()
    for separator in ("_", " "):
        folded = folded.replace(separator, "")
    return folded


def is_facts_file(relative: str | PurePath) -> bool:
    """Whether a file of a broadcast's folder, by its path inside it, is one of facts."""
    held = PurePath(relative)
    return held.name in FILES if len(held.parts) == 1 else held.parts[0] == FOLDER


def is_loose_facts_file(path: str | PurePath) -> bool:
    """Whether a file given by itself is one of facts: by its name, or by the folder `facts` it lies in."""
    held = PurePath(path)
    return held.name in FILES or held.parent.name == FOLDER
