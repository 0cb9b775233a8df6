"""Prices in words, against two sets of sentences and at their edges."""

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter

import pytest

from fairstream.checks.scene import Scene
from fairstream.checks.spoken_price import SpokenPrice, packs, spoken_prices
from fairstream.records import Broadcast, Listing, ScreenText, Utterance
from fairstream.rules.yamlfile import load_yaml

HERE = Path(__file__).parent
#: Precision and recall each set must keep. When each was first read, before it had changed a pattern, they
#: were 0.95 and 0.95 (the set the patterns were written for), 0.75 and 0.66, 0.89 and 0.53, 0.95 and 0.79;
#: the last set has changed nothing since and is the one to believe.
SETS = {
    "spoken_prices": (0.98, 0.98),
    "spoken_prices_later": (0.98, 0.98),
    "spoken_prices_third": (0.96, 0.93),
    "spoken_prices_fourth": (0.95, 0.79),
}


def said(text: str) -> list[SpokenPrice]:
    broadcast = Broadcast("b", "t", date(2026, 3, 1), utterances=(Utterance("u", text),))
    return spoken_prices(Scene(broadcast))


def brief(text: str) -> list[tuple[str, int, int | None]]:
    return [(price.kind, price.fen, price.pieces) for price in said(text)]


@dataclass
class Score:
    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(
        self, found: list[tuple[str, int, int | None]], wanted: list[tuple[str, int, int | None]]
    ) -> None:
        rest = list(found)
        for one in wanted:
            if one in rest:
                rest.remove(one)
                self.right += 1
            else:
                self.missed += 1
        self.wrong += len(rest)

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed)


@pytest.mark.parametrize("name", SETS)
def test_sentences(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    data, _ = load_yaml(HERE / f"{name}.yaml")
    score = Score()
    for row in data:
        score.add(
            brief(row["text"]),
            [(kind, round(float(yuan) * 100), pieces) for kind, yuan, pieces in row["prices"]],
        )
    with capsys.disabled():
        figures = f"precision {score.precision:.3f}, recall {score.recall:.3f}"
        sys.stdout.write(f"\n{name}: {len(data)} sentences, {figures}\n")
    assert score.precision >= SETS[name][0]
    assert score.recall >= SETS[name][1]


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("到手价9块9", 990),
        ("到手价9块9包邮", 990),
        ("到手价九块九毛", 990),
        ("到手价9块95", 995),
        ("到手价两百九", 29000),
        ("到手价两百九十九", 29900),
        ("到手价三千零八", 300800),
        ("到手价一千零八十八", 108800),
        ("到手价一万二", 1200000),
        ("到手价1.2万", 1200000),
        ("到手价一二九九", 129900),
        ("到手价1,299.50元", 129950),
        ("到手价￥0.01", 1),
        ("到手价九点九元", 990),
    ],
)
def test_sums(text: str, fen: int) -> None:
    assert [price.fen for price in said(text)] == [fen]


@pytest.mark.parametrize(
    "text",
    [
        "到手价0元",
        "到手价0.001元",
        "到手价",
        "",
        "￥",
        "到手价1.2.3",
        "九九九九九九九九九九九九九九",
        "99" * 2000,
        "百千万",
    ],
)
def test_no_sums(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("到手价99元3件", 3),
        ("三盒到手价99元", 3),
        ("到手价99元一盒", 1),
        ("到手价99元/盒", 1),
        ("99元，两盒", 2),
        ("99元，两盒才到手", None),
        ("到手价99元包邮", None),
        ("拍三盒，99元", 3),
        ("第二件99元", 2),
    ],
)
def test_pieces(text: str, pieces: int | None) -> None:
    assert [(price.fen, price.pieces) for price in said(text)] == [(9900, pieces)]


def test_what_stands_further_away_says_nothing_of_a_sum() -> None:
    assert [price.kind for price in said("原价" + "啊" * 250 + "，99元3件")] == ["deal"]
    assert [price.kind for price in said("原价" + "啊" * 50 + "，99元3件")] == ["original"]


def test_packs() -> None:
    assert packs("面膜三盒装 每盒5片") == {3, 5}
    assert packs("面膜，用三个月") == set()


def test_a_sum_is_quoted_as_published() -> None:
    price = said("姐妹们，专柜价￥1,299 元！")[0]
    assert (price.kind, price.hit.quote, price.hit.span) == ("counter", "￥1,299 元", (7, 15))


def test_where_and_of_what() -> None:
    listing = Listing("l1", "面霜 直播价59元")
    broadcast = Broadcast(
        "b",
        "t",
        date(2026, 3, 1),
        utterances=(
            Utterance("u", "今天只要59", start_ms=9000),
            Utterance("c", "只要1元吧", speaker="customer"),
        ),
        screen=(ScreenText("s", "原价199", start_ms=2000),),
        listings=(listing,),
    )
    prices = spoken_prices(Scene(broadcast))
    assert [(p.kind, p.fen, p.at_ms, p.listing_id) for p in prices] == [
        ("deal", 5900, None, "l1"),
        ("original", 19900, 2000, "l1"),
        ("deal", 5900, 9000, "l1"),
    ]
    assert [p.fen for p in spoken_prices(Scene(broadcast), "screen")] == [19900]
    assert spoken_prices(Scene(broadcast), listing_id="other") == []


@pytest.mark.parametrize(
    ("text", "conditional"),
    [("券后99元", True), ("会员价99元", True), ("直播价99元", False), ("到手价99元", True)],
)
def test_conditions(text: str, conditional: bool) -> None:
    assert [price.conditional for price in said(text)] == [conditional]


def test_long_talk_in_linear_time() -> None:
    start = perf_counter()
    assert len(said("原价199现价99，" * 3000)) == 6000
    assert perf_counter() - start < 10
