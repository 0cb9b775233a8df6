"""A file of matters: suspected conducts with what is known of them, for `fairstream law consequences`.

Written like `facts.yaml`, with the same readings of money, days and truth: the keys of one matter, or several
under ``matters:``. What all have in common may stand beside the list.
"""

from typing import Final

from fairstream.errors import FormatError
from fairstream.law.matter import Matter
from fairstream.sources.bytes import MIB, Source, open_input, read_text
from fairstream.sources.factfile import read_tree
from fairstream.sources.factrecords import FactReader, Surroundings
from fairstream.sources.loaded import Loaded
from fairstream.sources.problems import ProblemLog
from fairstream.sources.written import Entry, Written

LIMIT: Final = 4 * MIB
_LIST: Final = "matters"


def read_matters(source: Source, *, name: str | None = None) -> Loaded[Matter]:
    """The matters of a YAML or JSON file; a matter without conduct or day is left out with a problem.

    Raises `FormatError` when the file has no keys, and the errors of `read_text`.
    """
    file = open_input(source, name, LIMIT)
    log = ProblemLog(file.name)
    root = read_tree(read_text(file, log), log)
    if root.entries is None:
        raise FormatError(
            "no keys with values",
            file=file.name,
            line=1,
            remedy="write lines like 'conduct: false_ad' and 'on: 2026-03-01'",
        )
    reader = FactReader(log, Surroundings.of(None, None))
    found = [reader.record(written, Matter, _LIST) for written in _matters(root.entries)]
    return Loaded(tuple(matter for matter in found if matter is not None), log.problems)


def _matters(entries: tuple[Entry, ...]) -> list[Written]:
    """Each matter with what all have in common behind its own keys."""
    listed = next((entry.value for entry in entries if entry.key == _LIST), None)
    if listed is None:
        return [Written(entries[0].line if entries else 1, entries=entries)]
    shared = tuple(entry for entry in entries if entry.key != _LIST)
    return [_with(item, shared) for item in (listed.items if listed.items is not None else (listed,))]


def _with(own: Written, shared: tuple[Entry, ...]) -> Written:
    if own.entries is None:
        return own
    keys = {entry.key for entry in own.entries}
    return Written(own.line, entries=(*own.entries, *(entry for entry in shared if entry.key not in keys)))
