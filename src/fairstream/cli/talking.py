"""Messages to a person on standard error, in one language."""

from contextlib import AbstractContextManager, nullcontext

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from fairstream.errors import FairstreamError
from fairstream.records import Language, Problem
from fairstream.sources.error_words import in_chinese
from fairstream.sources.problems import in_language


class Talk:
    """Messages to a person; errors are told even when `quiet`."""

    def __init__(self, language: Language, quiet: bool) -> None:
        self.language: Language = language
        self._chinese = language == "zh"
        self._quiet = quiet
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)

    def say(self, zh: str, en: str) -> None:
        """One line, unless quiet."""
        if not self._quiet:
            self._console.print(zh if self._chinese else en, markup=False)

    def fail(self, error: FairstreamError) -> None:
        """Errors are told even when quiet."""
        self._console.print(error_line(error, self.language), markup=False)

    def trouble(self, problem: Problem, *, always: bool = False) -> None:
        """What was repaired or left out, and how to mend it; `always` even when quiet."""
        if self._quiet and not always:
            return
        cause, remedy = in_language(problem, self.language)
        place = f"{problem.place.file}:{problem.place.line}" if problem.place.line else problem.place.file
        times = f" (×{problem.count:,})" if problem.count > 1 else ""
        if self._chinese:
            line = f"  {place}：{cause}{times}。处理办法：{remedy}"
        else:
            line = f"  {place}: {cause}{times}. Remedy: {remedy}"
        self._console.print(line, markup=False)

    def busy(self, zh: str, en: str) -> AbstractContextManager[object]:
        """A spinner while something takes time; nothing when quiet or not a terminal."""
        if self._quiet or not self._console.is_terminal:
            return nullcontext()
        return self._console.status(zh if self._chinese else en)

    def bar(self) -> Progress:
        """A bar of work measured in milliseconds of recording; shown on a terminal only."""
        done, left = ("分钟", "剩余") if self._chinese else ("min", "left")
        return Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[minutes]} " + done + " · {task.fields[pace]} · " + left),
            TimeRemainingColumn(),
            console=self._console,
            disable=self._quiet or not self._console.is_terminal,
            transient=True,
        )


def error_line(error: FairstreamError, language: Language) -> str:
    """An error as one line: place, cause and remedy. In English when the cause is known in no other words."""
    if language == "en" or in_chinese(error.cause) == error.cause:
        return f"Error: {error}"
    place = f"{error.file or ''}:{error.line}" if error.line is not None else error.file
    remedy = f"。处理办法：{in_chinese(error.remedy)}" if error.remedy else ""
    return f"错误：{f'{place}：' if place else ''}{in_chinese(error.cause).rstrip('.')}{remedy}"
