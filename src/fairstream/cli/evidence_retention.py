"""`fairstream evidence retention`."""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import click

from fairstream.cli.options import Day, json_option, language_option, today
from fairstream.records import Language


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--on", type=Day(), help="The day the question is asked for; default: today.")
@json_option
@language_option
def retention(folder: Path, on: date | None, as_json: bool, language: Language) -> int:
    """Say of each captured file whether it may be deleted, by which article and from which day.

    The folder's captures.jsonl lists the files; its retention.yaml says what they are, when the period began
    and what is on hold. Whatever is not known is kept. Nothing is deleted.

    \b
    Examples:
      fairstream evidence retention case-17/
      fairstream evidence retention case-17/ --on 2029-03-02 --json
    """
    from fairstream.cli.evidence_options import Talk
    from fairstream.evidence.retention import retention as judged
    from fairstream.evidence.retention import retention_classes

    found = judged(folder, on=on or today())
    at = 0 if language == "zh" else 1
    for one in found:
        if as_json:
            data = {
                "name": one.name,
                "sha256": one.sha256,
                "class": one.class_id,
                "start": one.start and one.start.isoformat(),
                "until": one.until and one.until.isoformat(),
                "deletable": one.deletable,
                "why": [word[at] for word in one.why],
                "cites": list(one.cites),
                "unverified": one.unverified,
            }
            click.echo(json.dumps(data, ensure_ascii=False))
            continue
        mark = ("可删除", "may go") if one.deletable else ("保留", "keep")
        doubt = ("（算法未核实）", " (UNVERIFIED counting)")[at] if one.unverified else ""
        also = retention_classes()[one.class_id].also if one.deletable and one.class_id else None
        why = one.why[0][at] + (("；", "; ")[at] + also[at] if also else "")
        click.echo(
            f"{mark[at]}  {one.name}  {one.until or '-'}{doubt}  {_articles(one.cites, language)}  {why}"
        )
    gone = sum(one.deletable for one in found)
    Talk(language, quiet=as_json).say(
        f"{len(found)} 个文件，可以删除 {gone}，保留 {len(found) - gone}；没有删除任何文件",
        f"{len(found)} files, {gone} may be deleted, {len(found) - gone} are kept; nothing was deleted",
    )
    return 0


def _articles(cites: Iterable[str], language: Language) -> str:
    """Instruments and articles by name, as a person cites them."""
    from fairstream.law.citation import article_title
    from fairstream.law.resolve import load_law

    law = load_law()
    found = [law.resolve(cite, language=language) for cite in cites]
    named = [(one.title, article_title(one.article, language)) for one in found]
    if language == "zh":
        return "、".join(f"《{title}》{article}" for title, article in named) or "-"
    return "; ".join(f"{title} {article}" for title, article in named) or "-"
