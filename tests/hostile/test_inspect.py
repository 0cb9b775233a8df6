"""Hostile files for `fairstream inspect`: each told with its cause and remedy, the good ones inspected."""

import json
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import GIB, Call, Ended

MANIFEST = "id: room\ntitle: 夜场（虚构）\non: 2026-03-01\ninvented: true\n"
BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><i>'
MESSAGE = b'<d p="1,1,25,1,0,0,1,0" user="u">&b;</d>'


def cue(second: int, text: str = "这茶根治失眠") -> str:
    return f"1\n00:00:{second:02},000 --> 00:00:{second + 2:02},000\n{text}\n"


def quotes(out: Path) -> list[tuple[int, str]]:
    rows = [json.loads(line) for line in (out / "findings.jsonl").read_text("utf-8").splitlines()]
    return sorted((ms // 1000, row["quote"]) for row in rows for ms in row["times"])


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A broadcast with one good transcript."""
    folder = tmp_path / "room"
    folder.mkdir()
    (folder / "broadcast.yaml").write_text(MANIFEST, "utf-8")
    (folder / "a.srt").write_text(cue(1), "utf-8")
    return folder


HOSTILE: dict[str, tuple[bytes, str]] = {
    "empty.srt": (b"", "the file is empty"),
    "blank.txt": (b" \n\t\n " * 1000, "no transcript"),
    "noise.bin": (random.Random(1).randbytes(300_000), "not text in any known encoding"),
    "noise.srt": (random.Random(2).randbytes(300_000), "not text in any known encoding"),
    "noise.xml": (b"<i>" + random.Random(3).randbytes(300_000), "not text in any known encoding"),
    "zeros.xml": (bytes(1_000_000), "not text in any known encoding"),
    "bomb.xml": (BOMB + MESSAGE + b"</i>", "document type definition"),
    "deep.json": (b"[" * 200_000 + b"]" * 200_000, "no transcript, chat or listing was recognised"),
    "deeper.json": (b'{"segments":' * 100_000, "no transcript, chat or listing was recognised"),
    "book.xlsx": (b"PK\x03\x04" + b"x" * 1000, ""),
    "shot.png": (b"\x89PNG\r\n" + b"x" * 1000, "picture"),
}


class TestOneFolder:
    @pytest.mark.parametrize("name", HOSTILE)
    def test_a_hostile_file_does_not_stop_the_others(self, call: Call, room: Path, name: str) -> None:
        content, cause = HOSTILE[name]
        (room / name).write_bytes(content)
        done = call("inspect", room, "--out", "out", "--lang", "en")
        assert done.code == 1
        assert (1, "根治") in quotes(room.parent / "out")
        [line] = [line for line in done.err.splitlines() if line.strip().startswith(name)]
        assert cause in line
        assert "Remedy: " in line
        assert name in (room.parent / "out" / "report.html").read_text("utf-8")

    def test_wrong_encodings_and_cut_files_are_repaired(self, call: Call, room: Path) -> None:
        (room / "gbk.srt").write_bytes(cue(10).encode("gbk"))
        (room / "wide.srt").write_bytes(cue(20).encode("utf-16"))
        (room / "nul.srt").write_bytes(cue(30, "这茶\0根治失眠").encode())
        (room / "half.srt").write_bytes(cue(40).encode().replace("这".encode(), b"\xed\xa0\x80"))
        escaped = {"segments": [{"text": "根治\ud800", "start": 50, "end": 53}]}
        (room / "escape.json").write_text(json.dumps(escaped), "utf-8")
        (room / "cut.srt").write_bytes(cue(55).encode()[:-1])
        (room / "chat.xml").write_bytes(b'<i><d p="1,1,25,1,0,0,1,0" user="a">hi</d><d p="2,1,25" us')
        done = call("inspect", room, "--out", "out", "--lang", "en")
        assert [second for second, _ in quotes(room.parent / "out")] == [1, 10, 20, 30, 40, 50, 55]
        assert done.code in (0, 1)
        assert "1 chat messages" in done.err

    def test_surrogates_in_every_kind_of_file(self, call: Call, room: Path) -> None:
        half = "\\ud800"
        (room / "broadcast.yaml").write_text(f'id: "x{half}"\ntitle: "{half}"\non: 2026-03-01\n', "utf-8")
        (room / "chat.jsonl").write_text(f'{{"user":"a{half}","text":"根治{half}","start_ms":5}}\n', "utf-8")
        (room / "goods.json").write_text(f'[{{"title":"根治{half}","price":1,"{half}":"{half}"}}]', "utf-8")
        (room / "bytes.csv").write_bytes("标题,价格\n根治".encode() + b"\xed\xa0\x80,1\n")
        done = call("inspect", room, "--out", "out", "--json")
        assert done.code == 0
        assert json.loads(done.out)[0]["texts"] == 4

    def test_links_pipes_and_devices(self, call: Call, room: Path) -> None:
        (room / "loop.srt").symlink_to(room / "loop.srt")
        (room / "self").symlink_to(room)
        (room / "gone.srt").symlink_to(room / "nowhere.srt")
        (room / "zero.srt").symlink_to("/dev/zero")
        (room / "folder.srt").mkdir()
        os.mkfifo(room / "pipe.srt")
        done = call("inspect", room, "--out", "out", "--lang", "en")
        assert done.code == 1
        assert quotes(room.parent / "out") == [(1, "根治")]
        for name, cause in (
            ("loop.srt", "a link that leads nowhere or to itself"),
            ("gone.srt", "a link that leads nowhere or to itself"),
            ("zero.srt", "lies outside"),
            ("pipe.srt", "a folder, pipe or device"),
        ):
            assert any(name in line and cause in line for line in done.err.splitlines()), name

    def test_names_that_are_not_text(self, call: Call, room: Path) -> None:
        strange = os.fsencode(room) + b"/\xff\xfe.srt"
        with open(strange, "w", encoding="utf-8") as file:  # noqa: PTH123
            file.write(cue(20))
        done = call("inspect", room, "--out", "out", "--json")
        assert done.code == 0
        assert quotes(room.parent / "out") == [(1, "根治"), (20, "根治")]

    def test_a_folder_whose_name_is_not_text(self, call: Call, room: Path) -> None:
        strange = os.fsdecode(os.fsencode(room.parent) + b"/\xff\xfe")
        room.rename(strange)
        (Path(strange) / "broadcast.yaml").write_text("on: 2026-03-01\n", "utf-8")
        done = call("inspect", strange, "--out", f"{strange}-out", "--json")
        assert done.code == 0
        assert json.loads(done.out)[0]["findings"] == 1

    def test_a_thousand_files_of_junk(self, call: Call, room: Path) -> None:
        order = random.Random(5)
        for number in range(1000):
            suffix = ("txt", "srt", "xml", "json", "csv", "bin")[number % 6]
            (room / f"junk{number:04}.{suffix}").write_bytes(order.randbytes(number))
        done = call("inspect", room, "--out", "out", "--lang", "en")
        assert done.code == 1
        assert (1, "根治") in quotes(room.parent / "out")
        assert "left out; the report says why" in done.err
        assert len(done.err.splitlines()) < 20
        assert "more files than the limit of 500" in (room.parent / "out/report.html").read_text("utf-8")
        assert done.seconds < 20

    def test_ten_million_characters_in_a_line(self, call: Call, room: Path) -> None:
        (room / "a.txt").write_text("今天天气不错，" * 1_428_571 + "根治", "utf-8")
        done = call("inspect", room, "--out", "out", "--lang", "en")
        assert done.code in (0, 1)
        assert "根治" in {quote for _, quote in quotes(room.parent / "out")}
        assert "10,000,00" in done.err


class TestBombs:
    @pytest.fixture
    def bomb(self, room: Path) -> Iterator[Path]:
        path = room / "chat.xml"
        yield path
        path.unlink()

    def told(self, done: Ended) -> str:
        [line] = [line for line in done.err.splitlines() if line.strip().startswith("chat.xml")]
        assert "Remedy: " in line
        assert done.seconds < 15
        return line

    def test_a_gigabyte_that_begins_like_a_bomb(self, call: Call, room: Path, bomb: Path) -> None:
        with bomb.open("wb") as file:
            file.write(BOMB + MESSAGE * 10_000)
            file.truncate(GIB)
        done = call("inspect", room, "--out", "out", "--lang", "en", memory=GIB)
        assert "more than the limit of 512 MiB" in self.told(done)
        assert done.code == 1
        assert quotes(room.parent / "out") == [(1, "根治")]

    def test_a_bomb_within_the_limit(self, call: Call, room: Path, bomb: Path) -> None:
        with bomb.open("wb") as file:
            file.write(BOMB)
            for _ in range(100):
                file.write(MESSAGE * 80_000)
        assert bomb.stat().st_size > 300_000_000
        done = call("inspect", room, "--out", "out", "--lang", "en", memory=GIB)
        assert "document type definition" in self.told(done)
        assert quotes(room.parent / "out") == [(1, "根治")]


class TestNothingToInspect:
    def test_an_empty_folder(self, call: Call, tmp_path: Path) -> None:
        (tmp_path / "room").mkdir()
        done = call("inspect", "room", "--out", "out", "--on", "2026-03-01")
        assert done.code == 3
        assert "没有可检查的内容" in done.err
        assert not (tmp_path / "out").exists()

    @pytest.mark.parametrize("name", ["noise.srt", "empty.srt", "bomb.xml"])
    def test_one_hostile_file_is_told_even_when_quiet(self, call: Call, tmp_path: Path, name: str) -> None:
        (tmp_path / name).write_bytes(HOSTILE[name][0])
        done = call("inspect", name, "--out", "out", "--on", "2026-03-01", "--quiet", "--lang", "en")
        assert done.code == 3
        assert name in done.err
        assert HOSTILE[name][1] in done.err
        assert "Remedy: " in done.err

    @pytest.mark.parametrize("path", ["/proc/self/mem", "/dev/null", "/dev/zero"])
    def test_devices(self, call: Call, path: str) -> None:
        if not Path(path).exists():
            pytest.skip(f"this system has no {path}")
        done = call("inspect", path, "--out", "out", "--on", "2026-03-01")
        assert done.code == 3
        assert path in done.err

    def test_places_that_are_not_there(self, call: Call, room: Path) -> None:
        loop = room.parent / "loop"
        loop.symlink_to(loop)
        assert call("inspect", "absent", "--out", "out").code == 2
        assert call("inspect", loop, "--out", "out").code == 2
        assert call("inspect", room, "--out", room / "broadcast.yaml").code == 2
        done = call("inspect", room, "--out", loop, "--lang", "en")
        assert done.code in (2, 3)
        assert "Remedy: " in done.err or "Invalid value" in done.err

    @pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
    def test_days_no_law_knows(self, call: Call, room: Path, day: str) -> None:
        done = call("inspect", room, "--out", "out", "--on", day)
        assert done.code == 0
        assert quotes(room.parent / "out") == [(1, "根治")]

    def test_a_manifest_of_nonsense(self, call: Call, room: Path) -> None:
        (room / "broadcast.yaml").write_bytes(b"a: &a [x,x]\nb: &b [*a,*a]\n" + b"[" * 100_000)
        done = call("inspect", room, "--out", "out", "--on", "2026-03-01", "--lang", "en")
        assert done.code == 1
        assert "broadcast.yaml" in done.err
        assert quotes(room.parent / "out") == [(1, "根治")]
