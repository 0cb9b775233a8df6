"""Results of hearing and reading, kept for the next run; tasks in this process and in several."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from made_media import make_recording, recording_of

from fairstream.errors import UsageError
from fairstream.inspect import taking
from fairstream.inspect.kept import ABOUT, SCREEN, TRANSCRIPT, Kept, key_of
from fairstream.inspect.taking import Ears, Taken, Task, run, take
from fairstream.records import Box, Place, Problem, Recording, ScreenText, Sound, Span, Stretch, Utterance
from fairstream.sources.asr.card import ModelCard

MODEL = ModelCard("rapidocr", "3", "PP-OCR", (("det.onnx", "1" * 64),))


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_recording(tmp_path_factory.mktemp("film") / "film.mp4", 4)


@pytest.fixture
def recording(film: Path) -> Recording:
    return recording_of(film, Stretch(0, 1000, 4000), seconds=4)


def seen(recording: Recording) -> Taken:
    """Two texts as if read."""
    texts = (
        ScreenText("r1-s1", "原价99", 1500, 3000, 0.97, Place("film.mp4"), Box(0.1, 0.2, 0.3, 0.4), "r1"),
        ScreenText("r1-s2", "现价9", 3000, 5000, None, Place("film.mp4"), None, "r1"),
    )
    problems = (Problem(Place("film.mp4", 3), "a tail", "record again", "repaired", 2),)
    return Taken(Task("screen", recording), (), texts, problems, MODEL, 1.5)


def test_results_are_used_again_for_the_same_recording_and_settings(recording: Recording, tmp_path: Path):
    taken = seen(recording)
    Kept(tmp_path).keep(taken)
    again = Kept(tmp_path).find(Task("screen", recording))
    assert again is not None
    assert (again.screen, again.problems, again.model) == (taken.screen, taken.problems, MODEL)


@pytest.mark.parametrize("change", [{"sha256": "0" * 64}, {"every_ms": 500}])
def test_another_recording_or_setting_is_taken_anew(
    recording: Recording, tmp_path: Path, change: dict[str, object]
):
    Kept(tmp_path).keep(seen(recording))
    other = replace(recording, sha256=str(change.get("sha256", recording.sha256)))
    assert Kept(tmp_path).find(Task("screen", other, None, int(str(change.get("every_ms", 1000))))) is None


def test_a_corrected_clock_moves_what_was_taken(recording: Recording, tmp_path: Path):
    Kept(tmp_path).keep(seen(recording))
    moved = replace(recording, id="r7", stretches=(Stretch(0, 61_000, 4000, 1.001),))
    again = Kept(tmp_path).find(Task("screen", moved))
    assert again is not None
    assert [(text.id, text.start_ms, text.end_ms, text.recording_id) for text in again.screen] == [
        ("r7-s1", 61_500, 63_002, "r7"),
        ("r7-s2", 63_002, 65_004, "r7"),
    ]


def test_words_keep_their_sounds(recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("fairstream.inspect.kept._settings", lambda *_: "same")
    said = Utterance(
        "r1-u1", "最低", 1100, 1900, "host", "甲", 0.5, heard="syllables", recording_id="r1",
        sounds=(Sound("zui4", Span(0, 1), 1100, 1500, 0.4), Sound("di1", Span(1, 2), 1500, 1900)),
        spotted=(Sound("最低", Span(0, 2), 1100, 1900, 0.3),),
    )  # fmt: skip
    task = Task("speech", recording, Ears(tmp_path))
    Kept(tmp_path).keep(Taken(task, (said,), (), (), MODEL))
    again = Kept(tmp_path).find(task)
    assert again is not None
    assert again.utterances == (said,)
    (line,) = (tmp_path / TRANSCRIPT).read_text("utf-8").splitlines()
    assert json.loads(line)["text"] == "最低"
    assert (tmp_path / SCREEN).read_bytes() == b""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (SCREEN, b'{"id": "r1-s1"}\n'),
        (ABOUT, b"{"),
        (ABOUT, b"[]"),
        (ABOUT, b'{"files": {"../../etc/passwd": "0"}, "taken": []}'),
        (ABOUT, b'{"files": {}, "taken": [{"sense": "screen"}]}'),
    ],
)
def test_changed_files_are_not_used(recording: Recording, tmp_path: Path, name: str, content: bytes):
    Kept(tmp_path).keep(seen(recording))
    (tmp_path / name).write_bytes(content)
    assert Kept(tmp_path).find(Task("screen", recording)) is None


def test_a_failed_task_is_not_kept(recording: Recording, tmp_path: Path):
    Kept(tmp_path).keep(Taken(Task("screen", recording), failed=True))
    assert not list(tmp_path.iterdir())


def test_a_model_that_is_none_is_refused_before_any_work(recording: Recording, tmp_path: Path):
    with pytest.raises(UsageError, match="no speech model"):
        key_of(Task("speech", recording, Ears(tmp_path)))


def test_a_recording_that_cannot_be_read_is_a_problem_and_the_rest_goes_on(
    recording: Recording, tmp_path: Path
):
    pytest.importorskip("rapidocr", reason="needs the extra screen")
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"\0" * 4096)
    bad = replace(recording, id="r0", file="broken.mp4", path=broken)
    done = list(take([Task("screen", bad), Task("screen", recording)], processes=1))
    assert [one.failed for one in done] == [True, False]
    assert [problem.place.file for problem in done[0].problems] == ["broken.mp4"]
    assert done[1].model is not None


def test_several_processes_give_what_one_gives(
    recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    pytest.importorskip("rapidocr", reason="needs the extra screen")
    monkeypatch.setattr(taking, "PAYS_MS", 0)
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"\0" * 4096)
    tasks = [Task("screen", recording), Task("screen", replace(recording, id="r2", path=broken))]
    reached: list[tuple[int, int]] = []
    done = {
        one.task.recording.id: one
        for one in take(tasks, processes=2, progress=lambda n, ms: reached.append((n, ms)))
    }
    alone = run(tasks[0])
    assert done["r1"].screen == alone.screen
    assert done["r1"].model == alone.model
    assert done["r2"].failed
    assert {number for number, _ in reached} <= {0, 1}


def test_an_engine_that_fails_in_the_middle_costs_its_own_recording_only(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the model gave no answer")

    monkeypatch.setattr(taking, "_reader", lambda: None)
    monkeypatch.setattr(taking, "screen_texts", broken)
    first, second = take([Task("screen", recording), Task("screen", recording)], processes=1)
    assert first.failed
    assert second.failed
    assert "the model gave no answer" in first.problems[0].cause


def test_kept_results_that_were_changed_by_hand_are_taken_anew(recording: Recording, tmp_path: Path):
    Kept(tmp_path).keep(seen(recording))
    about = json.loads((tmp_path / ABOUT).read_text("utf-8"))
    about["taken"][0]["model"] = ["no card"]
    (tmp_path / ABOUT).write_text(json.dumps(about), "utf-8")
    assert Kept(tmp_path).find(Task("screen", recording)) is None
