"""Chains of authorisation: terms, circles, length, and who owns a brand."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from checks.pace import LINEAR, growth
from fairstream.checks import DATA
from fairstream.checks.authorisation import CHECKS, shortest, term
from fairstream.checks.library import Check, read_about
from fairstream.checks.scene import Scene
from fairstream.facts import Authorisation, Facts, OfficialNumber
from fairstream.records import Broadcast, Listing, Party, Utterance

DAY = date(2026, 3, 1)
ONE = timedelta(days=1)


def link(grantor: str, grantee: str, since: date | None = DAY, until: date | None = DAY) -> Authorisation:
    return Authorisation("远山", grantor, grantee, since, until)


def check() -> Check:
    return Check(read_about(DATA / "brand/authorisation.yaml"), CHECKS["brand/authorisation"])


def scene(*links: Authorisation, aloud: str = "") -> Scene:
    broadcast = Broadcast(
        "b",
        "t",
        DAY,
        parties=(Party("seller", "河口商贸"),),
        listings=(Listing("a", "针织衫", brand="远山"),),
        utterances=(Utterance("u", aloud, listing_id="a"),) if aloud else (),
    )
    mark = OfficialNumber("1002", "trademark", holder="远山服饰", product="远 山")
    return Scene(broadcast, Facts(authorisations=links, official_numbers=(mark,)))


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (DAY, DAY, "valid"),
        (DAY + ONE, DAY + ONE, "not-yet"),
        (DAY - ONE, DAY - ONE, "expired"),
        (None, DAY, "undated"),
        (DAY, None, "undated"),
        (None, None, "undated"),
        (DAY + ONE, None, "not-yet"),
        (None, DAY - ONE, "expired"),
    ],
)
def test_both_ends_of_a_term_count(since: date | None, until: date | None, expected: str) -> None:
    assert term(link("甲", "乙", since, until), DAY) == expected


def test_the_shortest_chain_is_taken() -> None:
    far, near = link("甲甲", "丙丙"), link("甲甲", "丁丁")
    links = (far, link("丙丙", "戊戊"), link("戊戊", "丁丁"), near)
    assert shortest(links, ["甲甲"], ["丁丁"]) == ((near,), "丁丁")


def test_a_circle_ends_the_search_and_the_last_name_is_told() -> None:
    links = (link("甲甲", "乙乙"), link("乙乙", "丙丙"), link("丙丙", "甲甲"))
    assert shortest(links, ["甲甲"], ["丁丁"]) == (None, "丙丙")
    assert shortest((), ["甲甲"], ["丁丁"]) == (None, "甲甲")
    assert shortest((), [], ["丁丁"]) == (None, "")
    assert shortest((link("甲甲", "甲甲"),), ["甲甲"], ["丁丁"]) == (None, "甲甲")


def test_a_long_chain_is_followed_in_time() -> None:
    names = [f"第{number:04}家" for number in range(600)]
    links = [link(one, other) for one, other in pairwise(names)]
    path, _ = shortest(links, names[:1], names[-1:])
    assert path is not None
    assert len(path) == 599
    # Each step looks through all links: ten times the chain may cost a hundred times as much, not a thousand.
    assert (
        growth(
            lambda: shortest(links[:59], names[:1], names[59:60]),
            lambda: shortest(links, names[:1], names[-1:]),
        )
        < LINEAR * 10
    )


def test_the_gap_is_named_with_its_day() -> None:
    broken = (
        link("远山服饰", "北桥品牌", DAY - ONE, DAY - ONE),
        link("北桥品牌", "河口商贸", DAY + ONE, DAY + ONE),
    )
    (outcome,) = check().run(scene(*broken))
    assert outcome.why.zh == (
        "“远山”到经营者“河口商贸”的授权链在直播日 2026-03-01 无效：远山服饰→北桥品牌→河口商贸，"
        "断在授权已经到期（远山服饰→北桥品牌，至 2026-02-28）；"
        "授权尚未开始（北桥品牌→河口商贸，自 2026-03-02）"
    )
    assert "breaks at ended (远山服饰→北桥品牌, until 2026-02-28); not yet begun" in outcome.why.en
    assert outcome.cites == ()
    assert [side.fact for side in outcome.known] == [
        "official_numbers",
        "parties",
        "authorisations",
        "authorisations",
    ]
    assert outcome.known[2].text == (
        "授权：远山服饰 → 北桥品牌，2026-02-28 至 2026-02-28",
        "authorisation: 远山服饰 → 北桥品牌, 2026-02-28 to 2026-02-28",
    )


def test_a_break_names_how_far_the_papers_reach_and_words_aloud_add_publicity() -> None:
    (outcome,) = check().run(scene(link("远山服饰", "北桥品牌"), aloud="我们是品牌方授权的"))
    assert "最远到“北桥品牌”" in outcome.why.zh
    assert outcome.cites[-1] == "anti-unfair-competition-law#9"
    assert set(check().about.cites) < set(outcome.cites)


def test_those_handed_in_without_an_owner_are_told() -> None:
    base = scene(link("北桥品牌", "河口商贸"))
    unowned = Scene(base.broadcast, Facts(authorisations=base.facts.authorisations))
    (outcome,) = check().run(unowned)
    assert (outcome.reason, outcome.missing) == ("owner-unknown", ("official_numbers",))
    assert outcome.why.zh.endswith("（提交的授权由“北桥品牌”起）")


@pytest.mark.parametrize(
    ("status", "reason"), [(None, "no-papers"), ("valid", "no-papers"), ("revoked", "owner-unknown")]
)
def test_only_a_standing_registration_tells_the_owner(status: str | None, reason: str) -> None:
    mark = OfficialNumber("1", "商标", holder="远山服饰", product="远山", status=status)  # type: ignore[arg-type]
    (outcome,) = check().run(Scene(scene().broadcast, Facts(official_numbers=(mark,))))
    assert outcome.reason == reason
