"""What every command keeps: help with an example, one-line errors, exit codes, a quick start."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping

import click
import pytest

from fairstream import __version__
from fairstream.cli import COMMANDS, cli
from world import World

from .conftest import Run

HEAVY = (
    *("numpy", "pyarrow", "pydantic", "yaml", "orjson", "lxml", "openpyxl", "jinja2", "re2", "daachorse"),
    *("opencc", "pypinyin", "rjieba", "pysubs2", "jsonschema", "rich", "charset_normalizer"),
)


def commands(command: click.Command, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """A command and all below it."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None, name
            yield from commands(inner, *path, name)


ALL = list(commands(cli))


@pytest.mark.parametrize(("path", "command"), ALL, ids=[" ".join(path) or "fairstream" for path, _ in ALL])
class TestHelp:
    def test_has_an_example_that_names_the_command(
        self, path: tuple[str, ...], command: click.Command
    ) -> None:
        text = command.get_help(click.Context(command, info_name=" ".join(("fairstream", *path))))
        assert "Example" in text
        assert " ".join(("fairstream", *path)) in text.partition("Example")[2]

    def test_each_option_is_explained(self, path: tuple[str, ...], command: click.Command) -> None:
        bare = [
            parameter.name
            for parameter in command.params
            if isinstance(parameter, click.Option) and not parameter.help
        ]
        assert bare == []

    def test_short_help_is_a_sentence(self, path: tuple[str, ...], command: click.Command) -> None:
        assert command.get_short_help_str(200).strip()


def test_the_list_of_commands_says_what_the_commands_say() -> None:
    context = click.Context(cli)
    for name, (_, sentence) in COMMANDS.items():
        command = cli.get_command(context, name)  # type: ignore[attr-defined]
        assert command.name == name
        assert sentence.endswith(".")


class TestStart:
    def test_version(self, spawn: Run) -> None:
        done = spawn("--version")
        assert done.stdout.decode().strip() == f"fairstream, version {__version__}"
        assert done.returncode == 0

    @pytest.mark.parametrize("argument", ["--help", "--version"])
    def test_imports_nothing_heavy(self, argument: str, environment: Mapping[str, str]) -> None:
        code = (
            "import sys, json\n"
            f"sys.argv = ['fairstream', {argument!r}]\n"
            "from fairstream.cli import main\n"
            "try:\n    main()\nexcept SystemExit:\n    pass\n"
            "print('\\n' + json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, env=environment, timeout=60
        )
        loaded = json.loads(done.stdout.splitlines()[-1])
        assert sorted(set(HEAVY) & set(loaded)) == []

    def test_as_a_module_and_the_shipped_pack(self, environment: Mapping[str, str]) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "fairstream", "scan", "-", "--out", "-", "--quiet"],
            input='{"id": 1, "text": "今天天气不错"}\n'.encode(),
            capture_output=True,
            check=False,
            env=environment,
            timeout=120,
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert json.loads(done.stdout) == {"id": 1, "findings": []}


class TestErrors:
    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (("nonsense",), "No such command 'nonsense'"),
            (("--nonsense",), "No such option"),
            (("rules", "nonsense"), "No such command"),
            (("rules", "test", "no/such-rule"), "no rule named no/such-rule"),
            (("rules", "test", "medical/cure", "no/such-rule"), "no rule named no/such-rule"),
            (("rules", "test", "nowhere/"), "no rule named nowhere/"),
            (("rules", "list", "--add", "absent"), "does not exist"),
        ],
    )
    def test_called_wrongly_ends_in_one_line_and_code_2(
        self, run: Run, arguments: tuple[str, ...], words: str
    ) -> None:
        done = run(*arguments)
        assert done.returncode == 2
        assert words in done.stderr.decode().splitlines()[-1]
        assert b"Traceback" not in done.stderr

    def test_nothing_at_all_shows_the_help(self, run: Run) -> None:
        done = run()
        assert b"Commands" in done.stdout + done.stderr
        assert b"Traceback" not in done.stderr


class TestRules:
    def test_list(self, run: Run) -> None:
        done = run("rules", "list", "--lang", "en")
        lines = done.stdout.decode().splitlines()
        assert [line.split()[0] for line in lines[:-1]] == ["medical/cure", "price/lowest"]
        assert lines[-1] == "2 rules, 1 lexicons, 1 guards."
        assert done.returncode == 0

    def test_list_by_conduct_as_json(self, run: Run) -> None:
        done = run("rules", "list", "--conduct", "price_fraud", "--json")
        [rule] = json.loads(done.stdout)
        assert (rule["id"], rule["status"]) == ("price/lowest", "shadow")

    def test_list_tells_what_could_not_be_loaded(self, run: Run, pack: World) -> None:
        path = pack.write("t/x.yaml", "[")
        done = run("rules", "list", "--json")
        assert done.returncode == 1
        assert str(path) in done.stderr.decode()
        assert len(json.loads(done.stdout)) == 2

    def test_lint(self, run: Run, pack: World) -> None:
        done = run("rules", "lint", "--json")
        assert [issue["check"] for issue in json.loads(done.stdout)] == ["too-few-cases"]
        assert done.returncode == 1
        pack.rule("最低", "medical/cure", status="draft", unless=["denied"])
        (pack.root / "lexicons/cure.yaml").unlink()
        done = run("rules", "lint")
        assert done.returncode == 0
        assert done.stdout.decode() == "2 rules, 0 lexicons: 0 issues.\n"

    def test_test(self, run: Run, pack: World) -> None:
        done = run("rules", "test")
        assert done.returncode == 0
        assert "2 rules, 2 cases (1 with hits, 1 without): 0 failed" in done.stdout.decode()
        path = pack.cases({"text": "能治疗", "hits": []}, name="medical/cure")
        done = run("rules", "test", "medical/")
        assert done.returncode == 1
        assert done.stdout.decode().startswith(f"{path}:1: medical/cure: expected [], got ['治疗']")
        report = json.loads(run("rules", "test", "medical/cure", "--json").stdout)
        assert (report["rules"], len(report["failures"])) == (1, 1)

    def test_test_says_so_when_a_file_could_not_be_loaded(self, run: Run, pack: World) -> None:
        path = pack.write("t/x.yaml", "[")
        done = run("rules", "test")
        assert done.returncode == 1
        assert str(path) in done.stderr.decode()
