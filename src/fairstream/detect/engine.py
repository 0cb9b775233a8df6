"""Rules × texts → findings: the scanner.

A batch is folded, the gate picks candidate rules per text, and only those are evaluated. The same text
gives the same findings in any batch.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from itertools import groupby
from operator import itemgetter

import numpy as np

from fairstream.detect.compile import Compiled, Compiler
from fairstream.detect.evaluation import Detection, Evaluation
from fairstream.detect.explain import LISTEN, Reasons, why
from fairstream.detect.gate import Bool, Gate
from fairstream.detect.lookup import Lookup
from fairstream.detect.pieces import MOST_CHARACTERS, joined, pieces
from fairstream.detect.product import Classifier, ClassReason
from fairstream.detect.score import LEAST_SCORE
from fairstream.detect.sounding import Sounding, is_unsure, syllables_at
from fairstream.detect.sounding_terms import kept_order, spoken_words
from fairstream.detect.strongest import strongest
from fairstream.errors import LawError
from fairstream.law.citing import CitationSource, Citer
from fairstream.records import Finding, Language, Medium, ProductClass, Span, Speaker, Text
from fairstream.rules.library import RuleSet
from fairstream.text.fold import FoldedBatch, Folder

BATCH_TEXTS = 8192
BATCH_CHARACTERS = 1_000_000
"""A batch ends at whichever comes first; a longer text is a batch of its own, read in pieces."""


class Scanner:
    """Scans texts with a rule set under the law of a day.

    `today` is the day of conduct for texts that carry none. `statuses` chooses the rules by status
    (add "shadow" to try rules without publishing them). Raises `RuleError` when a rule cannot be
    compiled.
    """

    def __init__(
        self,
        rule_set: RuleSet,
        law: CitationSource,
        *,
        today: date,
        statuses: Iterable[str] = ("stable",),
        language: Language = "zh",
        evasion: bool = True,
        least_score: float = LEAST_SCORE,
    ) -> None:
        self.rule_set = rule_set
        self.law = law
        self.today = today
        self.language: Language = language
        self.evasion = evasion
        self.least_score = least_score
        plain = self._plain = Folder()
        self.compiled: Compiled = Compiler(rule_set, plain).compile(rule_set.active(statuses))
        white = rule_set.terms("white_list")
        self.folder = Folder(self.compiled.risky, white=white) if evasion else plain
        self.classifier = Classifier(rule_set.classes, plain)
        self._lookup = Lookup(self.compiled)
        self._gate = Gate(self.compiled)
        self._citer = Citer(law)
        self._columns: dict[tuple[Medium, Speaker, ProductClass | None], Bool] = {}

    def scan(self, texts: Sequence[Text], language: Language | None = None) -> list[list[Finding]]:
        """Findings of each text, in order of their place; suspected violations, for a person to decide."""
        found: list[list[Finding]] = []
        for batch in batches(texts):
            if len(batch) == 1 and len(batch[0].text) > MOST_CHARACTERS:
                found.append(self._scan_long(batch[0], language or self.language))
                continue
            for text, detections in zip(batch, self.detect(batch), strict=True):
                findings = [self._finding(text, d, language or self.language) for d in detections]
                found.append(strongest(findings, language or self.language))
        return found

    def _scan_long(self, text: Text, language: Language) -> list[Finding]:
        parts = []
        for offset, piece in pieces(text):
            detections = self.detect([piece])[0]
            parts.append((offset, piece, [self._finding(piece, d, language) for d in detections]))
        found = joined(parts)
        named = [replace(f, id=finding_id(text.id, f.rule, f.span)) for f in found]
        return strongest(named, language)

    def spoken_phrases(self, most: int) -> tuple[str, ...]:
        """At most so many phrases that are worth spotting in speech, the most worth first.

        Each has three to eight syllables and makes a rule fire when nothing else is said.
        """
        return self._spotting[: max(0, most)]

    @cached_property
    def _spotting(self) -> tuple[str, ...]:
        settings = f"{self.rule_set.fingerprint} {self.least_score} {self.evasion}"
        origin = settings if self.rule_set.fingerprint else ""
        return kept_order(spoken_words(self.compiled), self.scan, origin)

    def classes(self, texts: Sequence[Text]) -> list[ProductClass]:
        """The class of the goods each text speaks of, as its product or its words tell; else ``unknown``."""
        folded = self._plain.fold([text.text for text in texts], evasion=False)
        reasons = self.classifier.classify(texts, [folded.reading(row) for row in range(len(texts))])
        return [reason.product_class for reason in reasons]

    def detect(self, texts: Sequence[Text]) -> list[list[Detection]]:
        """As `scan` for one batch, without law and words: what matched where, and why."""
        found: list[list[Detection]] = [[] for _ in texts]
        rows = [row for row, text in enumerate(texts) if self._column(text.medium, text.speaker).any()]
        if not rows or not self.compiled.literals:
            return found
        given = [row for row in rows if texts[row].heard == "given"]
        if given:
            batch = self.folder.fold([texts[row].text for row in given], evasion=self.evasion)
            self._evaluate(batch, texts, given, found)
        if len(given) < len(rows):
            heard = [row for row in rows if texts[row].heard != "given"]
            read = self._sounding.heard([texts[row] for row in heard])
            self._evaluate(
                self._plain.fold_heard([texts[row].text for row in heard], read), texts, heard, found
            )
        return found

    def _evaluate(
        self, batch: FoldedBatch, texts: Sequence[Text], rows: Sequence[int], found: list[list[Detection]]
    ) -> None:
        """Run the rules on a batch made of these rows of `texts` and put what they detect into `found`."""
        read = [texts[row] for row in rows]
        goods = self.classifier.classify(read, [batch.reading(local) for local in range(len(rows))])
        hits = self._gate.hits(batch)
        chosen = self._gate.candidates(batch, hits, self._takes(read, goods)[:, batch.row])
        ends = np.searchsorted(hits.reading, np.arange(len(batch) + 1)).tolist()
        row = batch.row.tolist()
        chosen.sort(key=lambda candidate: (row[candidate[0]], candidate))
        for local, group in groupby(chosen, key=lambda candidate: row[candidate[0]]):
            evaluation = Evaluation(batch, self.compiled.names, goods[local], self.least_score)
            for number, own in groupby(group, key=itemgetter(0)):
                known = self._gate.known(
                    hits, slice(ends[number], ends[number + 1]), int(batch.bounds[number])
                )
                reading = self._lookup.reading(batch.reading(number), known, self._gate.groups)
                for rule, units in groupby(own, key=itemgetter(1)):
                    ready = self.compiled.rules[rule]
                    evaluation.run(number, reading, ready, [alternative for _, _, alternative in units])
            found[rows[local]] = evaluation.detections()

    @cached_property
    def _sounding(self) -> Sounding:
        """Built when the first text comes that a recogniser wrote."""
        return Sounding(spoken_words(self.compiled), self.rule_set.terms("white_list"))

    def _takes(self, texts: Sequence[Text], goods: Sequence[ClassReason]) -> Bool:
        """Which rules read which texts, by medium, speaker and class of goods: rules × texts."""
        numbers: dict[tuple[Medium, Speaker, ProductClass], int] = {}
        combination = [
            numbers.setdefault((text.medium, text.speaker, reason.product_class), len(numbers))
            for text, reason in zip(texts, goods, strict=True)
        ]
        columns = np.stack([self._column(*key) for key in numbers], axis=1)
        return columns[:, combination]

    def _column(self, medium: Medium, speaker: Speaker, goods: ProductClass | None = None) -> Bool:
        """Which rules read texts of this kind; without a class, whatever the class may be."""
        key = (medium, speaker, goods)
        if key not in self._columns:
            applies = [ready.rule.applies_to for ready in self.compiled.rules]
            self._columns[key] = np.array(
                [a.takes(medium, speaker) and (goods is None or a.takes_class(goods)) for a in applies],
                dtype=np.bool_,
            )
        return self._columns[key]

    def _finding(self, text: Text, detection: Detection, language: Language) -> Finding:
        rule = detection.ready.rule
        unsure = text.heard != "given" and is_unsure(text, detection.span)
        reasons = Reasons(
            detection.concepts,
            detection.product,
            detection.fold,
            detection.read_as,
            detection.score,
            syllables_at(text, detection.span) if detection.fold in LISTEN else "",
            unsure,
        )
        goods = detection.product.product_class
        cites = [cite for cite in rule.cites if self._speaks_of(cite, goods)] or rule.cites
        citations, notes = self._citer.cited(cites, text.on or self.today, language)
        return Finding(
            id=finding_id(text.id, rule.id, detection.span),
            rule=rule.id,
            title=getattr(rule.title, language),
            conduct=rule.conduct,
            conduct_also=tuple(rule.conduct_also),
            severity=rule.severity,
            score=detection.score,
            span=detection.span,
            quote=text.text[detection.span.start : detection.span.end],
            why=why(rule, reasons, self.rule_set, language) + notes,
            citations=citations,
            cites=tuple(cites),
            liable=tuple(rule.liable),
            proof_needed=tuple(getattr(proof, language) for proof in rule.proof_needed),
            product_class=detection.product.product_class,
            medium=text.medium,
            speaker=text.speaker,
            unit=text.id,
            listen=unsure or detection.fold in LISTEN,
        )

    def _speaks_of(self, cite: str, goods: ProductClass) -> bool:
        try:
            return self.law.speaks_of(cite, goods)
        except LawError:
            return True


def batches(texts: Sequence[Text]) -> Iterator[Sequence[Text]]:
    """Cut a sequence of texts into batches bounded in number and in characters."""
    begin, characters = 0, 0
    for index, text in enumerate(texts):
        length = len(text.text)
        long = length > MOST_CHARACTERS
        full = index - begin >= BATCH_TEXTS or characters + length > BATCH_CHARACTERS
        if index > begin and (long or full):
            yield texts[begin:index]
            begin, characters = index, 0
        characters += length
        if long:
            yield texts[begin : index + 1]
            begin, characters = index + 1, 0
    if begin < len(texts):
        yield texts[begin:]


def finding_id(unit: str, rule: str, span: Span) -> str:
    """A stable id: the same words in the same unit under the same rule have the same one."""
    key = f"{unit}\x00{rule}\x00{span.start}\x00{span.end}"
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


__all__ = ["Detection", "Scanner", "batches", "finding_id"]
