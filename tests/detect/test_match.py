"""Sequences and neighbourhoods against a plain reading of their definition: try every combination."""

import re
from collections.abc import Iterable
from itertools import pairwise, permutations, product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairstream.detect.reading import Hit, Taken, around, longest, without_inside
from world import World

Spans = list[tuple[int, int]]
BREAKS = {"clause": "，。", "sentence": "。", "text": ""}
quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
letters = st.text(alphabet="甲乙丙丙一一，。", max_size=18)


def places(text: str, word: str) -> Spans:
    return [match.span() for match in re.finditer(word, text)]


def close(text: str, chain: Iterable[tuple[int, int]], gap: int, scope: str) -> bool:
    return all(
        0 <= right[0] - left[1] <= gap and not any(sign in BREAKS[scope] for sign in text[left[1] : right[0]])
        for left, right in pairwise(chain)
    )


def shortest_first(spans: Iterable[tuple[int, int]]) -> Spans:
    kept: Spans = []
    for start, end in sorted(set(spans), key=lambda span: (span[1] - span[0], span[0])):
        if all(end <= other[0] or other[1] <= start for other in kept):
            kept.append((start, end))
    return sorted(kept)


def found(world: World, match: dict[str, Any], text: str) -> Spans:
    world.rule(match, confidence=1)
    return [tuple(finding.span) for finding in world.findings(text)]


@quick
@given(letters, st.integers(0, 4), st.sampled_from(["clause", "sentence"]))
def test_a_sequence_is_the_shortest_chains_in_order(world: World, text: str, gap: int, scope: str) -> None:
    room = {"gap": gap} | ({"across": "clause"} if scope == "sentence" else {})
    parts = [{"phrase": "甲"}, room, {"phrase": "乙"}, room, {"phrase": "丙"}]
    chains = product(*(places(text, word) for word in "甲乙丙"))
    expected = shortest_first((c[0][0], c[-1][1]) for c in chains if close(text, c, gap, scope))
    assert found(world, {"sequence": parts}, text) == expected


@quick
@given(letters, st.integers(0, 4), st.sampled_from(["clause", "sentence", "text"]), st.integers(2, 3))
def test_near_is_the_shortest_chains_in_any_order(
    world: World, text: str, within: int, scope: str, count: int
) -> None:
    of = [{"phrase": word} for word in "甲乙丙"[:count]]
    chains = (
        chain
        for order in permutations("甲乙丙"[:count])
        for chain in product(*(places(text, word) for word in order))
    )
    expected = shortest_first((c[0][0], c[-1][1]) for c in chains if close(text, c, within, scope))
    assert found(world, {"near": {"of": of, "within": within, "scope": scope}}, text) == expected


class TestSpans:
    some = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 5)).map(lambda p: (p[0], p[0] + p[1])))

    @given(some)
    def test_longest_keeps_what_lies_in_nothing_else(self, spans: Spans) -> None:
        expected = sorted(
            span
            for span in set(spans)
            if not any(o != span and o[0] <= span[0] and span[1] <= o[1] for o in spans)
        )
        assert longest(spans) == expected

    @given(some, some)
    def test_without_inside(self, spans: Spans, outer: Spans) -> None:
        expected = [s for s in spans if not any(o[0] <= s[0] and s[1] <= o[1] for o in outer)]
        assert without_inside(spans, outer) == expected

    @given(some, st.integers(0, 15), st.integers(0, 15))
    def test_around_is_a_window_over_hits(self, spans: Spans, low: int, high: int) -> None:
        hits = [Hit(start, end, ()) for start, end in longest(spans)]
        assert list(around(hits, low, high)) == [h for h in hits if h.end >= low and h.start <= high]

    @given(some)
    def test_taken_spans_never_overlap(self, spans: Spans) -> None:
        taken, kept = Taken(), []
        for start, end in spans:
            free = all(end <= other[0] or other[1] <= start for other in kept)
            assert taken.take(start, end) == free
            kept += [(start, end)] if free else []


@pytest.mark.parametrize("text", ["不治疗" * 4000, "政治" * 6000, "我你他" * 4000, "治" * 10_000])
def test_a_text_made_to_be_slow_is_not(world: World, text: str) -> None:
    world.lexicon("cure", "治", "治疗", except_=["政治"])
    world.lexicon("white_list", "不治疗不治疗")
    chain = [{"phrase": "我"}, {"gap": 60}, {"phrase": "你"}, {"gap": 60}, {"phrase": "他"}]
    world.rule({"lexicon": "cure"}, "t/a", unless=[{"before": {"phrase": "不"}, "gap": 3}])
    world.rule({"sequence": chain}, "t/b")
    assert len(world.findings(text)) <= 2 * 64
