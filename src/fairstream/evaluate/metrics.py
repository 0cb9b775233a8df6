"""Shares with their sample size and interval."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `total`, with the Wilson 95 % interval.

    Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference,
    Journal of the American Statistical Association 22: honest for small samples and for shares near 0.
    """

    hits: int
    total: int

    @classmethod
    def of(cls, answers: Iterable[bool]) -> "Share":
        """The share of True."""
        values = list(answers)
        return cls(sum(values), len(values))

    @property
    def value(self) -> float | None:
        """The share, or None when there is nothing to count."""
        return self.hits / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Lower and upper bound of the 95 % interval."""
        if not self.total:
            return None
        share = self.hits / self.total
        weight = Z95 * Z95 / self.total
        middle = (share + weight / 2) / (1 + weight)
        half = Z95 / (1 + weight) * sqrt(share * (1 - share) / self.total + weight / (4 * self.total))
        return max(0.0, middle - half), min(1.0, middle + half)

    def __str__(self) -> str:
        if self.value is None or self.interval is None:
            return "– (0)"
        low, high = self.interval
        return f"{self.value:.3f} [{low:.3f}–{high:.3f}] ({self.hits}/{self.total})"

    def as_json(self) -> dict[str, object]:
        """Share, counts and interval as plain data."""
        return {"share": self.value, "hits": self.hits, "total": self.total, "interval95": self.interval}
