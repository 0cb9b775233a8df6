"""The list of duties, and one line of a register against one duty."""

from datetime import date
from pathlib import Path

import pytest

from fairstream.checks import DATA, duties
from fairstream.checks.about import Outcome
from fairstream.checks.duties import CHECKS, CLEAR, SUSPECTED
from fairstream.checks.duties_register import Duty, judge, load_duties
from fairstream.checks.library import Check, read_about
from fairstream.checks.scene import Scene
from fairstream.errors import RuleError
from fairstream.facts import DutyEntry, Facts
from fairstream.law.deadlines import load_limits
from fairstream.law.resolve import load_law
from fairstream.law.workdays import load_calendar
from fairstream.records import Broadcast

from .test_host import ON

DUTIES = load_duties()
REASONS = {
    "limit": {"in-time", "not-due", "late", "missing", "contradicts", "no-basis", "unknown-year"},
    "months": {"in-time", "not-due", "late", "missing", "early", "no-basis"},
    "yearly": {"in-time", "not-due", "late", "missing", "contradicts", "no-basis"},
    "event": {"in-time", "not-due", "late", "missing", "no-basis"},
    "keep": {"kept", "short", "no-end", "no-basis"},
    "promptly": {"prompt", "open", "slow", "undone", "contradicts", "no-basis"},
}


def run(name: str, *entries: DutyEntry, decided_on: date | None = None) -> list[Outcome]:
    scene = Scene(Broadcast("b", "茶", ON), Facts(duties=entries, decided_on=decided_on))
    return list(Check(read_about(DATA / f"{name}.yaml"), duties.CHECKS[name]).run(scene))


def test_every_duty_cites_articles_that_exist_and_limits_that_exist() -> None:
    law = load_law()
    for duty in DUTIES.values():
        for citation in (*duty.cites, *duty.penalty):
            assert law.resolve(citation).version
        assert duty.limit is None or duty.limit in load_limits()


def test_the_duties_of_the_measures_are_all_there() -> None:
    cites = [cite for duty in DUTIES.values() for cite in duty.cites if "live-e" in cite]
    articles = {cite.partition("#")[2].partition("(")[0] for cite in cites}
    assert articles >= {str(number) for number in (*range(6, 11), *range(12, 24), 25, 27, 28, 31, 39, 43, 45)}
    assert len(DUTIES) == 34
    assert {duty.who for duty in DUTIES.values()} == {"platform", "room_operator", "mcn"}


def test_every_check_reads_duties_and_can_say_what_they_give() -> None:
    read = {f"platform/{duty.check}" for duty in DUTIES.values() if duty.check}
    assert read == set(CHECKS)
    for name in CHECKS:
        says = set(read_about(DATA / f"{name}.yaml").says)
        rules = {duty.rule for duty in DUTIES.values() if f"platform/{duty.check}" == name and duty.rule}
        possible = set().union(*(REASONS[rule] for rule in rules))
        # Months and years need no holiday table.
        assert possible - {"unknown-year"} <= says
        assert says - possible == {"before", "none"}


def test_verdicts_do_not_overlap() -> None:
    assert not SUSPECTED & CLEAR
    assert set().union(*REASONS.values()) - SUSPECTED - CLEAR == {
        "early",
        "contradicts",
        "no-basis",
        "no-end",
        "slow",
        "unknown-year",
    }


def test_a_late_report_names_law_penalty_and_who_owes_it() -> None:
    entry = DutyEntry("change-report", "青禾", date(2026, 2, 10), done_on=date(2026, 2, 14))
    (outcome,) = run("platform/disposal", entry)
    assert outcome.liable == ("room_operator",)
    assert outcome.cites == (
        "live-ecommerce-measures-2026#25",
        "live-ecommerce-measures-2026#15",
        "network-transaction-measures-2025#26",
        "live-ecommerce-measures-2026#57",
    )
    assert outcome.why.zh == (
        "青禾：公示信息变更三个工作日内报送平台，期限到 2026-02-13，2026-02-14 才完成。此项可以直接处罚"
    )
    assert outcome.known[0].text.zh == "青禾：起算 2026-02-10，完成 2026-02-14"


def test_an_order_to_correct_comes_first_where_the_penalty_says_so() -> None:
    (outcome,) = run("platform/re-verification", DutyEntry("re-verification", basis_on=date(2025, 8, 1)))
    assert outcome.why.zh.endswith("此项先责令限期改正，不改正或者情节严重的才罚款")
    assert outcome.why.en.startswith(
        "—: re-verification of room operators every six months, due by 2026-02-01; on 2026-03-01"
    )
    assert outcome.known[0].text.en == "—: from 2025-08-01, done unknown"


def test_a_duty_without_penalty_says_so() -> None:
    entry = DutyEntry("change-verification", "平台", date(2026, 2, 10), done_on=date(2026, 2, 27))
    (outcome,) = run("platform/disposal", entry)
    assert outcome.why.en.endswith("the market regulator has no penalty of its own for this")


def test_a_penalty_younger_than_the_broadcast_is_none() -> None:
    entry = DutyEntry("change-report", "青禾", date(2026, 1, 12), done_on=date(2026, 1, 16))
    scene = Scene(Broadcast("b", "茶", date(2026, 1, 31)), Facts(duties=(entry,)))
    (outcome,) = Check(read_about(DATA / "platform/disposal.yaml"), CHECKS["platform/disposal"]).run(scene)
    assert outcome.why.zh.endswith("2026-01-16 才完成。市场监管部门对此项没有专门罚则")


def test_the_doubt_of_a_penalty_is_told_with_it() -> None:
    entry = DutyEntry("records-hosts", "青禾", date(2026, 2, 10), record_kept_until=date(2027, 2, 10))
    (outcome,) = run("platform/records", entry)
    assert outcome.why.zh.endswith("不改正或者情节严重的才罚款；罚则只说核验义务，是否含保存记录未核实")
    assert outcome.why.en.endswith(
        "an order to correct comes before a fine; "
        "the penalty speaks of verification; whether it covers records is unverified"
    )


def test_the_decision_day_counts_when_known() -> None:
    entry = DutyEntry("re-verification", "青禾", date(2025, 10, 1))
    assert [one.reason for one in run("platform/re-verification", entry)] == ["not-due"]
    late = run("platform/re-verification", entry, decided_on=date(2026, 4, 2))
    assert [one.reason for one in late] == ["missing"]


def test_a_duty_exists_from_the_day_its_first_provision_took_effect() -> None:
    assert not DUTIES["reminder"].in_force(date(2026, 1, 31))
    assert DUTIES["reminder"].in_force(date(2026, 2, 1))
    assert DUTIES["re-verification"].in_force(date(2026, 1, 31))


def test_a_duty_without_rule_cannot_be_judged() -> None:
    with pytest.raises(RuleError, match="the duty systems has no rule"):
        judge(DUTIES["systems"], DutyEntry("systems"), ON, load_calendar(), 15)


GOOD = {
    "code": "tea", "who": "platform", "cites": ["ecommerce-law#15"], "penalty": [],
    "title": {"zh": "茶", "en": "tea"}, "breach": {"zh": "无", "en": "none"},
}  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"rule": "event"},
        {"check": "training"},
        {"rule": "limit", "check": "training"},
        {"rule": "keep", "check": "records"},
        {"rule": "event", "check": "training", "limit": "payment"},
        {"rule": "months", "check": "training"},
        {"rule": "event", "check": "training", "months": [1]},
        {"correct_first": True},
        {"penalty": ["ecommerce-law#76"]},
        {"limit": "payment"},
    ],
)
def test_a_duty_that_contradicts_itself_is_refused(change: dict[str, object]) -> None:
    Duty.model_validate(GOOD)
    with pytest.raises(ValueError, match=r"go together|belongs to"):
        Duty.model_validate({**GOOD, **change})


def test_a_table_that_does_not_fit_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "duties.yaml"
    file.write_text("duties:\n- code: tea\n  who: nobody\n", encoding="utf-8")
    with pytest.raises(RuleError) as error:
        load_duties(file)
    assert (error.value.file, error.value.line) == (str(file), 3)
    assert error.value.remedy == "compare it with the other duties"
    file.write_text("- tea\n", encoding="utf-8")
    with pytest.raises(RuleError):
        load_duties(file)


def test_the_users_holiday_table_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = DutyEntry("reminder", "甲", date(2027, 2, 10), done_on=date(2027, 2, 17))
    monkeypatch.setattr("fairstream.law.workdays.user_data_path", lambda name: tmp_path)
    assert [one.reason for one in run("platform/disposal", entry)] == ["unknown-year"]
    (tmp_path / "holidays.yaml").write_text("holidays:\n  2027: {rest: [], work: []}\n", encoding="utf-8")
    assert [one.reason for one in run("platform/disposal", entry)] == ["in-time"]
