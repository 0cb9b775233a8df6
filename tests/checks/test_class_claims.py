"""What papers say goods are, and both sides of a claim their class may not make."""

from datetime import date

import pytest

from fairstream.checks import DATA
from fairstream.checks.class_claims import BEYOND_SCOPE, MAY_CLAIM, standing_of
from fairstream.checks.class_claims import CHECKS as COMPARISONS
from fairstream.checks.library import Check, read_about
from fairstream.checks.scene import Scene
from fairstream.facts import AdApproval, Facts, Label, OfficialNumber
from fairstream.law.resolve import load_law
from fairstream.records import Broadcast, Finding, Listing, ProductClass, Span

CHECKS = {name: Check(read_about(DATA / f"{name}.yaml"), compare) for name, compare in COMPARISONS.items()}
TEA_LICENCE = "SC11433010600125"
FILED = "食健备G202433001234"
COSMETIC = "粤G妆网备字2022324124"


def scene(listing: Listing, facts: Facts | None = None, *findings: Finding) -> Scene:
    broadcast = Broadcast("b", "试播（虚构）", date(2026, 3, 1), listings=(listing,))
    return Scene(broadcast, facts or Facts(), findings)


def goods(number: str = "", product_class: ProductClass = "unknown", **more: str) -> Listing:
    return Listing("p1", "青禾（虚构）", product_class=product_class, approval_number=number, attributes=more)


@pytest.mark.parametrize(
    ("listing", "facts", "product_class", "number", "scope"),
    [
        (goods(), Facts(), None, None, None),
        (goods(TEA_LICENCE), Facts(), "ordinary_food", TEA_LICENCE, None),
        (goods(TEA_LICENCE, "health_food"), Facts(), None, None, None),
        (goods(TEA_LICENCE, "fsmp"), Facts(), None, None, None),
        (goods(TEA_LICENCE, "infant_formula"), Facts(), None, None, None),
        (goods("SC20133010600092"), Facts(), None, None, None),
        (goods("SC12733010600052"), Facts(), None, None, None),
        (goods("QS330106010123"), Facts(), None, None, None),
        (goods(f"{TEA_LICENCE[:-1]}0"), Facts(), None, None, None),
        (goods(TEA_LICENCE, 备案=FILED), Facts(), "health_food", FILED, None),
        (goods(COSMETIC, 许可=TEA_LICENCE), Facts(), "cosmetics", COSMETIC, None),
        (goods(广告="粤械广审（文）第280917-05538号"), Facts(), None, None, None),
        (
            goods(),
            Facts(labels=(Label("p1", licence_number=TEA_LICENCE),)),
            "ordinary_food",
            TEA_LICENCE,
            None,
        ),
        (goods(), Facts(labels=(Label("p9", licence_number=TEA_LICENCE),)), None, None, None),
        (
            goods(FILED),
            Facts(official_numbers=(OfficialNumber(FILED, "k", status="not_found"),)),
            None,
            None,
            None,
        ),
        (
            goods(COSMETIC, 另=FILED),
            Facts(official_numbers=(OfficialNumber(FILED, "k", product_class="ordinary_food"),)),
            "ordinary_food",
            FILED,
            None,
        ),
        (
            goods(COSMETIC, 另=FILED),
            Facts(official_numbers=(OfficialNumber(FILED, "k", product_class="unknown"),)),
            "cosmetics",
            COSMETIC,
            None,
        ),
        (
            goods(FILED),
            Facts(
                official_numbers=(OfficialNumber(FILED, "k", status="valid", approved_text="甲"),),
                ad_approvals=(AdApproval("粤食健广审（视）第270101-00012号", approved_text="乙"),),
            ),
            "health_food",
            FILED,
            "甲。乙",
        ),
    ],
)
def test_standing(
    listing: Listing, facts: Facts, product_class: str | None, number: str | None, scope: str | None
) -> None:
    found = standing_of(scene(listing, facts), listing)
    told = (found.product_class, found.paper.number.number, found.scope) if found else (None, None, None)
    assert told == (product_class, number, scope)


def test_both_sides_with_the_paper() -> None:
    claim = Finding(
        "f", "case/rule", "case", "ad_medical_claim", "medium", 0.8, Span(3, 6), "降血糖", (), (), (), (),
        medium="speech", unit="u1", context="这个茶降血糖啊", start_ms=9000, listing_id="p1",
    )  # fmt: skip
    row = OfficialNumber(TEA_LICENCE, "food_production", holder="甲厂（虚构）", product_class="ordinary_food")
    facts = Facts(labels=(Label("p1", licence_number=TEA_LICENCE),), official_numbers=(row,))
    (outcome,) = CHECKS["class-claims/ordinary-food"].run(scene(goods(), facts, claim, claim))
    assert outcome.why.zh == (
        f"“青禾（虚构）”的食品生产许可证编号 {TEA_LICENCE} 表明它不是保健食品，却宣称：降血糖，"
        "涉嫌宣称保健功能或者疾病预防、治疗功能"
    )
    assert [(side.quote, side.span, side.start_ms, side.text.zh) for side in outcome.said] == [
        ("降血糖", Span(3, 6), 9000, "这个茶降血糖啊")
    ] * 2
    assert [side.fact for side in outcome.known] == ["labels", "official_numbers"]
    assert outcome.cites == ()
    assert (outcome.subject, outcome.listing_id) == ("p1", "p1")


def test_what_goes_beyond_its_scope_breaks_the_law_of_its_class() -> None:
    law = load_law()
    assert set(BEYOND_SCOPE) == {*MAY_CLAIM, "health_food"}
    for citations in BEYOND_SCOPE.values():
        for citation in citations:
            law.resolve(citation)
    claim = Finding(
        "f", "case/rule", "case", "ad_medical_claim", "medium", 0.8, Span(0, 3), "降血糖", (), (), (), (),
        medium="screen", unit="s1", listing_id="p1",
    )  # fmt: skip
    facts = Facts(official_numbers=(OfficialNumber(FILED, "k", approved_text="补充维生素C"),))
    (outcome,) = CHECKS["class-claims/ordinary-food"].run(scene(goods(FILED), facts, claim))
    assert (outcome.reason, outcome.cites) == ("beyond", BEYOND_SCOPE["health_food"])
    assert outcome.said[0].text.zh == "降血糖"
