"""`fairstream opinion items`: the items behind a figure, as a report names them."""

from pathlib import Path

import click

from fairstream.cli.options import json_option


@click.command()
@click.argument("annotated", type=click.Path(exists=True, path_type=Path))
@click.option("--where", "words", default="", help="Which items; see below. Default: all.")
@click.option(
    "--limit", type=click.IntRange(0), default=20, show_default=True, help="How many to show; 0 is all."
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write all of them to a .parquet, .csv or .jsonl file instead.",
)
@click.option("--count", "only_count", is_flag=True, help="Only how many, with and without copies.")
@json_option
def items(annotated: Path, words: str, limit: int, out: Path | None, only_count: bool, as_json: bool) -> int:
    """Show the items behind a figure: every number of a report names its condition.

    \b
    A condition joins these with "and"; "not" turns one round; "|" joins values:
      rights  complaint  praise  neither  first (no copies)  suspicious
      topic:live.counterfeit   channel:微博|抖音   entity:platform:抖音
      aspect:rules:praise      conduct:fake_goods  kind:review
      day:2022-11-11           day:2022-10-20..2022-11-13
      phrase:尾款人             group:7             id:123

    \b
    Examples:
      fairstream opinion items annotated.parquet --where "rights and complaint and topic:live"
      fairstream opinion items annotated.parquet --where "phrase:套路 and first" --out 套路.csv
      fairstream opinion items annotated.parquet --where "day:2022-11-11 and complaint" --count --json
    """
    from fairstream.cli.opinion_listing import Listing, show

    return show(Listing(annotated, words, limit, out, only_count, as_json))
