"""Where citations are written: every citation of the law data and of rule files, with file and line."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from fairstream.errors import LawError
from fairstream.law.citation import is_citation
from fairstream.law.source import DATA, data_files


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation as written, and its place."""

    citation: str
    file: str
    line: int | None = None


def cited_in_data(folder: Path = DATA) -> Iterator[Cited]:
    """The citations the law data itself makes: articles with gists, penalties, `cites` anywhere."""
    for file in data_files(folder):
        root = _compose(file)
        family = next(
            (value for value in _values(root, "family") if isinstance(value, yaml.ScalarNode)), None
        )
        for articles in _values(root, "articles"):
            if family is not None and isinstance(articles, yaml.MappingNode):
                for key, _ in articles.value:
                    yield Cited(f"{family.value}#{key.value}", str(file), key.start_mark.line + 1)
        if family is None and not any(_values(root, "penalties")):
            yield from _anywhere(root, file)
        for penalties in _values(root, "penalties"):
            for entry in penalties.value if isinstance(penalties, yaml.SequenceNode) else ():
                for name in ("cites", "basis"):
                    yield from _scalars(entry, name, file)


def cited_in_rules(folder: Path) -> Iterator[Cited]:
    """The citations under ``cites:`` in every rule file of a folder."""
    for file in sorted(folder.rglob("*.yaml")):
        if not file.name.endswith(".cases.yaml"):
            yield from _scalars(_compose(file), "cites", file)


def cited_in_checks(folder: Path) -> Iterator[Cited]:
    """Every citation in the data of checks, whatever its key: a check may cite more for one outcome."""
    for file in sorted(folder.rglob("*.yaml")):
        if not file.name.endswith(".cases.yaml"):
            for node in _leaves(_compose(file)):
                if is_citation(node.value):
                    yield Cited(node.value, str(file), node.start_mark.line + 1)


def _leaves(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from _leaves(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _leaves(value)


def _anywhere(node: yaml.Node | None, file: Path) -> Iterator[Cited]:
    """The citations under ``cites:`` at any depth: roles, liability, measures, crimes, time limits."""
    if isinstance(node, yaml.MappingNode):
        yield from _scalars(node, "cites", file)
        children = [value for _, value in node.value]
    else:
        children = node.value if isinstance(node, yaml.SequenceNode) else []
    for child in children:
        yield from _anywhere(child, file)


def _compose(file: Path) -> yaml.Node | None:
    try:
        return yaml.compose(file.read_bytes(), Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        raise LawError(
            f"not readable as YAML: {getattr(error, 'problem', None) or error}",
            file=file,
            line=mark.line + 1 if mark else None,
            remedy="correct the line",
        ) from error


def _values(node: yaml.Node | None, name: str) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        yield from (value for key, value in node.value if key.value == name)


def _scalars(node: yaml.Node | None, name: str, file: Path) -> Iterator[Cited]:
    for value in _values(node, name):
        items = value.value if isinstance(value, yaml.SequenceNode) else [value]
        for item in items:
            if isinstance(item, yaml.ScalarNode):
                yield Cited(str(item.value), str(file), item.start_mark.line + 1)
