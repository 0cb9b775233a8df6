"""The lists of `text/data`."""

from collections.abc import Iterator
from importlib import resources


def listed(name: str) -> Iterator[list[str]]:
    """Lines of a list in `text/data`, split at tabs."""
    content = (resources.files("fairstream.text") / "data" / name).read_text(encoding="utf-8")
    for line in content.splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")
