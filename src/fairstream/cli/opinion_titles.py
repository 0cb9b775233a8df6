"""Names that a report uses: of topics, aspects, kinds of names, conducts and reasons of suspicion."""

from collections.abc import Mapping
from typing import Final

from fairstream.inspect.words import CONDUCTS
from fairstream.opinion.suspicion import reasons
from fairstream.opinion.taxonomy import Taxonomy
from fairstream.records import Words

KINDS: Final[Mapping[str, Words]] = {
    "platform": Words("平台", "platform"),
    "brand": Words("品牌", "brand"),
    "host": Words("主播", "host"),
    "shop": Words("店铺", "shop"),
    "room": Words("直播间", "room"),
    "place": Words("地点", "place"),
}


def titles(taxonomy: Taxonomy) -> dict[str, Words]:
    """Names by id: topics as they are, others as `aspect:…`, `kind:…`, `conduct:…` and `suspicion:…`."""
    return {
        **{name: _words(topic.title) for name, topic in taxonomy.topics.items()},
        **{f"aspect:{name}": _words(aspect.title) for name, aspect in taxonomy.aspects.aspects.items()},
        **{f"kind:{name}": words for name, words in KINDS.items()},
        **{f"conduct:{name}": words for name, words in CONDUCTS.items()},
        **{f"suspicion:{name}": _words(reason.title) for name, reason in reasons().items()},
    }


def tips(taxonomy: Taxonomy) -> dict[str, Words]:
    """What consumers may be told, by topic."""
    return {name: _words(topic.tips) for name, topic in taxonomy.topics.items() if topic.tips}


def _words(title: object) -> Words:
    return Words(getattr(title, "zh"), getattr(title, "en"))  # noqa: B009 - a model with both languages
