"""The work of `fairstream checks`: list them, run their cases."""

import click
import orjson

from fairstream.checks.cases import differences, load_cases
from fairstream.checks.library import load_checks
from fairstream.records import Language


def show(language: Language, *, as_json: bool) -> int:
    """Print the checks."""
    found = [check.about for check in load_checks()]
    if as_json:
        click.echo(orjson.dumps([about.model_dump(mode="json") for about in found]).decode())
        return 0
    for about in found:
        needs = " ".join(about.needs) or "-"
        click.echo(f"{about.id:34} {about.severity:7} {about.conduct:26} {getattr(about.title, language)}")
        click.echo(f"{'':34} {needs}  [{', '.join(about.cites)}]")
    click.echo(f"{len(found)} checks.")
    return 0


def test(names: tuple[str, ...], *, as_json: bool) -> int:
    """Run the cases of the checks named, or of all; 1 when one fails."""
    known = load_checks()
    unknown = [name for name in names if not any(_named(check.about.id, (name,)) for check in known)]
    if unknown:
        raise click.UsageError(f"no check named {', '.join(unknown)}; see fairstream checks list")
    rows = [
        {
            "check": check.about.id,
            "case": case.text,
            "todo": case.todo,
            "differences": differences(check, case),
        }
        for check in known
        if not names or _named(check.about.id, names)
        for case in load_cases(check.about.id)
    ]
    failed = [row for row in rows if bool(row["differences"]) != row["todo"]]
    if as_json:
        click.echo(orjson.dumps({"cases": len(rows), "failed": failed}).decode())
        return 1 if failed else 0
    for row in failed:
        click.echo(f"{row['check']}: {row['case']}: {row['differences'] or 'passes now; take `todo` away'}")
    faults = sum(bool(row["todo"]) for row in rows)
    checks = len({str(row["check"]) for row in rows})
    click.echo(f"{checks} checks, {len(rows)} cases: {len(failed)} failed, {faults} known faults.")
    return 1 if failed else 0


def _named(check: str, names: tuple[str, ...]) -> bool:
    return any(check == name or (name.endswith("/") and check.startswith(name)) for name in names)
