"""Fines computed on known and unknown facts, beside those worked out by hand from the articles."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fairstream.errors import LawError
from fairstream.facts import Amounts
from fairstream.law.matter import Matter
from fairstream.law.sanctions import actors, not_held, one_fine, sanctions, yuan

from . import made_up
from .fines import AMOUNTS, DAY, LAW, fen, found, matter

TABLE = Path(__file__).with_name("sanctions.table.txt")
ANYONE = {"person", "unit"}


def rows() -> Iterator[tuple[str, str, str, str]]:
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            citation, told, penalty, bounds = (part.strip() for part in line.split("|"))
            yield citation, told, penalty, bounds


@pytest.mark.parametrize(("citation", "told", "penalty", "bounds"), list(rows()))
def test_the_range_is_the_one_the_article_gives(citation: str, told: str, penalty: str, bounds: str) -> None:
    item = found(matter(citation, told=told))[penalty]
    assert item.by == "article"
    if bounds == "none":
        assert (item.holding, item.low_fen, item.high_fen) == ("not_held", None, None)
        return
    low, high = (None if bound == "?" else fen(bound) for bound in bounds.split(" – "))
    assert (item.low_fen, item.high_fen) == (low, high)
    assert item.holding != "not_held"


def test_the_table_is_large_and_names_most_fines() -> None:
    named = {penalty for _, _, penalty, _ in rows()}
    fines = {item.id for item in LAW.table.penalties if item.nature == "fine"}
    assert len(list(rows())) >= 180
    assert named <= fines
    assert fines - named == {
        "pvp-5-3",
        "pvp-6-2",
        "cos-61-2",
        "live-65-2-platform",
        "live-65-2-room",
        "live-65-2-mcn",
    }


def test_every_fine_of_the_data_can_be_computed_on_nothing_and_on_everything() -> None:
    known = "fee 1 income 1 value 1 turnover 1 serious knew refused unit"
    for penalty in LAW.table.penalties:
        if penalty.nature != "fine":
            continue
        versions = penalty.versions or (LAW.family(penalty.reference.family).reference,)
        version = LAW.family(penalty.reference.family).version(versions[0])
        assert version is not None
        for told in ("", known):
            item = found(matter(str(penalty.reference), told=told, on=version.since))[penalty.id]
            assert item.low_fen is None or item.high_fen is None or 0 <= item.low_fen <= item.high_fen
            assert all(words.zh and words.en for words in item.computation)


@pytest.mark.parametrize("name", list(AMOUNTS.values()))
def test_a_negative_amount_is_refused(name: str) -> None:
    asked = replace(matter("advertising-law#28"), amounts=Amounts(**{name: -1}))
    with pytest.raises(LawError, match=f"{name} is -1 fen") as caught:
        sanctions(asked, LAW)
    assert caught.value.remedy == "give an amount of 0 or more, or leave it unknown"
    assert sanctions(replace(asked, amounts=Amounts(**{name: 0})), LAW)


def test_roles_limit_who_is_addressed() -> None:
    asked = matter("advertising-law#28", told="ordinary")
    assert set(found(asked)) == {"advertising-law-55-1", "advertising-law-55-3", "advertising-law-61-4"}
    assert set(found(asked, ("seller",))) == {"advertising-law-55-1"}
    assert set(found(asked, ("host",))) == {"advertising-law-55-3"}
    assert set(found(asked, ("endorser",))) == {"advertising-law-61-4"}
    assert set(found(asked, ("platform", "brand"))) == {"advertising-law-55-1", "advertising-law-55-3"}
    assert set(found(matter("live-ecommerce-measures-2026#66"), ("endorser",))) == {"live-66"}


@pytest.mark.parametrize(
    ("role", "addressed"),
    [
        ("seller", {"seller", "operator", "advertiser", "organiser"}),
        (
            "room_operator",
            {"room_operator", "seller", "operator", "advertiser", "ad_operator", "ad_publisher", "organiser"},
        ),
        ("host", {"host", "seller", "operator", "ad_operator", "ad_publisher"}),
        ("mcn", {"mcn", "operator", "ad_operator", "organiser"}),
        ("brand", {"producer", "operator", "advertiser", "organiser"}),
        ("platform", {"platform", "operator", "service_provider", "ad_publisher", "organiser"}),
        ("ecommerce_platform", {"platform", "operator"}),
        ("platform_seller", {"seller", "operator", "advertiser", "organiser"}),
        ("network_service_provider", {"service_provider"}),
        ("ad_publisher_or_operator", {"ad_operator", "ad_publisher"}),
        ("operator_ad_role", {"ad_operator", "ad_publisher"}),
        ("host_ad_role", {"ad_operator", "ad_publisher"}),
        ("advertiser", {"advertiser"}),
        ("endorser", {"endorser"}),
        ("helper", {"helper"}),
    ],
)
def test_what_a_role_is_addressed_as(role: str, addressed: set[str]) -> None:
    assert actors((role,), LAW) == addressed | ANYONE
    assert addressed <= set(LAW.table.actors)


def test_no_role_addresses_everyone_and_an_unknown_one_nobody() -> None:
    assert actors((), LAW) == frozenset()
    with pytest.raises(LawError, match="pirate is no role penalties address") as caught:
        found(matter("advertising-law#28"), ("seller", "pirate"))
    assert caught.value.remedy
    assert "name one of ad_operator, ad_publisher, " in caught.value.remedy


def test_without_articles_the_conduct_leads_to_the_provisions() -> None:
    asked = Matter("prize_sale", DAY)
    assert {(item.id, item.by) for item in sanctions(asked, LAW)} == {("aucl-27", "conduct")}
    both = Matter("prize_sale", DAY, conduct_also=("confusion",))
    assert {item.id for item in sanctions(both, LAW)} == {"aucl-27", "aucl-23"}


def test_a_duty_without_a_fine_of_its_own_has_none() -> None:
    assert sanctions(Matter("prize_sale", DAY, ("criminal-law#140",)), LAW) == ()


def test_articles_not_yet_in_force_leave_it_to_the_conduct() -> None:
    early = Matter("prize_sale", date(2025, 11, 1), ("live-ecommerce-measures-2026#26",))
    assert {(item.id, item.by) for item in sanctions(early, LAW)} == {("aucl-27", "conduct")}
    beside = Matter("prize_sale", date(2025, 11, 1), (*early.articles, "anti-unfair-competition-law#11"))
    assert {(item.id, item.by) for item in sanctions(beside, LAW)} == {("aucl-27", "article")}


def test_damages_and_crimes_are_no_fines() -> None:
    asked = matter("consumer-protection-law#55", "food-safety-law#148", "criminal-law#140")
    assert not [item for item in sanctions(asked, LAW) if item.by == "article"]


def test_a_paragraph_named_elsewhere_settles_a_bare_number() -> None:
    bare = found(matter("price-law#14"))
    assert {"pvp-4", "pvp-5", "pvp-5-3", "pvp-6", "pvp-6-2", "pvp-7", "pvp-11-1", "price-law-40"} <= set(bare)
    settled = found(matter("price-law#14", "marked-price-and-price-fraud-provisions-2022#17"))
    # The association is addressed in another capacity: nothing settles its paragraph.
    assert set(settled) == {"price-law-40", "pvp-5-3", "pvp-6-2", "pvp-7", "pvp-11-1"}
    assert set(found(matter("price-law#14(4)"))) == {"price-law-40", "pvp-7", "pvp-11-1"}
    assert set(found(matter("food-safety-law#34(10)"))) == {"fsl-124"}


def test_a_text_that_is_not_held_gives_nothing_and_is_named() -> None:
    early = matter("advertising-law#28", on=date(2020, 1, 1))
    assert sanctions(early, LAW) == ()
    assert not_held(early, LAW) == ("advertising-law#28",)
    assert not_held(matter("advertising-law#28", "live-ecommerce-measures-2026#33"), LAW) == ()
    before = matter("advertising-law#28", "live-ecommerce-measures-2026#33", on=date(2026, 1, 31))
    assert not_held(before, LAW) == ("live-ecommerce-measures-2026#33",)


@pytest.mark.parametrize("broken", ["advertising-law", "", "#", "advertising-law#0", "a#1; drop"])
def test_a_broken_citation_is_refused(broken: str) -> None:
    with pytest.raises(LawError):
        sanctions(matter(broken), LAW)


def test_doubts_of_the_data_stay_marked() -> None:
    assert found(matter("medical-device-regulations-2021#81"))["device-81"].applied.unverified
    assert found(matter("food-safety-law#34(10)"))["fsl-124"].applied.unverified
    assert not found(matter("advertising-law#28"))["advertising-law-55-1"].applied.unverified


def test_sums_are_written_by_the_same_hand() -> None:
    assert yuan(1_050_000) == "1.05万"


def test_one_fine_is_drawn_from_the_same_sanctions() -> None:
    asked = matter("advertising-law#9", "advertising-law#17", told="ordinary")
    principal, media = one_fine(asked, LAW)
    assert (principal.capacity, media.capacity) == ("principal", "ad_media")
    assert principal.applied is not None
    assert principal.applied.penalty.id == "advertising-law-57-advertiser"


def test_a_penalty_whose_article_the_text_of_the_day_lacks_is_left_out() -> None:
    penalties = made_up.sanctions()
    entry = {**penalties["penalties"][1], "cites": "seaweed-tea-law#2", "versions": []}
    law = made_up.tea_law(made_up.statutes(), made_up.gists(), {**penalties, "penalties": [entry]})
    cited = ("seaweed-tea-law#3",)
    assert sanctions(Matter("false_ad", date(2021, 1, 1), cited), law) == ()
    (later,) = sanctions(Matter("false_ad", date(2025, 1, 1), cited), law)
    assert (later.applied.citation.article, later.by) == ("2", "article")


def test_one_fine_looks_at_the_role_asked_about() -> None:
    asked = matter("advertising-law#28", told="ordinary")
    assert [item.capacity for item in one_fine(asked, LAW)] == ["principal", "ad_media", "endorser"]
    assert [item.capacity for item in one_fine(asked, LAW, ("host",))] == ["ad_media"]
