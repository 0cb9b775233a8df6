"""What reading disguised spellings costs: lawful texts flagged with it, less those flagged without."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fairstream.detect.engine import Scanner
from fairstream.errors import FormatError
from fairstream.evaluate.metrics import Share
from fairstream.records import Finding, Text

REVIEW_COLUMNS = ("review", "text")


@dataclass(frozen=True, slots=True)
class Added:
    """One set of lawful texts scanned twice.

    `new` are texts flagged only with the folds on, as (id of the text, rule, words); `lost` counts those
    flagged only with them off: a disguised reading can also settle that words are harmless.
    """

    name: str
    plain: Share
    evasive: Share
    new: tuple[tuple[str, str, str], ...]
    lost: int

    @property
    def points(self) -> float:
        """Percentage points that the folds add to the share of flagged texts; 0 for no texts."""
        return 100 * (self.evasive.hits - self.plain.hits) / self.plain.total if self.plain.total else 0.0

    def as_json(self) -> dict[str, object]:
        """Everything as plain data."""
        return {
            "name": self.name,
            "texts": self.plain.total,
            "plain": self.plain.as_json(),
            "evasive": self.evasive.as_json(),
            "added_points": self.points,
            "lost": self.lost,
            "new": [{"id": text, "rule": rule, "quote": quote} for text, rule, quote in self.new],
        }


def added(name: str, texts: Sequence[Text], evasive: Scanner, plain: Scanner) -> Added:
    """Scan the texts with both scanners, which differ in `evasion` alone, and compare."""
    on, off = evasive.scan(texts), plain.scan(texts)
    pairs = list(zip(texts, on, off, strict=True))
    new = tuple((text.id, *_first(found)) for text, found, before in pairs if found and not before)
    lost = sum(bool(before) and not found for _, found, before in pairs)
    return Added(name, Share.of(map(bool, off)), Share.of(map(bool, on)), new, lost)


def _first(found: Sequence[Finding]) -> tuple[str, str]:
    return found[0].rule, found[0].quote


def read_reviews(path: Path) -> list[Text]:
    """Consumers' reviews of a Parquet file (column `review` or `text`), read as a seller's words.

    A hard test: buyers praise freely, and none of it is a seller's claim. Raises `FormatError`.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        names = pq.read_schema(path).names
    except pa.ArrowInvalid as error:
        raise FormatError(f"not a Parquet file ({error})", file=path, remedy="give a Parquet file") from error
    column = next((name for name in REVIEW_COLUMNS if name in names), None)
    if column is None:
        cause = f"no column {' or '.join(REVIEW_COLUMNS)}, only {', '.join(names)}"
        raise FormatError(cause, file=path, remedy="rename the column that holds the words")
    words = pq.read_table(path, columns=[column])[column].to_pylist()
    return [
        Text(f"{path.stem}:{row}", str(text), medium="listing", speaker="seller")
        for row, text in enumerate(words)
        if text
    ]
