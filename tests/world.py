"""A small world of rules: tests write the files of a rule pack and scan texts with it."""

from datetime import date
from pathlib import Path
from typing import Any

import orjson

from fairstream.detect.engine import Scanner
from fairstream.law.citing import CitationSource
from fairstream.records import Finding, Text
from fairstream.rules.library import RuleSet, load_rules

TODAY = date(2026, 3, 1)


def both(words: str) -> dict[str, str]:
    """The same words in both languages."""
    return {"zh": words, "en": words}


class World:
    """A folder of rule files made by a test, and the scanner over it. JSON is YAML, so files are JSON."""

    def __init__(self, root: Path, law: CitationSource) -> None:
        self.root = root
        self.law = law

    def write(self, name: str, content: Any) -> Path:
        """Write one file of the pack: text as it is, anything else as JSON."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else orjson.dumps(content))
        return path

    def lexicon(self, name: str, *terms: str, **keys: Any) -> Path:
        """Write a lexicon of these terms; `except_` stands for the key `except`."""
        keys = {key.rstrip("_"): value for key, value in keys.items()}
        data = {"id": name, "title": both(f"title of {name}"), "groups": {"all": list(terms)}}
        return self.write(f"lexicons/{name}.yaml", data | keys)

    def guard(self, name: str, *conditions: Any) -> Path:
        """Write a guard of these conditions."""
        data = {"id": name, "title": both(f"guard {name}"), "explain": both("why"), "any": list(conditions)}
        return self.write(f"guards/{name}.yaml", data)

    def classes(self, **classes: dict[str, Any]) -> Path:
        """Write the product classes."""
        data = {name: {"title": both(name)} | keys for name, keys in classes.items()}
        return self.write("product_classes.yaml", data)

    def rule(self, match: Any, name: str = "t/r", **keys: Any) -> Path:
        """Write a rule; `match` may be a word."""
        data = {
            "id": name,
            "title": both(f"title of {name}"),
            "conduct": "false_ad",
            "status": "stable",
            "severity": "low",
            "match": {"phrase": match} if isinstance(match, str) else match,
            "cites": ["advertising-law#9"],
            "liable": ["seller"],
            "proof_needed": [both("the proof")],
            "explain": both("the reason"),
            "since": "2026-01-01",
        }
        return self.write(f"{name}.yaml", data | keys)

    def cases(self, *cases: dict[str, Any], name: str = "t/r") -> Path:
        """Write the cases of a rule."""
        return self.write(f"{name}.cases.yaml", list(cases))

    def load(self, **keys: Any) -> RuleSet:
        """The rule set of this folder alone."""
        return load_rules(self.root, shipped=False, **keys)

    def scanner(self, **keys: Any) -> Scanner:
        """A scanner over this folder alone; a fault in the files fails the test."""
        rule_set = self.load()
        assert not rule_set.issues, [str(issue) for issue in rule_set.issues]
        return Scanner(rule_set, self.law, **({"today": TODAY} | keys))

    def findings(self, text: str, **keys: Any) -> list[Finding]:
        """Findings of one text; keys go into its `Text`."""
        return self.scanner().scan([Text("u", text, **keys)])[0]

    def quotes(self, text: str, **keys: Any) -> list[str]:
        """The quoted words of the findings of one text."""
        return [finding.quote for finding in self.findings(text, **keys)]
