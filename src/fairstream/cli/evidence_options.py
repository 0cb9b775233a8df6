"""What the commands of `fairstream evidence` share: who acts, when, and how they speak."""

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click

from fairstream.cli.options import CHINA
from fairstream.records import Language

who_option = click.option("--who", help="The person who does it; default: the name of the account.")
custody_option = click.option(
    "--custody",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of evidence in whose custody log this is noted.",
)


def person(who: str | None) -> str:
    """The name given, else the account's, marked as such: a person's name is better evidence."""
    if who and who.strip():
        return who.strip()
    try:
        return f"{getpass.getuser()} (account)"
    except (OSError, KeyError, ImportError):
        return "unknown (account)"


def now() -> datetime:
    """Now, in China's time."""
    return datetime.now(CHINA)


class Talk:
    """Words to a person on standard error, in one language."""

    def __init__(self, language: Language, quiet: bool = False) -> None:
        self.language = language
        self.quiet = quiet

    def say(self, zh: str, en: str) -> None:
        if not self.quiet:
            click.echo((zh if self.language == "zh" else en).encode(errors="replace").decode(), err=True)


@contextmanager
def bar(folder: Path, talk: Talk) -> Iterator[Callable[[int], None]]:
    """A bar on standard error that is moved on by bytes; nothing is drawn when nobody watches."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    total = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=console, disable=talk.quiet or not console.is_terminal, transient=True
    ) as shown:
        task = shown.add_task("封存" if talk.language == "zh" else "Sealing", total=total)
        yield lambda count: shown.advance(task, count)
