"""Sound → what was said: voice detection, recogniser and spotter in one, for files and live alike.

Push blocks of sound, get what was said as soon as its stretch of speech ends. A model that writes syllables
gets characters from `fairstream.text.syllables.spell`, one for each syllable: a guess that is marked as one
(`heard`), while the syllables stay beside it.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from fairstream.errors import FairstreamError
from fairstream.records import Heard, Problem, Recording, Sound, Span, Utterance
from fairstream.sources.asr.engine import Engine, HeardSegment, HeardSound, Samples
from fairstream.sources.asr.invented import Invention, Inventions
from fairstream.sources.asr.opening import Kind, open_engine
from fairstream.sources.asr.placing import on_clock
from fairstream.sources.asr.spotter import Spotter
from fairstream.sources.asr.voice import LONGEST_MS, Cutter, Stretch, find_silero, open_detector
from fairstream.sources.asr.written import Heading
from fairstream.sources.loaded import Loaded
from fairstream.sources.media import AudioBlock, audio
from fairstream.sources.problems import ProblemLog
from fairstream.text.syllables import UNKNOWN, spell

_NAMED_TIMES: Final = 5


class Spoken(NamedTuple):
    """Something said; all times are positions in the file, in milliseconds.

    `sounds` and `spotted` are as in `records.Utterance`, with positions for times.
    """

    start_ms: int
    end_ms: int
    text: str
    heard: Heard
    sounds: tuple[Sound, ...] = ()
    spotted: tuple[Sound, ...] = ()
    confidence: float | None = None
    speaker: str | None = None


class PhraseSpotter(Protocol):
    """Hears given phrases in a stretch of speech; times in milliseconds from its first sample.

    `settings` names phrases and thresholds, so that equal settings hear the same.
    """

    settings: str

    def spot(self, samples: Samples) -> tuple[HeardSound, ...]:
        """The phrases heard, `text` being the phrase as it was given."""
        ...


class Listener:
    """Hears speech in a stream of sound. Its memory does not grow with the stream.

    `vad_model` is a Silero model; None lets loudness stand in, which hears music and noise as well.
    `longest_ms` bounds how long someone may talk before the stretch is cut and its words come out.
    """

    def __init__(
        self,
        engine: Engine,
        vad_model: Path | None,
        *,
        spotter: PhraseSpotter | None = None,
        longest_ms: int = LONGEST_MS,
    ) -> None:
        self.engine = engine
        self.spotter = spotter
        self.longest_ms = longest_ms
        self._detector = open_detector(vad_model)
        self._cutter = Cutter(self._detector, longest_ms=longest_ms)
        self._inventions = Inventions()

    @property
    def by_model(self) -> bool:
        """Whether a model tells speech from other sound, not loudness alone."""
        return self._detector.by_model

    @property
    def settings(self) -> dict[str, str | int]:
        """What besides the model decides what is heard."""
        phrases = self.spotter.settings if self.spotter else ""
        return {"voice": self._detector.name, "longest_ms": self.longest_ms, "phrases": phrases}

    def push(self, block: AudioBlock) -> list[Spoken]:
        """What was said in the stretches of speech that ended in this block."""
        stretches = self._cutter.push(block.position_ms, block.samples)
        return [spoken for stretch in stretches for spoken in self._hear(stretch)]

    def close(self) -> list[Spoken]:
        """What was said in the stretch still open; afterwards other sound may be pushed."""
        return [spoken for stretch in self._cutter.close() for spoken in self._hear(stretch)]

    def take_inventions(self) -> tuple[Invention, ...]:
        """What was left out as made up by the recogniser since this was last asked."""
        return self._inventions.take()

    def _hear(self, stretch: Stretch) -> Iterator[Spoken]:
        segments = self.engine.hear(stretch.samples)
        spotted = self.spotter.spot(stretch.samples) if self.spotter else ()
        said = [_spoken(segment, self.engine.writes) for segment in segments]
        kept = [
            spoken
            for spoken in said
            if not self._inventions.left_out(
                spoken.text, spoken.confidence, stretch.position(spoken.start_ms)
            )
        ]
        yield from (_placed(spoken, stretch) for spoken in _with_phrases(kept, spotted, self.engine.writes))


def open_listener(
    folder: Path,
    *,
    kind: Kind = "auto",
    voice: Path | None = None,
    phrases: Sequence[str] = (),
    threads: int = 1,
    longest_ms: int = LONGEST_MS,
) -> Listener:
    """A listener on the model in a folder.

    Without `voice` the Silero model in the folder or in ``silero-vad`` beside it is taken, if there is one.
    `phrases` are spotted when the model can do it (a streaming transducer); otherwise they are not. Raises
    `UsageError` when there is no model that can be opened.
    """
    engine = open_engine(folder, threads=threads, kind=kind)
    spotter = Spotter(folder, phrases, threads=threads) if phrases and Spotter.fits(folder) else None
    return Listener(engine, voice or find_silero(folder), spotter=spotter, longest_ms=longest_ms)


def listen(
    recording: Recording, listener: Listener, *, progress: Callable[[int], None] | None = None
) -> Loaded[Utterance]:
    """Everything said in a recording, on the broadcast's clock; ids are the recording's with ``-u1`` and on.

    `progress` is told the position reached, in milliseconds. Sound that cannot be read, and what was left out
    as made up by the recogniser, become problems beside what was heard.
    """
    log = ProblemLog(recording.file)
    if not recording.has_audio:
        log.add("no_sound")
        return Loaded((), log.problems)
    if not listener.by_model:
        log.add("voice_by_loudness")
    said: list[Spoken] = []
    try:
        for block in audio(recording.path, name=recording.file, log=log):
            said.extend(listener.push(block))
            if progress:
                progress(block.position_ms)
    except FairstreamError as error:
        log.add("unreadable", error.line, cause=error.cause, remedy=error.remedy or "ask for the file again")
    said.extend(listener.close())
    records = tuple(utterance(recording, number, spoken) for number, spoken in enumerate(said, 1))
    return Loaded(records, (*log.problems, *problems_of(recording, listener.take_inventions())))


def heading_of(recording: Recording, listener: Listener) -> Heading:
    """What this listener hears this recording with; see `written.write_heard`."""
    return Heading(recording.file, recording.sha256, listener.engine.card, listener.settings)


def utterance(recording: Recording, number: int, spoken: Spoken) -> Utterance:
    """What was said as the `number`-th utterance of a recording, its times on the broadcast's clock."""
    return Utterance(
        id=f"{recording.id}-u{number}",
        text=spoken.text,
        start_ms=recording.moment(spoken.start_ms),
        end_ms=recording.moment(spoken.end_ms, end=True),
        speaker_name=spoken.speaker,
        confidence=spoken.confidence,
        heard=spoken.heard,
        sounds=on_clock(recording, spoken.sounds),
        spotted=on_clock(recording, spoken.spotted),
        recording_id=recording.id,
    )


def problems_of(recording: Recording, inventions: Sequence[Invention]) -> tuple[Problem, ...]:
    """What was left out, one problem for each reason, with the first times in the file."""
    log = ProblemLog(recording.file)
    for code in ("heard_invented", "heard_repeats"):
        at = [invention.position_ms for invention in inventions if invention.code == code]
        if at:
            times = ", ".join(_mark(position) for position in at[:_NAMED_TIMES])
            log.add(code, count=len(at), times=times + (" …" if len(at) > _NAMED_TIMES else ""))
    return log.problems


def _spoken(segment: HeardSegment, writes: Heard) -> Spoken:
    """A segment with its text and the characters of each sound; times still count from the stretch."""
    if writes == "syllables":
        text = spell([sound.text for sound in segment.sounds])
        spans: list[Span | None] = [Span(n, n + 1) for n in range(len(segment.sounds))]
    else:
        text = segment.text
        spans = _spans(text, [sound.text for sound in segment.sounds])
    sounds = tuple(
        Sound(sound.text, span, sound.start_ms, sound.end_ms, sound.confidence)
        for sound, span in zip(segment.sounds, spans, strict=True)
        if span is not None
    )
    start, end = segment.start_ms, segment.end_ms
    return Spoken(start, end, text, writes, sounds, (), segment.confidence, segment.speaker)


def _spans(text: str, pieces: Sequence[str]) -> list[Span | None]:
    """Where each piece stands in the text, one after the other; None for a piece that is not in it."""
    spans: list[Span | None] = []
    at = 0
    for piece in pieces:
        # A piece that is not near is taken for lost: one wrong match would shift all that follow.
        found = text.find(piece, at, at + len(piece) + 12)
        spans.append(Span(found, found + len(piece)) if found >= 0 else None)
        at = found + len(piece) if found >= 0 else at
    return spans


def _with_phrases(said: Sequence[Spoken], spotted: Sequence[HeardSound], writes: Heard) -> Iterator[Spoken]:
    """Each phrase goes with what was said at its time; a phrase that nothing was written for stands alone."""
    left = list(spotted)
    for spoken in said:
        mine = [
            phrase for phrase in left if phrase.start_ms < spoken.end_ms and phrase.end_ms > spoken.start_ms
        ]
        left = [phrase for phrase in left if phrase not in mine]
        yield spoken._replace(spotted=tuple(_over(spoken, phrase) for phrase in mine))
    for phrase in left:
        text = UNKNOWN * len(phrase.text)
        sound = Sound(phrase.text, Span(0, len(text)), phrase.start_ms, phrase.end_ms, phrase.confidence)
        yield Spoken(phrase.start_ms, phrase.end_ms, text, writes, (), (sound,))


def _over(spoken: Spoken, phrase: HeardSound) -> Sound:
    """The phrase over the characters that were heard at its time; over all of them when none has a time."""
    under = [s for s in spoken.sounds if phrase.start_ms <= (s.start_ms + s.end_ms) // 2 <= phrase.end_ms]
    span = Span(under[0].span.start, under[-1].span.end) if under else Span(0, len(spoken.text))
    return Sound(phrase.text, span, phrase.start_ms, phrase.end_ms, phrase.confidence)


def _placed(spoken: Spoken, stretch: Stretch) -> Spoken:
    def placed(sound: Sound) -> Sound:
        start, end = stretch.position(sound.start_ms), stretch.position(sound.end_ms)
        return sound._replace(start_ms=start, end_ms=max(start, end))

    start = stretch.position(spoken.start_ms)
    return spoken._replace(
        start_ms=start,
        end_ms=max(start, stretch.position(spoken.end_ms)),
        sounds=tuple(map(placed, spoken.sounds)),
        spotted=tuple(map(placed, spoken.spotted)),
    )


def _mark(position_ms: int) -> str:
    seconds = position_ms // 1000
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
