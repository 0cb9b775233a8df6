"""Posts in, annotated items out: the same whatever the number of processes, nothing lost, nothing doubled."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fairstream.columns import ANNOTATED, INVENTED
from fairstream.errors import LimitError
from fairstream.opinion.aggregate import Window
from fairstream.opinion.annotate import Settings, slices
from fairstream.opinion.annotating import Done, Job, annotate
from fairstream.opinion.invented import part, plan
from fairstream.sources.posts.open import open_posts
from fairstream.sources.problems import ProblemLog

WINDOW = Window(date(2022, 11, 1), date(2022, 11, 5))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three files of a made-up window; the last repeats a hundred items of the first."""
    made = plan(3000, WINDOW)
    whole = part(made, 0, slice(0, made.kinds.shape[1]), 5).posts
    folder = tmp_path_factory.mktemp("posts")
    for number, (start, stop) in enumerate([(0, 1200), (1200, 2400), (2400, 3000)]):
        table = whole.slice(start, stop - start)
        if number == 2:
            table = pa.concat_tables([table, whole.slice(0, 100)])
        pq.write_table(table, folder / f"{number}.parquet")
    return folder


def run(folder: Path, out: Path, **more: object) -> Done:
    units = open_posts([folder], salt=b"test").units
    return annotate(Job(units, out, **more))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def one(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Done, pa.Table]:
    out = tmp_path_factory.mktemp("out") / "annotated.parquet"
    return run(folder, out), pq.read_table(out)


def test_every_item_is_there_once_in_its_order(one: tuple[Done, pa.Table], folder: Path) -> None:
    done, table = one
    before = pq.read_table(folder / "0.parquet")["id"].to_pylist()
    assert done.repeated == 100
    assert done.items == len(table) == len(set(table["id"].to_pylist()))
    assert table["id"].to_pylist()[:1200] == before
    assert table.schema.equals(ANNOTATED)
    assert done.problems == ()


def test_copies_point_to_an_earlier_item_with_the_same_group(one: tuple[Done, pa.Table]) -> None:
    done, table = one
    items = {row["id"]: row for row in table.to_pylist()}
    copies = [row for row in items.values() if row["duplicate_of"] is not None]
    assert done.copies == len(copies) > 300
    for row in copies:
        first = items[row["duplicate_of"]]
        assert first["duplicate_of"] is None
        assert first["copy_group"] == row["copy_group"]
        assert first["at"] <= row["at"]
    assert len({row["copy_group"] for row in items.values()}) == len(items) - len(copies)


@pytest.mark.parametrize("name", ["two.parquet", "two"])
def test_two_processes_give_the_same_as_one(
    one: tuple[Done, pa.Table], folder: Path, tmp_path: Path, name: str
) -> None:
    done = run(folder, tmp_path / name, workers=2)
    assert pq.read_table(tmp_path / name).equals(one[1])
    assert (done.items, done.copies, done.suspicious) == (one[0].items, one[0].copies, one[0].suspicious)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_the_mark_of_made_up_items_stays(folder: Path, tmp_path: Path) -> None:
    run(folder, tmp_path / "a.parquet", invented=True)
    assert (pq.read_schema(tmp_path / "a.parquet").metadata or {})[INVENTED] == b"true"


def test_a_folder_with_files_is_not_written_over(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("mine")
    with pytest.raises(LimitError, match="not empty"):
        run(folder, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


@dataclass(frozen=True)
class Rows:
    """A unit of given texts, with nothing else known."""

    texts: tuple[str, ...]
    file: str = "made up"

    def read(self, log: ProblemLog | None = None) -> Iterator[pa.RecordBatch]:
        """One batch without optional columns; none for no rows."""
        if self.texts:
            ids = [str(number) for number in range(len(self.texts))]
            yield pa.RecordBatch.from_pydict({"id": ids, "text": list(self.texts)})


HOSTILE = ("", "好", "\0\n\r\t", "转发微博", "😀" * 3, "长" * 200_000, "//@甲：假货，退钱", "a" * 50_000)


def test_hostile_texts_without_times_authors_and_channels(tmp_path: Path) -> None:
    done = annotate(Job((Rows(HOSTILE), Rows(()), Rows(("快递太慢了，等了十天",))), tmp_path / "a.parquet"))
    table = pq.read_table(tmp_path / "a.parquet")
    # The third unit's only item has the id of the first unit's first: without a channel it is the same item.
    assert done.items == len(table) == len(HOSTILE)
    assert table["text"].to_pylist()[: len(HOSTILE)] == list(HOSTILE)
    assert table["at"].null_count == table["channel"].null_count == len(table)
    assert all(0 <= score <= 1 for score in table["complaint_score"].to_pylist())
    assert set(table["polarity"].to_pylist()) <= {"complaint", "praise", "neither"}


def test_nothing_in_nothing_out(tmp_path: Path) -> None:
    done = annotate(Job((Rows(()),), tmp_path / "a.parquet"))
    assert (done.items, done.copies) == (0, 0)
    assert pq.read_table(tmp_path / "a.parquet").schema.equals(ANNOTATED)


def test_an_item_does_not_depend_on_its_batch() -> None:
    annotator = Settings().open()
    texts = ["主播卖假货不给退款", "快递第二天就到了，满意", "今天天气不错", "", "满减看不懂，全是套路"] * 3
    whole = pa.RecordBatch.from_pydict({"id": [str(n) for n in range(len(texts))], "text": texts})
    together = annotator(whole).items
    apart = [annotator(batch).items for batch in slices([whole], 1)]
    assert together.equals(pa.Table.from_batches(apart).combine_chunks().to_batches()[0])
