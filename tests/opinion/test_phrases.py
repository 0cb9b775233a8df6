"""Phrases: found, counted exactly, compared with a background."""

import math
import random
from collections.abc import Sequence
from datetime import date
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from fairstream.cli.opinion_phrases import phrases as command
from fairstream.opinion.alarms import chance_of, false_discovery, likelihood_ratio
from fairstream.opinion.candidates import Demands, mine, sample, stop_phrases, unexplained
from fairstream.opinion.novelty import Standard, new_phrases, rate_ratio, too_little
from fairstream.opinion.phrases import (
    CountParts,
    Counts,
    Days,
    Trie,
    count,
    occurrences,
    row_groups,
    top,
)
from fairstream.store.run import run
from fairstream.text.fold import Folder
from opinion.items import item, write

GOODS = ["快递", "客服", "主播", "商家", "衣服", "手机", "面膜", "退款", "价格", "赠品", "包装", "颜色"]
SAYS = ["太慢", "很差", "不行", "涨价", "降价", "真香", "翻车", "满意", "骗人", "漂亮"]

BEFORE = ["今晚", "都是", "全体", "可怜", "这种", "看透", "昨天", "简直", "家里", "三个"]


def posts(count_: int, seed: int, *, double11: bool = False) -> list[str]:
    """Made-up posts; those of a promotion speak of 尾款人 and 套路."""
    draw = random.Random(seed)
    texts = []
    for number in range(count_):
        text = f"{draw.choice(GOODS)}{draw.choice(SAYS)}，{draw.choice(GOODS)}{draw.choice(SAYS)}"
        if double11 and number % 9 == 0:
            text = f"{draw.choice(BEFORE)}尾款人{draw.choice(GOODS)}，" + text
        if number % 11 == 0 and (double11 or number % 220 == 0):
            text += f"，{draw.choice(BEFORE)}套路{draw.choice('啊了吧！')}"
        texts.append(text)
    return texts


def batch(texts: Sequence[str | None], **more: Any) -> pa.RecordBatch:
    """A batch of texts with ids."""
    columns: dict[str, Any] = {
        "id": [str(n) for n in range(len(texts))],
        "text": pa.array(texts, pa.string()),
    }
    return pa.record_batch(columns | more)


def test_promotion_words_are_new_against_a_quiet_background() -> None:
    window, quiet = batch(posts(4000, 1, double11=True)), batch(posts(4000, 2))
    found = mine(sample([window], len(window))).phrases
    new = new_phrases(count([window], found), count([quiet], found))
    assert {new[0].phrase, new[1].phrase} == {"尾款人", "套路"}
    tail, trick = (next(row for row in new if row.phrase == word) for word in ("尾款人", "套路"))
    assert (
        tail.unseen
        and tail.before == 0
        and tail.items == sum("尾款人" in t for t in posts(4000, 1, double11=True))
    )
    assert not trick.unseen and trick.low > 10 and trick.low < trick.ratio < trick.high
    assert all(row.q <= 0.01 for row in new)


def test_nothing_is_new_between_two_quiet_windows() -> None:
    a, b = batch(posts(4000, 3)), batch(posts(4000, 4))
    found = mine(sample([a], len(a))).phrases
    assert new_phrases(count([a], found), count([b], found), standard=Standard(rate=0.01, ratio=1.0)) == []


def test_a_part_of_a_phrase_is_not_a_phrase_of_its_own() -> None:
    found = mine(posts(4000, 1, double11=True)).phrases
    assert "尾款人" in found
    assert "款人" not in found and "尾款" not in found


def test_longer_phrases_replace_what_they_account_for() -> None:
    kept = unexplained(["款人", "尾款人", "尾款"], np.array([100, 80, 200]), 0.7)
    assert kept.tolist() == [1, 2]


def test_counts_are_of_items_and_exact() -> None:
    texts = ["套路套路", "都是套路，套 路", "", None, "没有", "ＴＡＯ套路\n套路", "尾款人", "款人"]
    counted = count([batch(texts)], ["套路", "款人", "尾款人", "尾款人来"])
    assert counted.items[0].tolist() == [3, 2, 1, 0]
    assert counted.total.tolist() == [8]
    assert counted.examples == (("0", "1", "5"), ("6", "7"), ("6",), ())


def test_counts_agree_with_looking_into_every_reading() -> None:
    texts = posts(3000, 5, double11=True)
    found = mine(texts).phrases
    folded = Folder().fold(texts, evasion=False)
    readings = [folded.reading(n) for n in range(len(texts))]
    counted = count([batch(texts)], found)
    assert len(found) > 30
    assert counted.items[0].tolist() == [sum(p in r for r in readings) for p in found]


def test_traditional_and_wide_writing_counts_as_the_same_phrase() -> None:
    assert count([batch(["全是套路", "賣家的套路", "５折優惠"])], ["套路", "5折优惠"]).items[0].tolist() == [
        2,
        1,
    ]


def test_copies_count_among_items_only() -> None:
    rows = batch(["套路", "套路", "套路"], duplicate_of=pa.array([None, "0", "0"], pa.string()))
    counted = count([rows], ["套路"])
    assert (counted.items[0, 0], counted.first[0, 0]) == (3, 1)
    assert (counted.total[0], counted.total_first[0]) == (3, 1)
    assert counted.examples == (("0", "1", "2"),)


def test_originals_are_shown_before_copies() -> None:
    rows = batch(["套路"] * 5, duplicate_of=pa.array(["x", "x", None, "x", None], pa.string()))
    assert count([rows], ["套路"]).examples == (("2", "4", "0"),)


def test_days_are_days_of_china_and_others_lie_outside() -> None:
    times = ["10-31T15:59:59", "10-31T16:00:00", "11-01T16:00:00", "11-03T16:00:00"]
    at = pa.array([*(f"2022-{time}Z" for time in times), None]).cast(pa.timestamp("ms", tz="UTC"))
    rows = batch(["套路"] * 5, at=at)
    counted = count([rows], ["套路"], Days(date(2022, 11, 1), 2))
    assert counted.items[:, 0].tolist() == [1, 1] and counted.total.tolist() == [1, 1]
    assert count([rows], ["套路"], Days(date(2022, 11, 1), 2, merged=True)).items.tolist() == [[2]]


def test_parts_add_up_to_the_whole(tmp_path: Path) -> None:
    texts = posts(500, 6, double11=True)
    path = tmp_path / "items.parquet"
    pq.write_table(pa.Table.from_batches([batch(texts)]), path, row_group_size=100)
    work = CountParts(("套路", "尾款人", "快递"))
    parts = reduce(add, run(work, row_groups([path])))
    whole = count([batch(texts)], work.phrases)
    assert parts.items.tolist() == whole.items.tolist() and parts.examples == whole.examples


def test_two_processes_count_the_same(tmp_path: Path) -> None:
    path = tmp_path / "items.parquet"
    pq.write_table(pa.Table.from_batches([batch(posts(300, 7, double11=True))]), path, row_group_size=150)
    work, units = CountParts(("套路", "尾款人")), row_groups([path])
    one, two = run(work, units), run(work, units, workers=2)
    assert [part.items.tolist() for part in one] == [part.items.tolist() for part in two]


@pytest.mark.parametrize("texts", [[], [""], ["好"], ["套路"] * 100, ["\0\0套路\0"], ["套路" * 500_000]])
def test_odd_texts_are_no_trouble(texts: list[str]) -> None:
    assert mine(texts).sample == len(texts)
    counted = count([batch(texts)], ["套路"])
    assert counted.items[0, 0] == sum("套路" in text for text in texts)
    assert top(counted) == [] or top(counted)[0].phrase == "套路"


def test_no_phrase_at_all_counts_nothing() -> None:
    counted = count([batch(["套路"])], [])
    assert counted.items.shape == (1, 0) and top(counted) == []
    assert new_phrases(counted, counted) == []


@pytest.mark.parametrize("phrase", ["", "套\n路"])
def test_a_phrase_that_cannot_stand_in_a_reading_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match="empty or holds a line end"):
        Trie([phrase])


def test_occurrences_give_each_pair_once_by_row() -> None:
    folded = Folder().fold(["套路，套路", "没有", "尾款人的套路"], evasion=False)
    rows, numbers = occurrences(folded, Trie(["套路", "款人", "尾款人"]))
    assert rows.tolist() == [0, 2, 2, 2] and sorted(numbers[1:].tolist()) == [0, 1, 2] and numbers[0] == 0


def test_stop_phrases_and_bare_numbers_are_not_mined() -> None:
    draw = random.Random(8)
    texts = [f"{draw.choice(GOODS)}我们没有12345{draw.choice(SAYS)}哈哈哈" for _ in range(2000)]
    found = mine(texts, Demands(freedom=0.1)).phrases
    assert "我们" not in found and "没有" not in found and "12345" not in found
    assert not any("哈" in phrase for phrase in found)


def test_a_latin_word_is_not_cut() -> None:
    draw = random.Random(9)
    texts = [f"{draw.choice(GOODS)}iphone手机{draw.choice(SAYS)}" for _ in range(1000)]
    found = mine(texts, Demands(freedom=0.1, explained=1.1)).phrases
    assert "iphone手" not in found and not any(phrase.startswith(("phone", "one", "e")) for phrase in found)


def test_the_sample_leaves_out_copies_and_repeats() -> None:
    rows = batch(["a", "b", "b", "c", None, ""], duplicate_of=pa.array([None, None, None, "0", None, None]))
    assert sample([rows], 6) == ("a", "b")
    assert 60 < len(sample([batch([f"第{n}" for n in range(1000)])], 1000, most=100)) < 150


def test_the_stop_list_is_read_folded() -> None:
    words = sorted(stop_phrases().phrases)
    folded = Folder().fold(words, evasion=False)
    assert [folded.reading(n) for n in range(len(words))] == words


def counts(a: Sequence[int], n: int, raw: Sequence[int] | None = None) -> Counts:
    first = np.array([a])
    names = tuple(f"词{chr(0x4E00 + k)}" for k in range(len(a)))
    items = first if raw is None else np.array([raw])
    return Counts(names, items, first, np.array([n]), np.array([n]), ((),) * len(a))


def test_the_statistic_is_dunnings() -> None:
    seen = [(110, 60), (890, 940), (10, 60), (990, 940)]
    by_hand = 2 * sum(here * math.log(here / expected) for here, expected in seen)
    assert likelihood_ratio([110], [1000], [10], [1000])[0] == pytest.approx(by_hand)
    assert likelihood_ratio([0], [10], [0], [10])[0] == 0
    assert chance_of([3.841458820694124])[0] == pytest.approx(0.05)


def test_the_ratio_has_katz_interval() -> None:
    one = np.ones(1)
    ratio, low, high = rate_ratio(20 * one, 100 * one, 10 * one, 100 * one)
    assert ratio[0] == pytest.approx(20.5 / 10.5)
    assert (low[0], high[0]) == (pytest.approx(0.978, abs=0.002), pytest.approx(3.897, abs=0.005))


def test_copies_alone_make_nothing_new() -> None:
    window, before = counts([2], 1000, raw=[900]), counts([2], 1000)
    assert new_phrases(window, before) == []


def test_a_small_ratio_is_not_new_however_sure() -> None:
    window, before = counts([120_000], 1_000_000), counts([100_000], 1_000_000)
    assert new_phrases(window, before) == []
    assert len(new_phrases(window, before, standard=Standard(ratio=1.1))) == 1


def test_different_phrases_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="different phrases"):
        new_phrases(counts([1], 10), counts([1, 2], 10))


def test_too_little_is_said() -> None:
    assert too_little(counts([1], 199), counts([1], 200)) == ["window"]


def test_false_discovery_is_benjamini_and_hochbergs() -> None:
    p = [0.01, 0.04, 0.03, np.nan, 0.005]
    assert false_discovery(p).tolist() == pytest.approx([0.02, 0.04, 0.04, np.nan, 0.02], nan_ok=True)
    stricter = false_discovery(p, dependent=True)
    assert stricter[0] == pytest.approx(0.02 * (1 + 1 / 2 + 1 / 3 + 1 / 4))
    assert false_discovery([]).tolist() == []


@pytest.fixture
def windows(tmp_path: Path) -> tuple[Path, Path]:
    texts = posts(1500, 1, double11=True), posts(1500, 2)
    paths = tmp_path / "window.parquet", tmp_path / "quiet.parquet"
    for path, own in zip(paths, texts, strict=True):
        write(path, [item(n, hours=n % 480, text=text) for n, text in enumerate(own)])
    return paths


def test_the_command_names_the_items_behind_each_phrase(windows: tuple[Path, Path]) -> None:
    done = CliRunner().invoke(
        command, [str(windows[0]), "--background", str(windows[1]), "--together", "--workers", "1", "--json"]
    )
    assert done.exit_code == 0, done.output
    found = orjson.loads(done.stdout)
    new = {row["phrase"]: row for row in found["new"]}
    assert {"尾款人", "套路"} <= set(new)
    assert new["尾款人"]["where"] == "phrase:尾款人" and len(new["尾款人"]["examples"]) == 3
    assert found["items"] == 1500 and found["background"]["too_little"] == []


def test_the_command_keeps_to_the_days_and_items_asked_for(windows: tuple[Path, Path]) -> None:
    days = ["--from", "2022-11-02", "--to", "2022-11-03"]
    run_ = CliRunner()
    by_day = orjson.loads(run_.invoke(command, [str(windows[0]), *days, "--workers", "1", "--json"]).stdout)
    by_words = orjson.loads(
        run_.invoke(command, [str(windows[0]), *days, "--where", "complaint", "--json"]).stdout
    )
    assert by_day["items"] == by_words["items"] == sum(24 <= n % 480 < 72 for n in range(1500))
    assert [row["items"] for row in by_day["phrases"]] == [row["items"] for row in by_words["phrases"]]
    assert by_words["phrases"][0]["where"].startswith("complaint and phrase:")


def test_the_command_prints_tables_in_both_languages(windows: tuple[Path, Path]) -> None:
    for language, title in (("zh", "新短语"), ("en", "New phrases")):
        done = CliRunner().invoke(
            command, [str(windows[0]), "--background", str(windows[1]), "--workers", "1", "--lang", language]
        )
        assert done.exit_code == 0 and title in done.stdout
