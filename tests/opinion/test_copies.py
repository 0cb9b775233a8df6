"""Groups of copies: which items are copies, of which, in memory and over files of sketches."""

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fairstream.errors import FormatError
from fairstream.opinion.copies import (
    CANDIDATE,
    I64,
    MOST,
    NEAR,
    _link,
    group,
    hashed,
    identities,
    in_time,
    likeness,
    link,
    milliseconds,
    narrow,
)
from fairstream.opinion.sketch import Sketches, sketch
from fairstream.opinion.windows import GROUPS, SketchWriter, group_units, read_groups
from fairstream.text.fold import Folder
from opinion.shared_data import shared

FOLDER = Folder()
UNKNOWN = np.iinfo(np.int64).min
LONG = "双十一买的吹风机用了两天就坏了，联系客服一直不回复，太让人失望了"


def sketched(texts: Sequence[str]) -> Sketches:
    parts = [
        sketch(FOLDER.fold(texts[begin : begin + 4096], evasion=False), texts[begin : begin + 4096])
        for begin in range(0, max(1, len(texts)), 4096)
    ]
    return Sketches(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def grouped(*texts: str, at: Sequence[int] | None = None, **keys: list[str | None]) -> list[int]:
    times = None if at is None else np.array(at, dtype=np.int64)
    columns = {name: hashed(pa.array(values, pa.string())) for name, values in keys.items()}
    return group(sketched(texts), times, texts=texts, **columns).tolist()


def invented(count: int, seed: int) -> list[str]:
    """Sentences of random Han characters, nothing like one another."""
    rng = np.random.default_rng(seed)
    return ["".join(map(chr, rng.integers(0x4E00, 0x8000, rng.integers(25, 70)))) for _ in range(count)]


def shifted(seed: int) -> list[str]:
    """Five texts of 30 letters, each beginning five letters after the one before."""
    letters = "".join(invented(4, seed))
    return [letters[start : start + 30] for start in range(0, 25, 5)]


def changed(text: str, share: float, rng: random.Random) -> str:
    """The text with this share of its characters replaced, dropped or doubled."""
    letters = list(text)
    for place in range(len(letters)):
        if rng.random() < share:
            letters[place] = rng.choice([chr(rng.randrange(0x4E00, 0x8000)), "", letters[place] * 2])
    return "".join(letters)


class TestRules:
    def test_equal_words_are_copies_of_the_earliest_whatever_stands_around_them(self) -> None:
        other = "【转】" + LONG.replace("，", "！") + "😡😡 http://t.cn/A6x @小王"
        assert grouped(other, LONG, "别的话" * 9, at=[5, 3, 1]) == [1, 1, 2]

    def test_equal_times_keep_the_order_of_rows(self) -> None:
        assert grouped(LONG, LONG, at=[7, 7]) == [0, 0]

    def test_an_unknown_time_is_later_than_any_other(self) -> None:
        assert grouped(LONG, LONG, LONG, at=[UNKNOWN, 9, UNKNOWN]) == [1, 1, 1]

    def test_short_words_by_different_people_are_different_opinions(self) -> None:
        assert grouped("质量很好很喜欢", "质量很好很喜欢", author=["甲", "乙"]) == [0, 1]
        assert grouped("好评", "好评") == [0, 1]

    def test_short_words_said_again_by_one_author_are_copies(self) -> None:
        texts = ["好评", "[赞]", "好评", "[赞]", "好评"]
        assert grouped(*texts, author=["甲", "甲", "甲", "甲", None]) == [0, 1, 0, 1, 4]

    def test_laughter_is_short_however_long(self) -> None:
        assert grouped("哈" * 40, "哈" * 40, "哈" * 41) == [0, 1, 2]

    def test_mere_reposts_are_copies_within_their_thread(self) -> None:
        texts = ["转发微博", "轉發微博。", "转发", "Repost"]
        assert grouped(*texts, thread=["1", "1", "2", "2"]) == [0, 0, 2, 2]
        assert grouped(*texts) == [0, 0, 0, 0]

    def test_a_repost_without_own_words_is_a_copy_of_whom_it_quotes(self) -> None:
        assert grouped(LONG, f"转发微博//@甲:{LONG}//@乙:别的原文") == [0, 0]

    def test_a_comment_on_a_repost_is_none(self) -> None:
        assert grouped(LONG, f"我家的也是这样子的，再也不买了//@甲:{LONG}") == [0, 1]

    def test_near_copies_join_the_first_and_not_one_another(self) -> None:
        near = LONG.replace("两天", "三天")
        assert grouped(LONG, near, near + "，大家避雷") == [0, 0, 0]

    def test_groups_do_not_drift_along_a_chain(self) -> None:
        found = grouped(*shifted(5))
        # Neighbours share 23 of 33 runs, the first and the third 18 of 38, the first and the fourth 13 of 43.
        assert found == [0, 0, 2, 2, 4]

    def test_half_of_a_long_text_is_no_copy_of_it(self) -> None:
        text = invented(1, 9)[0] * 2 + invented(1, 10)[0]
        assert grouped(text, text[: len(text) // 3]) == [0, 1]

    def test_empty_texts_are_nobodys_copy(self) -> None:
        assert grouped("", "", "\x00", " ") == [0, 1, 2, 3]

    def test_nothing_gives_nothing(self) -> None:
        assert grouped() == []

    def test_without_texts_the_fingerprints_decide(self) -> None:
        texts = [LONG, LONG.replace("两天", "三天"), *invented(50, 3)]
        found = group(sketched(texts))
        assert found.tolist() == [0, 0, *range(2, 52)]


class TestPlanted:
    @pytest.mark.parametrize(("share", "least"), [(0.05, 0.85), (0.1, 0.5), (0.3, 0.0)])
    def test_changed_copies_are_found_and_strangers_are_not(self, share: float, least: float) -> None:
        rng = random.Random(8)
        texts = invented(1500, 21)
        copies = [changed(text, share, rng) for text in texts]
        found = group(sketched(texts + copies), texts=texts + copies)
        assert (found[:1500] == np.arange(1500)).all()
        own = np.arange(1500, 3000)
        assert np.isin(found[1500:] - np.arange(1500), [0, 1500]).all()
        assert (found[1500:] != own).mean() >= least

    def test_texts_built_alike_by_different_people_are_no_copies(self) -> None:
        # 400 of 8 ** 4 sentences of four pieces of twelve letters, no two with three in common.
        rng, pieces = np.random.default_rng(12), invented(32, 23)
        codes = {(a, b, (a + b) % 8, (a + 3 * b) % 8) for a in range(8) for b in range(8)}
        texts = ["".join(pieces[8 * at + code][:12] for at, code in enumerate(row)) for row in sorted(codes)]
        texts = [texts[place] for place in rng.permutation(len(texts))]
        assert group(sketched(texts)).tolist() == list(range(len(texts)))
        assert group(sketched(texts), texts=texts).tolist() == list(range(len(texts)))

    def test_fingerprints_decide_as_the_texts_do(self) -> None:
        rng = random.Random(10)
        texts = invented(1000, 24)
        texts += [changed(text, 0.02 + 0.18 * rng.random(), rng) for text in texts]
        sketches = sketched(texts)
        quick, exact = group(sketches), group(sketches, texts=texts)
        assert 500 < (exact != np.arange(2000)).sum() < 900
        assert (quick == exact).mean() > 0.96

    def test_the_wide_table_of_very_many_texts_gives_the_same(self) -> None:
        texts = invented(300, 22)
        rng = random.Random(9)
        sketches = sketched([*texts, *(changed(text, 0.05, rng) for text in texts)])
        empty = np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.int64)
        columns = (narrow(sketches.minima), sketches.length, sketches.bins, *empty)
        wide = np.zeros((8, 1024), dtype=np.uint64)
        found = _link(*columns, False, NEAR, CANDIDATE, wide, 32)
        assert found.tolist() == link(*columns).tolist()
        assert (found >= 0).sum() > 200


class TestLikeness:
    def test_it_is_the_share_of_equal_runs_without_chance_agreement(self) -> None:
        rng = np.random.default_rng(4)
        one, other = rng.integers(1, 256, (2, 4000, 64), dtype=np.uint8)
        assert likeness(one, one).tolist() == [1.0] * 4000
        other[:, :32] = one[:, :32]  # without the correction the mean is 0.502
        assert likeness(one, other).mean() == pytest.approx(0.5, abs=0.001)
        one[:, 16:32] = 0
        assert likeness(one, other).mean() == pytest.approx(0.25, abs=0.001)

    def test_nothing_is_like_nothing(self) -> None:
        empty = np.zeros((1, 64), dtype=np.uint8)
        assert likeness(empty, empty).tolist() == [0.0]
        assert likeness(empty[:0], empty[:0]).tolist() == []


class TestCrowds:
    """Many leaders that share a band of minima."""

    @staticmethod
    def crowd(count: int) -> tuple[np.ndarray, ...]:
        rng = np.random.default_rng(6)
        minima = rng.integers(0, 1 << 16, (count, 16)).astype(np.uint16)
        return minima, np.full(count, 50, dtype=np.int32), rng.integers(1, 256, (count, 64), dtype=np.uint8)

    def test_a_crowded_band_does_not_hide_a_copy_that_shares_another(self) -> None:
        minima, length, bins = self.crowd(200)
        minima[:, :2] = 7
        minima[199], bins[199] = minima[198], bins[198]
        assert link(minima, length, bins).tolist() == [*[-1] * 199, 198]

    def test_of_leaders_alike_in_all_bands_the_earliest_are_compared(self) -> None:
        minima, length, bins = self.crowd(60)
        minima[:] = 7
        bins[58], bins[59] = bins[MOST - 1], bins[MOST]
        assert link(minima, length, bins).tolist() == [*[-1] * 58, MOST - 1, -1]


class TestHashes:
    def test_strings_are_hashed_alike_in_any_column(self) -> None:
        plain = pa.array(["甲", None, "乙", "甲", ""])
        expected = hashed(plain)
        assert expected[1] == 0
        assert expected[0] == expected[3]
        assert len(set(expected.tolist())) == 4
        for column in (
            plain.dictionary_encode(),
            plain.cast(pa.large_string()),
            pa.chunked_array([plain[:2], plain[2:]]),
            pa.concat_arrays([pa.array(["丙"]), plain])[1:],
        ):
            assert hashed(column).tolist() == expected.tolist()
        assert hashed(pa.array([], pa.string())).tolist() == []
        assert hashed(pa.nulls(2, pa.string())).tolist() == [0, 0]
        assert hashed(pa.chunked_array([], pa.string())).tolist() == []

    def test_times_are_milliseconds_and_null_is_the_least_number(self) -> None:
        column = pa.array([1, None], pa.timestamp("s", tz="UTC"))
        assert milliseconds(column).tolist() == [1000, UNKNOWN]
        assert in_time(np.array([UNKNOWN, 5, 3], dtype=np.int64)).tolist() == [2, 1, 0]

    def test_identity_is_zero_where_nothing_can_be_equal(self) -> None:
        found = identities(sketched(["好评", "[赞]", LONG, "转发微博"]))
        assert (found == 0).tolist() == [True, True, False, False]


def window(count: int, seed: int) -> tuple[list[str], I64]:
    """Texts of which a third are exact or near copies of earlier ones, in no order of time."""
    rng = random.Random(seed)
    texts = invented(count, seed)
    for row in range(1, count):
        kind = rng.random()
        if kind < 0.3:
            source = texts[rng.randrange(row)]
            texts[row] = source if kind < 0.2 else changed(source, 0.03, rng)
    at = np.array([rng.randrange(10**9) if rng.random() < 0.9 else UNKNOWN for _ in texts], dtype=np.int64)
    return texts, at


def write(sketches: Sketches, at: I64, folder: Path, size: int) -> list[Path]:
    files = []
    for begin in range(0, len(at), size):
        files.append(folder / f"{begin:06}.sketches")
        with SketchWriter(files[-1]) as writer:
            for part in (slice(begin, begin + size // 2), slice(begin + size // 2, begin + size)):
                writer.add(Sketches(*(column[part] for column in sketches)), at[part])
    return files


def groups(files: list[Path], out: Path, workers: int = 1, **keys: int) -> list[int]:
    tables = [read_groups(path) for path in group_units(files, out, workers, **keys)]
    assert all(table.schema.equals(GROUPS) for table in tables)
    return [number for table in tables for number in table["copy_group"].to_pylist()]


class TestUnits:
    def test_units_give_the_groups_of_the_whole(self, tmp_path: Path) -> None:
        texts, at = window(3000, 4)
        sketches = sketched(texts)
        files = write(sketches, at, tmp_path, 700)
        assert groups(files, tmp_path / "out") == group(sketches, at).tolist()

    def test_rows_lead_to_unit_and_row_of_the_first(self, tmp_path: Path) -> None:
        at = np.array([3, 2, 1], dtype=np.int64)
        files = write(sketched([LONG, "好评", LONG]), at, tmp_path, 2)
        tables = [read_groups(path).to_pylist() for path in group_units(files, tmp_path / "out")]
        assert tables == [
            [
                {"first_unit": 1, "first_row": 0, "copy_group": 2},
                {"first_unit": -1, "first_row": -1, "copy_group": 1},
            ],
            [{"first_unit": -1, "first_row": -1, "copy_group": 2}],
        ]

    def test_the_number_of_workers_changes_nothing(self, tmp_path: Path) -> None:
        texts, at = window(1200, 5)
        files = write(sketched(texts), at, tmp_path, 500)
        alone = groups(files, tmp_path / "one", 1, window=150)
        assert groups(files, tmp_path / "two", 2, window=150) == alone

    def test_small_windows_lose_only_copies_far_apart(self, tmp_path: Path) -> None:
        texts, at = window(3000, 6)
        sketches = sketched(texts)
        whole = group(sketches, at)
        found = np.array(groups(write(sketches, at, tmp_path, 900), tmp_path / "out", window=200))
        exact = sketches.key[whole] == sketches.key
        assert (found[exact] != np.arange(3000)[exact]).sum() >= 0.95 * (whole != np.arange(3000))[
            exact
        ].sum()
        copies = found != np.arange(3000)
        assert (whole[found] == whole)[copies].mean() > 0.99  # between two groups either may be joined
        assert copies.sum() < (whole != np.arange(3000)).sum()

    def test_a_chain_over_slices_leads_to_its_first_item_or_is_cut(self, tmp_path: Path) -> None:
        base, strangers = invented(1, 31)[0] * 2, invented(60, 32)
        near = [base[:place] + "变" + base[place + 1 :] for place in (3, 12, 21, 30, 9)]
        drift = shifted(5)
        texts = [
            text for place in range(5) for text in (near[place], drift[place], *strangers[9 * place :][:9])
        ]
        files = write(sketched(texts), np.arange(len(texts), dtype=np.int64), tmp_path, 100)
        found = groups(files, tmp_path / "out", window=11)
        assert found[::11] == [0] * 5
        assert found[1::11] == [1, 1, 23, 34, 34]

    def test_empty_units_and_no_units(self, tmp_path: Path) -> None:
        with SketchWriter(tmp_path / "a"):
            pass
        empty = sketched([])
        with SketchWriter(tmp_path / "b") as writer:
            writer.add(empty, np.zeros(0, dtype=np.int64))
        assert groups([tmp_path / "a", tmp_path / "b"], tmp_path / "out") == []
        assert group_units([], tmp_path / "none") == []

    def test_nothing_but_the_groups_is_left_behind(self, tmp_path: Path) -> None:
        files = write(sketched([LONG]), np.zeros(1, dtype=np.int64), tmp_path, 2)
        group_units(files, tmp_path / "out")
        assert [path.name for path in (tmp_path / "out").iterdir()] == ["copies-00000.arrow"]

    @pytest.mark.parametrize("content", [b"", b"nothing of the kind"])
    def test_a_file_of_something_else_is_named(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "bad").write_bytes(content)
        with pytest.raises(FormatError, match=r"bad: this is no file of sketches"):
            group_units([tmp_path / "bad"], tmp_path / "out")

    def test_a_unit_that_failed_leaves_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(ZeroDivisionError), SketchWriter(tmp_path / "a"):
            raise ZeroDivisionError
        assert not (tmp_path / "a").exists()


class TestRealTexts:
    def test_phone_reviews(self) -> None:
        texts = pq.read_table(shared("data/jd_phone_reviews_2020.parquet"))["text"].to_pylist()
        found = group(sketched(texts), texts=texts)
        first: dict[str, int] = {}
        exact = [first.setdefault(text, row) for row, text in enumerate(texts)]
        rows = np.arange(len(texts))
        assert (np.array(exact) != rows).sum() == 471
        assert (found[exact] == found).all()
        assert 640 <= (found != rows).sum() <= 690
