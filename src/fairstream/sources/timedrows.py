"""Rows with a text and times → utterances or screen texts: JSONL, JSON, CSV and XLSX.

The shape programs exchange: ``{"start_ms": 1200, "end_ms": 3400, "speaker": "host", "text": "…"}``.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple, get_args

from fairstream.records import Heard, ScreenText, Utterance
from fairstream.sources.bytes import TEXT_LIMIT, Source, open_input, read_text
from fairstream.sources.loaded import Loaded
from fairstream.sources.problems import ProblemLog
from fairstream.sources.speakers import Cast
from fairstream.sources.subtitles import read_subtitles, subtitle_kind
from fairstream.sources.tables import column_key, read_tables
from fairstream.sources.times import finite, position_ms
from fairstream.text.masking import mask

_COLUMNS: Final[dict[str, str]] = {
    "text": "text sentence content 文字 文本 内容 话术 口播 画面文字",
    "start_ms": "startms frommsec timems starttimems",
    "end_ms": "endms tomsec endtimems",
    "start": "start from time starttime 开始 开始时间 起 时间",
    "end": "end to endtime 结束 结束时间 止",
    "speaker": "speaker spk role name 说话人 发言人 角色",
    "confidence": "confidence score probability 置信度",
    "heard": "heard",
}
_HEARD: Final[dict[str, Heard]] = {heard: heard for heard in get_args(Heard)}
_FIELDS: Final = {alias: field for field, aliases in _COLUMNS.items() for alias in aliases.split()}


class _Timed(NamedTuple):
    row: int
    text: str
    start: int | None
    end: int | None
    speaker: str | None
    confidence: float | None
    heard: Heard


def read_timed_utterances(
    source: Source,
    *,
    name: str | None = None,
    cast: Cast | None = None,
    prefix: str = "u",
    limit: int = TEXT_LIMIT,
) -> Loaded[Utterance]:
    """Utterances of a table with a text column; ``start`` and ``end`` are seconds or marks.

    ``heard`` is kept as the records have it, so that characters which are a guess stay one.
    """
    log = ProblemLog(open_input(source, name, limit).name)
    cast = cast or Cast()
    records = tuple(
        Utterance(
            f"{prefix}{number}",
            row.text,
            row.start,
            row.end,
            cast.speaker(row.speaker) if row.speaker else "host",
            row.speaker,
            row.confidence,
            place=log.place(row.row),
            heard=row.heard,
        )
        for number, row in enumerate(_rows(source, name, log, limit), 1)
    )
    return Loaded(records, log.problems)


def read_screen(
    source: Source, *, name: str | None = None, prefix: str = "s", limit: int = TEXT_LIMIT
) -> Loaded[ScreenText]:
    """Texts seen in the picture, from a table as above or from a subtitle file."""
    file = open_input(source, name, limit)
    if file.head(4) != b"PK\x03\x04" and subtitle_kind(read_text(file, ProblemLog(file.name))[:65536]):
        loaded = read_subtitles(source, name=name, prefix=prefix, limit=limit)
        texts = tuple(
            ScreenText(cue.id, mask(cue.text), cue.start_ms, cue.end_ms, cue.confidence, cue.place)
            for cue in loaded.records
        )
        return Loaded(texts, loaded.problems)
    log = ProblemLog(file.name)
    records = tuple(
        ScreenText(
            f"{prefix}{number}", mask(row.text), row.start, row.end, row.confidence, log.place(row.row)
        )
        for number, row in enumerate(_rows(source, name, log, limit), 1)
    )
    return Loaded(records, log.problems)


def knows_column(key: str) -> bool:
    """Whether a folded column name is one of a table of timed texts."""
    return key in _FIELDS


def is_timed_row(columns: frozenset[str]) -> bool:
    """Whether folded column names make a timed text: a text and a start."""
    fields = {_FIELDS[column] for column in columns if column in _FIELDS}
    return "text" in fields and bool(fields & {"start_ms", "start"})


def _rows(source: Source, name: str | None, log: ProblemLog, limit: int) -> Iterator[_Timed]:
    for table in read_tables(source, knows_column, name=name, log=log, limit=limit):
        names: dict[str, str] = {}
        for column in table.columns:
            if field := _FIELDS.get(column_key(column)):
                names.setdefault(field, column)
        for row in table.rows:
            cells = {field: row.cells.get(column, "") for field, column in names.items()}
            if not cells.get("text"):
                log.add("no_text", row.number)
                continue
            start, end = _position("start", cells), _position("end", cells)
            if start is None and (cells.get("start") or cells.get("start_ms")):
                log.add("bad_time", row.number)
            if start is not None and end is not None and end < start:
                log.add("cue_times", row.number)
                end = None
            confidence = finite(cells.get("confidence", ""))
            if confidence is not None and not 0 <= confidence <= 1:
                confidence = confidence / 100 if 1 < confidence <= 100 else None
            heard = _HEARD.get(cells.get("heard", ""), "given")
            yield _Timed(
                row.number, cells["text"], start, end, cells.get("speaker") or None, confidence, heard
            )


def _position(which: str, cells: dict[str, str]) -> int | None:
    if exact := cells.get(f"{which}_ms"):
        return position_ms(exact, unit_ms=1)
    written = cells.get(which)
    return position_ms(written) if written else None
