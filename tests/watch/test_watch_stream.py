import struct
import threading
import time
from pathlib import Path

import pytest

from fairstream.errors import InputError, UsageError
from fairstream.watch.growing import follow_path, form_of
from fairstream.watch.stream import Reading, check_address, follow_stream, shown_address
from fairstream.watch.timeline import Break, Ended, Event, Lost, Opened, Piece
from watch.streams import LiveList, append, film, reply, served

QUICK = Reading(silent_s=3, give_up_s=1.5, idle_s=1.0)


def events(url: str, reading: Reading = QUICK) -> list[Event]:
    return list(follow_stream(url, reading, threading.Event()))


def seconds(found: list[Event]) -> float:
    """Seconds of picture among the packets."""
    return len([one for one in found if isinstance(one, Piece) and one.video]) / 10


def test_live_list_is_read_to_its_end_without_a_break(tmp_path: Path) -> None:
    live = LiveList(tmp_path, 7)
    with served(live) as address:
        found = events(f"{address}/live.m3u8", Reading(silent_s=3, give_up_s=3, from_start=True))
    assert isinstance(found[0], Opened)
    assert found[0].container == "hls" and found[0].live
    assert found[-1] == Ended(found[-1].cause) and "ended" in found[-1].cause.en  # type: ignore[union-attr]
    assert seconds(found) == 7.0
    assert not [one for one in found if isinstance(one, Break)]


def test_list_that_fails_in_between_is_read_on_without_repeating_or_losing(tmp_path: Path) -> None:
    live = LiveList(tmp_path, 12, pace_s=0.5, window=8)
    down: list[float] = []

    def answer(to: object) -> None:
        if live.asked.count("all4.ts") and not down:
            down.append(time.monotonic())
        if down and time.monotonic() - down[0] < 1.0:
            reply(to, b"", code=503)  # type: ignore[arg-type]
            return
        live(to)  # type: ignore[arg-type]

    with served(answer) as address:
        found = events(f"{address}/live.m3u8", Reading(silent_s=3, give_up_s=6, from_start=True))
    pieces = [one for one in found if isinstance(one, Piece) and one.video]
    positions = [round(one.position, 3) for one in pieces]
    assert positions == sorted(set(positions))
    lost = sum(one.to_at - one.from_at for one in found if isinstance(one, Break) and one.missing)
    assert 12.0 - seconds(found) == pytest.approx(lost, abs=0.3)


def test_flv_that_breaks_off_is_connected_to_again_and_the_gap_is_told(tmp_path: Path) -> None:
    whole = film(tmp_path / "whole.flv", 6, form="flv").read_bytes()
    parts = [flv_from(whole, 0, 2000), flv_from(whole, 4000, 9000)]

    def answer(to: object) -> None:
        if parts:
            reply(to, parts.pop(0), "video/x-flv")  # type: ignore[arg-type]
        else:
            reply(to, b"", code=404)  # type: ignore[arg-type]

    with served(answer) as address:
        begun = time.time()
        found = events(f"{address}/live.flv")
    breaks = [one for one in found if isinstance(one, Break)]
    lost = [one for one in found if isinstance(one, Lost)]
    assert [one.missing for one in breaks] == [True]
    assert breaks[0].to_at - breaks[0].from_at == pytest.approx(2.0, abs=0.2)
    assert begun - 3 < breaks[0].from_at < time.time()
    assert lost[0].attempt == 1 and len(lost) >= 2
    assert isinstance(found[-1], Ended) and "could not be reached" in found[-1].cause.en
    assert seconds(found) == pytest.approx(4.0, abs=0.2)


def flv_from(data: bytes, first_ms: int, last_ms: int) -> bytes:
    """The head of an FLV file, its codec settings, and the tags from one time to another."""
    out, at = data[:13], 13
    while at + 11 <= len(data):
        size = int.from_bytes(data[at + 1 : at + 4], "big")
        stamp = int.from_bytes(data[at + 4 : at + 7], "big") | data[at + 7] << 24
        settings = data[at] == 18 or (data[at] in (8, 9) and data[at + 12] == 0)
        if settings or first_ms <= stamp < last_ms:
            out += data[at : at + 15 + size]
        at += 15 + size
    return out


def test_page_instead_of_a_stream_is_refused_at_once() -> None:
    page = b"<!DOCTYPE html><html><body><video src='x.m3u8'></video></body></html>" * 20
    with served(lambda to: reply(to, page)) as address, pytest.raises(InputError) as refused:
        events(f"{address}/live.m3u8")
    assert "no stream that can be read" in str(refused.value)
    assert "a page's" in str(refused.value.remedy)


@pytest.mark.parametrize(("code", "said"), [(404, "404"), (403, "403"), (401, "login")])
def test_refusals_are_told_at_once(code: int, said: str) -> None:
    begun = time.monotonic()
    with served(lambda to: reply(to, b"no", code=code)) as address, pytest.raises(InputError, match=said):
        events(f"{address}/live.flv")
    assert time.monotonic() - begun < 1.5


def test_redirects_without_end_are_given_up() -> None:
    asked: list[str] = []

    def answer(to: object) -> None:
        asked.append(to.path)  # type: ignore[attr-defined]
        to.send_response(302)  # type: ignore[attr-defined]
        to.send_header("Location", f"/again{len(asked)}")  # type: ignore[attr-defined]
        to.send_header("Content-Length", "0")  # type: ignore[attr-defined]
        to.end_headers()  # type: ignore[attr-defined]

    with served(answer) as address, pytest.raises(InputError):
        events(f"{address}/live.flv")
    assert len(asked) <= 40


@pytest.mark.parametrize("form", ["file://{}", "{}", "concat:{}", "subfile,,start,0,end,0,,:{}"])
def test_playlist_cannot_make_the_watch_read_a_file_of_this_machine(tmp_path: Path, form: str) -> None:
    secret = film(tmp_path / "secret.ts", 2)
    entry = form.format(secret)
    text = f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1.0,\n{entry}\n#EXTINF:1.0,\n{entry}\n#EXT-X-ENDLIST\n"
    asked: list[str] = []

    def answer(to: object) -> None:
        asked.append(to.path)  # type: ignore[attr-defined]
        is_list = to.path == "/live.m3u8"  # type: ignore[attr-defined]
        reply(to, text.encode() if is_list else b"", "application/vnd.apple.mpegurl", 200 if is_list else 404)  # type: ignore[arg-type]

    with served(answer) as address:
        try:
            found = events(f"{address}/live.m3u8")
        except InputError:
            found = []
    assert not [one for one in found if isinstance(one, Piece)]
    assert asked[0] == "/live.m3u8"


def test_unsilent_server_that_sends_nothing_is_given_up() -> None:
    def answer(to: object) -> None:
        to.send_response(200)  # type: ignore[attr-defined]
        to.end_headers()  # type: ignore[attr-defined]
        time.sleep(2.5)

    begun = time.monotonic()
    with served(answer) as address, pytest.raises(InputError):
        events(f"{address}/live.flv", Reading(silent_s=1, give_up_s=1))
    assert time.monotonic() - begun < 12


@pytest.mark.parametrize("url", ["file:///etc/passwd", "concat:a|b", "ftp://a/b", "http:///x", "data://x"])
def test_other_addresses_are_called_wrong(url: str) -> None:
    with pytest.raises(UsageError):
        check_address(url, Reading())


@pytest.mark.parametrize("line", ["X: a\r\nHost: b", "no colon", "Bad Name: x", "X: \0"])
def test_headers_cannot_carry_others(line: str) -> None:
    with pytest.raises(UsageError):
        check_address("http://127.0.0.1/a", Reading(headers=(line,)))


def test_headers_are_sent_as_given_and_not_shown() -> None:
    got: list[tuple[str | None, str | None, str | None]] = []

    def answer(to: object) -> None:
        head = to.headers  # type: ignore[attr-defined]
        got.append((head["X-Case"], head["Cookie"], head["User-Agent"]))
        reply(to, b"", code=404)  # type: ignore[arg-type]

    reading = Reading(("X-Case: 17",), "Inspector/1", "a=b; c=d", give_up_s=1)
    with served(answer) as address, pytest.raises(InputError) as refused:
        events(f"{address}/live.flv", reading)
    assert got[0] == ("17", "a=b; c=d", "Inspector/1")
    assert "a=b" not in str(refused.value)
    assert shown_address("http://me:secret@h.example:81/a?b") == "http://h.example:81/a?b"


def test_growing_file_is_followed_to_where_it_stops_growing(tmp_path: Path) -> None:
    data = film(tmp_path / "whole.ts", 4).read_bytes()
    path = tmp_path / "live.ts"
    path.write_bytes(b"")
    writer = append(data, path, steps=16, pause_s=0.25)
    found = list(follow_path(path, QUICK, threading.Event()))
    writer.join()
    assert seconds(found) == 4.0
    assert isinstance(found[-1], Ended)
    positions = [one.anchor.wall(one.end) for one in found if isinstance(one, Piece)]
    assert max(positions) == pytest.approx(path.stat().st_mtime, abs=1.5)


@pytest.mark.parametrize(("form", "name", "options"), [
    ("flv", "a.flv", {}), ("matroska", "a.mkv", {}), ("mp4", "b.mp4", {}),
    ("mp4", "a.mp4", {"movflags": "frag_keyframe+empty_moov"}),
])  # fmt: skip
def test_forms_of_files(tmp_path: Path, form: str, name: str, options: dict[str, str]) -> None:
    path = film(tmp_path / name, 2, form=form, options=options)
    assert form_of(path.read_bytes()[:189]) == form
    assert seconds(list(follow_path(path, QUICK, threading.Event()))) == 2.0


def test_folder_is_followed_file_by_file_and_the_last_one_grows(tmp_path: Path) -> None:
    folder = tmp_path / "rec"
    folder.mkdir()
    (folder / "room_2026-03-01_20-00-00_000.ts").write_bytes(film(tmp_path / "a.ts", 2).read_bytes())
    (folder / "notes.txt").write_text("no recording")
    (folder / "room_2026-03-01_20-00-00_001.ts").write_bytes(b"")
    data = film(tmp_path / "b.ts", 3).read_bytes()
    writer = append(data, folder / "room_2026-03-01_20-00-00_001.ts", steps=6, pause_s=0.2)
    found = list(follow_path(folder, QUICK, threading.Event()))
    writer.join()
    assert seconds(found) == 5.0
    first = next(one for one in found if isinstance(one, Piece))
    assert first.anchor.time_from == "file_name"
    assert first.anchor.wall(first.position) == 1772366400.0
    assert len([one for one in found if isinstance(one, Break)]) == 1


def test_file_of_a_folder_that_is_no_recording_is_named_and_left_out(tmp_path: Path) -> None:
    (tmp_path / "1.ts").write_text("<html>")
    film(tmp_path / "2.ts", 1)
    found = list(follow_path(tmp_path, QUICK, threading.Event()))
    assert [one.cause.en for one in found if isinstance(one, Lost)] == [
        "1.ts is no recording and is left out"
    ]
    assert seconds(found) == 1.0


def test_file_that_is_no_recording_is_refused(tmp_path: Path) -> None:
    for name, data in (("a.ts", b"#EXTM3U\nfile:///etc/passwd\n"), ("b.flv", b"<html>"), ("c.ts", b"")):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(InputError):
            list(follow_path(tmp_path / name, QUICK, threading.Event()))
    with pytest.raises(InputError, match="no such file"):
        list(follow_path(tmp_path / "none.ts", QUICK, threading.Event()))


def test_noise_behind_the_head_of_a_recording_ends_quietly(tmp_path: Path) -> None:
    path = tmp_path / "a.flv"
    path.write_bytes(b"FLV\x01\x05" + struct.pack(">II", 9, 0) + bytes(range(256)) * 40)
    try:
        found = list(follow_path(path, QUICK, threading.Event()))
    except InputError:
        return
    assert seconds(found) == 0


def test_stop_ends_a_silent_watch_at_once(tmp_path: Path) -> None:
    film(tmp_path / "a.ts", 1)
    stop = threading.Event()
    threading.Timer(1.0, stop.set).start()
    begun = time.monotonic()
    found = list(follow_path(tmp_path / "a.ts", Reading(idle_s=60), stop))
    assert time.monotonic() - begun < 2.5
    assert isinstance(found[-1], Ended) and "as asked" in found[-1].cause.en
