"""Consumers in posts: names become pseudonyms, personal numbers become stars.

The key of the pseudonyms lies in a file of this machine (or in the one that `FAIRSTREAM_KEY` names), so that
a second import gives the same pseudonyms and nobody without the file can try names (RFC 7693, keyed BLAKE2b).
"""

import os
import re
import secrets
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import numpy as np
import platformdirs
import pyarrow as pa
import pyarrow.compute as pc

from fairstream.errors import InputError
from fairstream.sources.posts.kernels import DOOR, MAIL, NUMBER, telling
from fairstream.text.masking import mask, without_doors, without_mail

_RUN: Final = 10
_LONG: Final = re.compile(r"(?:[A-Za-z]|[+＋(（]{1,2})?[0-9０-９][0-9０-９xX \-–—－·.()（）+＋]{8,}[A-Za-z]?")
"""Where `mask` may find something, with letters beside it that forbid it; scans ten times faster."""
_UNKNOWN: Final = frozenset(
    name.encode() for name in ("", "0", "null", "none", "nan", "匿名", "匿名用户", "未知", "未知用户")
)


def _hidden(text: str, bits: int) -> str:
    if bits & NUMBER:
        text = _LONG.sub(lambda match: mask(match.group()), text)
    if bits & MAIL:
        text = without_mail(text)
    return without_doors(text) if bits & DOOR else text


def private_column(values: Any) -> Any:
    """A column of strings as `private` makes them; looks closely only at rows with telling bytes."""
    told = telling(*string_parts(values), _RUN)
    rows = np.flatnonzero(told)
    if not len(rows):
        return values
    texts = values.take(pa.array(rows)).to_pylist()
    bits = told[rows].tolist()
    cleared = [None if text is None else _hidden(text, bit) for text, bit in zip(texts, bits, strict=True)]
    return pc.replace_with_mask(values, pa.array(told != 0), pa.array(cleared, pa.string()))


def string_parts(values: Any) -> tuple[Any, Any]:
    """Bytes (uint8) and offsets (int32, n+1) of a string array."""
    if values.type != pa.string():
        values = values.cast(pa.string())
    _, offsets, data = values.buffers()
    if not len(values) or offsets is None:
        return np.zeros(1, np.uint8), np.zeros(len(values) + 1, np.int32)
    view = np.frombuffer(offsets, np.int32)[values.offset : values.offset + len(values) + 1]
    if data is None or not data.size:
        return np.zeros(1, np.uint8), view
    return np.frombuffer(data, np.uint8), view


def pseudonyms(names: Any, channels: Any, key: bytes) -> Any:
    """Sixteen hex digits for every name in its channel; null for no name."""
    bare = pc.utf8_lower(pc.utf8_trim_whitespace(names))
    unknown = pc.is_in(bare, pa.array(sorted(_UNKNOWN), bare.type))
    known = pc.if_else(unknown, pa.scalar(None, names.type), names)
    joined = pc.binary_join_element_wise(pc.fill_null(channels, ""), known, "\0").dictionary_encode()
    hidden = [
        blake2b(name, key=key, digest_size=8).hexdigest()
        for name in joined.dictionary.cast(pa.binary()).to_pylist()
    ]
    return pa.array(hidden, pa.string()).take(joined.indices)


def pseudonym_key(salt: bytes = b"") -> bytes:
    """32 bytes: from `salt` when given, else the key of this machine, made when it is missing.

    Raises `InputError` when the key file is there and cannot be read, or is none.
    """
    if salt:
        return blake2b(salt, digest_size=32).digest()
    return _kept(key_file())


def key_file() -> Path:
    """Where the key lies: `FAIRSTREAM_KEY`, else the user's data folder."""
    named = os.environ.get("FAIRSTREAM_KEY")
    return Path(named) if named else Path(platformdirs.user_data_dir("fairstream")) / "pseudonyms.key"


@lru_cache(maxsize=8)
def _kept(path: Path) -> bytes:
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Exclusive: of two processes that start together only one makes the key.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_hex(32).encode())
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"the key of the pseudonyms cannot be read or made ({error.strerror})",
            file=path,
            remedy="let FAIRSTREAM_KEY name a file that you may write",
        ) from error
    if len(data.strip()) < 16:
        raise InputError(
            "this is no key of pseudonyms: fewer than 16 bytes",
            file=path,
            remedy="restore it from a copy, or remove it for a new one",
        )
    return blake2b(data.strip(), digest_size=32).digest()
