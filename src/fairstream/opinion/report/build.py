"""The whole paper, section by section, in the order of the published reports."""

from fairstream.blocks import Block, Heading, Paper, Paragraph
from fairstream.opinion import aggregate
from fairstream.opinion.report.analysis import analysis
from fairstream.opinion.report.basic import basic
from fairstream.opinion.report.material import Material
from fairstream.opinion.report.numbers import day, span, whole
from fairstream.opinion.report.topics import topics
from fairstream.opinion.report.words import said
from fairstream.opinion.select import where


def paper(material: Material) -> Paper:
    """The report on a window. Every number in it is registered in `material.numbers`."""
    window = material.figures.window
    blocks = (*_opening(material), *basic(material), *topics(material), *analysis(material))
    return Paper(said("title"), span(window.start, window.end), blocks, material.invented, material.made)


def _opening(material: Material) -> list[Block]:
    numbers, window = material.numbers, material.figures.window
    holds = {
        "start": numbers.plain("window.start", day(window.start), str(window.start), said("window_start")),
        "end": numbers.plain("window.end", day(window.end), str(window.end), said("window_end")),
        "days": numbers.plain("window.days", whole(len(window)), len(window), said("days")),
    }
    return [
        Heading(said("lead_heading"), 1, "lead"),
        Paragraph(said("lead"), kind="placeholder"),
        Heading(said("method_heading"), 1, "method"),
        Paragraph(said("method"), holds),
        Paragraph(said("scope"), kind="note"),
        *_cautions(material),
        Paragraph(said("finding"), kind="placeholder"),
    ]


def _cautions(material: Material) -> list[Block]:
    numbers, figures = material.numbers, material.figures
    blocks: list[Block] = []
    if figures.undated:
        undated = numbers.plain("undated", whole(figures.undated), figures.undated, said("undated"))
        blocks.append(Paragraph(said("undated_said"), {"n": undated}, "note"))
    suspected = aggregate.count(figures.volume, lambda row: row.suspicious)
    if suspected.items:
        number = numbers.items("suspected", suspected, said("suspected"), where("suspicious"))
        blocks.append(Paragraph(said("suspected_said"), {"n": number}, "note"))
    return blocks
