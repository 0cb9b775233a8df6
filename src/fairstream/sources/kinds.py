"""What a file is: by its content first, by its name where content leaves it open."""

import re
from pathlib import PurePath
from typing import Any, Final, Literal

from fairstream.errors import FormatError
from fairstream.sources import chat, listings, timedrows
from fairstream.sources.asr.written import is_heard
from fairstream.sources.bytes import Input, clean, decode, read_text
from fairstream.sources.jsontext import parse_json, parse_json_lines
from fairstream.sources.problems import ProblemLog
from fairstream.sources.subtitles import read_clock, subtitle_kind
from fairstream.sources.tables import Table, column_key, read_tables
from fairstream.sources.transcripts import json_kind

Kind = Literal[
    "subtitles", "transcript", "whisper", "funasr", "timed", "heard", "danmaku", "chat", "screen", "listings",
    "shops", "event", "clock", "media", "picture", "unread",
    "unknown",
]  # fmt: skip

_HEAD: Final = 1 << 18
_MEDIA: Final = re.compile(
    r"\.(?:flv|mp4|m4v|mkv|ts|m2ts|mov|avi|wmv|webm|mpe?g|3gp|mp3|m4a|wav|aac|flac|ogg|opus|amr)",
    re.IGNORECASE,
)
_PICTURE: Final = re.compile(r"\.(?:jpe?g|png|bmp|webp)", re.IGNORECASE)
_UNREAD: Final = re.compile(r"\.(?:gif|heic|heif|tiff?|avif)", re.IGNORECASE)
"""Pictures that are not read: their owner saves them as one of the others."""
_SPEECH: Final = frozenset((".txt", ".text", ".log", ".lrc", ".srt", ".vtt", ".ass", ".ssa", ""))
_PAPER: Final = re.compile(r"readme|licen[cs]e|notes?\b|说明|changelog", re.IGNORECASE)
_SCREEN_NAME: Final = re.compile(r"screen|ocr|画面|截图", re.IGNORECASE)
_CHAT_NAME: Final = re.compile(r"chat|danmu|danmaku|comment|弹幕|聊天|评论", re.IGNORECASE)


def kinds_of(file: Input) -> frozenset[Kind]:
    """What can be read from a file; a workbook may hold listings and shops. Never raises for content."""
    name = PurePath(file.name)
    if _MEDIA.fullmatch(name.suffix):
        return frozenset(("media",))
    if _PICTURE.fullmatch(name.suffix):
        return frozenset(("picture",))
    if _UNREAD.fullmatch(name.suffix):
        return frozenset(("unread",))
    if _is_media(file.head(1024)):
        return frozenset(("media",))
    try:
        if file.head(4) == b"PK\x03\x04":
            return _of_tables(read_tables(file.origin, _knows, name=file.name, limit=file.limit), name.name)
        return _of_text(file, name)
    except FormatError:
        return frozenset(("unknown",))


def _is_media(head: bytes) -> bool:
    """Whether these are the first bytes of a recording, whatever its name ends in (``.part``, ``.tmp``)."""
    if head.startswith((b"FLV\x01", b"\x1aE\xdf\xa3", b"ID3")) or head[4:8] == b"ftyp":
        return True
    packets = head[:1] == b"G" and head[188:189] == b"G" == head[376:377] == head[564:565]
    return packets or (head[:4] == b"RIFF" and head[8:12] in (b"WAVE", b"AVI "))


def _of_text(file: Input, name: PurePath) -> frozenset[Kind]:
    head = _head(file)
    opening = head.lstrip("\ufeff \t\r\n")[:1]
    if opening == "<":
        page = re.match(r"\s*<(?:!doctype\s+html|html)", head, re.IGNORECASE)
        return frozenset(("unknown",)) if page else frozenset(("danmaku",))
    if opening == "{" or (opening == "[" and re.match(r"\ufeff?\s*\[\s*[\[{\]]", head)):
        return _of_json(file, head, name)
    subtitle = subtitle_kind(head)
    if subtitle == "ass" and chat.is_danmaku_ass(head):
        return frozenset(("chat",))
    if subtitle:
        clock = subtitle == "srt" and read_clock(file.origin, limit=file.limit)
        kind: Kind = "clock" if clock else "screen" if _SCREEN_NAME.search(name.stem) else "subtitles"
        return frozenset((kind,))
    if chat.is_console_log(head):
        return frozenset(("chat",))
    if _has_header(head):
        return _of_tables(read_tables(head.encode(), _knows, name=file.name), name.name)
    spoken = name.suffix.lower() in _SPEECH and not _PAPER.search(name.stem)
    return frozenset(("transcript",)) if spoken and head.strip() else frozenset(("unknown",))


def _head(file: Input) -> str:
    """The first part of the text; its last, perhaps cut, line is left off when the file is longer."""
    data = file.head(_HEAD)
    whole = len(data) < _HEAD
    log = ProblemLog(file.name)
    text = clean(decode(data if whole else data[: data.rfind(b"\n") + 1] or data, log), log)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _of_json(file: Input, head: str, name: PurePath) -> frozenset[Kind]:
    """A file of lines is told by its first part, a single value has to be read whole."""
    if is_heard(head):
        return frozenset(("heard",))
    log = ProblemLog(file.name)
    first = next(iter(parse_json_lines(head.lstrip("\ufeff \t\n").split("\n", 1)[0], log)), None)
    value: Any = first[1] if first and "\n" in head.strip() else None
    data = head.encode()
    if value is None:
        text = read_text(file, log)
        value, data = parse_json(text, log), text.encode()
        if kind := json_kind(value):
            return frozenset((kind,))
    if isinstance(value, dict) and isinstance(value.get("EventData"), dict) and "EventType" in value:
        return frozenset(("event",))
    return _of_tables(read_tables(data, _knows, name=file.name, limit=max(file.limit, len(data))), name.name)


def _of_tables(tables: tuple[Table, ...], name: str) -> frozenset[Kind]:
    kinds: set[Kind] = set()
    for table in tables:
        keys = frozenset(column_key(column) for column in table.columns)
        fields = {listings.field_of(key) for key in keys}
        if listings.is_shop_table(table):
            kinds.add("shops")
        if "title" in fields and fields & {"price_fen", "list_price_fen", "category", "description", "url"}:
            kinds.add("listings")
        elif (spoken := _of_rows(keys, name)) is not None:
            kinds.add(spoken)
        elif listings.is_listing_table(table):
            kinds.add("listings")
    return frozenset(kinds) or frozenset(("unknown",))


def _of_rows(keys: frozenset[str], name: str) -> Kind | None:
    """Chat, speech or screen, for rows with a text and a time or a user."""
    if chat.is_chat_row(keys) and (_CHAT_NAME.search(name) or keys & chat.USER_COLUMNS):
        return "chat"
    if timedrows.is_timed_row(keys):
        return "screen" if _SCREEN_NAME.search(name) else "timed"
    return "chat" if chat.is_chat_row(keys) else None


def _has_header(head: str) -> bool:
    """Whether one of the first lines is a row of known column names."""
    for line in head.split("\n", 20)[:20]:
        cells = re.split(r"[,\t;|，]", line[:4000])
        if len(cells) > 1 and sum(1 for cell in cells if _knows(column_key(cell.strip('" ')))) >= 2:
            return True
    return False


def _knows(key: str) -> bool:
    return listings.knows_column(key) or chat.knows_column(key) or timedrows.knows_column(key)
