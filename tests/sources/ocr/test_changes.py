"""Which blocks are due, and how they are put into rectangles."""

import numpy as np

from fairstream.sources.ocr.changes import Area, ChangedAreas, bands, blocks_of, grey_of, overlaps, small
from sources.ocr.drawn import plain, write

WHOLE = Area(0, 360, 0, 480)


def looked(areas: ChangedAreas, picture: np.ndarray, at_ms: int) -> int:  # type: ignore[type-arg]
    """How many blocks are due."""
    return int(areas.look(small(grey_of(picture)), at_ms).sum())


def read_all(areas: ChangedAreas, picture: np.ndarray, at_ms: int) -> None:  # type: ignore[type-arg]
    few = small(grey_of(picture))
    areas.mark_read(few, [WHOLE], [], areas.look(few, at_ms), at_ms)


def test_new_print_is_due_when_it_rests() -> None:
    first = small(grey_of(plain()))
    areas = ChangedAreas(first)
    read_all(areas, plain(), 0)
    written = write(plain(), "现价99元", 320, 16)
    assert looked(areas, plain(), 80) == 0
    assert looked(areas, written, 160) == 0
    due = areas.look(small(grey_of(written)), 240)
    assert due[blocks_of(Area(320, 344, 16, 96))].mean() > 0.5
    assert due[:38].sum() == 0
    assert due.sum() < 60


def test_what_was_read_is_not_due_again() -> None:
    written = write(plain(), "现价99元", 320, 16)
    areas = ChangedAreas(small(grey_of(written)))
    read_all(areas, written, 0)
    assert [looked(areas, written, at) for at in range(80, 4000, 80)] == [0] * 49


def test_a_fruitless_place_is_asked_for_less_and_less() -> None:
    areas = ChangedAreas(small(grey_of(plain())))
    read_all(areas, plain(), 0)
    rough = np.random.default_rng(2)
    asked = []
    for at in range(80, 60_000, 80):
        picture = plain()
        picture[100:200, 100:200] = rough.integers(0, 255, (100, 100, 1))
        few = small(grey_of(picture))
        due = areas.look(few, at)
        if due.any():
            asked.append(at)
            areas.mark_read(few, bands(due, [], few.shape), [], due, at)
    gaps = np.diff(asked)
    assert len(asked) < 12
    assert gaps[-1] > 2 * gaps[0]


def test_bands_cut_through_no_known_line() -> None:
    wanted = np.zeros((45, 60), np.bool_)
    wanted[20, 10] = True
    line = Area(150, 170, 20, 400)
    (band,) = bands(wanted, [line], (360, 480))
    assert band.top < line.top and band.bottom > line.bottom
    assert band.left < line.left and band.right > line.right


def test_bands_far_apart_stay_apart_and_near_ones_are_one() -> None:
    wanted = np.zeros((45, 60), np.bool_)
    wanted[2], wanted[40] = True, True
    assert len(bands(wanted, [], (360, 480))) == 2
    wanted[5] = True
    assert len(bands(wanted, [], (360, 480))) == 2
    assert bands(np.zeros((45, 60), np.bool_), [], (360, 480)) == []


def test_overlaps_is_half_open() -> None:
    assert overlaps(Area(0, 10, 0, 10), Area(9, 20, 9, 20))
    assert not overlaps(Area(0, 10, 0, 10), Area(10, 20, 0, 10))
