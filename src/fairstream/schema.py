"""The records as Arrow schemas and as JSON Schemas: the published shape of every file of ours.

Arrow schemas are what Parquet files hold; JSON Schemas are what people and editors check files with.
"""

from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from fairstream.records import (
    Broadcast,
    ChatMessage,
    Citation,
    Finding,
    Listing,
    Party,
    Post,
    Problem,
    ScreenText,
    Shop,
    Text,
    Utterance,
)

if TYPE_CHECKING:
    import pyarrow as pa

RECORDS: dict[str, type] = {
    "broadcast_record": Broadcast,
    "chat_message": ChatMessage,
    "citation": Citation,
    "finding": Finding,
    "listing": Listing,
    "party": Party,
    "post": Post,
    "problem": Problem,
    "screen_text": ScreenText,
    "shop": Shop,
    "text": Text,
    "utterance": Utterance,
}
"""Records by the name of their schema."""


def json_schema(model: Any, name: str) -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a record or file model, titled `fairstream <name>`."""
    found = TypeAdapter(model).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found, "title": f"fairstream {name}"}


def findings_schema() -> "pa.Schema":
    """Columns of a Parquet file of findings; one row a finding, times in milliseconds."""
    import pyarrow as pa

    words = pa.list_(pa.string())
    citation = pa.struct(
        [
            ("instrument", pa.string()),
            ("article", pa.string()),
            ("version", pa.string()),
            ("title", pa.string()),
            ("gist", pa.string()),
            ("unverified", pa.bool_()),
        ]
    )
    return pa.schema(
        [
            ("id", pa.string()),
            ("broadcast", pa.string()),
            ("rule", pa.string()),
            ("title", pa.string()),
            ("conduct", pa.string()),
            ("conduct_also", words),
            ("also_rules", words),
            ("severity", pa.string()),
            ("score", pa.float32()),
            ("unit", pa.string()),
            ("start", pa.int32()),
            ("end", pa.int32()),
            ("quote", pa.string()),
            ("context", pa.string()),
            ("start_ms", pa.int64()),
            ("end_ms", pa.int64()),
            ("at", pa.timestamp("ms", tz="Asia/Shanghai")),
            ("file", pa.string()),
            ("line", pa.int32()),
            ("medium", pa.string()),
            ("speaker", pa.string()),
            ("product_class", pa.string()),
            ("why", words),
            ("citations", pa.list_(citation)),
            ("liable", words),
            ("proof_needed", words),
            ("count", pa.int32()),
            ("times", pa.list_(pa.int64())),
        ]
    )
