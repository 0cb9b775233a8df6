"""Live chat → messages: JSONL, JSON and tables, the console log of Douyin socket tools, danmaku ASS.

Danmaku XML has its own file. Names become pseudonyms here; the numbers in the text stay for the offsets'
sake and are masked at output.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from fairstream.records import ChatMessage, Speaker
from fairstream.sources.bytes import TEXT_LIMIT, Source, open_input, read_text
from fairstream.sources.crowd import Crowd
from fairstream.sources.loaded import Loaded
from fairstream.sources.problems import ProblemLog
from fairstream.sources.subtitles import parse_ass, plain
from fairstream.sources.tables import Row, column_key, read_tables
from fairstream.sources.times import position_ms, wall_clock

Kind = Literal["chat", "gift", "paid", "guard", "notice"]

_COLUMNS: Final[dict[str, str]] = {
    "text": "text content message msg body comment 内容 弹幕 评论 评论内容 弹幕内容 消息 消息内容 发言",
    "user": "user nickname username name uname author sender 用户 昵称 用户名 用户昵称 发送者",
    "uid": "uid userid secuid openid 用户id",
    "ms": "startms offsetms timems",
    "offset": "offset t seconds videotime position progress 偏移 视频时间 秒",
    "clock": "at time timestamp createdat createtime sendtime ts datetime 时间 发送时间 发布时间 评论时间",
    "kind": "kind type method event 类型 消息类型",
    "speaker": "speaker role 身份",
}
_FIELDS: Final = {alias: field for field, aliases in _COLUMNS.items() for alias in aliases.split()}
USER_COLUMNS: Final = frozenset(alias for alias, field in _FIELDS.items() if field in ("user", "uid")) - {
    "name"
}
"""Folded column names that only a table of messages has."""
_KINDS: Final[dict[str, Kind | None]] = {
    **dict.fromkeys(["chat", "danmaku", "comment", "text", "emojichat", "聊天", "弹幕", "评论"], "chat"),
    **dict.fromkeys(["gift", "礼物"], "gift"),
    **dict.fromkeys(["paid", "superchat", "screenchat"], "paid"),
    **dict.fromkeys(["guard", "guardbuy", "fansclub", "粉丝团"], "guard"),
    **dict.fromkeys(["notice", "公告"], "notice"),
    **dict.fromkeys(["like", "member", "social", "control", "room", "enter", "follow"]),
    **dict.fromkeys(["roomuserseq", "roomstats", "roomrank"]),
    **dict.fromkeys(["点赞", "进场", "关注", "统计"]),
}
_CONSOLE: Final = re.compile(
    r"(?P<clock>\d{4}[-/]\d{1,2}[-/]\d{1,2}[ T][\d:.,]{5,15})?[^【]{0,80}【(?P<kind>\S{1,6}?)(?:msg|消息)?】"
    r"\s*(?:\[(?P<uid>[^\[\]\s]{1,40})\])?\s*(?P<rest>.*)"
)
_SAID: Final = re.compile(r"(?P<user>[^:：]{0,60}?)\s*[:：]\s*(?P<text>.*)")
_GAVE: Final = re.compile(r"(?P<user>.{1,60}?)\s*(?:[:：]\s*)?(?:送出了?|赠送了?|送)\s*(?P<text>.*)")


class _Said(NamedTuple):
    line: int
    text: str
    user: str = ""
    uid: str = ""
    offset: int | None = None
    clock: datetime | None = None
    kind: Kind = "chat"
    speaker: Speaker | None = None


def read_chat(
    source: Source,
    *,
    name: str | None = None,
    crowd: Crowd | None = None,
    started_at: datetime | None = None,
    prefix: str = "c",
    limit: int = TEXT_LIMIT,
) -> Loaded[ChatMessage]:
    """Chat from JSONL, JSON, CSV, XLSX, a Douyin console log or a danmaku ASS file, told by content.

    Messages with a wall clock only count from `started_at`, else from the earliest of them.
    """
    file = open_input(source, name, limit)
    log = ProblemLog(file.name)
    if file.head(4) == b"PK\x03\x04":
        said = _from_table(source, name, log, limit)
    else:
        text = read_text(file, log)
        if is_console_log(text):
            said = _from_console(text, log)
        elif "dialogue:" in text[:100_000].lower():
            said = _from_ass(text, log)
        else:
            log = ProblemLog(file.name)
            said = _from_table(source, name, log, limit)
    records = _messages(list(said), crowd or Crowd(), started_at, prefix, log)
    return Loaded(tuple(records), log.problems)


def is_console_log(text: str) -> bool:
    """Whether a text is a saved console of a Douyin socket tool (【聊天msg】…)."""
    return bool(re.search(r"【(?:聊天|弹幕|进场|礼物|点赞|统计|关注|粉丝团)(?:msg|消息)】", text[:20000]))


def is_danmaku_ass(text: str) -> bool:
    """Whether an ASS script is chat drawn over the picture: most lines move."""
    lines = [line for line in text[:400_000].split("\n") if line.lower().startswith("dialogue:")]
    return bool(lines) and sum(1 for line in lines if "\\move(" in line) > len(lines) / 2


def knows_column(key: str) -> bool:
    """Whether a folded column name is one of a chat table."""
    return key in _FIELDS


def is_chat_row(columns: frozenset[str]) -> bool:
    """Whether folded column names make a chat message: a text, and a user or a time beside it."""
    fields = {_FIELDS[column] for column in columns if column in _FIELDS}
    return "text" in fields and bool(fields & {"user", "uid", "ms", "offset", "clock"})


def _from_table(source: Source, name: str | None, log: ProblemLog, limit: int) -> Iterator[_Said]:
    for table in read_tables(source, knows_column, name=name, log=log, limit=limit):
        fields: dict[str, list[str]] = {}
        for column in table.columns:
            if field := _FIELDS.get(column_key(column)):
                fields.setdefault(field, []).append(column)
        for row in table.rows:
            said = _from_row(row, fields, log)
            if said is not None:
                yield said


def _from_row(row: Row, fields: dict[str, list[str]], log: ProblemLog) -> _Said | None:
    def cell(field: str) -> str:
        for name in fields.get(field, ()):
            if value := row.cells.get(name):
                return value
        return ""

    kind = _kind(cell("kind"))
    if kind is None:
        log.add("not_chat", row.number)
        return None
    text = cell("text")
    if not text:
        log.add("no_text", row.number)
        return None
    offset, clock = _when(cell("ms"), cell("offset"), cell("clock"))
    if offset is None and clock is None and (cell("ms") or cell("offset") or cell("clock")):
        log.add("bad_time", row.number)
    role = cell("speaker").casefold()
    speaker: Speaker | None = "seller" if role in ("host", "seller", "主播", "助播", "商家", "客服") else None
    return _Said(row.number, text, cell("user"), cell("uid"), offset, clock, kind, speaker)


@lru_cache(256)
def _kind(value: str) -> Kind | None:
    key = re.sub(r"^webcast|message$|msg$|[\s_]", "", value.casefold())
    return _KINDS.get(key, "notice") if key else "chat"


def _when(ms: str, offset: str, clock: str) -> tuple[int | None, datetime | None]:
    """Position and wall clock; a "time" that is no wall clock is a position in the recording."""
    moment = wall_clock(clock) if clock else None
    position = position_ms(ms, unit_ms=1) if ms else None
    if position is None and offset:
        position = position_ms(offset)
    if position is None and moment is None and clock:
        position = position_ms(clock)
    return (position if position is None or position >= 0 else None), moment


def _from_console(text: str, log: ProblemLog) -> Iterator[_Said]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        match = _CONSOLE.match(line[:5000])
        kind = _KINDS.get(match.group("kind")) if match else None
        if match is None or kind is None:
            log.add("not_chat", number)
            continue
        said = (_GAVE if kind == "gift" else _SAID).fullmatch(match.group("rest"))
        if said is None or not said.group("text").strip():
            log.add("no_text", number)
            continue
        clock = wall_clock(match.group("clock")) if match.group("clock") else None
        user = said.group("user").strip()
        yield _Said(number, said.group("text").strip(), user, match.group("uid") or "", None, clock, kind)


def _from_ass(text: str, log: ProblemLog) -> Iterator[_Said]:
    for cue in parse_ass(text, log):
        log.add("queued_times", cue.line)
        if said := plain(cue.raw):
            yield _Said(cue.line, said, offset=cue.start)


def _messages(
    said: list[_Said], crowd: Crowd, started_at: datetime | None, prefix: str, log: ProblemLog
) -> Iterator[ChatMessage]:
    clocks = [one.clock for one in said if one.clock is not None]
    zero = started_at or (min(clocks) if clocks and all(one.offset is None for one in said) else None)
    for number, one in enumerate(said, 1):
        offset, clock = one.offset, one.clock
        if offset is None and clock is not None and zero is not None:
            offset = round((clock - zero).total_seconds() * 1000)
            if offset < 0:
                log.add("before_start", one.line)
                offset = None
        elif clock is None and offset is not None and zero is not None:
            clock = zero + timedelta(milliseconds=offset)
        viewer = crowd.pseudonym(one.uid or one.user)
        speaker = one.speaker or crowd.speaker(one.user)
        place = log.place(one.line)
        yield ChatMessage(f"{prefix}{number}", one.text, offset, clock, viewer, one.kind, speaker, place)
