import threading
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from fairstream.inspect.broadcast import inspect_broadcast
from fairstream.law.resolve import load_law
from fairstream.records import CHINA, Box, ChatMessage, Utterance
from fairstream.sources.crowd import Crowd
from fairstream.sources.folder import read_folder
from fairstream.sources.media import Frame
from fairstream.sources.ocr.cards import Seen
from fairstream.watch.chat import ChatTail
from fairstream.watch.findings import LiveFindings
from fairstream.watch.hearing import Backlog
from fairstream.watch.live import Asked, Senses, Watch
from fairstream.watch.stream import Reading
from fairstream.watch.timeline import Anchor, Piece
from watch.streams import LiveList, ToneEars, film, scanner, served

QUICK = Reading(silent_s=3, give_up_s=2, idle_s=1.0, from_start=True)
EXAMPLES = Path(__file__).parents[2] / "examples" / "broadcasts"
START = 1772366400.0


def watched(source: str | Path, out: Path, ears: ToneEars, **keys: Any) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    asked = Asked(str(source), out, "王某（虚构）", QUICK, 2, **keys)
    watch = Watch(asked, lambda: Senses(scanner(), ears), show=lambda found, data: lines.extend(found))
    watch.run(threading.Event())
    written = (out / "events.jsonl").read_bytes().splitlines()[-len(lines) :]
    assert [orjson.loads(line) for line in written] == [orjson.loads(orjson.dumps(line)) for line in lines]
    return lines


def of(lines: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [line for line in lines if line["kind"] == kind]


def test_words_and_findings_come_while_the_stream_runs(tmp_path: Path) -> None:
    ears = ToneEars("大家好", "我们是全国第一的品牌")
    scanner().scan([])
    with served(LiveList(tmp_path, 6, pace_s=1.0)) as address:
        lines = watched(f"{address}/live.m3u8", tmp_path / "out", ears)
    said = of(lines, "utterance")
    assert [line["text"] for line in said[:2]] == ["大家好", "我们是全国第一的品牌"]
    # The tones stand in the second half of every second.
    assert [line["start_ms"] % 1000 for line in said] == pytest.approx([500] * len(said), abs=60)
    found = of(lines, "finding")
    assert "全国第一" in {line["quote"] for line in found}
    rule = next(line["rule"] for line in found if line["quote"] == "全国第一")
    assert [line["repeat"] for line in found if line["rule"] == rule][:3] == [1, 2, 3]
    first = next(number for number, line in enumerate(lines) if line["kind"] == "finding")
    assert first < max(number for number, line in enumerate(lines) if line["kind"] == "segment")
    assert all(0 <= line["delay_ms"] < 8000 for line in said)
    assert all(datetime.fromisoformat(line["at"]).utcoffset() for line in lines)
    assert of(lines, "status")[-1]["unheard"] == []


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir()))
def test_live_findings_are_those_of_inspection(name: str) -> None:
    broadcast = read_folder(EXAMPLES / name)
    spoken = tuple(one for one in broadcast.utterances if one.start_ms is not None)
    assert spoken
    bare = replace(
        broadcast, utterances=spoken, listings=(), shops=(), parties=(), chat=broadcast.chat[:300],
        started_at=broadcast.started_at or datetime.fromtimestamp(START, CHINA),
    )  # fmt: skip
    assert bare.started_at
    inspected = inspect_broadcast(bare, scanner(), load_law()).findings
    live = LiveFindings(scanner(), started_at=bare.started_at, on=bare.on, name=bare.id)
    standing: dict[str, int] = {}
    for utterance in spoken:
        for told in live.heard([utterance]):
            if told.withdrawn:
                del standing[told.finding.id]
            else:
                assert told.finding.id not in standing
                standing.pop(told.replaces or "", None)
                standing[told.finding.id] = told.repeat
    for told in (*live.seen(bare.screen), *live.wrote(bare.chat)):
        standing[told.finding.id] = told.repeat
    assert len(standing) == sum(
        1 if one.finding.medium == "screen" else len(one.occurrences) for one in inspected
    )
    assert {one.finding.id for one in inspected} <= set(standing)


def test_phrase_that_goes_on_replaces_what_was_told_of_it() -> None:
    at = datetime.fromtimestamp(START, CHINA)
    live = LiveFindings(scanner(), started_at=at, on=at.date(), name="x")
    told = live.heard([Utterance("u0", "这款阿胶糕是全国第一", 0, 900)])
    more = live.heard([Utterance("u1", "大品牌", 1000, 1900)])
    assert [(one.finding.quote, one.replaces) for one in told] == [("全国第一", None)]
    assert [(one.finding.quote, one.replaces) for one in more] == [("全国第一大", told[0].finding.id)]


def test_findings_that_later_words_explain_away_are_withdrawn() -> None:
    at = datetime.fromtimestamp(START, CHINA)
    live = LiveFindings(scanner(), started_at=at, on=at.date(), name="x")
    words = ["全国第一", "这种话是绝对化用语我们绝对不能说"]
    said = [Utterance(f"u{n}", text, n * 1000, n * 1000 + 900) for n, text in enumerate(words)]
    first, then = live.heard(said[:1]), live.heard(said[1:])
    at_once = LiveFindings(scanner(), started_at=at, on=at.date(), name="x").heard(said)
    assert first and not at_once
    assert [(one.finding.id, one.withdrawn) for one in then] == [(one.finding.id, True) for one in first]


def piece(number: int, anchor: Anchor) -> Piece:
    from fractions import Fraction

    return Piece(1, False, b"x", number, number, 1, Fraction(1), True, START + number, float(number), anchor)


def test_recording_never_waits_for_hearing_and_what_is_left_out_is_listed() -> None:
    backlog, anchor = Backlog(most_s=5, enough_s=2), Anchor(zero=START)
    for number in range(20):
        backlog.put(piece(number, anchor))
    assert backlog.behind and backlog.waiting_s == 5
    taken = [backlog.take() for _ in range(3)]
    assert [one.position for one in taken if isinstance(one, Piece)] == [0, 1, 2]
    backlog.put(piece(20, anchor))
    assert not backlog.behind
    backlog.close()
    rest = [one.position for one in iter(backlog.take, None) if isinstance(one, Piece)]
    assert rest == [3, 4, 20]
    assert backlog.skipped == [(START + 5, START + 20)]


def test_slow_ears_on_a_live_stream_are_told_and_cost_no_recording(tmp_path: Path) -> None:
    import fairstream.watch.live as live_module

    class Small(Backlog):
        def __init__(self, *, wait: bool = False) -> None:
            super().__init__(most_s=1.5, enough_s=0.5, wait=wait)

    usual = live_module.Backlog
    live_module.Backlog = Small  # type: ignore[misc]
    try:
        with served(LiveList(tmp_path, 8, pace_s=0.4)) as address:
            lines = watched(f"{address}/live.m3u8", tmp_path / "out", ToneEars(slow_s=0.25))
    finally:
        live_module.Backlog = usual  # type: ignore[misc]
    states = [line["state"] for line in of(lines, "status")]
    assert "behind" in states
    unheard = of(lines, "status")[-1]["unheard"]
    assert unheard and sum(one["seconds"] for one in unheard) > 1
    assert sum(line["duration_ms"] for line in of(lines, "segment")) == pytest.approx(8000, abs=1000)


def test_ears_that_fail_do_not_stop_the_recording(tmp_path: Path) -> None:
    class Broken(ToneEars):
        def push(self, block: Any) -> Any:
            raise RuntimeError("no more")

    lines = watched(film(tmp_path / "a.ts", 4), tmp_path / "out", Broken())
    assert sum(line["duration_ms"] for line in of(lines, "segment")) == pytest.approx(4000, abs=500)
    stopped = [line for line in of(lines, "status") if line["state"] == "hearing_stopped"]
    assert [line["cause"] for line in stopped] == ["RuntimeError: no more"]


class Sign:
    """Reads the same sign in every picture, and that it has gone at the end."""

    def __init__(self) -> None:
        self.sizes: list[tuple[int, ...]] = []

    def push(self, frame: Frame) -> list[Seen]:
        self.sizes.append(frame.image.shape)
        first = len(self.sizes) == 1
        return [self.seen(frame.position_ms, False)] if first else []

    def close(self) -> list[Seen]:
        return [self.seen(5000, True)] if self.sizes else []

    def seen(self, at: int, ended: bool) -> Seen:
        return Seen(1, 0, at, "全网第一品牌", Box(0.1, 0.2, 0.3, 0.4), 0.9, ended=ended)


def test_text_in_key_frames_is_told_when_it_is_read_and_when_it_has_gone(tmp_path: Path) -> None:
    eyes = Sign()
    asked = Asked(str(film(tmp_path / "a.ts", 3)), tmp_path / "out", "王某（虚构）", QUICK, 2)
    lines: list[dict[str, Any]] = []
    watch = Watch(asked, lambda: Senses(scanner(), None, eyes), show=lambda found, data: lines.extend(found))
    assert not watch.run(threading.Event()).stopped
    assert eyes.sizes == [(48, 64, 3)] * 3
    assert [(line["text"], line["ended"], line["box"]) for line in of(lines, "screen")] == [
        ("全网第一品牌", False, [0.1, 0.2, 0.3, 0.4]),
        ("全网第一品牌", True, [0.1, 0.2, 0.3, 0.4]),
    ]
    found = of(lines, "finding")
    assert found and len(found) == len({(line["rule"], line["quote"]) for line in found})


def tail(path: Path, **keys: Any) -> ChatTail:
    return ChatTail(path, Crowd(b"k"), START, keys.get("copy"), keys.get("done", 0))


def element(number: int, text: str, user: str = "张三") -> str:
    return f'<d p="{number}.0,1,25,16777215,{(START + number) * 1000:.0f},0,77,0" user="{user}">{text}</d>\n'


def test_torn_chat_waits_for_the_rest_of_its_last_message(tmp_path: Path) -> None:
    path, copy = tmp_path / "room.xml", tmp_path / "copy" / "room.xml"
    text = '<?xml version="1.0"?>\n<i>\n' + element(1, "一") + element(2, "二二") + element(3, "a</d")
    data = text.encode()
    chat = tail(path, copy=copy)
    assert chat.poll() == ()
    seen: list[ChatMessage] = []
    for end in range(1, len(data) + 1):
        path.write_bytes(data[:end])
        seen += chat.poll()
    assert [(one.id, one.text, one.start_ms) for one in seen[:2]] == [
        ("c1", "一", 1000),
        ("c2", "二二", 2000),
    ]
    assert len(seen) <= 3
    assert {one.user for one in seen} == {Crowd(b"k").pseudonym("77")}
    chat.close()
    assert data.startswith(copy.read_bytes()) and len(copy.read_bytes()) >= len(data) - 60


JSON_LINES = [
    '{"content":"你好","user":"甲","time":1772366401000}',
    '{"content":"多少钱","user":"乙","time":1772366402000}',
]
CONSOLE = ["2026-03-01 20:00:01 【聊天msg】[11]甲: 你好", "2026-03-01 20:00:02 【聊天msg】[12]乙: 多少钱"]


@pytest.mark.parametrize(("name", "lines"), [("a.jsonl", JSON_LINES), ("a.log", CONSOLE)])
def test_lines_of_chat_are_read_as_they_become_whole(tmp_path: Path, name: str, lines: list[str]) -> None:
    path = tmp_path / name
    chat = tail(path)
    path.write_text(lines[0] + "\n" + lines[1][:20], encoding="utf-8")
    first = chat.poll()
    assert [(one.text, one.start_ms) for one in first] == [("你好", 1000)]
    path.write_text(lines[0] + "\n" + lines[1] + "\n", encoding="utf-8")
    assert [(one.id, one.text, one.start_ms) for one in chat.poll()] == [("c2", "多少钱", 2000)]
    assert chat.poll() == () and chat.problems == 0


def test_replaced_chat_file_is_read_from_its_beginning_and_noise_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text("<i>\n" + element(1, "一") + element(2, "二"), encoding="utf-8")
    chat = tail(path)
    assert len(chat.poll()) == 2
    path.write_text("<i>\n" + element(5, "五"), encoding="utf-8")
    assert [one.text for one in chat.poll()] == ["五"]
    path.write_bytes(b'<!DOCTYPE i [<!ENTITY a "b">]><i>' + b"x" * 500)
    chat = tail(path)
    assert chat.poll() == ()
    path.write_bytes(b'<!DOCTYPE i [<!ENTITY a "b">]><i>' + element(1, "&a;").encode())
    assert chat.poll() == () and chat.problems == 1


def test_chat_beside_a_watch_is_told_masked_copied_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    source, out, chat = film(tmp_path / "a.ts", 2), tmp_path / "out", tmp_path / "room.xml"
    at = time.time()
    text = "<i>\n" + "".join(
        f'<d p="{n},1,25,1,{(at + n) * 1000:.0f},0,9,0" user="李四">我的电话13812345678</d>\n'
        for n in range(3)
    )
    chat.write_text(text, encoding="utf-8")
    lines = of(watched(source, out, ToneEars(), chat=chat), "chat")
    assert [line["text"] for line in lines] == ["我的电话138******78"] * 3
    assert len({line["user"] for line in lines}) == 1 and "李四" not in str(lines)
    assert (out / "chat" / "room-001.xml").read_text(encoding="utf-8") == text
    with chat.open("a", encoding="utf-8") as file:
        file.write(f'<d p="9,1,25,1,{(at + 9) * 1000:.0f},0,9,0" user="李四">又来了</d>\n')
    again = of(watched(source, out, ToneEars(), chat=chat), "chat")
    assert [line["text"] for line in again] == ["又来了"]
    assert len(read_folder(out).chat) == 4


def test_ten_thousand_messages_are_read_in_a_fraction_of_a_second(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text("<i>\n" + "".join(element(n % 9000, f"第{n}条") for n in range(10_000)), encoding="utf-8")
    chat = tail(path)
    begun = time.process_time()
    count = sum(len(found) for found in iter(chat.poll, ()))
    assert count == 10_000
    assert time.process_time() - begun < 1.0
