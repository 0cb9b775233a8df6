"""What the texts tell: one Arrow batch of posts in, the same items annotated out.

The function is pure: the same batch gives the same answer in this process, in a worker, or inside Spark's
`mapInArrow`. Texts are folded once, and polarity, topics and sketches share the folded batch.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import pyarrow as pa

from fairstream.columns import ANNOTATIONS, CARRIED, POSTS
from fairstream.opinion.polarity import PolarityModel
from fairstream.opinion.reading import Reader
from fairstream.opinion.sketch import Sketches, sketch
from fairstream.opinion.vouched import LEXICON, says_nothing, vouched
from fairstream.text.fold import Folder

BATCH: Final = 8192
"""Texts looked at together: what fits the processor's cache is fastest."""
POLARITIES: Final = pa.array(["neither", "complaint", "praise"])
"""Names of the codes of `Judged.polarity`."""
READ: Final = pa.schema([*(POSTS.field(name) for name in CARRIED), *ANNOTATIONS])
"""Columns after this stage; the rest of `columns.ANNOTATED` needs the whole window."""

Conducts = Callable[[list[str]], list[list[str]]]
"""Texts → conduct codes of each, from the rule engine."""


class Annotations(NamedTuple):
    """Items with what their texts tell (schema `READ`), and what finds their copies."""

    items: pa.RecordBatch
    sketches: Sketches


@dataclass(frozen=True, slots=True)
class Settings:
    """What an annotator is made of: a polarity model, folders of lists laid over the shipped ones."""

    model: Path | None = None
    lists: tuple[Path, ...] = ()

    def open(self, conducts: Conducts | None = None) -> "Annotator":
        """Load model and lists. Raises `InputError` and `RuleError` when a file of them is wrong."""
        return Annotator(PolarityModel.open(self.model), Reader.open(self.lists, conducts_of=conducts))


class Annotator:
    """Reads batches of posts."""

    def __init__(self, model: PolarityModel, reader: Reader) -> None:
        self._model, self._reader, self._folder = model, reader, Folder()
        self._nothing = says_nothing(reader.taxonomy.terms([f"@{LEXICON}"]))

    def __call__(self, posts: pa.RecordBatch) -> Annotations:
        """Annotations of each item, in the order given; columns that the batch lacks are null."""
        texts = posts.column("text").to_pylist()
        folded = self._folder.fold(texts, evasion=False)
        judged = self._model.judge(folded)
        known = vouched(_column(posts, "kind"), posts.column("text"), self._nothing)
        reading = self._reader.read(folded, judged, known)
        columns = [
            *(_column(posts, name) for name in CARRIED),
            reading.rights,
            POLARITIES.take(pa.array(judged.polarity)),
            pa.array(judged.score, pa.float32()),
            reading.topics,
            reading.aspects,
            reading.entities,
            reading.conducts,
        ]
        return Annotations(pa.RecordBatch.from_arrays(columns, schema=READ), sketch(folded, texts))


def slices(batches: Iterable[pa.RecordBatch], most: int = BATCH) -> Iterator[pa.RecordBatch]:
    """The same rows in batches of at most `most`."""
    for batch in batches:
        for start in range(0, len(batch), most):
            yield batch.slice(start, most)


def _column(posts: pa.RecordBatch, name: str) -> pa.Array:
    wanted = POSTS.field(name).type
    at = posts.schema.get_field_index(name)
    return pa.nulls(len(posts), wanted) if at < 0 else posts.column(at).cast(wanted)
