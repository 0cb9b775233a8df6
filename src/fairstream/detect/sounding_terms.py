"""Which words of a rule set are looked for by sound, and which phrases are worth spotting."""

from collections.abc import Iterator, Sequence
from typing import Any

from fairstream.rules.library import RuleSet
from fairstream.rules.node import LexiconNode, PhraseNode, children
from fairstream.rules.rule import Rule
from fairstream.text.fold import Folder


def spoken_words(rule_set: RuleSet, rules: Sequence[Rule], folder: Folder) -> tuple[str, ...]:
    """The folded words and phrases of two or more characters that the rules look for, once each."""
    words = list(dict.fromkeys(word for rule in rules for word in matched_words(rule_set, rule)))
    batch = folder.fold(words, evasion=False)
    folded = (batch.reading(number) for number in range(len(words)))
    return tuple(dict.fromkeys(word for word in folded if len(word) > 1))


def matched_words(rule_set: RuleSet, rule: Rule) -> Iterator[str]:
    """Literals that a match of the rule may be made of, those of its guards left out."""
    nodes: list[Any] = [node for node in (rule.match, rule.requires) if node is not None]
    while nodes:
        node = nodes.pop()
        if isinstance(node, PhraseNode):
            yield from node.phrase
        elif isinstance(node, LexiconNode):
            for name in node.lexicon:
                yield from rule_set.terms(name)
        nodes += _parts(node)


def _parts(node: Any) -> list[Any]:
    """Sub-nodes that belong to the match itself: not those that may not stand beside it."""
    beside = (node.not_after, node.not_before)
    return [child for child in children(node) if not any(child is other for other in beside)]
