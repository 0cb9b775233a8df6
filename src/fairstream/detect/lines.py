"""JSON lines in, JSON lines out: the scanner for programs.

In: `{"id", "text"}` and optionally product, product_class, medium, speaker, on. Out, one line per
input line in the same order: `{"id", "findings": […]}`, or `{"id", "error"}` for a line that cannot
be used. The same findings as `Scanner.scan`. A post without a speaker is a consumer's: evidence
against a seller, never a violation.
"""

import contextlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, get_args

import orjson

from fairstream.detect.engine import Scanner
from fairstream.errors import FormatError
from fairstream.records import Finding, Medium, ProductClass, Speaker, Text

MOST_LINE_BYTES = 64 * 1024 * 1024
"""A longer line is refused, so that one line cannot fill the memory."""
MOST_CHUNK_BYTES = 16 * 1024 * 1024

_SHAPE = '{"id": …, "text": "…"}'
CHOICES: dict[str, tuple[str, ...]] = {
    "product_class": get_args(ProductClass),
    "medium": get_args(Medium),
    "speaker": get_args(Speaker),
}


def parse_line(line: bytes, number: int) -> Text:
    """The text of one line. Raises `FormatError` with line, cause and remedy."""
    return _text(_object(line, number), number)


def _object(line: bytes, number: int) -> dict[str, Any]:
    if len(line) > MOST_LINE_BYTES:
        raise FormatError(
            f"the line has more than {MOST_LINE_BYTES:,} bytes",
            line=number,
            remedy="cut the text into several",
        )
    try:
        data = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise FormatError(
            f"not JSON: {error.msg} at column {error.colno}",
            line=number,
            remedy="one JSON object per line, UTF-8",
        ) from error
    if not isinstance(data, dict):
        raise FormatError("not a JSON object", line=number, remedy=_SHAPE)
    return data


def _text(data: dict[str, Any], number: int) -> Text:
    if "id" not in data or not isinstance(data.get("text"), str):
        raise FormatError("no `id`, or no string `text`", line=number, remedy=_SHAPE)
    for key, choices in CHOICES.items():
        if data.get(key) is not None and data[key] not in choices:
            raise FormatError(f"{key} is {data[key]!r}", line=number, remedy=f"one of {', '.join(choices)}")
    product = "" if data.get("product") is None else data["product"]
    if not isinstance(product, str):
        raise FormatError("product is not a string", line=number, remedy="give the listing's title")
    return Text(
        id=data["id"] if isinstance(data["id"], str) else _dumped_id(data, number).decode(),
        text=data["text"],
        product=product,
        product_class=data.get("product_class") or "unknown",
        medium=data.get("medium") or "listing",
        speaker=data.get("speaker") or ("customer" if data.get("medium") == "post" else "unknown"),
        on=_day(data.get("on"), number),
    )


def _day(value: Any, number: int) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise FormatError(f"on is {value!r}", line=number, remedy="a date as 2026-03-01") from error


def scan_lines(lines: Sequence[bytes], scanner: Scanner, first: int = 1) -> tuple[bytes, int]:
    """Scan a chunk of lines; gives the output lines and how many input lines were bad.

    `first` is the number of the first line, for errors. Blank lines are bad lines too: every input
    line has its output line.
    """
    ids: list[bytes] = []
    texts: list[Text] = []
    bad: dict[int, FormatError] = {}
    for index, line in enumerate(lines):
        name = b"null"
        try:
            data = _object(line, first + index)
            name = _dumped_id(data, first + index, line)
            texts.append(_text(data, first + index))
        except FormatError as error:
            bad[index] = error
        ids.append(name)
    results = iter(scanner.scan(texts))
    out = [_error(name, bad[i]) if i in bad else _found(name, next(results)) for i, name in enumerate(ids)]
    return b"".join(out), len(bad)


def _found(name: bytes, findings: Sequence[Finding]) -> bytes:
    body = orjson.dumps([as_json(finding) for finding in findings]) if findings else b"[]"
    return b'{"id":%s,"findings":%s}\n' % (name, body)


def _error(name: bytes, error: FormatError) -> bytes:
    return b'{"id":%s,"error":%s}\n' % (name, orjson.dumps(str(error)))


def _dumped_id(data: dict[str, Any], number: int, line: bytes = b"") -> bytes:
    """The id as it came: a number stays a number, also one too long for a machine word."""
    name = data.get("id")
    if isinstance(name, float):
        with contextlib.suppress(ValueError):
            exact = json.loads(line)["id"] if line else name
            return str(exact).encode() if isinstance(exact, int) else orjson.dumps(exact)
    try:
        return orjson.dumps(name)
    except orjson.JSONEncodeError as error:
        raise FormatError(
            "the id is nested too deeply", line=number, remedy="a string or a number"
        ) from error


def as_json(finding: Finding) -> dict[str, Any]:
    """A finding in the published shape (`fairstream schema findings`)."""
    return {
        "id": finding.id,
        "rule": finding.rule,
        "title": finding.title,
        "conduct": finding.conduct,
        "conduct_also": finding.conduct_also,
        "also_rules": finding.also_rules,
        "severity": finding.severity,
        "score": finding.score,
        "start": finding.span.start,
        "end": finding.span.end,
        "quote": finding.quote,
        "why": finding.why,
        "citations": [
            {
                "instrument": citation.instrument,
                "article": citation.article,
                "version": citation.version,
                "title": citation.title,
                "gist": citation.gist,
                "unverified": citation.unverified,
            }
            for citation in finding.citations
        ],
        "liable": finding.liable,
        "proof_needed": finding.proof_needed,
        "product_class": finding.product_class,
    }


def chunks(
    lines: Iterable[bytes], size: int, most_bytes: int = MOST_CHUNK_BYTES
) -> Iterator[tuple[int, list[bytes]]]:
    """Lines in chunks of at most `size`, each with the number of its first line (1-based).

    A chunk also ends when it holds `most_bytes` or more, so that many long lines do not fill the memory.
    """
    first, held, chunk = 1, 0, list[bytes]()
    for line in lines:
        chunk.append(line)
        held += len(line)
        if len(chunk) == size or held >= most_bytes:
            yield first, chunk
            first, held, chunk = first + len(chunk), 0, []
    if chunk:
        yield first, chunk
