"""The pages for people: everything on them, nothing that runs, nothing from outside."""

import base64
import hashlib
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from evidence.cases import finding, make_case, order, sealed_case, write_lines
from fairstream.evidence.package_findings import clock, read_findings
from fairstream.evidence.package_words import WORDS
from fairstream.evidence.seal import seal
from fairstream.records import Language


class Reader(HTMLParser):
    """Tags, links and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [
            value or "" for name, value in attrs if name in ("href", "src", "action", "data", "srcset")
        ]
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]

    def handle_data(self, data: str) -> None:
        self.text += data


def index(package: Path, language: Language = "zh") -> Reader:
    return Reader((package / f"index.{language}.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_index_has_everything_in_both_languages(tmp_path: Path, language: Language) -> None:
    sealed_case(tmp_path, case="2026-17")
    page = index(tmp_path / "package", language)
    for path in (tmp_path / "package/data").rglob("*"):
        if path.is_file() and path.name not in ("captures.jsonl", "custody.jsonl"):
            assert path.relative_to(tmp_path / "package").as_posix() in page.text
            assert hashlib.sha256(path.read_bytes()).hexdigest() in page.text
    for word in (
        "2026-17",
        "全世界最甜",
        "0:02:04.375–0:02:05.938",
        "2026-03-01 20:02:04.375+08:00",
        "麦穗公司（虚构）",
    ):
        assert word in page.text
    assert getattr(WORDS["items"], language) + " (" in page.text
    assert "built-in" not in page.text
    assert "家人们看过来" in page.text, "said fifteen seconds around the finding"
    assert "下一个品" not in page.text
    clip, action = {"zh": ("片段", "登记"), "en": ("clip", "capture")}[language]
    assert f"{clip} 0:02:00.000–0:02:10.000 · rec 50%.flv" in page.text
    assert f"王检查（虚构）{action}captures.jsonl" in page.text
    told = {
        "zh": ("涉嫌责任方", "广告法》第9条", "绝对化用语", "虚构数据", "须听原声核对"),
        "en": (
            "Suspected parties",
            "Advertising Law art. 9",
            "Superlatives",
            "Made-up data",
            "listen before deciding",
        ),
    }
    assert all(word in page.text for word in told[language])


def test_the_index_runs_nothing_and_reaches_nothing(tmp_path: Path) -> None:
    sealed_case(tmp_path)
    for language in ("zh", "en"):
        page = index(tmp_path / "package", language)
        assert not {"script", "iframe", "object", "embed", "img", "link", "form", "base"} & set(page.tags)
        assert [link for link in page.links if not (tmp_path / "package" / unquote(link)).is_file()] == []
        source = (tmp_path / f"package/index.{language}.html").read_text(encoding="utf-8")
        assert "http:" not in source.replace("http-equiv", "")
        assert "https:" not in source
        style = re.search("<style>(.*?)</style>", source, re.S)
        assert style is not None
        digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
        assert f"default-src 'none'; style-src 'sha256-{digest}'" in source.replace("&#39;", "'")


def test_hostile_words_stay_words(tmp_path: Path) -> None:
    folder = make_case(tmp_path)
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    write_lines(
        folder / "findings.jsonl",
        finding(quote=attack, title_zh=attack, severity=attack, liable=[{"role": attack, "names": [attack]}]),
    )
    (folder / "<b onclick=1>&\"'.txt").write_text("x")
    seal(order(folder, tmp_path / "package", case=attack))
    page = index(tmp_path / "package")
    assert not {"script", "img"} & set(page.tags)
    assert attack in page.text


def test_findings_in_a_folder_with_an_odd_name_are_shown(tmp_path: Path) -> None:
    folder = make_case(tmp_path)
    (folder / "夜场 50%").mkdir()
    write_lines(folder / "夜场 50%" / "findings.jsonl", finding(quote="只在这里"))
    seal(order(folder, tmp_path / "package"))
    page = index(tmp_path / "package")
    assert "只在这里" in page.text
    assert "data/夜场 50=25/findings.jsonl" in page.text


@pytest.mark.parametrize(
    "line",
    [
        "[]",
        "{}",
        "noise",
        '{"title_zh":1,"citations":7}',
        json.dumps(finding(score="high")),
        json.dumps(finding(citations=[{}])),
    ],
)
def test_findings_that_cannot_be_read_are_counted(tmp_path: Path, line: str) -> None:
    path = tmp_path / "findings.jsonl"
    path.write_text(line + "\n\n" + json.dumps(finding()) + "\n", encoding="utf-8")
    found = read_findings(path, "data/findings.jsonl", "en")
    assert (len(found.shown), found.unread) == (1, 1)


def test_a_finding_without_times_or_transcript_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "findings.jsonl"
    write_lines(path, finding(start_ms=None, end_ms=None, at=None, file=None, line=None, liable=None))
    (shown,) = read_findings(path, "", "zh").shown
    assert (shown.time, shown.at, shown.file, shown.parties, shown.around) == ("", "", "", (), ())


def test_a_transcript_with_odd_rows_is_used_as_far_as_it_goes(tmp_path: Path) -> None:
    write_lines(tmp_path / "findings.jsonl", finding())
    rows = [{"start_ms": 124_000}, {"start_ms": "x"}, [], {"start_ms": 139_000, "text": "在"}]
    rows += [{"start_ms": 141_000, "text": "不在"}, {"start_ms": 109_374, "text": "不在"}]
    write_lines(tmp_path / "spoken.jsonl", *rows)
    (shown,) = read_findings(tmp_path / "findings.jsonl", "", "zh").shown
    assert [said.text for said in shown.around] == ["", "在"]


@pytest.mark.parametrize(
    ("ms", "text"), [(None, ""), (0, "0:00:00.000"), (3_723_004, "1:02:03.004"), (-5, "0:00:00.000")]
)
def test_times_to_the_millisecond(ms: int | None, text: str) -> None:
    assert clock(ms) == text


def test_every_word_is_there_in_both_languages() -> None:
    assert all(words.zh.strip() and words.en.strip() for words in WORDS.values())
    assert [name for name, words in WORDS.items() if re.search("[一-鿿]", words.en)] == []


def test_verify_txt_names_the_package_in_a_way_a_shell_reads(tmp_path: Path) -> None:
    seal(order(make_case(tmp_path), tmp_path / "it's $(true) 17.zip"))
    with zipfile.ZipFile(tmp_path / "it's $(true) 17.zip") as archive:
        text = archive.read("it's $(true) 17/VERIFY.txt").decode()
    assert "    sha256sum -c 'it'\"'\"'s $(true) 17.zip.sha256'\n" in text
    assert "    cd 'it'\"'\"'s $(true) 17'\n" in text
