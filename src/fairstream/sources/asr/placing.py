"""Positions in a recording → times on the broadcast's clock, for what was heard in it."""

from collections.abc import Sequence
from dataclasses import replace

from fairstream.records import Recording, Sound, Utterance


def place(utterances: Sequence[Utterance], recording: Recording) -> tuple[Utterance, ...]:
    """Utterances whose times are positions in the file, on the broadcast's clock and with its ids."""
    return tuple(
        replace(
            utterance,
            id=f"{recording.id}-u{number}",
            recording_id=recording.id,
            start_ms=None if utterance.start_ms is None else recording.moment(utterance.start_ms),
            end_ms=None if utterance.end_ms is None else recording.moment(utterance.end_ms, end=True),
            sounds=on_clock(recording, utterance.sounds),
            spotted=on_clock(recording, utterance.spotted),
        )
        for number, utterance in enumerate(utterances, 1)
    )


def on_clock(recording: Recording, sounds: Sequence[Sound]) -> tuple[Sound, ...]:
    """Sounds whose times are positions in the recording, on the broadcast's clock."""
    return tuple(
        sound._replace(
            start_ms=recording.moment(sound.start_ms), end_ms=recording.moment(sound.end_ms, end=True)
        )
        for sound in sounds
    )
