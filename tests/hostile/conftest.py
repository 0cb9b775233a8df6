"""The program as a process with little memory and little time, over a small pack of rules."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

GIB = 1 << 30
DRIVER = """
import pathlib, resource, sys
pack, memory = sys.argv.pop(1), int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
import fairstream.rules.library as library
if pack:
    library.SHIPPED = pathlib.Path(pack)
from fairstream.cli import main
main()
"""


class Ended(NamedTuple):
    """How a call of the program ended."""

    code: int
    out: bytes
    err: str
    seconds: float


Call = Callable[..., Ended]


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack of one rule: 根治 is reported."""
    root = tmp_path_factory.mktemp("pack")
    both = {"zh": "词", "en": "word"}
    (root / "lexicons").mkdir()
    (root / "medical").mkdir()
    lexicon = {"id": "cure", "title": both, "risky": True, "groups": {"all": ["根治"]}}
    rule = {
        "id": "medical/cure",
        "title": both,
        "conduct": "ad_medical_claim",
        "status": "stable",
        "severity": "low",
        "match": {"lexicon": "cure"},
        "cites": ["advertising-law#9"],
        "liable": ["seller"],
        "proof_needed": [both],
        "explain": both,
        "since": "2026-01-01",
    }
    (root / "lexicons/cure.yaml").write_text(json.dumps(lexicon), "utf-8")  # JSON is YAML
    (root / "medical/cure.yaml").write_text(json.dumps(rule), "utf-8")
    return root


@pytest.fixture
def call(pack: Path, tmp_path: Path) -> Call:
    """`call("scan", …)`: run the program; it must never show a traceback, and must end in time."""

    def start(
        *arguments: Any, memory: int = 2 * GIB, within: float = 180, shipped: bool = False, **keys: Any
    ) -> Ended:
        command = [sys.executable, "-c", DRIVER, "" if shipped else str(pack), str(memory)]
        begun = time.perf_counter()
        done = subprocess.run(
            [*command, *map(str, arguments)],
            capture_output=True,
            cwd=tmp_path,
            timeout=within,
            check=False,
            env=os.environ | {"COLUMNS": "200"},
            **({"stdin": subprocess.DEVNULL} | keys if "input" not in keys else keys),
        )
        err = done.stderr.decode(errors="replace")
        assert "Traceback" not in err, err
        return Ended(done.returncode, done.stdout, err, time.perf_counter() - begun)

    return start
