"""What the commands that make evidence from evidence share: positions, places, and the records kept."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fairstream.cli.evidence_options import now

if TYPE_CHECKING:
    from fairstream.evidence.capture import Method, Parent
    from fairstream.evidence.custody import Action
    from fairstream.evidence.cuts import Cut


class Position(click.ParamType[int]):
    """A position in a recording: 00:12:03.5, 12:03 or seconds; milliseconds within."""

    name = "TIME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Raises click's usage error when the value is no position."""
        if isinstance(value, int):
            return value
        try:
            return position(str(value))
        except ValueError:
            self.fail(f"{value!r} is no position; write it as 00:12:03.5 or in seconds", param, ctx)


def position(text: str) -> int:
    """Milliseconds of ``[[h:]m:]s[.fraction]``. Raises `ValueError`."""
    *whole, seconds = text.strip().split(":")
    if len(whole) > 2 or not all(part.isascii() and part.isdigit() for part in whole):
        raise ValueError(text)
    if not seconds.replace(".", "", 1).isdigit() or not seconds.isascii():
        raise ValueError(text)
    minutes = 0
    for part in whole:
        minutes = minutes * 60 + int(part)
    return minutes * 60_000 + round(float(seconds) * 1000)


def fresh(out: Path, source: Path) -> None:
    """Raise `UsageError` when a file would be overwritten: evidence never is."""
    from fairstream.errors import UsageError

    if out.exists():
        raise UsageError(
            "it exists already, and evidence is never overwritten", file=out.name, remedy="give another --out"
        )
    if not out.absolute().parent.is_dir():
        raise UsageError("its folder does not exist", file=out, remedy="make the folder first")


def keep(
    source: Path,
    out: Path,
    *,
    source_sha256: str,
    who: str,
    at: datetime,
    method: "Method",
    tool: str,
    parent: "Parent | None",
    note: str,
) -> None:
    """Write the capture record of a file that was made, and what was done into the custody log beside it."""
    from fairstream.evidence.capture import CAPTURES, append_captures, capture_file
    from fairstream.evidence.custody import CUSTODY, CustodyLog, Subject

    home = out.absolute().parent
    record = capture_file(
        out,
        name=out.name,
        who=who,
        at=at,
        method=method,
        source=source.name,
        tool=tool,
        note=note,
        parent=parent,
    )
    append_captures(home / CAPTURES, [record])
    log = CustodyLog(home / CUSTODY)
    action: Action = "redact" if method == "redacted" else "cut" if method == "cut" else "export"
    log.add("read", Subject(source.name, source_sha256), who=who, at=at, detail=f"{action} → {out.name}")
    log.add(action, Subject(record.name, record.sha256), who=who, at=at, detail=note)


def keep_cut(source: Path, out: Path, cut: "Cut", who: str, *, as_json: bool) -> None:
    """Keep the records of a clip or still, and print what it is when JSON is asked for."""
    relation = cut.relation()
    keep(
        source,
        out,
        source_sha256=cut.source_sha256,
        who=who,
        at=now(),
        method="cut",
        tool=cut.tool,
        parent=cut.parent(),
        note=json.dumps(relation, ensure_ascii=False),
    )
    if as_json:
        made = {"out": cut.out, "sha256": cut.sha256, "size": cut.size, **relation}
        click.echo(json.dumps(made, ensure_ascii=False))
