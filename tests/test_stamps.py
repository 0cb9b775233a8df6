"""Stamps that jump: positions never run back, holes stay holes, single wild stamps change nothing."""

from fractions import Fraction
from typing import Any

import av
from hypothesis import given, settings
from hypothesis import strategies as st

from fairstream.stamps import SECOND, PacketStamps, Run, Stamp, Unroller

STEP = 40_000


def unrolled(stamps: list[Stamp]) -> tuple[list[int], Unroller[Stamp]]:
    unroller: Unroller[Stamp] = Unroller(lambda stamp: stamp)
    return [placed.dts for _, placed in unroller.places(stamps)], unroller


def line(start: int, count: int, stream: int = 0) -> list[Stamp]:
    return [Stamp(stream, start + at * STEP, start + at * STEP, STEP) for at in range(count)]


def test_a_hole_stays_a_hole() -> None:
    positions, unroller = unrolled(line(5 * SECOND, 50) + line(17 * SECOND, 50))
    assert positions[50] == 12 * SECOND
    assert unroller.runs() == (Run(0, 2000, 0), Run(12_000, 2000, 12_000))


def test_set_back_is_joined_on() -> None:
    positions, unroller = unrolled(line(3600 * SECOND, 50) + line(0, 50))
    assert positions == [at * STEP for at in range(100)]
    assert unroller.runs() == (Run(0, 2000, 0), Run(2000, 2000, -3_600_000, reset=True))


def test_a_single_wild_stamp_moves_nothing() -> None:
    for wild in (0, 900 * SECOND, 10**15, -(10**15)):
        stamps = line(100 * SECOND, 60)
        stamps[30] = Stamp(0, wild, wild, STEP)
        positions, unroller = unrolled(stamps)
        assert positions == [at * STEP for at in range(60)]
        assert unroller.glitches == 1
        assert len(unroller.runs()) == 1


def test_both_streams_follow_one_reset() -> None:
    before = [stamp for pair in zip(line(0, 50), line(7000, 50, 1), strict=True) for stamp in pair]
    after = [stamp for pair in zip(line(0, 50), line(7000, 50, 1), strict=True) for stamp in pair]
    positions, unroller = unrolled(before + after)
    assert positions[101] - positions[100] == 7000
    assert [run.reset for run in unroller.runs()] == [False, True]


def test_the_offset_changes_at_a_reset_and_not_at_a_wild_stamp() -> None:
    stamps = line(100 * SECOND, 50) + line(7 * SECOND, 50)
    stamps[20] = Stamp(0, 3 * SECOND, 3 * SECOND, STEP)
    unroller: Unroller[Stamp] = Unroller(lambda stamp: stamp)
    offsets = [unroller.offset(0) for _ in unroller.places(stamps)]
    assert offsets == [-100 * SECOND] * 50 + [2 * SECOND - 7 * SECOND] * 50


def packet(base: Fraction, dts: int | None, pts: int | None, duration: int) -> Any:
    made: Any = av.Packet(1)
    made.time_base, made.dts, made.pts, made.duration = base, dts, pts, duration
    return made


def test_stamps_of_packets_are_microseconds_by_their_streams_units() -> None:
    stamp_of = PacketStamps()
    first = packet(Fraction(1, 90_000), 90_000, 93_601, 3600)
    assert stamp_of(first) == Stamp(0, 1_000_000, 1_040_011, 40_000)
    assert stamp_of(packet(Fraction(1, 1000), None, -90, 0)) == Stamp(0, None, -1000, 0)
    assert PacketStamps()(packet(Fraction(1, 1000), None, -57, 0)) == Stamp(0, None, -57_000, 0)
    each = PacketStamps(fixed=False)
    assert [each(one).duration for one in (first, packet(Fraction(1, 8), 1, None, 2))] == [40_000, 250_000]


def test_packets_without_stamps_stand_behind_the_one_before() -> None:
    stamps = [Stamp(0, None, None, STEP) if at % 3 else stamp for at, stamp in enumerate(line(0, 30))]
    assert unrolled(stamps)[0] == [at * STEP for at in range(30)]


def test_a_stream_with_a_picture_each_five_seconds_has_no_break_beside_sound() -> None:
    sound = line(0, 500)
    slides = [Stamp(1, at * 5 * SECOND, at * 5 * SECOND, 0) for at in range(4)]
    stamps = sorted(sound + slides, key=lambda stamp: stamp.dts or 0)
    assert unrolled(stamps)[1].runs() == (Run(0, 20_000, 0),)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 2), st.one_of(st.none(), st.integers(-(2**40), 2**40)), st.integers(0, 10**7)
        ),
        max_size=200,
    )
)
def test_no_stream_ever_steps_back_by_more_than_a_second(values: list[tuple[int, int | None, int]]) -> None:
    stamps = [Stamp(stream, dts, dts, duration) for stream, dts, duration in values]
    positions, unroller = unrolled(stamps)
    assert len(positions) == len(stamps)
    runs = unroller.runs()
    assert [run.position_ms for run in runs] == sorted(run.position_ms for run in runs)
    assert all(run.length_ms >= 0 for run in runs)
    last: dict[int, int] = {}
    for stamp, position in zip(stamps, positions, strict=True):
        assert position >= last.get(stamp.stream, position) - SECOND
        last[stamp.stream] = position
