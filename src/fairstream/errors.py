"""Every error the library raises, each with its place and its remedy.

    FairstreamError
    ├── InputError            a file, row or byte from outside cannot be used
    │   ├── FormatError       the content is not what its format promises
    │   ├── EncodingError     the bytes cannot be read as text
    │   └── LimitError        the input is larger than the stated limit
    ├── RuleError             a rule, lexicon, guard or case file is wrong
    ├── LawError              a citation or a piece of law data is wrong
    │   └── UnknownCitation   no such instrument, article or version on that day
    └── UsageError            a command or a call was given arguments that do not fit

An error says what is wrong, where (file, line) and how to mend it. Readers collect
errors as `Problem` records beside what they could read; only callers that need all or
nothing raise them.
"""

from pathlib import Path


class FairstreamError(Exception):
    """Root of all errors; prints as ``file:line: cause. Remedy: …``."""

    def __init__(
        self,
        cause: str,
        *,
        file: str | Path | None = None,
        line: int | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(cause)
        self.cause = cause
        self.file = str(file) if file is not None else None
        self.line = line
        self.remedy = remedy

    def __str__(self) -> str:
        place = self.file or ""
        if self.line is not None:
            place = f"{place}:{self.line}" if place else f"line {self.line}"
        text = f"{place}: {self.cause}" if place else self.cause
        return f"{text} Remedy: {self.remedy}" if self.remedy else text


class InputError(FairstreamError):
    """A file, row or byte from outside cannot be used."""


class FormatError(InputError):
    """The content is not what its format promises."""


class EncodingError(InputError):
    """The bytes cannot be read as text."""


class LimitError(InputError):
    """The input is larger than the stated limit."""


class RuleError(FairstreamError):
    """A rule, lexicon, guard or case file is wrong."""


class LawError(FairstreamError):
    """A citation or a piece of law data is wrong."""


class UnknownCitation(LawError):  # noqa: N818 - reads as the answer it is
    """No such instrument, article or version on that day."""


class UsageError(FairstreamError):
    """A command or a call was given arguments that do not fit."""
