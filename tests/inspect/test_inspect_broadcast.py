"""From a broadcast to findings: times, places, neighbours, parties, folding."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest
from inspect_scenes import CHINA, PhraseScanner, talk

from fairstream.inspect.broadcast import inspect_broadcast
from fairstream.inspect.inspection import Inspection, Located
from fairstream.law.resolve import load_law
from fairstream.records import Broadcast, Listing, Place, Problem, Span

Run = Callable[..., Inspection]


def one(inspection: Inspection, medium: str = "speech") -> Located:
    found = [located for located in inspection.findings if located.finding.medium == medium]
    assert len(found) == 1, [located.finding.quote for located in found]
    return found[0]


def test_a_phrase_cut_by_the_recogniser_is_found_with_its_pieces(inspected: Inspection):
    located = one(inspected)
    pieces = located.occurrences[0].pieces
    assert [(piece.unit, piece.span) for piece in pieces] == [("u2", Span(2, 5)), ("u3", Span(0, 1))]
    assert located.finding.quote == "全网最好"
    assert located.finding.unit == "u2"
    assert located.finding.span == Span(2, 6)


def test_the_second_is_interpolated_inside_the_utterance(inspected: Inspection):
    finding = one(inspected).finding
    # u2 runs from 2.2 s to 4.2 s and has five characters, u3 from 4.4 s to 6.4 s and four.
    assert finding.start_ms == 2200 + 2000 * 2 // 5
    assert finding.end_ms == 4400 + 2000 // 4
    assert finding.at == datetime(2026, 3, 14, 20, 0, 3, tzinfo=CHINA)
    assert finding.place == Place("talk.srt", 2)


def test_neighbouring_words_stand_beside_the_quote(inspected: Inspection):
    located = one(inspected)
    assert located.before == "欢迎大家来到直播间 这是"
    assert located.after.startswith("的茶叶 我电话")
    assert located.finding.context == located.before + "全网最好" + located.after


def test_customers_numbers_are_masked_in_context(inspected: Inspection):
    assert "13812345678" not in one(inspected).finding.context
    assert "138******78" in one(inspected).finding.context


def test_a_phrase_inside_one_utterance_is_found_once(scan_talk: Run):
    inspection = scan_talk(talk(("这是全网最好的",), ("茶叶",)), "全网最好")
    assert one(inspection).finding.count == 1


def test_long_or_doubtful_words_across_a_joint_are_left_out(scan_talk: Run, monkeypatch: pytest.MonkeyPatch):
    said = talk(("真的好喝不贵",), ("大家放心拍下单链接在下面",))
    assert scan_talk(said, "不贵大家").findings
    assert not scan_talk(said, "真的好喝不贵大家放心拍下单链接在下").findings
    monkeypatch.setattr("fairstream.inspect.locate.LEAST_ACROSS", 0.95)
    assert not scan_talk(said, "不贵大家").findings
    assert scan_talk(said, "大家放心").findings


def test_no_phrase_is_made_across_a_silence(scan_talk: Run):
    assert not scan_talk(talk(("全网最",), ("好",), gap=1500), "全网最好").findings


def test_the_comma_between_utterances_is_never_quoted(scan_talk: Run):
    located = one(scan_talk(talk(("真的好",), ("茶",)), "好，茶"))
    assert located.finding.quote == "好茶"


def test_the_same_words_again_are_folded_with_times(scan_talk: Run):
    said = talk(("全网最好",), ("别的",), ("全 网最好",), ("全网最好",), gap=2000)
    inspection = scan_talk(said, "全网最好", "全 网最好")
    found = {located.finding.rule: located.finding for located in inspection.findings}
    assert found["test/全网最好"].count == 2
    assert found["test/全网最好"].times == (0, 12_000)
    assert inspection.occurrences == 3


def test_the_same_words_in_another_medium_stay_apart(inspected: Inspection):
    media = [located.finding.medium for located in inspected.findings]
    assert sorted(media) == ["chat", "listing", "screen", "speech"]


def test_findings_are_sorted_by_time_and_the_untimed_last(inspected: Inspection):
    times = [located.finding.start_ms for located in inspected.findings]
    assert times == [1000, 3000, 3500, None]


def test_both_languages_are_carried(inspected: Inspection):
    located = one(inspected)
    assert located.words("zh").title == "宣称全网最好"
    assert located.words("en").title == "Says 全网最好"
    assert located.words("en").citations[0].gist == "No superlatives"
    assert located.words("en").start_ms == located.words("zh").start_ms


@pytest.mark.parametrize(("language", "title"), [("zh", "宣称微信"), ("en", "Says 微信")])
def test_the_language_asked_for_comes_first(broadcast: Broadcast, language, title: str):
    inspection = inspect_broadcast(broadcast, PhraseScanner("微信"), load_law(), language)
    assert one(inspection, "chat").finding.title == title
    assert set(one(inspection, "chat").translations) == {"zh", "en"}


def test_who_answers_is_named_by_role(inspected: Inspection):
    answerable = {who.role: who.names for who in one(inspected, "listing").answerable}
    assert answerable == {"seller": ("某店经营者", "某公司"), "host": ("主播甲",), "mcn": ()}


def test_the_interval_of_each_cited_version_is_told(inspected: Inspection):
    interval = inspected.versions["advertising-law"]
    assert interval.since <= date(2026, 3, 14)
    assert interval.until is None or interval.until > date(2026, 3, 14)


def test_totals_count_records_once(inspected: Inspection, broadcast: Broadcast):
    assert inspected.read["speech"].texts == len(broadcast.utterances)
    assert inspected.read["speech"].characters == sum(len(u.text) for u in broadcast.utterances)
    assert inspected.read["chat"].texts == 2  # a gift holds no words
    assert inspected.texts == 5 + 2 + 1 + 2
    assert inspected.by_severity() == {"high": 4, "medium": 0, "low": 0}
    assert inspected.by_conduct() == {"ad_superlative": 4}
    assert inspected.by_medium()["screen"] == 1


def test_what_was_skipped_is_carried(broadcast: Broadcast):
    problems = (
        Problem(Place("a.srt", 3), "cut", "ask", "skipped", 4),
        Problem(Place("b.xml"), "no end", "-", "repaired"),
    )
    inspection = inspect_broadcast(replace(broadcast, problems=problems), PhraseScanner(), load_law())
    assert inspection.problems == problems
    assert inspection.skipped == 4


def test_the_goods_shown_or_named_are_told_to_the_scanner(broadcast: Broadcast):
    scanner = PhraseScanner()
    named = replace(broadcast, utterances=talk(("某山真不错",), ("随便看看",)))
    inspect_broadcast(named, scanner, load_law())
    given = {text.text: text for text in scanner.given[0]}
    assert given["某山真不错"].product == "山茶 一级"
    assert given["某山真不错"].product_class == "ordinary_food"
    assert given["随便看看"].product == "布袋子 箱包"
    assert given["山茶 一级\n全网最好的山茶"].medium == "listing"
    assert {text.on for text in scanner.given[0]} == {date(2026, 3, 14)}
    assert given["全网最好是真的吗"].speaker == "customer"


def test_texts_with_findings_only_are_scanned_again_for_the_other_language(broadcast: Broadcast):
    scanner = PhraseScanner("微信")
    inspect_broadcast(broadcast, scanner, load_law())
    assert [text.text for text in scanner.given[1]] == ["下单加微信13912345678"]


def test_ids_are_those_of_the_place_and_do_not_clash(broadcast: Broadcast):
    clash = replace(broadcast, screen=(), listings=(Listing("u2", "全网最好"),))
    inspection = inspect_broadcast(clash, PhraseScanner("全网最好"), load_law())
    again = inspect_broadcast(clash, PhraseScanner("全网最好"), load_law(), "en")
    ids = [located.finding.id for located in inspection.findings]
    assert len(set(ids)) == 2
    assert ids == [located.finding.id for located in again.findings]


def test_an_empty_broadcast_gives_an_empty_inspection():
    inspection = inspect_broadcast(Broadcast("b", "", date(2026, 1, 1)), PhraseScanner("茶"), load_law())
    assert inspection.findings == ()
    assert (inspection.texts, inspection.characters, inspection.speech_ms) == (0, 0, None)


def test_the_clock_measures_the_inspection(broadcast: Broadcast):
    ticks = iter([10.0, 12.5])
    inspection = inspect_broadcast(broadcast, PhraseScanner(), load_law(), clock=lambda: next(ticks))
    assert inspection.seconds == 2.5
