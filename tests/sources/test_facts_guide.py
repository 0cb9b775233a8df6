"""The guide to facts says what the readers do."""

import re
from pathlib import Path

from fairstream.sources import facts as orchestration
from fairstream.sources.bytes import TEXT_LIMIT
from fairstream.sources.factfile import LIMIT
from fairstream.sources.factnames import KINDS, kind_of
from fairstream.sources.factplan import CurvePoint, named, plans_of
from fairstream.sources.facts import read_facts
from fairstream.sources.facttables import record_of
from fairstream.sources.tables import MOST_ROWS, column_key

GUIDE = (Path(__file__).parents[2] / "docs/user/facts.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\w+)` ([^|]+)\|[^|]+\|([^|]+)\|$", GUIDE, re.MULTILINE)


def test_the_example_is_read_without_fault(tmp_path: Path) -> None:
    example = re.search(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    assert example is not None
    (tmp_path / "facts.yaml").write_text(example.group(1), "utf-8")
    loaded = read_facts(tmp_path)
    assert loaded.problems == ()
    facts = loaded.records[0]
    assert facts.platform is not None
    assert facts.account_page is not None
    assert facts.seller_display is not None
    assert (len(facts.seller_display.shown or ()), facts.amounts.ad_fee) == (2, 2_000_000)
    assert (facts.prizes[0].value_fen, facts.labels[0].materials) == (8_800_000, {"棉": 60.0, "涤纶": 40.0})
    assert (len(facts.hosts), len(facts.licences), len(facts.payees)) == (1, 1, 1)


def test_every_kind_stands_in_the_guide_under_names_that_are_known() -> None:
    assert {kind for kind, _, _ in ROWS} == set(KINDS)
    for kind, names, _ in ROWS:
        assert {kind_of(name.strip()) for name in names.split(",")} == {kind}


def test_every_column_named_is_read_and_the_needed_ones_are_bold() -> None:
    for kind, _, columns in ROWS:
        record = CurvePoint if kind == "curves" else record_of(kind)
        bold = {named(record)[column_key(name)].name for name in re.findall(r"\*\*(\w+)\*\*", columns)}
        assert bold == {plan.name for plan in plans_of(record) if plan.required}
        plain = re.sub(r"\([^)]*\)|\*\*", "", columns)
        for column in re.findall(r"\b[a-z][a-z_]+\b", plain.split("; ")[0] if kind == "curves" else plain):
            assert kind == "curves" or column_key(column) in named(record), (kind, column)


def test_the_limits_in_the_guide_are_the_readers_limits() -> None:
    for words in (
        f"{LIMIT >> 20} MiB |",
        f"{TEXT_LIMIT >> 20} MiB, {MOST_ROWS:,} rows",
        f"| {orchestration.MOST_FILES} |",
    ):
        assert words in GUIDE
