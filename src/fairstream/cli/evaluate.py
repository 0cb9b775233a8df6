"""`fairstream evaluate`: how good the rules are on labelled data."""

from pathlib import Path

import click
import orjson

from fairstream.cli.options import cache_dir, json_option, layers_option, today

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--cases", type=FILE, required=True, help="Published cases, one JSON object per line.")
@click.option("--benign", type=FILE, required=True, help="Lawful texts, one JSON object per line.")
@click.option("--baseline", type=FILE, help="File of word lists to search plainly beside the rules.")
@click.option("--page", type=click.Path(dir_okay=False, path_type=Path), help="Write the quality page here.")
@click.option("--source", default="case bench, development half", show_default=True, help="Name of the data.")
@click.option("--verbose", is_flag=True, help="List missed cases and false alarms.")
@layers_option
@json_option
def evaluate(
    cases: Path,
    benign: Path,
    baseline: Path | None,
    page: Path | None,
    source: str,
    verbose: bool,
    layers: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Measure recall on published cases, false alarms on lawful texts, and fines against computed ranges.

    \b
    Example:
      fairstream evaluate --cases ../shared/casebench/cases.jsonl \\
        --benign ../shared/casebench/benign.jsonl \\
        --baseline ../shared/data/adlaw_wordlists-lists.json

    The goods and the channel are given to the scanner with each claim.
    """
    # Rules and tables take a second to import; --help should not wait for them.
    from fairstream.detect.shipped import open_scanner
    from fairstream.evaluate.bench import read_cases, read_lawful
    from fairstream.evaluate.page import markdown, table
    from fairstream.evaluate.penalties import measure_penalties, read_penalised
    from fairstream.evaluate.quality import measure, word_list
    from fairstream.law.resolve import load_law

    scanner = open_scanner(today=today(), layers=layers, cache=cache_dir())
    terms = word_list(baseline) if baseline else []
    quality = measure(scanner, read_cases(cases), read_lawful(benign), terms)
    penalties = measure_penalties(read_penalised(cases), load_law())
    if page is not None:
        words = markdown(quality, source, len(scanner.compiled.rules), len(scanner.rule_set.lexicons))
        page.write_text(words + penalties.section(), encoding="utf-8")
    if as_json:
        click.echo(orjson.dumps({**quality.as_json(), "penalties": penalties.as_json()}).decode())
        return
    click.echo(table(quality))
    click.echo("\n".join(penalties.lines()))
    if verbose:
        click.echo(f"Missed: {', '.join(quality.missed) or 'none'}")
        for name, rule, quote in quality.flagged:
            click.echo(f"False alarm: {name} {rule} {quote!r}")
