"""Prices in words, against two sets of sentences and at their edges."""

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from checks.pace import LINEAR, growth
from fairstream.checks.scene import Scene
from fairstream.checks.spoken_price import SpokenPrice, packs, spoken_prices
from fairstream.records import Broadcast, Listing, ScreenText, Utterance
from fairstream.rules.yamlfile import load_yaml

HERE = Path(__file__).parent
#: Precision and recall each set must keep. When each was first read, before it had changed a pattern, they
#: were 0.95 and 0.95 (the set the patterns were written for), 0.75 and 0.66, 0.89 and 0.53, 0.95 and 0.79,
#: 0.58 and 0.25 (a set of what was known to be missed), 1.00 and 0.91; the last set has changed nothing since
#: and is the one to believe.
SETS = {
    "spoken_prices": (0.98, 0.98),
    "spoken_prices_later": (0.98, 0.98),
    "spoken_prices_third": (0.96, 0.93),
    "spoken_prices_fourth": (1.0, 0.91),
    "spoken_prices_fifth": (1.0, 0.96),
    "spoken_prices_sixth": (1.0, 0.90),
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
    assert len(said("原价199现价99，" * 3000)) == 6000
    assert growth(lambda: said("原价199现价99，" * 300), lambda: said("原价199现价99，" * 3000)) < LINEAR


def test_many_cut_numbers_in_linear_time() -> None:
    def cut(count: int) -> list[SpokenPrice]:
        return spoken_prices(cues(*(["今天只要三百", "九十八"] * count)))

    assert len(cut(500)) == 500
    assert growth(lambda: cut(50), lambda: cut(500)) < LINEAR


def cues(*texts: str, gap_ms: int = 0, speakers: str = "") -> Scene:
    """Utterances of a second each, with a gap between them; `speakers` are names of one character."""
    return Scene(
        Broadcast(
            "b",
            "t",
            date(2026, 3, 1),
            utterances=tuple(
                Utterance(
                    f"u{number}",
                    text,
                    start_ms=number * (1000 + gap_ms),
                    end_ms=number * (1000 + gap_ms) + 1000,
                    speaker_name=speakers[number] if speakers else None,
                    listing_id=f"l{number}",
                )
                for number, text in enumerate(texts)
            ),
        )
    )


@pytest.mark.parametrize(
    ("texts", "prices"),
    [
        (["今天只要三百", "九十八包邮"], [39800]),
        (["今天只要三百 ", " 九十八包邮"], [39800]),
        (["今天到手九十九", "块九"], [9990]),
        (["今天只要一千一", "百九十九"], [119900]),
        (["今天只要三千", "三百", "九十八"], [339800]),
        (["到手价九点", "九元"], [990]),
        (["今天到手九十九", "一百二是原价"], [9900]),
        (["今天只要一百", "三件"], []),
        (["今天只要99", "128元带走"], []),
        (["今天只要3", "98元带走"], []),
        (["今天只要三百，", "九十八元带走"], [30000, 9800]),
        (["今天只要三百", "到手九十八"], [30000, 9800]),
        (["到手三百件", "九十八元带走"], [9800]),
    ],
)
def test_numbers_cut_across_cues(texts: list[str], prices: list[int]) -> None:
    assert [price.fen for price in spoken_prices(cues(*texts))] == prices


def test_a_cut_number_is_shown_in_both_cues() -> None:
    (price,) = spoken_prices(cues("姐妹们今天只要三百", " 九十八一盒"))
    assert (price.kind, price.fen, price.pieces, price.at_ms, price.listing_id) == ("deal", 39800, 1, 0, "l0")
    assert [(side.unit, side.quote, side.span) for side in price.sides] == [
        ("u0", "三百", (7, 9)),
        ("u1", "九十八", (1, 4)),
    ]
    (plain,) = spoken_prices(cues("今天只要三百"))
    assert [side.quote for side in plain.sides] == ["三百"]


def test_cues_apart_are_read_apart() -> None:
    texts = ("今天只要三百", "九十八元带走")
    assert [price.fen for price in spoken_prices(cues(*texts, gap_ms=1499))] == [39800]
    assert [price.fen for price in spoken_prices(cues(*texts, gap_ms=1500))] == [30000, 9800]
    assert [price.fen for price in spoken_prices(cues(*texts, speakers="甲乙"))] == [30000, 9800]
    assert [price.fen for price in spoken_prices(cues(*texts, speakers="甲甲"))] == [39800]
    untimed = Broadcast("b", "t", date(2026, 3, 1), utterances=tuple(map(Utterance, "ab", texts)))
    assert [price.fen for price in spoken_prices(Scene(untimed))] == [30000, 9800]


def test_words_of_customers_between_end_a_number() -> None:
    utterances = (
        Utterance("c", "一百", start_ms=0, end_ms=100, speaker="customer"),
        Utterance("d", "二十", start_ms=100, end_ms=200, speaker="customer"),
        Utterance("a", "今天只要三百", start_ms=200, end_ms=1000),
        Utterance("e", "五十", start_ms=1000, end_ms=1100, speaker="customer"),
        Utterance("b", "九十八元带走", start_ms=1100, end_ms=2000),
        Utterance("f", "今天只要五百", start_ms=2000, end_ms=2100),
        Utterance("g", "二十", start_ms=2100, end_ms=2200),
    )
    broadcast = Broadcast("b", "t", date(2026, 3, 1), utterances=utterances)
    assert [price.fen for price in spoken_prices(Scene(broadcast))] == [30000, 9800, 52000]


def test_cut_numbers_are_looked_for_as_asked() -> None:
    scene = cues("今天只要三百", "九十八")
    assert [price.fen for price in spoken_prices(scene, "speech")] == [39800]
    assert spoken_prices(scene, "screen") == []
    assert [price.fen for price in spoken_prices(scene, listing_id="l0")] == [39800]
    assert spoken_prices(scene, listing_id="l1") == []


@pytest.mark.parametrize(
    "unit",
    ["圈口", "码", "号", "寸", "克拉", "支纱", "目", "度", "毫安", "毫升", "流明", "伏", "针", "瓦", "公里"],
)
def test_units_make_no_price(unit: str) -> None:
    assert said(f"给到五十四{unit}") == []


@pytest.mark.parametrize("text", ["给到五十四目前最低", "给到五十四瓦斯炉"])
def test_the_beginning_of_another_word_is_no_unit(text: str) -> None:
    assert [price.fen for price in said(text)] == [5400]
