"""Own sentences: which of them claim material, origin or producer."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from fairstream.checks.label_claims import material_claims, origin_claims, producer_claims
from fairstream.checks.scene import Scene
from fairstream.records import Broadcast, Utterance

LEAST_PRECISION, LEAST_RECALL = 0.70, 0.90
KINDS = ("material", "origin", "producer")
FIRST = Path(__file__).with_name("label_claims.yaml")
SECOND = Path(__file__).with_name("label_claims_second.yaml")
THIRD = Path(__file__).with_name("label_claims_third.yaml")
LATER = Path(__file__).with_name("label_claims_later.yaml")


def claims(text: str) -> dict[str, list[str]]:
    scene = Scene(Broadcast("b", "t", date(2026, 3, 1), utterances=(Utterance("u", text),)))
    return {
        "material": sorted(
            claim.code if claim.share is None else f"{claim.code} {claim.share:g}"
            for claim in material_claims(scene)
        ),
        "origin": sorted({claim.name or "imported" for claim in origin_claims(scene)}),
        "producer": sorted({claim.firm or "own" for claim in producer_claims(scene)}),
    }


def rows(file: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load(file.read_text(encoding="utf-8")))


def measured(file: Path) -> tuple[float, float]:
    """Precision and recall over the claims of all sentences."""
    right = said = wanted = 0
    for row in rows(file):
        found = claims(row["text"])
        for kind in KINDS:
            expected = set(row.get(kind, []))
            right += len(expected & set(found[kind]))
            said += len(found[kind])
            wanted += len(expected)
    return right / said, right / wanted


@pytest.mark.parametrize(
    ("file", "number", "row"),
    [(file.stem, number, row) for file in (FIRST, SECOND, THIRD) for number, row in enumerate(rows(file))],
    ids=lambda value: str(value) if isinstance(value, int | str) else "",
)
def test_sentence(file: str, number: int, row: dict[str, Any]) -> None:
    found = claims(row["text"])
    assert {kind: sorted(row.get(kind, [])) for kind in KINDS} == found, (file, number, row["text"])


def test_half_of_the_sentences_claim_nothing() -> None:
    every = [row for file in (FIRST, SECOND, THIRD, LATER) for row in rows(file)]
    lawful = sum(not any(row.get(kind) for kind in KINDS) for row in every)
    assert len(every) >= 200
    assert 0.45 <= lawful / len(every) <= 0.6


def test_unseen_sentences_are_read_well_enough(capsys: pytest.CaptureFixture[str]) -> None:
    precision, recall = measured(LATER)
    with capsys.disabled():
        print(f"\nclaims on labels, unseen sentences: precision {precision:.2f}, recall {recall:.2f}")  # noqa: T201
    assert precision >= LEAST_PRECISION
    assert recall >= LEAST_RECALL
