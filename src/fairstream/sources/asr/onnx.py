"""What an ONNX file says of itself: its metadata, read without loading the model.

The file is a protocol buffer (onnx.proto, `ModelProto`): field 14 holds pairs of key and value. The graph,
which may be gigabytes, is stepped over.
"""

from pathlib import Path
from typing import BinaryIO, Final

from fairstream.errors import UsageError

_METADATA: Final = 14
_GRAPH: Final = 7
_INPUT, _OUTPUT = 11, 12
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_PAIR_MOST: Final = 4_000_000
_LONGEST_VARINT: Final = 10


def metadata(path: Path) -> dict[str, str]:
    """The metadata that the exporter wrote into the model. Raises `UsageError` for what is no ONNX file."""
    size = path.stat().st_size
    found: dict[str, str] = {}
    try:
        with path.open("rb") as file:
            while file.tell() < size:
                field, payload = _field(file, size)
                if field == _METADATA and payload is not None:
                    key, value = _pair(payload)
                    found[key] = value
    except (ValueError, IndexError) as error:
        raise UsageError(
            "this is no ONNX model, or it was cut off", file=path, remedy="copy the model's folder again"
        ) from error
    return found


def ports(path: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of what the model takes and of what it gives. Raises `UsageError` as `metadata`."""
    size = path.stat().st_size
    names: dict[int, list[str]] = {_INPUT: [], _OUTPUT: []}
    try:
        with path.open("rb") as file:
            end = _enter(file, size, _GRAPH)
            while file.tell() < end:
                field, payload = _field(file, end, _INPUT, _OUTPUT)
                if payload is not None:
                    names[field].append(_name(payload))
    except (ValueError, IndexError) as error:
        raise UsageError(
            "this is no ONNX model, or it was cut off", file=path, remedy="copy the model's folder again"
        ) from error
    return tuple(names[_INPUT]), tuple(names[_OUTPUT])


def _enter(file: BinaryIO, size: int, wanted: int) -> int:
    """Go to the beginning of a message within the model; where it ends, or `size` when it is not there."""
    while file.tell() < size:
        at = file.tell()
        if _varint(file) >> 3 == wanted:
            length = _varint(file)
            if file.tell() + length > size:
                raise ValueError("a field that is longer than the file")
            return file.tell() + length
        file.seek(at)
        _field(file, size)
    return size


def _name(payload: bytes) -> str:
    """Field 1 of a `ValueInfoProto`, its first."""
    if payload[:1] != b"\x0a" or payload[1] > 0x7F:
        raise ValueError("a port without a name")
    return payload[2 : 2 + payload[1]].decode("utf-8", "replace")


def _field(file: BinaryIO, size: int, *wanted: int) -> tuple[int, bytes | None]:
    key = _varint(file)
    field, kind = key >> 3, key & 7
    if kind == _VARINT:
        _varint(file)
    elif kind in (_FIXED64, _FIXED32):
        file.seek(8 if kind == _FIXED64 else 4, 1)
    elif kind == _BYTES:
        length = _varint(file)
        if file.tell() + length > size:
            raise ValueError("a field that is longer than the file")
        if field in (wanted or (_METADATA,)) and length <= _PAIR_MOST:
            return field, file.read(length)
        file.seek(length, 1)
    else:
        raise ValueError(f"no such kind of field: {kind}")
    return field, None


def _varint(file: BinaryIO) -> int:
    value = 0
    for place in range(_LONGEST_VARINT):
        byte = file.read(1)[0]
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value
    raise ValueError("a number without an end")


def _pair(payload: bytes) -> tuple[str, str]:
    """A `StringStringEntryProto`: field 1 the key, field 2 the value."""
    texts = {1: b"", 2: b""}
    at = 0
    while at < len(payload):
        field, at = payload[at] >> 3, at + 1
        length, shift = 0, 0
        while True:
            byte = payload[at]
            length, shift, at = length | (byte & 0x7F) << shift, shift + 7, at + 1
            if byte < 0x80:
                break
        texts[field] = payload[at : at + length]
        at += length
    return texts[1].decode("utf-8", "replace"), texts[2].decode("utf-8", "replace")
