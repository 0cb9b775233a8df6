"""The work of `fairstream opinion phrases`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from fairstream.cli.opinion_counting import Side, asked_window, batches, counted, drawn, items
from fairstream.cli.opinion_tables import phrase_tables, show
from fairstream.opinion import together
from fairstream.opinion.aggregate import Window
from fairstream.opinion.candidates import mine
from fairstream.opinion.novelty import Standard, new_phrases, too_little
from fairstream.opinion.phrases import Counts, Trie, occurrences, top
from fairstream.records import Language
from fairstream.store.annotated import Annotated
from fairstream.text.fold import Folder

_PAIRED: Final = 300
"""Most frequent phrases among which pairs are sought."""


@dataclass(frozen=True, slots=True)
class PhrasesAsked:
    """What was asked for on the command line."""

    window: Side
    background: Side | None
    most: int
    pairs: bool
    rate: float
    workers: int | None
    as_json: bool
    language: Language


def show_phrases(asked: PhrasesAsked) -> int:
    """Mine, count, compare and show."""
    with Annotated(asked.window.path) as store:
        window = asked_window(store, asked.window)
        texts = drawn(store, asked.window, window)
        candidates = mine(texts)
        own = counted(store, asked.window, window, candidates.phrases, asked.workers)
        found: dict[str, Any] = {
            **_about(asked.window, window, own),
            "mined_from": candidates.sample,
            "phrases": [
                {**row._asdict(), "where": str(items(asked.window, window, row.phrase))}
                for row in top(own, asked.most)
            ],
        }
        if asked.pairs:
            found["together"] = _together(batches(store, asked.window, window), own, asked)
    if asked.background is not None:
        found["background"], found["new"] = _compared(asked, asked.background, window, own)
    show(found, asked.as_json, lambda: phrase_tables(found, asked.language))
    return 0


def _compared(
    asked: PhrasesAsked, background: Side, window: Window | None, own: Counts
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    with Annotated(background.path) as store:
        before = asked_window(store, background)
        other = counted(store, background, before, own.phrases, asked.workers)
    about = {**_about(background, before, other), "too_little": list(too_little(own, other))}
    rows = new_phrases(own, other, asked.most, Standard(rate=asked.rate))
    return about, [{**row._asdict(), "where": str(items(asked.window, window, row.phrase))} for row in rows]


def _about(side: Side, window: Window | None, found: Counts) -> dict[str, Any]:
    return {
        "from": window and window.start,
        "to": window and window.end,
        "where": str(items(side, window)),
        "items": int(found.total.sum()),
        "first": int(found.total_first.sum()),
    }


def _together(parts: Iterable[pa.RecordBatch], own: Counts, asked: PhrasesAsked) -> list[dict[str, Any]]:
    labels = [row.phrase for row in top(own, _PAIRED)]
    pairs, trie, folder = together.Pairs(labels), Trie(labels), Folder()
    for batch in parts:
        folded = folder.fold([text or "" for text in batch.column("text").to_pylist()], evasion=False)
        pairs.add(*occurrences(folded, trie), len(batch))
    return [row._asdict() for row in pairs.top(asked.most, together.Standard(rate=asked.rate))]
