"""Redacted copies: the original stays as it is, and a record says what was covered, where, why and by whom.

Text keeps its length: the hidden characters become stars, so positions in the original hold in the copy.
Pictures and clips are coded anew, blackened or coarsened beyond recognition inside the boxes; sound is
silenced over intervals. Covering is final in the copy: nothing of what was hidden is in it.
"""

import json
import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple
from urllib.parse import unquote

import numpy as np

from fairstream.errors import EncodingError, FormatError, LimitError, UsageError
from fairstream.evidence.capture import Parent, hash_file
from fairstream.evidence.cuts import cutting, picture_bytes, written_beside
from fairstream.evidence.cuts_copy import MUXERS
from fairstream.evidence.cuts_encode import Encoder, Picture, Sound
from fairstream.evidence.cuts_opening import tool
from fairstream.evidence.journal import append_lines, growing
from fairstream.records import Box, Span
from fairstream.text.masking import mask

REDACTIONS: Final = "redactions.jsonl"
Cover = Literal["black", "blur"]
MOST_TEXT: Final = 64 << 20
_STAR: Final = "*"
_TEXTS: Final = frozenset(
    {".txt", ".jsonl", ".json", ".csv", ".tsv", ".html", ".htm", ".md", ".xml", ".srt", ".ass"}
)
_STILLS: Final = frozenset({".png", ".jpg", ".jpeg"})
_JSON_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[0-9*.+-]+')
_NO_WIDTH: Final = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_WRITTEN: Final = re.compile(
    r"\\\\|\\u(?P<unicode>[0-9A-Fa-f]{4})|&#(?P<decimal>[0-9]{1,7});|&#[xX](?P<hexadecimal>[0-9A-Fa-f]{1,6});"
    rf"|(?:%[0-9A-Fa-f]{{2}})+|{_NO_WIDTH.pattern}"
)
"""Escapes of JSON, HTML and addresses, and characters of no width; a doubled backslash begins no escape."""
_NEAR: Final = 3
"""Stars of one number stand at most this far apart: separators lie between."""
_COARSE: Final = 4
"""A blurred box keeps this many cells on its longer side: no face or number survives it."""
_PLACE: Final = r"[\u4e00-\u9fff]"
_ADDRESS: Final = re.compile(
    rf"(?:{_PLACE}{{2,8}}?(?:省|自治区|市|州|盟))?(?:{_PLACE}{{1,8}}?(?:区|县|旗|市))?(?:{_PLACE}{{1,8}}?(?:街道|镇|乡))?"
    rf"{_PLACE}{{1,8}}?(?:路|街|巷|弄|胡同|大道|村|小区|花园|新村|里)"
    r"(?=[^\n]{0,12}?[0-9０-９一二三四五六七八九十]+\s*(?:号|弄|栋|幢|座|楼|单元|室))"
    r"[^\s,，。；;、\"'<>]{0,8}?[0-9０-９一二三四五六七八九十]+\s*(?:号|弄|栋|幢|座|楼|单元|室)"
    r"(?:[0-9０-９A-Za-z一二三四五六七八九十\-]{1,6}\s*(?:号楼|号|栋|幢|座|楼|单元|室))*"
)


class BoxAt(NamedTuple):
    """A box of the picture over an interval of positions in ms; `to_ms` None: to the end."""

    box: Box
    from_ms: int = 0
    to_ms: int | None = None


class Interval(NamedTuple):
    """Positions in ms; `to_ms` None: to the end."""

    from_ms: int
    to_ms: int | None = None


class Place(NamedTuple):
    """One thing covered: what kind, and where (code points of the text, box, interval)."""

    kind: Literal["number", "address", "word", "box", "sound"]
    span: Span | None = None
    box: Box | None = None
    from_ms: int | None = None
    to_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Redaction:
    """The record of a redacted copy. `method` says how the copy was made, `places` what was covered."""

    original: str
    original_sha256: str
    copy: str
    copy_sha256: str
    method: Literal["masked_text", "re_encoded", "decoded_picture"]
    places: tuple[Place, ...]
    reason: str
    who: str
    at: datetime
    tool: str

    def parent(self) -> Parent:
        """How the copy came from its original, for its capture record."""
        return Parent(self.original_sha256, f"redacted:{self.method}")

    def as_line(self) -> bytes:
        """The record as one line of JSON."""
        data = asdict(self) | {"places": [_plain(place) for place in self.places], "at": self.at.isoformat()}
        data["count"] = len(self.places)
        return json.dumps(data, ensure_ascii=False).encode()


def redact_text(text: str, words: Iterable[str] = ()) -> tuple[str, tuple[Place, ...]]:
    """`text` with numbers (phone, identity card, bank card), addresses and `words` starred; same length.

    What is written in escapes (``\\u0031``, ``&#49;``, ``%31``) or with characters of no width in between is
    read as a reader's program would show it. Names cannot be told from other words: give those to be hidden
    as `words`.
    """
    shown, starts, ends = _as_read(text)
    masked = mask(shown)
    starred = {at for at, (one, other) in enumerate(zip(shown, masked, strict=True)) if one != other}
    hidden: dict[Span, Literal["number", "address", "word"]] = dict.fromkeys(
        _differing(shown, masked), "number"
    )
    for match in _ADDRESS.finditer(shown):
        hidden[Span(*match.span())] = "address"
    for match in pattern.finditer(shown) if (pattern := _any_of(words)) else ():
        hidden[Span(*match.span())] = "word"
    for span, kind in hidden.items():
        if kind != "number":
            starred.update(at for at in range(*span) if not shown[at].isspace())
    characters = list(text)
    for at in starred:
        characters[starts[at] : ends[at]] = _STAR * (ends[at] - starts[at])
    places = (Place(hidden[one], Span(starts[one.start], ends[one.end - 1])) for one in sorted(hidden))
    return "".join(characters), tuple(places)


def _as_read(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """The text as a reader sees it, and for each of its characters where in `text` it begins and ends."""
    if _WRITTEN.search(text) is None:
        return text, range(len(text)), range(1, len(text) + 1)
    shown: list[str] = []
    starts, ends = array("I"), array("I")
    last = 0

    def plain(end: int) -> None:
        shown.append(text[last:end])
        starts.extend(range(last, end))
        ends.extend(range(last + 1, end + 1))

    for match in _WRITTEN.finditer(text):
        plain(match.start())
        last, at = match.end(), match.start()
        for character, length in _meant(match):
            shown.append(character)
            starts.append(at)
            at += length
            ends.append(at)
    plain(len(text))
    return "".join(shown), starts, ends


def _meant(match: re.Match[str]) -> list[tuple[str, int]]:
    """The characters that an escape stands for, each with the length it is written in; none when it is of no
    width."""
    written = match.group()
    if written[0] in "&\\" and written != r"\\":
        decimal, hexadecimal, unicode = match.group("decimal", "hexadecimal", "unicode")
        code = int(decimal) if decimal else int(hexadecimal or unicode, 16)
        read = chr(code) if code <= 0x10FFFF else "?"
        return [] if _NO_WIDTH.fullmatch(read) else [(read, len(written))]
    if written[0] == "%":
        try:
            return [(one, 3 * len(one.encode())) for one in unquote(written, errors="strict")]
        except UnicodeDecodeError:
            pass
    return [] if _NO_WIDTH.fullmatch(written) else [(one, 1) for one in written]


def redact_file(
    source: Path,
    out: Path,
    *,
    who: str,
    reason: str,
    at: datetime,
    words: Sequence[str] = (),
    boxes: Sequence[BoxAt] = (),
    mute: Sequence[Interval] = (),
    cover: Cover = "black",
) -> Redaction:
    """Write a redacted copy of a text, picture or recording and return its record.

    Raises `UsageError` when nothing is to be covered, nobody or no reason is named, or what is asked for does
    not fit the kind of file; `FormatError` when the original cannot be read.
    """
    if not who.strip() or not reason.strip() or at.tzinfo is None:
        raise UsageError(
            "a redaction needs a person, a reason and a time with its zone", remedy="give --who and --reason"
        )
    ending = source.suffix.lower()
    for wrong in (one for one in boxes if not _inside(one.box)):
        raise UsageError(f"the box {tuple(wrong.box)} leaves the picture", remedy="give shares from 0 to 1")
    before, _ = hash_file(source)
    method: Literal["masked_text", "re_encoded", "decoded_picture"]
    if ending in _TEXTS:
        if boxes or mute:
            raise UsageError(
                "a text has neither boxes nor sound", file=source.name, remedy="give words to hide"
            )
        method, places = "masked_text", _text_copy(source, out, words)
    elif ending in _STILLS:
        if mute or words or not boxes:
            raise UsageError("in a picture boxes are covered", file=source.name, remedy="give --box")
        method, places = "decoded_picture", _still_copy(source, out, boxes, cover)
    else:
        if words or not (boxes or mute):
            raise UsageError(
                "in a recording boxes and sound are covered", file=source.name, remedy="give --box, --mute"
            )
        method, places = "re_encoded", _clip_copy(source, out, boxes, mute, cover)
    after, _ = hash_file(source)
    if after != before:
        raise FormatError("it changed while it was read", file=source.name, remedy="redact a copy that rests")
    return Redaction(
        source.name, before, out.name, hash_file(out)[0], method, places, reason, who, at, tool()
    )


def append_redaction(path: Path, redaction: Redaction) -> None:
    """Write the record at the end of a file of redactions."""
    with growing(path) as file:
        append_lines(file, [redaction.as_line()])


def _text_copy(source: Path, out: Path, words: Sequence[str]) -> tuple[Place, ...]:
    if source.stat().st_size > MOST_TEXT:
        raise LimitError("it is larger than 64 MiB", file=source.name, remedy="cut it into parts")
    try:
        # Line ends stay as they are: nothing but the hidden characters may differ.
        text = source.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise EncodingError(
            "it is not UTF-8", file=source.name, remedy="convert it first, and say so"
        ) from error
    copy, places = redact_text(text, words)
    if source.suffix.lower() in {".json", ".jsonl"}:
        # A bare number with a star in it is no JSON: there, noughts hide the digits.
        copy = _JSON_TOKEN.sub(lambda m: m[0] if m[0][0] == '"' else m[0].replace(_STAR, "0"), copy)
    with written_beside(source, out) as part:
        part.write_bytes(copy.encode("utf-8"))
    return places


def _still_copy(source: Path, out: Path, boxes: Sequence[BoxAt], cover: Cover) -> tuple[Place, ...]:
    import av

    if out.suffix.lower() not in _STILLS:
        raise UsageError("a redacted picture is a .png or .jpg", file=out.name, remedy="give such a name")
    try:
        with av.open(
            f"file:{source.absolute()}", container_options={"protocol_whitelist": "file"}
        ) as container:
            frame = next(iter(container.decode(video=0)))
    except (av.error.FFmpegError, StopIteration, IndexError) as error:
        raise FormatError(
            "this is no picture that can be read", file=source.name, remedy="copy it again"
        ) from error
    image: Picture = np.asarray(frame.to_ndarray(format="rgb24"), dtype=np.uint8)
    for one in boxes:
        image = covered(image, one.box, cover)
    with written_beside(source, out) as part:
        part.write_bytes(picture_bytes(av.VideoFrame.from_ndarray(image, format="rgb24"), out.suffix.lower()))
    return tuple(Place("box", box=one.box) for one in boxes)


def _clip_copy(
    source: Path, out: Path, boxes: Sequence[BoxAt], mute: Sequence[Interval], cover: Cover
) -> tuple[Place, ...]:
    ending = out.suffix.lower()
    if ending not in MUXERS:
        raise UsageError(
            f"{ending or 'no ending'} cannot be written", file=out.name, remedy="give a name in .mp4"
        )

    def picture(image: Picture, at_ms: int) -> Picture:
        for one in boxes:
            if one.from_ms <= at_ms and (one.to_ms is None or at_ms < one.to_ms):
                image = covered(image, one.box, cover)
        return image

    def sound(samples: Sound, at_ms: int, rate: int) -> Sound:
        return silenced(samples, at_ms, rate, mute)

    with cutting(source, sha256="-") as cutter, written_beside(source, out) as part:
        recording = cutter.recording
        if boxes and recording.video is None:
            raise UsageError("it has no picture to cover", file=source.name, remedy="give --mute alone")
        if mute and recording.audio is None:
            raise UsageError("it has no sound to silence", file=source.name, remedy="give --box alone")
        Encoder(recording, picture=picture if boxes else None, sound=sound if mute else None).encode(
            part, ending, 0, None
        )
    shown = (Place("box", box=one.box, from_ms=one.from_ms, to_ms=one.to_ms) for one in boxes)
    return (*shown, *(Place("sound", from_ms=one.from_ms, to_ms=one.to_ms) for one in mute))


def covered(image: Picture, box: Box, cover: Cover) -> Picture:
    """The picture with a box blackened, or coarsened to a few cells; the picture given is not changed."""
    height, width = image.shape[:2]
    left, top = int(box.left * width), int(box.top * height)
    right, bottom = (
        int(np.ceil((box.left + box.width) * width)),
        int(np.ceil((box.top + box.height) * height)),
    )
    result = image.copy()
    part = result[top:bottom, left:right]
    if cover == "black" or min(part.shape[:2], default=0) == 0:
        part[...] = 0
        return result
    cell = max(1, -(-max(part.shape[:2]) // _COARSE))
    for row in range(0, part.shape[0], cell):
        for column in range(0, part.shape[1], cell):
            block = part[row : row + cell, column : column + cell]
            block[...] = block.mean(axis=(0, 1)).astype(np.uint8)
    return result


def silenced(samples: Sound, at_ms: int, rate: int, intervals: Iterable[Interval]) -> Sound:
    """The samples with the intervals set to silence, exact to the sample."""
    result = samples.copy()
    for one in intervals:
        first = max(0, (one.from_ms - at_ms) * rate // 1000)
        last = result.shape[1] if one.to_ms is None else -((at_ms - one.to_ms) * rate // 1000)
        if last > first:
            result[:, first : max(last, 0)] = 0.0
    return result


def _differing(text: str, masked: str) -> list[Span]:
    """The stretches that masking starred, a stretch a number."""
    found: list[Span] = []
    for at, (one, other) in enumerate(zip(text, masked, strict=True)):
        if one != other:
            if found and at - found[-1].end < _NEAR:
                found[-1] = Span(found[-1].start, at + 1)
            else:
                found.append(Span(at, at + 1))
    return found


def _inside(box: Box) -> bool:
    return (
        box.left >= 0 and box.top >= 0 and box.width > 0 and box.height > 0
        and box.left + box.width <= 1.000001 and box.top + box.height <= 1.000001
    )  # fmt: skip


def _any_of(words: Iterable[str]) -> "re.Pattern[str] | None":
    found = sorted({word for word in words if word.strip()}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, found))) if found else None


def _plain(place: Place) -> dict[str, Any]:
    data = place._asdict() | {"box": list(place.box) if place.box else None}
    data["span"] = list(place.span) if place.span else None
    return {name: value for name, value in data.items() if value is not None}
