"""`fairstream rules`: list, check and test the rules."""

from dataclasses import asdict, replace
from pathlib import Path

import click
import orjson

from fairstream.cli.options import cache_dir, json_option, language_option, layers_option, today
from fairstream.detect.engine import Scanner
from fairstream.evaluate.rule_cases import run_cases
from fairstream.law.resolve import load_law
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
def list_(conduct: str | None, layers: tuple[Path, ...], language: Language, as_json: bool) -> int:
    """List the rules with status, severity and conduct; exit code 1 when a file could not be loaded.

    \b
    Example:
      fairstream rules list --conduct ad_superlative --lang en
    """
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


@rules.command()
@layers_option
@json_option
def lint(layers: tuple[Path, ...], as_json: bool) -> int:
    """Check rules, guards, lexicons and cases; exit code 1 when something is wrong.

    \b
    Example:
      fairstream rules lint --add our-rules/
    """
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
    """Run the cases beside the rules; RULE may end in / to name a whole domain. Exit code 1 on a failure.

    \b
    Examples:
      fairstream rules test medical/
      fairstream rules test medical/food-treats-disease --json
    """
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
