"""The class of goods a text speaks of: given, or inferred from the listing's title or the words."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

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

    def classify(self, text: Text, folded: str) -> ClassReason:
        """The class of the goods of `text`; `folded` is its base reading."""
        if text.product_class != "unknown":
            return ClassReason(text.product_class, "given")
        if text.product:
            reason = self._known.get(text.product)
            if reason is None:
                reason = self._infer(self._folded([text.product])[0], "product")
                self._known[text.product] = reason
                if len(self._known) > MOST_REMEMBERED:
                    self._known.popitem(last=False)
            return reason
        return self._infer(folded, "text")

    def _infer(self, folded: str, source: str) -> ClassReason:
        if self._automaton is None:
            return UNKNOWN
        best: tuple[tuple[bool, int, int, int], ClassReason] | None = None
        for start, end, number in self._automaton.find_overlapping(folded):
            name, mark, priority, word = self._entries[number]
            rank = (mark, end - start, priority, start)
            if best is None or rank > best[0]:
                best = (rank, ClassReason(name, source, word))
        return best[1] if best else UNKNOWN
