"""The shipped topics and the consumer-rights gate, held to the invented texts beside them."""

from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from fairstream.opinion.cases import run_cases
from fairstream.opinion.reading import Reader
from fairstream.opinion.taxonomy import SHIPPED, Case, Taxonomy, load_cases, load_taxonomy
from fairstream.records import Conduct

HITS, MISSES = 10, 6
REPORTED = {
    "2019 双11 快递": "delivery",
    "2019 双11 售后": "after_sale",
    "2019 双11 预售规则": "rules.presale",
    "2019 双11 促销宣传": "claims",
    "2019 双11 产品质量": "quality",
    "2019 双11 价格": "price",
    "2019 双11 信息骚扰": "privacy.spam",
    "2020 双11 直播带货": "live",
    "2020 双11 促销规则": "rules",
    "2020 6·18 红包活动": "rules.coupons",
    "2020 6·18 假冒伪劣": "quality.counterfeit",
    "2021 五一 交通出行": "travel.transport",
    "2021 五一 景区": "travel.scenic",
    "2021 6·18 快递/外卖": "takeaway",
    "2021 双11 虚假发货": "delivery.false_shipping",
    "2021 双11 平台问题": "platform",
    "2022 双11 团购": "group_buying",
    "2023 6·18 网购": "shopping",
    "2023 6·18 演出票务": "ticketing",
    "2023 6·18 权益规则": "rules.benefits",
    "2023 双11 广告体验": "advertising",
    "2023 双11 价格垄断": "live.price_control",
    "2023 双11 低俗带货": "live.vulgar",
    "2024 6·18 售后维权": "after_sale",
    "2024 双11 技术服务": "platform.outage",
    "2024 双11 场外交易": "live.off_platform",
    "直播带货 产品质量": "live.counterfeit",
    "直播带货 虚假宣传": "live.false_claims",
    "直播带货 虚假流量": "live.fake_traffic",
    "直播带货 价格误导": "live.unequal_discount",
    "直播带货 退换货": "live.after_sale",
    "直播带货 违禁商品": "live.prohibited",
}
"""What the associations' reports of 2019 to 2024 counted, and the topic that counts it here."""


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return load_taxonomy()


@pytest.fixture(scope="module")
def cases(taxonomy: Taxonomy) -> list[tuple[Path, Case]]:
    found = ((path.relative_to(SHIPPED), case) for path, _, case in load_cases(taxonomy))
    return [(path, case) for path, case in found if path.parts[0] == "topics"]


def test_the_shipped_lists_have_no_faults(taxonomy: Taxonomy) -> None:
    assert taxonomy.issues == []


def test_every_case_is_read_as_it_says(taxonomy: Taxonomy) -> None:
    report = run_cases(Reader.of(taxonomy))
    assert [str(failure) for failure in report.failures] == []


def test_each_topic_has_ten_hits_and_six_misses(taxonomy: Taxonomy, cases: list[tuple[Path, Case]]) -> None:
    hits = Counter(name for _, case in cases for name in case.topics)
    misses = Counter(name for _, case in cases for name in case.not_)
    few = {name for name in taxonomy.topics if hits[name] < HITS or misses[name] < MISSES}
    assert few == set()


def test_no_text_is_counted_twice(cases: list[tuple[Path, Case]]) -> None:
    twice = [key for key, count in Counter((path, case.text) for path, case in cases).items() if count > 1]
    assert twice == []


def test_what_the_reports_counted_can_be_counted(taxonomy: Taxonomy) -> None:
    assert {name: topic for name, topic in REPORTED.items() if topic not in taxonomy.topics} == {}


def test_a_sub_issue_counts_for_its_parent(taxonomy: Taxonomy) -> None:
    for topic in taxonomy.topics.values():
        if "." in topic.id:
            assert topic.above in taxonomy.topics


def test_problems_open_the_gate_and_parents_do_not_alone(taxonomy: Taxonomy) -> None:
    weak = {topic.id for topic in taxonomy.topics.values() if topic.rights == "weak"}
    assert {"live", "rules", "price", "quality", "delivery", "refunds", "shopping"} <= weak
    assert taxonomy.topics["live.counterfeit"].rights == "strong"
    assert taxonomy.topics["delivery.slow"].rights == "strong"


def test_leads_are_conducts_of_the_records(taxonomy: Taxonomy) -> None:
    known = set(get_args(Conduct))
    named = {code for topic in taxonomy.topics.values() for code in topic.conducts}
    assert named <= known
    assert {"fake_goods", "price_fraud", "fictitious_transaction", "food_safety", "personal_info"} <= named


def test_lexicons_are_of_the_size_that_was_planned(taxonomy: Taxonomy) -> None:
    terms = {term for lexicon in taxonomy.lexicons.values() for term in lexicon.terms}
    assert 1500 <= len(terms) <= 6000
    assert not [name for name, lexicon in taxonomy.lexicons.items() if not lexicon.title.en]
