"""The user's shelf: importing, quoting, and files that cannot be read."""

from datetime import date
from pathlib import Path

import pytest

from fairstream.errors import InputError, LawError
from fairstream.law.resolve import load_law
from fairstream.law.shelf import Shelf, default_shelf, import_texts

from .made_up import tea_law, write_texts

LAW = tea_law()


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """An empty shelf."""
    return Shelf(tmp_path / "shelf")


def test_imports_a_folder_and_quotes_the_version_of_the_day(tmp_path: Path, shelf: Shelf) -> None:
    report = import_texts(LAW, write_texts(tmp_path / "in"), shelf)
    assert report.counts() == {"added": 2}
    assert all(item.known and item.articles for item in report.files)
    assert shelf.slugs() == ("seaweed-tea-law-2020", "seaweed-tea-law-2024")
    before = shelf.quote(LAW.resolve("seaweed-tea-law#3", date(2021, 1, 1)))
    after = shelf.quote(LAW.resolve("seaweed-tea-law#3(1)", date(2025, 1, 1)))
    assert before == "卖茶的人不得说海草茶会唱歌。"
    assert after is not None
    assert after.startswith("卖茶的人不得说海草茶会唱歌、会跳舞。")


def test_importing_twice_changes_nothing(tmp_path: Path, shelf: Shelf) -> None:
    source = write_texts(tmp_path / "in")
    import_texts(LAW, source, shelf)
    kept = {file.name: file.read_bytes() for file in shelf.folder.iterdir()}
    assert import_texts(LAW, source, shelf).counts() == {"unchanged": 2}
    assert {file.name: file.read_bytes() for file in shelf.folder.iterdir()} == kept


def test_a_changed_text_is_updated(tmp_path: Path, shelf: Shelf) -> None:
    source = write_texts(tmp_path / "in")
    import_texts(LAW, source, shelf)
    file = source / "seaweed-tea-law-2024.md"
    file.write_text(file.read_text(encoding="utf-8").replace("要好喝", "要很好喝"), encoding="utf-8")
    assert import_texts(LAW, source, shelf).counts() == {"updated": 1, "unchanged": 1}
    assert shelf.words("seaweed-tea-law-2024", "1") == "海草茶要很好喝。"


def test_a_dry_run_stores_nothing(tmp_path: Path, shelf: Shelf) -> None:
    assert import_texts(LAW, write_texts(tmp_path / "in"), shelf, dry_run=True).counts() == {"added": 2}
    assert not shelf.folder.exists()


def test_a_broken_file_does_not_stop_the_rest(tmp_path: Path, shelf: Shelf) -> None:
    source = write_texts(tmp_path / "in")
    (source / "a-noise.md").write_bytes(b"\xff\xfe\x00\x01")
    (source / "b-prose.txt").write_text("没有条文。", encoding="utf-8")
    (source / "c-picture.png").write_bytes(b"\x89PNG")
    report = import_texts(LAW, source, shelf)
    assert report.counts() == {"added": 2, "skipped": 2}
    assert {Path(problem.place.file).name for problem in report.problems} == {"a-noise.md", "b-prose.txt"}
    assert all(problem.remedy for problem in report.problems)


def test_knows_a_plain_text_by_its_title_or_its_name(tmp_path: Path, shelf: Shelf) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / "下载的文件.txt").write_text(
        "海草茶法（2020年，虚构）\n\n第1条 海草茶要好喝。\n", encoding="utf-8"
    )
    (source / "seaweed-tea-law-2024.txt").write_text(
        "随便的题目\n\n第一条 海草茶要好喝。\n", encoding="utf-8"
    )
    report = import_texts(LAW, source, shelf)
    assert {item.slug for item in report.files} == {"seaweed-tea-law-2020", "seaweed-tea-law-2024"}
    assert shelf.words("seaweed-tea-law-2020", "1") == "海草茶要好喝。"


def test_a_text_nobody_can_name_is_reported(tmp_path: Path, shelf: Shelf) -> None:
    file = tmp_path / "不知是什么.txt"
    file.write_text("不知是什么\n第一条 甲。\n", encoding="utf-8")
    report = import_texts(LAW, file, shelf)
    assert report.counts() == {"skipped": 1}
    assert "cannot tell which statute" in report.problems[0].cause


@pytest.mark.parametrize("slug", ["../../outside", "/etc/x", "a/b", "A B", "..", ""])
def test_a_slug_cannot_lead_out_of_the_shelf(slug: str, tmp_path: Path, shelf: Shelf) -> None:
    file = tmp_path / "不明.md"
    file.write_text(f"---\nslug: '{slug}'\n---\n第一条　甲。\n", encoding="utf-8")
    assert import_texts(LAW, file, shelf).counts() == {"skipped": 1}
    assert not shelf.folder.exists()


def test_an_unknown_statute_is_kept_and_marked(tmp_path: Path, shelf: Shelf) -> None:
    file = tmp_path / "pepper-law.md"
    file.write_text("第一条　辣。\n", encoding="utf-8")
    (item,) = import_texts(LAW, file, shelf).files
    assert (item.outcome, item.known) == ("added", False)


def test_two_files_of_one_version_are_reported(tmp_path: Path, shelf: Shelf) -> None:
    source = write_texts(tmp_path / "in")
    (source / "sub").mkdir()
    (source / "sub" / "seaweed-tea-law-2024.txt").write_text("第一条　另一个。\n", encoding="utf-8")
    report = import_texts(LAW, source, shelf)
    assert report.counts() == {"added": 2, "skipped": 1}
    assert "already read from" in report.problems[0].cause


def test_nothing_to_import_is_an_error(tmp_path: Path, shelf: Shelf) -> None:
    with pytest.raises(InputError, match="no such folder"):
        import_texts(LAW, tmp_path / "missing", shelf)
    with pytest.raises(InputError, match="no text to import"):
        import_texts(LAW, tmp_path, shelf)


def test_a_shelf_without_the_text_says_nothing(shelf: Shelf) -> None:
    assert shelf.slugs() == ()
    assert shelf.words("seaweed-tea-law-2024", "1") is None


@pytest.mark.parametrize("content", [b"{broken", b"[]", b'{"articles": 1}'])
def test_a_damaged_shelf_names_the_file(content: bytes, tmp_path: Path, shelf: Shelf) -> None:
    import_texts(LAW, write_texts(tmp_path / "in"), shelf)
    (shelf.folder / "seaweed-tea-law-2024.json").write_bytes(content)
    with pytest.raises(LawError) as caught:
        shelf.words("seaweed-tea-law-2024", "1")
    assert "seaweed-tea-law-2024.json" in str(caught.value)
    assert shelf.words("seaweed-tea-law-2020", "1") == "海草茶要好喝。"


def test_the_shelf_belongs_to_the_user() -> None:
    assert default_shelf().parts[-2:] == ("fairstream", "statutes")


def test_holds_the_words_of_every_citation_of_the_data(statutes_folder: Path, shelf: Shelf) -> None:
    law = load_law()
    report = import_texts(law, statutes_folder, shelf)
    assert report.counts() == {"added": 79}
    assert all(item.known for item in report.files)
    for citation in law.citations():
        assert shelf.quote(law.resolve(citation)), citation
