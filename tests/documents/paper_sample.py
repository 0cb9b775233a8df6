"""An invented（虚构）paper with every kind of block, and texts that try to act."""

import math

from fairstream.blocks import Block, Chart, Heading, Number, Paper, Paragraph, Quote, Series, Table
from fairstream.records import Words

NASTY = (
    "<b>&amp;\"'#$\\*_@`][{}~^%|</b> =1+1 //x /*y*/ --- ... 😀\x00\x07 \u202e右左\u200f "
    '$x$ #import "a.typ" @preview'
)
LONG = "长" * 5000 + "x" * 5000


def number(key: str, zh: str, en: str, value: float, query: str | None = None, **more: float) -> Number:
    meaning = Words(f"{key} 的含义：窗口内（虚构）条目数", f"Meaning of {key}: invented items in the window")
    return Number(key, Words(zh, en), value, meaning, query, **more)  # type: ignore[arg-type]


TOTAL = number("total", "48,930", "48,930", 48930.0, "consumer_rights", count=48930)
SHARE = number(
    "complaint-share",
    "11.2%",
    "11.2%",
    0.112,
    "polarity = complaint",
    count=5480,
    low=0.105,
    high=0.119,
    confidence=0.95,
)
PEAK = number("peak-day", "11 月 11 日", "11 November", 0.0, "day = 2022-11-11", count=9876)
QUOTE = Quote(
    "q1",
    "定金付了不给退 <虚构>，客服只会说“亲”",
    "weibo/1",
    Words("虚构微博，11 月 2 日", "invented Weibo post, 2 November"),
)

DAYS = tuple(
    Words(f"{month}月{day}日", f"{day} {name}")
    for month, name, days in ((10, "Oct", range(20, 32)), (11, "Nov", range(1, 14)))
    for day in days
)


def _curve() -> tuple[float | None, ...]:
    high = [
        2000 + 6000 * math.exp(-(((day - 5) / 3) ** 2)) + 9000 * math.exp(-(((day - 22) / 2) ** 2))
        for day in range(25)
    ]
    return tuple(None if day in (8, 9, 11) else float(round(one)) for day, one in enumerate(high))


CURVE = _curve()
LINE = Chart(
    "daily",
    "line",
    Words("每日消费维权信息量", "Items a day on consumer rights"),
    DAYS,
    (
        Series(
            Words("全部信息", "All items"),
            CURVE,
            tuple(None if one is None else one * 0.93 for one in CURVE),
            tuple(None if one is None else one * 1.07 for one in CURVE),
            tuple(f"day = {day}" for day in range(25)),
        ),
        Series(Words("吐槽类", "Complaints"), tuple(300.0 + 40 * day for day in range(25))),
    ),
    48930,
    marks={
        5: Words("首波预售", "First presale"),
        21: Words("前夜", "The eve"),
        22: Words("双11当天", "Singles' Day"),
    },
    note=Words(
        "按北京时间分日；缺口是没有采集的日子。", "Days by Beijing time; gaps are days without collection."
    ),
)
CHANNELS = tuple(
    Words(zh, en)
    for zh, en in (
        ("微博", "Weibo"),
        (
            "新闻客户端（含聚合资讯应用与地方融媒体客户端）",
            "News apps, with aggregators and local media clients",
        ),
        ("网站", "Websites"),
        ("微信", "WeChat"),
    )
)
BAR = Chart(
    "channels",
    "bar",
    Words("各渠道信息量", "Items by channel"),
    CHANNELS,
    (
        Series(
            Words("信息量", "Items"),
            (22008.0, 12022.0, 6458.0, 5284.0),
            queries=("channel = 微博", None, None, None),
        ),
    ),
    48930,
    marks={0: Words("最多", "most")},
)
GROUPS = Chart(
    "two-windows",
    "bar",
    Words("两期比较", "Two windows"),
    CHANNELS,
    (
        Series(Words("上期", "Before"), (0.45, 0.2, 0.1, 0.05)),
        Series(
            Words("本期", "Now"), (0.4, 0.25, None, 0.06), (0.38, 0.23, None, 0.05), (0.42, 0.27, None, 0.07)
        ),
    ),
    5000,
    share=True,
)
STACKED = Chart(
    "polarity",
    "stacked",
    Words("各渠道情感构成", "Polarity by channel"),
    CHANNELS,
    (
        Series(Words("吐槽", "Complaint"), (0.12, 0.2, 0.05, 0.3)),
        Series(Words("表扬", "Praise"), (0.2, 0.1, 0.05, 0.2)),
        Series(Words("两者皆非", "Neither"), (0.68, 0.7, 0.9, 0.5)),
    ),
    48930,
    share=True,
)
TOPICS = tuple(
    Words(zh, en)
    for zh, en in (
        ("直播带货", "Live selling"),
        ("快递服务", "Delivery"),
        ("促销规则", "Promotion rules"),
        ("商品质量", "Quality"),
    )
)
DOTS = Chart(
    "topics",
    "dots",
    Words("主题占吐槽类的比例", "Topics as shares of complaints"),
    TOPICS,
    (
        Series(
            Words("未去重", "Raw"),
            (0.093, 0.249, 0.14, 0.11),
            (0.088, 0.24, 0.13, 0.1),
            (0.098, 0.26, 0.15, 0.12),
        ),
        Series(
            Words("去重", "Without copies"),
            (0.08, 0.23, 0.12, 0.13),
            (0.07, 0.22, 0.11, 0.12),
            (0.09, 0.24, 0.13, 0.14),
        ),
    ),
    5480,
    share=True,
)
WORDS = Chart(
    "phrases",
    "words",
    Words("高频词", "Frequent words"),
    (
        Words("尾款人", "balance-payers"),
        Words("套路", "tricks"),
        Words("先涨后降", "raise-then-cut"),
        Words("假货", "fakes"),
        Words("不退货", "no-return"),
        Words("客服", "service"),
        Words("红包", "red-packet"),
        Words("预售", "presale"),
        Words("定金", "deposit"),
        Words("快递柜", "locker"),
        Words("保价", "price-protection"),
        Words("主播", "host"),
        Words("赠品", "gift"),
        Words("退款慢", "slow-refund"),
        Words("砍单", "cancelled"),
        Words("满减", "spend-and-save"),
    ),
    (Series(Words("次数", "Count"), tuple(5200.0 // rank for rank in range(1, 17))),),
    48930,
)
HEAT = Chart(
    "topic-by-channel",
    "heat",
    Words("主题 × 渠道", "Topic by channel"),
    CHANNELS,
    (
        Series(TOPICS[0], (0.1, 0.2, 0.3, 0.5)),
        Series(TOPICS[1], (0.05, 0.15, None, 0.35)),
        Series(TOPICS[2], (0.1, 0.2, 0.22, 0.6)),
    ),
    5480,
    share=True,
)
CHARTS = (LINE, BAR, GROUPS, STACKED, DOTS, WORDS, HEAT)


def _chapters() -> tuple[Block, ...]:
    return (
        Heading(Words("一、基本情况", "1. Basic figures"), 1, "basic"),
        Paragraph(Words("", ""), kind="placeholder"),
        Paragraph(
            Words(
                "监测期内（虚构）共 {total} 条消费维权信息，其中吐槽类占 {share}，最高在 {peak}。",
                "In the window (invented) there were {total} items, {share} complaints, most on {peak}.",
            ),
            {"total": TOTAL, "share": SHARE, "peak": PEAK},
        ),
        LINE,
        BAR,
        GROUPS,
        Heading(Words("二、主要问题", "2. Main topics"), 1, "topics"),
        Heading(Words("（一）直播带货", "2.1 Live selling"), 2),
        Paragraph(Words("有消费者说：{quote}。", "A consumer said: {quote}."), {"quote": QUOTE}),
        Paragraph(Words("典型情况之一（虚构）", "A typical case (invented)"), kind="item"),
        Paragraph(Words("典型情况之二，{share}", "Another one, {share}"), {"share": SHARE}, kind="item"),
        DOTS,
        STACKED,
        Table(
            Words("各渠道信息量与吐槽占比", "Items and complaint share by channel"),
            (
                Words("渠道", "Channel"),
                Words("条数", "Items"),
                Words("吐槽占比", "Complaint share"),
                Words("例", "Example"),
            ),
            (
                (CHANNELS[0], TOTAL, SHARE, QUOTE),
                (CHANNELS[1], "12,022", "10.1%", Words("虚构的例子", "An invented example")),
                ("虚构论坛", "1,234", "9.9%", ""),
            ),
            frozenset({1, 2}),
            Words("占比以该渠道全部信息为分母。", "Shares are of all items of the channel."),
        ),
        Heading(Words("1. 口径", "Scope"), 3),
        Paragraph(
            Words("样本按渠道分层抽取（虚构）。", "The sample was drawn by channel (invented)."), kind="note"
        ),
        Paragraph(
            Words("没有人工标注，比例未校正。", "Nothing was labelled by hand: shares are uncorrected."),
            kind="warning",
        ),
        WORDS,
        HEAT,
        Heading(Words("三、建议", "3. Advice"), 1, "advice"),
        Paragraph(Words("对平台的建议", "Advice to platforms"), kind="placeholder"),
    )


def paper() -> Paper:
    """The sample, without anything that acts."""
    return Paper(
        Words("双11消费维权舆情分析报告（虚构）", "Opinion report on Singles' Day (invented)"),
        Words("2022年10月20日至11月13日", "20 October to 13 November 2022"),
        _chapters(),
        invented=True,
        made=Words("2022年11月20日制作", "Made on 20 November 2022"),
    )


def hostile() -> Paper:
    """Every text that a paper can hold, each full of marks that some format acts on."""
    nasty = Words(NASTY, f"en {NASTY}")
    held = Number('k {}"<>#', nasty, 1.0, nasty, NASTY, 3)
    chart = Chart(
        "k \"'<>#",
        "line",
        nasty,
        (nasty, nasty, Words("", "")),
        (Series(nasty, (1.0, None, 3.0), queries=(NASTY, None, None)), Series(nasty, (None, None, 0.5))),
        3,
        unit=nasty,
        marks={0: nasty},
        note=nasty,
    )
    table = Table(
        nasty,
        (nasty, Words("公式", "Formula"), Words("长", "Long")),
        (
            (NASTY, "=cmd|' /C calc'!A0", LONG),
            (held, "@SUM(1+1)", Quote("q", NASTY, "i", nasty)),
            ("+1", "-2+3", "\t=1"),
        ),
        note=nasty,
    )
    return Paper(
        nasty,
        nasty,
        (
            Heading(nasty, 1, NASTY),
            Heading(nasty, 1, NASTY),
            Paragraph(Words("{n} {no} {}" + NASTY, "{n} {no} {}" + NASTY), {"n": held}, "warning"),
            table,
            chart,
        ),
        made=nasty,
    )
