"""Labelled texts and word lists that train the polarity model."""

import csv
import math
import random
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from fairstream.errors import EncodingError, FormatError, RuleError

__all__ = ["WORDS", "Labelled", "read_labelled", "read_plain", "read_words"]

NEITHER, COMPLAINT, PRAISE = 0, 1, 2
WORDS: Final = Path(__file__).parent / "data" / "polarity_words.yaml"
TEXTS: Final = ("text", "review", "content", "title", "内容", "评论", "文本")
LABELS: Final = ("label", "polarity", "overall", "标签", "极性")
DOMAINS: Final = ("domain", "cat", "category", "领域", "类别")
FRAMES: Final = "frames"
MOST, JOINED = 60, 600
_AROUND: Final = ("before", "after")
_PART: Final = re.compile(r"(\([^()]*\))|<(\w+)>|([^()<>]+)")
NAMES: Final = {
    **dict.fromkeys(("complaint", "bad", "negative", "0", "吐槽", "差评", "负面", "负"), COMPLAINT),
    **dict.fromkeys(("praise", "good", "positive", "1", "好评", "正面", "正"), PRAISE),
    **dict.fromkeys(("neither", "none", "neutral", "中性", "无"), NEITHER),
}
"""Label as written → code. As in the public review corpora, 1 is good and 0 is bad."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts, their labels (0 neither, 1 complaint, 2 praise), domains and weights, all of one length.

    `skipped` counts rows left out: without text, or with a label that is none of `NAMES`.
    """

    texts: list[str] = field(default_factory=list)
    labels: npt.NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, np.uint8))
    domains: list[str] = field(default_factory=list)
    skipped: int = 0

    def __len__(self) -> int:
        return len(self.texts)

    def __add__(self, other: "Labelled") -> "Labelled":
        return Labelled(
            self.texts + other.texts,
            np.concatenate([self.labels, other.labels]),
            self.domains + other.domains,
            self.skipped + other.skipped,
        )

    def where(self, keep: npt.NDArray[np.bool_]) -> "Labelled":
        """The rows that `keep` is true of."""
        rows = np.flatnonzero(keep).tolist()
        return Labelled([self.texts[n] for n in rows], self.labels[keep], [self.domains[n] for n in rows])


def read_labelled(path: Path) -> Labelled:
    """Rows of a CSV, JSONL or Parquet file with columns for text and label, and optionally domain.

    The first column named as in `TEXTS`, `LABELS`, `DOMAINS` counts, in any case; without a domain the file's
    stem is it. Raises `FormatError` when a column is missing, or the file is none of the three formats.
    """
    texts: list[str] = []
    labels: list[int] = []
    domains: list[str] = []
    skipped = 0
    for row in _rows(path, (LABELS, DOMAINS)):
        text, label, domain = row
        code = NAMES.get(str(label).strip().lower())
        if code is None or not str(text or "").strip():
            skipped += 1
            continue
        texts.append(str(text))
        labels.append(code)
        domains.append(str(domain or path.stem))
    return Labelled(texts, np.array(labels, np.uint8), domains, skipped)


def read_plain(path: Path, *, most: int, seed: int) -> Labelled:
    """A sample of at most `most` different texts of a file without labels, taken as neither."""
    found = sorted({str(row[0]) for row in _rows(path, ()) if str(row[0] or "").strip()})
    texts = random.Random(seed).sample(found, min(most, len(found)))  # noqa: S311 - a sample, not a secret
    return Labelled(texts, np.zeros(len(texts), np.uint8), [path.stem] * len(texts))


class Pair(BaseModel):
    """Every thing before every saying is a text."""

    model_config = ConfigDict(extra="forbid")
    things: list[str]
    complaint: list[str]
    praise: list[str]


class Words(BaseModel):
    """The file of words: sayings by group, things with sayings, predicates that negation turns round, and
    frames by label. A frame is text with choices, `(one|other|)`, and names of `lists`, `<good>`."""

    model_config = ConfigDict(extra="forbid")
    good: list[str]
    bad: list[str]
    complaint: dict[str, list[str]]
    praise: dict[str, list[str]]
    neither: dict[str, list[str]]
    pairs: list[Pair]
    lists: dict[str, list[str]] = {}
    frames: dict[str, list[str]] = {}


def read_words(path: Path | None = None) -> Labelled:
    """The texts that a file of words makes, domains `words` and `frames`; the shipped file without `path`.

    Of a frame with many readings `MOST` are drawn, the same ones every time, and `JOINED` times readings
    are dressed as posts, alone or two together, in each of `_WAYS`. Raises `RuleError` when the file does not
    fit.
    """
    file = path or WORDS
    try:
        words = Words.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError, UnicodeDecodeError) as error:
        raise RuleError(
            f"not a list of words: {error}", file=file, remedy="write it as polarity_words.yaml"
        ) from error
    try:
        framed = {text: label for label, frame in _frames(words) for text in _readings(frame, words.lists)}
    except KeyError as error:
        remedy = "name one of the keys of lists, or complaint, praise, neither"
        raise RuleError(f"no such name in frames: {error}", file=file, remedy=remedy) from error
    framed |= _joined(framed, words.lists)
    made = list(dict.fromkeys(_made(words)))
    labels = np.array([label for _, label in made] + list(framed.values()), np.uint8)
    domains = ["words"] * len(made) + [FRAMES] * len(framed)
    return Labelled([*(text for text, _ in made), *framed], labels, domains)


def _frames(words: Words) -> Iterator[tuple[int, str]]:
    for label, frames in words.frames.items():
        yield from ((NAMES[label], frame) for frame in frames)


_WAYS: Final = (
    *((None, code) for code in range(3) for _ in range(2)),
    *[(NEITHER, NEITHER)] * 4,
    *((NEITHER, code) for code in (COMPLAINT, PRAISE)),
    *((code, code) for code in (COMPLAINT, PRAISE)),
)


def _joined(framed: dict[str, int], lists: dict[str, list[str]]) -> dict[str, int]:
    """One text or two, with what posts have around them: what evaluates decides the label."""
    draw = random.Random(1)  # noqa: S311 - not a secret
    by_label = [[text for text, label in framed.items() if label == code] for code in range(3)]
    before, after = ([t for one in lists.get(name, []) for t in _readings(one, lists)] for name in _AROUND)
    made = {}
    for _ in range(JOINED if all(by_label) else 0):
        for first, second in _WAYS:
            text = draw.choice(by_label[second])
            if first is not None:
                text = draw.choice(by_label[first]) + draw.choice("，。！ ") + text
            start, end = (draw.choice([*some, *[""] * (len(some) or 1)]) for some in (before, after))
            made[start + text + end] = second
    return made


def _readings(frame: str, lists: dict[str, list[str]]) -> Iterator[str]:
    """At most `MOST` of the texts that a frame stands for, drawn with the frame as the seed.

    A text's number, written in mixed radix, says which choice is taken in each part.
    """
    parts: list[list[str]] = []
    for choice, name, plain in _PART.findall(frame):
        if name:
            parts.append(lists[name])
        elif plain:
            parts.append([plain])
        else:
            parts.append([text for one in choice[1:-1].split("|") for text in _readings(one, lists)] or [""])
    total = math.prod(map(len, parts))
    for at in random.Random(frame).sample(range(total), min(total, MOST)):  # noqa: S311 - not a secret
        chosen = []
        for part in parts:
            at, index = divmod(at, len(part))
            chosen.append(part[index])
        yield "".join(chosen)


_PLAIN = ("", "很", "非常", "真", "太", "比较", "挺", "特别", "有点", "还是很")
_DENIED = ("不", "不太", "一点都不", "不够", "并不", "没有那么", "不是很", "说不上")
_ABSENT = ("不", "一点都不", "也不", "完全不", "并不")


def _made(words: Words) -> Iterator[tuple[str, int]]:
    for label, groups in ((COMPLAINT, words.complaint), (PRAISE, words.praise), (NEITHER, words.neither)):
        yield from ((saying, label) for sayings in groups.values() for saying in sayings)
    for pair in words.pairs:
        for label, sayings in ((COMPLAINT, pair.complaint), (PRAISE, pair.praise)):
            yield from ((thing + saying, label) for thing in pair.things for saying in sayings)
    yield from ((before + word, PRAISE) for word in words.good for before in _PLAIN if before != "有点")
    yield from ((before + word, COMPLAINT) for word in words.good for before in _DENIED)
    yield from ((before + word, COMPLAINT) for word in words.bad for before in _PLAIN)
    yield from ((before + word, PRAISE) for word in words.bad for before in _ABSENT)


def _rows(path: Path, wanted: tuple[tuple[str, ...], ...]) -> Iterator[tuple[Any, ...]]:
    """Text, and the further wanted columns; a missing domain is None, a missing label an error."""
    readers: dict[str, Callable[[Path], Iterable[dict[str, Any]]]] = {
        ".csv": _csv, ".jsonl": _jsonl, ".parquet": _parquet
    }  # fmt: skip
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise FormatError("not a CSV, JSONL or Parquet file", file=path, remedy="save it as one of them")
    columns: list[str | None] | None = None
    for row in reader(path):
        if columns is None:
            columns = [_column(row, names) for names in (TEXTS, *wanted)]
            for names, column in zip((TEXTS, *wanted), columns, strict=True):
                if column is None and names is not DOMAINS:
                    cause = f"no column named {' or '.join(names[:3])}"
                    raise FormatError(cause, file=path, line=1, remedy="name the columns text and label")
        yield tuple(None if column is None else row.get(column) for column in columns)


def _column(row: dict[str, Any], names: tuple[str, ...]) -> str | None:
    by_name = {str(key).strip().lower(): key for key in row}
    return next((by_name[name] for name in names if name in by_name), None)


def _csv(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            yield from csv.DictReader(stream)
    except UnicodeDecodeError as error:
        raise EncodingError("not UTF-8", file=path, remedy="save the table as CSV UTF-8") from error


def _jsonl(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            try:
                row = orjson.loads(line) if line.strip() else None
            except orjson.JSONDecodeError as error:
                raise FormatError(
                    f"not JSON: {error}", file=path, line=number, remedy="mend or delete it"
                ) from error
            if isinstance(row, dict):
                yield row


def _parquet(path: Path) -> Iterator[dict[str, Any]]:
    try:
        table = pq.ParquetFile(path)
        for batch in table.iter_batches():
            yield from batch.to_pylist()
    except pa.ArrowInvalid as error:
        raise FormatError(f"not a Parquet file: {error}", file=path, remedy="export it again") from error
