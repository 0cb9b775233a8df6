"""What a report is made of, gathered before a word is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from fairstream.blocks import NOTHING, Chart, Series
from fairstream.opinion.aggregate import Count, Figures
from fairstream.opinion.audit import Audit
from fairstream.opinion.report.extras import Extras
from fairstream.opinion.report.numbers import Numbers
from fairstream.opinion.report.words import said
from fairstream.opinion.select import Selection, days
from fairstream.records import Words


@dataclass(frozen=True)
class Material:
    """Counts of the window, of an earlier one to compare with, labels, and names of topics.

    `titles` are the names of topics by their id, and of others by `aspect:…`, `kind:…`, `conduct:…` and
    `suspicion:…`; `tips` what consumers may be told about a topic.
    """

    figures: Figures
    numbers: Numbers
    titles: Mapping[str, Words]
    extras: Extras
    tips: Mapping[str, Words] = field(default_factory=dict)
    earlier: Figures | None = None
    audit: Audit | None = None
    invented: bool = False
    made: Words = NOTHING

    @property
    def length(self) -> int:
        """Days of the window."""
        return len(self.figures.window)

    def title(self, name: str) -> Words:
        """The name of a topic or the like; its id when it has none."""
        return self.titles.get(name, Words(name, name))

    def on(self, day: int) -> date:
        """A day of the window by its index."""
        return self.figures.window.dates[day]

    def of_day(self, day: int, selection: Selection) -> Selection:
        """What was selected, on one day."""
        return days(self.on(day), self.on(day)) & selection


def short_days(material: Material) -> tuple[Words, ...]:
    """The days of the window as labels of an axis."""
    return tuple(
        Words(f"{d.month}月{d.day}日", f"{d.month:02}-{d.day:02}") for d in material.figures.window.dates
    )


def daily(
    material: Material,
    key: str,
    title: Words,
    lines: Sequence[tuple[Words, Sequence[Count], Selection]],
    *,
    peaks: Sequence[int] = (),
) -> Chart:
    """A chart of counts by day; each point leads to the items of its day."""
    series = tuple(
        Series(
            name,
            tuple(float(count.items) for count in counts),
            queries=tuple(str(material.of_day(day, selection)) for day in range(len(counts))),
        )
        for name, counts, selection in lines
    )
    marks = {at: said("peak_mark") for at in peaks}
    sample = sum(count.items for count in lines[0][1])
    return Chart(key, "line", title, short_days(material), series, sample, marks=marks)
