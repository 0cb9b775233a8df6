"""Annotated items for tests, made up."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from fairstream.columns import ANNOTATED
from fairstream.records import CHINA

START = datetime(2022, 11, 1, tzinfo=CHINA)
DEFAULTS = {
    "channel": "微博", "consumer_rights": True, "polarity": "complaint", "complaint_score": 0.9,
    "topics": [], "aspects": [], "entities": [], "conducts": [], "suspicion": [],
}  # fmt: skip


def item(number: int, hours: float | None = 0.0, **more: Any) -> dict[str, Any]:
    """One item, some hours after the first of November 2022; None for one without a time."""
    at = None if hours is None else START + timedelta(hours=hours)
    return {**DEFAULTS, "id": str(number), "at": at, "text": f"第{number}条", "copy_group": number, **more}


def write(path: Path, items: list[dict[str, Any]], *, invented: bool = False) -> Path:
    """The items as a Parquet file as `annotate` writes it."""
    table = pa.Table.from_pylist(items, ANNOTATED)
    if invented:
        table = table.replace_schema_metadata(
            {**(table.schema.metadata or {}), b"fairstream.invented": b"true"}
        )
    pq.write_table(table, path)
    return path
