"""Questions of fact a rule of law turns on, answered yes, no or unknown, and the rules written with them.

Logic is three-valued (Kleene): unknown stays unknown unless the known answers settle the matter. A rule is a
list of conditions that must all hold, each a question, its denial (`not …`) or a choice between several; the
data files of `law/data` write them so. What would change an answer is found by trying the other values.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from fairstream.errors import LawError
from fairstream.law.citation import parse_citation
from fairstream.law.matter import Holding
from fairstream.law.source import DATA, parse_yaml
from fairstream.records import Words

Truth = bool | None
"""Yes, no, or not known."""


@dataclass(frozen=True, slots=True)
class Question:
    """A fact asked for: how yes and no read, which field of the facts answers it (empty: none does).

    `cites` are provisions that ask it; `unverified` marks a question no text asks in these words.
    """

    code: str
    so: Words
    not_so: Words
    fact: str = ""
    cites: str = ""
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class Literal:
    """A question, or its denial."""

    code: str
    wanted: bool = True

    def truth(self, known: Mapping[str, Truth]) -> Truth:
        """Whether this holds, given the answers."""
        answer = known.get(self.code)
        return None if answer is None else answer is self.wanted


Clause = tuple[Literal, ...]
"""Conditions of which one suffices."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the data: its title, provisions, conditions, and a note for the reader.

    `when` is empty for what holds without a condition. `unless` are exceptions: one that is established
    excludes the rule, one that is unknown does not stand in its way.
    """

    code: str
    title: Words
    cites: tuple[str, ...] = ()
    when: tuple[Clause, ...] = ()
    unless: tuple[Literal, ...] = ()
    note: Words | None = None
    unverified: bool = False

    def codes(self) -> tuple[str, ...]:
        """The questions asked, each once, in order."""
        return tuple(
            dict.fromkeys(literal.code for clause in (*self.when, self.unless) for literal in clause)
        )

    def truth(self, known: Mapping[str, Truth]) -> Truth:
        """Whether all conditions hold and no exception is established."""
        if any(literal.truth(known) for literal in self.unless):
            return False
        return every(some(literal.truth(known) for literal in clause) for clause in self.when)


def every(values: Iterable[Truth]) -> Truth:
    """True when all are, False when one is false, else unknown."""
    seen = tuple(values)
    return False if False in seen else None if None in seen else True


def some(values: Iterable[Truth]) -> Truth:
    """True when one is, False when all are false, else unknown."""
    seen = tuple(values)
    return True if True in seen else None if None in seen else False


def holding(truth: Truth) -> Holding:
    """Held, possible or not held."""
    return "possible" if truth is None else "held" if truth else "not_held"


@lru_cache(maxsize=16)
def document(name: str) -> Mapping[str, Any]:
    """One data file of the law by its name, such as ``roles.yaml``."""
    file = DATA / name
    return parse_yaml(file.read_bytes(), file)


@lru_cache(maxsize=1)
def load_questions() -> Mapping[str, Question]:
    """All questions of `questions.yaml` by code."""
    entries = document("questions.yaml")["questions"]
    return {code: read_question(code, entry) for code, entry in entries.items()}


def read_rule(entry: Mapping[str, Any], file: str, questions: Mapping[str, Question] | None = None) -> Rule:
    """Build a rule from its data entry; LawError names the file and entry that does not fit."""
    known = load_questions() if questions is None else questions
    try:
        rule = Rule(
            code=entry["code"],
            title=words(entry["title"]),
            cites=tuple(entry.get("cites") or ()),
            when=tuple(_clause(item) for item in entry.get("when") or ()),
            unless=tuple(_literal(item) for item in entry.get("unless") or ()),
            note=words(entry["note"]) if entry.get("note") else None,
            unverified=bool(entry.get("unverified")),
        )
        for citation in rule.cites:
            parse_citation(citation)
        unknown = [code for code in rule.codes() if code not in known]
        if unknown:
            raise ValueError(f"{', '.join(unknown)} is not a question of questions.yaml")
    except (KeyError, TypeError, ValueError, LawError) as error:
        raise LawError(
            f"rule {entry.get('code', '?')!r}: {error}",
            file=file,
            remedy="give code, title {zh, en}, cites and when; compare it with its neighbours",
        ) from error
    return rule


def words(entry: Mapping[str, str]) -> Words:
    """Words in both languages; KeyError when one is missing."""
    return Words(entry["zh"], entry["en"])


def flips(
    codes: Iterable[str], known: Mapping[str, Truth], evaluate: Callable[[Mapping[str, Truth]], Truth]
) -> Iterator[tuple[Question, bool, Truth]]:
    """Which other answer to which single question changes the result: question, its answer, the result."""
    now = evaluate(known)
    questions = load_questions()
    for code in codes:
        for value in (True, False):
            if known.get(code) is value:
                continue
            result = evaluate({**known, code: value})
            if result is not now:
                yield questions[code], value, result


def missing(rule: Rule, known: Mapping[str, Truth]) -> tuple[Literal, ...]:
    """What still has to be found for the rule to hold: of each open choice the first open condition.

    Empty when the rule holds or cannot hold any more.
    """
    if rule.truth(known) is not None:
        return ()
    open_clauses = (clause for clause in rule.when if some(item.truth(known) for item in clause) is None)
    chosen = (next(item for item in clause if item.truth(known) is None) for clause in open_clauses)
    return tuple(dict.fromkeys(chosen))


def read_question(code: str, entry: Mapping[str, Any]) -> Question:
    """One question of the data. LawError names it when it does not fit."""
    try:
        return Question(
            code=code,
            so=words(entry["so"]),
            not_so=words(entry["not_so"]),
            fact=entry.get("fact", ""),
            cites=entry.get("cites", ""),
            unverified=bool(entry.get("unverified")),
        )
    except (KeyError, TypeError) as error:
        raise LawError(
            f"question {code!r}: {error}",
            file="questions.yaml",
            remedy="give so and not_so, each in zh and en",
        ) from error


def _clause(item: Any) -> Clause:
    return tuple(_literal(part) for part in (item if isinstance(item, list) else [item]))


def _literal(text: Any) -> Literal:
    if not isinstance(text, str):
        raise TypeError(f"{text!r} is no condition")
    denied = text.startswith("not ")
    return Literal(text.removeprefix("not "), wanted=not denied)
