"""`fairstream rules`: list, check and test the rules."""

from dataclasses import asdict
from pathlib import Path

import click
import orjson

from fairstream.cli.options import cache_dir, json_option, language_option, layers_option, today
from fairstream.detect.shipped import open_scanner
from fairstream.evaluate.rule_cases import run_cases
from fairstream.records import Language
from fairstream.rules.library import load_rules
from fairstream.rules.lint import lint as lint_rules


@click.group()
def rules() -> None:
    """List, check and test the rules.

    \b
    Examples:
      fairstream rules list --conduct price_fraud
      fairstream rules lint --add our-rules/
      fairstream rules test medical/food-treats-disease
    """


@rules.command("list")
@click.option("--conduct", help="Only rules of this conduct code.")
@layers_option
@language_option
@json_option
def list_(conduct: str | None, layers: tuple[Path, ...], language: Language, as_json: bool) -> None:
    """List the rules with status, severity and conduct."""
    rule_set = load_rules(*layers, cache=cache_dir())
    found = [rule for _, rule in sorted(rule_set.rules.items()) if conduct in (None, rule.conduct)]
    if as_json:
        click.echo(orjson.dumps([rule.model_dump(mode="json", by_alias=True) for rule in found]).decode())
        return
    for rule in found:
        title = getattr(rule.title, language)
        click.echo(f"{rule.id:52} {rule.status:10} {rule.severity:7} {rule.conduct:27} {title}")
    click.echo(f"{len(found)} rules, {len(rule_set.lexicons)} lexicons, {len(rule_set.guards)} guards.")


@rules.command()
@layers_option
@json_option
def lint(layers: tuple[Path, ...], as_json: bool) -> int:
    """Check rules, guards, lexicons and cases; exit code 1 when something is wrong."""
    rule_set = load_rules(*layers)
    issues = lint_rules(rule_set)
    if as_json:
        click.echo(orjson.dumps([asdict(issue) for issue in issues]).decode())
    else:
        for issue in issues:
            click.echo(str(issue))
        click.echo(f"{len(rule_set.rules)} rules, {len(rule_set.lexicons)} lexicons: {len(issues)} issues.")
    return 1 if issues else 0


@rules.command()
@click.argument("names", nargs=-1, metavar="[RULE]...")
@layers_option
@json_option
def test(names: tuple[str, ...], layers: tuple[Path, ...], as_json: bool) -> int:
    """Run the cases beside the rules; RULE may end in / to name a whole domain. Exit code 1 on a failure."""
    scanner = open_scanner(
        today=today(), layers=layers, statuses=("stable", "shadow", "draft"), cache=cache_dir()
    )
    known = [ready.rule.id for ready in scanner.compiled.rules]
    chosen = [
        rule
        for rule in known
        if not names or any(rule == n or (n.endswith("/") and rule.startswith(n)) for n in names)
    ]
    if names and not chosen:
        raise click.UsageError(f"no rule named {', '.join(names)}; see fairstream rules list")
    report = run_cases(scanner, chosen)
    if as_json:
        click.echo(orjson.dumps(asdict(report)).decode())
        return 1 if report.failures else 0
    for failure in report.failures:
        click.echo(str(failure))
    for place in report.mended:
        click.echo(f"{place}: passes now; take `todo` away")
    click.echo(
        f"{report.rules} rules, {report.cases} cases ({report.hits} with hits, {report.misses} without): "
        f"{len(report.failures)} failed, {report.known} known faults."
    )
    return 1 if report.failures else 0
