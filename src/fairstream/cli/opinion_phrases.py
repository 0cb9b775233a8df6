"""`fairstream opinion phrases`: top and new phrases of a window, alone."""

from datetime import date
from pathlib import Path

import click

from fairstream.cli.options import Day, json_option, language_option
from fairstream.records import Language


@click.command()
@click.argument("annotated", type=click.Path(exists=True, path_type=Path))
@click.option("--from", "start", type=Day(), help="First day of the window; default: of the items.")
@click.option("--to", "end", type=Day(), help="Last day of the window, included; default: of the items.")
@click.option(
    "--background",
    type=click.Path(exists=True, path_type=Path),
    help="Items to compare with; default: ANNOTATED itself when background days are given.",
)
@click.option("--background-from", "before_start", type=Day(), help="First day of the background.")
@click.option("--background-to", "before_end", type=Day(), help="Last day of the background, included.")
@click.option("--where", "words", default="", help='Only these items, as in "opinion items": "complaint".')
@click.option("--top", "most", type=click.IntRange(1), default=50, show_default=True, help="Rows of a table.")
@click.option("--together", "pairs", is_flag=True, help="Also pairs of top phrases that stand together.")
@click.option(
    "--fdr", "rate", type=click.FloatRange(0, 1, min_open=True), default=0.01, show_default=True,
    help="False-discovery rate of new phrases and pairs.",
)  # fmt: skip
@click.option("--workers", type=click.IntRange(1, 64), help="Processes; default: processors.")
@json_option
@language_option
def phrases(
    annotated: Path,
    start: date | None,
    end: date | None,
    background: Path | None,
    before_start: date | None,
    before_end: date | None,
    words: str,
    most: int,
    pairs: bool,
    rate: float,
    workers: int | None,
    as_json: bool,
    language: Language,
) -> int:
    """Top phrases of a window and, against a background, its new ones.

    Phrases are mined from at most 200,000 texts and then counted exactly over all items of the window, with
    and without copies. A new phrase is more frequent than in the background (G², false-discovery rate, the
    ratio of rates with its 95 % interval). Each comes with three items; `phrase:…` lists all of them.

    \b
    Examples:
      fairstream opinion phrases annotated.parquet --top 30
      fairstream opinion phrases double11.parquet --background august.parquet --json
      fairstream opinion phrases year.parquet --from 2022-10-20 --to 2022-11-13 \\
        --background-from 2022-09-01 --background-to 2022-09-30 --where complaint
    """
    from fairstream.cli.opinion_counting import Side
    from fairstream.cli.opinion_phrasing import PhrasesAsked, show_phrases

    other = background or (annotated if before_start or before_end else None)
    return show_phrases(
        PhrasesAsked(
            Side(annotated, start, end, words),
            None if other is None else Side(other, before_start, before_end, words),
            most,
            pairs,
            rate,
            workers,
            as_json,
            language,
        )
    )
