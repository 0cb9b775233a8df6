"""The cases beside the lists, run through the reader."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fairstream.opinion.reading import Reader, Reading
from fairstream.opinion.taxonomy import Case, load_cases
from fairstream.text.fold import Folder

_POLARITY = {"neither": 0, "complaint": 1, "praise": 2}


class Given(NamedTuple):
    """A polarity that is given instead of judged."""

    polarity: npt.NDArray[np.uint8]


def given(polarities: Sequence[str]) -> Given:
    """Polarities by name as a model would give them."""
    return Given(np.array([_POLARITY[name] for name in polarities], dtype=np.uint8))


@dataclass(frozen=True, slots=True)
class CaseFailure:
    """A case that was read otherwise than it says."""

    file: str
    line: int
    text: str
    fault: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.fault}: {self.text}"


@dataclass
class CasesReport:
    """What the cases said. `known` counts failures marked `todo`; `mended` are places of those that pass."""

    cases: int = 0
    known: int = 0
    failures: list[CaseFailure] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)


def run_cases(reader: Reader, names: Sequence[str] = ()) -> CasesReport:
    """Run all cases, or those whose file's stem or the topic of whose file is in `names`.

    Raises `RuleError` at the first case that does not fit the shape.
    """
    report = CasesReport()
    chosen = [case for case in load_cases(reader.taxonomy) if not names or _named(case[0].name, names)]
    folded = Folder().fold([case.text for _, _, case in chosen], evasion=False)
    reading = reader.read(folded, given([case.polarity for _, _, case in chosen]))
    for row, (path, line, case) in enumerate(chosen):
        report.cases += 1
        faults = list(_faults(case, reading, row))
        if faults and case.todo:
            report.known += 1
        elif faults:
            report.failures.append(CaseFailure(str(path), line, case.text, "; ".join(faults)))
        elif case.todo:
            report.mended.append(f"{path}:{line}")
    return report


def _named(file: str, names: Sequence[str]) -> bool:
    return file.removesuffix(".cases.yaml") in {name.rpartition(".")[2] for name in names}


def _faults(case: Case, reading: Reading, row: int) -> Iterator[str]:
    topics = reading.topics[row].as_py()
    lacking = [name for name in case.topics if name not in topics]
    unwanted = [name for name in case.not_ if name in topics]
    if lacking:
        yield f"without {', '.join(lacking)} (found {', '.join(topics) or 'nothing'})"
    if unwanted:
        yield f"with {', '.join(unwanted)}"
    rights = reading.rights[row].as_py()
    if case.rights is not None and case.rights != rights:
        yield "about consumer rights" if rights else "not about consumer rights"
    for name in ("aspects", "entities", "conducts"):
        wanted, found = getattr(case, name), getattr(reading, name)[row].as_py()
        if wanted is not None and sorted(wanted) != found:
            yield f"{name} are {', '.join(found) or 'none'}, not {', '.join(wanted) or 'none'}"
