"""The work of `fairstream rules`: list, lint and test."""

from dataclasses import asdict, replace
from pathlib import Path

import click
import orjson

from fairstream.cli.options import cache_dir, today
from fairstream.detect.engine import Scanner
from fairstream.evaluate.rule_cases import run_cases
from fairstream.law.resolve import load_law
from fairstream.records import Language
from fairstream.rules.library import load_rules
from fairstream.rules.lint import lint as lint_rules


def show(conduct: str | None, layers: tuple[Path, ...], language: Language, *, as_json: bool) -> int:
    """Print the rules; 1 when a file could not be loaded."""
    rule_set = load_rules(*layers, cache=cache_dir())
    found = [rule for _, rule in sorted(rule_set.rules.items()) if conduct in (None, rule.conduct)]
    if as_json:
        click.echo(orjson.dumps([rule.model_dump(mode="json", by_alias=True) for rule in found]).decode())
    for rule in found if not as_json else ():
        title = getattr(rule.title, language)
        click.echo(f"{rule.id:52} {rule.status:10} {rule.severity:7} {rule.conduct:27} {title}")
    if not as_json:
        click.echo(f"{len(found)} rules, {len(rule_set.lexicons)} lexicons, {len(rule_set.guards)} guards.")
    for issue in rule_set.issues:
        click.echo(str(issue), err=True)
    return 1 if rule_set.issues else 0


def lint(layers: tuple[Path, ...], *, as_json: bool) -> int:
    """Print the issues of the rules; 1 when there is one."""
    rule_set = load_rules(*layers)
    issues = lint_rules(rule_set)
    if as_json:
        click.echo(orjson.dumps([asdict(issue) for issue in issues]).decode())
    else:
        for issue in issues:
            click.echo(str(issue))
        click.echo(f"{len(rule_set.rules)} rules, {len(rule_set.lexicons)} lexicons: {len(issues)} issues.")
    return 1 if issues else 0


def test(names: tuple[str, ...], layers: tuple[Path, ...], *, as_json: bool) -> int:
    """Run the cases of the rules named, or of all; 1 when one fails or a file was not loaded."""
    rule_set = load_rules(*layers, cache=cache_dir())
    unknown = [name for name in names if not any(_named(rule, (name,)) for rule in rule_set.rules)]
    if unknown:
        raise click.UsageError(f"no rule named {', '.join(unknown)}; see fairstream rules list")
    chosen = {name: rule for name, rule in rule_set.rules.items() if not names or _named(name, names)}
    scanner = Scanner(
        replace(rule_set, rules=chosen), load_law(), today=today(), statuses=("stable", "shadow", "draft")
    )
    report = run_cases(scanner)
    for issue in rule_set.issues:
        click.echo(f"not loaded: {issue}", err=True)
    code = 1 if report.failures or rule_set.issues else 0
    if as_json:
        click.echo(orjson.dumps(asdict(report)).decode())
        return code
    for failure in report.failures:
        click.echo(str(failure))
    for place in report.mended:
        click.echo(f"{place}: passes now; take `todo` away")
    click.echo(
        f"{report.rules} rules, {report.cases} cases ({report.hits} with hits, {report.misses} without): "
        f"{len(report.failures)} failed, {report.known} known faults."
    )
    return code


def _named(rule: str, names: tuple[str, ...]) -> bool:
    return any(rule == name or (name.endswith("/") and rule.startswith(name)) for name in names)
