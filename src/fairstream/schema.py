"""The records as JSON Schemas: the published shape of every file of ours.

People and editors check files with them. What a Parquet file of findings holds stands in `inspect.export`.
"""

from typing import Any

from pydantic import TypeAdapter

from fairstream.facts import Facts
from fairstream.records import (
    Broadcast,
    ChatMessage,
    Citation,
    Finding,
    Gap,
    Listing,
    Party,
    Post,
    Problem,
    Recording,
    ScreenText,
    Shop,
    Text,
    Timing,
    Utterance,
)

RECORDS: dict[str, type] = {
    "broadcast_record": Broadcast,
    "chat_message": ChatMessage,
    "citation": Citation,
    "facts_record": Facts,
    "finding": Finding,
    "gap": Gap,
    "listing": Listing,
    "party": Party,
    "post": Post,
    "problem": Problem,
    "recording": Recording,
    "screen_text": ScreenText,
    "shop": Shop,
    "text": Text,
    "timing": Timing,
    "utterance": Utterance,
}
"""Records by the name of their schema."""


def json_schema(model: Any, name: str) -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a record or file model, titled `fairstream <name>`."""
    found = TypeAdapter(model).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found, "title": f"fairstream {name}"}
