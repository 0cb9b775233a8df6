"""What a fit through (position, moment) points says; `fairstream.sources.fitting` makes it."""

from typing import NamedTuple


class Step(NamedTuple):
    """At `position_ms`, somewhere from `after_ms` to `before_ms`, the moments go ahead by `size_ms`."""

    position_ms: int
    size_ms: int
    after_ms: int
    before_ms: int


class Line(NamedTuple):
    """The fitted line; `drift_ppm` is None when the points do not support one, `error_ppm` is its standard
    error. `at_zero_ms` is the moment of position 0, `residual_ms` the middle distance of the points."""

    at_zero_ms: float
    drift_ppm: float | None
    error_ppm: float
    residual_ms: int
    points: int
    steps: tuple[Step, ...] = ()

    @property
    def rate(self) -> float:
        """Moment time per position time; 1 when a drift is not told from noise (three standard errors)."""
        if self.drift_ppm is None or abs(self.drift_ppm) <= 3 * self.error_ppm:
            return 1.0
        return 1 + self.drift_ppm / 1e6
