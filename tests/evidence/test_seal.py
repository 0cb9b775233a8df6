"""Sealing: what goes in, what is refused, and that nothing is ever half done."""

import hashlib
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from evidence.cases import AT, WHO, make_case, order, plain_check, record, sealed_case, sha256sum
from fairstream.errors import FairstreamError, InputError, UsageError
from fairstream.evidence.capture import CAPTURES, Parent, append_captures, read_captures
from fairstream.evidence.custody import CUSTODY, CustodyLog
from fairstream.evidence.seal import plan, seal
from fairstream.evidence.verifier import verify

TAG_FILES = {
    "VERIFY.txt", "bag-info.txt", "bagit.txt", "index.en.html", "index.zh.html", "manifest-sha256.txt",
    "tagmanifest-sha256.txt", "verify.py",
}  # fmt: skip


def inside(package: Path) -> set[str]:
    return {path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file()}


def test_a_package_holds_everything_and_is_a_bag(tmp_path: Path) -> None:
    sealed = sealed_case(tmp_path)
    package = tmp_path / "package"
    payload = {
        "rec 50=25.flv", "聊天.txt", "clips/1.mp4", "report.html", "findings.jsonl", "spoken.jsonl",
        CAPTURES, CUSTODY,
    }  # fmt: skip
    assert inside(package) == TAG_FILES | {f"data/{name}" for name in payload}
    assert (package / "bagit.txt").read_text() == "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    assert (package / "data/rec 50=25.flv").read_bytes() == (tmp_path / "case/rec 50%.flv").read_bytes()
    assert sealed.files == len(payload)
    assert plain_check(package)
    report = verify(package)
    assert report.whole
    assert report.notes == ()
    assert report.fingerprint == sealed.fingerprint
    assert report.fingerprint == hashlib.sha256((package / "tagmanifest-sha256.txt").read_bytes()).hexdigest()


def test_bag_info_says_who_when_and_where_custody_ended(tmp_path: Path) -> None:
    sealed_case(tmp_path, case="2026-17\n号")
    lines = (tmp_path / "package/bag-info.txt").read_text(encoding="utf-8").splitlines()
    info = dict(line.split(": ", 1) for line in lines)
    assert info["Contact-Name"] == WHO
    assert info["External-Identifier"] == "2026-17 号"
    assert info["Sealed-At"] == "2026-03-01T20:30:05+08:00"
    payload = [path for path in (tmp_path / "package/data").rglob("*") if path.is_file()]
    assert info["Payload-Oxum"] == f"{sum(path.stat().st_size for path in payload)}.{len(payload)}"
    chain = CustodyLog(tmp_path / "package/data" / CUSTODY).check()
    assert info["Custody-Head"] == f"{chain.entries} {chain.head} data/custody.jsonl"


def test_files_without_a_record_get_one_and_it_says_so(tmp_path: Path) -> None:
    sealed = sealed_case(tmp_path)
    assert sealed.found == ["聊天.txt"]
    records = {one.name: one for one in read_captures(tmp_path / "package/data" / CAPTURES).records}
    assert (records["聊天.txt"].method, records["report.html"].method) == ("found", "written")
    assert records["聊天.txt"].note == "no capture record until sealing"
    assert records["report.html"].note == ""
    assert records["rec 50%.flv"].method == "recorded"
    assert read_captures(tmp_path / "case" / CAPTURES).records == tuple(records.values())
    again = seal(order(tmp_path / "case", tmp_path / "second"))
    assert again.found == []


def test_the_custody_log_tells_of_the_sealing_before_and_after(tmp_path: Path) -> None:
    sealed = sealed_case(tmp_path)
    living = CustodyLog(tmp_path / "case" / CUSTODY).entries()
    packed = CustodyLog(tmp_path / "package/data" / CUSTODY).entries()
    assert living[: len(packed)] == packed
    assert [entry.action for entry in packed] == ["capture", "seal", "capture", "seal"]
    (last,) = living[len(packed) :]
    assert (last.action, last.subject.sha256, last.who) == ("seal", sealed.fingerprint, WHO)


def test_a_zip_holds_the_same_and_is_the_same_each_time(tmp_path: Path) -> None:
    sealed = sealed_case(tmp_path, "package.zip")
    with zipfile.ZipFile(tmp_path / "package.zip") as archive:
        infos = archive.infolist()
        assert {info.compress_type for info in infos} == {zipfile.ZIP_STORED}
        assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.filename.split("/")[0] for info in infos} == {"package"}
        archive.extractall(tmp_path)
    assert verify(tmp_path / "package.zip").whole
    assert verify(tmp_path / "package").whole, "unpacked, against the receipt of the zip"
    assert verify(tmp_path / "package").notes == ()
    assert sha256sum("package.zip.sha256", tmp_path).returncode == 0
    receipt = (tmp_path / "package.zip.sha256").read_text()
    assert receipt.splitlines()[0] == f"{sealed.fingerprint}  package/tagmanifest-sha256.txt"


def test_nothing_is_written_over(tmp_path: Path) -> None:
    sealed_case(tmp_path)
    before = (tmp_path / "package/bag-info.txt").read_bytes()
    with pytest.raises(UsageError, match="never overwritten"):
        seal(order(tmp_path / "case", tmp_path / "package"))
    (tmp_path / "other.sha256").write_text("a receipt of something else")
    with pytest.raises(UsageError, match="never overwritten"):
        seal(order(tmp_path / "case", tmp_path / "other"))
    (tmp_path / "dead").symlink_to("nowhere")
    with pytest.raises(UsageError, match="never overwritten"):
        seal(order(tmp_path / "case", tmp_path / "dead"))
    assert (tmp_path / "package/bag-info.txt").read_bytes() == before


@pytest.mark.parametrize("name", ["-package", "pack\nage", "50%", "a\\b", "caf\udce9"])
def test_names_that_would_not_verify_everywhere_are_refused(tmp_path: Path, name: str) -> None:
    folder = make_case(tmp_path)
    with pytest.raises(UsageError, match="characters"):
        seal(order(folder, tmp_path / name))


def test_a_package_cannot_lie_in_its_own_folder_nor_in_none(tmp_path: Path) -> None:
    folder = make_case(tmp_path)
    with pytest.raises(UsageError, match="lies in the folder"):
        seal(order(folder, folder / "package"))
    with pytest.raises(UsageError, match="no such folder"):
        seal(order(folder, tmp_path / "none" / "package"))
    with pytest.raises(UsageError, match="no such folder"):
        seal(order(tmp_path / "none", tmp_path / "package"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="holds no file"):
        seal(order(tmp_path / "empty", tmp_path / "package"))
    with pytest.raises(UsageError, match="person"):
        seal(replace(order(folder, tmp_path / "package"), who=" "))


def left_behind(tmp_path: Path) -> list[str]:
    return [path.name for path in tmp_path.iterdir() if path.name not in ("case", "secret")]


@pytest.mark.parametrize(("kind", "cause"), [
    ("out", "out of the folder"), ("folder", "leads to a folder"), ("dead", "leads nowhere"),
    ("loop", "leads nowhere"), ("pipe", "a device or a pipe"),
])  # fmt: skip
def test_links_and_pipes_are_refused_by_name(tmp_path: Path, kind: str, cause: str) -> None:
    folder = make_case(tmp_path)
    (tmp_path / "secret").write_text("not evidence")
    odd = folder / "odd"
    if kind == "pipe":
        os.mkfifo(odd)
    else:
        odd.symlink_to({"out": "../secret", "folder": "clips", "dead": "none", "loop": "odd"}[kind])
    with pytest.raises(InputError, match=cause) as caught:
        seal(order(folder, tmp_path / "package"))
    assert caught.value.file == "odd"
    assert left_behind(tmp_path) == []


def test_a_link_inside_the_folder_becomes_a_file(tmp_path: Path) -> None:
    folder = make_case(tmp_path)
    (folder / "again.mp4").symlink_to("clips/1.mp4")
    seal(order(folder, tmp_path / "package"))
    packed = tmp_path / "package/data/again.mp4"
    assert packed.read_bytes() == b"clip" * 100
    assert not packed.is_symlink()


def test_odd_names_are_packed_and_still_verify(tmp_path: Path) -> None:
    folder = make_case(tmp_path)
    names = [
        b"caf\xe9.txt",
        b"two\nlines.txt",
        "空 格.txt".encode(),
        ("长" * 80).encode(),
        b"A.txt",
        b"a.txt",
        b" x ",
    ]
    for number, name in enumerate(names):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(b"%d" % number)
    seal(order(folder, tmp_path / "package"))
    seal(order(folder, tmp_path / "package2.zip"))
    assert plain_check(tmp_path / "package")
    assert verify(tmp_path / "package").whole
    assert verify(tmp_path / "package2.zip").whole
    packed = inside(tmp_path / "package")
    assert {
        "data/caf=E9.txt",
        "data/two=0Alines.txt",
        "data/空 格.txt",
        "data/A.txt",
        "data/a-2.txt",
        "data/ x=20",
    } <= packed
    records = {one.name for one in read_captures(folder / CAPTURES).records}
    assert {"caf=E9.txt", "two\nlines.txt"} <= records


def test_an_original_that_changed_since_it_came_in_is_refused(tmp_path: Path) -> None:
    folder = make_case(tmp_path)
    with (folder / "rec 50%.flv").open("ab") as file:
        file.write(b"more")
    with pytest.raises(InputError, match="not what was captured on 2026-03-01 20:30") as caught:
        seal(order(folder, tmp_path / "package"))
    assert caught.value.file == "rec 50%.flv"
    assert left_behind(tmp_path) == []
    assert CustodyLog(folder / CUSTODY).entries()[-1].detail.startswith("not sealed: rec 50%.flv")
    append_captures(folder / CAPTURES, [record(folder / "rec 50%.flv", "rec 50%.flv", method="recorded")])
    sealed = seal(order(folder, tmp_path / "package"))
    assert [name for name, _ in sealed.absent] == ["rec 50%.flv"], (
        "the bytes as received are not in the package"
    )


def test_a_result_made_anew_is_no_change_of_an_original(tmp_path: Path) -> None:
    sealed_case(tmp_path, "first")
    (tmp_path / "case/report.html").write_text("another report")
    assert seal(order(tmp_path / "case", tmp_path / "second")).found == []
    records = read_captures(tmp_path / "second/data" / CAPTURES).records
    assert [one.method for one in records if one.name == "report.html"] == ["written", "written"]
    assert verify(tmp_path / "second").whole


def test_a_result_may_bear_the_name_of_something_that_came_in(tmp_path: Path) -> None:
    """`inspect --out` writes screen.jsonl beside records about the broadcast's own screen.jsonl."""
    folder, came = make_case(tmp_path), tmp_path / "screen.jsonl"
    came.write_text("as received\n")
    append_captures(folder / CAPTURES, [record(came, "screen.jsonl")])
    (folder / "screen.jsonl").write_text("as read\n")
    sealed = seal(order(folder, tmp_path / "package", originals=(came,)))
    assert (sealed.absent, "screen.jsonl" in sealed.found) == ([], False)
    assert (tmp_path / "package/data/originals/screen.jsonl").read_text() == "as received\n"
    assert (tmp_path / "package/data/screen.jsonl").read_text() == "as read\n"
    assert verify(tmp_path / "package").whole


def test_a_broken_custody_log_is_not_sealed_as_if_it_were_whole(tmp_path: Path) -> None:
    folder = make_case(tmp_path)
    log = folder / CUSTODY
    log.write_bytes(log.read_bytes().replace("王".encode(), "汪".encode()))
    with pytest.raises(InputError, match="custody log is broken") as caught:
        seal(order(folder, tmp_path / "package"))
    assert caught.value.line == 1
    assert left_behind(tmp_path) == []
    log.rename(folder / "custody.broken.jsonl")
    seal(order(folder, tmp_path / "package"))
    assert verify(tmp_path / "package").whole


def test_originals_that_lie_elsewhere_are_found_by_their_hash(tmp_path: Path) -> None:
    folder, disk = make_case(tmp_path), tmp_path / "disk"
    (disk / "deep").mkdir(parents=True)
    whole = (folder / "rec 50%.flv").rename(disk / "deep" / "renamed.flv")
    (disk / "unrelated.flv").write_bytes(b"x")
    (disk / "alone.txt").write_bytes(b"y")
    sealed = seal(order(folder, tmp_path / "package", originals=(disk, disk / "alone.txt")))
    assert sealed.absent == []
    assert sealed.unasked == (disk / "alone.txt",)
    assert (tmp_path / "package/data/originals/rec 50=25.flv").read_bytes() == whole.read_bytes()
    assert verify(tmp_path / "package").notes == ()


def test_a_record_cannot_lead_an_original_out_of_the_package(tmp_path: Path) -> None:
    folder, came = make_case(tmp_path), tmp_path / "came.txt"
    came.write_text("x")
    append_captures(folder / CAPTURES, [record(came, "../../../came.txt")])
    seal(order(folder, tmp_path / "package", originals=(came,)))
    assert "data/originals/.=2E/.=2E/.=2E/came.txt" in inside(tmp_path / "package")
    assert verify(tmp_path / "package").whole


def test_originals_that_are_nowhere_are_listed_by_hash(tmp_path: Path) -> None:
    folder = make_case(tmp_path)
    (digest,) = {one.sha256 for one in read_captures(folder / CAPTURES).records if one.original}
    (folder / "rec 50%.flv").unlink()
    sealed = seal(order(folder, tmp_path / "package"))
    assert sealed.absent == [("rec 50%.flv", digest)]
    report = verify(tmp_path / "package")
    assert report.whole
    assert [(note.code, note.file, note.detail) for note in report.notes] == [
        ("absent", "rec 50%.flv", digest)
    ]
    assert digest in (tmp_path / "package/index.en.html").read_text(encoding="utf-8")


def test_without_originals_only_hashes_of_them_go_out(tmp_path: Path) -> None:
    sealed = sealed_case(tmp_path, with_originals=False)
    assert [name for name, _ in sealed.left_out] == ["rec 50%.flv", "聊天.txt"]
    assert "data/clips/1.mp4" in inside(tmp_path / "package")
    assert not {name for name in inside(tmp_path / "package") if name.endswith((".flv", "聊天.txt"))}
    report = verify(tmp_path / "package")
    assert report.whole
    assert [note.code for note in report.notes] == ["absent", "absent"]


def test_an_original_known_only_as_parent_is_found_too(tmp_path: Path) -> None:
    folder = make_case(tmp_path)
    elsewhere = tmp_path / "other.flv"
    elsewhere.write_bytes(b"other recording")
    digest = hashlib.sha256(b"other recording").hexdigest()
    (folder / "clips/2.mp4").write_bytes(b"clip 2")
    clip = record(folder / "clips/2.mp4", "clips/2.mp4", method="cut", parent=Parent(digest, "clip", 0, 1))
    append_captures(folder / CAPTURES, [clip])
    missing = seal(order(folder, tmp_path / "first"))
    assert missing.absent == [("", digest)]
    assert [one.code for one in verify(tmp_path / "first").troubles] == ["relation"]
    assert seal(order(folder, tmp_path / "second", originals=(elsewhere,))).absent == []
    assert verify(tmp_path / "second").whole


def test_a_plan_reads_everything_and_writes_nothing(tmp_path: Path) -> None:
    folder = make_case(tmp_path)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    found = plan(order(folder, tmp_path / "package"))
    assert (found.files, found.found) == (8, ["聊天.txt"])
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert left_behind(tmp_path) == []
    (folder / "rec 50%.flv").write_bytes(b"")
    with pytest.raises(InputError, match="not what was captured"):
        plan(order(folder, tmp_path / "package"))


def test_a_file_that_grows_while_it_is_copied_stops_the_sealing(tmp_path: Path) -> None:
    folder = make_case(tmp_path)
    growing = folder / "聊天.txt"

    def grow(_: int) -> None:
        with growing.open("ab") as file:
            file.write(b"more" * 10)

    growing.write_bytes(b"x" * 3_000_000)
    with pytest.raises(InputError, match="changed while it was copied"):
        seal(order(folder, tmp_path / "package"), progress=grow)
    assert left_behind(tmp_path) == []


def test_progress_counts_every_byte(tmp_path: Path) -> None:
    folder, seen = make_case(tmp_path), []
    sealed = seal(order(folder, tmp_path / "package"), progress=seen.append)
    assert sum(seen) >= sealed.bytes


def test_a_torn_capture_record_is_told_and_packed_as_it_is(tmp_path: Path) -> None:
    folder = make_case(tmp_path)
    with (folder / CAPTURES).open("ab") as file:
        file.write(b'{"id":"cap-9')
    sealed = seal(order(folder, tmp_path / "package"))
    assert [problem.place.line for problem in sealed.problems] == [3]
    assert b'{"id":"cap-9\n' in (tmp_path / "package/data" / CAPTURES).read_bytes()
    assert [note.code for note in verify(tmp_path / "package").notes] == ["torn"]


def test_logs_of_folders_inside_are_packed_and_followed_too(tmp_path: Path) -> None:
    folder = make_case(tmp_path)
    (folder / "night").mkdir()
    CustodyLog(folder / "night" / CUSTODY).add("read", "a", who=WHO, at=AT)
    seal(order(folder, tmp_path / "package"))
    report = verify(tmp_path / "package")
    assert report.whole
    assert report.entries == 5


def test_a_disk_without_room_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_case(tmp_path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        seal(order(folder, tmp_path / "package.zip"), progress=full)
    assert left_behind(tmp_path) == []
    with pytest.raises(FairstreamError):
        seal(order(folder, tmp_path / "none" / "x"))


SLOW = """
import sys, time
from pathlib import Path
from evidence.cases import order
from fairstream.evidence.seal import seal

def wait(count):
    print(count, flush=True)
    time.sleep(30)

seal(order(Path(sys.argv[1]), Path(sys.argv[2])), progress=wait)
"""


def test_killed_while_sealing_there_is_no_package_and_the_next_sealing_works(tmp_path: Path) -> None:
    folder, out = make_case(tmp_path), tmp_path / "package"
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-c", SLOW, str(folder), str(out)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as sealing:
        assert sealing.stdout is not None
        assert sealing.stdout.readline().strip().isdigit()
        sealing.kill()
    (left,) = left_behind(tmp_path)
    assert left.startswith(".package.")
    assert left.endswith(".sealing")
    seal(order(folder, out))
    assert verify(out).whole
    details = [entry.detail for entry in CustodyLog(folder / CUSTODY).entries() if entry.action == "seal"]
    assert [detail.split()[0] for detail in details] == ["begun", "begun", "6", "sealed:"], (
        "the first never ended"
    )


def test_a_file_laid_among_the_clips_is_not_taken_for_ours(tmp_path: Path) -> None:
    folder = make_case(tmp_path)
    (folder / "clips").mkdir(exist_ok=True)
    (folder / "clips/other.mp4").write_bytes(b"laid here by somebody")
    assert "clips/other.mp4" in seal(order(folder, tmp_path / "package")).found
    records = {one.name: one.method for one in read_captures(tmp_path / "package/data" / CAPTURES).records}
    assert records["clips/other.mp4"] == "found"
