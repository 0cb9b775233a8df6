"""A live stream → its packets, one after the other, over every connection it takes.

HLS, FLV over HTTP and RTMP are read by FFmpeg's libraries (PyAV), which open nothing but the protocols and
formats named here: a playlist cannot make them read a file of this machine. Only what the user gives is sent:
no page is read to find a stream, no signature is computed and no protection is worked around.
"""

import re
import threading
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit, urlunsplit

from fairstream.errors import InputError, UsageError
from fairstream.records import Words
from fairstream.watch.timeline import RECONNECTED, Anchor, Ended, Event, Lost, Opened, Piece, Timeline

SCHEMES: Final = {
    "http": "http,https,tls,tcp,crypto,httpproxy",
    "https": "http,https,tls,tcp,crypto,httpproxy",
    "rtmp": "rtmp,rtmpt,ffrtmphttp,tcp,http",
    "rtmps": "rtmps,rtmpts,tls,tcp,https",
}
"""What may be given, and the protocols each may lead to; never files."""
FORMATS: Final = "hls,flv,live_flv,mpegts,mov,mp4,matroska,webm,aac,mp3"
_REDIRECTS: Final = 5
_FIRST_WAIT_S: Final = 1.0
_LONGEST_WAIT_S: Final = 30.0
_ENDED: Final = Words("直播已结束", "the stream has ended")
_GONE: Final = Words("多次重连未成功，视为直播已结束", "it could not be reached again; taken as ended")
_STOPPED: Final = Words("已按要求停止", "stopped as asked")
_HEADER: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+: ?[^\r\n\0]*")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a source is read.

    `headers` are lines ``Name: value``, `user_agent` and `cookie` values, all sent as given; none is kept. A
    source that says nothing for `silent_s` seconds is connected to anew, one that cannot be had for
    `give_up_s` has ended. A file that has not grown for `idle_s` is finished.
    """

    headers: tuple[str, ...] = ()
    user_agent: str | None = None
    cookie: str | None = None
    silent_s: float = 15.0
    give_up_s: float = 120.0
    idle_s: float = 30.0
    from_start: bool = False


def is_address(source: str) -> bool:
    """Whether a source is an address of a stream rather than a file or folder."""
    return "://" in source


def shown_address(url: str) -> str:
    """The address as it is kept: without name and password."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def check_address(url: str, reading: Reading) -> None:
    """Raise `UsageError` when the address or what is to be sent with it cannot be used."""
    scheme = urlsplit(url).scheme.lower()
    if scheme not in SCHEMES or not urlsplit(url).hostname:
        raise UsageError(
            f"{scheme or url}:// cannot be followed",
            remedy=f"give an address of {', '.join(SCHEMES)}, or a file",
        )
    sent = [*reading.headers, f"Cookie: {reading.cookie or ''}", f"User-Agent: {reading.user_agent or ''}"]
    for line in sent:
        if not _HEADER.fullmatch(line):
            raise UsageError("a header is not of the form 'Name: value'", remedy="give one line per --header")


class _Failure(NamedTuple):
    cause: Words
    final: bool
    """Nothing that waiting can mend: no such address, not allowed, no stream there."""


def follow_stream(url: str, reading: Reading, stop: threading.Event) -> Iterator[Event]:
    """The packets of a stream until it ends or `stop` is set; breaks and new connections between them.

    Raises `InputError` when there is no such stream, or nothing could be read for `give_up_s` seconds.
    """
    check_address(url, reading)
    return _Stream(url, reading, stop).events()


class _Stream:
    """One stream and its connections."""

    def __init__(self, url: str, reading: Reading, stop: threading.Event) -> None:
        self.url = url
        self.reading = reading
        self.stop = stop
        self.timeline = Timeline()
        self.attempt = 0
        self.heard_at = time.monotonic()
        self.finished = False

    def events(self) -> Iterator[Event]:
        while not self.stop.is_set():
            failure = yield from self._connection()
            if self.stop.is_set():
                break
            if self.finished and failure is None:
                yield Ended(_ENDED)
                return
            cause = failure.cause if failure else Words("连接中断", "the connection ended")
            if failure and failure.final and not self.timeline.begun:
                raise self._error(cause)
            if time.monotonic() - self.heard_at >= self.reading.give_up_s:
                if not self.timeline.begun:
                    raise self._error(cause)
                yield Ended(_GONE)
                return
            wait = min(_FIRST_WAIT_S * 2 ** min(self.attempt, 10), _LONGEST_WAIT_S)
            wait = min(wait, self.reading.give_up_s / 4)
            self.attempt += 1
            yield Lost(self.attempt, cause, wait)
            self.stop.wait(wait)
        yield Ended(_STOPPED)

    def _error(self, cause: Words) -> InputError:
        return InputError(
            f"no stream could be read: {cause.en}",
            file=shown_address(self.url),
            remedy="check that the broadcast is on and that the address is the stream's own, not a page's",
        )

    def _connection(self) -> Generator[Event, None, _Failure | None]:
        """One connection's packets; returns why it failed, None at its end."""
        import av

        try:
            container = self._open(av)
        except (av.error.FFmpegError, OSError, ValueError) as error:
            return _failure(error)
        streams = chosen_streams(container)
        if not streams:
            return _Failure(Words("其中没有音频或视频", "there is neither sound nor picture in it"), True)
        live = container.duration is None
        # A list that had ended when it was opened is read to its end; then there is no more.
        self.finished = not live and container.format.name == "hls"
        if self.timeline.begun:
            self.timeline.reopened(RECONNECTED, repeats=True)
        yield Opened(streams, container.format.name, live)
        try:
            for packet in container.demux(*streams):
                if self.stop.is_set():
                    return None
                yield from self._taken(packet, past=self.finished)
        except (av.error.FFmpegError, OSError) as error:
            return _failure(error)
        return None

    def _taken(self, packet: Any, *, past: bool) -> Iterator[Event]:
        piece = piece_of(packet, time.time(), self.timeline.anchor)
        if piece is None:
            return
        taken = self.timeline.take(piece, past=past and self.attempt > 0)
        if taken is None:
            return
        self.attempt = 0 if not past else self.attempt
        self.heard_at = time.monotonic()
        broken, piece = taken
        if broken:
            yield broken
        yield piece

    def _open(self, av: Any) -> Any:
        scheme = urlsplit(self.url).scheme.lower()
        silent = self.reading.silent_s
        options = {
            "protocol_whitelist": SCHEMES[scheme],
            "format_whitelist": FORMATS,
            "rw_timeout": str(round(silent * 1e6)),
        }
        if scheme.startswith("http"):
            cookie = [f"Cookie: {self.reading.cookie}"] if self.reading.cookie else []
            lines = [*self.reading.headers, *cookie]
            options |= {"max_redirects": str(_REDIRECTS), "max_reload": "3"}
            options |= {"headers": "".join(f"{line}\r\n" for line in lines)} if lines else {}
            options |= {"user_agent": self.reading.user_agent} if self.reading.user_agent else {}
            if self.reading.from_start:
                options["live_start_index"] = "0"
        # The library's own messages say nothing that ours do not.
        av.logging.set_level(None)
        wait = (max(silent, 10.0), silent)
        return av.open(self.url, options=options, timeout=wait, metadata_errors="replace")


def chosen_streams(container: Any) -> tuple[Any, ...]:
    """The largest picture and the first sound of it; the rest is not read at all."""
    videos, sounds = container.streams.video, container.streams.audio
    video = max(videos, key=lambda one: one.codec_context.width * one.codec_context.height, default=None)
    sound = None
    if sounds:
        variant = video.metadata.get("variant_bitrate") if video is not None else None
        same = [one for one in sounds if one.metadata.get("variant_bitrate") == variant]
        sound = (same or list(sounds))[0]
    chosen = tuple(stream for stream in (video, sound) if stream is not None)
    for stream in container.streams:
        if stream not in chosen:
            stream.discard = "all"
    return chosen


def piece_of(packet: Any, at: float, anchor: Anchor) -> Piece | None:
    """A packet of the library as a record of ours; None for the empty one at the end or one without time."""
    stamp = packet.dts if packet.dts is not None else packet.pts
    if stamp is None or packet.size == 0:
        return None
    stream = packet.stream
    return Piece(
        stream=stream.index,
        video=stream.type == "video",
        data=bytes(packet),
        pts=packet.pts,
        dts=packet.dts,
        duration=packet.duration or 0,
        time_base=packet.time_base,
        key=bool(packet.is_keyframe),
        at=at,
        position=float(stamp * packet.time_base),
        anchor=anchor,
    )


_CAUSES: Final[tuple[tuple[str, Words, bool], ...]] = (
    ("HTTPNotFoundError", Words("地址不存在（404）", "there is nothing at this address (404)"), True),
    ("HTTPForbiddenError", Words("服务器拒绝访问（403）", "the server refuses (403)"), True),
    ("HTTPUnauthorizedError", Words("需要登录（401）", "the server asks for a login (401)"), True),
    ("HTTPTooManyRequestsError", Words("请求过多（429）", "too many requests (429)"), False),
    ("HTTPClientError", Words("服务器拒绝请求（4xx）", "the server refuses the request (4xx)"), True),
    ("HTTPServerError", Words("服务器出错（5xx）", "the server failed (5xx)"), False),
    ("InvalidDataError", Words("不是可读取的音视频流", "this is no stream that can be read"), True),
    ("ProtocolNotFoundError", Words("不允许的协议", "a protocol that is not allowed"), True),
    ("ExitError", Words("等待超时", "nothing came in time"), False),
    ("TimeoutError", Words("等待超时", "nothing came in time"), False),
)


def _failure(error: Exception) -> _Failure:
    kinds = {kind.__name__ for kind in type(error).__mro__}
    for name, cause, final in _CAUSES:
        if name in kinds:
            return _Failure(cause, final)
    said = getattr(error, "strerror", None) or type(error).__name__
    return _Failure(Words(f"读取失败（{said}）", f"reading failed ({said})"), False)
