"""Section two: what the complaints are about, topic by topic, with typical items."""

from fairstream.blocks import Block, Cell, Chart, Heading, Number, Paragraph, Quote, Series, Table
from fairstream.opinion import aggregate
from fairstream.opinion.aggregate import Count
from fairstream.opinion.report.basic import COMPLAINTS
from fairstream.opinion.report.cases import Case, typical
from fairstream.opinion.report.material import Material, daily
from fairstream.opinion.report.numbers import NONE, percent
from fairstream.opinion.report.words import enumerated, named_shares, said
from fairstream.opinion.select import Selection, named, where
from fairstream.opinion.series import SHAPES, shape
from fairstream.records import Words

MOST = 5
"""Topics told in full, as the published reports do; the table has them all."""
ALWAYS = ("live",)
"""Topics told in full however small: live selling is what the product is for."""


def topics(material: Material) -> list[Block]:
    """The section's blocks."""
    heading = Heading(said("topics_heading"), 1, "topics")
    found = main_topics(material)
    if not found:
        return [heading, Paragraph(said("topics_none"), kind="warning")]
    listed = list(found)[:MOST]
    told = [*listed, *(name for name in ALWAYS if name in found and name not in listed)]
    blocks: list[Block] = [heading, *_overview(material, found)]
    cases = typical(material, told)
    for name in told:
        blocks += _topic(material, name, found[name])
        blocks += _cases(cases[name], material, name)
    return blocks


def main_topics(material: Material) -> dict[str, Count]:
    """Complaints by topic, sub-issues left out, the largest first."""
    found = aggregate.by_name(material.figures.topics, aggregate.complaints)
    return {name: count for name, count in found.items() if "." not in name}


def of_topic(name: str) -> Selection:
    """The complaints on a topic."""
    return COMPLAINTS & named("topic", [name])


def _all_complaints(material: Material) -> Count:
    return aggregate.count(material.figures.volume, aggregate.complaints)


def _overview(material: Material, found: dict[str, Count]) -> list[Block]:
    total = _all_complaints(material)
    rows = [_row(material, name, count, total) for name, count in found.items()]
    listed, holds = enumerated(len(rows[:MOST])), named_shares((row[0], row[2]) for row in rows[:MOST])
    names = ["topic", "items", "share", "first", "first_share", "mean", "peak_day"]
    names += ["change"] if material.earlier else []
    names += ["corrected_share"] if material.audit else []
    columns = tuple(said(name) for name in names)
    table = Table(said("topics_title"), columns, tuple(rows), frozenset(range(1, len(columns))))
    text = Paragraph(said("topics_said", list=listed), holds)
    return [text, _bars(material, found, total), table, *_rest(material, found, total)]


def _row(material: Material, name: str, count: Count, total: Count) -> tuple[Cell, ...]:
    numbers, selection, key = material.numbers, of_topic(name), f"topic.{name}"
    meaning, of = _meaning(material, name), said("of_complaints")
    raw, first = count.share(total)
    series = _series(material, name)
    top = aggregate.peak(series)
    on_top = material.of_day(top, selection)
    row: list[Cell] = [
        material.title(name),
        numbers.items(key, count, meaning, selection),
        numbers.share(f"{key}.share", raw, count.items, of, selection, COMPLAINTS),
        numbers.firsts(f"{key}.first", count, meaning, selection),
        numbers.share(f"{key}.share.first", first, count.first, of, selection, COMPLAINTS, first=True),
        numbers.mean(f"{key}.mean", count, material.length, said("mean"), selection),
        numbers.on(f"{key}.peak.day", material.on(top), said("peak_day"), on_top, series[top].items),
    ]
    if material.earlier is not None:
        row.append(_change(material, name, raw) or NONE)
    if material.audit is not None:
        row.append(numbers.corrected(f"{key}.corrected", material.audit.share(name), of))
    return tuple(row)


def _meaning(material: Material, name: str) -> Words:
    return said("topic_meaning", what=material.title(name))


def _series(material: Material, name: str) -> tuple[Count, ...]:
    rows = aggregate.of_name(material.figures.topics, name)
    return aggregate.by_day(rows, material.length, aggregate.complaints)


def _then(material: Material, name: str) -> float | None:
    if material.earlier is None:
        return None
    rows = aggregate.of_name(material.earlier.topics, name)
    whole = aggregate.count(material.earlier.volume, aggregate.complaints)
    return aggregate.count(rows, aggregate.complaints).share(whole)[0]


def _change(material: Material, name: str, now: float | None) -> Number | None:
    change = aggregate.points(now, _then(material, name))
    if change is None:
        return None
    text = f"{change:+.2f}"
    return material.numbers.plain(f"topic.{name}.points", Words(text, text), change, said("points"))


def _bars(material: Material, found: dict[str, Count], total: Count) -> Chart:
    values = tuple(count.items / total.items for count in found.values())
    queries = tuple(str(of_topic(name)) for name in found)
    low = high = ()
    kept = [Series(said("share"), values, queries=queries)]
    if material.audit is not None:
        estimates = [material.audit.share(name) for name in found]
        shares = tuple(e.value for e in estimates)
        low, high = tuple(e.low for e in estimates), tuple(e.high for e in estimates)  # type: ignore[assignment]
        kept.append(Series(said("corrected_share"), shares, low, high))
    labels = tuple(material.title(name) for name in found)
    kind = "dots" if material.audit else "bar"
    return Chart("topics", kind, said("topics_title"), labels, tuple(kept), total.items, share=True)  # type: ignore[arg-type]


def _rest(material: Material, found: dict[str, Count], total: Count) -> list[Block]:
    selection = COMPLAINTS & where(f"not {named('topic', sorted(found))}")
    condition, values = (material.figures.window.selection & selection).sql()
    sums = "count(*) AS items, count(*) FILTER (duplicate_of IS NULL) AS first"
    row = material.figures.store.rows(f"SELECT {sums} FROM items WHERE {condition}", values)[0]
    rest = Count(row["items"], row["first"])
    numbers = material.numbers
    holds = {
        "n": numbers.items("untopical", rest, said("no_topic"), selection),
        "share": numbers.share(
            "untopical.share", rest.share(total)[0], rest.items, said("of_complaints"), selection, COMPLAINTS
        ),
    }
    return [Paragraph(said("untopical"), holds, "note")] if rest.items else []


def _topic(material: Material, name: str, count: Count) -> list[Block]:
    numbers, selection, key = material.numbers, of_topic(name), f"topic.{name}"
    title, meaning = material.title(name), _meaning(material, name)
    row = _row(material, name, count, _all_complaints(material))
    series = _series(material, name)
    top = aggregate.peak(series)
    curve = shape([found.items for found in series])
    on_top = material.of_day(top, selection)
    cells = dict(zip(("n", "share", "first", "fshare", "mean", "day"), row[1:7], strict=True))
    holds: dict[str, Number | Quote | Words] = {
        **{at: cell for at, cell in cells.items() if isinstance(cell, Number)},
        "what": title,
        "shape": numbers.plain(f"{key}.shape", SHAPES[curve], curve, said("shape")),
        "peak": numbers.items(f"{key}.peak", series[top], said("at_peak"), on_top),
    }
    lines = [(meaning, series, selection)]
    chart = daily(material, f"topic-{name}", said("topic_chart", what=title), lines, peaks=[top])
    return [
        Heading(title, 2, f"topic-{name}"),
        Paragraph(said("topic_said"), holds),
        *_compared(material, name, row[2]),
        *_corrected(material, name),
        chart,
        *_kinds(material, name, count),
    ]


def _compared(material: Material, name: str, now: Cell) -> list[Block]:
    then = _then(material, name)
    if then is None or not isinstance(now, Number):
        return []
    number = _change(material, name, float(now.value))
    if number is None:
        return []
    shown = material.numbers.plain(f"topic.{name}.then", percent(then), then, said("earlier_share"))
    return [Paragraph(said("topic_change"), {"then": shown, "points": number})]


def _corrected(material: Material, name: str) -> list[Block]:
    if material.audit is None:
        return []
    of = said("of_complaints")
    number = material.numbers.corrected(f"topic.{name}.corrected", material.audit.share(name), of)
    return [Paragraph(said("topic_corrected"), {"share": number})]


def _kinds(material: Material, name: str, count: Count) -> list[Block]:
    found = aggregate.by_name(material.figures.topics, aggregate.complaints)
    kinds = {sub: own for sub, own in found.items() if sub.startswith(f"{name}.")}
    if not kinds:
        return []
    numbers = material.numbers
    rows = []
    for sub, own in kinds.items():
        selection, key, meaning = of_topic(sub), f"topic.{sub}", _meaning(material, sub)
        of = _meaning(material, name)
        rows.append((
            material.title(sub),
            numbers.items(key, own, meaning, selection),
            numbers.share(f"{key}.within", own.share(count)[0], own.items, of, selection, of_topic(name)),
            numbers.firsts(f"{key}.first", own, meaning, selection),
        ))  # fmt: skip
    shown = rows[:3]
    holds = named_shares((row[0], row[1]) for row in shown)
    text = Paragraph(said("topic_kinds_said", list=enumerated(len(shown))), holds)
    columns = tuple(said(column) for column in ("topic", "items", "share", "first"))
    title = said("topic_kinds", what=material.title(name))
    return [text, Table(title, columns, tuple(rows), frozenset({1, 2, 3}))]


def _cases(cases: tuple[Case, ...], material: Material, name: str) -> list[Block]:
    if not cases:
        return []
    blocks: list[Block] = [Heading(said("cases_heading"), 3), Paragraph(said("cases_note"), kind="note")]
    for at, case in enumerate(cases):
        key = f"case.{name}.{at}"
        holds: dict[str, Number | Quote | Words] = {
            "day": material.numbers.on(f"{key}.day", case.on, said("case_day"), case.selection, 1),
            "quote": Quote(key, case.quote, case.id, case.channel),
            "copies": material.numbers.asked(
                f"{key}.copies", case.shown, float(case.copies), said("case_copies"), case.group, case.copies
            ),
        }
        blocks.append(Paragraph(said("case"), holds, "item"))
    return [*blocks, Paragraph(said("case_reply"), kind="placeholder")]
