"""The facts of a broadcast: `facts.yaml` and the tables under `facts/`, beside the words.

One bad file, row or field never stops the others; each is a problem with file, line, cause and remedy.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Final

from fairstream.errors import FairstreamError, InputError
from fairstream.facts import Facts
from fairstream.records import Broadcast, Problem
from fairstream.sources.factfile import read_fact_file
from fairstream.sources.factnames import FILES, FOLDER, is_loose_facts_file
from fairstream.sources.factrecords import Surroundings
from fairstream.sources.factstore import FactStore
from fairstream.sources.facttables import read_fact_table
from fairstream.sources.loaded import Loaded
from fairstream.sources.problems import ProblemLog

MOST_FILES: Final = 200
_PAPERS: Final = ("readme", "license", "licence")


def read_facts(
    folder: str | Path, *, key: bytes | None = None, broadcast: Broadcast | None = None
) -> Loaded[Facts]:
    """The facts in a broadcast's folder, as one record; `Facts()` when there are none.

    `broadcast` tells the start of the recording, which turns wall clocks into marks and marks into moments,
    and its goods, which may then be named by title. `key` makes the pseudonyms of consumers repeatable (the
    same as in the chat read with it). Raises `InputError` when there is no such folder.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError("there is no such folder", file=folder, remedy="give a broadcast's folder")
    root = folder.resolve()
    problems: list[Problem] = []
    files = list(_found(root, problems))
    return _read(files, Surroundings.of(broadcast, key), problems)


def read_fact_files(
    paths: Sequence[str | Path], *, key: bytes | None = None, broadcast: Broadcast | None = None
) -> Loaded[Facts]:
    """As `read_facts`, from loose files: `facts.yaml` by its name, every other as a table."""
    files = [(Path(path), str(path).encode(errors="replace").decode()) for path in paths]
    return _read(files, Surroundings.of(broadcast, key), [])


def loose_fact_files(paths: Iterable[str | Path]) -> list[Path]:
    """Those of loose files that hold facts: named like the structured file, or lying in a folder `facts`."""
    return [Path(path) for path in paths if is_loose_facts_file(path)]


def _read(files: Iterable[tuple[Path, str]], around: Surroundings, problems: list[Problem]) -> Loaded[Facts]:
    store = FactStore()
    for path, name in files:
        structured = PurePath(name).name in FILES
        try:
            log = (read_fact_file if structured else read_fact_table)(path, store, around, name=name)
        except FairstreamError as error:
            log = ProblemLog(name)
            remedy = error.remedy or "ask for the file again"
            log.add("unreadable", error.line, cause=error.cause, remedy=remedy)
        problems.extend(log.problems)
    return Loaded((_with_own_people(store.facts(), around),), tuple(problems))


def _with_own_people(facts: Facts, around: Surroundings) -> Facts:
    """Winners who are hosts or parties get their names back: they are no consumers."""
    names = [*around.own_people, *(host.name for host in facts.hosts)]
    own = {around.crowd.pseudonym(name): name for name in names}
    prizes = tuple(
        replace(prize, winners=tuple(own.get(winner, winner) for winner in prize.winners))
        if prize.winners
        else prize
        for prize in facts.prizes
    )
    return replace(facts, prizes=prizes)


def _found(root: Path, problems: list[Problem]) -> Iterator[tuple[Path, str]]:
    """The structured file first, then the tables in the order of their names."""
    paths = [root / name for name in FILES]
    for directory, folders, names in os.walk(root / FOLDER):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        paths += [Path(directory) / name for name in sorted(names) if _is_data(name)]
    count = 0
    for path in paths:
        if not path.is_symlink() and not path.is_file():
            continue
        count += 1
        name = path.relative_to(root).as_posix().encode(errors="replace").decode()
        log = ProblemLog(name)
        if count > MOST_FILES:
            log.add("files_limit", most=MOST_FILES)
        elif _may_read(root, path, name, log):
            yield path, name
        problems.extend(log.problems)
        if count > MOST_FILES:
            return


def _is_data(name: str) -> bool:
    return not name.startswith((".", "~$")) and name.casefold().split(".")[0] not in _PAPERS


def _may_read(root: Path, path: Path, name: str, log: ProblemLog) -> bool:
    """Whether a file lies inside the folder and holds anything."""
    try:
        if not path.resolve(strict=True).is_relative_to(root):
            log.add("outside", path=name)
        elif path.stat().st_size == 0:
            log.add("empty")
    except (OSError, RuntimeError):
        log.add("dead_link")
    return not log.problems
