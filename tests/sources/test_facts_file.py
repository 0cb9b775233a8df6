"""`facts.yaml` and `facts.json`: every field read back, every fault told with its line."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from fairstream.facts import Amounts, Curve, Facts, Interval
from fairstream.records import Broadcast, Listing, Problem
from fairstream.sources.facts import read_fact_files, read_facts
from fairstream.sources.loaded import Loaded
from fairstream.sources.times import CHINA
from sources.facts_samples import KEY, as_read, full_facts, without_places, written

BROADCAST = Broadcast(
    "b", "b", date(2026, 3, 14), started_at=datetime(2026, 3, 14, 20, 30, tzinfo=CHINA),
    listings=(Listing("L1", "山菊茶"), Listing("L2", "泡脚包")),
)  # fmt: skip


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def read(
    folder: Path, text: str, name: str = "facts.yaml", *, broadcast: Broadcast | None = None
) -> Loaded[Facts]:
    (folder / name).write_text(text, "utf-8")
    return read_facts(folder, key=KEY, broadcast=broadcast)


def told(problems: tuple[Problem, ...]) -> list[tuple[int | None, str, str]]:
    return [(problem.place.line, problem.severity, problem.cause) for problem in problems]


@pytest.mark.parametrize("name", ["facts.yaml", "facts.yml", "facts.json"])
def test_every_field_comes_back(tmp_path: Path, name: str) -> None:
    facts = full_facts()
    text = (
        json.dumps(written(facts), ensure_ascii=True, indent="\t")
        if name.endswith("json")
        else yaml.dump(written(facts), Dumper=_Plain, allow_unicode=True)
    )
    loaded = read(tmp_path, text, name)
    assert loaded.problems == ()
    assert without_places(loaded.records[0]) == as_read(facts)


def test_nothing_there_is_no_fact(tmp_path: Path) -> None:
    assert read_facts(tmp_path) == Loaded((Facts(),), ())
    assert read(tmp_path, "# later\n") == Loaded((Facts(),), ())
    assert read(tmp_path, "platform:\nprizes: []\nhosts: 无\n").records == (Facts(),)


def test_written_as_people_write(tmp_path: Path) -> None:
    loaded = read(
        tmp_path,
        """
seller_display:
  shown: [0:01:00-0:05:30, {start: 0:06:00, end: 400}, 7:00 至 7:30.5]
  clicks: 2次
  prominent: 否
金额: {广告费: 2万, illegal_income: ¥99.9, goods_value_fen: 12, turnover: 未知}
决定日期: 2026年5月1日
payees: 甲、乙
registers_complete: food_production
hosts:
  姓名: 阿橙
  粉丝数: 3.2万
  处罚日期: [2025-01-02, 20250103, 2025/1/4]
  ai_shown: 无
labels:
  - {listing: L1, 材质: {棉: 60, 涤纶: 40%}, 保质期: 540天}
licences:
  - {kind: business_licence, number: 007, expires_on: 长期}
contracts:
  - {payer: 甲, payee: 乙, fee: 1.5万, commission: 20%, traffic_fen: 650000}
  - {payer: 甲, payee: 丙, commission_permille: 15, fee_fen: 0}
shelf:
  - {商品: L1, 时间: 0:05:05, 剩余: 200, 动作: 库存}
  - {listing_id: L1, at: 305, kind: on}
  - {listing_id: L1, at_ms: 305, kind: 下架}
""",
    )
    facts = loaded.records[0]
    assert loaded.problems == ()
    assert facts.seller_display is not None
    assert facts.seller_display.shown == (
        Interval(60_000, 330_000),
        Interval(360_000, 400_000),
        Interval(420_000, 450_500),
    )
    assert (facts.seller_display.clicks, facts.seller_display.prominent) == (2, False)
    assert facts.amounts == Amounts(2_000_000, 9_990, 12, None)
    assert facts.decided_on == date(2026, 5, 1)
    assert facts.payees == ("甲", "乙")
    assert facts.registers_complete == ("food_production",)
    assert facts.hosts[0].followers == 32_000
    assert facts.hosts[0].endorsement_penalised_on == (date(2025, 1, 2), date(2025, 1, 3), date(2025, 1, 4))
    assert facts.hosts[0].ai_shown == ()
    assert facts.hosts[0].ai_labelled is None
    assert facts.labels[0].materials == {"棉": 60.0, "涤纶": 40.0}
    assert facts.labels[0].shelf_life_days == 540
    assert facts.licences[0].number == "007"
    assert facts.licences[0].expires_on == date(9999, 12, 31)
    assert [(one.fee_fen, one.commission_permille, one.traffic_fen) for one in facts.contracts] == [
        (1_500_000, 200, 650_000),
        (0, 15, None),
    ]
    assert [(one.at_ms, one.kind, one.stock) for one in facts.shelf] == [
        (305_000, "stock", 200), (305_000, "on", None), (305, "off", None),
    ]  # fmt: skip


def test_places_are_file_and_line(tmp_path: Path) -> None:
    facts = read(tmp_path, "platform:\n  name: 甲\n\nprizes:\n- name: 车\n- name: 包\n").records[0]
    assert facts.platform is not None
    assert facts.platform.place is not None
    assert (facts.platform.place.file, facts.platform.place.line) == ("facts.yaml", 2)
    assert [prize.place.line for prize in facts.prizes if prize.place] == [5, 6]


def test_curves_as_series_and_as_points(tmp_path: Path) -> None:
    loaded = read(
        tmp_path,
        """
curves:
- {kind: viewers, at: [0:00:00, 0:01:00], values: [1.2万, 8]}
- {kind: 订单数, at: 0:02:00, value: 3, listing: L1}
- {kind: orders, at: 0:01:00, value: 1, listing: L1}
- {kind: likes, at_ms: [0, 1], values: [5]}
""",
    )
    assert without_places(loaded.records[0].curves) == (
        Curve("viewers", (0, 60_000), (12_000.0, 8.0)),
        Curve("orders", (60_000, 120_000), (1.0, 3.0), "L1"),
    )
    assert told(loaded.problems) == [
        (6, "skipped", "a curve with 2 moments and 1 values; it was left out"),
        (4, "repaired", "moments of a curve out of order; they were sorted"),
    ]


def test_each_fault_has_its_line_and_the_rest_is_kept(tmp_path: Path) -> None:
    loaded = read(
        tmp_path,
        """platform:
  name: 甲
  takes_comission: yes
  gives_payment: maybe
account_page: 某公司
seller_display: {shown: [0:05:00-0:01:00, 0:06:00-0:07:00], clicks: -1}
hosts:
- born_on: 1990-01-01
- {name: 乙, born_on: 1990-02-30, relation: 朋友, ai_shown: {start: 5}}
prizes:
- {name: 车, value: 很贵, value_fen: 12}
- 一只包
amounts: {ad_fee: [1]}
bogus: 1
""",
    )
    facts = loaded.records[0]
    assert facts.platform is not None
    assert (facts.platform.name, facts.platform.takes_commission) == ("甲", None)
    assert facts.seller_display is not None
    assert facts.seller_display.shown == (Interval(360_000, 420_000),)
    assert [host.name for host in facts.hosts] == ["乙"]
    assert [(prize.name, prize.value_fen) for prize in facts.prizes] == [("车", 12)]
    assert sorted(told(loaded.problems), key=lambda one: one[0] or 0) == [
        (3, "skipped", "unknown key 'takes_comission'; did you mean 'takes_commission'?"),
        (4, "skipped", "'gives_payment' is 'maybe', not yes or no (是, 否)"),
        (5, "skipped", "the entry is not an object with named fields"),
        (6, "skipped", "'shown' is '0:05:00-0:01:00', not a stretch like 0:01:00-0:05:30"),
        (6, "skipped", "'clicks' is '-1', not a whole number of zero or more"),
        (8, "skipped", "an entry of hosts without 'name'; it was left out"),
        (9, "skipped", "'born_on' is '1990-02-30', not a day like 2026-03-01"),
        (9, "skipped", "'relation' is '朋友', not employee, commissioned, owner, unknown"),
        (9, "skipped", "'ai_shown' is a list or mapping, not a stretch like 0:01:00-0:05:30"),
        (11, "skipped", "'value' is '很贵', not yuan, like 9.90"),
        (13, "skipped", "'ad_fee' is a list or mapping, not yuan, like 9.90"),
        (14, "skipped", loaded.problems[-1].cause),
    ]
    assert loaded.problems[-1].cause.startswith("unknown key 'bogus'; known: platform, account_page,")
    assert [problem.count for problem in loaded.problems if "object" in problem.cause] == [2]


def test_two_keys_of_one_meaning(tmp_path: Path) -> None:
    loaded = read(tmp_path, "prizes:\n- name: 车\n  value: 5\n  价值: 6\n  value_fen: 7\n")
    assert loaded.records[0].prizes[0].value_fen == 500
    assert [(problem.place.line, problem.count) for problem in loaded.problems] == [(4, 1), (5, 1)]


def test_clocks_need_the_start_and_marks_become_moments(tmp_path: Path) -> None:
    text = """shelf:
- {listing: L1, at: 2026-03-14 20:35:05, stock: 1}
- {listing: L1, at: 2026-03-14 20:29:59, stock: 2}
prices:
- {listing: 山菊茶, at: 0:05:00, price: 29.9}
- {listing: 面霜, at: 2026-03-13T12:00:00Z, price: 9.9}
- {listing: L2, at: 2026-03-07, price: 9.9}
"""
    facts, problems = (loaded := read(tmp_path, text, broadcast=BROADCAST)).records[0], loaded.problems
    assert [(one.at_ms, one.stock) for one in facts.shelf] == [(305_000, 1)]
    assert [(one.listing_id, one.at.astimezone(UTC).isoformat()) for one in facts.prices] == [
        ("L1", "2026-03-14T12:35:00+00:00"),
        ("面霜", "2026-03-13T12:00:00+00:00"),
        ("L2", "2026-03-06T16:00:00+00:00"),
    ]
    assert [(line, cause[:32]) for line, _, cause in sorted(told(problems))] == [
        (3, "'at' is '2026-03-14 20:29:59', n"),
        (3, "an entry of shelf without 'at_ms"),
        (6, "'面霜' is no id or title of the go"),
        (7, "'at' is a day without a time; th"),
    ]
    alone = read(tmp_path, text)
    assert (alone.records[0].shelf, len(alone.records[0].prices)) == ((), 2)
    clocks = [(problem.place.line, problem.count) for problem in alone.problems if "began" in problem.cause]
    assert clocks == [(5, 3)]


def test_a_second_file_adds_and_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "facts.json").write_text('{"platform": {"name": "乙"}, "payees": ["甲", "丁"]}', "utf-8")
    loaded = read(tmp_path, "platform: {name: 甲}\npayees: [甲, 丙]\n")
    assert loaded.records[0].platform is not None
    assert loaded.records[0].platform.name == "甲"
    assert loaded.records[0].payees == ("甲", "丙", "丁")
    assert [(problem.place.file, problem.severity) for problem in loaded.problems] == [
        ("facts.json", "skipped"),
        ("facts.json", "repaired"),
    ]


def test_json_keeps_lines_and_whole_characters(tmp_path: Path) -> None:
    text = (
        '{\n\t"prizes": [\n\t\t{"name": "\\u5305\\ud83d\\ude00\\/", "value": 1.5},\n\t\t{"value": 2}\n\t]\n}'
    )
    loaded = read(tmp_path, text, "facts.json")
    assert [(prize.name, prize.value_fen) for prize in loaded.records[0].prizes] == [("包😀/", 150)]
    assert [problem.place.line for problem in loaded.problems] == [4]


@pytest.mark.parametrize(
    ("text", "line", "cause"),
    [
        ("platform: &a {name: 甲}\nhosts: [*a]\n", 1, "an anchor (& or *)"),
        ("a: " + "[" * 9 + "]" * 9, 1, "nested too deep"),
        ("platform:\n  name: 甲\n bad\n", 3, None),
        ("- 1\n- 2\n", 1, "no keys with values"),
        ("一句话", 1, "no keys with values"),
    ],
)
def test_a_file_that_is_none_is_one_problem(tmp_path: Path, text: str, line: int, cause: str | None) -> None:
    loaded = read(tmp_path, text)
    assert loaded.records == (Facts(),)
    assert len(loaded.problems) == 1
    assert (loaded.problems[0].place.file, loaded.problems[0].place.line) == ("facts.yaml", line)
    assert cause in (None, loaded.problems[0].cause)


def test_what_is_not_known_is_no_fault(tmp_path: Path) -> None:
    loaded = read(
        tmp_path,
        """
official_numbers:
- {number: 1, kind: uscc, status: 未知, expires_on: "-", product_class: unknown, holder: 不详}
hosts:
- {name: "-", relation: 未知, is_ai: 未知, ai_shown: [[1, 2]], followers: ""}
contracts: {payer: 甲, payee: 乙, commission: 20, signed_on: n/a}
""",
    )
    number, host = loaded.records[0].official_numbers[0], loaded.records[0].hosts[0]
    assert (number.status, number.expires_on, number.product_class, number.holder) == (
        None,
        None,
        "unknown",
        None,
    )
    assert (host.name, host.relation, host.is_ai, host.ai_shown) == ("-", "unknown", None, None)
    assert loaded.records[0].contracts[0].commission_permille == 200
    assert [problem.cause for problem in loaded.problems] == [
        "'ai_shown' is a list or mapping, not a stretch like 0:01:00-0:05:30"
    ]


@pytest.mark.parametrize(
    ("text", "days", "problems"),
    [
        ("无", (), 0),
        ("none", (), 0),
        ("[]", (), 0),
        ("", None, 0),
        ("未知", None, 0),
        ("[未知]", None, 0),
        ("去年三月", None, 1),
        ("[去年三月, 2025-01-02]", (date(2025, 1, 2),), 1),
    ],
)
def test_none_is_told_from_not_known(
    tmp_path: Path, text: str, days: tuple[date, ...] | None, problems: int
) -> None:
    loaded = read(tmp_path, f"hosts: [{{name: 周麦, 代言处罚日期: {text}}}]\n")
    assert loaded.records[0].hosts[0].endorsement_penalised_on == days
    assert len(loaded.problems) == problems


@pytest.mark.parametrize(("name", "most"), [("facts.yaml", 6), ("facts/hosts.json", 7)])
def test_nesting_has_an_exact_end(tmp_path: Path, name: str, most: int) -> None:
    (tmp_path / "facts").mkdir()
    for depth in (most, most + 1):
        host = '{"name": "甲", "on_duty": ' + "[" * depth + "1" + "]" * depth + "}"
        text = f"[{host}]" if "hosts" in name else f'{{"hosts": {host}}}'
        problems = read(tmp_path, text, name).problems
        assert [problem.cause == "nested too deep" for problem in problems] == [depth > most]


def test_a_bomb_of_aliases_is_refused_at_once(tmp_path: Path) -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{name}: &{name} [*{last}, *{last}]\n" for last, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert [problem.cause for problem in read(tmp_path, bomb).problems] == ["an anchor (& or *)"]


def test_too_large_a_file(tmp_path: Path) -> None:
    loaded = read(tmp_path, "# " + "x" * (4 << 20))
    assert [problem.severity for problem in loaded.problems] == ["skipped"]
    assert "the limit of 4 MiB" in loaded.problems[0].cause


def test_a_list_as_key_is_told(tmp_path: Path) -> None:
    loaded = read(tmp_path, "platform:\n  name: 甲\n  ? [a, b]\n  : 1\n")
    assert [(problem.place.line, problem.severity) for problem in loaded.problems] == [(3, "skipped")]
    assert loaded.records[0].platform is not None


def test_loose_files(tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text("payees: [甲]", "utf-8")
    (tmp_path / "prices.csv").write_text("listing,at,price\nL1,2026-03-01 10:00,5\n", "utf-8")
    facts = read_fact_files([tmp_path / "facts.yaml", tmp_path / "prices.csv"]).records[0]
    assert (facts.payees, facts.prices[0].price_fen) == (("甲",), 500)
