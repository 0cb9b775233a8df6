"""The shelf to the letter: what lies in its files, what an import tells of every file."""

import hashlib
from datetime import date
from pathlib import Path

import orjson
import pytest

from fairstream.errors import FormatError, InputError, LawError
from fairstream.law.shelf import Imported, ImportReport, Shelf, default_shelf, import_texts
from fairstream.law.texts import OfficialText, TextArticle
from fairstream.records import Place, Problem

from .made_up import tea_law, write_texts

WORDS = {"1": "海草茶要好喝。", "3": "甲。", "3-1": "乙。"}
REMEDY = "import the statute again"


def text(slug: str = "tea", title: str = "海草茶法", words: dict[str, str] = WORDS) -> OfficialText:
    """An invented text."""
    articles = {number: TextArticle(number, said, 1) for number, said in words.items()}
    return OfficialText(slug, title, "tea.md", articles)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """An empty shelf."""
    return Shelf(tmp_path / "deep" / "shelf")


def told(problem: Problem) -> tuple[str, int | None, str, str, str]:
    """A problem as file, line, cause, remedy, severity."""
    return problem.place.file, problem.place.line, problem.cause, problem.remedy, problem.severity


def test_a_stored_text_holds_slug_title_digest_and_words(shelf: Shelf) -> None:
    assert shelf.store(text()) == "added"
    (file,) = shelf.folder.iterdir()
    assert file.name == "tea.json"
    content = {
        "slug": "tea",
        "title": "海草茶法",
        "sha256": hashlib.sha256(orjson.dumps(WORDS)).hexdigest(),
        "articles": WORDS,
    }
    assert file.read_bytes() == orjson.dumps(content, option=orjson.OPT_INDENT_2)


def test_storing_says_what_it_did_and_a_dry_run_does_nothing(shelf: Shelf) -> None:
    assert shelf.store(text(), dry_run=True) == "added"
    assert not shelf.folder.exists()
    assert shelf.store(text()) == "added"
    assert shelf.store(text()) == "unchanged"
    assert shelf.store(text(), dry_run=True) == "unchanged"
    changed = text(words={"1": "改。"})
    assert shelf.store(changed, dry_run=True) == "updated"
    assert shelf.words("tea", "1") == "海草茶要好喝。"
    assert shelf.store(changed) == "updated"
    assert shelf.words("tea", "1") == "改。"
    assert shelf.store(text("other")) == "added"
    assert sorted(file.name for file in shelf.folder.iterdir()) == ["other.json", "tea.json"]


def test_slugs_are_the_names_of_the_stored_files_in_order(shelf: Shelf) -> None:
    for slug in ("c-law", "a-law", "b-law"):
        shelf.store(text(slug))
    (shelf.folder / "d-law.part").write_bytes(b"")
    assert shelf.slugs() == ("a-law", "b-law", "c-law")


def test_words_are_those_of_the_article_whatever_its_detail(shelf: Shelf) -> None:
    shelf.store(text())
    assert shelf.words("tea", "3") == "甲。"
    assert shelf.words("tea", "3(1)(2)") == "甲。"
    assert shelf.words("tea", "3-1") == "乙。"
    assert shelf.words("tea", "4") is None
    assert shelf.words("coffee", "3") is None


def test_words_of_a_number_are_text(shelf: Shelf) -> None:
    shelf.folder.mkdir(parents=True)
    (shelf.folder / "tea.json").write_bytes(b'{"articles": {"1": 5}}')
    assert shelf.words("tea", "1") == "5"


def test_a_citation_is_quoted_from_its_version(tmp_path: Path, shelf: Shelf) -> None:
    law = tea_law()
    import_texts(law, write_texts(tmp_path / "in"), shelf)
    assert shelf.quote(law.resolve("seaweed-tea-law#3", date(2021, 1, 1))) == "卖茶的人不得说海草茶会唱歌。"
    assert shelf.quote(law.resolve("seaweed-tea-law#3-1")) == "第二条规定的茶馆要有门。"


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"{broken", "the stored text is damaged"),
        (b"", "the stored text is damaged"),
        (b"[]", "the stored text has no articles"),
        (b"{}", "the stored text has no articles"),
        (b'{"articles": [1]}', "the stored text has no articles"),
    ],
    ids=["broken", "empty", "list", "map", "articles"],
)
def test_a_damaged_file_is_named_with_the_remedy(content: bytes, cause: str, shelf: Shelf) -> None:
    shelf.store(text())
    file = shelf.folder / "tea.json"
    file.write_bytes(content)
    with pytest.raises(LawError) as caught:
        shelf.words("tea", "1")
    error = caught.value
    assert (error.cause, error.file, error.line, error.remedy) == (cause, str(file), None, REMEDY)


def test_an_import_tells_of_every_file_in_order(tmp_path: Path, shelf: Shelf) -> None:
    folder = write_texts(tmp_path / "in")
    (folder / "sub.md").mkdir()
    (folder / "sub.md" / "PEPPER-LAW.MD").write_text("---\nslug: pepper-law\n---\n第一条　辣。\n", "utf-8")
    (folder / "ginger.markdown").write_text("第二条　姜。\n第一条　蒜。\n", "utf-8")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    report = import_texts(tea_law(), folder, shelf)
    place = Place(str(folder / "ginger.markdown"), 2)
    problem = Problem(place, "article 1 stands after article 2", "compare the text with the official one")
    assert report == ImportReport(
        (
            Imported(str(folder / "ginger.markdown"), "ginger", "added", 2, False, (problem,)),
            Imported(str(folder / "seaweed-tea-law-2020.md"), "seaweed-tea-law-2020", "added", 3),
            Imported(str(folder / "seaweed-tea-law-2024.md"), "seaweed-tea-law-2024", "added", 5),
            Imported(str(folder / "sub.md" / "PEPPER-LAW.MD"), "pepper-law", "added", 1, False),
        )
    )
    assert report.counts() == {"added": 4}
    assert shelf.slugs() == ("ginger", "pepper-law", "seaweed-tea-law-2020", "seaweed-tea-law-2024")
    held = orjson.loads((shelf.folder / "seaweed-tea-law-2020.json").read_bytes())
    assert held["title"] == "海草茶法（2020年，虚构）"


def test_a_file_of_any_name_can_be_imported_alone(tmp_path: Path, shelf: Shelf) -> None:
    file = tmp_path / "ginger.text"
    file.write_text("第一条　姜。\n", "utf-8")
    report = import_texts(tea_law(), file, shelf, dry_run=True)
    assert report == ImportReport((Imported(str(file), "ginger", "added", 1, False),))
    assert not shelf.folder.exists()


def test_a_text_is_known_by_slug_then_title_then_file(tmp_path: Path, shelf: Shelf) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "甲.txt").write_text("海草茶法（2020年，虚构）\n第一条　甲。\n", "utf-8")
    (folder / "seaweed-tea-law-2024.txt").write_text("海草茶法（2020年，虚构）\n第一条　乙。\n", "utf-8")
    report = import_texts(tea_law(), folder, shelf)
    assert [(item.slug, item.known) for item in report.files] == [
        ("seaweed-tea-law-2024", True),
        ("seaweed-tea-law-2020", True),
    ]
    assert shelf.words("seaweed-tea-law-2020", "1") == "甲。"


def skipped(tmp_path: Path, shelf: Shelf, name: str, content: bytes) -> tuple[Imported, Problem]:
    """The account of one file that cannot be taken, and its problem."""
    file = tmp_path / name
    file.write_bytes(content)
    (item,) = import_texts(tea_law(), file, shelf).files
    (problem,) = item.problems
    assert (item.file, item.outcome, item.articles, item.known) == (str(file), "skipped", 0, True)
    assert not shelf.folder.exists()
    return item, problem


def test_a_text_without_a_name_is_told_how_to_get_one(tmp_path: Path, shelf: Shelf) -> None:
    item, problem = skipped(tmp_path, shelf, "不知.txt", "不知是什么\n第一条 甲。\n".encode())
    assert item.slug == "不知"
    assert told(problem) == (
        str(tmp_path / "不知.txt"),
        1,
        "cannot tell which statute '不知是什么' is",
        "name the file after the version (fairstream law list) or give it front matter with slug",
        "skipped",
    )


def test_a_title_two_versions_bear_names_none(tmp_path: Path, shelf: Shelf) -> None:
    file = tmp_path / "茶.txt"
    file.write_text("海草茶法（虚构）\n第一条 甲。\n", "utf-8")
    law = tea_law()
    versions = law.families["seaweed-tea-law"].versions
    for version in versions:
        object.__setattr__(version, "title", {"zh": "海草茶法（虚构）", "en": "tea"})
    (item,) = import_texts(law, file, shelf).files
    assert item.outcome == "skipped"
    assert item.problems[0].cause == "cannot tell which statute '海草茶法（虚构）' is"


def test_a_file_that_is_no_text_is_told_with_cause_and_remedy(tmp_path: Path, shelf: Shelf) -> None:
    item, problem = skipped(tmp_path, shelf, "noise.md", b"ab\xff")
    assert item.slug == "noise"
    assert told(problem) == (
        str(tmp_path / "noise.md"),
        None,
        "not UTF-8 at byte 2",
        "save the text as UTF-8",
        "skipped",
    )


@pytest.mark.parametrize(
    ("error", "line", "cause", "remedy"),
    [
        (OSError("disk gone"), None, "disk gone", "check the file"),
        (FormatError("odd", file="other.md", line=7), 7, "odd", "check the file"),
        (FormatError("odd", line=7, remedy="mend it"), 7, "odd", "mend it"),
    ],
    ids=["disk", "no-remedy", "remedy"],
)
def test_any_error_of_reading_becomes_a_problem(
    error: Exception,
    line: int | None,
    cause: str,
    remedy: str,
    tmp_path: Path,
    shelf: Shelf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(file: Path) -> OfficialText:
        raise error

    monkeypatch.setattr("fairstream.law.shelf.read_text_file", fail)
    _, problem = skipped(tmp_path, shelf, "tea.md", b"x")
    assert told(problem) == (str(tmp_path / "tea.md"), line, cause, remedy, "skipped")


def test_a_second_file_of_a_version_is_told_which_was_first(tmp_path: Path, shelf: Shelf) -> None:
    folder = write_texts(tmp_path / "in")
    second = folder / "z.md"
    second.write_text("---\nslug: seaweed-tea-law-2024\n---\n第一条　另一个。\n", "utf-8")
    report = import_texts(tea_law(), folder, shelf)
    assert report.counts() == {"added": 2, "skipped": 1}
    (problem,) = report.problems
    first = folder / "seaweed-tea-law-2024.md"
    assert told(problem) == (
        str(second),
        None,
        f"seaweed-tea-law-2024 was already read from {first}",
        "keep one file per version, or name the versions apart",
        "skipped",
    )
    assert shelf.words("seaweed-tea-law-2024", "1") == "海草茶要好喝。"


@pytest.mark.parametrize(
    ("name", "cause", "remedy"),
    [
        ("missing", "no such folder", "name the folder that holds the official texts"),
        ("", "no text to import", "name a folder with .md, .markdown, .txt files"),
    ],
    ids=["missing", "empty"],
)
def test_nothing_to_import_is_an_error_with_a_remedy(
    name: str, cause: str, remedy: str, tmp_path: Path, shelf: Shelf
) -> None:
    with pytest.raises(InputError) as caught:
        import_texts(tea_law(), tmp_path / name, shelf)
    error = caught.value
    assert (error.cause, error.file, error.line, error.remedy) == (cause, str(tmp_path / name), None, remedy)


def test_the_shelf_of_a_user_is_the_data_folder_of_the_product(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fairstream.law.shelf.user_data_path", lambda name: tmp_path / name)
    assert default_shelf() == tmp_path / "fairstream" / "statutes"
    assert Shelf().folder == tmp_path / "fairstream" / "statutes"
