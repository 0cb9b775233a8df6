"""Danmaku XML → chat: BililiveRecorder, blrec, biliup and LyzenX's Douyin recorder.

All four write a root ``i`` with one element per message; they differ in header, attributes and units. The
scanner is our own: recorders leave names and texts unescaped and files without their end, where an XML
parser stops or drops characters. It never expands an entity beyond the five of XML, refuses document type
definitions, and reads piece by piece, so memory grows with the messages and not with the file.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Final, Literal, NamedTuple

from fairstream.errors import FormatError, LimitError
from fairstream.records import ChatMessage
from fairstream.sources.bytes import (
    MIB,
    STREAM_LIMIT,
    TEXT_LIMIT,
    Input,
    Source,
    charset_of,
    clean,
    decode,
    open_input,
)
from fairstream.sources.crowd import Crowd
from fairstream.sources.lines import Line
from fairstream.sources.loaded import Loaded
from fairstream.sources.problems import ProblemLog
from fairstream.sources.times import CHINA, finite, wall_clock

Dialect = Literal["bililive", "blrec", "biliup", "douyin"]
Kind = Literal["chat", "gift", "paid", "guard", "notice"]

MOST_MESSAGES: Final = 2_000_000
"""More messages than any broadcast has; about 1 GiB of records."""
_MOST_CHARACTERS: Final = MIB
_DRIFT_MS: Final = 2000
_MANY: Final = 10
_LONGEST_MS: Final = 31 * 86_400_000

_START: Final = re.compile(r'<(?:d|sc|gift|guard|toast|s|o)(?=\s+[\w:-]+\s*=\s*")')
_WHOLE: Final = re.compile(r'<(\w+)((?:\s+[\w:-]+\s*=\s*"[^"<]*")*)\s*(?:/>|>([^<]*)</\1\s*>)\s*(?:</i>\s*)?')
_ATTRIBUTE: Final = re.compile(r'([\w:-]+)\s*=\s*"([^"]*)"')
_LOOSE_ATTRIBUTE: Final = re.compile(r'\s+([\w:-]+)\s*=\s*"(.*?)"(?=\s+[\w:-]+\s*=\s*"|\s*/?>)', re.DOTALL)
_ENTITY: Final = re.compile(r"&(amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_ENTITIES: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_DOCTYPE: Final = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ROOT: Final = re.compile(r"<i(?=[\s>])")
_RECORD_INFO: Final = re.compile(r"<BililiveRecorderRecordInfo\b([^<]*)")
_METADATA: Final = re.compile(r"<(user_name|room_id|room_title|record_start_time)>([^<]*)</")
_GUARDS: Final = {"1": "总督", "2": "提督", "3": "舰长"}


@dataclass(frozen=True, slots=True)
class DanmakuHeader:
    """What the file says of itself. `drift_ms`: middle of message clock − (start + offset)."""

    dialect: Dialect
    started_at: datetime | None = None
    drift_ms: int | None = None
    host: str | None = None
    title: str | None = None
    room: str | None = None


@dataclass(frozen=True, slots=True)
class Danmaku(Loaded[ChatMessage]):
    """Chat of one file, with its header; `started_at` is derived from the messages when it has none."""

    header: DanmakuHeader = DanmakuHeader("douyin")
    line: Line | None = None
    """Through (offset, own time) of the messages: `at_zero_ms` is when the messages say the file began."""
    stated_at: datetime | None = None
    """When the header says the file began."""


class _Event(NamedTuple):
    line: int
    kind: Kind
    text: str
    offset: int | None
    sent: int | None
    uid: str
    user: str


def read_danmaku(
    source: Source,
    *,
    name: str | None = None,
    crowd: Crowd | None = None,
    prefix: str = "c",
    limit: int = STREAM_LIMIT,
    most: int = MOST_MESSAGES,
) -> Danmaku:
    """Chat messages of a danmaku file, users as pseudonyms.

    Wall clock is header start + offset, checked against the messages' own time; without a header the start is
    the middle of (own time − offset). Raises `LimitError` above `limit` bytes or `most` messages,
    `FormatError` for a document type definition or another kind of XML.
    """
    file = open_input(source, name, limit)
    log = ProblemLog(file.name)
    scanner = _Scanner(file, log)
    events: list[_Event] = []
    for line, piece in scanner.pieces():
        event = _event(line, piece, log)
        if event is not None:
            events.append(event)
            if len(events) > most:
                cause = f"more than {most:,} messages"
                raise LimitError(
                    cause, file=file.name, line=line, remedy="split the file, or raise the limit"
                )
    stated = scanner.header(events)
    header = _timed(stated, events, log)
    crowd = crowd or Crowd()
    messages = tuple(_messages(events, header, crowd, prefix, log))
    return Danmaku(messages, log.problems, header, _line(events), stated.started_at)


class _Scanner:
    """The elements of one file, and the head before the first of them."""

    def __init__(self, file: Input, log: ProblemLog) -> None:
        self.file = file
        self.log = log
        self.head = ""
        self.heading = True
        self.line = 1

    def pieces(self) -> Iterator[tuple[int, str]]:
        """First line and text of every element, up to the next one's start."""
        buffer = ""
        for block in self._blocks():
            buffer += block
            starts = [match.start() for match in _START.finditer(buffer)]
            if self.heading:
                self._take_head(buffer, starts)
            counted = 0
            for start, end in pairwise(starts):
                self.line += buffer.count("\n", counted, start)
                counted = start
                yield self.line, buffer[start:end]
            keep = self._waiting(buffer, starts)
            self.line += buffer.count("\n", counted, keep)
            buffer = buffer[keep:]
        if _START.match(buffer):
            yield self.line, buffer
        if self.heading and buffer and not _ROOT.search(self.head):
            raise FormatError(
                "this XML is no danmaku file", file=self.file.name, remedy="check which file this is"
            )
        if buffer and "</i>" not in buffer[-256:]:
            self.log.add("xml_end", self.line + buffer.count("\n"))

    def _waiting(self, buffer: str, starts: list[int]) -> int:
        """Where that begins which must wait for the next block: the last element, or the start of one."""
        keep = starts[-1] if starts else max(0, len(buffer) - 4096)
        if len(buffer) - keep > _MOST_CHARACTERS:
            self.log.add("xml_huge", self.line, most=_MOST_CHARACTERS)
            return len(buffer) - 4096
        return keep

    def _take_head(self, buffer: str, starts: list[int]) -> None:
        """The text before the first element, at most 1 MiB of it; refuses a document type definition."""
        self.heading = not starts
        if self.head:
            return
        self.head = buffer[: starts[0] if starts else _MOST_CHARACTERS]
        root = _ROOT.search(self.head)
        if match := _DOCTYPE.search(self.head, 0, root.start() if root else len(self.head)):
            raise FormatError(
                "a document type definition, which chat never has and attacks do",
                file=self.file.name,
                line=self.head.count("\n", 0, match.start()) + 1,
                remedy="ask where this file comes from; remove the <!DOCTYPE …> part if you trust it",
            )

    def _blocks(self) -> Iterator[str]:
        if self.file.guarded_size() <= TEXT_LIMIT:
            data = self.file.data()
            if not data.strip():
                self.log.add("empty")
                return
            text = clean(decode(data, self.log), self.log)
            del data
            for start in range(0, len(text), MIB):
                yield text[start : start + MIB]
            return
        charset = charset_of(self.file)
        decoder = codecs.getincrementaldecoder(charset)(errors="replace")
        if charset != "utf-8":
            self.log.add("encoding", charset=charset.upper())
        for block in self.file.blocks(MIB):
            text = decoder.decode(block)
            if "�" in text:
                self.log.add("bad_bytes", count=text.count("�"), charset=charset.upper())
            yield clean(text, self.log)

    def header(self, events: list[_Event]) -> DanmakuHeader:
        """Dialect and header fields from the head before the first message."""
        if info := _RECORD_INFO.search(self.head):
            values = {key: unescape(value) for key, value in _ATTRIBUTE.findall(info.group(1))}
            start = wall_clock(values.get("start_time"))
            return DanmakuHeader(
                "bililive", start, None, values.get("name"), values.get("title"), values.get("roomid")
            )
        if "<metadata" in self.head:
            values = {key: unescape(value.strip()) for key, value in _METADATA.findall(self.head)}
            start = wall_clock(values.get("record_start_time"))
            return DanmakuHeader(
                "blrec", start, None, values.get("user_name"), values.get("room_title"), values.get("room_id")
            )
        whole_seconds = all(event.sent is None or event.sent % 1000 == 0 for event in events[:200])
        return DanmakuHeader("biliup" if whole_seconds and events else "douyin")


def unescape(text: str) -> str:
    """Text with XML's five entities and character numbers resolved; any other stays as written."""
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    code = match.group(1)
    if code[0] != "#":
        return _ENTITIES[code]
    number = int(code[2:], 16) if code[1] in "xX" else int(code[1:])
    return chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else "�"


def _event(line: int, piece: str, log: ProblemLog) -> _Event | None:
    whole = _WHOLE.fullmatch(piece)
    if whole is not None:
        tag, attributes, text = whole.groups()
        values = dict(_ATTRIBUTE.findall(attributes))
    else:
        mended = _mended(line, piece, log)
        if mended is None:
            return None
        tag, values, text = mended
    if "&" in piece:
        values = {key: unescape(value) for key, value in values.items()}
        text = unescape(text or "")
    text = (text or "").strip()
    if tag == "d":
        return _chat(line, values, text, log)
    return _paid(line, tag, values, text)


def _mended(line: int, piece: str, log: ProblemLog) -> tuple[str, dict[str, str], str] | None:
    """Tag, attributes and text of an element that is not well formed."""
    tag = piece[1 : piece.index(next(filter(str.isspace, piece)))]
    values: dict[str, str] = {}
    at = len(tag) + 1
    while attribute := _LOOSE_ATTRIBUTE.match(piece, at):
        values.setdefault(attribute.group(1), attribute.group(2))
        at = attribute.end()
    close = re.compile(r"\s*(/?)>").match(piece, at)
    if close is None or not values:
        log.add("xml_element", line)
        return None
    text = piece[close.end() :]
    end = text.rfind(f"</{tag}>")
    if end >= 0:
        text = text[:end]
    elif not close.group(1):
        log.add("xml_unclosed", line)
        text = re.sub(r"<(?:/\w{0,8}>?)?\s*\Z", "", text)
    else:
        text = ""
    if "<" in text or any("<" in value or '"' in value for value in values.values()):
        log.add("xml_escape", line)
    return tag, values, text


def _chat(line: int, values: dict[str, str], text: str, log: ProblemLog) -> _Event | None:
    parts = values.get("p", "").split(",")
    offset = _milliseconds(parts[0])
    if not text:
        log.add("no_text", line)
        return None
    if offset is None:
        log.add("bad_time", line)
    sent = _epoch_ms(parts[4]) if len(parts) > 4 else None
    uid = values.get("uid") or (parts[6] if len(parts) > 6 else "")
    return _Event(line, "chat", text, offset, sent, uid, values.get("user", ""))


def _paid(line: int, tag: str, values: dict[str, str], text: str) -> _Event | None:
    """Gifts, paid messages and guards; the text of a gift is its name and number."""
    kind = {"sc": "super_chat", "guard": "guard_buy", "toast": "guard_buy"}.get(tag, values.get("type", tag))
    if tag == "o":
        return None
    gift = values.get("giftname", "")
    count = values.get("giftcount") or values.get("num") or values.get("count") or "1"
    found: tuple[Kind, str]
    if kind == "super_chat":
        found = "paid", text
    elif kind == "guard_buy":
        found = "guard", gift or values.get("role") or _GUARDS.get(values.get("level", ""), "")
    elif kind == "gift":
        found = "gift", f"{gift} ×{count}" if gift else ""
    else:
        found = "notice", text
    user = values.get("user") or values.get("username") or ""
    sent = _epoch_ms(values.get("timestamp", ""))
    offset = _milliseconds(values.get("ts", ""))
    return _Event(line, found[0], found[1], offset, sent, values.get("uid", ""), user)


def _milliseconds(seconds: str) -> int | None:
    number = finite(seconds)
    if number is None or not 0 <= number * 1000 < _LONGEST_MS:
        return None
    return round(number * 1000)


def _epoch_ms(value: str) -> int | None:
    """Milliseconds since 1970 of a time given in seconds or milliseconds; None when it is no such time."""
    number = finite(value)
    if number is None or number < 946_684_800:
        return None
    number = number if number >= 1e11 else number * 1000
    return round(number) if number < 4_102_444_800_000 else None


def _timed(header: DanmakuHeader, events: list[_Event], log: ProblemLog) -> DanmakuHeader:
    """`header` with its start derived when it has none, and with the drift when it has one."""
    starts = [
        event.sent - event.offset for event in events if event.sent is not None and event.offset is not None
    ]
    if not starts:
        return header
    middle = median(starts)
    start, drift = header.started_at, None
    if start is None:
        start = datetime.fromtimestamp(middle / 1000, CHINA)
    else:
        drift = round(middle - start.timestamp() * 1000)
        if abs(drift) >= _DRIFT_MS:
            log.add("drift", count=len(starts), seconds=f"{drift / 1000:+.1f}")
    return DanmakuHeader(header.dialect, start, drift, header.host, header.title, header.room)


def _line(events: list[_Event]) -> Line | None:
    """The messages' own clock against their offsets.

    Times cut to whole seconds beside finer offsets stand for the middle of the second.
    """
    points = [(event.offset, event.sent) for event in events if event.offset is not None and event.sent]
    cut = len(points) >= _MANY and all(sent % 1000 == 0 for _, sent in points)
    cut = cut and any(offset % 1000 for offset, _ in points)
    if not points:
        return None
    from fairstream.sources.fitting import fit_line  # loads numpy, which most folders can do without

    return fit_line([float(offset) for offset, _ in points], [sent + 500.0 * cut for _, sent in points])


def _messages(
    events: list[_Event], header: DanmakuHeader, crowd: Crowd, prefix: str, log: ProblemLog
) -> Iterator[ChatMessage]:
    start = header.started_at
    start_ms = round(start.timestamp() * 1000) if start else None
    for number, (line, kind, text, offset, sent, uid, user) in enumerate(events, 1):
        if offset is None and sent is not None and start_ms is not None and sent >= start_ms:
            offset = sent - start_ms
        at = None
        if start is not None and offset is not None:
            at = start + timedelta(milliseconds=offset)
        elif sent is not None:
            at = datetime.fromtimestamp(sent / 1000, CHINA)
        viewer = crowd.pseudonym(uid if uid and uid != "0" else user)
        speaker = "seller" if user and (user == header.host) else crowd.speaker(user)
        yield ChatMessage(f"{prefix}{number}", text, offset, at, viewer, kind, speaker, log.place(line))
