"""Findings as files for other programs: JSON lines and Parquet, one row per finding.

Both hold the same fields; texts of law and reasons stand in both languages (`_zh`, `_en`). Numbers of
consumers are masked, and an invented broadcast says so in every row.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from fairstream.inspect.inspection import LANGUAGES, Inspection, Located
from fairstream.inspect.media import Clip, recorded
from fairstream.inspect.units import wall_clock
from fairstream.law.consequences import as_data
from fairstream.records import Citation, Language, Side, Utterance
from fairstream.text.masking import mask, private


def rows(inspection: Inspection) -> Iterator[dict[str, Any]]:
    """One flat record per finding, in order of time."""
    clips = inspection.media.of_findings()
    preferred = {said.id: said.recording_id for said in inspection.broadcast.utterances}
    for located in inspection.findings:
        yield _row(inspection, located, clips.get(located.finding.id), preferred.get(located.finding.unit))


def write_jsonl(inspections: Iterable[Inspection], path: Path) -> int:
    """Write findings as JSON lines (UTF-8); returns how many."""
    return _write_lines((row for inspection in inspections for row in rows(inspection)), path)


def write_parquet(inspections: Iterable[Inspection], path: Path) -> int:
    """Write findings as one Parquet file (zstd); returns how many. The schema holds without findings too."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    found = [row for inspection in inspections for row in rows(inspection)]
    table = pa.Table.from_pylist(found, schema=_schema())
    with path.open("wb") as file:  # a path would have to be UTF-8
        pq.write_table(table, file, compression="zstd")
    return len(found)


def _write_lines(records: Iterable[dict[str, Any]], path: Path) -> int:
    written = 0
    with path.open("wb") as file:
        for record in records:
            file.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
            written += 1
    return written


def _row(
    inspection: Inspection, located: Located, clip: Clip | None, preferred: str | None
) -> dict[str, Any]:
    finding, broadcast = located.finding, inspection.broadcast
    held = recorded(broadcast, finding.start_ms, preferred)
    clean = private if finding.speaker == "customer" else str
    row: dict[str, Any] = {
        "broadcast": broadcast.id,
        "invented": broadcast.invented,
        "on": broadcast.on.isoformat(),
        "id": finding.id,
        "rule": finding.rule,
        "conduct": finding.conduct,
        "conduct_also": list(finding.conduct_also),
        "also_rules": list(finding.also_rules),
        "severity": finding.severity,
        "score": finding.score,
        "medium": finding.medium,
        "speaker": finding.speaker,
        "unit": finding.unit,
        "start": finding.span.start,
        "end": finding.span.end,
        "quote": clean(finding.quote),
        "before": located.before,
        "after": located.after,
        "start_ms": finding.start_ms,
        "end_ms": finding.end_ms,
        "at": finding.at.isoformat() if finding.at else None,
        "recording": held.recording.id if held else None,
        "position_ms": held.position_ms if held else None,
        "clip": clip.file if clip else None,
        "clip_sha256": clip.sha256 if clip else None,
        "file": finding.place.file if finding.place else None,
        "line": finding.place.line if finding.place else None,
        "count": finding.count,
        "times": list(finding.times),
        "listing": located.listing_id,
        "lead": finding.lead,
        "listen": finding.listen,
        "said": [_side(side) for side in finding.said],
        "known": [_side(side) for side in finding.known],
        "product_class": finding.product_class,
        "liable": [{"role": who.role, "names": list(who.names)} for who in located.answerable],
        "citations": [_citation(located, number) for number in range(len(finding.citations))],
        "rules": inspection.rules,
    }
    for language in LANGUAGES:
        words = located.words(language)
        row[f"title_{language}"] = words.title
        row[f"why_{language}"] = list(words.why)
        row[f"proof_needed_{language}"] = list(words.proof_needed)
    return row


def checks(inspection: Inspection) -> Iterator[dict[str, Any]]:
    """One record per outcome of a cross-check: suspected, clear and undecidable alike."""
    for about, outcome in inspection.checked:
        yield {
            "broadcast": inspection.broadcast.id,
            "invented": inspection.broadcast.invented,
            "check": about.id,
            "verdict": outcome.verdict,
            "reason": outcome.reason,
            "subject": outcome.subject,
            "listing": outcome.listing_id,
            "title_zh": about.title.zh,
            "title_en": about.title.en,
            "why_zh": outcome.why.zh,
            "why_en": outcome.why.en,
            "missing": list(outcome.missing),
            "lead": about.lead,
            "said": [_side(side) for side in outcome.said],
            "known": [_side(side) for side in outcome.known],
        }


def write_checks(inspections: Iterable[Inspection], path: Path) -> int:
    """Write every outcome of the cross-checks as JSON lines (UTF-8); returns how many."""
    return _write_lines((row for inspection in inspections for row in checks(inspection)), path)


def write_consequences(inspections: Iterable[Inspection], path: Path) -> int:
    """Write the law's part of each conduct as JSON lines (UTF-8), money in fen; returns how many."""
    found = (
        {"broadcast": inspection.broadcast.id, "invented": inspection.broadcast.invented, **as_data(one)}
        for inspection in inspections
        for one in inspection.consequences
    )
    return _write_lines(found, path)


def write_spoken(inspections: Iterable[Inspection], path: Path) -> int:
    """Write what was said, one JSON object a line, whoever wrote it down; returns how many.

    Times are milliseconds on the broadcast's clock; customers' numbers are masked.
    """
    return _write_lines(
        (_spoken(one, said) for one in inspections for said in one.broadcast.utterances), path
    )


def _spoken(inspection: Inspection, said: Utterance) -> dict[str, Any]:
    at = wall_clock(inspection.broadcast, said.start_ms)
    return {
        "broadcast": inspection.broadcast.id,
        "id": said.id,
        "recording": said.recording_id,
        "start_ms": said.start_ms,
        "end_ms": said.end_ms,
        "at": at.isoformat() if at else None,
        "speaker": said.speaker,
        "speaker_name": said.speaker_name,
        "text": private(said.text) if said.speaker == "customer" else said.text,
        "heard": said.heard,
    }


def _side(side: Side) -> dict[str, Any]:
    return {
        "text_zh": mask(side.text.zh),
        "text_en": mask(side.text.en),
        "quote": mask(side.quote),
        "fact": side.fact,
        "medium": side.medium,
        "unit": side.unit,
        "start": side.span.start if side.span else None,
        "end": side.span.end if side.span else None,
        "start_ms": side.start_ms,
        "file": side.place.file if side.place else None,
        "line": side.place.line if side.place else None,
    }


def _citation(located: Located, number: int) -> dict[str, Any]:
    cited = located.finding.citations[number]
    words = {language: _translated(located, language, number) for language in LANGUAGES}
    return {
        "instrument": cited.instrument,
        "article": cited.article,
        "version": cited.version,
        "unverified": cited.unverified,
        **{f"title_{language}": words[language].title for language in LANGUAGES},
        **{f"gist_{language}": words[language].gist for language in LANGUAGES},
    }


def _translated(located: Located, language: Language, number: int) -> Citation:
    citations = located.words(language).citations
    return citations[number] if number < len(citations) else located.finding.citations[number]


def _schema() -> Any:
    import pyarrow as pa

    text, whole, texts = pa.string(), pa.int64(), pa.list_(pa.string())
    who = pa.struct([("role", text), ("names", texts)])
    law_words = [(f"{name}_{language}", text) for name in ("title", "gist") for language in LANGUAGES]
    law = pa.struct(
        [("instrument", text), ("article", text), ("version", text), ("unverified", pa.bool_()), *law_words]
    )
    names = ("id", "rule", "conduct")
    fields = [("broadcast", text), ("invented", pa.bool_()), ("on", text), *((name, text) for name in names)]
    fields += [("conduct_also", texts), ("also_rules", texts), ("severity", text), ("score", pa.float64())]
    fields += [("medium", text), ("speaker", text), ("unit", text), ("start", whole), ("end", whole)]
    fields += [("quote", text), ("before", text), ("after", text), ("start_ms", whole), ("end_ms", whole)]
    fields += [("at", text), ("recording", text), ("position_ms", whole), ("clip", text)]
    fields += [
        ("clip_sha256", text),
        ("file", text),
        ("line", whole),
        ("count", whole),
        ("times", pa.list_(whole)),
    ]
    side = pa.struct(
        [(name, text) for name in ("text_zh", "text_en", "quote", "fact", "medium", "unit")]
        + [(name, whole) for name in ("start", "end", "start_ms")]
        + [("file", text), ("line", whole)]
    )
    fields += [("listing", text), ("lead", pa.bool_()), ("listen", pa.bool_())]
    fields += [("said", pa.list_(side)), ("known", pa.list_(side))]
    fields += [("product_class", text), ("liable", pa.list_(who))]
    fields += [("citations", pa.list_(law)), ("rules", text)]
    for language in LANGUAGES:
        fields += [
            (f"title_{language}", text),
            (f"why_{language}", texts),
            (f"proof_needed_{language}", texts),
        ]
    return pa.schema(fields)
