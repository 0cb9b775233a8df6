"""Section one: how much was said, when and where, and how much of it were complaints (吐槽)."""

from collections.abc import Mapping

from fairstream.blocks import Block, Cell, Chart, Heading, Paragraph, Series, Table
from fairstream.opinion import aggregate
from fairstream.opinion.aggregate import Count
from fairstream.opinion.report.material import Material, daily, short_days
from fairstream.opinion.report.numbers import day, percent, whole
from fairstream.opinion.report.words import enumerated, named_shares, said
from fairstream.opinion.select import Selection, named, where
from fairstream.opinion.series import SHAPES, shape
from fairstream.records import Words

RIGHTS = where("rights")
COMPLAINTS = where("rights and complaint")
NAMED = 3
"""Channels named in the sentence."""
MOST = 30
"""Channels in the table; a last row has the others together."""


def basic(material: Material) -> list[Block]:
    """The section's blocks; a warning alone when nothing is about consumer rights."""
    heading = Heading(said("basic_heading"), 1, "basic")
    if not aggregate.count(material.figures.volume, aggregate.rights).items:
        return [heading, Paragraph(said("nothing"), kind="warning")]
    return [heading, *_volume(material), *_channels(material), *_complaints(material)]


def _volume(material: Material) -> list[Block]:
    numbers, figures = material.numbers, material.figures
    series = aggregate.by_day(figures.volume, material.length, aggregate.rights)
    total, every = aggregate.count(figures.volume, aggregate.rights), aggregate.count(figures.volume)
    top = aggregate.peak(series)
    on_top = material.of_day(top, RIGHTS)
    curve = shape([count.items for count in series])
    holds = {
        "all": numbers.items("all", every, said("all"), where()),
        "rights": numbers.items("rights", total, said("rights"), RIGHTS),
        "share": numbers.share(
            "rights.share", total.share(every)[0], total.items, said("of_all"), RIGHTS, where()
        ),
        "mean": numbers.mean("rights.mean", total, material.length, said("mean"), RIGHTS),
        "first": numbers.firsts("rights.first", total, said("rights"), RIGHTS),
        "shape": numbers.plain("rights.shape", SHAPES[curve], curve, said("shape")),
        "day": numbers.on("rights.peak.day", material.on(top), said("peak_day"), on_top, series[top].items),
        "peak": numbers.items("rights.peak", series[top], said("at_peak"), on_top),
    }
    complaints = aggregate.by_day(figures.volume, material.length, aggregate.complaints)
    lines = [(said("rights"), series, RIGHTS), (said("complaints"), complaints, COMPLAINTS)]
    return [
        Paragraph(said("volume"), holds),
        daily(material, "volume", said("volume_title"), lines, peaks=[top]),
    ]


def _channels(material: Material) -> list[Block]:
    channels = aggregate.by_name(material.figures.volume, aggregate.rights)
    total = aggregate.count(material.figures.volume, aggregate.rights)
    largest = list(channels)[:MOST]
    rows = [_channel(material, name, channels[name], total) for name in largest]
    shown = rows[:NAMED]
    listed = enumerated(len(shown))
    holds = named_shares((row[0], row[2]) for row in shown)
    columns = tuple(said(name) for name in ("channel", "items", "share", "first", "first_share"))
    if len(channels) > MOST:
        rest = [channels[name] for name in list(channels)[MOST:]]
        sums = Count(sum(count.items for count in rest), sum(count.first for count in rest))
        selection = RIGHTS & where(f"not {named('channel', largest)}")
        label = said("other_channels", n=whole(len(rest)))
        rows.append(_cells(material, "channels.others", label, sums, total, selection))
    table = Table(said("channels_title"), columns, tuple(rows), frozenset({1, 2, 3, 4}))
    channels = {name: channels[name] for name in largest}
    return [Paragraph(said("channels_said", list=listed), holds), _bars(channels, total), table]


def _channel(material: Material, name: str, found: Count, total: Count) -> tuple[Cell, ...]:
    key = f'channel."{name}"' if "." in name else f"channel.{name}"
    return _cells(material, key, _channel_name(name), found, total, RIGHTS & named("channel", [name]))


def _cells(
    material: Material, key: str, label: Words, found: Count, total: Count, selection: Selection
) -> tuple[Cell, ...]:
    """A row of the table of channels."""
    numbers, of = material.numbers, said("of_rights")
    raw, first = found.share(total)
    return (
        label,
        numbers.items(key, found, label, selection),
        numbers.share(f"{key}.share", raw, found.items, of, selection, RIGHTS),
        numbers.firsts(f"{key}.first", found, label, selection),
        numbers.share(f"{key}.share.first", first, found.first, of, selection, RIGHTS, first=True),
    )


def _channel_name(name: str) -> Words:
    return Words(name, name) if name else said("unnamed")


def _bars(channels: Mapping[str, Count], total: Count) -> Chart:
    values = tuple(found.items / total.items for found in channels.values())
    queries = tuple(str(RIGHTS & named("channel", [name])) for name in channels)
    series = Series(said("share"), values, queries=queries)
    labels = tuple(_channel_name(name) for name in channels)
    return Chart("channels", "bar", said("channels_title"), labels, (series,), total.items, share=True)


def _complaints(material: Material) -> list[Block]:
    numbers, figures, of = material.numbers, material.figures, said("of_rights")
    total = aggregate.count(figures.volume, aggregate.rights)
    found = aggregate.count(figures.volume, aggregate.complaints)
    raw, first = found.share(total)
    holds = {
        "n": numbers.items("complaints", found, said("complaints"), COMPLAINTS),
        "share": numbers.share("complaints.share", raw, found.items, of, COMPLAINTS, RIGHTS),
        "mean": numbers.mean("complaints.mean", found, material.length, said("mean"), COMPLAINTS),
        "first": numbers.firsts("complaints.first", found, said("complaints"), COMPLAINTS),
        "fshare": numbers.share(
            "complaints.share.first", first, found.first, of, COMPLAINTS, RIGHTS, first=True
        ),
    }
    heading = Heading(said("complaints_heading"), 2, "complaints")
    text = Paragraph(said("complaints_said"), holds)
    return [heading, text, *_compared(material, raw), *_corrected(material), _share_by_day(material)]


def _compared(material: Material, now: float | None) -> list[Block]:
    if material.earlier is None:
        return []
    volume, window = material.earlier.volume, material.earlier.window
    then = aggregate.count(volume, aggregate.complaints).share(aggregate.count(volume, aggregate.rights))[0]
    change = aggregate.points(now, then)
    if change is None or then is None:
        return [Paragraph(said("compared_none"), kind="warning")]
    plain, size = material.numbers.plain, f"{abs(change):.2f}"
    holds = {
        "from": plain("earlier.start", day(window.start), str(window.start), said("earlier_start")),
        "to": plain("earlier.end", day(window.end), str(window.end), said("earlier_end")),
        "then": plain("earlier.share", percent(then), then, said("earlier_share")),
        "points": plain("earlier.points", Words(size, size), change, said("points")),
    }
    way = "equal" if float(size) == 0 else "up" if change > 0 else "down"
    return [Paragraph(said(f"compared_{way}"), holds)]


def _corrected(material: Material) -> list[Block]:
    audit, numbers = material.audit, material.numbers
    if audit is None:
        return [Paragraph(said("uncorrected"), kind="warning")]
    count = len(audit.labelled)
    holds = {
        "n": numbers.plain("audit.labels", whole(count), count, said("labels")),
        "rights": numbers.corrected("audit.rights", audit.share("rights"), said("of_all")),
        "share": numbers.corrected("audit.complaint", audit.share("complaint"), said("of_rights")),
    }
    return [Paragraph(said("corrected_said"), holds)]


def _share_by_day(material: Material) -> Chart:
    total = aggregate.by_day(material.figures.volume, material.length, aggregate.rights)
    part = aggregate.by_day(material.figures.volume, material.length, aggregate.complaints)
    shares = [p.share(t) for p, t in zip(part, total, strict=True)]
    queries = tuple(str(material.of_day(at, COMPLAINTS)) for at in range(material.length))
    series = (
        Series(said("all_items"), tuple(raw for raw, _ in shares), queries=queries),
        Series(said("first"), tuple(first for _, first in shares)),
    )
    sample = sum(count.items for count in total)
    return Chart("share", "line", said("share_title"), short_days(material), series, sample, share=True)
