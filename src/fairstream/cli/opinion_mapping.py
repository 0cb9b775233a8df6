"""`fairstream opinion mapping`: a draft of a mapping for a table that is not recognised."""

from pathlib import Path

import click


@click.command()
@click.argument("source", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--out",
    required=True,
    metavar="MAPPING.yaml",
    type=click.Path(dir_okay=False, allow_dash=True),
    help="The draft, - for stdout.",
)
@click.option("--force", is_flag=True, help="Replace an existing file.")
def mapping(source: Path, out: str, force: bool) -> int:
    """Write a draft of a mapping: which columns of FILE are id, text, time and so on.

    The draft has guesses, and three masked sample values of every column. Correct it in an editor and pass
    it with --mapping to `opinion read` and `opinion annotate`. It can be used again for every such table.

    \b
    Examples:
      fairstream opinion mapping 投诉.xlsx --out office.yaml
      fairstream opinion read 投诉.xlsx --mapping office.yaml --dry-run
    """
    # Arrow and compiled code take a second to import; --help should not wait for them.
    from fairstream.errors import UsageError
    from fairstream.sources.posts.mapping import draft
    from fairstream.sources.posts.open import tables_of

    text = draft(tables_of(source)[0])
    if out == "-":
        click.echo(text, nl=False)
        return 0
    path = Path(out)
    if path.exists() and not force:
        raise UsageError("the file is there already", file=path, remedy="choose another name, or --force")
    path.write_text(text, encoding="utf-8")
    click.echo(f"{path}: correct it, then use it with --mapping. 请核对修改后用 --mapping 指定。")
    return 0
