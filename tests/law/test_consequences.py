"""The legal part of a matter: its answers, the statutes it names, and its plain data key by key."""

from dataclasses import replace
from datetime import date

import pytest

from fairstream.errors import LawError
from fairstream.facts import Amounts, Circumstances
from fairstream.law.consequences import Consequences, as_data, consequences, fines_of, provisions
from fairstream.law.leniency import leniency
from fairstream.law.liability import who_answers
from fairstream.law.matter import Answer, Ground, Matter
from fairstream.law.measures import propose
from fairstream.law.resolve import load_law
from fairstream.law.roles import roles
from fairstream.law.sanctions import not_held, one_fine, sanctions
from fairstream.records import Words

from . import made_up
from .told import holdings

LAW, TEA = load_law(), made_up.tea_law()
DAY = date(2025, 1, 1)
SINGING = Matter("false_ad", DAY, ("seaweed-tea-law#3",))
OLD = Words("《海草茶法（2020年，虚构）》", "Seaweed Tea Law (2020, invented)")
NEW = Words("《海草茶法（2024年，虚构）》", "Seaweed Tea Law (2024, invented)")


def answer(code: str, *citations: str) -> Answer:
    grounds = tuple(Ground(Words(f"据{code}", f"by {code}"), True, citation) for citation in citations)
    return Answer(code, Words(code, code), "held", grounds)


def made(asked: Matter, *citations: str) -> Consequences:
    """Consequences whose only ground are these citations."""
    return Consequences(asked, (answer("one", *citations),), (), (), (), (), ())


def article(statute: Words, number: int) -> Words:
    return Words(f"{statute.zh}第{number}条", f"{statute.en}, art. {number}")


MATTERS = (
    Matter(
        "false_commercial_publicity",
        date(2025, 8, 1),
        ("anti-unfair-competition-law#9",),
        decided_on=date(2026, 3, 1),
        circumstances=Circumstances(serious=False, first_offence=True),
    ),
    Matter(
        "false_ad",
        date(2026, 3, 5),
        ("advertising-law#28", "anti-unfair-competition-law#9"),
        amounts=Amounts(ad_fee=2_000_000),
    ),
    Matter("price_fraud", date(2020, 1, 1), ("advertising-law#28", "price-law#14(4)")),
)


@pytest.mark.parametrize("asked", MATTERS, ids=lambda asked: asked.conduct)
def test_every_part_is_the_answer_to_its_own_question(asked: Matter) -> None:
    assert consequences(asked, LAW) == Consequences(
        matter=asked,
        liability=who_answers(asked, LAW),
        roles=roles(asked, LAW),
        sanctions=sanctions(asked, LAW),
        fines=fines_of(one_fine(asked, LAW), LAW),
        leniency=tuple(item.answer for item in leniency(asked, LAW)),
        proposals=propose(asked, LAW),
        not_held=not_held(asked, LAW),
    )


def test_a_price_of_2020_under_a_text_that_is_not_held() -> None:
    found = consequences(MATTERS[2], LAW)
    assert found.not_held == ("advertising-law#28",)
    assert holdings(found.liability) == {
        "price.seller": "held",
        "price.room_operator": "not_held",
        "price.platform": "possible",
        "price.platform.venue": "possible",
        "price.host": "not_held",
        "price.mcn": "not_held",
    }
    data = as_data(found)
    assert (data["conduct"], data["on"], data["decided_on"]) == ("price_fraud", "2020-01-01", None)
    assert data["articles"] == ["advertising-law#28", "price-law#14(4)"]
    assert data["not_held"] == ["advertising-law#28"]
    assert [item["id"] for item in data["sanctions"]] == ["price-law-40", "pvp-7", "pvp-11-1"]
    assert {item["by"] for item in data["sanctions"]} == {"article"}
    (fine,) = data["one_fine"]
    assert (fine["capacity"], fine["applied"], fine["uncertain"]) == ("principal", "pvp-7", True)


def test_answers_come_in_the_order_shown() -> None:
    parts = [(answer("liability"),), (answer("roles"),), (answer("leniency"),), (answer("proposals"),)]
    found = Consequences(SINGING, parts[0], parts[1], (), (), parts[2], parts[3])
    assert [item.code for item in found.answers()] == ["liability", "roles", "leniency", "proposals"]


def test_a_broken_citation_is_refused() -> None:
    with pytest.raises(LawError, match="advertising-law"):
        consequences(Matter("false_ad", DAY, ("advertising-law",)), LAW)


@pytest.mark.parametrize(
    ("on", "decided_on", "citation", "named"),
    [
        (date(2024, 6, 30), None, "seaweed-tea-law#3", article(OLD, 2)),
        (date(2024, 6, 30), date(2025, 1, 1), "seaweed-tea-law#3", article(OLD, 2)),
        (date(2024, 7, 1), None, "seaweed-tea-law#3", article(NEW, 3)),
        (date(2020, 1, 9), date(2020, 1, 10), "seaweed-tea-law#3", article(OLD, 2)),
        (date(2020, 1, 9), None, "seaweed-tea-law#3", article(NEW, 3)),
        (date(2021, 1, 1), date(2022, 1, 1), "seaweed-tea-law#2", article(NEW, 2)),
        (date(2021, 1, 1), date(2025, 1, 1), "seaweed-tea-law#2", article(NEW, 2)),
        (DAY, None, "rum-law#7", Words("rum-law#7", "rum-law#7")),
    ],
)
def test_a_provision_is_named_as_of_its_day_else_of_the_decision_else_of_now(
    on: date, decided_on: date | None, citation: str, named: Words
) -> None:
    asked = replace(SINGING, on=on, decided_on=decided_on)
    assert provisions([made(asked, citation)], TEA) == {citation: named}


def test_the_first_matter_names_a_provision_and_an_inference_names_none() -> None:
    early, late = replace(SINGING, on=date(2021, 1, 1)), SINGING
    found = [made(early, "", "seaweed-tea-law#3"), made(late, "seaweed-tea-law#3", "", "seaweed-tea-law#4")]
    assert provisions(found, TEA) == {
        "seaweed-tea-law#3": article(OLD, 2),
        "seaweed-tea-law#4": article(NEW, 4),
    }
    assert list(provisions(found[::-1], TEA).values()) == [article(NEW, 3), article(NEW, 4)]
    assert provisions([], TEA) == {}


def test_what_a_fine_gives_way_by_is_named_too() -> None:
    found = Consequences(MATTERS[1], (), (), (), fines_of(one_fine(MATTERS[1], LAW), LAW), (), ())
    assert provisions([found], LAW) == {
        "anti-unfair-competition-law#25(2)": Words(
            "《中华人民共和国反不正当竞争法（2025年修订）》第25条(2)",
            "Anti-Unfair Competition Law (2025 revision), art. 25(2)",
        )
    }


def test_every_answer_and_ground_is_plain_data() -> None:
    told = Answer(
        "seller",
        Words("销售者", "seller"),
        "possible",
        (
            Ground(Words("卖货", "sells"), True, "seaweed-tea-law#3", "parties"),
            Ground(Words("另有传闻", "hearsay"), None, unverified=True),
        ),
        (Words("如查明甲", "if a"), Words("如查明乙", "if b")),
        "茶行（虚构）",
    )
    others = [replace(told, code=code) for code in ("role", "lenient", "order")]
    asked = replace(SINGING, decided_on=date(2025, 2, 3))
    found = Consequences(asked, (told,), (others[0],), (), (), (others[1],), (others[2],), ("tea#1",))
    plain = {
        "code": "seller",
        "title_zh": "销售者",
        "title_en": "seller",
        "holding": "possible",
        "subject": "茶行（虚构）",
        "grounds": [
            {
                "words_zh": "卖货",
                "words_en": "sells",
                "holds": True,
                "citation": "seaweed-tea-law#3",
                "fact": "parties",
                "unverified": False,
            },
            {
                "words_zh": "另有传闻",
                "words_en": "hearsay",
                "holds": None,
                "citation": "",
                "fact": "",
                "unverified": True,
            },
        ],
        "would_change_zh": ["如查明甲", "如查明乙"],
        "would_change_en": ["if a", "if b"],
    }
    assert as_data(found) == {
        "conduct": "false_ad",
        "on": "2025-01-01",
        "decided_on": "2025-02-03",
        "articles": ["seaweed-tea-law#3"],
        "not_held": ["tea#1"],
        "liability": [plain],
        "roles": [{**plain, "code": "role"}],
        "sanctions": [],
        "one_fine": [],
        "leniency": [{**plain, "code": "lenient"}],
        "proposals": [{**plain, "code": "order"}],
    }


def test_every_sanction_and_branch_is_plain_data() -> None:
    found = Consequences(
        SINGING, (), (), sanctions(SINGING, TEA), fines_of(one_fine(SINGING, TEA), TEA), (), ()
    )
    data = as_data(found)
    fixed = {
        "holding": "held",
        "low_fen": 0,
        "high_fen": 2_000_000,
        "missing": None,
        "discretionary": False,
        "computation_zh": ["定额 2万元以下"],
        "computation_en": ["fixed sum up to 20,000 yuan"],
    }
    multiple_zh = "货值金额：0.5 × 1万元 = 5,000元；0.5–3倍：货值金额未知，上限无法计算"
    multiple_en = "value of goods: 0.5 × 10,000 yuan = 5,000 yuan; 0.5–3 times: "
    multiple_en += "value of goods unknown: no upper bound"
    multiple = {
        "holding": "possible",
        "low_fen": 500_000,
        "high_fen": None,
        "missing": "goods_value",
        "discretionary": False,
        "computation_zh": [multiple_zh],
        "computation_en": [multiple_en],
    }
    assert data["sanctions"] == [
        {
            "id": "tea-2024",
            "provision_zh": "海草茶法（2024年，虚构）第4条",
            "provision_en": "Seaweed Tea Law (2024, invented) art. 4",
            "version": "seaweed-tea-law-2024",
            "holding": "held",
            "low_fen": 0,
            "high_fen": None,
            "path": "direct",
            "missing": ["goods_value"],
            "unverified": False,
            "measures": ["stop"],
            "branches": [fixed, multiple],
            "by": "article",
            "computation_zh": [
                "依据：海草茶法（2024年，虚构）第4条",
                "一般情形 → 定额 2万元以下",
                f"货值金额1万元以上 → {multiple_zh}",
                "货值金额未知：查明后须重算",
                "结果：0元以上，上限未知",
            ],
            "computation_en": [
                "Under Seaweed Tea Law (2024, invented) art. 4",
                "ordinary case → fixed sum up to 20,000 yuan",
                f"value of goods of 10,000 yuan or more → {multiple_en}",
                "value of goods unknown: compute again once it is known",
                "Result: from 0 yuan, upper bound unknown",
            ],
        }
    ]


def test_a_fine_says_whom_it_addresses() -> None:
    fines = fines_of(one_fine(SINGING, TEA), TEA)
    data = as_data(Consequences(SINGING, (), (), (), fines, (), ()))
    assert data["one_fine"] == [
        {
            "capacity": "principal",
            "who_zh": "卖茶人",
            "who_en": "tea seller",
            "applied": "tea-2024",
            "uncertain": False,
            "displaced": [],
        }
    ]


def test_every_fine_and_what_it_displaces_is_plain_data() -> None:
    collisions = one_fine(MATTERS[1], LAW)
    unfined = replace(collisions[2], applied=None, uncertain=True)
    fines = fines_of((*collisions, unfined), LAW)
    found = Consequences(MATTERS[1], (), (), (), fines, (), ())
    assert as_data(found)["one_fine"] == [
        {
            "capacity": "principal",
            "who_zh": "广告主",
            "who_en": "advertiser",
            "applied": "advertising-law-55-1",
            "uncertain": False,
            "displaced": [
                {
                    "id": "aucl-25-2025",
                    "by": "advertising-law-55-1",
                    "why_zh": "虚假宣传属于发布虚假广告的，依广告法处罚",
                    "why_en": "False publicity that is a false advertisement "
                    "is punished by the Advertising Law",
                }
            ],
        },
        {
            "capacity": "ad_media",
            "who_zh": "广告经营者、广告发布者",
            "who_en": "ad operator, ad publisher",
            "applied": "advertising-law-55-3",
            "uncertain": False,
            "displaced": [],
        },
        {
            "capacity": "endorser",
            "who_zh": "广告代言人",
            "who_en": "endorser",
            "applied": "advertising-law-61-4",
            "uncertain": False,
            "displaced": [],
        },
    ]
