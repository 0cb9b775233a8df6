"""Answers of time-stamp authorities as they come, in the order that strict DER wants.

OpenSSL writes the certificates of an answer in the order of its settings; DER (X.690, 11.6) wants a SET OF
sorted, and a strict reader refuses the rest. The certificates are not under the signature (RFC 5652, 5.4), so
a sorted copy says the same. What is kept as evidence are the bytes as they came.
"""

from typing import Final

_SEQUENCE: Final = 0x30
_CERTIFICATES: Final = 0xA0


def sorted_certificates(answer: bytes) -> bytes:
    """`answer` (a TimeStampResp of RFC 3161) with its certificates sorted; unchanged when it is none."""
    try:
        start, end = _inside(answer, 0, _SEQUENCE)
        token = _children(answer, start, end)[1]
        start, end = _inside(answer, token[0], _SEQUENCE)
        explicit = _children(answer, start, end)[1]
        start, end = _inside(answer, explicit[0], _CERTIFICATES)
        start, end = _inside(answer, start, _SEQUENCE)
        field = _children(answer, start, end)[3]
        start, end = _inside(answer, field[0], _CERTIFICATES)
        parts = [answer[first:last] for first, last in _children(answer, start, end)]
    except (IndexError, ValueError):
        return answer
    return answer[:start] + b"".join(sorted(parts)) + answer[end:]


def _children(data: bytes, start: int, end: int) -> list[tuple[int, int]]:
    """Where each element between `start` and `end` begins and ends."""
    found = []
    while start < end:
        _, last = _content(data, start)
        found.append((start, last))
        start = last
    if start != end:
        raise ValueError("an element is longer than what holds it")
    return found


def _inside(data: bytes, at: int, tag: int) -> tuple[int, int]:
    """Where the content of the element at `at` begins and ends, when it has this tag."""
    if data[at] != tag:
        raise ValueError("another element was expected")
    return _content(data, at)


def _content(data: bytes, at: int) -> tuple[int, int]:
    length, start = data[at + 1], at + 2
    if length & 0x80:
        count = length & 0x7F
        if not 1 <= count <= 4:
            raise ValueError("a length that no answer has")
        length, start = int.from_bytes(data[start : start + count]), start + count
    if start + length > len(data):
        raise ValueError("the answer is cut off")
    return start, start + length
