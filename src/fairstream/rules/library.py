"""Loading rule packs: the shipped one, and an agency's own layers above it.

A file that is wrong never takes the others with it: its errors are collected in `RuleSet.issues`,
each with file, line and remedy, and the rest is loaded.
"""

import contextlib
import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, TypeAdapter, ValidationError

from fairstream.errors import RuleError
from fairstream.records import ProductClass
from fairstream.rules.node import CONDITION_KEYS, NODE_KEYS
from fairstream.rules.rule import Case, Guard, Lexicon, ProductNames, Rule
from fairstream.rules.yamlfile import Lines, load_yaml

SHIPPED = Path(__file__).parent / "data"
CACHE_VERSION = 2
"""Raised when the same file would be read into other data."""

_LEADING = frozenset(NODE_KEYS + CONDITION_KEYS)
Model = TypeVar("Model", bound=BaseModel)
_CLASSES: TypeAdapter[dict[ProductClass, ProductNames]] = TypeAdapter(dict[ProductClass, ProductNames])


@dataclass(frozen=True, slots=True)
class RuleIssue:
    """One fault in the rule files."""

    file: str
    line: int
    check: str
    cause: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: [{self.check}] {self.cause} Remedy: {self.remedy}"


@dataclass(frozen=True)
class RuleSet:
    """Rules, guards, lexicons and product classes that belong together, by id."""

    rules: dict[str, Rule] = field(default_factory=dict)
    guards: dict[str, Guard] = field(default_factory=dict)
    lexicons: dict[str, Lexicon] = field(default_factory=dict)
    classes: dict[ProductClass, ProductNames] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    issues: tuple[RuleIssue, ...] = ()
    fingerprint: str = ""

    def active(self, statuses: Iterable[str] = ("stable",)) -> list[Rule]:
        """Rules of these statuses, in order of id."""
        wanted = set(statuses)
        return [rule for _, rule in sorted(self.rules.items()) if rule.status in wanted]

    def terms(self, lexicon: str) -> list[str]:
        """All terms of a lexicon with those of the lexicons it includes, once each."""
        return list(dict.fromkeys(self._terms(lexicon, set())))

    def _terms(self, name: str, seen: set[str]) -> Iterator[str]:
        if name in seen or name not in self.lexicons:
            return
        seen.add(name)
        yield from self.lexicons[name].terms
        for other in self.lexicons[name].include:
            yield from self._terms(other, seen)


def load_rules(*layers: Path, shipped: bool = True, cache: Path | None = None) -> RuleSet:
    """Load the shipped pack and lay `layers` over it; later layers win by id.

    `cache` is a folder for the parsed form of the files (YAML is slow to read); it is rebuilt whenever
    a file changes and may be deleted at any time. Faults are in `RuleSet.issues`, not raised.
    """
    roots = [SHIPPED, *layers] if shipped else list(layers)
    for root in roots:
        if not root.is_dir():
            raise RuleError(
                "no such folder of rules", file=root, remedy="give the folder that holds the YAML files"
            )
    files = [
        path
        for root in roots
        for path in sorted(root.rglob("*.yaml"))
        if not path.name.endswith(".cases.yaml") and not path.is_dir()
    ]
    fingerprint = _fingerprint(files)
    raw, issues = _read_all(files, fingerprint, cache)
    builder = _Builder(issues)
    for path in files:
        if str(path) in raw:
            root = next(root for root in reversed(roots) if path.is_relative_to(root))
            builder.add(path, root, raw[str(path)])
    return builder.finish(fingerprint)


def load_cases(rule_file: Path) -> list[tuple[Case, int]]:
    """The cases beside a rule file, each with its line; empty when there is no cases file.

    Raises `RuleError` at the first case that does not fit the shape.
    """
    path = rule_file.with_name(rule_file.stem + ".cases.yaml")
    if not path.exists():
        return []
    data, lines = load_yaml(path)
    if not isinstance(data, list):
        raise RuleError("a cases file is a list", file=path, line=1, remedy="begin each case with '- '")
    found = []
    for number, item in enumerate(data):
        try:
            found.append((Case.model_validate(item), lines.of((number,))))
        except ValidationError as error:
            issue = next(_issues(error, path, lines, (number,)))
            raise RuleError(issue.cause, file=path, line=issue.line, remedy=issue.remedy) from error
    return found


class _Builder:
    def __init__(self, issues: list[RuleIssue]) -> None:
        self.found = RuleSet()
        self.issues = issues
        self.root = Path()

    def add(self, path: Path, root: Path, data: Any) -> None:
        """Validate one file by its place below the root and put it into its table."""
        self.root = root
        inside = path.relative_to(root)
        if inside.parts[0] == "lexicons":
            self._put(self.found.lexicons, Lexicon, path, data, inside.stem)
        elif inside.parts[0] == "guards":
            self._put(self.found.guards, Guard, path, data, inside.stem)
        elif inside.name == "product_classes.yaml":
            self._put_classes(path, data)
        else:
            self._put(self.found.rules, Rule, path, data, inside.with_suffix("").as_posix())

    def _put(self, table: dict[str, Model], model: type[Model], path: Path, data: Any, name: str) -> None:
        try:
            item = model.model_validate(data)
        except ValidationError as error:
            _, lines = load_yaml(path)
            self.issues += _issues(error, path, lines)
            return
        key = f"{model.__name__.lower()}:{name}"
        fault = self._id_fault(path, getattr(item, "id", None), name, self.found.files.get(key))
        if fault is not None:
            self.issues.append(fault)
            return
        table[name] = item
        self.found.files[key] = path

    def _id_fault(self, path: Path, given: Any, name: str, other: Path | None) -> RuleIssue | None:
        """The id does not fit the file's place, or another file of the same layer has it already."""
        if given != name:
            cause = f"the id is {given!r} but the file's place says {name!r}"
            line = load_yaml(path)[1].of(("id",))
            return RuleIssue(str(path), line, "id", cause, "make id and file name agree")
        if other is not None and other != path and other.is_relative_to(self.root):
            cause = f"the id {name!r} is that of {other} too"
            return RuleIssue(str(path), 1, "id", cause, "rename one of the two files")
        return None

    def _put_classes(self, path: Path, data: Any) -> None:
        try:
            self.found.classes.update(_CLASSES.validate_python(data))
        except ValidationError as error:
            _, lines = load_yaml(path)
            self.issues += _issues(error, path, lines)

    def finish(self, fingerprint: str) -> RuleSet:
        found = self.found
        return RuleSet(
            found.rules,
            found.guards,
            found.lexicons,
            found.classes,
            found.files,
            tuple(self.issues),
            fingerprint,
        )


def _issues(
    error: ValidationError, path: Path, lines: Lines, prefix: tuple[str | int, ...] = ()
) -> Iterator[RuleIssue]:
    for fault in error.errors(include_url=False):
        place = _place(prefix, fault, lines)
        where = ".".join(str(part) for part in place) or "the file"
        cause = f"{where}: {fault['msg']}"
        yield RuleIssue(str(path), lines.of(place), "shape", cause, "see docs/developer/rule-language.md")


def _place(prefix: tuple[str | int, ...], fault: Any, lines: Lines) -> tuple[str | int, ...]:
    """The path into the file: pydantic puts the names of union members between its keys.

    The name of a node or condition is its leading key as well; its first mention is the name. What stands
    at the top of a file has no name.
    """
    place, named = prefix, True
    for part in fault["loc"]:
        if not named and part in _LEADING and not lines.has((*place, "of")) and lines.has((*place, part)):
            named = True
        elif lines.has((*place, part)):
            place, named = (*place, part), False
    return (*place, fault["loc"][-1]) if fault["type"] == "missing" else place


def _fingerprint(files: list[Path]) -> str:
    state = [f"{CACHE_VERSION}"]
    for path in files:
        with contextlib.suppress(OSError):  # a file that cannot be read becomes an issue when it is read
            stat = path.stat()
            state.append(f"{path.absolute()}\t{stat.st_size}\t{stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(state).encode("utf-8", "surrogateescape")).hexdigest()


def _read_all(
    files: list[Path], fingerprint: str, cache: Path | None
) -> tuple[dict[str, Any], list[RuleIssue]]:
    stored = cache / f"rules-{fingerprint[:24]}.json" if cache else None
    if stored and (known := _stored(stored, files)) is not None:
        return known, []
    raw: dict[str, Any] = {}
    issues: list[RuleIssue] = []
    for path in files:
        try:
            raw[str(path)] = load_yaml(path)[0]
        except RuleError as error:
            issues.append(RuleIssue(str(path), error.line or 1, "yaml", error.cause, error.remedy or ""))
    if stored and not issues:
        _store(stored, raw)
    return raw, issues


def _stored(path: Path, files: list[Path]) -> dict[str, Any] | None:
    """What the cache holds when it is whole, else None: the files are then read again."""
    try:
        raw = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    whole = isinstance(raw, dict) and set(raw) == {str(file) for file in files}
    return raw if whole else None


def _store(path: Path, raw: dict[str, Any]) -> None:
    """Write the cache in one step; a folder that cannot be written to is no reason to fail."""
    partial = path.with_suffix(f".{os.getpid()}.part")
    with contextlib.suppress(OSError, orjson.JSONEncodeError):
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.glob("rules-*.json"):
            old.unlink(missing_ok=True)
        partial.write_bytes(orjson.dumps(raw))
        partial.replace(path)


__all__ = ["SHIPPED", "RuleIssue", "RuleSet", "load_cases", "load_rules"]
