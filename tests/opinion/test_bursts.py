"""Bursts: expected counts, chances, error rates, gaps; daily series and their shapes."""

import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from fairstream.cli.opinion_bursts import bursts as command
from fairstream.errors import UsageError
from fairstream.opinion.aggregate import Window
from fairstream.opinion.alarms import at_least
from fairstream.opinion.bursts import Settings, found, test
from fairstream.opinion.phrases import Days, count
from fairstream.opinion.series import SHAPES, daily, extent, of_phrases, shape
from fairstream.store.annotated import Annotated
from opinion.items import START, item, write

WEEK = np.arange(180) % 7
PATTERN = np.array([1, 1, 1, 1, 1.1, 1.3, 1.2])


def quiet(series: int, mean: float, seed: int = 1, slots: int = 180) -> np.ndarray:
    """Poisson counts with a weekday pattern and nothing else."""
    return np.random.default_rng(seed).poisson(mean * PATTERN[np.arange(slots) % 7], (series, slots))


def test_a_planted_burst_is_found_with_its_days_and_items() -> None:
    counts = quiet(20, 20)
    counts[7, 150:153] = [90, 140, 80]
    tests = test(counts, WEEK)
    (burst,) = found(counts, tests)
    assert (burst.series, burst.start, burst.end, burst.peak) == (7, 150, 152, 151)
    assert (burst.peak_items, burst.items, burst.open) == (140, 310, False)
    assert burst.expected == pytest.approx(20 * PATTERN[151 % 7], rel=0.25)
    assert burst.ratio == pytest.approx(140 / burst.expected) and burst.q <= 0.05


def test_the_weekday_is_no_burst() -> None:
    counts = np.random.default_rng(3).poisson(np.where(WEEK == 5, 150, 50), (10, 180))
    assert found(counts, test(counts, WEEK)) == []
    flat = test(counts, [0] * 180)
    assert (
        np.nanmean(flat.expected[:, WEEK == 5]) < 80 < np.nanmean(test(counts, WEEK).expected[:, WEEK == 5])
    )


def test_an_earlier_burst_hides_no_later_one() -> None:
    counts = quiet(5, 10)
    counts[0, 120:124] = 200
    counts[0, 140] = 60
    bursts = [b for b in found(counts, test(counts, WEEK)) if b.series == 0]
    assert [(b.start, b.end) for b in sorted(bursts, key=lambda b: b.start)] == [(120, 123), (140, 140)]


def test_a_growing_total_alone_is_no_burst_of_shares() -> None:
    draw = np.random.default_rng(4)
    totals = np.where(np.arange(180) == 160, 10_000, 1000)
    counts = draw.poisson(totals * 0.05, (5, 180))
    counts[3, 170] = 150
    shares = Settings(as_share=True)
    assert {b.peak for b in found(counts, test(counts, WEEK, totals=totals))} == {160, 170}
    only = found(counts, test(counts, WEEK, shares, totals=totals), shares)
    assert [(b.series, b.peak) for b in only] == [(3, 170)]


def test_days_without_data_are_neither_tested_nor_baseline() -> None:
    counts = quiet(5, 20)
    observed = np.ones(180, dtype=np.bool_)
    observed[100:110] = False
    counts[:, 100:110] = 0
    tests = test(counts, WEEK, totals=counts.sum(axis=0))
    assert np.isnan(tests.p[:, 100:110]).all()
    assert tests.tested == 5 * (180 - 14 - 10)
    assert np.nanmean(tests.expected[:, 110:120]) == pytest.approx(20 * PATTERN.mean(), rel=0.1)
    assert found(counts, tests) == []


def test_too_little_is_not_tested() -> None:
    counts = quiet(3, 20, slots=14)
    counts[0, 13] = 500
    tests = test(counts, np.arange(14) % 7)
    assert tests.tested == 0 and np.isnan(tests.q).all() and found(counts, tests) == []


def test_a_new_name_bursts_from_nothing() -> None:
    counts = quiet(30, 30)
    counts[4] = 0
    counts[4, 150] = 30
    (burst,) = found(counts, test(counts, WEEK))
    assert burst.series == 4 and 0 < burst.expected < 0.1


def test_a_burst_at_the_end_is_open() -> None:
    counts = quiet(5, 20)
    counts[2, -2:] = 120
    (burst,) = found(counts, test(counts, WEEK))
    assert burst.open and burst.end == 179
    longer = np.concatenate([counts, np.zeros((5, 3), dtype=np.int64)], axis=1)
    observed = np.arange(183) < 180
    tests = test(longer, np.arange(183) % 7, observed=observed)
    assert found(longer, tests, observed=observed)[0].open


def test_least_items_and_ratio_are_kept() -> None:
    counts = quiet(5, 2000)
    counts[1, 150] = 2700
    assert found(counts, test(counts, WEEK)) == []
    assert len(found(counts, test(counts, WEEK), Settings(ratio=1.2))) == 1
    assert found(counts, test(counts, WEEK), Settings(ratio=1.2, items=5000)) == []


@pytest.mark.parametrize("spread", [1.0, 3.0])
def test_quiet_series_are_rarely_called(spread: float) -> None:
    draw, called = np.random.default_rng(5), 0
    for _ in range(20):
        mean = 10 ** draw.uniform(0.5, 3, 50)[:, None] * PATTERN[WEEK]
        if spread == 1:
            counts = draw.poisson(mean)
        else:
            counts = draw.negative_binomial(mean / (spread - 1), 1 / spread)
        called += bool(found(counts, test(counts, WEEK)))
    assert called <= 2


def test_each_day_can_be_a_family_of_its_own() -> None:
    counts = quiet(50, 20)
    counts[3, 100] = 80
    alone = Settings(family="day")
    by_day, together = test(counts, WEEK, alone), test(counts, WEEK)
    assert by_day.p[3, 100] == together.p[3, 100]
    assert by_day.q[3, 100] == pytest.approx(by_day.p[3, 100] * 50)
    upto = test(counts[:, :101], WEEK[:101], alone)
    assert upto.q[3, 100] == pytest.approx(by_day.q[3, 100]), "what comes later must not change a day's call"


def test_dependence_is_paid_for() -> None:
    counts = quiet(10, 20)
    assert np.nanmin(test(counts, WEEK, Settings(dependent=True)).q) >= np.nanmin(test(counts, WEEK).q)


@pytest.mark.parametrize("shape_", [(0, 30), (3, 0), (3, 1)])
def test_empty_tables_are_no_trouble(shape_: tuple[int, int]) -> None:
    counts = np.zeros(shape_, dtype=np.int64)
    for settings in (Settings(), Settings(family="day", as_share=True)):
        assert found(counts, test(counts, np.arange(shape_[1]) % 7, settings), settings) == []


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="series × slots"):
        test(np.zeros((2, 5)), [0] * 4)


def test_hours_are_slots_like_days() -> None:
    draw = np.random.default_rng(6)
    hour = np.arange(24 * 35)
    mean = np.where(hour % 24 < 8, 2, 30)
    counts = draw.poisson(mean, (4, len(hour)))
    counts[1, 800] = 200
    settings = Settings(baseline=24 * 28, least_slots=24 * 7)
    (burst,) = found(counts, test(counts, hour % 24, settings), settings)
    assert (burst.series, burst.peak) == (1, 800)


@pytest.mark.parametrize(
    ("count_", "mean", "variance", "chance"),
    [
        (0, 3, 3, 1),
        (1, 2, 2, 1 - np.exp(-2)),
        (3, 0, 0, 0),
        (1, 2, 4, 1 - 0.5**2),  # negative binomial of size 2 and chance 1/2: none with 1/4
        (np.nan, 1, 1, np.nan),
    ],
)
def test_chances_of_counts(count_: float, mean: float, variance: float, chance: float) -> None:
    assert at_least(count_, mean, variance) == pytest.approx(chance, nan_ok=True)


def test_chances_agree_with_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    draw = np.random.default_rng(7)
    mean = 10 ** draw.uniform(-3, 5, 3000)
    variance = mean * np.where(np.arange(3000) % 2, 1, 10 ** draw.uniform(0.01, 3, 3000))
    y = np.maximum(0, np.floor(mean + 3 * draw.normal(size=3000) * np.sqrt(variance)))
    poisson = stats.poisson.sf(y - 1, mean)
    size = mean**2 / np.maximum(variance - mean, 1e-9)
    wanted = np.where(variance > mean, stats.nbinom.sf(y - 1, size, mean / variance), poisson)
    assert at_least(y, mean, variance) == pytest.approx(wanted, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("too_little", [5, 5, 5]),
        ("too_little", [1] * 20),
        ("too_little", [0] * 30),
        ("steady", [100, 104, 98, 101, 99, 103, 97, 100, 102, 96, 101, 99]),
        ("steady", [4, 2, 5, 3, 4, 6, 2, 4, 3, 5, 4, 3]),
        ("inverted_v", [10, 12, 15, 20, 40, 90, 60, 30, 20, 14, 12, 10]),
        ("inverted_v", [60, 50, 50, 70, 80, 95, 140, 130, 110, 90, 60, 55, 50, 40]),
        ("front", [90, 80, 70, 60, 20, 10, 5, 4, 3, 2]),
        ("back", [2, 3, 4, 5, 10, 20, 60, 70, 80, 90]),
        ("rising", [50, 45, 60, 55, 70, 62, 75, 70, 85, 80]),
        ("falling", [80, 85, 70, 75, 62, 70, 55, 60, 45, 50]),
        ("fluctuating", [100, 30, 110, 25, 90, 40, 120, 20, 100, 35]),
    ],
)
def test_shapes_have_their_definitions(code: str, values: list[int]) -> None:
    assert shape(values) == code
    assert SHAPES[shape(values)].zh and SHAPES[shape(values)].en


def test_turning_time_round_turns_the_shape_round() -> None:
    turned = {"front": "back", "back": "front", "rising": "falling", "falling": "rising"}
    draw = np.random.default_rng(8)
    for _ in range(300):
        values = draw.poisson(10 ** draw.uniform(0.5, 3) * np.exp(draw.normal(0, 0.3, 15).cumsum()))
        code = shape(values)
        if code in turned:
            assert shape(values[::-1]) == turned[code]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Forty days of items: a topic bursts on the 35th, one day has none."""
    items, number = [], 0
    for day in range(40):
        if day == 20:
            continue
        for n in range(30):
            live = n < 4 or (day == 34 and n < 28)
            items.append(
                item(
                    number, hours=24 * day + n % 24, text=f"第{number}条{'套路' if live else '快递'}",
                    topics=["live"] if live else ["delivery"], channel=("微博", "客户端")[n % 2],
                    duplicate_of="0" if day == 34 and 10 <= n < 28 else None,
                )
            )  # fmt: skip
            number += 1
    return write(tmp_path / "items.parquet", items)


def test_series_of_a_store_lead_to_their_items(store: Path) -> None:
    with Annotated(store) as annotated:
        window = extent(annotated)
        assert window == Window(date(2022, 11, 1), date(2022, 12, 10))
        by_topic = daily(annotated, "topic", window)
        assert by_topic.names == ("delivery", "live") and by_topic.totals.sum() == 39 * 30
        assert by_topic.counts[1, [0, 20, 34]].tolist() == [4, 0, 28]
        assert not by_topic.observed[20] and by_topic.observed.sum() == 39
        query, values = by_topic.items(1, 33, 34).sql()
        assert annotated.rows(f"SELECT count(*) AS n FROM items WHERE {query}", values)[0]["n"] == 32
        assert daily(annotated, "topic", window, copies=False).counts[1, 34] == 10
        whole = daily(annotated, "all", window)
        assert whole.counts[0].tolist() == whole.totals.tolist()
        assert str(whole.items(0, 0, 1)) == "day:2022-11-01..2022-11-02"
        with pytest.raises(ValueError, match="not counted by the store"):
            daily(annotated, "phrase", window)


def test_phrases_by_day_are_the_same_series(store: Path) -> None:
    table = pq.read_table(store, columns=["id", "at", "text"])
    counted = count(table.to_batches(), ["套路"], Days(date(2022, 11, 1), 40))
    by_phrase = of_phrases(counted, date(2022, 11, 1))
    assert by_phrase.counts[0, [0, 20, 34]].tolist() == [4, 0, 28]
    assert str(by_phrase.items(0, 34, 34)) == "phrase:套路 and day:2022-12-05"


@pytest.mark.parametrize(("by", "series"), [("topic", "live"), ("phrase", "套路")])
def test_the_command_finds_the_burst_and_names_its_items(store: Path, by: str, series: str) -> None:
    done = CliRunner().invoke(command, [str(store), "--by", by, "--phrase", "套路", "--json"])
    assert done.exit_code == 0, done.output
    told = orjson.loads(done.stdout)
    assert (told["days_observed"], told["days_missing"]) == (39, 1)
    (burst,) = [b for b in told["bursts"] if b["series"] == series]
    assert (burst["peak"], burst["peak_items"], burst["open"]) == ("2022-12-05", 28, False)
    assert burst["where"] == f"{by}:{series} and day:2022-12-05"


def test_the_command_says_when_there_is_too_little(tmp_path: Path) -> None:
    path = write(tmp_path / "few.parquet", [item(n, hours=n, topics=["live"]) for n in range(30)])
    assert orjson.loads(CliRunner().invoke(command, [str(path), "--json"]).stdout)["too_little"]
    assert "Too little data" in CliRunner().invoke(command, [str(path), "--lang", "en"]).stdout


def test_items_without_a_time_are_refused_with_a_remedy(tmp_path: Path) -> None:
    path = write(tmp_path / "undated.parquet", [item(1, hours=None)])
    error = CliRunner().invoke(command, [str(path)]).exception
    assert isinstance(error, UsageError) and "no item has a time" in str(error)


def hot_search(path: Path, titles: list[tuple[Any, str]]) -> Path:
    """A hot-search list as it is published: day and title."""
    columns = {"day": [day for day, _ in titles], "title": [title for _, title in titles]}
    pq.write_table(pa.table(columns), path)
    return path


def test_a_hot_search_list_is_read_as_it_is(tmp_path: Path) -> None:
    titles = [((START + timedelta(days=n)).date(), f"第{n}天的{k}号") for n in range(40) for k in range(30)]
    titles += [((START + timedelta(days=35)).date(), f"某直播间（虚构）第{k}问") for k in range(12)]
    path = hot_search(tmp_path / "hot.parquet", [(str(day), title) for day, title in titles])
    asked = [str(path), "--share", "--phrase", "直播间", "--json"]
    told = orjson.loads(CliRunner().invoke(command, asked).stdout)
    assert ("直播间", "2022-12-06", 12) in [(b["series"], b["peak"], b["peak_items"]) for b in told["bursts"]]
    error = CliRunner().invoke(command, [str(path), "--by", "topic"]).exception
    assert isinstance(error, UsageError) and "annotate" in str(error)


def test_events_of_the_benchmark_stand_in_the_shared_list() -> None:
    shared = Path(os.environ.get("FAIRSTREAM_SHARED", Path(__file__).parents[3] / "shared"))
    path = shared / "data/weibo_hot_search_2020_2023.parquet"
    if not path.exists():
        pytest.skip("the hot-search list is not there; set FAIRSTREAM_SHARED")
    asked = [
        str(path),
        "--phrase",
        "薇娅",
        "--top",
        "1",
        "--share",
        "--from",
        "2021-10-01",
        "--to",
        "2021-12-31",
    ]
    told = orjson.loads(CliRunner().invoke(command, [*asked, "--json"]).stdout)
    assert "2021-12-20" in [b["start"] for b in told["bursts"] if b["series"] == "薇娅"]
