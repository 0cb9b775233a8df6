"""Which files may be deleted, which may not, and by which article: a report, and nothing else.

The periods are those of the law's own table (`fairstream.law.deadlines`): three years by the Measures, from
different events (completion of the transaction, end of the broadcast, end of publication, …). A folder says
in ``retention.yaml`` what its files are and when the event was::

    hold: "案号 2026-17 未结"           # nothing in the folder may be deleted
    items:
      - files: "rec*.flv"
        class: broadcast-video
        start: 2026-03-01               # the day of the class's event, here the end of the broadcast

Whatever is not known counts against deletion. Nothing here deletes anything.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, Final

from fairstream.errors import FormatError, LawError, UnknownCitation
from fairstream.evidence.capture import CAPTURES, CaptureRecord, read_captures
from fairstream.law.deadlines import Due, Limit, due, limit_of
from fairstream.law.resolve import load_law
from fairstream.law.source import parse_yaml
from fairstream.law.workdays import load_calendar
from fairstream.records import CHINA, Words

TABLE: Final = Path(__file__).parent / "data" / "retention.yaml"
DECLARED: Final = "retention.yaml"
_MOST: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class RetentionClass:
    """What is kept, by whom and by which limit; `limit` is None when no text held states one."""

    id: str
    holder: Words
    what: Words
    limit: Limit | None = None
    also: Words | None = None
    """Another period that may apply to the same files."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One file: its class, the day its period began, the last day it is kept, and whether it may go.

    `until` is None when it cannot be told. `why` says it in words; `unverified` that a part of the
    computation stands in no text held. `cites` are the articles.
    """

    name: str
    sha256: str
    class_id: str | None
    start: date | None
    until: date | None
    deletable: bool
    why: tuple[Words, ...]
    cites: tuple[str, ...] = ()
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class Declared:
    """What a folder says of its files; `files` is a pattern of names."""

    files: str
    class_id: str | None = None
    start: date | None = None
    hold: str = ""


@cache
def retention_classes() -> Mapping[str, RetentionClass]:
    """All classes by id. `LawError` names the entry that does not fit."""
    found: dict[str, RetentionClass] = {}
    for entry in parse_yaml(TABLE.read_bytes(), TABLE).get("classes") or ():
        limit = limit_of(entry["limit"]) if "limit" in entry else None
        if limit is not None and limit.sense != "keep":
            raise LawError(f"{entry['id']}: {limit.id} is no limit for keeping", file=TABLE)
        found[entry["id"]] = RetentionClass(
            entry["id"],
            Words(**entry["holder"]),
            Words(**entry["what"]),
            limit,
            Words(**entry["also"]) if "also" in entry else None,
        )
    return found


def retention(folder: Path, *, on: date) -> tuple[Kept, ...]:
    """Every captured file of a folder, and whether it may be deleted on a day.

    Reads ``captures.jsonl`` and ``retention.yaml`` there. Raises `FormatError` when the latter does not fit.
    """
    captures = read_captures(folder / CAPTURES).records
    declared = read_declared(folder / DECLARED)
    return judge(captures, declared, on=on)


def judge(captures: Iterable[CaptureRecord], declared: Iterable[Declared], *, on: date) -> tuple[Kept, ...]:
    """As `retention`, for records already read. What was made from another file goes with its original."""
    said = tuple(declared)
    records = tuple(captures)
    names: dict[str, list[str]] = {}
    for one in records:
        names.setdefault(one.sha256, []).append(one.name)
    found = {}
    for one in records:
        fits = [d for d in said if fnmatchcase(one.name, d.files)]
        # The same bytes may have come in under two names: what one is held for holds the other.
        fits += [
            replace(d, class_id=None)
            for d in said
            if d.hold and d not in fits and any(fnmatchcase(name, d.files) for name in names[one.sha256])
        ]
        found[id(one)] = _judge(one, fits, on)
    originals: dict[str, list[Kept]] = {}
    for one in records:
        if one.parent is None:
            originals.setdefault(one.sha256, []).append(found[id(one)])
    strictest = {sha256: _strictest(answers) for sha256, answers in originals.items()}
    return tuple(_with_original(found[id(one)], one, strictest) for one in records)


def _strictest(answers: list[Kept]) -> Kept:
    """What decides for the same bytes under several names: of those with a class, the one kept longest."""
    known = [one for one in answers if one.class_id] or answers
    return max(known, key=lambda one: (not one.deletable, one.until or date.max))


def _judge(record: CaptureRecord, declared: list[Declared], on: date) -> Kept:
    """The longest period that applies; anything unknown keeps it."""
    blank = Kept(record.name, record.sha256, None, None, None, False, ())
    holds = [one.hold for one in declared if one.hold]
    answers = [_period(blank, one, on) for one in declared if one.class_id]
    if not answers:
        answer = replace(
            blank,
            why=(
                Words(
                    "没有登记保存类别，不能判断，保留", "no retention class is given: it cannot be told, keep"
                ),
            ),
        )
    else:
        answer = max(answers, key=lambda one: one.until or date.max)
    if holds:
        reasons = tuple(Words(f"冻结：{why}", f"on hold: {why}") for why in holds)
        return replace(answer, deletable=False, why=reasons + answer.why)
    return answer


def _period(blank: Kept, declared: Declared, on: date) -> Kept:
    one = retention_classes()[declared.class_id or ""]
    answer = replace(blank, class_id=one.id, start=declared.start)
    if one.limit is None:
        why = Words(
            f"{one.what.zh}：没有可据以计算的条文，保留", f"{one.what.en}: no article to count by, keep"
        )
        return replace(answer, why=(why,), unverified=True)
    answer = replace(answer, cites=one.limit.cites)
    if declared.start is None:
        why = Words(
            f"起算日未知（{one.limit.event.zh}），不能判断，保留",
            f"the start is unknown ({one.limit.event.en}): it cannot be told, keep",
        )
        return replace(answer, why=(why,))
    counted = _counted(answer, due(one.limit, declared.start, load_calendar()), on)
    return replace(counted, why=(*counted.why, one.also)) if one.also else counted


def _counted(answer: Kept, counted: Due, on: date) -> Kept:
    limit = counted.limit
    doubt = _not_yet(limit.cites, counted.start)
    unverified = limit.counting.unverified or limit.unverified is not None or bool(doubt)
    answer = replace(answer, until=counted.last, unverified=unverified)
    if counted.last is None:
        unknown = counted.unknown or Words("无法计算，保留", "it cannot be counted, keep")
        return replace(answer, why=(unknown, *doubt))
    first = counted.last + timedelta(days=1)
    gone = on >= first
    verdict = (
        Words(f"保存期已满，自 {first} 起可以删除", f"the period is over: it may be deleted from {first}")
        if gone
        else Words(f"保存至 {counted.last}，不得删除", f"kept until {counted.last}: it must not be deleted")
    )
    return replace(answer, deletable=gone, why=(verdict, *counted.steps, *doubt))


def _not_yet(cites: Iterable[str], start: date) -> tuple[Words, ...]:
    """A word of doubt for every article that was not in force when the period began."""
    doubts = []
    for cite in cites:
        try:
            load_law().resolve(cite, start)
        except UnknownCitation:
            doubts.append(
                Words(
                    f"{cite} 在 {start} 尚未施行，是否适用未核实，按三年保留",
                    f"{cite} was not in force on {start}; that it applies is unverified; kept all the same",
                )
            )
    return tuple(doubts)


def _with_original(answer: Kept, record: CaptureRecord, originals: Mapping[str, Kept]) -> Kept:
    """A clip, still or redacted copy is kept at least as long as what it was made from."""
    if record.parent is None:
        return answer
    original = originals.get(record.parent.sha256)
    if original is None:
        why = Words("原件不在登记之列，不能判断，保留", "its original is not among the captures: keep")
        return replace(answer, deletable=False, why=(why, *answer.why))
    if answer.class_id is not None and answer.deletable and original.deletable:
        return answer
    why = Words(f"由 {original.name} 制作，随原件", f"made from {original.name}: as its original")
    deletable = original.deletable and (answer.class_id is None or answer.deletable)
    held = answer.class_id is not None or any(word.zh.startswith("冻结") for word in answer.why)
    if held and not answer.deletable:
        return answer
    return replace(
        original, name=answer.name, sha256=answer.sha256, deletable=deletable, why=(why, *original.why)
    )


def read_declared(path: Path) -> tuple[Declared, ...]:
    """What a folder says of its files; nothing when the file is missing. Raises `FormatError`."""
    if not path.exists():
        return ()
    if path.stat().st_size > _MOST:
        raise FormatError("it is larger than 1 MiB", file=path.name, remedy="use patterns of names")
    content = parse_yaml(path.read_bytes(), path)
    items = content.get("items") or []
    if set(content) - {"hold", "items"} or not isinstance(items, list):
        raise FormatError(
            "it holds something other than hold and items", file=path.name, remedy="see the guide"
        )
    found = [Declared("*", hold=str(content["hold"]))] if content.get("hold") else []
    return (*found, *(_declared(entry, number, path) for number, entry in enumerate(items, 1)))


def _declared(entry: Any, number: int, path: Path) -> Declared:
    wrong = "it needs files, and class with start, or hold"
    if (
        isinstance(entry, dict)
        and not set(entry) - {"files", "class", "start", "hold"}
        and entry.get("files")
    ):
        name = entry.get("class")
        if name is not None and name not in retention_classes():
            wrong = f"{name!r} is no class; use one of {', '.join(retention_classes())}"
        elif name or entry.get("hold"):
            try:
                return Declared(
                    str(entry["files"]), name, _day(entry.get("start")), str(entry.get("hold") or "")
                )
            except ValueError as error:
                wrong = str(error)
    raise FormatError(f"item {number}: {wrong}", file=path.name, remedy="correct the item")


def _day(value: Any) -> date | None:
    """A day in China. Raises `ValueError` when it is no date, or a moment without a zone."""
    if value in (None, "", "unknown"):
        return None
    found = datetime.fromisoformat(value) if isinstance(value, str) and len(value) > 10 else value
    if isinstance(found, str):
        return date.fromisoformat(found)
    if isinstance(found, datetime):
        if found.tzinfo is None:
            raise ValueError(f"the moment {value} has no zone; write +08:00, or the day alone")
        return found.astimezone(CHINA).date()
    if isinstance(found, date):
        return found
    raise ValueError(f"start {value!r} is no date; write 2026-03-01")
