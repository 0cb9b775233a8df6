"""What is built from `frontend/`: whole, current, and with no address in it."""

import hashlib
import importlib.util
import json
import re
import shutil
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from fairstream.charts import engine
from fairstream.errors import FairstreamError

ROOT = Path(__file__).parents[2]
DIST = ROOT / "src" / "fairstream" / "charts" / "dist"
NAMESPACES = "http://www.w3.org/"


def load_hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def hook() -> Any:
    return load_hook()


@pytest.fixture
def away(hook: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The hook over a folder of its own, where nothing is built."""
    monkeypatch.setattr(hook, "ROOT", tmp_path)
    monkeypatch.setattr(hook, "FRONTEND", tmp_path / "frontend")
    monkeypatch.setattr(hook, "DIST", tmp_path / "dist")
    monkeypatch.setattr(hook, "MANIFEST", tmp_path / "dist" / "manifest.json")
    (tmp_path / "frontend").mkdir()
    return hook


class TestBuilt:
    def test_files_are_those_of_the_manifest(self) -> None:
        manifest = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
        assert set(manifest["files"]) == {"LICENSES.txt", "charts-ssr.js", "charts.js"}
        for name, said in manifest["files"].items():
            content = (DIST / name).read_bytes()
            assert len(content) == said["bytes"]
            assert hashlib.sha256(content).hexdigest() == said["sha256"]

    def test_comes_from_the_sources_that_are_here(self, hook: Any) -> None:
        assert hook.up_to_date(hook.fingerprint())

    @pytest.mark.parametrize("name", ["charts-ssr.js", "charts.js"])
    def test_names_no_address_but_those_of_xml(self, name: str) -> None:
        text = (DIST / name).read_text(encoding="utf-8")
        addresses = set(re.findall(r"(?:https?|wss?|ftp)://[^\s\"'`<>\\)]*", text))
        assert addresses
        assert all(one.startswith(NAMESPACES) for one in addresses)

    def test_licences_of_all_that_is_bundled_are_written_out(self) -> None:
        text = (DIST / "LICENSES.txt").read_text(encoding="utf-8")
        for name in ("echarts 6", "zrender 6", "tslib 2"):
            assert f"{name}." in text
        assert "Apache License" in text
        assert "Redistribution and use in source and binary forms" in text

    def test_is_small(self) -> None:
        assert (DIST / "charts.js").stat().st_size < 800_000

    def test_is_not_under_version_control(self) -> None:
        ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
        assert {"dist/", "node_modules/"} <= set(ignored)


class TestLock:
    def test_pins_exactly_and_names_no_host(self) -> None:
        lock = (ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8")
        assert '"resolved"' not in lock
        packages = json.loads(lock)["packages"]
        assert all("integrity" in one for name, one in packages.items() if name)
        package = json.loads((ROOT / "frontend" / "package.json").read_text(encoding="utf-8"))
        versions = [*package["dependencies"].values(), *package["devDependencies"].values()]
        assert all(re.fullmatch(r"\d+\.\d+\.\d+", one) for one in versions)

    def test_npm_runs_no_script_of_a_package(self) -> None:
        settings = (ROOT / "frontend" / ".npmrc").read_text(encoding="utf-8").split()
        assert settings == ["omit-lockfile-registry-resolved=true", "ignore-scripts=true"]


class TestHook:
    def test_without_node_it_says_how_to_get_it(self, away: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(shutil, "which", lambda name: None)
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
        with pytest.raises(SystemExit, match=r"(?s)needs Node.*Remedy: .*requirements/node\.txt"):
            away.build()

    def test_with_an_old_node_it_says_which(self, away: Any, tmp_path: Path) -> None:
        node = tmp_path / "node"
        node.write_text("#!/bin/sh\necho v16.20.0\n", encoding="utf-8")
        node.chmod(0o755)
        with pytest.raises(SystemExit, match=r"Node v16\.20\.0 .* is too old"):
            away.check_version(str(node))

    def test_a_failing_npm_is_quoted(self, away: Any, tmp_path: Path) -> None:
        npm = tmp_path / "npm"
        npm.write_text("#!/bin/sh\necho 'E404 no such thing' >&2\nexit 3\n", encoding="utf-8")
        npm.chmod(0o755)
        with pytest.raises(SystemExit, match=r"(?s)could not.*E404 no such thing.*Remedy"):
            away.quietly([str(npm)], "", "npm could not install the packages")

    def test_a_source_distribution_is_not_built_again(self, away: Any, tmp_path: Path) -> None:
        (tmp_path / "PKG-INFO").touch()
        with pytest.raises(SystemExit, match="lacks the built charts"):
            away.build()
        (tmp_path / "dist").mkdir()
        away.MANIFEST.write_text("{}", encoding="utf-8")
        away.build()

    def test_sources_decide_what_is_current(self, away: Any, tmp_path: Path) -> None:
        source = tmp_path / "frontend" / "a.js"
        source.write_text("1", encoding="utf-8")
        (tmp_path / "frontend" / "node_modules").mkdir()
        before = away.fingerprint()
        (tmp_path / "frontend" / "node_modules" / "b.js").write_text("2", encoding="utf-8")
        assert away.fingerprint() == before
        source.write_text("3", encoding="utf-8")
        assert away.fingerprint() != before

    def test_a_missing_file_is_not_current(self, away: Any, tmp_path: Path) -> None:
        (tmp_path / "dist").mkdir()
        away.MANIFEST.write_text(
            json.dumps({"sources": "x", "files": {"a.js": {"bytes": 1}}}), encoding="utf-8"
        )
        assert not away.up_to_date("x")
        (tmp_path / "dist" / "a.js").write_text("1", encoding="utf-8")
        assert away.up_to_date("x")
        assert not away.up_to_date("y")


def test_a_missing_engine_names_its_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    engine._source.cache_clear()
    monkeypatch.setattr(engine, "DIST", tmp_path)
    with pytest.raises(FairstreamError, match=r"has not been built.*hatch_build\.py"):
        engine._source()
    engine._source.cache_clear()
