"""`fairstream evidence redact`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from fairstream.cli.evidence_media import fresh, keep, position
from fairstream.cli.evidence_options import Talk, now, person, who_option
from fairstream.cli.options import json_option, language_option
from fairstream.records import Box, Language

if TYPE_CHECKING:
    from fairstream.evidence.redaction import BoxAt, Interval


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The redacted copy."
)
@click.option("--text", is_flag=True, help="Star numbers and addresses in a text (the default for texts).")
@click.option(
    "--word", "words", multiple=True, help="A word to star in a text, such as a name; may be repeated."
)
@click.option(
    "--box", "boxes", multiple=True, metavar="L,T,W,H[@FROM-TO]",
    help="Cover a box: shares of the picture from 0 to 1; with an interval in recordings; may be repeated.",
)  # fmt: skip
@click.option(
    "--mute", "mutes", multiple=True, metavar="FROM-TO", help="Silence an interval; may be repeated."
)
@click.option(
    "--cover",
    type=click.Choice(["black", "blur"]),
    default="black",
    show_default=True,
    help="How boxes are covered.",
)
@click.option("--reason", required=True, help="Why.")
@who_option
@json_option
@language_option
def redact(
    file: Path,
    out: Path,
    text: bool,
    words: tuple[str, ...],
    boxes: tuple[str, ...],
    mutes: tuple[str, ...],
    cover: Literal["black", "blur"],
    reason: str,
    who: str | None,
    as_json: bool,
    language: Language,
) -> int:
    """Write a redacted copy of a text, picture or recording; the original stays as it is.

    \b
    Examples:
      fairstream evidence redact chat.jsonl --out chat-redacted.jsonl --reason 个人信息 --who 王某
      fairstream evidence redact rec.mp4 --box 0.1,0.7,0.3,0.2@00:01:05-00:01:30 --mute 65-90 \\
        --out rec-redacted.mp4 --reason 消费者面部
    """
    from fairstream.errors import UsageError
    from fairstream.evidence.redaction import REDACTIONS, append_redaction, redact_file

    fresh(out, file)
    if text and (boxes or mutes):
        raise UsageError("--text does not go with --box or --mute", remedy="make one copy from the other")
    record = redact_file(
        file, out, who=person(who), reason=reason, at=now(), words=words, boxes=[_box(one) for one in boxes],
        mute=[_interval(one) for one in mutes], cover=cover,
    )  # fmt: skip
    append_redaction(out.absolute().parent / REDACTIONS, record)
    keep(
        file, out, source_sha256=record.original_sha256, who=record.who, at=record.at, method="redacted",
        tool=record.tool, parent=record.parent(), note=f"{len(record.places)}: {reason}",
    )  # fmt: skip
    if as_json:
        click.echo(record.as_line().decode())
    Talk(language, quiet=as_json).say(
        f"{out.name}：遮盖 {len(record.places)} 处；SHA-256 {record.copy_sha256}；"
        f"原件 {record.original_sha256}",
        f"{out.name}: {len(record.places)} places covered; SHA-256 {record.copy_sha256}; "
        f"original {record.original_sha256}",
    )
    return 0


def _box(text: str) -> "BoxAt":
    from fairstream.evidence.redaction import BoxAt

    shares, at, span = text.partition("@")
    try:
        left, top, width, height = (float(part) for part in shares.split(","))
    except ValueError:
        raise _wrong("--box", text, "0.1,0.7,0.3,0.2@65-90") from None
    interval = _interval(span) if at else None
    box = Box(left, top, width, height)
    return BoxAt(box, interval.from_ms, interval.to_ms) if interval else BoxAt(box)


def _interval(text: str) -> "Interval":
    from fairstream.evidence.redaction import Interval

    first, _, last = text.partition("-")
    try:
        found = Interval(position(first), position(last) if last else None)
    except ValueError:
        raise _wrong("--mute", text, "00:01:05-00:01:30") from None
    if found.to_ms is not None and found.to_ms <= found.from_ms:
        raise _wrong("--mute", text, "00:01:05-00:01:30")
    return found


def _wrong(option: str, text: str, example: str) -> Any:
    from fairstream.errors import UsageError

    return UsageError(f"{option} {text!r} cannot be read", remedy=f"write it as {example}")
