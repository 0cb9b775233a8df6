"""Finding risky phrases in recognised speech: by characters, by sound, by the keyword spotter, and together.

    python benchmarks/hearing.py [--model DIR] [clips|simulated]

`clips` recognises the clips of ../shared/audio (or the folder that FAIRSTREAM_SHARED names) as
`benchmarks/speech.py` does, clean and with noise mixed in, and looks for words in what was heard. The clips
hold hardly any risky phrase, so the words are ordinary: every word of two or more characters that rjieba
(without guessing) cuts the references into; with them go the 200 phrases of the shipped rules that are most
worth spotting, of which the clips hold none. A hit is a phrase found in a clip whose reference has it, a
false hit one whose reference has it not. Then the shipped rules scan what was heard.

`simulated` is `hearing_simulated.py`: sentences made into syllables and spoilt as the recogniser spoils them.
"""

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import rjieba
from hearing_errors import KINDS, Errors
from hearing_simulated import share, simulated
from speech import MODEL, SHARED, Clip, clips, hear, mixed, pink

from fairstream.detect.engine import Scanner
from fairstream.detect.sounding import Sounding
from fairstream.detect.sounding_terms import spoken_words
from fairstream.law.resolve import load_law
from fairstream.records import Text
from fairstream.rules.library import load_rules
from fairstream.sources.asr.listening import Spoken, open_listener

DECOYS = 200
CONDITIONS = (
    ("clean", 0),
    ("pink", 20),
    ("pink", 10),
    ("pink", 5),
    ("voice", 20),
    ("voice", 10),
    ("voice", 5),
)
METHODS = ("characters", "sound", "spotter", "characters + sound", "sound + spotter", "all three")


class Found(NamedTuple):
    """Phrases found in one clip, by method."""

    characters: frozenset[str]
    sound: frozenset[str]
    spotter: frozenset[str]

    def by(self, method: str) -> frozenset[str]:
        both = {"characters + sound": self[:2], "sound + spotter": self[1:], "all three": self[:]}
        return frozenset().union(*both[method]) if method in both else frozenset(getattr(self, method))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("part", nargs="?", choices=("clips", "simulated"))
    parser.add_argument(
        "--tuned", action="store_true", help="the half of the sentences that thresholds were set on"
    )
    given = parser.parse_args()
    scanner = Scanner(load_rules(), load_law(), today=date(2026, 3, 1))
    recordings = clips(SHARED / "audio")
    errors = listened(given.model, recordings, scanner, given.part != "simulated")
    if given.part != "clips":
        simulated(scanner, errors, SHARED, tuned=given.tuned)


def listened(model: Path, recordings: Sequence[Clip], scanner: Scanner, report: bool) -> Errors:
    """Recognise every clip under every condition; the errors of the clean and the pink ones."""
    words = sorted(
        {word for clip in recordings for word in rjieba.cut(clip.said, hmm=False) if len(word) > 1}
    )
    decoys = [p for p in scanner.spoken_phrases(DECOYS) if not any(p in clip.said for clip in recordings)]
    listener = open_listener(model, phrases=[*words, *decoys] if report else [])
    sounding = Sounding([*words, *decoys, *spoken_words(scanner.compiled)])
    errors = Errors()
    if report:
        total = sum(clip.said.count(word) for clip in recordings for word in words)
        print(f"{len(recordings)} clips, {len(words)} words ({total} occurrences), {len(decoys)} decoys")
    for noise, decibels in CONDITIONS:
        if noise == "voice" and not report:
            continue
        heard = [
            hear(listener, spoilt(recordings, number, noise, decibels)) for number in range(len(recordings))
        ]
        if noise != "voice":
            for clip, spoken in zip(recordings, heard, strict=True):
                errors.add(clip.said, [sound.text for one in spoken for sound in one.sounds])
        if report:
            name = noise if noise == "clean" else f"{noise} {decibels} dB"
            searched = [found_in(spoken, [*words, *decoys], sounding) for spoken in heard]
            told(name, recordings, searched, words)
            scanned(name, recordings, heard, scanner)
    if report:
        shares = ", ".join(f"{kind} {errors.kinds[kind]}" for kind in KINDS)
        print(f"errors on {errors.said} syllables, clean and pink: {shares}")
    return errors


def spoilt(recordings: Sequence[Clip], number: int, noise: str, decibels: float) -> np.ndarray:
    """A clip as `speech.py` spoils it."""
    samples = recordings[number].samples
    if noise == "clean":
        return samples
    if noise == "pink":
        return mixed(samples, pink(len(samples), number), decibels)
    return mixed(
        samples, np.resize(recordings[(number + 1) % len(recordings)].samples, len(samples)), decibels
    )


def found_in(spoken: Sequence[Spoken], phrases: Sequence[str], sounding: Sounding) -> Found:
    """The phrases each method finds in what was heard of one clip."""
    texts = [
        Text(str(number), one.text, medium="speech", heard=one.heard, sounds=one.sounds)
        for number, one in enumerate(spoken)
    ]
    read = ["".join(_read(text, heard)) for text, heard in zip(texts, sounding.heard(texts), strict=True)]
    return Found(
        frozenset(phrase for phrase in phrases if any(phrase in text.text for text in texts)),
        frozenset(phrase for phrase in phrases if any(phrase in text for text in read)),
        frozenset(sound.text for one in spoken for sound in one.spotted),
    )


def _read(text: Text, heard: Sequence[tuple[int, int, str, object, float]]) -> list[str]:
    characters = list(text.text)
    for start, _, term, *_ in heard:
        characters[start] = term
    return characters


def told(name: str, recordings: Sequence[Clip], searched: Sequence[Found], words: Sequence[str]) -> None:
    """Print recall and false hits of each method, short and long words apart."""
    for method in METHODS:
        parts = []
        for title, chosen in (
            ("2 syllables", [word for word in words if len(word) == 2]),
            ("3 and more", [word for word in words if len(word) > 2]),
        ):
            pairs = [
                (word, found)
                for clip, found in zip(recordings, searched, strict=True)
                for word in chosen
                if word in clip.said
            ]
            hits = sum(word in found.by(method) for word, found in pairs)
            parts.append(f"{title} {share(hits, len(pairs))}")
        false = [
            phrase
            for clip, found in zip(recordings, searched, strict=True)
            for phrase in found.by(method)
            if phrase not in clip.said
        ]
        alarms = sum(phrase not in words for phrase in false)
        print(
            f"{name:12} {method:19} {'; '.join(parts)}; false hits {len(false) - alarms}, of decoys {alarms}"
        )


def scanned(
    name: str, recordings: Sequence[Clip], heard: Sequence[Sequence[Spoken]], scanner: Scanner
) -> None:
    """Print how many findings the shipped rules make, beside those on the references."""
    told = [f"references {findings(scanner, [Text('r', clip.said, medium='speech') for clip in recordings])}"]
    for method, keys in (
        ("characters", ()),
        ("sound", ("sounds",)),
        ("sound + spotter", ("sounds", "spotted")),
    ):
        texts = [
            Text("u", one.text, medium="speech", heard=one.heard if keys else "given",
                 **{key: getattr(one, key) for key in keys})
            for spoken in heard
            for one in spoken
        ]  # fmt: skip
        told.append(f"{method} {findings(scanner, texts)}")
    print(f"{name:12} findings of the shipped rules: {', '.join(told)}")


def findings(scanner: Scanner, texts: Sequence[Text]) -> int:
    return sum(map(len, scanner.scan(texts)))


if __name__ == "__main__":
    main()
