"""Data files, cases and the library: what does not fit is named with file and line."""

from pathlib import Path

import pytest

from fairstream.checks.cases import Case, differences, load_cases
from fairstream.checks.library import COMPARISONS, Check, load_checks
from fairstream.errors import RuleError
from fairstream.records import Place, Side

CHECK = next(check for check in load_checks() if check.about.id == "identity/uscc")
DATA = """\
id: {id}
title: {{zh: 题, en: title}}
conduct: disclosure
severity: low
cites: [ecommerce-law#15]
liable: [seller]
says: {{}}
proof_needed: [{{zh: 证, en: proof}}]
explain: {{zh: 因, en: because}}
since: 2026-01-01
"""
FOUND = {"rule": "r", "quote": "词", "conduct": "false_ad"}
GOOD, WRONG = "91350100M000100Y43", "91350100M000100Y44"


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def refused(error: pytest.ExceptionInfo[RuleError]) -> tuple[str | None, int | None, str | None]:
    return error.value.file, error.value.line, error.value.remedy


def test_checks_are_joined_with_their_data_in_order(tmp_path: Path) -> None:
    write(tmp_path, "room/reappearing.yaml", DATA.format(id="room/reappearing"))
    write(tmp_path, "identity/uscc.yaml", DATA.format(id="identity/uscc"))
    write(tmp_path, "identity/uscc.cases.yaml", "no: cases")
    write(tmp_path, "identity/more.table.yaml", "- no check")
    found = load_checks(tmp_path)
    assert [check.about.id for check in found] == ["identity/uscc", "room/reappearing"]
    assert [check.compare for check in found] == [COMPARISONS[check.about.id] for check in found]


def test_the_id_is_the_name_of_the_file(tmp_path: Path) -> None:
    file = write(tmp_path, "identity/other.yaml", DATA.format(id="identity/uscc"))
    with pytest.raises(RuleError, match="the id is identity/uscc") as error:
        load_checks(tmp_path)
    assert refused(error) == (str(file), None, "name the file after the id")


def test_data_nothing_compares_for(tmp_path: Path) -> None:
    file = write(tmp_path, "identity/other.yaml", DATA.format(id="identity/other"))
    with pytest.raises(RuleError, match="nothing compares for identity/other") as error:
        load_checks(tmp_path)
    assert refused(error) == (str(file), None, "add it to COMPARISONS")


def test_data_that_does_not_fit_names_line_and_key(tmp_path: Path) -> None:
    text = DATA.format(id="identity/uscc").replace("low", "lowest")
    file = write(tmp_path, "identity/uscc.yaml", text)
    with pytest.raises(RuleError, match="severity: Input should be 'low', 'medium' or 'high'") as error:
        load_checks(tmp_path)
    assert refused(error) == (str(file), 4, "compare it with the other checks")


def test_a_key_inside_is_named_with_its_path(tmp_path: Path) -> None:
    text = DATA.format(id="identity/uscc").replace("{zh: 证, en: proof}", "{zh: 证, en: proof}, {zh: 证}")
    write(tmp_path, "identity/uscc.yaml", text)
    with pytest.raises(RuleError, match=r"proof_needed\.1\.en: Field required"):
        load_checks(tmp_path)


def test_cases_that_do_not_fit(tmp_path: Path) -> None:
    file = write(tmp_path, "one/two.cases.yaml", "- text: 好\n- text: 坏\n  expects: []\n")
    with pytest.raises(RuleError, match=r"1\.expects: Extra inputs are not permitted") as error:
        list(load_cases("one/two", tmp_path))
    assert refused(error) == (str(file), 3, "compare it with the other cases")


def test_cases_have_defaults(tmp_path: Path) -> None:
    write(tmp_path, "one/two.cases.yaml", "- text: 好\n")
    (case,) = load_cases("one/two", tmp_path)
    assert (case.expect, case.todo, case.findings) == ([], False, [])
    scene = case.scene()
    assert (scene.broadcast.id, scene.broadcast.title, str(scene.on)) == ("case", "好", "2026-03-01")


def test_a_case_may_say_its_own_day_and_finding() -> None:
    case = Case(text="好", broadcast={"on": "2026-05-01", "id": "b"}, findings=[FOUND])
    scene = case.scene()
    assert (scene.broadcast.id, str(scene.on)) == ("b", "2026-05-01")
    (finding,) = scene.findings
    assert (finding.id, finding.rule, finding.quote, finding.title) == ("f", "r", "词", "case")
    assert (finding.severity, finding.score, finding.span) == ("medium", 0.8, (0, 0))


def test_records_of_a_case_stand_in_places() -> None:
    case = Case(
        text="好",
        broadcast={"listings": [{"id": "a", "title": "杯"}, {"id": "b", "title": "灯"}]},
        facts={
            "account_page": {"name": "某店"},
            "payees": ["甲"],
            "labels": [{"listing_id": "a", "place": {"file": "own.csv", "line": 9}}],
        },
    )
    scene = case.scene()
    assert [one.place for one in scene.broadcast.listings] == [Place("listings", 1), Place("listings", 2)]
    assert scene.facts.account_page is not None
    assert scene.facts.account_page.place == Place("account_page")
    assert scene.facts.labels[0].place == Place("own.csv", 9)
    assert scene.facts.payees == ("甲",)


def case(*expect: dict[str, object], code: str = GOOD) -> Case:
    return Case.model_validate(
        {"text": "码", "facts": {"account_page": {"uscc": code}}, "expect": list(expect)}
    )


FITS = {"verdict": "clear", "reason": "fits"}


def test_what_is_left_out_is_not_compared() -> None:
    assert differences(CHECK, case(FITS)) == []
    assert differences(CHECK, case({**FITS, "subject": GOOD, "missing": [], "quotes": []})) == []


@pytest.mark.parametrize(
    "other", [{"verdict": "suspected"}, {"reason": "check"}, {"subject": WRONG}, {"subject": ""},
              {"missing": ["licences"]}, {"quotes": [""]}],
)  # fmt: skip
def test_each_difference_is_told(other: dict[str, object]) -> None:
    wanted = {**FITS, **other}
    assert differences(CHECK, case(wanted)) == [
        f"clear fits {GOOD!r}, expected {wanted['verdict']} {wanted['reason']}"
    ]


def test_outcomes_too_many_or_too_few_are_told() -> None:
    assert differences(CHECK, case()) == [f"1 outcomes, expected 0: ['clear fits {GOOD}']"]
    assert differences(CHECK, case(FITS, FITS)) == [f"1 outcomes, expected 2: ['clear fits {GOOD}']"]
    both = differences(CHECK, case({**FITS, "reason": "x"}, FITS))
    assert both == [
        f"clear fits {GOOD!r}, expected clear x",
        f"1 outcomes, expected 2: ['clear fits {GOOD}']",
    ]


def test_missing_names_come_in_any_order_and_quotes_in_theirs() -> None:
    nothing = {"text": "无", "expect": [{"verdict": "undecidable", "reason": "none"}]}
    nothing["expect"][0]["missing"] = ["licences", "account_page"]  # type: ignore[index]
    assert differences(CHECK, Case.model_validate(nothing)) == []

    def told(scene: object, about: object) -> list[object]:
        said = tuple(Side(CHECK.about.title, quote) for quote in ("甲", "乙"))  # type: ignore[arg-type]
        return [CHECK.about.clear("fits", said=said, code="c")]

    check = Check(CHECK.about, told)  # type: ignore[arg-type]
    assert differences(check, case({**FITS, "quotes": ["甲", "乙"]})) == []
    assert differences(check, case({**FITS, "quotes": ["乙", "甲"]})) != []
