"""Signs made ready for matching: every list of words is a group, every way to match a unit of groups.

A *column* is one yes or no about a text: a topic, a scene, a part of the gate, the context of an ambiguous
name. A *unit* is a chain of groups in order that sets its column; words near each other are one unit for
each order of their parts, so that matching knows chains only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import permutations
from typing import NamedTuple

from fairstream.opinion.entities import EntityName
from fairstream.opinion.taxonomy import Aspects, Sign, Taxonomy, Topic
from fairstream.text.fold import Folder

NONE = -1


class Role(IntEnum):
    """What a word is to an aspect."""

    TARGET = 0
    WORD = 1
    PHRASE = 2
    THING = 3


class Flag(IntEnum):
    """What a word is to the words beside it, as bits."""

    NEGATION = 1
    FILLER = 2
    NEVER = 4
    CONTRAST = 8
    IGNORE = 16
    TARGET = 32
    NAME = 64


class Column(NamedTuple):
    """One yes or no about a text. `unless` is a group, or -1."""

    name: str
    negatable: bool
    unless: int


class Unit(NamedTuple):
    """A chain of groups: `source` is the sign it comes from."""

    column: int
    parts: tuple[int, ...]
    within: int
    source: Sign


class Say(NamedTuple):
    """A word's role in an opinion; `aspect` -1 is any, `side` 1 praise and -1 complaint."""

    aspect: int
    role: Role
    side: int


class Link(NamedTuple):
    """A word as the name of an entity; `needs` is a column and `unless` a group, or -1."""

    entity: int
    needs: int
    unless: int


@dataclass
class Plan:
    """Everything that matching looks for. Entities are `kind:name` in order; endings of names follow them."""

    columns: list[Column] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    groups: list[frozenset[str]] = field(default_factory=list)
    flags: dict[str, int] = field(default_factory=dict)
    says: dict[str, list[Say]] = field(default_factory=dict)
    links: dict[str, list[Link]] = field(default_factory=dict)
    aspects: list[str] = field(default_factory=list)
    entities: list[str] = field(default_factory=list)
    endings: list[str] = field(default_factory=list)
    topics: dict[str, int] = field(default_factory=dict)
    scenes: dict[str, list[int]] = field(default_factory=dict)
    strong: list[int] = field(default_factory=list)
    weak: list[int] = field(default_factory=list)

    def words(self) -> list[str]:
        """All words as the lists have them, once each, in a fixed order."""
        grouped = (word for group in self.groups for word in group)
        return sorted({*grouped, *self.flags, *self.says, *self.links})


def plan(taxonomy: Taxonomy) -> Plan:
    """What to look for, from lists without faults."""
    return _Planner(taxonomy).made


class _Planner:
    def __init__(self, taxonomy: Taxonomy) -> None:
        self.made = Plan()
        self._lists = taxonomy
        self._numbers: dict[frozenset[str], int] = {}
        for topic in sorted(taxonomy.topics.values(), key=lambda topic: topic.id):
            self._topic(topic)
        for topic in taxonomy.topics.values():
            if topic.scene:
                self.made.scenes[topic.id] = [self._scene(name) for name in topic.scene]
        self._gate()
        self._aspects(taxonomy.aspects)
        self._flags()
        for (kind, name), entry in sorted(taxonomy.entities.items()):
            self._entity(f"{kind}:{name}", name, entry)
        for kind, endings in sorted(taxonomy.patterns.endings.items()):
            self.made.endings.append(kind)
            number = len(self.made.entities) + len(self.made.endings) - 1
            self._link(endings, Link(number, NONE, NONE))
        self._mark()

    def _group(self, words: Sequence[str]) -> int:
        """The number of a list of words; NONE when it is empty."""
        key = frozenset(self._lists.terms(words))
        if not key:
            return NONE
        if key not in self._numbers:
            self._numbers[key] = len(self.made.groups)
            self.made.groups.append(key)
        return self._numbers[key]

    def _column(
        self, name: str, signs: Iterable[Sign], unless: Sequence[str] = (), negatable: bool = False
    ) -> int:
        made, number = self.made, len(self.made.columns)
        made.columns.append(Column(name, negatable, self._group(unless)))
        for sign in signs:
            parts = [self._group(words) for words in sign.parts]
            if NONE in parts:
                continue
            orders = sorted(set(permutations(parts))) if sign.near else [tuple(parts)]
            made.units += [Unit(number, order, sign.within, sign) for order in orders]
        return number

    def _topic(self, topic: Topic) -> None:
        number = self._column(topic.id, topic.signs, topic.unless, topic.negatable)
        self.made.topics[topic.id] = number
        if topic.rights != "none":
            (self.made.strong if topic.rights == "strong" else self.made.weak).append(number)

    def _scene(self, name: str) -> int:
        if name in self.made.topics:
            return self.made.topics[name]
        return self._column(f"@{name.removeprefix('@')}", [Sign(any=[f"@{name.removeprefix('@')}"])])

    def _gate(self) -> None:
        for _, gate in sorted(self._lists.rights.items()):
            for sign in gate.signs:
                number = self._column(f"rights:{gate.id}", [sign], gate.unless, gate.negatable)
                (self.made.strong if sign.weight == "strong" else self.made.weak).append(number)

    def _aspects(self, aspects: Aspects) -> None:
        self.made.aspects = sorted(aspects.aspects)
        self._say(aspects.better, Say(NONE, Role.WORD, 1))
        self._say(aspects.worse, Say(NONE, Role.WORD, -1))
        for number, name in enumerate(self.made.aspects):
            aspect = aspects.aspects[name]
            self._say(aspect.targets, Say(number, Role.TARGET, 0))
            self._say(aspect.things, Say(number, Role.THING, 0))
            self._say(aspect.better, Say(number, Role.WORD, 1))
            self._say(aspect.worse, Say(number, Role.WORD, -1))
            self._say(aspect.praise, Say(number, Role.PHRASE, 1))
            self._say(aspect.complaint, Say(number, Role.PHRASE, -1))

    def _say(self, words: Sequence[str], say: Say) -> None:
        for word in self._lists.terms(words):
            self.made.says.setdefault(word, []).append(say)

    def _flags(self) -> None:
        negation, aspects = self._lists.negation, self._lists.aspects
        for words, flag in (
            (negation.negations, Flag.NEGATION),
            (negation.fillers, Flag.FILLER),
            (negation.never, Flag.NEVER),
            (aspects.contrast, Flag.CONTRAST),
            (aspects.ignore, Flag.IGNORE),
        ):
            for word in self._lists.terms(words):
                self.made.flags[word] = self.made.flags.get(word, 0) | flag

    def _entity(self, label: str, name: str, entry: EntityName) -> None:
        number = len(self.made.entities)
        self.made.entities.append(label)
        unless = self._group(entry.not_)
        free = [word for word in dict.fromkeys((name, *entry.aliases)) if word not in entry.ambiguous]
        self._link(free, Link(number, NONE, unless))
        if entry.ambiguous:
            needs = self._column(f"needs:{label}", [Sign(any=entry.needs)])
            self._link(entry.ambiguous, Link(number, needs, unless))

    def _mark(self) -> None:
        """Flag names, and the words without which no opinion can be read."""
        for word, says in self.made.says.items():
            if any(say.role != Role.WORD for say in says):
                self.made.flags[word] = self.made.flags.get(word, 0) | Flag.TARGET
        for word in self.made.links:
            self.made.flags[word] = self.made.flags.get(word, 0) | Flag.NAME

    def _link(self, words: Sequence[str], link: Link) -> None:
        for word in words:
            self.made.links.setdefault(word, []).append(link)


def fold_words(words: Sequence[str]) -> list[str]:
    """Words as a folded text has them; a word may fold to nothing."""
    folded = Folder().fold(words, evasion=False)
    return [folded.reading(number) for number in range(len(words))]
