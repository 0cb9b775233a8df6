"""Outcomes and sentences of a check's data."""

from datetime import date

import pytest
from pydantic import ValidationError

from fairstream.checks.about import About, Outcome, fact
from fairstream.facts import Label
from fairstream.records import Place, Side, Words

DATA = {
    "id": "one/two",
    "title": {"zh": "题", "en": "title"},
    "conduct": "price_fraud",
    "severity": "low",
    "cites": ["price-law#14"],
    "liable": ["seller"],
    "says": {"plain": {"zh": "标价 {price}，{name}", "en": "listed {price}, {name}"}},
    "proof_needed": [{"zh": "证", "en": "proof"}],
    "explain": {"zh": "因", "en": "because"},
    "since": "2026-01-01",
}
ABOUT = About.model_validate(DATA)
WHY = Words("标价 5元，杯", "listed 5 yuan, 杯")
SAID, KNOWN = (Side(Words("说", "said")),), (Side(Words("知", "known")),)
TOLD = {"price": Words("5元", "5 yuan"), "name": "杯"}


def test_outcomes_keep_everything_they_are_given() -> None:
    sides = {"subject": "s", "listing_id": "a", "said": SAID, "known": KNOWN}
    assert ABOUT.suspected("plain", **sides, **TOLD, liable=("host",), cites=("price-law#13",)) == Outcome(
        "one/two", "suspected", "plain", WHY, "s", "a", SAID, KNOWN, (), ("host",), ("price-law#13",)
    )  # fmt: skip
    assert ABOUT.clear("plain", **sides, **TOLD) == Outcome(
        "one/two", "clear", "plain", WHY, "s", "a", SAID, KNOWN
    )
    assert ABOUT.undecidable("plain", "prices", "orders", **sides, **TOLD) == Outcome(
        "one/two", "undecidable", "plain", WHY, "s", "a", SAID, KNOWN, ("prices", "orders")
    )


def test_outcomes_need_no_sides() -> None:
    for say in (ABOUT.suspected, ABOUT.clear, ABOUT.undecidable):
        found = say("plain", **TOLD)
        assert (found.subject, found.listing_id, found.said, found.known) == ("", None, (), ())
        assert (found.missing, found.liable, found.cites) == ((), (), ())


def test_a_fact_has_its_field_and_the_place_of_its_record() -> None:
    told = fact("labels", Words("标签", "label"), Label("a", place=Place("labels.csv", 3)))
    assert told == Side(Words("标签", "label"), fact="labels", place=Place("labels.csv", 3))
    assert fact("payees", "某账户", object()) == Side(Words("某账户", "某账户"), fact="payees")
    assert fact("payees", "某账户").place is None


def test_defaults_of_the_data() -> None:
    assert (ABOUT.confidence, ABOUT.lead, ABOUT.unverified) == (0.8, False, None)
    assert (ABOUT.conduct_also, ABOUT.needs, ABOUT.limits, ABOUT.words, ABOUT.errs_when) == (
        [],
        [],
        {},
        {},
        [],
    )
    assert ABOUT.since == date(2026, 1, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "One/two"},
        {"id": "one"},
        {"id": "one/two/three"},
        {"confidence": 0},
        {"confidence": 1.01},
        {"cites": []},
        {"liable": []},
        {"proof_needed": []},
        {"more": 1},
    ],
)
def test_data_that_does_not_fit(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        About.model_validate({**DATA, **wrong})


def test_certainty_may_be_one() -> None:
    assert About.model_validate({**DATA, "confidence": 1}).confidence == 1
