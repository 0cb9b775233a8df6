"""Shelves → listings and shops: tables whose columns have Chinese or English names of many kinds."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final, TypeVar, get_args

from fairstream.records import Listing, ProductClass, Shop
from fairstream.sources.bytes import TEXT_LIMIT, Source, open_input
from fairstream.sources.loaded import Loaded
from fairstream.sources.money import money_fen
from fairstream.sources.problems import ProblemLog
from fairstream.sources.tables import Row, Table, column_key, read_tables
from fairstream.sources.times import position_ms

_Record = TypeVar("_Record", Listing, Shop)

_LISTING: Final[dict[str, str]] = {
    "id": "id 商品id 商品编号 编号 商品编码 货号 宝贝id sku skuid itemid productid goodsid spuid 序号",
    "title": (
        "标题 商品标题 商品名称 商品名 名称 品名 宝贝标题 商品 产品名称 产品 title name productname product"
        " goodsname itemname itemtitle producttitle"
    ),
    "description": (
        "描述 详情 商品描述 商品详情 详情页 详情文案 卖点 商品卖点 文案 商品介绍 介绍 宣传语 产品描述 功效"
        " description detail details desc sellingpoints"
    ),
    "category": "类目 分类 品类 商品类目 商品分类 category categoryname cat",
    "brand": "品牌 品牌名 品牌名称 brand brandname",
    "price_fen": (
        "价格 现价 售价 直播价 直播间价 到手价 券后价 活动价 秒杀价 单价 price saleprice liveprice"
        " currentprice pricefen pricecent pricecents priceyuan"
    ),
    "list_price_fen": (
        "原价 划线价 吊牌价 市场价 日常价 专柜价 建议零售价 零售价 listprice originalprice marketprice"
        " originprice listpricefen originalpricefen"
    ),
    "shop_id": "店铺id 店铺编号 shopid storeid sellerid",
    "shop": "店铺 店铺名称 店铺名 店名 商家 shop shopname store storename",
    "url": "链接 商品链接 网址 商品网址 url link producturl itemurl",
    "approval_number": (
        "批准文号 注册证号 注册证编号 备案号 备案编号 注册号 批文 许可证号 国药准字 approvalnumber approval"
        " registrationnumber licensenumber"
    ),
    "shown_from_ms": "讲解开始 上架时间 开始讲解 讲解开始时间 shownfrom shownfromms start startms",
    "shown_until_ms": "讲解结束 下架时间 结束讲解 讲解结束时间 shownuntil shownuntilms end endms",
    "product_class": "productclass 商品类别代码",
}
_SHOP: Final[dict[str, str]] = {
    "id": "店铺id 店铺编号 shopid storeid sellerid id 编号",
    "name": "店铺 店铺名称 店铺名 店名 商家名称 shop shopname store storename name 名称",
    "operator": (
        "经营者 经营主体 主体 主体名称 公司 公司名称 企业名称 企业 营业执照名称 商家主体"
        " operator company companyname"
    ),
    "uscc": "统一社会信用代码 社会信用代码 信用代码 税号 uscc creditcode",
    "address": "地址 经营地址 住所 注册地址 公司地址 address",
    "contact": "电话 联系电话 联系方式 客服电话 手机 contact phone tel",
}
_LISTING_FIELDS: Final = {alias: field for field, aliases in _LISTING.items() for alias in aliases.split()}
_SHOP_FIELDS: Final = {alias: field for field, aliases in _SHOP.items() for alias in aliases.split()}
_GENERIC: Final = {"id", "name", "编号", "名称"}
_ONLY_SHOP: Final = {
    alias for field in ("operator", "uscc", "address", "contact") for alias in _SHOP[field].split()
}
_ONLY_LISTING: Final = set(_LISTING_FIELDS) - set(_SHOP_FIELDS) - _GENERIC
_CLASSES: Final = frozenset(get_args(ProductClass))
_FORMS: Final = {"price_fen", "list_price_fen", "shown_from_ms", "shown_until_ms"}


def knows_column(key: str) -> bool:
    """Whether a folded column name is one of a listing or a shop."""
    return key in _LISTING_FIELDS or key in _SHOP_FIELDS


def field_of(key: str) -> str | None:
    """The field of a listing behind a folded column name."""
    return _LISTING_FIELDS.get(key)


def read_listings(
    source: Source, *, name: str | None = None, prefix: str = "", limit: int = TEXT_LIMIT
) -> Loaded[Listing]:
    """Listings of a CSV, XLSX, JSON or JSONL file; unknown columns go to `attributes` as published.

    Prices are read as `money_fen` does; two price columns fill one field, the first filled one wins.
    """
    log, tables = _tables(source, name, limit)
    records = [
        listing for table in tables if is_listing_table(table) for listing in _listings(table, prefix, log)
    ]
    if tables and not records:
        log.add("not_this_kind", kind="listings")
    return Loaded(tuple(distinct(records, log)), log.problems)


def read_shops(
    source: Source, *, name: str | None = None, prefix: str = "", limit: int = TEXT_LIMIT
) -> Loaded[Shop]:
    """Shops of a table of shops, and the distinct shops of a listing table that says who runs them."""
    log, tables = _tables(source, name, limit)
    shops: dict[tuple[str, str], Shop] = {}
    for table in tables:
        listed = is_listing_table(table)
        if listed and not {column_key(column) for column in table.columns} & _ONLY_SHOP:
            continue
        for row in table.rows:
            shop = _shop(row, listed, prefix, log)
            if shop is not None:
                shops.setdefault((shop.id, shop.name) if shop.uscc is None else (shop.uscc, shop.name), shop)
    if tables and not shops:
        log.add("not_this_kind", kind="shops")
    return Loaded(tuple(distinct(list(shops.values()), log)), log.problems)


def is_listing_table(table: Table) -> bool:
    """Whether a table is of goods: a title column, and not merely a shop's name beside its licence."""
    keys = {column_key(column) for column in table.columns}
    titles = {key for key in keys if _LISTING_FIELDS.get(key) == "title"}
    if not titles or table.name.casefold() in ("shops", "店铺", "stores"):
        return False
    return not (titles <= _GENERIC and keys & _ONLY_SHOP and not keys & _ONLY_LISTING)


def is_shop_table(table: Table) -> bool:
    """Whether a table names shops and says who runs them."""
    keys = {column_key(column) for column in table.columns}
    return bool(keys & _ONLY_SHOP) and any(_SHOP_FIELDS.get(key) == "name" for key in keys)


def _tables(source: Source, name: str | None, limit: int) -> tuple[ProblemLog, tuple[Table, ...]]:
    log = ProblemLog(open_input(source, name, limit).name)
    return log, read_tables(source, knows_column, name=name, log=log, limit=limit)


def _listings(table: Table, prefix: str, log: ProblemLog) -> Iterator[Listing]:
    for row in table.rows:
        fields, attributes = _assign(row, _LISTING_FIELDS)
        title = fields.pop("title", None)
        if title is None:
            log.add("row_untitled", row.number)
            continue
        shop = fields.pop("shop", None)
        if shop:
            attributes.setdefault(_column(row, "shop"), shop)
        product_class = fields.pop("product_class", "unknown")
        numbers: dict[str, int | None] = {}
        for field in _FORMS & fields.keys():
            numbers[field] = _number(field, fields.pop(field), row, attributes, log)
        yield Listing(
            id=prefix + fields.pop("id", f"{table.name or 'row'}-{row.number}"),
            title=title,
            description=fields.pop("description", ""),
            product_class=product_class if product_class in _CLASSES else "unknown",  # type: ignore[arg-type]
            category=fields.get("category"),
            brand=fields.get("brand"),
            price_fen=numbers.get("price_fen"),
            list_price_fen=numbers.get("list_price_fen"),
            shop_id=fields.get("shop_id", shop),
            url=fields.get("url"),
            approval_number=fields.get("approval_number"),
            shown_from_ms=numbers.get("shown_from_ms"),
            shown_until_ms=numbers.get("shown_until_ms"),
            attributes=attributes,
            place=log.place(row.number),
        )


def _number(field: str, value: str, row: Row, attributes: dict[str, str], log: ProblemLog) -> int | None:
    """A price in fen or a position in ms; an unreadable one stays among the attributes."""
    column = _column(row, field)
    if field.endswith("_fen"):
        number = money_fen(value, in_fen=_counts_fen(column))
    else:
        number = position_ms(value, unit_ms=1 if column_key(column).endswith("ms") else 1000)
    if number is None:
        attributes[column] = value
        log.add("money" if field.endswith("_fen") else "bad_time", row.number)
    return number


def _counts_fen(column: str) -> bool:
    return column_key(column).endswith(("fen", "cent", "cents")) or "(分)" in column.replace(
        "（", "("
    ).replace("）", ")")


def _column(row: Row, field: str) -> str:
    """The published name of the first filled column behind `field`."""
    return next(column for column in row.cells if _LISTING_FIELDS.get(column_key(column)) == field)


def _assign(row: Row, aliases: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Cells of a row by field, and the others by their published names."""
    fields: dict[str, str] = {}
    attributes: dict[str, str] = {}
    for column, value in row.cells.items():
        field = aliases.get(column_key(column))
        if field is None or field in fields:
            attributes[column] = value
        else:
            fields[field] = value
    return fields, attributes


def _shop(row: Row, listed: bool, prefix: str, log: ProblemLog) -> Shop | None:
    fields, _ = _assign(row, _SHOP_FIELDS)
    if listed:
        ours = {key: value for key, value in row.cells.items() if column_key(key) not in _GENERIC}
        fields, _ = _assign(Row(row.number, ours), _SHOP_FIELDS)
    name = fields.get("name")
    if name is None:
        if not listed:
            log.add("row_untitled", row.number)
        return None
    return Shop(
        prefix + fields.get("id", name),
        name,
        fields.get("operator"),
        fields.get("uscc"),
        fields.get("address"),
        fields.get("contact"),
        log.place(row.number),
    )


def distinct(records: Iterable[_Record], log: ProblemLog) -> Iterator[_Record]:
    """Records with ids of their own: a second use of an id gets a number."""
    seen: dict[str, int] = {}
    for record in records:
        count = seen[record.id] = seen.get(record.id, 0) + 1
        if count > 1:
            log.add("same_id", record.place.line if record.place else None)
            record = replace(record, id=f"{record.id}#{count}")
        yield record
