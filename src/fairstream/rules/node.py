"""The nodes of the rule language: what a rule may say about a text (docs/developer/rule-language.md).

Each node is one pydantic model, so that one definition serves validation with places, the JSON
Schema for editors and the compiler. A node is told apart by its one leading key.
"""

from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, field_validator, model_validator

Scope = Literal["clause", "sentence", "text"]
Word = Annotated[str, Field(min_length=1)]
Words = Annotated[list[Word], Field(min_length=1)]


class Strict(BaseModel):
    """Base of everything written by people: unknown keys are errors, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def as_list(value: Any) -> Any:
    """One word or a list of words."""
    return [value] if isinstance(value, str) else value


class NodeBase(Strict):
    """Keys every node may carry: what may not stand directly before or after it."""

    not_after: "Node | None" = None
    not_before: "Node | None" = None


class PhraseNode(NodeBase):
    """One of the literals."""

    phrase: Words
    _list = field_validator("phrase", mode="before")(as_list)


class LexiconNode(NodeBase):
    """One term of one of the lexicons."""

    lexicon: Words
    _list = field_validator("lexicon", mode="before")(as_list)


class PatternNode(NodeBase):
    """An RE2 pattern over the folded text, run only on texts that hold one of `needs`."""

    pattern: str
    needs: Words
    _list = field_validator("needs", mode="before")(as_list)


class Gap(Strict):
    """How many characters may stand between two nodes of a sequence."""

    gap: int = Field(ge=0, le=60)
    across: Literal["clause"] | None = None


class SequenceNode(NodeBase):
    """The nodes in this order, inside one sentence."""

    sequence: list["Part"] = Field(min_length=2)

    @model_validator(mode="after")
    def _gaps_between(self) -> "SequenceNode":
        gaps = [isinstance(part, Gap) for part in self.sequence]
        if gaps[0] or gaps[-1] or any(a and b for a, b in pairwise(gaps)):
            raise ValueError("a gap stands between two nodes, once")
        return self


class NearBody(Strict):
    """Operands of `near`."""

    of: list["Node"] = Field(min_length=2)
    within: int = Field(ge=0, le=200)
    scope: Scope = "sentence"


class NearNode(NodeBase):
    """All nodes in any order, at most `within` characters between neighbours."""

    near: NearBody


class AnyNode(NodeBase):
    """One of the nodes."""

    any: list["Node"] = Field(min_length=1)


class AllNode(NodeBase):
    """All nodes anywhere in the same text; the span runs over the first-named one."""

    all: list["Node"] = Field(min_length=1)


NODE_KEYS = ("phrase", "lexicon", "pattern", "sequence", "near", "any", "all")
_CLASSES: dict[str, type[NodeBase]] = {}


def node_kind(value: Any) -> str | None:
    """The leading key of a node, from raw data or a model; None when there is none or two."""
    found = [
        key
        for key in NODE_KEYS
        if (key in value if isinstance(value, dict) else key in type(value).model_fields)
    ]
    return found[0] if len(found) == 1 else None


Node = Annotated[
    Annotated[PhraseNode, Tag("phrase")]
    | Annotated[LexiconNode, Tag("lexicon")]
    | Annotated[PatternNode, Tag("pattern")]
    | Annotated[SequenceNode, Tag("sequence")]
    | Annotated[NearNode, Tag("near")]
    | Annotated[AnyNode, Tag("any")]
    | Annotated[AllNode, Tag("all")],
    Discriminator(
        node_kind,
        custom_error_type="node_kind",
        custom_error_message=f"a node has exactly one of the keys {', '.join(NODE_KEYS)}",
    ),
]

Part = Annotated[
    Annotated[Gap, Tag("gap")] | Annotated[Node, Tag("node")],
    Discriminator(
        lambda value: (
            "gap" if isinstance(value, Gap) or (isinstance(value, dict) and "gap" in value) else "node"
        )
    ),
]

CONDITION_KEYS = ("before", "after", "near", "inside", "within", "text")


class BeforeCondition(Strict):
    """The node ends at most `gap` characters before the match."""

    before: Node
    gap: int = Field(default=0, ge=0, le=200)
    scope: Scope = "clause"


class AfterCondition(Strict):
    """The node begins at most `gap` characters after the match."""

    after: Node
    gap: int = Field(default=0, ge=0, le=200)
    scope: Scope = "clause"


class NearCondition(Strict):
    """The node stands within `within` characters on either side."""

    near: Node
    within: int = Field(ge=0, le=200)
    scope: Scope = "sentence"


class InsideCondition(Strict):
    """The match lies inside a longer hit of the node."""

    inside: Node


class WithinCondition(Strict):
    """The node lies inside the matched span."""

    within: Node


class TextCondition(Strict):
    """The node stands anywhere in the text."""

    text: Node


def condition_kind(value: Any) -> str | None:
    """The leading key of a condition; `near` takes a node and a number, `within` a node alone."""
    if isinstance(value, BaseModel):
        return type(value).__name__.removesuffix("Condition").lower()
    if not isinstance(value, dict):
        return None
    for key in CONDITION_KEYS:
        if isinstance(value.get(key), dict):
            return key
    return None


Condition = Annotated[
    Annotated[BeforeCondition, Tag("before")]
    | Annotated[AfterCondition, Tag("after")]
    | Annotated[NearCondition, Tag("near")]
    | Annotated[InsideCondition, Tag("inside")]
    | Annotated[WithinCondition, Tag("within")]
    | Annotated[TextCondition, Tag("text")],
    Discriminator(
        condition_kind,
        custom_error_type="condition_kind",
        custom_error_message=f"a condition has one of the keys {', '.join(CONDITION_KEYS)} with a node",
    ),
]

for _model in (
    NodeBase,
    PhraseNode,
    LexiconNode,
    PatternNode,
    SequenceNode,
    NearBody,
    NearNode,
    AnyNode,
    AllNode,
):
    _model.model_rebuild()


def children(node: Any) -> list[Any]:
    """Direct sub-nodes of a node (gaps left out), for walks that collect names."""
    found: list[Any] = [n for n in (node.not_after, node.not_before) if n is not None]
    if isinstance(node, SequenceNode):
        found += [part for part in node.sequence if not isinstance(part, Gap)]
    elif isinstance(node, NearNode):
        found += node.near.of
    elif isinstance(node, AnyNode):
        found += node.any
    elif isinstance(node, AllNode):
        found += node.all
    return found


def condition_node(condition: Any) -> Any:
    """The node a condition looks for."""
    for key in CONDITION_KEYS:
        value = getattr(condition, key, None)
        if isinstance(value, NodeBase):
            return value
    raise TypeError(f"not a condition: {condition!r}")
