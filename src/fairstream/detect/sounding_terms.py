"""Which words of a rule set are looked for by sound, and which phrases are worth spotting."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import log1p

import numpy as np

from fairstream.detect.compile import Compiled
from fairstream.records import Finding, Text
from fairstream.rules.node import LexiconNode
from fairstream.rules.rule import Rule
from fairstream.text.spokenterms import WORTH_KEEPING, SpokenTerms
from fairstream.text.store import cached_arrays, packages_key
from fairstream.text.syllables import parse, sounds_of
from fairstream.text.wordsounds import PACKAGES

VERSION = 1
"""Counts up when the order or what the scanner finds changes: kept orders are then made anew."""
SHORTEST, LONGEST = 3, 8
"""Syllables of a phrase worth spotting: shorter ones are heard everywhere, longer ones never as a whole."""

_WORDS = ("lexicon:", "phrase:", "except:")


def spoken_words(compiled: Compiled) -> tuple[str, ...]:
    """The folded words of two or more characters that rules, guards and exceptions look for, in order.

    Guards and exceptions belong to them: a lawful word that sounds alike must be able to win. Names that
    imitate another by one character do not: nobody can hear which of the two was said.
    """
    unheard = {name for ready in compiled.rules for name in _imitations(ready.rule)}
    named = enumerate(compiled.names)
    wanted = {number for number, name in named if name.startswith(_WORDS) and name not in unheard}
    pairs = zip(compiled.literals, compiled.groups_of, strict=True)
    return tuple(sorted(word for word, groups in pairs if len(word) > 1 and not wanted.isdisjoint(groups)))


def _imitations(rule: Rule) -> list[str]:
    """The lists of names of a rule on confusion that matches a name and nothing else."""
    if rule.conduct != "confusion" or not isinstance(rule.match, LexiconNode):
        return []
    return [f"lexicon:{name}" for name in rule.match.lexicon]


def kept_order(
    words: Sequence[str], scan: Callable[[Sequence[Text]], list[list[Finding]]], origin: str
) -> tuple[str, ...]:
    """`spotting_order`, kept from one process to the next for as many words as those of a rule set.

    `origin` names the rules and how they are scanned; nothing is kept when it is empty. The words count too:
    they change with the rules' statuses.
    """
    if not origin or len(words) < WORTH_KEEPING:
        return tuple(spotting_order(words, scan))
    own = hashlib.sha256("\n".join((origin, *words)).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    key = packages_key(f"spotting-{own}", VERSION, ("fairstream", *PACKAGES))
    kept = cached_arrays(key, lambda: {"phrases": np.array(spotting_order(words, scan), dtype=np.str_)})
    return tuple(map(str, kept["phrases"].tolist()))


def spotting_order(words: Iterable[str], scan: Callable[[Sequence[Text]], list[list[Finding]]]) -> list[str]:
    """Phrases that alone make a rule fire, those most worth spotting first.

    Every rule gives its best phrase before any gives another, severe rules up to three at a time; better
    are phrases of usual words that stand in many others. A phrase that holds one as severe is left out: the
    shorter is heard in the longer.
    """
    phrases = sorted({word for word in words if SHORTEST <= len(word) <= LONGEST and _is_spoken(word)})
    texts = [Text(phrase, phrase, medium="speech", speaker="host") for phrase in phrases]
    firing = {
        phrase: max(findings, key=lambda f: (_SEVERITY[f.severity], f.score, f.rule))
        for phrase, findings in zip(phrases, scan(texts), strict=True)
        if findings
    }
    weight = {phrase: _SEVERITY[finding.severity] for phrase, finding in firing.items()}
    within = {phrase: [part for part in _parts(phrase) if part in firing] for phrase in firing}
    covers = Counter(part for parts in within.values() for part in parts)
    kept = [phrase for phrase, parts in within.items() if all(weight[p] < weight[phrase] for p in parts)]
    known = SpokenTerms(kept, (0.0,))
    rarity = dict(zip(known.terms, known.rarity.tolist(), strict=True))
    kept.sort(key=lambda p: (rarity[p] - log1p(covers[p]), p))
    taken: Counter[str] = Counter()
    turns = {}
    for phrase in kept:
        rule = firing[phrase].rule
        turns[phrase] = taken[rule] // (1 + weight[phrase])
        taken[rule] += 1
    return sorted(kept, key=lambda p: (turns[p], -weight[p]))


_SEVERITY = {"high": 2, "medium": 1, "low": 0}


def _parts(phrase: str) -> set[str]:
    sizes = range(SHORTEST, len(phrase))
    return {phrase[at : at + size] for size in sizes for at in range(len(phrase) - size + 1)}


def _is_spoken(word: str) -> bool:
    return all(parse(sound) for sound in sounds_of(word))
