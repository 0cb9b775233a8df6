"""A rule, a guard, a lexicon, the product classes and the cases: the shapes of the rule files."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, field_validator

from fairstream.records import Conduct, Medium, PartyRole, ProductClass, Severity, Speaker
from fairstream.rules.node import Condition, Node, Strict, Word, Words, as_list

Status = Literal["draft", "shadow", "stable", "deprecated"]


class Bilingual(Strict):
    """The same words in Chinese and English."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class NotProducts(Strict):
    """Every class except these; an unknown class is included."""

    not_: list[ProductClass] = Field(alias="not", min_length=1)


Products = Annotated[
    Annotated[list[Literal[ProductClass, "any"]], Tag("classes")] | Annotated[NotProducts, Tag("except")],
    Discriminator(lambda value: "except" if isinstance(value, dict | NotProducts) else "classes"),
]
Unless = Annotated[
    Annotated[str, Tag("guard")] | Annotated[Condition, Tag("condition")],
    Discriminator(lambda value: "guard" if isinstance(value, str) else "condition"),
]


class AppliesTo(Strict):
    """Which texts a rule reads; the default is every medium, every class, and sellers' words only."""

    media: list[Literal[Medium, "any"]] = ["any"]
    speakers: list[Speaker] = ["host", "seller", "unknown"]
    products: Products = ["any"]

    def takes_class(self, product_class: ProductClass) -> bool:
        """Whether the rule applies to goods of this class."""
        if isinstance(self.products, NotProducts):
            return product_class not in self.products.not_
        return "any" in self.products or product_class in self.products

    def takes(self, medium: Medium, speaker: Speaker) -> bool:
        """Whether the rule reads words of this speaker in this medium."""
        return speaker in self.speakers and ("any" in self.media or medium in self.media)

    @property
    def class_matters(self) -> bool:
        """Whether the class of goods can change the answer."""
        return isinstance(self.products, NotProducts) or "any" not in self.products


class Rule(Strict):
    """One kind of suspect wording, with its law, its proof and its known errors."""

    id: str = Field(pattern=r"^[a-z0-9-]+(/[a-z0-9-]+)+$")
    title: Bilingual
    conduct: Conduct
    conduct_also: list[Conduct] = []
    status: Status
    severity: Severity
    confidence: float = Field(default=0.8, gt=0, le=1)
    applies_to: AppliesTo = AppliesTo()
    match: Node
    requires: Node | None = None
    unless: list[Unless] = []
    cites: list[str] = Field(min_length=1)
    liable: list[PartyRole] = Field(min_length=1)
    proof_needed: list[Bilingual] = Field(min_length=1)
    explain: Bilingual
    errs_when: list[str] = []
    references: list[str] = []
    since: date


class Guard(Strict):
    """A named reason why matching words are lawful here."""

    id: str = Field(pattern=r"^[a-z_]+$")
    title: Bilingual
    explain: Bilingual
    any: list[Condition] = Field(min_length=1)


class TermPattern(Strict):
    """A pattern whose matches are terms of the lexicon, run only where one of `needs` stands."""

    re2: str
    needs: Words
    _list = field_validator("needs", mode="before")(as_list)


def _as_words(value: Any) -> Any:
    """Numbers of a list as words; an empty list for nothing."""
    if not isinstance(value, list):
        return [] if value is None else value
    return [str(word) if type(word) in (int, float) else word for word in value]


class Lexicon(Strict):
    """A concept: the words that can express it."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    title: Bilingual
    risky: bool = False
    groups: dict[str, list[Word]] = {}
    include: list[str] = []
    except_: list[Word] = Field(default=[], alias="except")
    patterns: list[TermPattern] = []

    @field_validator("groups", "except_", mode="before")
    @classmethod
    def _words(cls, value: Any) -> Any:
        """Numbers written without quotes are words all the same."""
        if isinstance(value, dict):
            return {key: _as_words(words) for key, words in value.items()}
        return _as_words(value)

    @property
    def terms(self) -> list[str]:
        """All terms of all groups, without those of included lexicons."""
        return [term for group in self.groups.values() for term in group]


class ProductNames(Strict):
    """How goods of one class are recognised."""

    title: Bilingual
    priority: int = 0
    marks: list[str] = []
    names: list[str] = []


class Case(Strict):
    """One text with the words this rule must quote from it."""

    text: str
    hits: list[str]
    product: str = ""
    product_class: ProductClass = "unknown"
    medium: Medium = "speech"
    speaker: Speaker = "host"
    on: date | None = None
    todo: bool = False

    @field_validator("text", "product", mode="before")
    @classmethod
    def _text(cls, value: Any) -> Any:
        return str(value) if type(value) in (int, float) else value

    @field_validator("hits", mode="before")
    @classmethod
    def _hits(cls, value: Any) -> Any:
        return value if value is None else _as_words(value)
