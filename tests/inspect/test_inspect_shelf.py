"""Which goods the talk is about."""

from fairstream.inspect.shelf import Shelf
from fairstream.records import Listing, Utterance

TEA = Listing("1", "岚小橙 山菊茶 30包", brand="岚小橙", shown_from_ms=0, shown_until_ms=1000)
WINE = Listing("2", "窖藏酒 500ml", shown_from_ms=1000)
LATER = Listing("3", "窖藏酒 礼盒装", shown_from_ms=5000, shown_until_ms=6000)


def test_the_listing_put_up_last_counts_while_it_is_up():
    shelf = Shelf([LATER, TEA, WINE])
    shown = {ms: shelf.shown_at(ms) for ms in (0, 999, 1000, 5500, 6000)}
    assert shown == {0: TEA, 999: TEA, 1000: WINE, 5500: LATER, 6000: WINE}
    assert shelf.shown_at(None) is None


def test_names_are_unshared_runs_of_chinese_and_brands():
    shelf = Shelf([TEA, WINE, LATER])
    assert shelf.named_in("来看山菊茶") == TEA
    assert shelf.named_in("岚小橙家的") == TEA
    assert shelf.named_in("窖藏酒真香") is None
    assert shelf.named_in("这个礼盒装") == LATER


def test_two_names_in_one_text_decide_nothing():
    assert Shelf([TEA, WINE, LATER]).named_in("山菊茶配礼盒装") is None


def test_a_recorded_listing_wins_over_the_words_and_the_time():
    shelf = Shelf([TEA, WINE])
    assert shelf.of(Utterance("u", "山菊茶", 2000, listing_id="2")) == WINE
    assert shelf.of(Utterance("u", "山菊茶", 2000, listing_id="unknown")) == TEA
    assert shelf.of(Utterance("u", "好喝", 2000)) == WINE


def test_an_empty_shelf_names_nothing():
    shelf = Shelf([])
    assert shelf.named_in("山菊茶") is None
    assert shelf.of(Utterance("u", "山菊茶", 10)) is None


def test_titles_with_marks_of_patterns_are_taken_literally():
    assert Shelf([Listing("1", "茶(*+?", brand="(茶+")]).named_in("买(茶+去") is not None


def test_goods_alone_are_up_all_the_time_unless_their_time_was_told():
    honey = Listing("1", "蜂蜜 500g")
    alone = Shelf([honey])
    assert (alone.shown_at(None), alone.shown_at(0), alone.shown_at(10**7)) == (honey, honey, honey)
    assert alone.of(Utterance("u", "好喝")) == honey
    assert Shelf([WINE]).shown_at(999) is None
    assert Shelf([WINE]).shown_at(None) is None
    assert Shelf([honey, Listing("2", "枣子 500g")]).shown_at(0) is None
