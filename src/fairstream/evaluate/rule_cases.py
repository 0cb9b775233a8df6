"""Run the cases beside the rules: does each rule quote exactly the words its cases name?"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from fairstream.detect.engine import Detection, Scanner
from fairstream.records import Text
from fairstream.rules.library import load_cases
from fairstream.rules.rule import Case


@dataclass(frozen=True, slots=True)
class CaseFailure:
    """A case whose rule quoted other words than expected."""

    rule: str
    file: str
    line: int
    text: str
    expected: tuple[str, ...]
    got: tuple[str, ...]

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: {self.rule}"
        return f"{place}: expected {list(self.expected)}, got {list(self.got)}: {self.text}"


@dataclass
class CaseReport:
    """Counts over all rules; `known` are cases marked todo that still fail, `mended` todo cases that pass."""

    rules: int = 0
    cases: int = 0
    hits: int = 0
    misses: int = 0
    known: int = 0
    mended: list[str] = field(default_factory=list)
    failures: list[CaseFailure] = field(default_factory=list)


def run_cases(scanner: Scanner) -> CaseReport:
    """Run the cases of the scanner's rules."""
    report = CaseReport()
    for ready in scanner.compiled.rules:
        name = ready.rule.id
        path = scanner.rule_set.files[f"rule:{name}"]
        cases = load_cases(path)
        report.rules += 1
        results = scanner.detect([_text(case) for case, _ in cases])
        for (case, line), found in zip(cases, results, strict=True):
            cases_file = str(path.with_name(path.stem + ".cases.yaml"))
            _judge(
                report,
                case,
                CaseFailure(name, cases_file, line, case.text, tuple(case.hits), _quotes(case, found, name)),
            )
    return report


def _judge(report: CaseReport, case: Case, outcome: CaseFailure) -> None:
    report.cases += 1
    report.hits += bool(case.hits)
    report.misses += not case.hits
    right = outcome.expected == outcome.got
    if case.todo and right:
        report.mended.append(f"{outcome.file}:{outcome.line}")
    elif case.todo:
        report.known += 1
    elif not right:
        report.failures.append(outcome)


def _quotes(case: Case, found: Iterable[Detection], rule: str) -> tuple[str, ...]:
    return tuple(case.text[d.span.start : d.span.end] for d in found if d.ready.rule.id == rule)


def _text(case: Case) -> Text:
    return Text("case", case.text, case.product, case.product_class, case.medium, case.speaker, case.on)
