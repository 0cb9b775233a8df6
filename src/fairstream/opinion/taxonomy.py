"""The taxonomy of opinion: topics, lexicons, the consumer-rights gate, aspects, entities, and their files.

A folder of lists holds `topics/**`, `lexicons/*`, `rights/*`, `entities/*`, `aspects.yaml` and
`negation.yaml` (docs/developer/taxonomy.md). More folders are laid over the shipped one: a later topic,
lexicon, gate or file wins over the one of the same name. A file that is wrong never takes the others with
it: its faults are in `Taxonomy.issues`, each with file, line and remedy.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, model_validator

from fairstream.errors import RuleError
from fairstream.opinion.entities import EntityFile, EntityName, PatternFile
from fairstream.records import Conduct
from fairstream.rules.library import RuleIssue
from fairstream.rules.node import Strict
from fairstream.rules.rule import Bilingual
from fairstream.rules.yamlfile import Lines, load_yaml

SHIPPED = Path(__file__).parent / "data"
SEE = "see docs/developer/taxonomy.md"
COMMA = f"correct the key (inside {{…}} a comma begins a new key: quote words that hold one), or {SEE}"
MOST_PARTS = 4
Model = TypeVar("Model", bound=BaseModel)


def _words(value: Any) -> Any:
    """Numbers written without quotes are words all the same; nothing is an empty list."""
    if value is None:
        return []
    if not isinstance(value, list):
        return value
    return [str(word) if type(word) in (int, float) else word for word in value]


Word = Annotated[str, Field(min_length=1, max_length=32)]
Terms = Annotated[list[Word], BeforeValidator(_words)]
SomeTerms = Annotated[list[Word], Field(min_length=1), BeforeValidator(_words)]
Parts = Annotated[list[SomeTerms], Field(min_length=2, max_length=MOST_PARTS)]
TopicId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$")]
Weight = Literal["strong", "weak", "none"]


class Sign(Strict):
    """One way in which a text shows something: a word, words near each other, or words in order.

    `within` is the most folded characters between neighbouring parts; all stand in one sentence and none
    overlaps another. Words are literals or `@lexicon`.
    """

    any: SomeTerms | None = None
    near: Parts | None = None
    order: Parts | None = None
    within: int = Field(default=12, ge=0, le=60)

    @model_validator(mode="after")
    def _one(self) -> "Sign":
        if sum(part is not None for part in (self.any, self.near, self.order)) != 1:
            raise ValueError("a sign has exactly one of: any, near, order")
        if self.any is not None and "within" in self.model_fields_set:
            raise ValueError("`within` belongs to near or order")
        return self

    @property
    def parts(self) -> list[list[str]]:
        """The lists of words that must all stand."""
        return [self.any] if self.any is not None else (self.near or self.order or [])


class RightsSign(Sign):
    """A sign of the gate: a strong one is enough, of weak ones two different ones are needed."""

    weight: Literal["strong", "weak"] = "strong"


class Topic(Strict):
    """A topic or sub-issue. `rights` says what its presence is worth to the consumer-rights gate."""

    id: TopicId
    title: Bilingual
    about: Bilingual
    parent: TopicId | None = None
    scene: Terms = []
    signs: list[Sign] = []
    unless: Terms = []
    negatable: bool = True
    rights: Weight = "none"
    conducts: list[Conduct] = []
    tips: Bilingual | None = None

    @property
    def above(self) -> str | None:
        """The topic for which this one counts too: as given, else the id without its last part."""
        return self.parent or (self.id.rpartition(".")[0] or None)


class Rights(Strict):
    """A part of the gate "about consumer rights"."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Bilingual
    about: Bilingual | None = None
    signs: list[RightsSign] = Field(min_length=1)
    unless: Terms = []
    negatable: bool = False


class Lexicon(Strict):
    """Words that stand for one thing; `@name` in them pools another lexicon in."""

    title: Bilingual
    terms: SomeTerms


class Aspect(Strict):
    """What opinions are about: `better` and `worse` near a target, `praise` and `complaint` by themselves.

    `things` are targets that say nothing without an evaluating word; a target alone takes the polarity of the
    item.
    """

    title: Bilingual
    targets: Terms = []
    things: Terms = []
    better: Terms = []
    worse: Terms = []
    praise: Terms = []
    complaint: Terms = []


class Aspects(Strict):
    """All aspects with the words that evaluate any of them.

    A word inside one of `ignore` evaluates nothing; a word of `contrast` begins a new clause.
    """

    better: Terms = []
    worse: Terms = []
    ignore: Terms = []
    contrast: Terms = []
    aspects: dict[Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")], Aspect] = {}


class Negation(Strict):
    """Words that deny what follows: `fillers` may stand between, words inside one of `never` do not deny."""

    negations: Terms = []
    fillers: Terms = []
    never: Terms = []


class Case(Strict):
    """A text with what must and must not be read in it; `polarity` is what the model is taken to say."""

    text: str
    topics: list[str] = []
    not_: list[str] = Field(default=[], alias="not")
    rights: bool | None = None
    aspects: list[str] | None = None
    entities: list[str] | None = None
    conducts: list[Conduct] | None = None
    polarity: Literal["complaint", "praise", "neither"] = "neither"
    todo: bool = False


@dataclass
class Taxonomy:
    """All lists that belong together, by name, with the file of each and what was wrong."""

    topics: dict[str, Topic] = field(default_factory=dict)
    lexicons: dict[str, Lexicon] = field(default_factory=dict)
    rights: dict[str, Rights] = field(default_factory=dict)
    aspects: Aspects = field(default_factory=Aspects)
    negation: Negation = field(default_factory=Negation)
    entities: dict[tuple[str, str], EntityName] = field(default_factory=dict)
    patterns: PatternFile = field(default_factory=PatternFile)
    files: dict[str, Path] = field(default_factory=dict)
    issues: list[RuleIssue] = field(default_factory=list)

    def terms(self, words: Sequence[str]) -> list[str]:
        """The words with lexicons in the place of their names, once each, in order."""
        return list(dict.fromkeys(self._expand(words, ())))

    def _expand(self, words: Sequence[str], inside: tuple[str, ...]) -> Iterator[str]:
        for word in words:
            name = word[1:]
            if not word.startswith("@") or not name:
                yield word
            elif name in self.lexicons and name not in inside:
                yield from self._expand(self.lexicons[name].terms, (*inside, name))


def load_taxonomy(folders: Sequence[Path] = (), *, shipped: bool = True) -> Taxonomy:
    """The shipped lists with `folders` laid over them; faults are in `issues`.

    Raises `RuleError` when a folder does not exist.
    """
    found = Taxonomy()
    for root in [SHIPPED, *folders] if shipped else folders:
        if not root.is_dir():
            raise RuleError("no such folder of lists", file=root, remedy="give the folder of the YAML files")
        _Layer(found, root).load()
    found.issues += _missing(found)
    return found


def load_cases(taxonomy: Taxonomy) -> Iterator[tuple[Path, int, Case]]:
    """Every case beside a list that was loaded, with its file and line.

    Raises `RuleError` at the first case that does not fit the shape.
    """
    for path in sorted({file.with_name(file.stem + ".cases.yaml") for file in taxonomy.files.values()}):
        if not path.exists():
            continue
        data, lines = load_yaml(path)
        if not isinstance(data, list):
            raise RuleError("a cases file is a list", file=path, line=1, remedy="begin each case with '- '")
        for number, item in enumerate(data):
            try:
                yield path, lines.of((number,)), Case.model_validate(item)
            except ValidationError as error:
                issue = next(_issues(error, path, lines, (number,)))
                raise RuleError(issue.cause, file=path, line=issue.line, remedy=issue.remedy) from error


class _Layer:
    """One folder of lists."""

    def __init__(self, found: Taxonomy, root: Path) -> None:
        self._found, self._root = found, root

    def load(self) -> None:
        for path in sorted(self._root.rglob("*.yaml")):
            if path.name.endswith(".cases.yaml") or path.is_dir():
                continue
            try:
                self._add(path, *load_yaml(path))
            except RuleError as error:
                self._fault(path, error.line or 1, "yaml", error.cause, error.remedy or SEE)

    def _add(self, path: Path, data: Any, lines: Lines) -> None:
        found, place = self._found, path.relative_to(self._root).parts
        match place:
            case ("topics", *_):
                if topic := self._valid(Topic, path, data, lines):
                    self._named(found.topics, topic.id, topic.id.rpartition(".")[2], topic, path, lines)
            case ("rights", _):
                if gate := self._valid(Rights, path, data, lines):
                    self._named(found.rights, gate.id, gate.id, gate, path, lines)
            case ("lexicons", _):
                if lexicon := self._valid(Lexicon, path, data, lines):
                    self._named(found.lexicons, path.stem, path.stem, lexicon, path, lines)
            case ("entities", "patterns.yaml"):
                found.patterns = self._whole(PatternFile, path, data, lines) or found.patterns
            case ("entities", _):
                self._entities(path, data, lines)
            case ("aspects.yaml",):
                found.aspects = self._whole(Aspects, path, data, lines) or found.aspects
            case ("negation.yaml",):
                found.negation = self._whole(Negation, path, data, lines) or found.negation
            case _ if self._root != SHIPPED:  # beside the shipped lists stand data of other parts
                self._fault(path, 1, "place", "no list belongs here", SEE)

    def _valid(self, model: type[Model], path: Path, data: Any, lines: Lines) -> Model | None:
        try:
            return model.model_validate(data)
        except ValidationError as error:
            self._found.issues += _issues(error, path, lines)
            return None

    def _whole(self, model: type[Model], path: Path, data: Any, lines: Lines) -> Model | None:
        self._found.files[path.relative_to(self._root).as_posix()] = path
        return self._valid(model, path, data, lines)

    def _named(
        self, table: dict[str, Model], name: str, stem: str, item: Model, path: Path, lines: Lines
    ) -> None:
        """Put an item into its table unless its file has another name or the same layer has it already."""
        key = f"{type(item).__name__.lower()}:{name}"
        other = self._found.files.get(key)
        if path.stem != stem:
            cause = f"the file of {name!r} is called {path.name}"
            self._fault(path, lines.of(("id",)), "id", cause, f"call it {stem}.yaml")
        elif other is not None and other.is_relative_to(self._root):
            self._fault(path, lines.of(("id",)), "id", f"{other} has the id {name!r} too", "rename one")
        else:
            table[name] = item
            self._found.files[key] = path

    def _entities(self, path: Path, data: Any, lines: Lines) -> None:
        entities = self._valid(EntityFile, path, data, lines)
        if entities is None:
            return
        self._found.files[f"entities:{path.stem}"] = path
        for name, entry in entities.names.items():
            if entry is None:
                self._found.entities.pop((entities.kind, name), None)
            else:
                self._found.entities[entities.kind, name] = entry

    def _fault(self, path: Path, line: int, check: str, cause: str, remedy: str) -> None:
        self._found.issues.append(RuleIssue(str(path), line, check, cause, remedy))


def _issues(
    error: ValidationError, path: Path, lines: Lines, prefix: tuple[str | int, ...] = ()
) -> Iterator[RuleIssue]:
    for fault in error.errors(include_url=False):
        place = prefix
        for part in fault["loc"]:
            if lines.has((*place, part)):
                place = (*place, part)
        where = ".".join(map(str, (*place, fault["loc"][-1]) if fault["type"] == "missing" else place))
        remedy = COMMA if fault["type"] == "extra_forbidden" else SEE
        yield RuleIssue(str(path), lines.of(place), "shape", f"{where or 'the file'}: {fault['msg']}", remedy)


def _missing(found: Taxonomy) -> Iterator[RuleIssue]:
    """Names that lead nowhere: lexicons, parents, scenes; circles of parents."""
    for key, words in _word_lists(found):
        for word in words:
            if word.startswith("@") and word[1:] not in found.lexicons:
                yield _issue(found, key, f"there is no lexicon {word!r}", "write it, or correct the name")
    for topic in found.topics.values():
        key = f"topic:{topic.id}"
        if topic.above is not None and topic.above not in found.topics:
            yield _issue(found, key, f"there is no topic {topic.above!r} above", "write it, or set `parent`")
        for name in topic.scene:
            if name not in found.topics and name.removeprefix("@") not in found.lexicons:
                yield _issue(found, key, f"the scene {name!r} is no topic or lexicon", "correct the name")
        if circle(found.topics, topic.id):
            yield _issue(found, key, "its parents or scenes lead back to it", "change one of them")


def circle(topics: Mapping[str, Topic], name: str) -> bool:
    """Whether parents, or scenes, lead from a topic back to itself."""
    return any(_leads_back(topics, name, follow) for follow in (_parents, _scenes))


def _parents(topic: Topic) -> list[str]:
    return [topic.above] if topic.above else []


def _scenes(topic: Topic) -> list[str]:
    return topic.scene


def _leads_back(topics: Mapping[str, Topic], name: str, follow: Callable[[Topic], list[str]]) -> bool:
    seen: set[str] = set()
    waiting = list(follow(topics[name]))
    while waiting:
        at = waiting.pop()
        if at == name:
            return True
        if at in topics and at not in seen:
            seen.add(at)
            waiting += follow(topics[at])
    return False


def _issue(found: Taxonomy, key: str, cause: str, remedy: str) -> RuleIssue:
    return RuleIssue(str(found.files.get(key, key)), 1, "name", cause, remedy)


def _word_lists(found: Taxonomy) -> Iterator[tuple[str, list[str]]]:
    """Every list of words that may name lexicons, with the key of its file."""
    for topic in found.topics.values():
        yield f"topic:{topic.id}", [*topic.unless, *(w for s in topic.signs for p in s.parts for w in p)]
    for gate in found.rights.values():
        yield f"rights:{gate.id}", [*gate.unless, *(w for s in gate.signs for p in s.parts for w in p)]
    for name, lexicon in found.lexicons.items():
        yield f"lexicon:{name}", lexicon.terms
    general = found.aspects
    yield "aspects.yaml", [*general.better, *general.worse, *general.ignore, *general.contrast]
    for aspect in general.aspects.values():
        own = (aspect.targets, aspect.things, aspect.better, aspect.worse, aspect.praise, aspect.complaint)
        yield "aspects.yaml", [word for words in own for word in words]
    for (kind, _), entry in found.entities.items():
        yield f"entities:{kind}", [*entry.needs, *entry.not_]
