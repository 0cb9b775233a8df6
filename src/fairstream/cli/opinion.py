"""`fairstream opinion`: the group; each command lives in a file of its own."""

import click

from fairstream.cli.lazy import LazyGroup

COMMANDS = {
    "annotate": ("fairstream.cli.opinion_annotate:annotate", "Posts in, annotated items out."),
    "audit": ("fairstream.cli.opinion_audit:audit", "Check the machine by a sample that a person labels."),
    "bursts": ("fairstream.cli.opinion_bursts:bursts", "Days on which something is suddenly spoken of."),
    "invent": ("fairstream.cli.opinion_invent:invent", "Make up posts with known shares."),
    "copies": ("fairstream.cli.opinion_copies:copies", "What was copied and reposted most."),
    "items": ("fairstream.cli.opinion_items:items", "Show the items behind a figure."),
    "listen": ("fairstream.cli.opinion_listen:listen", "Posts from Kafka into Parquet, as they come."),
    "phrases": ("fairstream.cli.opinion_phrases:phrases", "Top, new and paired phrases of a window."),
    "report": ("fairstream.cli.opinion_report:report", "Write the report: HTML, Word and PDF."),
    "taxonomy": ("fairstream.cli.opinion_taxonomy:taxonomy", "List, check and try topics and other lists."),
    "train": ("fairstream.cli.opinion_train:train", "Train a polarity model, or bend it to your own labels."),
    "mapping": ("fairstream.cli.opinion_mapping:mapping", "Draft a mapping for a table of your own."),
    "read": ("fairstream.cli.opinion_read:read", "Posts in any known form into one Parquet file."),
}


@click.group(cls=LazyGroup, lazy=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
def opinion() -> None:
    """Public-opinion monitoring: from raw posts to a report in which every number leads to its items.

    \b
    Examples:
      fairstream opinion annotate posts/ --out annotated.parquet
      fairstream opinion report annotated.parquet --from 2022-10-20 --to 2022-11-13 --out report
    """
