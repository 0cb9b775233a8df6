"""A folder of lists made by a test, and the reader over it. JSON is YAML, so files are JSON."""

from pathlib import Path
from typing import Any

import orjson

from fairstream.opinion.cases import given
from fairstream.opinion.reading import Reader
from fairstream.opinion.taxonomy import Taxonomy, load_taxonomy
from fairstream.text.fold import Folder


def both(words: str) -> dict[str, str]:
    """The same words in both languages."""
    return {"zh": words, "en": words}


class Lists:
    """A folder of lists; each method writes one file."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, name: str, content: Any) -> Path:
        """Write one file: text as it is, anything else as JSON."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else orjson.dumps(content))
        return path

    def topic(self, id_: str, *signs: Any, **keys: Any) -> Path:
        """Write a topic; a sign may be one word."""
        made = [{"any": [sign]} if isinstance(sign, str) else sign for sign in signs]
        data = {"id": id_, "title": both(id_), "about": both(id_), "signs": made}
        return self.write(f"topics/{id_.replace('.', '/')}.yaml", data | keys)

    def lexicon(self, name: str, *terms: str) -> Path:
        """Write a lexicon."""
        return self.write(f"lexicons/{name}.yaml", {"title": both(name), "terms": list(terms)})

    def gate(self, name: str, *signs: Any, **keys: Any) -> Path:
        """Write a part of the gate."""
        return self.write(
            f"rights/{name}.yaml", {"id": name, "title": both(name), "signs": list(signs)} | keys
        )

    def entities(self, kind: str, names: dict[str, Any]) -> Path:
        """Write the names of a kind."""
        return self.write(f"entities/{kind}.yaml", {"kind": kind, "title": both(kind), "names": names})

    def negation(self, *words: str, **keys: list[str]) -> Path:
        """Write the words of negation."""
        return self.write("negation.yaml", {"negations": list(words)} | keys)

    def load(self) -> Taxonomy:
        """These lists alone."""
        return load_taxonomy([self.root], shipped=False)

    def reader(self, **keys: Any) -> Reader:
        """A reader of these lists alone; faults fail the test."""
        return Reader.of(self.load(), **keys)

    def read(self, *texts: str, polarity: str = "neither", **keys: Any) -> dict[str, list[Any]]:
        """What a reader of these lists reads in the texts, by name of the column."""
        return read(self.reader(**keys), *texts, polarity=polarity)

    def topics(self, *texts: str) -> list[list[str]]:
        """The topics of each text."""
        return self.read(*texts)["topics"]


def read(reader: Reader, *texts: str, polarity: str = "neither") -> dict[str, list[Any]]:
    """What a reader reads in the texts."""
    folded = Folder().fold(texts, evasion=False)
    found = reader.read(folded, given([polarity] * len(texts)))
    return {name: column.to_pylist() for name, column in found._asdict().items()}
