"""The class of goods a text speaks of: given, or inferred from the listing's title or the words."""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import daachorse

from fairstream.records import ProductClass, Text
from fairstream.rules.rule import ProductNames
from fairstream.text.fold import Folder

MOST_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class ClassReason:
    """A class and why: `source` is given, product or text; `word` what decided."""

    product_class: ProductClass
    source: str = ""
    word: str = ""


UNKNOWN = ClassReason("unknown")


class Classifier:
    """Infers the class of goods by names and deciding marks.

    A mark (a registration number's prefix, 消字号) beats names; then the longest name wins, then the
    class with the higher priority, then the name that stands last: Chinese puts the head noun last.
    """

    def __init__(self, classes: Mapping[ProductClass, ProductNames], folder: Folder) -> None:
        self._folder = folder
        self._known: OrderedDict[str, ClassReason] = OrderedDict()
        self._entries: list[tuple[ProductClass, bool, int, str]] = []
        words: list[str] = []
        for name, names in classes.items():
            for mark, group in ((True, names.marks), (False, names.names)):
                for word, folded in zip(group, self._folded(group), strict=True):
                    if folded:
                        self._entries.append((name, mark, names.priority, word))
                        words.append(folded)
        self._automaton = daachorse.CharwiseDoubleArrayAhoCorasick(words) if words else None

    def _folded(self, words: list[str]) -> list[str]:
        if not words:
            return []
        batch = self._folder.fold(words, evasion=False)
        return [batch.text[batch.bounds[i] : batch.bounds[i + 1] - 1] for i in range(len(words))]

    def classify(self, texts: Sequence[Text], folded: Sequence[str]) -> list[ClassReason]:
        """The class of the goods of each text; `folded` are their base readings."""
        reasons = [self._told(text) for text in texts]
        open_ = [number for number, reason in enumerate(reasons) if reason is None]
        inferred = iter(self._infer([folded[number] for number in open_], "text"))
        return [reason if reason is not None else next(inferred) for reason in reasons]

    def _told(self, text: Text) -> ClassReason | None:
        """The class as given or as the product's name tells; None when only the words can tell."""
        if text.product_class != "unknown":
            return ClassReason(text.product_class, "given")
        if not text.product:
            return None
        reason = self._known.get(text.product)
        if reason is None:
            [reason] = self._infer(self._folded([text.product]), "product")
            self._known[text.product] = reason
            if len(self._known) > MOST_REMEMBERED:
                self._known.popitem(last=False)
        return reason

    def _infer(self, folded: Sequence[str], source: str) -> list[ClassReason]:
        """One pass over all texts; of the names in a text the best by mark, length, priority, place."""
        found = [UNKNOWN] * len(folded)
        if self._automaton is None or not folded:
            return found
        ends = list(accumulate(len(text) + 1 for text in folded))
        ranks: dict[int, tuple[bool, int, int, int]] = {}
        for start, end, number in self._automaton.find_overlapping("\n".join(folded)):
            name, mark, priority, word = self._entries[number]
            at = bisect_right(ends, start)
            rank = (mark, end - start, priority, start)
            if at not in ranks or rank > ranks[at]:
                ranks[at] = rank
                found[at] = ClassReason(name, source, word)
        return found
