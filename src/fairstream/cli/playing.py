"""Clips, playable copies and records of evidence beside the reports of `fairstream inspect`."""

import getpass
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import quote

from fairstream.cli.talking import Talk
from fairstream.errors import FairstreamError
from fairstream.evidence.cuts import Cut, playable
from fairstream.inspect.clips import cut_clips, plan_clips
from fairstream.inspect.inspection import Inspection
from fairstream.inspect.media import NOT_ASKED, Media, name_of
from fairstream.inspect.provenance import clips_were_cut, copies_were_made
from fairstream.records import Problem, Recording, Words
from fairstream.sources.asr.card import ModelCard
from fairstream.sources.problems import ProblemLog

IN_BROWSERS: Final = frozenset({".mp4", ".m4a", ".m4v", ".mp3", ".wav", ".webm"})
"""Endings of files that browsers play as they are, when their codecs are the usual ones."""
COPIES: Final = "recordings"


def person(told: str) -> str:
    """Who does it, for the records: as told, else the name of the account."""
    if told.strip():
        return told.strip()
    try:
        return f"account {getpass.getuser()}"
    except (OSError, KeyError):
        return "not told"


def with_media(
    inspection: Inspection,
    out: Path,
    models: Sequence[ModelCard],
    *,
    clips: bool,
    play_whole: bool,
    who: str,
    talk: Talk,
) -> Inspection:
    """Cut clips, find or make what a browser can play, and record both."""
    media = Media(models=tuple(models))
    problems: tuple[Problem, ...] = ()
    recordings = inspection.broadcast.recordings
    if recordings:
        media, problems = _cut(inspection, media, out, clips=clips, who=who, talk=talk)
        whole, more = _whole(recordings, out, copy=play_whole, who=who, talk=talk)
        media = replace(media, whole=whole)
        problems += more
    return replace(inspection, media=media, problems=(*inspection.problems, *problems))


def _cut(
    inspection: Inspection, media: Media, out: Path, *, clips: bool, who: str, talk: Talk
) -> tuple[Media, tuple[Problem, ...]]:
    plan = plan_clips(inspection)
    if not clips:
        without: dict[str, Words] = {
            finding: NOT_ASKED for wanted in plan.wanted for finding in wanted.findings
        }
        return replace(media, without=plan.without | without), ()
    with talk.busy("正在剪取片段", "Cutting clips"):
        cut = cut_clips(plan.wanted, out)
    clips_were_cut(cut.clips, inspection.broadcast, out, who=who)
    if plan.wanted:
        size = sum(clip.size for clip in cut.clips) / 1e6
        count = len(cut.clips)
        talk.say(f"  片段 {count} 个，{size:.1f} MB", f"  {count} clip{'s' * (count > 1)} cut, {size:.1f} MB")
    return replace(media, clips=cut.clips, without=plan.without | cut.without), cut.problems


def _whole(
    recordings: Sequence[Recording], out: Path, *, copy: bool, who: str, talk: Talk
) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Addresses of whole recordings: those under `out` or beside it that browsers play, or copies."""
    whole: dict[str, str] = {}
    problems: list[Problem] = []
    made: list[tuple[str, Cut]] = []
    for number, one in enumerate(recordings, 1):
        address = _beside(one.path, out)
        if address is not None:
            whole[one.id] = address
        elif copy:
            name = f"{number:03}-{_plain(Path(one.file).stem)}{'.mp4' if one.has_video else '.m4a'}"
            target = out / COPIES / name
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                with talk.busy(f"正在生成可播放副本 {name}", f"Making a playable copy: {name}"):
                    cut = playable(one.path, target, sha256=one.sha256, name=name_of(one))
            except (FairstreamError, OSError) as error:
                problems.extend(_problem(one, error))
                continue
            whole[one.id] = f"{COPIES}/{name}"
            made.append((f"{COPIES}/{name}", cut))
    if made:
        copies_were_made(made, out, who=who)
        talk.say(f"  可播放副本 {len(made)} 个", f"  {len(made)} playable copies made")
    return whole, tuple(problems)


def _beside(path: Path, out: Path) -> str | None:
    """The address of a playable recording in the report's folder or the folder that holds it."""
    if path.suffix.lower() not in IN_BROWSERS:
        return None
    folder = out.resolve()
    recording = path.resolve()
    if recording.is_relative_to(folder):
        return _address(recording.relative_to(folder))
    if recording.is_relative_to(folder.parent) and folder.parent != Path(folder.anchor):
        return f"../{_address(recording.relative_to(folder.parent))}"
    return None


def _address(path: Path) -> str:
    """A relative address with everything that is not plain written in percent."""
    return "/".join(quote(part.encode("utf-8", "surrogateescape")) for part in path.parts)


def _plain(name: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in name)[:60] or "recording"


def _problem(one: Recording, error: FairstreamError | OSError) -> tuple[Problem, ...]:
    log = ProblemLog(name_of(one))
    if isinstance(error, FairstreamError):
        log.add("unreadable", error.line, cause=error.cause, remedy=error.remedy or "ask for the file again")
    else:
        log.add("unreadable", cause=str(error.strerror or error), remedy="make room on the disk")
    return log.problems
