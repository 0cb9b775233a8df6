"""Checks over a rule set: one check, one kind of issue, each with file, line and remedy."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from fairstream.errors import RuleError
from fairstream.rules.library import RuleIssue, RuleSet, load_cases
from fairstream.rules.node import LexiconNode, NodeBase, PatternNode, children, condition_node
from fairstream.rules.rule import Rule

LEAST_HITS = 5
LEAST_MISSES = 5
Check = Callable[[RuleSet], Iterator[RuleIssue]]


def lint(rule_set: RuleSet) -> list[RuleIssue]:
    """All issues of a rule set: those of loading, then those of every check, in order of file."""
    issues = list(rule_set.issues)
    for check in CHECKS:
        issues += check(rule_set)
    return sorted(issues, key=lambda issue: (issue.file, issue.line, issue.check))


def unknown_names(rule_set: RuleSet) -> Iterator[RuleIssue]:
    """A rule, guard or lexicon names a lexicon or guard that does not exist."""
    for kind, name, nodes, guards in _walks(rule_set):
        path = rule_set.files[f"{kind}:{name}"]
        for node in nodes:
            for lexicon in _lexicons(node):
                if lexicon not in rule_set.lexicons:
                    yield _issue(
                        path, lexicon, "unknown-lexicon", f"no lexicon named {lexicon!r}", "correct the name"
                    )
        for guard in guards:
            if guard not in rule_set.guards:
                yield _issue(path, guard, "unknown-guard", f"no guard named {guard!r}", "correct the name")
    for name, including in rule_set.lexicons.items():
        for other in including.include:
            if other not in rule_set.lexicons:
                path = rule_set.files[f"lexicon:{name}"]
                yield _issue(
                    path, other, "unknown-lexicon", f"includes {other!r}, which does not exist", "correct it"
                )


def unused_lexicons(rule_set: RuleSet) -> Iterator[RuleIssue]:
    """A lexicon that nothing uses is dead weight."""
    used = {"white_list"}
    for _, _, nodes, _ in _walks(rule_set):
        used |= {lexicon for node in nodes for lexicon in _lexicons(node)}
    for name in list(used):
        used |= _included(rule_set, name)
    for name in sorted(set(rule_set.lexicons) - used):
        path = rule_set.files[f"lexicon:{name}"]
        yield _issue(
            path, name, "unused-lexicon", f"no rule uses the lexicon {name!r}", "use it or delete the file"
        )


def doubled_terms(rule_set: RuleSet) -> Iterator[RuleIssue]:
    """The same term twice in one lexicon."""
    for name, lexicon in rule_set.lexicons.items():
        seen: set[str] = set()
        for term in lexicon.terms:
            if term in seen:
                path = rule_set.files[f"lexicon:{name}"]
                yield _issue(path, term, "doubled-term", f"the term {term!r} stands twice", "keep one")
            seen.add(term)


def short_risky_terms(rule_set: RuleSet) -> Iterator[RuleIssue]:
    """One-character terms cannot be looked for by sound: they would be everywhere."""
    for name, lexicon in rule_set.lexicons.items():
        for term in lexicon.terms if lexicon.risky else ():
            if len(term) < 2:
                path = rule_set.files[f"lexicon:{name}"]
                cause = f"the lexicon is risky but {term!r} has one character"
                yield _issue(path, term, "short-risky-term", cause, "move it to a lexicon that is not risky")


def bad_patterns(rule_set: RuleSet) -> Iterator[RuleIssue]:
    """A pattern that RE2 does not take."""
    import re2

    found: list[tuple[Path, str]] = []
    for kind, name, nodes, _ in _walks(rule_set):
        found += [(rule_set.files[f"{kind}:{name}"], p) for node in nodes for p in _patterns(node)]
    for name, lexicon in rule_set.lexicons.items():
        found += [(rule_set.files[f"lexicon:{name}"], p.re2) for p in lexicon.patterns]
    for path, pattern in found:
        try:
            re2.compile(pattern)
        except re2.error as error:
            cause = f"the pattern {pattern!r} is not RE2: {error}"
            yield _issue(path, pattern, "bad-pattern", cause, "RE2 has no look-around or back-reference")


def citations_written_well(rule_set: RuleSet) -> Iterator[RuleIssue]:
    """A citation is instrument#article; whether it exists is for `fairstream law verify`."""
    for name, rule in rule_set.rules.items():
        for cite in rule.cites:
            family, _, article = cite.partition("#")
            if not family or not article:
                path = rule_set.files[f"rule:{name}"]
                yield _issue(
                    path,
                    cite,
                    "citation-form",
                    f"{cite!r} is not instrument#article",
                    "e.g. advertising-law#9",
                )


def too_few_cases(rule_set: RuleSet) -> Iterator[RuleIssue]:
    """A stable rule proves itself on at least five hits and five misses."""
    for name, rule in rule_set.rules.items():
        path = rule_set.files[f"rule:{name}"]
        try:
            cases = [case for case, _ in load_cases(path)]
        except RuleError as error:
            yield RuleIssue(
                error.file or str(path), error.line or 1, "cases", error.cause, error.remedy or ""
            )
            continue
        if rule.status != "stable":
            continue
        hits = sum(1 for case in cases if case.hits and not case.todo)
        misses = sum(1 for case in cases if not case.hits and not case.todo)
        if hits < LEAST_HITS or misses < LEAST_MISSES:
            cause = f"{hits} cases with hits and {misses} without"
            remedy = f"at least {LEAST_HITS} and {LEAST_MISSES}, not made from each other, or status draft"
            yield RuleIssue(str(path), 1, "too-few-cases", cause, remedy)


def cases_quote_their_text(rule_set: RuleSet) -> Iterator[RuleIssue]:
    """Words a case expects must stand in its text."""
    for name in rule_set.rules:
        path = rule_set.files[f"rule:{name}"]
        try:
            cases = load_cases(path)
        except RuleError:
            continue
        for case, line in cases:
            for hit in case.hits:
                if hit not in case.text:
                    cases_file = str(path.with_name(path.stem + ".cases.yaml"))
                    cause = f"the expected words {hit!r} do not stand in the text"
                    yield RuleIssue(cases_file, line, "case-quote", cause, "quote the text to the character")


CHECKS: tuple[Check, ...] = (
    unknown_names,
    unused_lexicons,
    doubled_terms,
    short_risky_terms,
    bad_patterns,
    citations_written_well,
    too_few_cases,
    cases_quote_their_text,
)


def _walks(rule_set: RuleSet) -> Iterator[tuple[str, str, list[NodeBase], list[str]]]:
    """Kind, id, top nodes and named guards of every rule and guard."""
    for name, rule in rule_set.rules.items():
        yield "rule", name, _rule_nodes(rule), [guard for guard in rule.unless if isinstance(guard, str)]
    for name, guard in rule_set.guards.items():
        yield "guard", name, [condition_node(condition) for condition in guard.any], []


def _rule_nodes(rule: Rule) -> list[NodeBase]:
    nodes: list[NodeBase] = [rule.match]
    if rule.requires is not None:
        nodes.append(rule.requires)
    return nodes + [condition_node(guard) for guard in rule.unless if not isinstance(guard, str)]


def _below(node: Any) -> Iterator[Any]:
    yield node
    for child in children(node):
        yield from _below(child)


def _lexicons(node: NodeBase) -> Iterable[str]:
    return [name for inner in _below(node) if isinstance(inner, LexiconNode) for name in inner.lexicon]


def _patterns(node: NodeBase) -> Iterable[str]:
    return [inner.pattern for inner in _below(node) if isinstance(inner, PatternNode)]


def _included(rule_set: RuleSet, name: str) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        lexicon = rule_set.lexicons.get(waiting.pop())
        for other in lexicon.include if lexicon else ():
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


def _issue(path: Path, word: str, check: str, cause: str, remedy: str) -> RuleIssue:
    """An issue at the line of the file where the word stands."""
    return RuleIssue(str(path), _line_of(path, word), check, cause, remedy)


def _line_of(path: Path, word: str) -> int:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if word in line:
            return number
    return 1
