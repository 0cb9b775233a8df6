"""Hearing and reading the recordings of a broadcast for `fairstream inspect`."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from rich.progress import Progress

from fairstream.cli.settings import named_path
from fairstream.cli.talking import Talk
from fairstream.errors import UsageError
from fairstream.inspect.kept import TRANSCRIPT, Kept, merged
from fairstream.inspect.media import name_of
from fairstream.inspect.taking import Ears, Sense, Taken, Task, take
from fairstream.inspect.timeline import clock
from fairstream.records import Broadcast, Problem, Recording, Utterance
from fairstream.sources.asr.card import ModelCard
from fairstream.sources.problems import ProblemLog

COVERED: Final = 0.5
"""A transcript covers a recording when its words spread over at least this share of it."""
COST: Final[dict[Sense, float]] = {"speech": 0.02, "screen": 0.09}
"""Processor seconds per second of recording on a small server, to tell beforehand how long it will take."""
MOST_PROCESSES: Final = 4


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for: None leaves it to what is there."""

    model: Path | None = None
    voice: Path | None = None
    hear: bool | None = None
    read_screen: bool | None = None
    spot: int = 0


@dataclass(frozen=True, slots=True)
class HeardBroadcast:
    """A broadcast with what was heard and seen in its recordings, and the models that did it."""

    broadcast: Broadcast
    models: tuple[ModelCard, ...] = ()


def ears_of(wish: Wish, phrases: Callable[[int], tuple[str, ...]]) -> Ears | None:
    """The model to hear with; None when none is named or hearing is not wanted.

    Raises `UsageError` when hearing is demanded and nothing names a model.
    """
    if wish.hear is False:
        return None
    model = named_path("model", wish.model)
    if model is None:
        if wish.hear:
            raise UsageError("no speech model is named", remedy=HOW_EN)
        return None
    return Ears(model, named_path("voice", wish.voice), phrases(wish.spot) if wish.spot else ())


HOW_ZH: Final = "用 --model 指定模型文件夹，或设置环境变量 FAIRSTREAM_MODEL，或在配置文件中写 model"
HOW_EN: Final = "name its folder with --model, FAIRSTREAM_MODEL or 'model' in the configuration file"


def tasks_of(broadcast: Broadcast, wish: Wish, ears: Ears | None, talk: Talk) -> list[Task]:
    """What is to be heard and seen; says what is left out and why."""
    covered = [] if wish.hear else [one for one in broadcast.recordings if covers(broadcast.utterances, one)]
    tasks = [
        Task("speech", one, ears)
        for one in broadcast.recordings
        if ears is not None and one.has_audio and one not in covered
    ]
    if ears is not None and covered:
        names = ", ".join(map(name_of, covered))
        talk.say(
            f"  已有口播文字，不再识别：{names}（用 --hear 强制识别）",
            f"  a transcript covers {names}: not heard again (--hear hears it all the same)",
        )
    if _reads(wish):
        tasks += [Task("screen", one) for one in _shown_in(broadcast)]
    return tasks


def _shown_in(broadcast: Broadcast) -> list[Recording]:
    """Recordings with pictures, and screenshots."""
    return [*(one for one in broadcast.recordings if one.has_video), *broadcast.pictures]


def covers(utterances: Iterable[Utterance], recording: Recording) -> bool:
    """Whether words that were handed in (given or heard elsewhere) spread over half of a recording."""
    inside = [
        position
        for said in utterances
        if said.start_ms is not None
        for position in (recording.position(said.start_ms), recording.position(said.end_ms or said.start_ms))
        if position is not None
    ]
    return bool(inside) and max(inside) - min(inside) >= COVERED * recording.duration_ms


def unheard(broadcast: Broadcast, wish: Wish, ears: Ears | None, talk: Talk) -> tuple[Problem, ...]:
    """Problems for recordings whose speech or picture was not read though nobody said not to."""
    problems: list[Problem] = []
    silent = [
        one
        for one in broadcast.recordings
        if one.has_audio and ears is None and wish.hear is None and not covers(broadcast.utterances, one)
    ]
    if silent:
        talk.say(
            f"  没有识别 {len(silent)} 个录像的语音：未指定模型。{HOW_ZH}。",
            f"  the speech of {len(silent)} recordings was not heard: no model is named; {HOW_EN}",
        )
    unseen = _shown_in(broadcast) if wish.read_screen is None and not _reads(wish) else []
    if unseen:
        talk.say(
            '  没有读取画面文字：未安装。安装：pip install "fairstream[screen]"',
            '  text in the picture was not read; to read it: pip install "fairstream[screen]"',
        )
    for code, recordings in (("not_heard", silent), ("not_seen", unseen)):
        for one in recordings:
            log = ProblemLog(name_of(one))
            log.add(code)
            problems.extend(log.problems)
    return tuple(problems)


def hear(
    broadcast: Broadcast, out: Path, wish: Wish, phrases: Callable[[int], tuple[str, ...]], talk: Talk
) -> HeardBroadcast:
    """The broadcast with what is said and shown in its recordings, kept in `out` for the next run."""
    if not broadcast.recordings and not broadcast.pictures:
        return HeardBroadcast(broadcast)
    ears = ears_of(wish, phrases)
    problems = unheard(broadcast, wish, ears, talk)
    tasks = tasks_of(broadcast, wish, ears, talk)
    kept = Kept(out)
    taken: list[Taken] = []
    left: list[Task] = []
    for task in tasks:
        found = kept.find(task)
        if found is None:
            left.append(task)
        else:
            taken.append(found)
    if taken:
        talk.say(
            f"  沿用上次的结果：{len(taken)} 项，未重新识别（{out / TRANSCRIPT}）",
            f"  {len(taken)} results of an earlier run used again, nothing heard twice ({out / TRANSCRIPT})",
        )
    if left:
        taken += _take(left, kept, talk)
    found_problems = tuple(problem for one in taken for problem in one.problems)
    return HeardBroadcast(
        replace(
            broadcast,
            utterances=_in_order((*broadcast.utterances, *(u for one in taken for u in one.utterances))),
            screen=(*broadcast.screen, *(text for one in taken for text in one.screen)),
            problems=(*broadcast.problems, *problems, *found_problems),
        ),
        merged(taken),
    )


def plan_in_words(broadcast: Broadcast, wish: Wish, talk: Talk) -> None:
    """What a run would hear and see, and about how long it would take."""
    if not broadcast.recordings and not broadcast.pictures:
        return
    ears = ears_of(wish, lambda _: ())
    unheard(broadcast, wish, ears, talk)
    tasks = tasks_of(broadcast, wish, ears, talk)
    lanes: dict[Sense, float] = {"speech": 0.0, "screen": 0.0}
    for task in tasks:
        seconds = task.recording.duration_ms / 1000 * COST[task.sense]
        lanes[task.sense] += seconds
        sense_zh, sense_en = ("语音", "speech") if task.sense == "speech" else ("画面文字", "on-screen text")
        length = clock(task.recording.duration_ms)
        talk.say(
            f"  将识别{sense_zh}：{name_of(task.recording)}（{length}）",
            f"  would read {sense_en}: {name_of(task.recording)} ({length})",
        )
    total = sum(lanes.values()) / (2 if _processes() > 1 and len(tasks) > 1 else 1)
    if tasks:
        talk.say(
            f"  约需 {clock(round(total * 1000))}（估计，依机器与画面而异）",
            f"  about {clock(round(total * 1000))} (an estimate; it depends on machine and picture)",
        )


def _take(tasks: Sequence[Task], kept: Kept, talk: Talk) -> list[Taken]:
    bar = talk.bar()
    taken: list[Taken] = []
    with bar:
        shown = _Shown(bar, tasks, talk)
        for done in take(tasks, processes=_processes(), progress=shown.reached):
            kept.keep(done)
            taken.append(done)
            shown.done(done)
    counts = sum(len(one.utterances) for one in taken), sum(len(one.screen) for one in taken)
    length = sum(task.recording.duration_ms for task in tasks)
    seconds = shown.seconds
    talk.say(
        "  识别出口播 {:,} 段、画面文字 {:,} 条，用时 {:.1f} 秒（{}）".format(
            *counts, seconds, _pace(length, seconds)
        ),
        "  {:,} utterances heard and {:,} texts read in {:.1f} s ({})".format(
            *counts, seconds, _pace(length, seconds)
        ),
    )
    return taken


class _Shown:
    """The bar: one line per sense, in minutes of recording."""

    def __init__(self, bar: Progress, tasks: Sequence[Task], talk: Talk) -> None:
        names = {"speech": ("语音", "speech"), "screen": ("画面", "screen")}
        language = 0 if talk.language == "zh" else 1
        self._bar = bar
        self._tasks = tasks
        self._reached = [0] * len(tasks)
        self._begun = bar.get_time()
        self._lines = {
            sense: bar.add_task(
                names[sense][language], total=self._length(sense), minutes=self._minutes(sense), pace=""
            )
            for sense in dict.fromkeys(task.sense for task in tasks)
        }

    @property
    def seconds(self) -> float:
        return self._bar.get_time() - self._begun

    def reached(self, number: int, position_ms: int) -> None:
        """A task has come to a position."""
        self._reached[number] = max(self._reached[number], position_ms)
        self._show(self._tasks[number].sense)

    def done(self, taken: Taken) -> None:
        """A task is done."""
        number = next(n for n, task in enumerate(self._tasks) if task is taken.task or task == taken.task)
        self.reached(number, taken.task.recording.duration_ms)

    def _show(self, sense: Sense) -> None:
        done = self._done(sense)
        self._bar.update(
            self._lines[sense],
            completed=done,
            minutes=self._minutes(sense),
            pace=_pace(done, self.seconds),
        )

    def _done(self, sense: Sense) -> int:
        pairs = zip(self._tasks, self._reached, strict=True)
        return sum(reached for task, reached in pairs if task.sense == sense)

    def _length(self, sense: Sense) -> int:
        return sum(task.recording.duration_ms for task in self._tasks if task.sense == sense)

    def _minutes(self, sense: Sense) -> str:
        return f"{self._done(sense) / 60_000:.1f}/{self._length(sense) / 60_000:.1f}"


def _pace(length_ms: int, seconds: float) -> str:
    if not length_ms:
        return "–"
    return f"{length_ms / 1000 / max(seconds, 0.001):.1f}×"


def _reads(wish: Wish) -> bool:
    """Whether text in the picture is read. Raises `UsageError` when it is demanded and cannot be."""
    if wish.read_screen is False:
        return False
    there = find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None
    if wish.read_screen and not there:
        raise UsageError(
            "reading text in pictures needs rapidocr", remedy='install it: pip install "fairstream[screen]"'
        )
    return there


def _in_order(utterances: Sequence[Utterance]) -> tuple[Utterance, ...]:
    """By time; what has none keeps its place behind what was before it."""
    last = 0
    keyed = []
    for said in utterances:
        last = said.start_ms if said.start_ms is not None else last
        keyed.append((last, said))
    return tuple(said for _, said in sorted(keyed, key=lambda pair: pair[0]))


def _processes() -> int:
    if hasattr(os, "sched_getaffinity"):
        return min(MOST_PROCESSES, len(os.sched_getaffinity(0)))
    return min(MOST_PROCESSES, os.cpu_count() or 1)
