"""The program as a process, over a small pack in place of the shipped one."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from fairstream.cli import main
from world import World

Run = Callable[..., subprocess.CompletedProcess[bytes]]

DRIVER = """
import sys, pathlib
import fairstream.rules.library as library
library.SHIPPED = pathlib.Path(sys.argv.pop(1))
from fairstream.cli import main
main()
"""


@pytest.fixture
def environment() -> Mapping[str, str]:
    """The environment of the processes: a fixed width, and warnings are errors there too."""
    return os.environ | {"COLUMNS": "100", "PYTHONWARNINGS": "error"}


@pytest.fixture
def pack(world: World) -> World:
    """A pack with one rule of each status and cases."""
    world.lexicon("cure", "治疗", risky=True)
    world.guard("denied", {"before": {"phrase": "不"}, "gap": 1})
    world.rule({"lexicon": "cure"}, "medical/cure", unless=["denied"], conduct="ad_medical_claim")
    world.rule("最低", "price/lowest", status="shadow", conduct="price_fraud")
    world.cases({"text": "能治疗", "hits": ["治疗"]}, {"text": "不治疗", "hits": []}, name="medical/cure")
    return world


@pytest.fixture
def spawn(pack: World, environment: Mapping[str, str], tmp_path: Path) -> Run:
    """`spawn("scan", "-", …, input=b"…")`: the program as a process, in a folder of its own."""

    def start(*arguments: Any, **keys: Any) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-c", DRIVER, str(pack.root), *map(str, arguments)]
        return subprocess.run(
            command, capture_output=True, env=environment, cwd=tmp_path, timeout=120, check=False, **keys
        )

    return start


@pytest.fixture
def run(
    pack: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Run:
    """As `spawn`, from argument list to exit code, but in this process, which is quicker."""
    monkeypatch.setattr("fairstream.rules.library.SHIPPED", pack.root)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)

    def start(*arguments: Any, input: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        monkeypatch.setattr(sys, "argv", ["fairstream", *map(str, arguments)])
        (tmp_path / "stdin").write_bytes(input)
        capfdbinary.readouterr()
        with (tmp_path / "stdin").open("rb") as stdin:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stdin))
            with pytest.raises(SystemExit) as ended:
                main()
        return subprocess.CompletedProcess(arguments, ended.value.code or 0, *capfdbinary.readouterr())

    return start


@pytest.fixture
def jsonl(tmp_path: Path) -> Callable[..., Path]:
    """Write lines, given as data or as raw bytes."""

    def write(*lines: Any, name: str = "in.jsonl") -> Path:
        path = tmp_path / name
        raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
        path.write_bytes(b"".join(line + b"\n" for line in raw))
        return path

    return write
