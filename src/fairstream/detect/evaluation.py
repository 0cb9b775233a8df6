"""Candidate rules on the readings of one text: matches, guards, scores."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fairstream.detect.compile import ReadyRule
from fairstream.detect.context import guarded
from fairstream.detect.product import ClassReason
from fairstream.detect.reading import Hit, Reading, Taken
from fairstream.detect.score import score
from fairstream.records import Span
from fairstream.text.fold import FoldedBatch, FoldKind
from fairstream.text.kinds import JOINS

MOST_FINDINGS = 64
"""Findings of one rule in one text beyond these are left out: the text is flagged anyway."""


@dataclass(frozen=True, slots=True)
class Detection:
    """A rule that matched: the span as published, the words it was read as, and its reasons."""

    ready: ReadyRule
    span: Span
    read_as: str
    concepts: tuple[tuple[str, str], ...]
    product: ClassReason
    fold: str | None
    score: float


class Evaluation:
    """All candidate rules on all readings of one text; `goods` is the class of the text's goods."""

    def __init__(
        self,
        batch: FoldedBatch,
        names: Sequence[str],
        goods: ClassReason,
        least_score: float,
    ) -> None:
        self._batch = batch
        self._names = names
        self._goods = goods
        self._least_score = least_score
        self._seen: dict[str, Taken] = {}
        self._accepted: Counter[str] = Counter()
        self._found: list[Detection] = []

    def run(self, number: int, reading: Reading, ready: ReadyRule, alternatives: Sequence[int]) -> None:
        """Evaluate one rule on one reading; spans an earlier reading already settled are left alone."""
        hits = ready.find(reading, alternatives)
        if not hits:
            return
        if ready.requires is not None and not ready.requires.find(reading):
            return
        base = int(self._batch.bounds[number])
        settled = self._seen.setdefault(ready.rule.id, Taken())
        for hit in hits:
            span = Span(int(self._batch.start[base + hit.start]), int(self._batch.end[base + hit.end - 1]))
            if self._accepted[ready.rule.id] >= MOST_FINDINGS:
                return
            if settled.take(*span) and guarded(hit, reading, ready.guards) is None:
                self._accept(ready, hit, span, reading, base)

    def _accept(self, ready: ReadyRule, hit: Hit, span: Span, reading: Reading, base: int) -> None:
        costs = self._batch.cost[base + hit.start : base + hit.end]
        if int(self._batch.kinds[base + hit.start]) in JOINS:  # what it pays for stands before the match
            costs = np.concatenate(([0], costs[1:]))
        worst = int(np.argmax(costs))
        cost = float(costs[worst])
        value = score(
            ready.rule.confidence,
            cost,
            class_open=ready.rule.applies_to.class_matters and self._goods.product_class == "unknown",
        )
        if value < self._least_score:
            return
        kind = FoldKind(int(self._batch.kinds[base + hit.start + worst])) if cost > 0 else None
        concepts = tuple((self._names[group], reading.text[start:end]) for group, start, end in hit.parts)
        self._accepted[ready.rule.id] += 1
        self._found.append(
            Detection(
                ready,
                span,
                reading.text[hit.start : hit.end],
                concepts,
                self._goods,
                kind.name.lower() if kind else None,
                value,
            )
        )

    def detections(self) -> list[Detection]:
        return sorted(self._found, key=lambda d: (d.span, d.ready.rule.id))
