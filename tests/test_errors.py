"""Every error names its place and its remedy."""

import inspect
import pickle
from pathlib import Path

import pytest

from fairstream import errors
from fairstream.errors import FairstreamError, FormatError, InputError, LawError, UnknownCitation

CLASSES = [cls for _, cls in inspect.getmembers(errors, inspect.isclass) if issubclass(cls, Exception)]


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ({}, "cause."),
        ({"file": "a.csv"}, "a.csv: cause."),
        ({"file": Path("b") / "a.csv", "line": 3}, "b/a.csv:3: cause."),
        ({"line": 3}, "line 3: cause."),
        ({"file": "a.csv", "line": 0}, "a.csv:0: cause."),
        ({"remedy": "mend it"}, "cause. Remedy: mend it"),
        ({"file": "a.csv", "line": 3, "remedy": "mend it"}, "a.csv:3: cause. Remedy: mend it"),
    ],
)
def test_prints_place_cause_and_remedy(keys: dict[str, object], text: str) -> None:
    assert str(FairstreamError("cause.", **keys)) == text  # type: ignore[arg-type]


def test_keeps_its_parts() -> None:
    error = FormatError("bad", file=Path("x"), line=2, remedy="do")
    assert (error.cause, error.file, error.line, error.remedy) == ("bad", "x", 2, "do")
    assert error.args == ("bad",)


@pytest.mark.parametrize("cls", CLASSES)
def test_every_error_descends_from_one_root_and_says_when_it_is_raised(cls: type[Exception]) -> None:
    assert issubclass(cls, FairstreamError)
    assert cls.__doc__
    assert errors.__doc__
    assert cls.__name__ in errors.__doc__, "the tree in the module's docstring names every class"


@pytest.mark.parametrize("cls", CLASSES)
def test_survives_the_way_back_from_a_worker_process(cls: type[FairstreamError]) -> None:
    error = pickle.loads(pickle.dumps(cls("cause", file="f", line=4, remedy="r")))  # noqa: S301 - our own
    assert type(error) is cls
    assert str(error) == "f:4: cause Remedy: r"


def test_the_tree() -> None:
    assert issubclass(FormatError, InputError)
    assert issubclass(UnknownCitation, LawError)
    assert not issubclass(LawError, InputError)
