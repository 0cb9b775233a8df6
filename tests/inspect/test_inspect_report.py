"""The report: one file, both languages, nothing from outside, nothing unescaped."""

import base64
import hashlib
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from inspect_scenes import PhraseScanner, talk
from lxml import html

from fairstream.inspect.broadcast import inspect_broadcast
from fairstream.inspect.inspection import Inspection
from fairstream.inspect.report import render_index, render_report, write_report
from fairstream.inspect.view import CHAT_AROUND
from fairstream.inspect.words import CONDUCTS, MEDIUMS, ROLES, SEVERITIES, SPEAKERS, WORDS
from fairstream.law.resolve import load_law
from fairstream.records import Broadcast, ChatMessage, Listing, Place, Problem, ScreenText


@pytest.fixture
def page(inspected: Inspection) -> html.HtmlElement:
    return html.fromstring(render_report(inspected))


def text(node: html.HtmlElement) -> str:
    return " ".join(node.text_content().split())


def test_nothing_comes_from_outside(inspected: Inspection):
    written = render_report(inspected)
    page = html.fromstring(written)
    assert not re.search(r"https?://", written)
    assert not page.xpath("//link | //img | //iframe | //*[@src] | //@style | //@onclick")
    assert all(address.startswith("#") for address in page.xpath("//@href"))


def test_the_policy_allows_only_this_style_and_script_by_hash(page: html.HtmlElement):
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        words = page.xpath(f"//{tag}")[0].text_content()
        digest = base64.b64encode(hashlib.sha256(words.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_every_link_leads_somewhere_and_no_id_is_used_twice(page: html.HtmlElement):
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {address[1:] for address in page.xpath("//a/@href")} <= set(ids)
    assert set(" ".join(page.xpath("//@aria-labelledby")).split()) <= set(ids)


def test_hostile_text_is_escaped(broadcast: Broadcast):
    nasty = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>全网最好"
    hostile = replace(
        broadcast,
        title=nasty,
        room=nasty,
        notes=nasty,
        utterances=talk((nasty,)),
        listings=(Listing("<b>", nasty),),
        problems=(Problem(Place(nasty, 1), nasty, nasty),),
    )
    page = html.fromstring(render_report(inspect_broadcast(hostile, PhraseScanner("全网最好"), load_law())))
    assert len(page.xpath("//script")) == 1
    assert not page.xpath("//img | //b[not(parent::li or parent::summary)]")
    assert any("onerror=alert(2)" in text(quote) for quote in page.xpath("//blockquote"))


def test_broken_characters_do_not_stop_the_writing(broadcast: Broadcast, tmp_path: Path):
    broken = replace(broadcast, utterances=talk(("全网最好\ud800\x00茶",)))
    write_report(inspect_broadcast(broken, PhraseScanner("全网最好"), load_law()), tmp_path / "r.html")
    assert "全网最好" in (tmp_path / "r.html").read_text("utf-8")


def test_the_mark_of_made_up_data_is_shown_only_when_set(inspected: Inspection):
    real = replace(inspected, broadcast=replace(inspected.broadcast, invented=False))
    assert html.fromstring(render_report(inspected)).find_class("invented")
    assert not html.fromstring(render_report(real)).find_class("invented")


def test_a_finding_tells_everything_in_both_languages(page: html.HtmlElement):
    article = page.get_element_by_id("f2")
    told = text(article)
    for words in (
        "00:03", "宣称全网最好", "Says 全网最好", "绝对化用语", "An absolute term", "《广告法》第9条",
        "Advertising Law, art. 9", "不得使用最高级", "No superlatives", "某公司", "主播甲", "资料中未载明",
        "not named in the material", "属于商业广告", "That it is an advertisement", "把握较高", "talk.srt:2",
    ):  # fmt: skip
        assert words in told, words
    assert article.xpath(".//input[@type='checkbox']")
    assert text(article.getparent().xpath("./blockquote//mark")[0]) == "全网最好"
    assert article.xpath(".//a[@href='#u2']")


def test_findings_on_the_same_words_stand_together(broadcast: Broadcast):
    scanner = PhraseScanner("全网最好", "网最好的", "茶叶", "九块九")
    page = html.fromstring(render_report(inspect_broadcast(broadcast, scanner, load_law())))
    spots = [
        [text(article.xpath(".//h3/span")[0]) for article in spot.xpath("./article")]
        for spot in page.find_class("spot")
    ]
    assert ["宣称全网最好", "宣称网最好的"] in spots
    assert ["宣称茶叶"] in spots
    held = page.get_element_by_id("f3").getparent()
    assert text(held.xpath("./blockquote//mark")[0]) == "全网最好"
    assert [text(own) for own in held.find_class("own")] == ["网最好的"]


def test_the_words_are_highlighted_where_they_were_said(page: html.HtmlElement):
    for anchor, words in (("u2", "全网最2"), ("u3", "好2"), ("s1", "全网最好1"), ("p1", "全网最好4")):
        marks = page.get_element_by_id(anchor).xpath(".//mark")
        assert [text(mark) for mark in marks] == [words]
    assert page.get_element_by_id("u2").xpath(".//mark/a/@href") == ["#f2"]


def test_the_timeline_leads_to_every_timed_finding(page: html.HtmlElement):
    assert page.get_element_by_id("timeline").xpath(".//a/@href") == ["#f1", "#f2", "#f3"]


@pytest.mark.parametrize(
    ("language", "checked", "lang"), [("zh", "lang-zh", "zh-CN"), ("en", "lang-en", "en")]
)
def test_the_language_asked_for_is_shown_first(broadcast: Broadcast, language, checked: str, lang: str):
    inspection = inspect_broadcast(broadcast, PhraseScanner("全网最好"), load_law(), language)
    page = html.fromstring(render_report(inspection))
    assert page.get("lang") == lang
    assert page.xpath("//input[@name='language'][@checked]/@id") == [checked]


def test_languages_are_marked_and_come_in_pairs(page: html.HtmlElement):
    chinese, english = page.find_class("zh"), page.find_class("en")
    assert len(chinese) == len(english) > 50
    assert {node.get("lang") for node in chinese} == {"zh-CN"}
    assert {node.get("lang") for node in english} == {"en"}


def test_all_words_exist_in_both_languages():
    for words in (WORDS, CONDUCTS, ROLES, SPEAKERS, MEDIUMS, SEVERITIES):
        for key, pair in words.items():
            assert pair.zh, key
            assert pair.en, key
            assert re.search(r"[㐀-鿿]", pair.zh), key
            assert not re.search(r"[㐀-鿿]", pair.en), key


def test_every_conduct_and_role_has_words():
    from typing import get_args

    from fairstream.records import Conduct, PartyRole, Speaker

    assert set(CONDUCTS) == set(get_args(Conduct))
    assert set(ROLES) == set(get_args(PartyRole))
    assert set(SPEAKERS) == set(get_args(Speaker))


def test_problems_are_told_in_both_languages(broadcast: Broadcast):
    from fairstream.sources.problems import ProblemLog

    log = ProblemLog("chat.xml")
    log.add("xml_end", 81)
    inspection = inspect_broadcast(replace(broadcast, problems=log.problems), PhraseScanner(), load_law())
    told = text(html.fromstring(render_report(inspection)).get_element_by_id("problems"))
    assert "文件缺少结尾标签" in told
    assert "the file breaks off before its end tag" in told
    assert "81" in told


def test_customers_numbers_are_masked_and_sellers_are_evidence(inspected: Inspection):
    written = render_report(inspected)
    assert "13812345678" not in written
    assert "138******78" in written
    assert "13912345678" in written


def test_of_a_large_chat_only_the_neighbourhood_is_shown():
    chat = tuple(ChatMessage(f"m{n}", f"第{n}条", n * 10, speaker="seller") for n in range(3000))
    chat = (*chat[:1500], replace(chat[1500], text="加微信"), *chat[1501:])
    held = Broadcast("b", "b", date(2026, 3, 14), chat=chat)
    page = html.fromstring(render_report(inspect_broadcast(held, PhraseScanner("微信"), load_law())))
    section = page.get_element_by_id("chat")
    rows = section.xpath(".//li[@id]/@id")
    assert rows == [f"c{n}" for n in range(1501 - CHAT_AROUND, 1502 + CHAT_AROUND)]
    assert "5 of 3,000 messages" in text(section)
    assert "1498 messages left out" in text(section)


def test_of_many_screen_texts_only_those_with_findings_are_shown():
    seen = tuple(ScreenText(f"s{n}", "全网最好" if n == 7 else "茶", n * 1000) for n in range(400))
    held = Broadcast("b", "b", date(2026, 3, 14), screen=seen)
    page = html.fromstring(render_report(inspect_broadcast(held, PhraseScanner("全网最好"), load_law())))
    assert page.get_element_by_id("screen").xpath(".//li/@id") == ["s8"]


def test_a_broadcast_without_anything_still_gives_a_page():
    empty = inspect_broadcast(Broadcast("b", "空", date(2026, 1, 1)), PhraseScanner(), load_law())
    page = html.fromstring(render_report(empty))
    assert "没有发现线索" in text(page)
    assert "Everything was read" in text(page)
    assert not page.xpath("//*[@id='timeline']")


def test_the_index_leads_to_each_report(inspected: Inspection):
    page = html.fromstring(
        render_index([(inspected, "demo/report.html"), (inspected, "b/report.html")], "en")
    )
    assert page.xpath("//main//a/@href") == ["demo/report.html", "b/report.html"]
    assert "演示 <专场>" in text(page)
    assert "Invented data" in text(page)
