"""`fairstream opinion`: the group; each command lives in a file of its own."""

import click

from fairstream.cli.lazy import LazyGroup

COMMANDS = {
    "listen": ("fairstream.cli.opinion_listen:listen", "Posts from Kafka into Parquet, as they come."),
    "taxonomy": ("fairstream.cli.opinion_taxonomy:taxonomy", "List, check, test and try topics and other lists."),
    "annotate": ("fairstream.cli.opinion_annotate:annotate", "Posts in, annotated items out."),
    "phrases": ("fairstream.cli.opinion_phrases:phrases", "Top, new and paired phrases of a window."),
    "bursts": ("fairstream.cli.opinion_bursts:bursts", "Days on which something is suddenly spoken of."),
    "copies": ("fairstream.cli.opinion_copies:copies", "What was copied and reposted most."),
    "items": ("fairstream.cli.opinion_items:items", "Show the items behind a figure."),
}


@click.group(cls=LazyGroup, lazy=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
def opinion() -> None:
    """Public-opinion monitoring: from raw posts to a report in which every number leads to its items.

    \b
    Examples:
      fairstream opinion annotate posts/ --out annotated.parquet
      fairstream opinion report annotated.parquet --from 2022-10-20 --to 2022-11-13 --out report
    """
