"""One act under several rules: what gives way, and the one rule it is fined under."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest

from fairstream.facts import Amounts, Circumstances
from fairstream.law.collision import Collision, capacity, collide, goes_before, residual
from fairstream.law.matter import Holding, Matter
from fairstream.law.ranges import Computed
from fairstream.law.resolve import load_law
from fairstream.law.sanctions import one_fine, sanctions
from fairstream.records import Conduct

from . import made_up

LAW, TEA = load_law(), made_up.tea_law()
DAY = date(2026, 3, 1)
PENALTIES = {item.id: item for item in LAW.table.penalties}


def collision(
    conduct: Conduct,
    *articles: str,
    roles: Iterable[str] = ("seller",),
    amounts: Amounts = Amounts(),  # noqa: B008
    circumstances: Circumstances = Circumstances(serious=False, first_offence=True),  # noqa: B008
) -> Collision:
    asked = Matter(conduct, DAY, articles, amounts=amounts, circumstances=circumstances)
    (only,) = (item for item in one_fine(asked, LAW, tuple(roles)) if item.capacity == "principal")
    return only


def outcome(item: Collision) -> tuple[str | None, list[tuple[str, str, str]]]:
    applied = item.applied.penalty.id if item.applied else None
    return applied, [(gone.sanction.penalty.id, gone.by.penalty.id, gone.citation) for gone in item.displaced]


def test_a_false_ad_is_punished_by_the_advertising_law_alone() -> None:
    item = collision("false_ad", "advertising-law#28", "anti-unfair-competition-law#9")
    assert outcome(item) == (
        "advertising-law-55-1",
        [("aucl-25-2025", "advertising-law-55-1", "anti-unfair-competition-law#25(2)")],
    )
    assert item.displaced[0].why.zh == "虚假宣传属于发布虚假广告的，依广告法处罚"
    assert item.displaced[0].why.en.startswith("False publicity that is a false advertisement")


def test_the_advertising_law_goes_first_even_when_its_fine_is_lower() -> None:
    item = collision(
        "false_commercial_publicity",
        "advertising-law#28(2)",
        "anti-unfair-competition-law#9",
        amounts=Amounts(ad_fee=100_000),
    )
    assert item.applied is not None
    assert (item.applied.penalty.id, item.applied.high_fen) == ("advertising-law-55-1", 500_000)


def test_publicity_that_is_no_ad_stays_unfair_competition() -> None:
    asked = collision("false_commercial_publicity", "anti-unfair-competition-law#9", "ecommerce-law#17")
    assert outcome(asked) == ("aucl-25-2025", [])
    superlative = collision("ad_superlative", "advertising-law#9", "anti-unfair-competition-law#9")
    assert outcome(superlative) == (
        "advertising-law-57-advertiser",
        [("aucl-25-2025", "advertising-law-57-advertiser", "administrative-penalty-law#29")],
    )
    without = collision("false_ad", "advertising-law#9", "anti-unfair-competition-law#9")
    assert outcome(without) == outcome(superlative)


@pytest.mark.parametrize(
    ("conduct", "articles", "roles", "applied", "residual_rule"),
    [
        (
            "fake_goods",
            ("live-ecommerce-measures-2026#33", "product-quality-law#39"),
            "room_operator",
            "pql-50",
            "61",
        ),
        (
            "disclosure",
            ("live-ecommerce-measures-2026#26", "ecommerce-law#24"),
            "room_operator",
            "ecl-76-1",
            "58",
        ),
        (
            "platform_duty",
            ("live-ecommerce-measures-2026#22", "ecommerce-law#38"),
            "platform",
            "ecl-83",
            "54",
        ),
        (
            "disclosure",
            ("live-ecommerce-measures-2026#29", "ecommerce-law#24"),
            "room_operator",
            "ecl-76-1",
            "59",
        ),
        (
            "other",
            ("live-ecommerce-measures-2026#39", "anti-unfair-competition-law#9"),
            "mcn",
            "aucl-25-2025",
            "64",
        ),
    ],
)
def test_a_special_law_goes_before_the_rest_rules_of_the_measures(
    conduct: Conduct, articles: tuple[str, ...], roles: str, applied: str, residual_rule: str
) -> None:
    asked = Matter(conduct, DAY, articles, amounts=Amounts(goods_value=100))
    cited = f"live-ecommerce-measures-2026#{residual_rule}"
    (item,) = (item for item in one_fine(asked, LAW, (roles,)) if item.applied)
    assert item.applied is not None
    assert item.applied.penalty.id == applied
    assert (f"live-{residual_rule}", applied, cited) in outcome(item)[1]
    gone = next(gone for gone in item.displaced if gone.citation == cited)
    rest, special = gone.sanction.provision, gone.by.provision
    assert gone.why.zh == f"{rest.zh}只在别的法律、法规没有规定时适用，{special.zh}已有规定"
    assert gone.why.en == (
        f"{rest.en} applies only where no other law or regulation provides; {special.en} does"
    )
    (alone,) = (x for x in sanctions(asked, LAW, (roles,)) if x.id == f"live-{residual_rule}")
    assert alone.holding == "not_held"
    assert ("no_special_law", False) in [(c.code, c.holds) for b in alone.branches for c in b.conditions]


def test_a_rest_rule_alone_stays_possible_for_nobody_knows_every_law() -> None:
    item = collision("fake_goods", "live-ecommerce-measures-2026#33", roles=("room_operator",))
    assert outcome(item) == ("live-61", [])
    assert item.applied is not None
    assert item.applied.holding == "possible"


def test_the_consumer_law_gives_way_to_other_laws_but_not_to_the_measures() -> None:
    item = collision(
        "consumer_rights",
        "consumer-protection-law#20",
        "anti-unfair-competition-law#9",
        amounts=Amounts(illegal_income=0),
    )
    assert outcome(item) == ("aucl-25-2025", [("cpl-56", "aucl-25-2025", "consumer-protection-law#56")])
    residuals = collision(
        "consumer_rights", "consumer-protection-law#24", "network-transaction-measures-2025#11"
    )
    assert outcome(residuals) == ("cpl-56", [("ntm-41", "cpl-56", "network-transaction-measures-2025#41")])


def test_the_higher_maximum_then_the_higher_minimum_wins() -> None:
    higher = collision("ad_superlative", "advertising-law#9", "advertising-law#17")
    assert outcome(higher) == (
        "advertising-law-57-advertiser",
        [("advertising-law-58-1", "advertising-law-57-advertiser", "administrative-penalty-law#29")],
    )
    assert not higher.uncertain
    assert higher.displaced[0].why.zh == (
        "同一行为只罚一次，中华人民共和国广告法第57条的罚款更高，中华人民共和国广告法第58条(1)不再另罚"
    )
    assert higher.displaced[0].why.en == (
        "One act is fined once; the fine of Advertising Law of the PRC art. 57 is the higher, "
        "none is added under Advertising Law of the PRC art. 58(1)"
    )
    # Both end at 1,000,000 yuan; 57 starts at 200,000, the AUCL at nothing.
    level = collision("other", "anti-unfair-competition-law#9", "advertising-law#9")
    assert outcome(level)[0] == "advertising-law-57-advertiser"


def test_an_open_range_is_taken_for_the_higher_and_marked_uncertain() -> None:
    item = collision("confusion", "anti-unfair-competition-law#7", "anti-unfair-competition-law#9")
    assert outcome(item)[0] == "aucl-23"
    assert item.uncertain
    known = collision(
        "confusion",
        "anti-unfair-competition-law#7",
        "anti-unfair-competition-law#9",
        amounts=Amounts(turnover=100),
    )
    assert outcome(known)[0] == "aucl-25-2025"
    assert not known.uncertain


def test_an_amount_unknown_altogether_loses_to_a_known_range() -> None:
    item = collision("fake_goods", "product-quality-law#39", "advertising-law#11")
    assert outcome(item)[0] == "advertising-law-59-1"
    assert item.uncertain
    alone = collision("fake_goods", "product-quality-law#39")
    assert outcome(alone)[0] == "pql-50"
    assert not alone.uncertain


def test_excluded_fines_are_not_compared() -> None:
    asked = Matter("platform_duty", DAY, ("advertising-law#45",), circumstances=Circumstances(knew=False))
    (item,) = one_fine(asked, LAW)
    assert (item.capacity, item.applied, item.displaced, item.uncertain) == ("provider", None, (), False)


@pytest.mark.parametrize(
    ("who", "named"),
    [
        (("ad_operator", "ad_publisher"), "ad_media"),
        (("ad_publisher",), "ad_media"),
        (("advertiser", "ad_operator", "ad_publisher"), "principal"),
        (("endorser",), "endorser"),
        (("platform",), "provider"),
        (("service_provider",), "provider"),
        (("operator", "platform"), "principal"),
        (("association", "service_provider"), "association"),
        (("helper",), "helper"),
        (("responsible_person",), "responsible_person"),
        (("person", "unit"), "principal"),
        ((), "principal"),
    ],
)
def test_capacities(who: tuple[str, ...], named: str) -> None:
    assert capacity(who) == named


def test_which_rules_give_way() -> None:
    assert residual(PENALTIES["live-61"]) == {"no_special_law"}
    assert residual(PENALTIES["cpl-56"]) == {"no_other_law"}
    assert residual(PENALTIES["pql-50"]) == frozenset()
    assert {item.id for item in PENALTIES.values() if residual(item)} == {
        *(
            "cpl-56",
            "cpir-50-1",
            "cipm-15",
            "ntm-41",
            "ntm-45",
            "ntm-49",
            "ntm-53",
            "live-54",
            "live-58",
            "live-59",
        ),
        *(
            "live-61",
            "live-64",
            "live-65-2-mcn",
            "live-65-2-platform",
            "live-65-2-room",
            "live-66",
            "mp-24",
            "unlicensed-13",
            "iam-27",
            "iam-29-1",
            "spa-28",
        ),
    }


@pytest.mark.parametrize(
    ("other", "penalty", "first"),
    [
        ("pql-50", "live-61", True),
        ("cpl-56", "live-61", True),
        ("live-61", "pql-50", False),
        ("live-61", "cpl-56", False),
        ("pvp-7", "cpl-56", True),
        ("ntm-46", "live-59", False),
        ("live-61", "live-61", False),
        ("cpir-50-1", "cpl-56", False),
        ("advertising-law-55-3", "live-61", False),
    ],
)
def test_a_rule_of_law_or_regulation_goes_before_a_rest_rule_of_the_same_capacity(
    other: str, penalty: str, *, first: bool
) -> None:
    assert goes_before(PENALTIES[other], PENALTIES[penalty], LAW) is first


@pytest.mark.parametrize(
    "asked",
    [
        Matter("false_ad", DAY, conduct_also=("false_commercial_publicity",)),
        Matter("false_commercial_publicity", DAY, conduct_also=("false_ad",)),
    ],
    ids=["false_ad", "false_ad too"],
)
def test_a_false_ad_is_told_by_the_conduct_alone(asked: Matter) -> None:
    (item,) = (one for one in one_fine(asked, LAW, ("seller",)) if one.capacity == "principal")
    told = [(gone.sanction.penalty.id, gone.citation) for gone in item.displaced]
    assert ("aucl-25-2025", "anti-unfair-competition-law#25(2)") in told


def fine(name: str, low: int | None, high: int | None, holding: Holding = "held") -> Computed:
    """The fine of an invented law under another name and with other bounds."""
    asked = Matter("false_ad", date(2025, 1, 1), ("seaweed-tea-law#3",))
    (made,) = sanctions(asked, TEA)
    return replace(
        made.applied,
        penalty=replace(made.applied.penalty, id=name),
        low_fen=low,
        high_fen=high,
        holding=holding,
    )


@pytest.mark.parametrize(
    ("one", "other", "applied", "uncertain"),
    [
        ((0, 100), (1, 100), "other", False),
        ((1, 100), (0, 100), "one", False),
        ((0, 100), (0, 100), "one", False),
        ((99, 99), (0, 100), "other", False),
        ((0, 100), (0, None), "other", True),
        ((0, None), (0, 100), "one", True),
        ((0, None), (1, None), "other", True),
        ((None, None), (0, 0), "other", True),
        ((0, 0), (None, None), "one", True),
    ],
)
def test_the_higher_maximum_then_the_higher_minimum_is_applied(
    one: tuple[int | None, int | None], other: tuple[int | None, int | None], applied: str, uncertain: bool
) -> None:
    both = {"one": fine("one", *one), "other": fine("other", *other)}
    (found,) = collide(both.values(), Matter("other", DAY), TEA)
    left = both["one" if applied == "other" else "other"]
    assert (found.capacity, found.applied, found.uncertain) == ("principal", both[applied], uncertain)
    assert [(gone.sanction, gone.by, gone.citation) for gone in found.displaced] == [
        (left, both[applied], "administrative-penalty-law#29")
    ]
    assert found.displaced[0].why.zh == (
        "同一行为只罚一次，海草茶法（2024年，虚构）第4条的罚款更高，海草茶法（2024年，虚构）第4条不再另罚"
    )
    assert found.displaced[0].why.en == (
        "One act is fined once; the fine of Seaweed Tea Law (2024, invented) art. 4 is the higher, "
        "none is added under Seaweed Tea Law (2024, invented) art. 4"
    )


def test_an_excluded_fine_neither_competes_nor_makes_the_rest_uncertain() -> None:
    excluded = fine("excluded", None, None, "not_held")
    (found,) = collide([excluded, fine("left", 0, None)], Matter("other", DAY), TEA)
    assert (found.applied, found.displaced, found.uncertain) == (fine("left", 0, None), (), False)
    (nothing,) = collide([excluded], Matter("other", DAY), TEA)
    assert (nothing.applied, nothing.displaced, nothing.uncertain) == (None, (), False)


def test_a_rest_rule_stays_where_the_special_one_is_excluded() -> None:
    asked = Matter("fake_goods", DAY, ("live-ecommerce-measures-2026#33", "product-quality-law#39"))
    made = {item.id: item.applied for item in sanctions(asked, LAW, ("room_operator",))}
    rest, special = made["live-61"], made["pql-50"]
    kept = [replace(rest, holding="possible"), replace(special, holding="not_held")]
    assert [item.applied for item in collide(kept, asked, LAW)] == [kept[0]]
    gives_way = [replace(rest, holding="possible"), replace(special, holding="possible")]
    (found,) = collide(gives_way, asked, LAW)
    assert found.applied == gives_way[1]
    (gone,) = found.displaced
    assert (gone.sanction, gone.by, gone.citation) == (*gives_way, "live-ecommerce-measures-2026#61")
    assert gone.why.en == (
        f"{rest.provision.en} applies only where no other law or regulation provides; "
        f"{special.provision.en} does"
    )
    assert gone.why.zh == (
        f"{rest.provision.zh}只在别的法律、法规没有规定时适用，{special.provision.zh}已有规定"
    )
