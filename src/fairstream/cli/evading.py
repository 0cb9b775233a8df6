"""The work of `fairstream evasion`: generate, read, scan, compare, tell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import orjson

from fairstream.cli.options import cache_dir, today
from fairstream.detect.engine import Scanner
from fairstream.detect.shipped import open_scanner
from fairstream.evaluate.alarms import Added, added, read_reviews
from fairstream.evaluate.bench import read_lawful
from fairstream.evaluate.evasion import (
    LINGUISTIC,
    MECHANICAL,
    EvasionItem,
    Recovered,
    generate,
    recovered,
    reported,
    together,
)

MOST_ADDED_POINTS = 0.5


@dataclass(frozen=True, slots=True)
class Job:
    """What was asked for on the command line."""

    benign: Path | None
    reviews: Path | None
    seed: int
    per_kind: int
    verbose: bool = False
    layers: tuple[Path, ...] = ()
    as_json: bool = False


def run(job: Job) -> int:
    """Measure and print; 1 when something falls short of the promise."""
    evasive = open_scanner(today=today(), layers=job.layers, cache=cache_dir())
    items = generate(evasive.compiled.risky, seed=job.seed, per_kind=job.per_kind)
    read, told = recovered(items, evasive.folder), reported(items, evasive)
    costs = _costs(job, evasive)
    short = list(_short(read, costs))
    if job.as_json:
        click.echo(orjson.dumps(_as_json(job, evasive, read, told, costs, short)).decode())
        return 1 if short else 0
    terms = len(evasive.compiled.risky)
    click.echo(f"{terms:,} risky words, {len(items):,} disguised spellings, seed {job.seed}\n")
    click.echo(_table(read, told))
    for cost in costs:
        click.echo(_cost_line(cost))
    if job.verbose:
        _details(items, evasive, costs)
    for words in short:
        click.echo(f"Falls short: {words}")
    return 1 if short else 0


def _costs(job: Job, evasive: Scanner) -> list[Added]:
    if job.benign is None and job.reviews is None:
        return []
    plain = open_scanner(today=today(), layers=job.layers, cache=cache_dir(), evasion=False)
    costs = []
    if job.benign is not None:
        texts = [text.as_seller() for text in read_lawful(job.benign)]
        costs.append(added("lawful texts", texts, evasive, plain))
    if job.reviews is not None:
        costs.append(added("shop reviews", read_reviews(job.reviews), evasive, plain))
    return costs


def _short(read: Sequence[Recovered], costs: Sequence[Added]) -> Iterator[str]:
    """What falls short of the promise, in words."""
    held = [together(MECHANICAL, read, "mechanical"), *(r for r in read if r.kind in LINGUISTIC)]
    for result in held:
        if result.items and result.share < result.least:
            yield f"{result.kind} {result.share:.3f}, promised {result.least}"
    for cost in costs:
        if cost.points > MOST_ADDED_POINTS:
            yield f"{cost.name} {cost.points:+.2f} points, promised at most {MOST_ADDED_POINTS}"


def _table(read: Sequence[Recovered], told: Sequence[Recovered]) -> str:
    """Both measures side by side, the groups last."""
    by_rules = {result.kind: result for result in told}
    lines = [f"{'kind':<16}{'read with its exact place':>28}{'reported by the same rule':>30}"]
    rows = [(result, by_rules.get(result.kind, Recovered(result.kind, 0, 0))) for result in read]
    for name, kinds in (("all mechanical", MECHANICAL), ("all linguistic", LINGUISTIC)):
        rows.append((together(kinds, read, name), together(kinds, told, name)))
    lines += [f"{one.kind:<16}{_share(one):>28}{_share(other):>30}" for one, other in rows]
    return "\n".join(lines)


def _share(result: Recovered) -> str:
    return f"{result.share:.3f} ({result.recovered}/{result.items})" if result.items else "– (0)"


def _cost_line(cost: Added) -> str:
    return (
        f"\n{cost.name} read as a seller's words, flagged:\n"
        f"  plain reading  {cost.plain}\n  evasive folds  {cost.evasive}\n"
        f"  added {cost.points:+.3f} points: {len(cost.new)} texts more, {cost.lost} fewer"
    )


def _details(items: Sequence[EvasionItem], scanner: Scanner, costs: Sequence[Added]) -> None:
    for item in items:
        if not recovered([item], scanner.folder)[0].recovered:
            click.echo(
                f"Not read: {item.kind}: {item.term} as {item.text[item.start : item.end]!r} in {item.text!r}"
            )
    for cost in costs:
        for text, rule, quote in cost.new:
            click.echo(f"Flagged anew: {text} {rule} {quote!r}")


def _as_json(
    job: Job,
    scanner: Scanner,
    read: Sequence[Recovered],
    told: Sequence[Recovered],
    costs: Sequence[Added],
    short: Sequence[str],
) -> dict[str, object]:
    return {
        "seed": job.seed,
        "risky_terms": len(scanner.compiled.risky),
        "rules": len(scanner.compiled.rules),
        "read": [result.as_json() for result in read],
        "reported": [result.as_json() for result in told],
        "mechanical": together(MECHANICAL, read, "mechanical").as_json(),
        "linguistic": together(LINGUISTIC, read, "linguistic").as_json(),
        "false_alarms": [cost.as_json() for cost in costs],
        "falls_short": list(short),
    }
