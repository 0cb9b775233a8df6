"""Matters about fines told in a few words, and the sanctions found for them."""

from datetime import date
from decimal import Decimal

from fairstream.facts import Amounts, Circumstances
from fairstream.law.matter import Matter
from fairstream.law.resolve import load_law
from fairstream.law.sanctions import Sanction, sanctions
from fairstream.records import Conduct, Party

LAW = load_law()
DAY = date(2026, 3, 1)
AMOUNTS = {"fee": "ad_fee", "income": "illegal_income", "value": "goods_value", "turnover": "turnover"}
TOLD = {
    "serious": {"serious": True},
    "slight": {"slight": True},
    "ordinary": {"serious": False, "first_offence": True},
    "knew": {"knew": True},
    "unknowing": {"knew": False},
    "refused": {"refused_correction": True},
    "corrected": {"corrected": True},
}
UNIT = Party("seller", "青云茶业（虚构）", "91110000MA0000000X", "uscc")
PERSON = Party("seller", "张三（虚构）", "110101200001010000", "id_card")


def fen(yuan: str) -> int:
    return int(Decimal(yuan) * 100)


def matter(*articles: str, told: str = "", conduct: Conduct = "other", on: date = DAY) -> Matter:
    """A matter about these articles; `told` is written as in the table."""
    amounts, circumstances, parties = {}, {}, []
    known = iter(told.split())
    for word in known:
        if word in AMOUNTS:
            amounts[AMOUNTS[word]] = fen(next(known))
        elif word in TOLD:
            circumstances.update(TOLD[word])
        elif word in ("unit", "person"):
            parties.append(UNIT if word == "unit" else PERSON)
        else:
            on = date.fromisoformat(word)
    return Matter(
        conduct,
        on,
        articles,
        parties=tuple(parties),
        amounts=Amounts(**amounts),
        circumstances=Circumstances(**circumstances),  # type: ignore[arg-type]
    )


def found(asked: Matter, roles: tuple[str, ...] = ()) -> dict[str, Sanction]:
    return {item.id: item for item in sanctions(asked, LAW, roles)}
