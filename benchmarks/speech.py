"""Errors, speed and memory of speech recognition with the test model, clean and with noise mixed in.

    python benchmarks/speech.py [--model DIR] [--minutes 10]

Clips and transcripts: ../shared/audio (transcripts.tsv), or the folder that FAIRSTREAM_SHARED names. Errors
are edits of pinyin syllables (references by pypinyin) over reference syllables, without and with tone.
Noise: pink (1/f power, fixed seed) or another clip's voice (the next of the list, repeated), mixed in at a
ratio of the mean powers over the whole clip. Speed is processor seconds over seconds of sound, beside the
bare recogniser on the same samples in the same run. Nothing here was tuned on these clips.
"""

import argparse
import csv
import os
import resource
import sys
import tempfile
import time
import wave
from collections import Counter
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import rjieba

from fairstream.cli.options import today
from fairstream.detect.shipped import open_scanner
from fairstream.records import Recording
from fairstream.sources.asr.listening import Listener, Spoken, listen, open_listener
from fairstream.sources.asr.opening import recognise
from fairstream.sources.asr.sherpa import TAIL, library
from fairstream.sources.asr.spotter import Spotter
from fairstream.sources.media import AUDIO_RATE, AudioBlock
from fairstream.text.syllables import sounds_of

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("FAIRSTREAM_SHARED", ROOT.parent / "shared"))
MODEL = SHARED / "models" / "sherpa-kws-zipformer-wenetspeech-3.3M-mobile-int8"
Samples = npt.NDArray[np.float32]
PHRASES = 300
SYNTHETIC = "espeak"


class Clip(NamedTuple):
    """A clip with what is said in it."""

    name: str
    samples: Samples
    said: str


def clips(folder: Path) -> list[Clip]:
    """The clips of people speaking; the synthetic one says nothing about people and is left out."""
    with (folder / "transcripts.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [
        Clip(row["file"], read(folder / row["file"]), row["text"])
        for row in rows
        if not row["file"].startswith(SYNTHETIC)
    ]


def read(path: Path) -> Samples:
    """The samples of a 16 kHz mono WAV file."""
    with wave.open(str(path)) as file:
        if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (AUDIO_RATE, 1, 2):
            sys.exit(f"{path.name} is not 16 kHz mono, 16 bit")
        return np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(np.float32) / 32768


def pink(length: int, seed: int) -> Samples:
    """Noise whose power falls as 1/f from 20 Hz up."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(length))
    frequency = np.fft.rfftfreq(length, 1 / AUDIO_RATE)
    return np.fft.irfft(spectrum / np.sqrt(np.maximum(frequency, 20)), length).astype(np.float32)


def mixed(speech: Samples, noise: Samples, decibels: float) -> Samples:
    """Speech with noise so many decibels below it."""
    ratio = float(np.mean(speech**2)) / max(float(np.mean(noise**2)), 1e-12)
    return (speech + noise * np.sqrt(ratio / 10 ** (decibels / 10))).astype(np.float32)


def hear(listener: Listener, samples: Samples) -> list[Spoken]:
    """What the whole pipeline hears in samples that come in blocks of a second."""
    said = []
    for at in range(0, len(samples), AUDIO_RATE):
        said += listener.push(AudioBlock(at * 1000 // AUDIO_RATE, samples[at : at + AUDIO_RATE]))
    return said + listener.close()


def edits(wanted: Sequence[str], got: Sequence[str]) -> int:
    """Levenshtein distance."""
    row = list(range(len(got) + 1))
    for i, one in enumerate(wanted, 1):
        above, row[0] = row[0], i
        for j, other in enumerate(got, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (one != other))
    return row[-1]


def errors(listener: Listener, spoiled: Callable[[int, Clip], Samples], given: Sequence[Clip]) -> str:
    """Errors over all clips as one line."""
    total = toneless = toned = characters = 0
    for number, clip in enumerate(given):
        said = hear(listener, spoiled(number, clip))
        wanted = sounds_of(clip.said)
        got = [sound.text for spoken in said for sound in spoken.sounds]
        if listener.engine.writes == "characters":
            got = [sound for spoken in said for sound in sounds_of(spoken.text)]
        total += len(wanted)
        toned += edits(wanted, got)
        toneless += edits([bare(sound) for sound in wanted], [bare(sound) for sound in got])
        characters += edits(clip.said, "".join(spoken.text for spoken in said))
    shares = (f"{count / total:6.1%}" for count in (toneless, toned, characters))
    return "  ".join(shares) + f"   ({total} syllables)"


def bare(sound: str) -> str:
    """A syllable without its tone."""
    return sound.rstrip("012345")


def decode_alone(recogniser: object, samples: Samples) -> None:
    """The baseline: the recogniser alone, with the same settings."""
    stream = recogniser.create_stream()  # type: ignore[attr-defined]
    stream.accept_waveform(AUDIO_RATE, samples)
    stream.accept_waveform(AUDIO_RATE, np.zeros(TAIL, np.float32))
    stream.input_finished()
    while recogniser.is_ready(stream):  # type: ignore[attr-defined]
        recogniser.decode_stream(stream)  # type: ignore[attr-defined]


def speed(model: Path, listener: Listener, given: Sequence[Clip], minutes: float) -> None:
    """Processor seconds for each second of sound: from file to utterances, and the recogniser alone."""
    pause = np.zeros(2 * AUDIO_RATE, np.float32)
    once = np.concatenate([part for clip in given for part in (clip.samples, pause)])
    times = max(1, round(minutes * 60 * AUDIO_RATE / len(once)))
    seconds = times * len(once) / AUDIO_RATE
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "joined.wav"
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, AUDIO_RATE, 0, "NONE", ""))
            for _ in range(times):
                file.writeframes((once * 32767).astype(np.int16).tobytes())
        recording = Recording("r1", path.name, path, "", 0, "wav", round(seconds * 1000), False, True)
        begin = time.process_time()
        loaded = listen(recording, listener)
        whole = time.process_time() - begin
    files = {role: str(file) for role, file in recognise(model).files.items()}
    recogniser = library().OnlineRecognizer.from_transducer(
        **files, num_threads=1, decoding_method="modified_beam_search"
    )
    begin = time.process_time()
    for _ in range(times):
        for clip in given:
            decode_alone(recogniser, clip.samples)
    alone = time.process_time() - begin
    speech = times * sum(len(clip.samples) for clip in given) / AUDIO_RATE
    print(
        f"\n{seconds / 60:.1f} minutes, of which {speech / 60:.1f} clips ({len(loaded.records)} utterances)"
    )
    print(f"file to utterances   {whole / seconds:.4f} processor seconds for each second of sound")
    print(f"recogniser alone     {alone / seconds:.4f} (given only the clips, not the pauses)")
    print(f"ratio                {whole / alone:.2f}")
    print(f"peak memory          {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def sureness(listener: Listener, given: Sequence[Clip]) -> str:
    """How many syllables are wrong among the least and the most sure quarter, and how well sureness sorts."""
    told: list[tuple[float, bool]] = []
    for clip in given:
        sounds = [sound for spoken in hear(listener, clip.samples) for sound in spoken.sounds]
        got = [bare(sound.text) for sound in sounds]
        matcher = SequenceMatcher(None, [bare(sound) for sound in sounds_of(clip.said)], got, autojunk=False)
        right = {n for block in matcher.get_matching_blocks() for n in range(block.b, block.b + block.size)}
        told += [(s.confidence, n in right) for n, s in enumerate(sounds) if s.confidence is not None]
    if not told:
        return "this model tells no confidence"
    told.sort()
    quarter = len(told) // 4
    wrong = [1 - sum(right for _, right in part) / len(part) for part in (told[:quarter], told[-quarter:])]
    good = [chance for chance, right in told if right]
    bad = [chance for chance, right in told if not right]
    above = sum((one > other) + (one == other) / 2 for one in good for other in bad)
    curve = above / max(len(good) * len(bad), 1)
    return (
        f"wrong among the least sure quarter {wrong[0]:.1%}, the surest {wrong[1]:.1%}; "
        f"area under the curve {curve:.2f} ({len(told)} syllables, {len(bad)} wrong)"
    )


def spotting(model: Path, given: Sequence[Clip], spoiled: Callable[[int, Clip], Samples]) -> str:
    """Words of the transcripts that are spotted, and sales phrases that are heard though nobody says them."""
    words = sorted({word for clip in given for word in rjieba.cut(clip.said) if len(word) >= 2})
    phrases = [
        phrase
        for phrase in open_scanner(today=today()).spoken_phrases(PHRASES)
        if not any(phrase in c.said for c in given)
    ]
    ordinary, sales = Spotter(model, words), Spotter(model, phrases)
    found = there = false = alarms = 0
    begin = time.process_time()
    for number, clip in enumerate(given):
        alarms += len(sales.spot(spoiled(number, clip)))
    spent = time.process_time() - begin
    for number, clip in enumerate(given):
        heard = Counter(hit.text for hit in ordinary.spot(spoiled(number, clip)))
        said = Counter({word: clip.said.count(word) for word in words if word in clip.said})
        found += sum(min(count, heard[word]) for word, count in said.items())
        false += sum((heard - said).values())
        there += sum(said.values())
    seconds = sum(len(clip.samples) for clip in given) / AUDIO_RATE
    return (
        f"{found}/{there} words found, {false} false; {len(phrases)} sales phrases: {alarms} false in "
        f"{seconds:.0f} s, {spent / seconds:.3f} processor seconds a second"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=5)
    args = parser.parse_args()
    if not args.model.is_dir() or not (SHARED / "audio").is_dir():
        print("speech: no test model or clips; set FAIRSTREAM_SHARED")
        return
    given = clips(SHARED / "audio")
    listener = open_listener(args.model)
    speed(args.model, listener, given, args.minutes)

    def with_pink(decibels: float) -> Callable[[int, Clip], Samples]:
        return lambda n, clip: mixed(clip.samples, pink(len(clip.samples), args.seed + n), decibels)

    def with_voice(decibels: float) -> Callable[[int, Clip], Samples]:
        def spoiled(n: int, clip: Clip) -> Samples:
            other = given[(n + 1) % len(given)].samples
            return mixed(clip.samples, np.resize(other, len(clip.samples)), decibels)

        return spoiled

    print(f"\n{len(given)} clips, voice detector: {'model' if listener.by_model else 'loudness'}")
    print("condition              no tone  tone    characters")
    print(f"clean                  {errors(listener, lambda _, clip: clip.samples, given)}")
    for decibels in (20, 10, 5):
        print(f"pink noise {decibels:2} dB       {errors(listener, with_pink(decibels), given)}")
    for decibels in (20, 10, 5):
        print(f"second voice {decibels:2} dB     {errors(listener, with_voice(decibels), given)}")
    print(f"\nconfidence, clean: {sureness(listener, given)}")
    print("\nspotter (words of two or more characters in the transcripts)")
    print(f"clean                  {spotting(args.model, given, lambda _, clip: clip.samples)}")
    print(f"pink noise 10 dB       {spotting(args.model, given, with_pink(10))}")
    print(f"second voice 10 dB     {spotting(args.model, given, with_voice(10))}")
    loud = Listener(listener.engine, None)
    print("\nwithout a voice detector (loudness)")
    print(f"clean                  {errors(loud, lambda _, clip: clip.samples, given)}")


if __name__ == "__main__":
    main()
