"""What the documents promise a reader: links lead somewhere, commands can be given, both languages agree."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from fairstream.cli import cli

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"!?\[[^\]\n]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(fairstream [^`]+)`")
READMES = ("README.md", "README.zh-CN.md")
# Stand-ins of a document for what the reader fills in.
PLACES = str.maketrans({"…": " "})


@cache
def documents() -> tuple[Path, ...]:
    """Markdown under version control, or on disk when this is no checkout."""
    done = subprocess.run(["git", "ls-files", "-z", "*.md"], cwd=ROOT, capture_output=True, check=False)  # noqa: S607
    names = [name for name in done.stdout.decode().split("\0") if name]
    found = [ROOT / name for name in names] or list(ROOT.glob("*.md")) + list((ROOT / "docs").rglob("*.md"))
    return tuple(sorted(path for path in found if path.is_file()))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def prose(path: Path) -> str:
    """The text without fenced blocks, in which brackets are no links."""
    return FENCE.sub("", path.read_text("utf-8"))


def commands(path: Path) -> Iterator[str]:
    """Every command of ours that a document shows: in fenced blocks, continued lines joined, and inline."""
    text = path.read_text("utf-8")
    for _, block in FENCE.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            for part in line.split("|"):
                shown = part.strip().removeprefix("$ ")
                if shown.startswith("fairstream "):
                    yield shown.partition("  #")[0].partition(" > ")[0].strip()
    for shown in INLINE.findall(FENCE.sub("", text)):
        *most, last = shown.split(" ")
        for one in last.split("|"):  # `law show|list` are two commands
            yield " ".join([*most, one])


SHOWN = [(name(path), shown) for path in documents() for shown in commands(path)]


@pytest.mark.parametrize("path", documents(), ids=name)
def test_every_relative_link_leads_to_a_file(path: Path) -> None:
    targets = [link for link in LINK.findall(prose(path)) if not re.match(r"[a-z]+:|#", link)]
    missing = [link for link in targets if not (path.parent / link.partition("#")[0]).exists()]
    assert missing == []


def resolved(shown: str) -> tuple[click.Command, list[str], list[str]]:
    """The command a line calls, the names that lead to it, and its options; raises when there is none."""
    words = shlex.split(shown.translate(PLACES))[1:]
    command: click.Command = cli
    path: list[str] = []
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        inner = command.get_command(click.Context(command), words[0])
        assert inner is not None, f"no command {' '.join([*path, words[0]])!r}"
        path.append(words.pop(0))
        command = inner
    return command, path, [word.partition("=")[0] for word in words if word.startswith("-") and word != "-"]


def test_documents_show_commands() -> None:
    assert len(SHOWN) > 20


@pytest.mark.parametrize(("document", "shown"), SHOWN, ids=[f"{d}:{s}" for d, s in SHOWN])
def test_every_command_shown_exists_with_its_options(document: str, shown: str) -> None:
    command, path, options = resolved(shown)
    known = {opt for parameter in command.params for opt in (*parameter.opts, *parameter.secondary_opts)}
    assert set(options) <= known | {"--help", "-h", "--version"}
    done = CliRunner().invoke(command, ["--help"], prog_name=" ".join(["fairstream", *path]))
    assert done.exit_code == 0
    assert "Usage: fairstream" in done.output


@pytest.mark.parametrize(
    "folder", ["", *(name(p.parent) for p in ROOT.glob("examples/broadcasts/*/README.md"))]
)
def test_both_languages_show_the_same_commands(folder: str) -> None:
    english, chinese = ((ROOT / folder / one) for one in READMES)
    kept = [[resolved(shown)[1:] for shown in commands(path)] for path in (english, chinese)]
    assert kept[0] == kept[1]
    blocks = [
        [re.sub(r"#.*", "", body) for _, body in FENCE.findall(p.read_text("utf-8"))]
        for p in (english, chinese)
    ]
    assert [block.split() for block in blocks[0]] == [block.split() for block in blocks[1]]


def test_make_targets_named_in_documents_exist() -> None:
    made = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for path in documents():
        named = set(re.findall(r"`make ([a-z]+)`", path.read_text("utf-8")))
        assert named <= made, name(path)


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = set(LINK.findall((folder / "README.md").read_text("utf-8")))
    assert {path.name for path in folder.glob("*.md")} - {"README.md"} <= listed
