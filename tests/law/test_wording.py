"""Sanctions and sums read as people write them, in both languages."""

import pytest

from fairstream.law.resolve import load_law
from fairstream.law.sanctions import yuan
from fairstream.law.wording import in_words

from .made_up import tea_law

LAW = load_law()


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (500_000, "5,000", "5,000"),
        (20_000_000, "20万", "200,000"),
        (1_050_000, "1.05万", "10,500"),
        (50, "0.5", "0.5"),
    ],
)
def test_sums_read_as_people_write_them(fen: int, zh: str, en: str) -> None:
    assert (yuan(fen, "zh"), yuan(fen, "en")) == (zh, en)


def test_a_sanction_reads_in_both_languages() -> None:
    law = tea_law()
    new = next(item for item in law.table.penalties if item.id == "tea-2024")
    assert in_words(new, law.table) == "卖茶人: 停止；2万元以下；货值金额1万元以上: 货值金额0.5–3倍"
    assert in_words(new, law.table, "en") == (
        "tea seller: stop; up to 20,000 yuan; "
        "value of goods of 10,000 yuan or more: 0.5–3 times the value of goods"
    )


def test_every_shipped_sanction_reads_in_both_languages() -> None:
    for penalty in LAW.table.penalties:
        for language in ("zh", "en"):
            assert "None" not in in_words(penalty, LAW.table, language)  # type: ignore[arg-type]
