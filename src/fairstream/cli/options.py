"""Options that several commands share, and the places of this machine."""

import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click
import platformdirs

from fairstream.records import Language

Command = TypeVar("Command", bound=Callable[..., Any])
CHINA = ZoneInfo("Asia/Shanghai")


def today() -> date:
    """Today in China, the day of conduct when nothing else is known."""
    return datetime.now(CHINA).date()


def cache_dir() -> Path:
    """Folder for things that can be rebuilt at any time: `FAIRSTREAM_CACHE`, else the platform's."""
    return Path(os.environ.get("FAIRSTREAM_CACHE") or platformdirs.user_cache_dir("fairstream"))


class Day(click.ParamType[date]):
    """A date as 2026-03-01."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Raises click's usage error when the value is not a date."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date; write it as 2026-03-01", param, ctx)


def _remembered(ctx: click.Context, _param: click.Parameter, value: Language) -> Language:
    """The language, told to `fairstream.cli.main` too: it prints what ends a command."""
    told = ctx.find_root().obj
    if isinstance(told, dict):
        told["language"] = value
    return value


language_option = click.option(
    "--lang",
    "language",
    type=click.Choice(["zh", "en"]),
    default="zh",
    show_default=True,
    callback=_remembered,
    help="Language of words.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
layers_option = click.option(
    "--add",
    "layers",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    multiple=True,
    help="Folder of local rules laid over the shipped ones; may be repeated.",
)
