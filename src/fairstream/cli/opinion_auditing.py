"""The work of `fairstream opinion audit`."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import click
import orjson
from rich.table import Table

from fairstream.cli.opinion_counting import dated
from fairstream.cli.opinion_tables import console
from fairstream.documents.plain import fit
from fairstream.errors import UsageError
from fairstream.opinion import aggregate
from fairstream.opinion.aggregate import Figures, Window
from fairstream.opinion.audit import Audit, draw, known_topics, load_sheet, read_sheet, topics_of, write_sheet
from fairstream.opinion.prevalence import Estimate
from fairstream.opinion.report.numbers import percent
from fairstream.opinion.taxonomy import load_taxonomy
from fairstream.records import Language, Words
from fairstream.store.annotated import Annotated

MOST_TOPICS: Final = 10
_KEYS: Final = {"c": "complaint", "p": "praise", "n": "neither", "x": "no"}
_ASK: Final = Words(
    "吐槽 c · 好评 p · 中性 n · 与消费维权无关 x · 跳过 s · 停止 q",
    "complaint c · praise p · neither n · not about consumer rights x · skip s · quit q",
)
_ABOUT: Final = Words("话题编号，空格分隔，可留空", "ids of topics, joined by blanks, or nothing")
_SHARES: Final = {
    "rights": Words("消费维权信息占全部信息", "about consumer rights, of all items"),
    "complaint": Words("吐槽类占消费维权信息", "complaints, of those about consumer rights"),
}
_OF_COMPLAINTS: Final = Words("占吐槽类信息", "of complaints")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for on the command line."""

    annotated: Path
    out: Path | None
    size: int
    seed: int
    label: Path | None
    show: Path | None
    topics: tuple[str, ...]
    start: date | None
    end: date | None
    language: Language
    as_json: bool


def run(asked: Asked) -> int:
    """Draw, label or show; 1 when a row of the sheet could not be used."""
    if sum(given is not None for given in (asked.out, asked.label, asked.show)) != 1:
        raise UsageError("nothing to do", remedy="give one of --out, --label and --show")
    with Annotated(asked.annotated) as store:
        known = frozenset(load_taxonomy().topics) | known_topics(store)
        if strange := [name for name in asked.topics if name not in known]:
            raise UsageError(
                f"no topic is called {', '.join(strange)}", remedy="see `fairstream opinion taxonomy list`"
            )
        if asked.label is not None:
            return _label(asked.label, known, asked)
        window = dated(store, asked.start, asked.end)
        if asked.out is not None:
            return _draw(store, window, asked.out, asked)
        if asked.show is not None:
            return _show(store, window, known, asked.show, asked)
    return 0


def _topics(store: Annotated, window: Window, asked: Asked) -> list[str]:
    if asked.topics:
        return list(asked.topics)
    found = aggregate.by_name(Figures(store, window).topics, aggregate.complaints)
    return [name for name in found if "." not in name][:MOST_TOPICS]


def _draw(store: Annotated, window: Window, out: Path, asked: Asked) -> int:
    if out.exists():
        raise UsageError("the sheet is there already", file=out, remedy="name another file, or remove it")
    rows = draw(store, window, _topics(store, window, asked), asked.size, asked.seed)
    write_sheet(rows, out)
    strata = len({row["stratum"] for row in rows})
    if asked.as_json:
        click.echo(orjson.dumps({"out": str(out), "items": len(rows), "strata": strata}))
    else:
        click.echo(f"{out}: {len(rows):,} items of {strata} strata to label")
    return 0


def _label(path: Path, known: Collection[str], asked: Asked) -> int:
    """Ask for each row that has no label; every answer is written at once, and the end of input stops it."""
    rows = [row for _, row in load_sheet(path)]
    open_ = [row for row in rows if not row["is_rights"]]
    with suppress(click.Abort):
        for number, row in enumerate(open_, 1):
            click.echo(
                f"\n[{number}/{len(open_)}] {row['at']} {fit(row['channel'])}\n{fit(row['text'])}",
                err=asked.as_json,
            )
            answer = _answer(known, asked)
            if answer is None:
                break
            if answer:
                row |= answer
                write_sheet(rows, path)
    done = sum(bool(row["is_rights"]) for row in rows)
    if asked.as_json:
        click.echo(orjson.dumps({"sheet": str(path), "items": len(rows), "labelled": done}))
    else:
        click.echo(f"\n{path}: {done:,} of {len(rows):,} labelled")
    return 0


def _answer(known: Collection[str], asked: Asked) -> dict[str, str] | None:
    """Cells for one row, none to skip it; None to stop."""
    key = click.prompt(
        getattr(_ASK, asked.language),
        type=click.Choice([*_KEYS, "s", "q"]),
        show_choices=False,
        err=asked.as_json,
    )
    if key in ("s", "q"):
        return {} if key == "s" else None
    if key == "x":
        return {"is_rights": "no", "is": "", "about": ""}

    def topics(value: str) -> str:
        if strange := [name for name in topics_of(value) if name not in known]:
            raise click.BadParameter(f"{' '.join(strange)}? fairstream opinion taxonomy list")
        return " ".join(topics_of(value))

    about = ""
    if key == "c":
        about = click.prompt(
            getattr(_ABOUT, asked.language),
            default="",
            show_default=False,
            value_proc=topics,
            err=asked.as_json,
        )
    return {"is_rights": "yes", "is": _KEYS[key], "about": about}


def labels(store: Annotated, window: Window, sheet: Path, known: Collection[str]) -> tuple[Audit, int]:
    """What a sheet says of the items of a window, and how many of its rows could not be used.

    Each is told on standard error. Raises `UsageError` when no row speaks of these items.
    """
    rows, problems = read_sheet(sheet, known)
    for problem in problems:
        click.echo(
            f"{problem.place.file}:{problem.place.line}: {problem.cause}. Remedy: {problem.remedy}", err=True
        )
    found = Audit(store, window, rows)
    if not found.labelled:
        raise UsageError(
            f"{len(rows):,} rows are labelled, and none is of an item of {store.path} in this window",
            file=sheet,
            remedy="label the sheet, or give the items and the window it was drawn from",
        )
    if found.lost:
        click.echo(
            f"{sheet}: {found.lost:,} labelled items are not among the items of this window. "
            "Remedy: give the items and the window the sheet was drawn from",
            err=True,
        )
    return found, len(problems) + found.lost


def _show(store: Annotated, window: Window, known: Collection[str], sheet: Path, asked: Asked) -> int:
    found, skipped = labels(store, window, sheet, known)
    topics = _topics(store, window, asked)
    estimates = {name: found.share(name) for name in ("rights", "complaint", *topics)}
    plain = _uncorrected(store, window, topics)
    if asked.as_json:
        shares = {name: _told(one, plain[name]) for name, one in estimates.items()}
        counts = {"labels": len(found.labelled), "lost": found.lost, "skipped": skipped - found.lost}
        click.echo(orjson.dumps({**counts, "shares": shares}))
    else:
        _table(estimates, plain, found, asked.language)
    return 1 if skipped else 0


def _uncorrected(store: Annotated, window: Window, topics: list[str]) -> dict[str, float | None]:
    figures = Figures(store, window)
    every = aggregate.count(figures.volume)
    rights = aggregate.count(figures.volume, aggregate.rights)
    complaints = aggregate.count(figures.volume, aggregate.complaints)
    named = aggregate.by_name(figures.topics, aggregate.complaints)
    return {
        "rights": rights.share(every)[0],
        "complaint": complaints.share(rights)[0],
        **{name: named[name].share(complaints)[0] if name in named else 0.0 for name in topics},
    }


def _told(one: Estimate, plain: float | None) -> dict[str, float | int | None]:
    return {
        "uncorrected": plain,
        "corrected": one.value,
        "low": one.low,
        "high": one.high,
        "labels": one.labels,
    }


def _table(
    estimates: dict[str, Estimate], plain: dict[str, float | None], found: Audit, language: Language
) -> None:
    heads = Words("比例 未校正 校正后 95%区间", "share uncorrected corrected 95%_interval")
    table = Table(*(head.replace("_", " ") for head in getattr(heads, language).split()))
    titles = load_taxonomy().topics
    for name, one in estimates.items():
        if name in _SHARES:
            title = getattr(_SHARES[name], language)
        else:
            topic = getattr(titles[name].title, language) if name in titles else name
            title = f"{topic} {getattr(_OF_COMPLAINTS, language)}"
        bounds = f"{percent(one.low).zh} – {percent(one.high).zh}"
        value = percent(one.value).zh if one.value is not None else getattr(_LITTLE, language)
        table.add_row(title, percent(plain[name]).zh, value, bounds)
    console().print(table)
    lost = Words(f"，{found.lost:,} 条已不在数据中", f", {found.lost:,} no longer in the data")
    said = Words(f"{len(found.labelled):,} 条标注", f"{len(found.labelled):,} labels")
    click.echo(getattr(said, language) + (getattr(lost, language) if found.lost else ""))


_LITTLE: Final = Words("样本不足", "too little data")
