"""`fairstream opinion bursts`: days on which something is spoken of more than its own past explains."""

from datetime import date
from pathlib import Path

import click

from fairstream.cli.options import Day, json_option, language_option
from fairstream.records import Language


@click.command()
@click.argument("items", metavar="ANNOTATED", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--by",
    type=click.Choice(["topic", "entity", "channel", "phrase", "all"]),
    help="What is counted; default topic, for a hot-search list phrase.",
)
@click.option(
    "--fdr", "rate", type=click.FloatRange(0, 1, min_open=True), default=0.05, show_default=True,
    help="False-discovery rate.",
)  # fmt: skip
@click.option("--each-day", is_flag=True, help="Hold the rate within each day, as daily watching needs.")
@click.option("--share", "as_share", is_flag=True, help="Test shares of all items of the day, not counts.")
@click.option("--without-copies", is_flag=True, help="Count each text once, where it first appeared.")
@click.option("--from", "start", type=Day(), help="First day; earlier days are no baseline either.")
@click.option("--to", "end", type=Day(), help="Last day, included.")
@click.option("--baseline", type=click.IntRange(14), default=56, show_default=True, help="Days looked back.")
@click.option("--least", type=click.IntRange(1), default=5, show_default=True, help="Least items of a burst.")
@click.option("--phrase", "wanted", multiple=True, help="Watch this phrase too; may be repeated.")
@click.option("--top", "most", type=click.IntRange(1), default=300, show_default=True,
              help="Mined phrases that are watched.")  # fmt: skip
@json_option
@language_option
def bursts(
    items: Path,
    by: str | None,
    rate: float,
    each_day: bool,
    as_share: bool,
    without_copies: bool,
    start: date | None,
    end: date | None,
    baseline: int,
    least: int,
    wanted: tuple[str, ...],
    most: int,
    as_json: bool,
    language: Language,
) -> int:
    """Bursts of topics, entities, channels or phrases, with chance, false-discovery rate and their items.

    The days before a day give its expected count (robust to earlier bursts, with weekday effect and
    overdispersion). A day needs 14 observed days before it; a day without any item was not observed.
    ANNOTATED is what `opinion annotate` writes, or a hot-search list (Parquet with the columns day, title).

    \b
    Examples:
      fairstream opinion bursts annotated.parquet
      fairstream opinion bursts annotated.parquet --by entity --share --json
      fairstream opinion bursts hot_search.parquet --by phrase --share --phrase 直播 --phrase 主播
    """
    from fairstream.cli.opinion_bursting import BurstsAsked, show_bursts

    asked = BurstsAsked(
        items, by, rate, each_day, as_share, without_copies, start, end, baseline, least, wanted, most,
        as_json, language,
    )  # fmt: skip
    return show_bursts(asked)
