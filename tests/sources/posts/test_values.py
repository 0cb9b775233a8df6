"""Units and times as platforms write them, one by one and in whole columns."""

from datetime import date, datetime

import pyarrow as pa
import pytest

from fairstream.columns import AT
from fairstream.records import CHINA
from fairstream.sources.posts.cells import counts, joined_text, moments, objects
from fairstream.sources.posts.values import count, moment, place

EIGHT = datetime(2022, 11, 11, 8, tzinfo=CHINA)
SEEN = datetime(2022, 11, 11, 20, tzinfo=CHINA)


@pytest.mark.parametrize(
    "text",
    [
        "1668124800", "1668124800000", "1668124800000000", "1668124800.0", "2022-11-11 08:00",
        "2022-11-11T08:00:00", "2022-11-11T00:00:00Z", "2022-11-11T08:00:00+08:00",
        "2022-11-11T09:00:00.000+0900", "2022年11月11日 8:00", "2022年11月11日8时00分", "2022/11/11 8:00",
        "2022.11.11 08:00:00", "Fri Nov 11 08:00:00 +0800 2022",
        "Fri, 11 Nov 2022 00:00:00 +0000", "20221111080000", "44876.333333333336", "２０２２-11-11 08:00",
        "2022-11-11 08:00 来自 手机", "发布于 2022-11-11 08:00", "2022年11月11日 上午8点",
    ],
)  # fmt: skip
def test_one_moment_in_many_ways(text: str) -> None:
    assert moment(text) == EIGHT
    array, wrong = moments(pa.array([text, None]))
    assert array.to_pylist() == [EIGHT, None]
    assert wrong.to_pylist() == [False, False]
    assert array.type == AT


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2022-11-11", datetime(2022, 11, 11, tzinfo=CHINA)),
        ("20221111", datetime(2022, 11, 11, tzinfo=CHINA)),
        ("2022年11月11日", datetime(2022, 11, 11, tzinfo=CHINA)),
        ("2022年11月11日 下午3:20", datetime(2022, 11, 11, 15, 20, tzinfo=CHINA)),
        ("44876", datetime(2022, 11, 11, tzinfo=CHINA)),
    ],
)
def test_days_and_halves(text: str, wanted: datetime) -> None:
    assert moment(text) == wanted


@pytest.mark.parametrize(
    "text", ["x", "2022-02-30", "2022-13-01 08:00", "5", "99999999999999999999", "1900-01-01", "2150-01-01",
             "3小时前", "昨天", "11-10 08:00", "inf", "nan", "-1668124800", "二〇二二年"],
)  # fmt: skip
def test_what_names_no_moment_is_told(text: str) -> None:
    assert moment(text) is None
    array, wrong = moments(pa.array([text, "2022-11-11 08:00"]))
    assert array.to_pylist() == [None, EIGHT]
    assert wrong.to_pylist() == [True, False]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("3小时前", datetime(2022, 11, 11, 17, tzinfo=CHINA)),
        ("半小时前", datetime(2022, 11, 11, 19, 30, tzinfo=CHINA)),
        ("10分钟前", datetime(2022, 11, 11, 19, 50, tzinfo=CHINA)),
        ("刚刚", SEEN),
        ("昨天 08:00", datetime(2022, 11, 10, 8, tzinfo=CHINA)),
        ("11-10 08:00", datetime(2022, 11, 10, 8, tzinfo=CHINA)),
        ("12-30", datetime(2021, 12, 30, tzinfo=CHINA)),
        ("1年前", None),
        ("几天前", None),
    ],
)
def test_relative_times_need_the_time_of_collection(text: str, wanted: datetime | None) -> None:
    assert moment(text, SEEN) == wanted
    collected = pa.array([SEEN, None], AT)
    array, wrong = moments(pa.array([text, text]), collected)
    assert array.to_pylist() == [wanted, None]
    assert wrong.to_pylist() == [wanted is None, True]


def test_columns_of_every_type() -> None:
    naive = datetime(2022, 11, 11, 8)  # noqa: DTZ001 - a clock without a zone is the case
    for array in (
        pa.array([1668124800, 0, None]),
        pa.array([1668124800000, 0, None]),
        pa.array([1668124800, 0, None], pa.int32()),
        pa.array([1668124800.0, float("nan"), None]),
        pa.array([naive, None, None], pa.timestamp("ns")),
        pa.array([EIGHT, None, None], pa.timestamp("us", "UTC")),
    ):
        found, wrong = moments(array)
        assert found.to_pylist() == [EIGHT, None, None], array.type
        assert wrong.to_pylist() == [False, False, False]
    days, _ = moments(pa.array([date(2022, 11, 11), None]))
    assert days.to_pylist() == [datetime(2022, 11, 11, tzinfo=CHINA), None]
    whole, wrong = moments(pa.array([20221111, 44876, 12345]))
    assert whole.to_pylist() == [datetime(2022, 11, 11, tzinfo=CHINA)] * 2 + [None]
    assert wrong.to_pylist() == [False, False, True]
    for kind in (pa.string(), pa.int64(), pa.null(), pa.float64(), AT):
        found, wrong = moments(pa.array([], kind))
        assert (len(found), len(wrong), found.type) == (0, 0, AT)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1234", 1234), ("1,234", 1234), ("1.2万", 12000), ("3亿", 300_000_000), ("10w+", 100_000),
        ("5千", 5000), ("１２", 12), ("12.0", 12), ("1.5k", 1500), ("2.3万次", 23000), ("赞", None),
        ("", None), ("-3", None), ("1.2.3", None), ("9" * 30, None),
    ],
)  # fmt: skip
def test_counts(text: str, wanted: int | None) -> None:
    assert count(text) == wanted
    found, _ = counts(pa.array([text, "7"]))
    assert found.to_pylist() == [wanted, 7]


def test_a_count_that_is_none_is_told_only_when_it_has_digits() -> None:
    found, wrong = counts(pa.array(["1.2.3", "赞", None, "-1"]))
    assert found.to_pylist() == [None] * 4
    assert wrong.to_pylist() == [True, False, False, False]
    found, _ = counts(pa.array([1.0, float("nan"), None, -1.0]))
    assert found.to_pylist() == [1, None, None, None]


def test_places() -> None:
    assert [place(text) for text in ("IP属地：广东", "IP 属地:上海", "发布于 北京", "四川", " ")] == [
        "广东", "上海", "北京", "四川", None,
    ]  # fmt: skip


def test_a_title_that_the_body_repeats_is_not_doubled() -> None:
    titles = pa.array(["标题", "标题", "很长的标题…", "", None, "只有标题", "同"])
    bodies = pa.array(["正文", "标题和正文", "很长的标题写完了", "正文", "正文", None, "同"])
    assert joined_text([titles, bodies]).to_pylist() == [
        "标题\n正文", "标题和正文", "很长的标题写完了", "正文", "正文", "只有标题", "同",
    ]  # fmt: skip


def test_objects_are_json_whatever_is_in_them() -> None:
    import orjson

    hostile = ['a"b\\c', "\n\r\t", "\x00\x01\x1f", "", None, "好"]
    made = objects({'k"1': pa.array(hostile), "n": pa.array([1, None, None, None, None, 2])})
    assert [text and orjson.loads(text) for text in made.to_pylist()] == [
        {'k"1': 'a"b\\c', "n": "1"}, {'k"1': "\n\r\t"}, {'k"1': "���"}, None, None, {'k"1': "好", "n": "2"},
    ]  # fmt: skip
