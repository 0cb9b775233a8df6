"""Retention: exact last days, and that whatever is not known keeps a file."""

import os
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from fairstream.errors import FormatError
from fairstream.evidence import retention as module
from fairstream.evidence.capture import CaptureRecord, Parent, append_captures
from fairstream.evidence.retention import Declared, Kept, judge, read_declared, retention, retention_classes
from fairstream.law.resolve import load_law
from fairstream.law.texts import read_text_file

AT = datetime(2026, 3, 1, 20, 0, tzinfo=timezone(timedelta(hours=8)))
START = date(2026, 3, 1)


def record(name: str = "rec.flv", sha256: str = "a" * 64, parent: Parent | None = None) -> CaptureRecord:
    method = "cut" if parent else "received"
    return CaptureRecord(f"cap-{name}", name, sha256, 1, "王某", AT, method, "U盘", "test", parent=parent)


def one(declared: list[Declared], on: date, *records: CaptureRecord) -> Kept:
    return judge(records or (record(),), declared, on=on)[-1]


@pytest.mark.parametrize(
    ("start", "until"),
    [
        (date(2026, 3, 1), date(2029, 3, 1)),
        (date(2028, 2, 29), date(2031, 2, 28)),
        (date(2027, 2, 28), date(2030, 2, 28)),
        (date(2026, 12, 31), date(2029, 12, 31)),
    ],
)
@pytest.mark.parametrize(
    "name",
    [
        "transaction-records",
        "broadcast-video",
        "operator-records",
        "selection-records",
        "ad-file",
        "ad-user-identity",
    ],
)
def test_three_years_by_the_calendar(name: str, start: date, until: date) -> None:
    declared = [Declared("*", name, start)]
    kept = one(declared, until)
    assert (kept.until, kept.deletable, kept.start) == (until, False, start)
    after = one(declared, until + timedelta(days=1))
    assert after.deletable and f"{until + timedelta(days=1)}" in after.why[0].en
    assert kept.unverified, "the texts state no way of counting, and the report says so"


@pytest.mark.parametrize(
    "declared",
    [
        [],
        [Declared("*", "broadcast-video")],
        [Declared("*", "case-material", date(1990, 1, 1))],
        [Declared("other*", "broadcast-video", date(1990, 1, 1))],
        [Declared("*", "broadcast-video", date(2019, 1, 1)), Declared("*", hold="案号 17 未结")],
        [Declared("*", "broadcast-video", date(2019, 1, 1)), Declared("rec*", "transaction-records")],
        [Declared("*", "broadcast-video", date(2019, 1, 1)), Declared("rec*", "ad-file", START)],
    ],
)
def test_what_is_not_known_or_held_is_kept(declared: list[Declared]) -> None:
    assert not one(declared, date(2029, 3, 1)).deletable


def test_article_not_yet_in_force_is_doubted() -> None:
    kept = one([Declared("*", "selection-records", date(2025, 6, 1))], date(2026, 6, 1))
    assert kept.until == date(2028, 6, 1) and kept.unverified
    assert any("was not in force" in word.en for word in kept.why)


def test_what_was_made_from_a_file_goes_with_it() -> None:
    clip = record("clip.mp4", "b" * 64, Parent("a" * 64, "clip"))
    declared = [Declared("rec.flv", "broadcast-video", START)]
    kept = one(declared, date(2029, 3, 1), record(), clip)
    assert (kept.name, kept.until, kept.deletable) == ("clip.mp4", date(2029, 3, 1), False)
    assert one(declared, date(2029, 3, 2), record(), clip).deletable
    held = [*declared, Declared("rec.flv", hold="未结")]
    assert not one(held, date(2029, 3, 2), record(), clip).deletable
    held = [*declared, Declared("clip.mp4", hold="未结")]
    assert not one(held, date(2029, 3, 2), record(), clip).deletable
    own = [*declared, Declared("clip.mp4", "ad-file", date(2020, 1, 1))]
    assert not one(own, date(2029, 3, 1), record(), clip).deletable
    assert not one(declared, date(2040, 1, 1), clip).deletable, "its original is not known"


def test_folder_is_read_and_nothing_is_deleted(tmp_path: Path) -> None:
    append_captures(tmp_path / "captures.jsonl", [record(), record("page.wacz", "c" * 64)])
    (tmp_path / "rec.flv").write_bytes(b"x")
    (tmp_path / "retention.yaml").write_text(
        "items:\n  - files: 'rec*'\n    class: broadcast-video\n    start: 2026-03-01T23:30:00+00:00\n",
        encoding="utf-8",
    )
    first, second = retention(tmp_path, on=date(2040, 1, 1))
    assert (first.start, first.until, first.deletable) == (date(2026, 3, 2), date(2029, 3, 2), True)
    assert first.cites == ("network-transaction-measures-2025#20",)
    assert second.class_id is None and not second.deletable
    assert (tmp_path / "rec.flv").exists()
    source = Path(module.__file__).read_text(encoding="utf-8")
    assert not any(word in source for word in ("unlink", "rmtree", "os.remove", "rmdir", "truncate"))


@pytest.mark.parametrize(
    "text",
    [
        "items:\n  - class: broadcast-video\n",
        "items:\n  - files: a\n",
        "items:\n  - files: a\n    class: forever\n",
        "items:\n  - files: a\n    class: ad-file\n    start: soon\n",
        "items:\n  - files: a\n    class: ad-file\n    start: 2026-03-01T20:00:00\n",
        "delete: yes\n",
        "items: 3\n",
    ],
)
def test_wrong_declarations_are_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "retention.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FormatError, match=r"retention\.yaml"):
        read_declared(path)


def test_every_article_exists_in_the_law() -> None:
    for kind in retention_classes().values():
        for cite in kind.limit.cites if kind.limit else ():
            assert load_law().resolve(cite, date(2026, 6, 1)).version


def _shared() -> Path | None:
    named = os.environ.get("FAIRSTREAM_SHARED")
    above = (parent / "shared" for parent in Path(__file__).resolve().parents)
    return Path(named) if named else next((one for one in above if (one / "statutes").is_dir()), None)


def test_articles_say_three_years() -> None:
    """Every article cited says in the official text that something is kept for three years."""
    shared = _shared()
    if shared is None or not (shared / "statutes").is_dir():
        pytest.skip("the official texts (../shared/statutes) are not on this machine")
    for kind in retention_classes().values():
        for cite in kind.limit.cites if kind.limit else ():
            found = load_law().resolve(cite, date(2026, 6, 1))
            text = read_text_file(shared / "statutes" / f"{found.version}.md")
            words = text.articles[found.article.partition("(")[0]].words
            assert "三年" in words and "保存" in words, cite


def test_the_same_bytes_under_two_names() -> None:
    """What is held under one name is held under the other; a clip follows the name that is kept longest."""
    records = [record("a.flv"), record("b.flv"), record("clip.mp4", "c" * 64, Parent("a" * 64, "clip", 0, 1))]
    old, late = date(2019, 1, 1), date(2025, 1, 1)
    on = date(2026, 6, 1)

    def deletable(*declared: Declared) -> list[bool]:
        return [kept.deletable for kept in judge(records, declared, on=on)]

    first = Declared("a.flv", "broadcast-video", old)
    assert deletable(first) == [True, False, True]
    assert deletable(first, Declared("b.flv", hold="案号 17")) == [False, False, False]
    for names in (("a.flv", "b.flv"), ("b.flv", "a.flv")):
        both = [Declared(names[0], "broadcast-video", old), Declared(names[1], "broadcast-video", late)]
        assert [kept.until for kept in judge(records, both, on=on)][2] == date(2028, 1, 1)
        assert deletable(*both)[2] is False


def test_a_broadcast_points_to_the_other_period_of_a_platform() -> None:
    kept = one([Declared("*", "broadcast-video", START)], START)
    assert "live-ecommerce-measures-2026#16" in kept.why[-1].zh and "transaction-records" in kept.why[-1].en
