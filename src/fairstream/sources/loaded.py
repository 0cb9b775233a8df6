"""What a reader gives back: the records, and beside them everything repaired or left out."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from fairstream.records import Problem

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Loaded(Generic[Record]):
    """Records of one file in their order, with the problems met while reading them."""

    records: tuple[Record, ...] = ()
    problems: tuple[Problem, ...] = ()
