"""The guide to formats says what the readers do."""

import re
from datetime import date
from pathlib import Path

import yaml

from fairstream.sources import bytes as reading
from fairstream.sources.danmaku import MOST_MESSAGES
from fairstream.sources.folder import MOST_FILES
from fairstream.sources.manifest import ROLES, manifest_schema, read_manifest
from fairstream.sources.tables import MOST_ROWS
from fairstream.sources.transcripts import MOST_CHARACTERS

GUIDE = (Path(__file__).parents[2] / "docs/user/formats.md").read_text(encoding="utf-8")


def test_the_example_manifest_has_every_key_and_no_fault() -> None:
    example = re.search(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    assert example is not None
    loaded = read_manifest(example.group(1).encode(), name="broadcast.yaml")
    assert loaded.problems == ()
    assert loaded.records[0].on == date(2026, 3, 1)
    values = yaml.safe_load(example.group(1).replace("on:", "'on':"))
    assert set(values) == set(manifest_schema()["properties"])
    assert set(values["files"]) == set(ROLES)


def test_the_limits_in_the_guide_are_the_readers_limits() -> None:
    for words in (
        f"{reading.STREAM_LIMIT >> 20} MiB, {MOST_MESSAGES:,} messages",
        f"{reading.TEXT_LIMIT >> 20} MiB; a workbook",
        f"{MOST_ROWS:,} rows",
        f"{MOST_CHARACTERS:,} characters",
        f"{MOST_FILES} files",
    ):
        assert words in GUIDE
