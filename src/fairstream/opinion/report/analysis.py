"""Section three: rules, merchants, platforms; phrases, bursts, names, copies, suspicion, leads."""

from fairstream.blocks import Block, Cell, Chart, Heading, Number, Paragraph, Quote, Series, Table
from fairstream.opinion import aggregate
from fairstream.opinion.aggregate import Count
from fairstream.opinion.report.basic import COMPLAINTS, RIGHTS
from fairstream.opinion.report.cases import excerpt
from fairstream.opinion.report.extras import SETTINGS
from fairstream.opinion.report.material import Material, short_days
from fairstream.opinion.report.numbers import day, percent, rounded, whole
from fairstream.opinion.report.proof import counts
from fairstream.opinion.report.words import said
from fairstream.opinion.select import Selection, named, where
from fairstream.records import Words

MOST = 15
"""Rows of a table of phrases or names."""


def analysis(material: Material) -> list[Block]:
    """The section's blocks."""
    return [
        Heading(said("analysis_heading"), 1, "analysis"),
        Paragraph(said("causes"), kind="placeholder"),
        *_aspects(material),
        *_phrases(material),
        *_pairs(material),
        *_bursts(material),
        *_entities(material),
        *_copies(material),
        *_suspicion(material),
        *_leads(material),
        *_alerts(material),
        Heading(said("advice_heading"), 2, "advice"),
        *(
            Paragraph(said(f"advice_{to}"), kind="placeholder")
            for to in ("merchants", "platforms", "authorities", "consumers")
        ),
    ]


def _columns(*names: str) -> tuple[Words, ...]:
    return tuple(said(name) for name in names)


def net(praise: int, complaint: int) -> float | None:
    """Net satisfaction, −1 to 1; None of nothing."""
    return (praise - complaint) / (praise + complaint) if praise + complaint else None


def _aspects(material: Material) -> list[Block]:
    found = aggregate.by_name(material.figures.aspects)
    names = list(dict.fromkeys(name.rsplit(":", 1)[0] for name in found))
    if not names:
        return []
    rows, numbers = list[tuple[Cell, ...]](), material.numbers
    wholes = [_all(material, _aspect(name, "praise", "complaint")) for name in names]
    either = counts(wholes, material.figures.store)
    for name in names:
        both = {side: found.get(f"{name}:{side}", Count(0, 0)) for side in ("praise", "complaint")}
        title, key = material.title(f"aspect:{name}"), f"aspect.{name}"
        value = net(both["praise"].items, both["complaint"].items)
        cells = [
            numbers.items(
                f"{key}.{side}", both[side], said(f"aspect_{side}", what=title), _aspect(name, side)
            )
            for side in ("praise", "complaint")
        ]
        meaning, shown = said("aspect_net", what=title), percent(value)
        of = _all(material, _aspect(name, "praise", "complaint"))
        count = either[str(of)]
        rows.append(
            (
                title,
                *cells,
                numbers.asked(f"{key}.net", shown, -2.0 if value is None else value, meaning, of, count),
            )
        )
    table = Table(
        said("aspects_title"),
        _columns("aspect", "praise", "complaints", "net"),
        tuple(rows),
        frozenset({1, 2, 3}),
    )
    heading = Heading(said("aspects_heading"), 2, "aspects")
    return [heading, Paragraph(said("aspects_said"), kind="note"), table, _aspects_by_day(material, names)]


def _aspect(name: str, *sides: str) -> Selection:
    return RIGHTS & named("aspect", [f"{name}:{side}" for side in sides])


def _all(material: Material, selection: Selection) -> Selection:
    return material.figures.window.selection & selection


def _aspects_by_day(material: Material, names: list[str]) -> Chart:
    series, sample = [], 0
    for name in names[:4]:
        praise, complaint = (
            aggregate.by_day(aggregate.of_name(material.figures.aspects, f"{name}:{side}"), material.length)
            for side in ("praise", "complaint")
        )
        values = tuple(net(p.items, c.items) for p, c in zip(praise, complaint, strict=True))
        sample += sum(p.items + c.items for p, c in zip(praise, complaint, strict=True))
        queries = tuple(
            str(material.of_day(at, _aspect(name, "praise", "complaint"))) for at in range(material.length)
        )
        series.append(Series(material.title(f"aspect:{name}"), values, queries=queries))
    return Chart(
        "aspects", "line", said("aspects_chart"), short_days(material), tuple(series), sample, share=True
    )


def _phrases(material: Material) -> list[Block]:
    extras, numbers = material.extras, material.numbers
    blocks: list[Block] = [Heading(said("phrases_heading"), 2, "phrases")]
    rows = list[tuple[Cell, ...]]()
    for phrase in extras.phrases[:MOST]:
        word, meaning = _same(phrase.phrase), said("phrase_meaning", what=_same(phrase.phrase))
        count, key = Count(phrase.items, phrase.first), f"phrase.{phrase.phrase}"
        selection = COMPLAINTS & named("phrase", [phrase.phrase])
        share = numbers.share(
            f"{key}.share", phrase.share, phrase.items, said("of_complaints"), selection, COMPLAINTS
        )
        rows.append(
            (
                word,
                numbers.items(key, count, meaning, selection),
                share,
                numbers.firsts(f"{key}.first", count, meaning, selection),
            )
        )
    if rows:
        columns = _columns("phrase", "items", "share", "first")
        blocks += [_cloud(material), Table(said("phrases_title"), columns, tuple(rows), frozenset({1, 2, 3}))]
    if extras.new is None:
        return [*blocks, Paragraph(said("no_background"), kind="warning")]
    return [*blocks, *_new_phrases(material)]


def _same(text: str) -> Words:
    return Words(text, text)


def _cloud(material: Material) -> Chart:
    phrases = material.extras.phrases
    queries = tuple(str(_all(material, COMPLAINTS & named("phrase", [p.phrase]))) for p in phrases)
    series = Series(said("first"), tuple(float(p.first) for p in phrases), queries=queries)
    labels = tuple(_same(p.phrase) for p in phrases)
    total = aggregate.count(material.figures.volume, aggregate.complaints)
    return Chart("phrases", "words", said("phrases_words"), labels, (series,), total.first)


def _new_phrases(material: Material) -> list[Block]:
    numbers, rows = material.numbers, list[tuple[Cell, ...]]()
    for new in (material.extras.new or ())[:MOST]:
        word, key = _same(new.phrase), f"phrase.{new.phrase}"
        selection = COMPLAINTS & named("phrase", [new.phrase])
        ratio = Words(*[f"{new.ratio:,.1f} ({new.low:,.1f}–{new.high:,.1f})"] * 2)
        rows.append(
            (
                word,
                numbers.items(key, Count(new.items, new.first), said("phrase_meaning", what=word), selection),
                numbers.plain(
                    f"{key}.before", whole(new.before), new.before, said("before_meaning", what=word)
                ),
                numbers.plain(f"{key}.ratio", ratio, new.ratio, said("ratio_meaning", what=word)),
            )
        )
    if not rows:
        return []
    columns = _columns("phrase", "items", "background", "ratio")
    rate = numbers.plain("phrases.rate", percent(0.01, 0), 0.01, said("q_meaning"))
    note = Paragraph(said("new_phrases_note"), {"rate": rate}, "note")
    return [Table(said("new_phrases_title"), columns, tuple(rows), frozenset({1, 2, 3})), note]


def _pairs(material: Material) -> list[Block]:
    numbers, rows = material.numbers, list[tuple[Cell, ...]]()
    for pair in material.extras.pairs[:10]:
        a, b = material.title(pair.a), material.title(pair.b)
        both = Words(f"{a.zh}＋{b.zh}", f"{a.en} + {b.en}")
        selection = COMPLAINTS & named("topic", [pair.a]) & named("topic", [pair.b]) & where("first")
        key, lift = f"pair.{pair.a}+{pair.b}", f"{pair.lift:.1f}"
        rows.append(
            (
                both,
                numbers.asked(
                    key,
                    whole(pair.both),
                    float(pair.both),
                    said("pairs_meaning", what=both),
                    _all(material, selection),
                    pair.both,
                ),
                numbers.plain(f"{key}.lift", _same(lift), pair.lift, said("lift_meaning", what=both)),
            )
        )
    columns = _columns("pair", "together", "lift")
    return [Table(said("pairs_title"), columns, tuple(rows), frozenset({1, 2}))] if rows else []


def _bursts(material: Material) -> list[Block]:
    numbers, rows = material.numbers, list[tuple[Cell, ...]]()
    rate = numbers.plain("bursts.rate", percent(SETTINGS.rate, 0), SETTINGS.rate, said("q_meaning"))
    heading = Heading(said("bursts_heading"), 2, "bursts")
    note = Paragraph(said("bursts_note"), {"rate": rate}, "note")
    for daily, burst in material.extras.bursts[:MOST]:
        name, on = daily.names[burst.series], daily.day(burst.peak)
        selection = COMPLAINTS & daily.items(burst.series, burst.peak, burst.peak)
        key, ratio = f"burst.{name}.{on}", f"{burst.ratio:.1f}"
        label = material.title(name) if daily.by == "topic" else _same(name.split(":", 1)[-1])
        rows.append(
            (
                label,
                numbers.on(f"{key}.day", on, said("day"), selection, burst.peak_items),
                numbers.asked(
                    key,
                    whole(burst.peak_items),
                    float(burst.peak_items),
                    said("burst_count"),
                    selection,
                    burst.peak_items,
                ),
                numbers.plain(
                    f"{key}.expected", rounded(burst.expected), burst.expected, said("burst_expected")
                ),
                numbers.plain(f"{key}.ratio", _same(ratio), burst.ratio, said("ratio")),
                numbers.plain(f"{key}.q", _same(f"{burst.q:.2g}"), burst.q, said("q_meaning")),
            )
        )
    if not rows:
        return [heading, note, Paragraph(said("bursts_none"))]
    columns = (*_columns("series", "day", "items", "expected", "ratio"), _same("q"))
    table = Table(said("bursts_title"), columns, tuple(rows), frozenset({1, 2, 3, 4, 5}))
    return [heading, note, table]


def _entities(material: Material) -> list[Block]:
    found = aggregate.by_name(material.figures.entities, aggregate.complaints)
    total = aggregate.count(material.figures.volume, aggregate.complaints)
    numbers, rows = material.numbers, list[tuple[Cell, ...]]()
    for name, count in [item for item in found.items() if not item[0].startswith("place:")][:MOST]:
        kind, label = name.split(":", 1)
        meaning, selection = said("entity_meaning", what=_same(label)), COMPLAINTS & named("entity", [name])
        share = numbers.share(
            f"entity.{name}.share",
            count.share(total)[0],
            count.items,
            said("of_complaints"),
            selection,
            COMPLAINTS,
        )
        items = numbers.items(f"entity.{name}", count, meaning, selection)
        firsts = numbers.firsts(f"entity.{name}.first", count, meaning, selection)
        rows.append((material.title(f"kind:{kind}"), _same(label), items, share, firsts))
    if not rows:
        return []
    columns = _columns("kind", "name", "items", "share", "first")
    table = Table(said("entities_title"), columns, tuple(rows), frozenset({2, 3, 4}), said("entities_note"))
    return [Heading(said("entities_heading"), 2, "entities"), table]


def _copies(material: Material) -> list[Block]:
    numbers, rows = material.numbers, list[tuple[Cell, ...]]()
    for group in material.extras.copies[:10]:
        selection = _all(material, RIGHTS & named("group", [str(group.group)]))
        key = f"copies.{group.group}"
        rows.append(
            (
                Quote(key, excerpt(group.text), group.id, said("copies_heading")),
                numbers.asked(
                    key,
                    whole(group.items),
                    float(group.items),
                    said("copies_meaning"),
                    selection,
                    group.items,
                ),
                numbers.plain(f"{key}.authors", whole(group.authors), group.authors, said("authors")),
            )
        )
    if not rows:
        return []
    table = Table(
        said("copies_title"), _columns("quotation", "items", "authors"), tuple(rows), frozenset({1, 2})
    )
    return [Heading(said("copies_heading"), 2, "copies"), table]


def _suspicion(material: Material) -> list[Block]:
    figures, numbers = material.figures, material.numbers
    heading = Heading(said("suspicion_heading"), 2, "suspicion")
    suspected = aggregate.count(figures.volume, lambda row: row.suspicious)
    if not suspected.items:
        return [heading, Paragraph(said("suspicion_none"))]
    plain = aggregate.count(figures.volume, lambda row: aggregate.rights(row) and not row.suspicious)
    bad = aggregate.count(figures.volume, lambda row: aggregate.complaints(row) and not row.suspicious)
    every = aggregate.count(figures.volume, aggregate.complaints)
    honest, unsuspected = COMPLAINTS & where("not suspicious"), RIGHTS & where("not suspicious")
    total = aggregate.count(figures.volume, aggregate.rights)
    holds = {
        "n": numbers.items("suspected", suspected, said("suspected"), where("suspicious")),
        "without": numbers.share(
            "complaints.unsuspected",
            bad.share(plain)[0],
            bad.items,
            said("without_suspected"),
            honest,
            unsuspected,
        ),
        "with": numbers.share(
            "complaints.share", every.share(total)[0], every.items, said("of_rights"), COMPLAINTS, RIGHTS
        ),
    }
    rows = []
    for name, count in aggregate.by_name(figures.suspicion).items():
        title, selection = material.title(f"suspicion:{name}"), named("suspicion", [name])
        number = numbers.items(f"suspicion.{name}", count, said("suspicion_meaning", what=title), selection)
        rows.append((title, number))
    table = Table(said("suspicion_title"), _columns("reason", "items"), tuple(rows), frozenset({1}))
    return [heading, Paragraph(said("suspicion_said"), holds), table]


def _leads(material: Material) -> list[Block]:
    heading = Heading(said("leads_heading"), 2, "leads")
    note = Paragraph(said("leads_note"), kind="note")
    rows, numbers = list[tuple[Cell, ...]](), material.numbers
    for lead in material.extras.leads[:MOST]:
        label, key = _same(lead.name), f"lead.{lead.kind}.{lead.name}"
        titles = [material.title(f"conduct:{c.conduct}") for c in lead.conducts]
        conducts = Words("、".join(t.zh for t in titles), ", ".join(t.en for t in titles))
        meaning = said("lead_meaning", what=label)
        items = numbers.asked(key, whole(lead.items), float(lead.items), meaning, lead.selection, lead.items)
        once = lead.selection & where("first and not suspicious")
        texts = numbers.asked(
            f"{key}.first",
            whole(lead.texts),
            float(lead.texts),
            said("without_copies", what=meaning),
            once,
            lead.texts,
        )
        rows.append((material.title(f"kind:{lead.kind}"), label, conducts, items, texts))
    if not rows:
        return [heading, note, Paragraph(said("leads_none"))]
    columns = _columns("kind", "name", "conduct", "items", "first")
    return [heading, note, Table(said("leads_title"), columns, tuple(rows), frozenset({3, 4}))]


def _alerts(material: Material) -> list[Block]:
    """One candidate for each topic that burst and has a tip."""
    found = dict[str, Number]()
    for daily, burst in material.extras.bursts:
        name, on = daily.names[burst.series], daily.day(burst.peak)
        if daily.by == "topic" and name in material.tips and name not in found:
            selection = COMPLAINTS & daily.items(burst.series, burst.peak, burst.peak)
            found[name] = material.numbers.asked(
                f"alert.{name}", day(on), on.isoformat(), said("day"), selection, burst.peak_items
            )
    if not found:
        return []
    items = [_alert(material, name, number) for name, number in found.items()]
    heading = Heading(said("alerts_heading"), 2, "alerts")
    return [heading, Paragraph(said("alerts_note"), kind="note"), *items]


def _alert(material: Material, name: str, number: Number) -> Paragraph:
    title, tip = material.title(name), material.tips[name]
    said_tip = material.numbers.plain(f"alert.{name}.tip", tip, tip.zh, said("tip_meaning"))
    words = Words("{what}（{day}）：{tip}", "{what} ({day}): {tip}")
    return Paragraph(words, {"what": title, "day": number, "tip": said_tip}, "item")
