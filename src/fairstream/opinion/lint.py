"""Faults of lists that loading does not see: words that cannot match, topics without signs or cases."""

from collections.abc import Iterator

from fairstream.opinion.signs import fold_words, plan
from fairstream.opinion.taxonomy import Taxonomy
from fairstream.rules.library import RuleIssue
from fairstream.text.fold import CLAUSE_MARKS, SENTENCE_MARKS


def lint(lists: Taxonomy) -> list[RuleIssue]:
    """All faults, those of loading first."""
    return [*lists.issues, *_words(lists), *_topics(lists)]


def _words(lists: Taxonomy) -> Iterator[RuleIssue]:
    words = plan(lists).words()
    for word, folded in zip(words, fold_words(words), strict=True):
        if not folded or any(mark in folded for mark in SENTENCE_MARKS):
            cause = f"the word {word!r} folds to {folded!r} and never matches"
            yield RuleIssue("the lists", 1, "word", cause, "write it without marks that end a sentence")
        elif any(mark in folded for mark in CLAUSE_MARKS):
            cause = f"the word {word!r} holds a mark: it matches only with it"
            yield RuleIssue("the lists", 1, "word", cause, "write the parts as a sign with `order`")


def _topics(lists: Taxonomy) -> Iterator[RuleIssue]:
    parents = {topic.above for topic in lists.topics.values()}
    for topic in lists.topics.values():
        file = lists.files[f"topic:{topic.id}"]
        if not topic.signs and topic.id not in parents:
            yield RuleIssue(str(file), 1, "sign", "a topic without signs or sub-issues", "give it a sign")
        if topic.signs and not file.with_name(file.stem + ".cases.yaml").exists():
            yield RuleIssue(str(file), 1, "cases", "no cases beside it", "write at least two, one with `not`")
