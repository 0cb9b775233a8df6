"""`fairstream opinion train`: a polarity model of one's own."""

import hashlib
from datetime import date
from pathlib import Path

import click
import orjson

from fairstream.cli.options import Day, json_option, today
from fairstream.errors import UsageError

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("sources", nargs=-1, metavar="[IN…]", type=FILE)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Model to write.")
@click.option(
    "--neither", "plain", type=FILE, multiple=True, help="Texts that evaluate nothing; may be repeated."
)
@click.option("--labels", type=FILE, help="Your own labels: columns text and label.")
@click.option(
    "--from", "base", type=FILE, help="Model that --labels bend when no IN is given; default the shipped one."
)
@click.option("--words", type=FILE, help="Lists of words in place of the shipped polarity_words.yaml.")
@click.option(
    "--most", type=click.IntRange(1), default=12000, show_default=True, help="Texts of each --neither."
)
@click.option("--seed", type=int, default=1, show_default=True, help="Of the sample of --neither.")
@click.option("--on", "on", type=Day(), help="Date written into the model; default today.")
@json_option
def train(
    sources: tuple[Path, ...],
    out: Path,
    plain: tuple[Path, ...],
    labels: Path | None,
    base: Path | None,
    words: Path | None,
    most: int,
    seed: int,
    on: date | None,
    as_json: bool,
) -> int:
    """Train a polarity model on labelled texts, or bend one towards your own labels.

    \b
    IN      .csv, .jsonl or .parquet with columns text (or review), label and
            optionally domain (or cat). Labels: complaint|praise|neither,
            bad|good, 负面|正面|中性, or 0 (bad) and 1 (good).
    Rows with other labels are left out and counted. The same input, date and
    seed give the same bytes on the same machine.

    \b
    Examples:
      fairstream opinion train --labels mine.csv --out mine.model
      fairstream opinion train reviews.parquet --neither titles.parquet --out new.model
      fairstream opinion annotate posts.csv --model mine.model --out annotated.parquet

    Needs the extra "train". Exit code 1 when rows were left out.
    """
    from fairstream.opinion.labels import Labelled, read_labelled, read_plain, read_words
    from fairstream.opinion.polarity import PolarityModel
    from fairstream.opinion.training import adapt
    from fairstream.opinion.training import train as fit

    if not sources and labels is None:
        raise UsageError("nothing to learn from", remedy="give labelled files, or --labels")
    if sources and base is not None:
        raise UsageError("--from starts from a model, IN… starts anew", remedy="give one of the two")
    if not sources and (plain or words):
        raise UsageError("--neither and --words are for training anew", remedy="give labelled files too")
    day, say = on or today(), _say
    skipped = 0
    if sources:
        data = sum((read_labelled(file) for file in sources), Labelled())
        skipped += data.skipped
        data += sum((read_plain(file, most=most, seed=seed) for file in plain), read_words(words))
        model = fit(data, made=day, say=say)
    else:
        model = PolarityModel.open(base)
    own = Labelled() if labels is None else read_labelled(labels)
    if labels is not None:
        say(f"{len(own):,} labels of your own")
        model = adapt(model, own, made=day)
        skipped += own.skipped
    model.save(out)
    _tell(out, model.header.domains, skipped, as_json)
    return 1 if skipped else 0


def _say(line: str) -> None:
    click.echo(line, err=True)


def _tell(out: Path, domains: dict[str, int], skipped: int, as_json: bool) -> None:
    """What was written, and what was left out."""
    size, digest = out.stat().st_size, hashlib.sha256(out.read_bytes()).hexdigest()
    told = {"model": str(out), "bytes": size, "sha256": digest, "texts": domains, "skipped": skipped}
    if as_json:
        click.echo(orjson.dumps(told).decode())
        return
    click.echo(f"{out}: {size:,} bytes, sha256 {digest[:16]}…, {sum(domains.values()):,} texts")
    for name, count in domains.items():
        click.echo(f"  {count:8,}  {name}")
    if skipped:
        click.echo(f"Left out: {skipped:,} rows without text or with another label.", err=True)
