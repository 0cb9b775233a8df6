"""Marks of suspicion: what is marked, what is not, and that files give what memory gives."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fairstream.opinion.sketch import Sketches
from fairstream.opinion.suspicion import (
    HOUR,
    Items,
    Suspicion,
    flooding,
    items_of,
    mark,
    reasons,
    regular,
    says,
    templates,
)
from fairstream.opinion.windows import SketchWriter, group_units, read_groups
from opinion.shared_data import shared

UNKNOWN = np.iinfo(np.int64).min
MINUTE = 60_000
#: A moment with odd seconds, so that the source's clock is seen to resolve seconds.
START = 1_668_000_001_000


def items(
    author: Sequence[int],
    at: Sequence[int],
    group: Sequence[int] | None = None,
    *,
    praise: bool = True,
    chat: bool = False,
) -> Items:
    count = len(author)
    return Items(
        np.array(author, dtype=np.uint64),
        np.array(at, dtype=np.int64),
        np.arange(count) if group is None else np.array(group, dtype=np.int64),
        np.full(count, praise),
        np.full(count, chat),
    )


class TestWords:
    @pytest.mark.parametrize(
        "text",
        [
            "收到货里面有张卡片，好评返现3元",
            "五星好评截图返现5元加微信领",
            "卖家说晒图返5元红包",
            "加微信领红包，全五星好评带图",
            "客服让我给好评，说送一个赠品，好评返2块",
            "不给好评就不返，返现要求好评截图",
            "包裹里的小卡片写着好评有红包",
            "凑够15个字，为了京豆来评价一下",
            "评价满30字领京豆",
            "扫码领红包，VX领5元",
        ],
    )
    def test_praise_for_a_reward_is_seen(self, text: str) -> None:
        assert says(pa.chunked_array([[text]]), "paid.asks_for_praise").tolist() == [True]

    @pytest.mark.parametrize(
        "text",
        [
            "非常满意，五星好评！",
            "发货快，给个好评，下次还来",
            "双十一返3万京豆，很划算",
            "玩游戏抢红包都很快",
            "晒图给大家看看，颜色很正",
            "好评！送给妈妈的礼物她很喜欢",
            "退货返运费，客服态度好，好评",
            "加个微信好友吧",
            "物流很快，送货上门，好评",
            "",
        ],
    )
    def test_ordinary_praise_is_not(self, text: str) -> None:
        assert says(pa.chunked_array([[text]]), "paid.asks_for_praise").tolist() == [False]

    @pytest.mark.parametrize(
        ("text", "disclosed"),
        [
            ("#推广# 这款面霜真好用", True),
            ("【广告】新品上市", True),
            ("本视频为商单合作", True),
            ("好用到哭 #ad", True),
            ("［合作］测评三款吹风机", False),
            ("[合作]测评三款吹风机", True),
            ("又是广告，烦死了", False),
            ("和品牌合作的主播翻车了", False),
        ],
    )
    def test_disclosed_advertising_is_seen(self, text: str, disclosed: bool) -> None:
        assert says(pa.chunked_array([[text]]), "paid.disclosed").tolist() == [disclosed]


class TestFlood:
    def test_more_than_the_limit_within_an_hour(self) -> None:
        most = int(reasons()["bot.flood"].limits["an_hour"])
        gap = HOUR // most
        assert flooding(items([7] * (most + 1), [gap * n for n in range(most + 1)])).tolist() == []
        assert flooding(items([7] * (most + 1), [gap * n - n for n in range(most + 1)])).tolist() == [7]

    def test_the_hour_may_begin_anywhere_and_authors_are_apart(self) -> None:
        many = [90 * MINUTE + n for n in range(61)]
        found = flooding(items([1] * 30 + [2] * 61, [*range(0, 30 * HOUR, HOUR), *many]))
        assert found.tolist() == [2]

    def test_the_same_text_too_often(self) -> None:
        days = [24 * HOUR * n for n in range(9)]
        assert flooding(items([1] * 9, days, [4] * 9)).tolist() == [1]
        assert flooding(items([1] * 8, days[:8], [4] * 8)).tolist() == []
        assert flooding(items([1] * 9, days, range(9))).tolist() == []

    def test_live_chat_has_wider_limits(self) -> None:
        times = [n * 1000 for n in range(200)]
        assert flooding(items([3] * 200, times)).tolist() == [3]
        assert flooding(items([3] * 200, times, chat=True)).tolist() == []

    def test_unknown_authors_and_times_are_never_suspected(self) -> None:
        assert flooding(items([0] * 100, range(100), [1] * 100)).tolist() == []
        assert flooding(items([5] * 100, [UNKNOWN] * 100)).tolist() == []


class TestRhythm:
    def test_equal_intervals_are_seen_and_chance_is_not(self) -> None:
        rng = np.random.default_rng(2)
        regular_times = START + 10 * MINUTE * np.arange(20) + 1000 * rng.integers(-2, 3, 20)
        chance = START + np.cumsum(rng.exponential(10 * MINUTE, 400).astype(np.int64))
        found = regular(items([1] * 20 + [2] * 400, [*regular_times, *chance]))
        assert found.tolist() == [1]

    def test_few_items_do_not_tell(self) -> None:
        assert regular(items([1] * 11, START + 10 * MINUTE * np.arange(11))).tolist() == []
        assert regular(items([1] * 12, START + 10 * MINUTE * np.arange(12))).tolist() == [1]

    @pytest.mark.parametrize("step", [24 * HOUR, 19 * 24 * HOUR])
    def test_dates_without_a_clock_are_no_rhythm(self, step: int) -> None:
        midnight = -8 * HOUR  # in China
        assert regular(items([1] * 30, midnight + step * np.arange(30))).tolist() == []

    def test_intervals_near_the_resolution_are_no_rhythm(self) -> None:
        assert regular(items([1] * 30, START + 19_000 * np.arange(30))).tolist() == []
        assert regular(items([1] * 30, START + 20_000 * np.arange(30))).tolist() == [1]

    def test_nobody_is_nobody(self) -> None:
        assert regular(items([], [])).tolist() == []
        assert regular(items([0] * 30, START + 10 * MINUTE * np.arange(30))).tolist() == []
        assert flooding(items([], [])).tolist() == []
        assert templates(items([], [])).tolist() == []


class TestTemplate:
    def test_the_same_praise_by_enough_authors_in_time(self) -> None:
        times = [5 * HOUR * n for n in range(5)]  # 20 hours
        assert templates(items([1, 2, 3, 4, 5], times, [9] * 5)).tolist() == [9]
        assert templates(items([1, 2, 3, 4, 4], times, [9] * 5)).tolist() == []
        assert templates(items([1, 2, 3, 4, 0], times, [9] * 5)).tolist() == []
        assert templates(items([1, 2, 3, 4, 5], times, [9] * 4 + [8])).tolist() == []
        assert templates(items([1, 2, 3, 4, 5], times, [9] * 5, praise=False)).tolist() == []

    def test_over_days_it_is_none(self) -> None:
        assert templates(items(range(1, 10), [7 * HOUR * n for n in range(9)], [9] * 9)).tolist() == []

    def test_one_author_often_does_not_hide_the_others(self) -> None:
        author = [1] * 50 + [2, 3, 4, 5]
        at = [n * MINUTE for n in range(54)]
        assert templates(items(author, at, [9] * 54)).tolist() == [9]


def window() -> pa.Table:
    """Flooding 甲, regular 乙, a template of five, a disclosed item and a quiet one without author."""
    rows: list[tuple[str, str | None, int | None, int, str, str]] = [
        *(("这个不错", "甲", START + n * 5000 + n % 7 * 1000, n, "neither", "post") for n in range(61)),
        *(("今日播报", "乙", START + n * HOUR, 100 + n, "neither", "post") for n in range(15)),
        *((f"真的很好用{n}", f"托{n}", START + n * MINUTE, 200, "praise", "review") for n in range(5)),
        ("真的很好用，差评", "丙", START, 200, "complaint", "review"),
        ("#推广#好评返现3元", None, None, 300, "praise", "post"),
        ("普通", None, None, 301, "praise", "post"),
    ]
    text, author, at, group, polarity, kind = zip(*rows, strict=True)
    return pa.table(
        {
            "text": pa.array(text),
            "author": pa.array(author),
            "at": pa.array(at, pa.int64()).cast(pa.timestamp("ms", tz="Asia/Shanghai")),
            "copy_group": pa.array(group, pa.int64()),
            "polarity": pa.array(polarity),
            "kind": pa.array(kind),
        }
    )


def test_marks_stand_beside_their_items() -> None:
    found = mark(window()).to_pylist()
    assert found[:61] == [["bot.flood"]] * 61
    assert found[61:76] == [["bot.rhythm"]] * 15
    assert found[76:81] == [["paid.template"]] * 5
    assert found[81:] == [[], ["paid.asks_for_praise", "paid.disclosed"], []]


def test_an_empty_window_has_no_marks() -> None:
    assert mark(window()[:0]).to_pylist() == []


@pytest.mark.parametrize("workers", [1, 2])
def test_files_give_the_marks_that_memory_gives(tmp_path: Path, workers: int) -> None:
    table = window()
    files, sketched = [], []
    for unit, part in enumerate((table[:40], table[40:])):
        files.append(tmp_path / f"{unit}.items")
        with pa.OSFile(str(files[-1]), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(part, max_chunksize=17)
        sketched.append(tmp_path / f"{unit}.sketches")
        group = part["copy_group"].to_numpy()
        with SketchWriter(sketched[-1]) as sketches:
            key = (group + 1).astype(np.uint64)
            minima = np.zeros((len(part), 16), dtype=np.uint32)
            length, bins = np.full(len(part), 15, dtype=np.int32), np.zeros((len(part), 64), dtype=np.uint8)
            sketches.add(Sketches(key, minima, length, bins), items_of(part).at)
    groups = tmp_path / "groups"
    group_units(sketched, groups)
    found = Suspicion.over(files, groups, workers)
    got = [
        *found.marks(0, 0, table[:25]).to_pylist(),
        *found.marks(0, 25, table[25:40]).to_pylist(),
        *found.marks(1, 0, table[40:]).to_pylist(),
    ]
    assert got == mark(table).to_pylist()
    assert len(read_groups(sorted(groups.iterdir())[1])) == len(table) - 40
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("authors")) == []


def test_every_reason_is_told_in_both_languages() -> None:
    assert list(reasons()) == [
        "paid.asks_for_praise",
        "paid.disclosed",
        "paid.template",
        "bot.flood",
        "bot.rhythm",
    ]
    for reason in reasons().values():
        assert reason.title.zh and reason.title.en and reason.explain.zh and reason.explain.en
        assert bool(reason.patterns) != bool(reason.limits)


def test_real_buyers_are_not_suspected_of_selling_praise() -> None:
    text = pq.read_table(shared("data/jd_phone_reviews_2020.parquet"))["text"]
    assert says(text, "paid.asks_for_praise").sum() <= 6  # 0.1 % of 5,807
    assert says(text, "paid.disclosed").sum() == 0
