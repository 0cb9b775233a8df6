"""`opinion listen` from the outside: its options and its errors; listening itself is in sources/posts."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from fairstream.cli.opinion_listen import _settings, listen
from fairstream.errors import UsageError


def test_help_says_what_is_promised() -> None:
    result = CliRunner().invoke(listen, ["--help"])
    assert result.exit_code == 0
    for words in ("Examples:", "--brokers", "--json", "OUT.refused.jsonl", "no item is written twice"):
        assert words in " ".join(result.output.split())


@pytest.mark.parametrize("missing", ["--brokers", "--topic", "--group", "--out"])
def test_every_needed_option_is_asked_for(tmp_path: Path, missing: str) -> None:
    given = {"--brokers": "h:1", "--topic": "t", "--group": "g", "--out": str(tmp_path)}
    del given[missing]
    result = CliRunner().invoke(listen, [part for pair in given.items() for part in pair])
    assert result.exit_code == 2
    assert missing in result.output


def test_settings_of_a_file_and_of_the_line(tmp_path: Path) -> None:
    file = tmp_path / "kafka.properties"
    file.write_text("# secret\nsasl.password = a=b\n\nsecurity.protocol=SSL\n", "utf-8")
    found = _settings(("security.protocol=SASL_SSL",), file)
    assert found == {"sasl.password": "a=b", "security.protocol": "SASL_SSL"}
    with pytest.raises(UsageError, match="not NAME=VALUE"):
        _settings(("x",), None)
