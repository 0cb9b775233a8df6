"""JSON lines in, JSON lines out: the scanner for programs.

In: `{"id", "text"}` and optionally product, product_class, medium, speaker, on. Out, one line per
input line in the same order: `{"id", "findings": […]}`, or `{"id", "error"}` for a line that cannot
be used. The same findings as `Scanner.scan`. A post without a speaker is a consumer's: evidence
against a seller, never a violation.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

import orjson

from fairstream.detect.engine import Scanner
from fairstream.errors import FormatError
from fairstream.records import Finding, Medium, ProductClass, Speaker, Text

MOST_LINE_BYTES = 64 * 1024 * 1024
"""A longer line is refused, so that one line cannot fill the memory."""

_CHOICES: dict[str, tuple[str, ...]] = {
    "product_class": get_args(ProductClass),
    "medium": get_args(Medium),
    "speaker": get_args(Speaker),
}


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be used: its id as far as it could be read, and the error."""

    id: Any
    error: str


def parse_line(line: bytes, number: int) -> Text:
    """The text of one line. Raises `FormatError` with line, cause and remedy."""
    if len(line) > MOST_LINE_BYTES:
        raise FormatError(
            f"the line has {len(line):,} bytes",
            line=number,
            remedy=f"at most {MOST_LINE_BYTES:,} bytes a line",
        )
    try:
        data = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise FormatError(
            f"not JSON: {error}", line=number, remedy="one JSON object per line, UTF-8"
        ) from error
    if not isinstance(data, dict) or "id" not in data or not isinstance(data.get("text"), str):
        raise FormatError(
            "not an object with `id` and a string `text`", line=number, remedy='{"id": …, "text": "…"}'
        )
    return _text(data, number)


def _text(data: dict[str, Any], number: int) -> Text:
    for key, choices in _CHOICES.items():
        if data.get(key) is not None and data[key] not in choices:
            raise FormatError(f"{key} is {data[key]!r}", line=number, remedy=f"one of {', '.join(choices)}")
    product = data.get("product") or ""
    if not isinstance(product, str):
        raise FormatError("product is not a string", line=number, remedy="give the listing's title")
    return Text(
        id=data["id"] if isinstance(data["id"], str) else orjson.dumps(data["id"]).decode(),
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
    ids: list[Any] = []
    texts: list[Text] = []
    bad: dict[int, BadLine] = {}
    for index, line in enumerate(lines):
        try:
            texts.append(parse_line(line, first + index))
            ids.append(texts[-1].id)
        except FormatError as error:
            bad[index] = BadLine(_id_of(line), str(error))
    results = iter(zip(texts, scanner.scan(texts), strict=True))
    out = []
    for index, line in enumerate(lines):
        if index in bad:
            out.append(orjson.dumps({"id": bad[index].id, "error": bad[index].error}))
            continue
        text, findings = next(results)
        out.append(_EMPTY % _dumped_id(text.id, line) if not findings else _dumped(text, line, findings))
    return b"\n".join(out) + (b"\n" if out else b""), len(bad)


_EMPTY = b'{"id":%s,"findings":[]}'


def _dumped_id(name: str, line: bytes) -> bytes:
    """The id as it came: a number stays a number."""
    dumped = orjson.dumps(name)
    return dumped if dumped in line else orjson.dumps(orjson.loads(line)["id"])


def _dumped(text: Text, line: bytes, findings: Iterable[Finding]) -> bytes:
    body = orjson.dumps([as_json(finding) for finding in findings])
    return b'{"id":%s,"findings":%s}' % (_dumped_id(text.id, line), body)


def as_json(finding: Finding) -> dict[str, Any]:
    """A finding in the published shape (`fairstream schema findings`)."""
    return {
        "id": finding.id,
        "rule": finding.rule,
        "title": finding.title,
        "conduct": finding.conduct,
        "conduct_also": finding.conduct_also,
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


def _id_of(line: bytes) -> Any:
    try:
        data = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return data.get("id") if isinstance(data, dict) else None


def chunks(lines: Iterable[bytes], size: int) -> Iterator[tuple[int, list[bytes]]]:
    """Lines in chunks of at most `size`, each with the number of its first line (1-based)."""
    first, chunk = 1, []
    for line in lines:
        chunk.append(line)
        if len(chunk) == size:
            yield first, chunk
            first, chunk = first + size, []
    if chunk:
        yield first, chunk
