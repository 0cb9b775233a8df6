"""One finding for one conduct at one place."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from fairstream.detect.strongest import strongest
from fairstream.records import Finding, Span

BASE = Finding(
    id="a",
    rule="r/a",
    title="A",
    conduct="false_ad",
    severity="medium",
    score=0.7,
    span=Span(0, 6),
    quote="六个字的原话",
    why=("reason", "last words"),
    citations=(),
    liable=("seller",),
    proof_needed=(),
)


def other(name: str, **keys: object) -> Finding:
    return replace(BASE, id=name, rule=f"r/{name}", title=name.upper(), **keys)  # type: ignore[arg-type]


def test_the_more_severe_of_two_on_the_same_words_is_kept_and_names_the_other() -> None:
    severe = other("b", severity="high", score=0.5, span=Span(2, 6), conduct_also=("fake_goods",))
    [kept] = strongest([BASE, severe], "en")
    assert (kept.rule, kept.also_rules) == ("r/b", ("r/a",))
    assert kept.why == ("reason", "The same words also meet: “A”.", "last words")


def test_a_second_conduct_of_the_weaker_one_is_not_lost() -> None:
    [kept] = strongest([BASE, other("b", score=0.6, conduct_also=("fake_goods", "false_ad"))], "zh")
    assert kept.conduct_also == ("fake_goods",)
    assert "同一处还符合：“B”。" in kept.why


def test_another_conduct_on_the_same_words_stays() -> None:
    assert len(strongest([BASE, other("b", conduct="price_fraud")], "zh")) == 2


def test_less_than_half_of_the_shorter_is_not_the_same_words() -> None:
    assert len(strongest([BASE, other("b", span=Span(4, 9))], "zh")) == 2
    assert len(strongest([BASE, other("b", span=Span(3, 9))], "zh")) == 1


spans = st.tuples(st.integers(0, 20), st.integers(1, 8)).map(lambda pair: Span(pair[0], sum(pair)))


@given(st.lists(st.tuples(spans, st.sampled_from(["low", "medium", "high"]), st.integers(1, 9)), max_size=8))
def test_every_finding_is_kept_or_named_and_order_does_not_matter(
    given_findings: list[tuple[Span, str, int]],
) -> None:
    findings = [
        other(str(number), span=span, severity=severity, score=score / 10)
        for number, (span, severity, score) in enumerate(given_findings)
    ]
    kept = strongest(findings, "zh")
    assert {f.rule for f in findings} == {f.rule for f in kept} | {r for f in kept for r in f.also_rules}
    assert strongest(list(reversed(findings)), "zh") == kept
    assert [f.span for f in kept] == sorted(f.span for f in kept)
