"""A rule set made ready: one automaton for all literals, finders for all rules, needs for the gate.

Literals are folded the same way as texts, so a rule may be written in any width or case. Every
distinct node is built once and shared between rules and guards.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import re2

from fairstream.detect.context import (
    After,
    Before,
    Inside,
    InText,
    NearBy,
    ReadyCondition,
    ReadyGuard,
    Within,
)
from fairstream.detect.match import (
    All,
    Edged,
    Either,
    Finder,
    InOrder,
    Near,
    Pattern,
    Shared,
    Terms,
    alternatives_of,
    widest,
)
from fairstream.detect.needs import Requirements, both
from fairstream.detect.reading import Hit, Reading
from fairstream.detect.required import required_pairs
from fairstream.errors import RuleError
from fairstream.rules.library import RuleSet
from fairstream.rules.node import (
    AllNode,
    AnyNode,
    Gap,
    LexiconNode,
    NearNode,
    NodeBase,
    PatternNode,
    PhraseNode,
    SequenceNode,
    children,
    condition_node,
)
from fairstream.rules.rule import Rule, TermPattern
from fairstream.text.fold import Folder

WHITE_LIST = "white_list"


@dataclass(frozen=True, slots=True)
class ReadyRule:
    """A rule with its finders; `needs[i]` is what alternative i cannot do without."""

    rule: Rule
    alternatives: tuple[Finder, ...]
    requires: Finder | None
    guards: tuple[ReadyGuard, ...]
    needs: tuple[Requirements, ...]

    def find(self, reading: Reading, alternatives: Sequence[int]) -> list[Hit]:
        """Hits of the given alternatives in a reading; of overlapping ones the longest."""
        if len(alternatives) == 1:
            return self.alternatives[alternatives[0]].find(reading)
        return widest(hit for number in alternatives for hit in self.alternatives[number].find(reading))


@dataclass(frozen=True)
class Compiled:
    """All rules ready to run over the hits of one automaton.

    `literals[i]` belongs to the groups `groups_of[i]`; `names[g]` is the group's key: a lexicon's id
    or the words of a phrase list. `risky` are the folded literals whose evasive spellings are looked for.
    """

    rules: tuple[ReadyRule, ...]
    literals: tuple[str, ...]
    groups_of: tuple[tuple[int, ...], ...]
    names: tuple[str, ...]
    white: int
    risky: tuple[str, ...]


@dataclass
class Compiler:
    """Builds `Compiled` from a rule set."""

    rule_set: RuleSet
    folder: Folder
    _groups: dict[str, int] = field(default_factory=dict)
    _literals: dict[str, set[int]] = field(default_factory=dict)
    _finders: dict[str, Shared] = field(default_factory=dict)
    _common: set[int] = field(default_factory=set)
    _folded: dict[str, str] = field(default_factory=dict)

    def compile(self, rules: Iterable[Rule]) -> Compiled:
        """Make `rules` ready. Raises `RuleError` when one names an unknown lexicon or guard."""
        rules = list(rules)
        self._fold(list(_all_words(self.rule_set, rules)))
        white = (
            self._lexicon_group(WHITE_LIST) if WHITE_LIST in self.rule_set.lexicons else self._group("none")
        )
        ready = tuple(self._rule(rule) for rule in rules)
        literals = tuple(self._literals)
        return Compiled(
            ready,
            literals,
            tuple(tuple(sorted(self._literals[literal])) for literal in literals),
            tuple(self._groups),
            white,
            self._risky(),
        )

    def _risky(self) -> tuple[str, ...]:
        used = [
            word
            for name, lexicon in self.rule_set.lexicons.items()
            if lexicon.risky and f"lexicon:{name}" in self._groups
            for word in self.rule_set.terms(name)
        ]
        return tuple(dict.fromkeys(w for w in self._fold(used) if len(w) > 1))

    def _rule(self, rule: Rule) -> ReadyRule:
        try:
            finder = self.finder(rule.match)
            requires = self.finder(rule.requires) if rule.requires is not None else None
            guards = tuple(self._guard(guard) for guard in rule.unless)
        except RuleError as error:
            raise RuleError(
                f"rule {rule.id}: {error.cause}",
                file=self.rule_set.files.get(f"rule:{rule.id}"),
                remedy=error.remedy,
            ) from error
        alternatives = alternatives_of(finder)
        needs = tuple(both(a.needs(), requires.needs()) if requires else a.needs() for a in alternatives)
        return ReadyRule(rule, alternatives, requires, guards, needs)

    def _guard(self, guard: Any) -> ReadyGuard:
        if not isinstance(guard, str):
            return ReadyGuard(None, (self._condition(guard),))
        found = self.rule_set.guards.get(guard)
        if found is None:
            raise RuleError(
                f"no guard named {guard!r}", remedy=f"one of {', '.join(sorted(self.rule_set.guards))}"
            )
        return ReadyGuard(guard, tuple(self._condition(condition) for condition in found.any))

    def _condition(self, condition: Any) -> ReadyCondition:
        node = self.finder(condition_node(condition))
        kind = type(condition).__name__
        if kind == "BeforeCondition":
            return Before(node, condition.gap, condition.scope)
        if kind == "AfterCondition":
            return After(node, condition.gap, condition.scope)
        if kind == "NearCondition":
            return NearBy(node, condition.within, condition.scope)
        if kind == "InsideCondition":
            return Inside(node)
        return Within(node) if kind == "WithinCondition" else InText(node)

    def finder(self, node: NodeBase) -> Finder:
        """The finder of a node; equal nodes share one."""
        key = node.model_dump_json(by_alias=True)
        if key not in self._finders:
            inner = self._bare(node)
            if node.not_after is not None or node.not_before is not None:
                after = self.finder(node.not_after) if node.not_after is not None else None
                before = self.finder(node.not_before) if node.not_before is not None else None
                inner = Edged(inner, after, before)
            self._finders[key] = Shared(len(self._finders), inner)
        return self._finders[key]

    def _bare(self, node: NodeBase) -> Finder:
        if isinstance(node, PhraseNode):
            return Terms((self._phrase_group(node.phrase),))
        if isinstance(node, LexiconNode):
            return self._lexicons(node.lexicon)
        if isinstance(node, PatternNode):
            return self._pattern(TermPattern(re2=node.pattern, needs=node.needs), "pattern:" + node.pattern)
        if isinstance(node, SequenceNode):
            return self._sequence(node)
        if isinstance(node, NearNode):
            parts = tuple(self.finder(part) for part in node.near.of)
            return Near(parts, node.near.within, node.near.scope, self._rarest(parts))
        if isinstance(node, AnyNode):
            return Either(tuple(self.finder(part) for part in node.any))
        if isinstance(node, AllNode):
            return All(tuple(self.finder(part) for part in node.all))
        raise TypeError(f"unknown node {node!r}")

    def _sequence(self, node: SequenceNode) -> Finder:
        parts: list[Finder] = []
        gaps: list[tuple[int, bool]] = []
        room = (0, False)
        for part in node.sequence:
            if isinstance(part, Gap):
                room = (part.gap, part.across is not None)
                continue
            if parts:
                gaps.append(room)
            parts.append(self.finder(part))
            room = (0, False)
        return InOrder(tuple(parts), tuple(gaps), self._rarest(parts))

    def _rarest(self, parts: Sequence[Finder]) -> tuple[Finder, ...]:
        """The parts that cannot match without a literal of two or more characters."""
        return tuple(
            part
            for part in parts
            if all(any(not groups & self._common for groups in need.groups) for need in part.needs())
        )

    def _lexicons(self, names: Sequence[str]) -> Finder:
        groups, outer, patterns = [], [], []
        for name in names:
            groups.append(self._lexicon_group(name))
            for member in self._family(name, {}):
                lexicon = self.rule_set.lexicons[member]
                patterns += [self._pattern(p, f"lexicon:{name}") for p in lexicon.patterns]
                if lexicon.except_:
                    outer.append(self._put(f"except:{member}", lexicon.except_))
        return Terms(tuple(groups), tuple(dict.fromkeys(outer)), tuple(patterns))

    def _family(self, name: str, seen: dict[str, None]) -> list[str]:
        """A lexicon and those it includes, each once."""
        if name not in seen and name in self.rule_set.lexicons:
            seen[name] = None
            for other in self.rule_set.lexicons[name].include:
                self._family(other, seen)
        return list(seen)

    def _lexicon_group(self, name: str) -> int:
        if name not in self.rule_set.lexicons:
            raise RuleError(
                f"no lexicon named {name!r}", remedy="correct the name or write lexicons/<name>.yaml"
            )
        return self._put(f"lexicon:{name}", self.rule_set.terms(name))

    def _phrase_group(self, words: Sequence[str]) -> int:
        return self._put("phrase:" + "\n".join(words), words)

    def _pattern(self, pattern: TermPattern, group: str) -> Pattern:
        try:
            regex = re2.compile(pattern.re2)
        except re2.error as error:
            raise RuleError(
                f"the pattern {pattern.re2!r} is not RE2: {error}",
                remedy="RE2 has no look-around or back-reference",
            ) from error
        needed = self._put("needs:" + "\n".join(pattern.needs), pattern.needs)
        telling = tuple(
            self._put_as_is(f"pairs {number}:{pattern.re2}", pairs)
            for number, pairs in enumerate(required_pairs(pattern.re2))
        )
        return Pattern(regex, self._group(group), (*telling, needed))

    def _group(self, key: str) -> int:
        return self._groups.setdefault(key, len(self._groups))

    def _put(self, key: str, words: Sequence[str]) -> int:
        """Register literals under a group, folded as texts are."""
        known = key in self._groups
        number = self._group(key)
        if not known:
            for word in self._fold(words):
                if len(word) == 1:
                    self._common.add(number)
                if word:
                    self._literals.setdefault(word, set()).add(number)
        return number

    def _put_as_is(self, key: str, words: Iterable[str]) -> int:
        """Register literals that are in folded form already."""
        number = self._group(key)
        for word in words:
            self._literals.setdefault(word, set()).add(number)
        return number

    def _fold(self, words: Sequence[str]) -> list[str]:
        new = [word for word in dict.fromkeys(words) if word not in self._folded]
        if new:
            batch = self.folder.fold(new, evasion=False)
            self._folded.update(zip(new, (batch.reading(i) for i in range(len(new))), strict=True))
        return [self._folded[word] for word in words]


def _all_words(rule_set: RuleSet, rules: Sequence[Rule]) -> Iterator[str]:
    """Every literal of a rule set, so that all are folded in one batch."""
    for lexicon in rule_set.lexicons.values():
        yield from lexicon.terms
        yield from lexicon.except_
        for pattern in lexicon.patterns:
            yield from pattern.needs
    nodes = [condition_node(condition) for guard in rule_set.guards.values() for condition in guard.any]
    for rule in rules:
        nodes += [rule.match, *([rule.requires] if rule.requires is not None else [])]
        nodes += [condition_node(guard) for guard in rule.unless if not isinstance(guard, str)]
    while nodes:
        node = nodes.pop()
        nodes += children(node)
        yield from getattr(node, "phrase", ())
        yield from getattr(node, "needs", ())
