"""Every format has a name on the command line and a schema that is one."""

import json

import jsonschema
import pytest
from click.testing import CliRunner

from fairstream.cli.formats import FORMATS
from fairstream.cli.schema import NAMES, schema


def test_every_format_has_its_name() -> None:
    assert tuple(sorted(FORMATS)) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_a_schema(name: str) -> None:
    result = CliRunner().invoke(schema, [name])
    assert result.exit_code == 0
    jsonschema.Draft202012Validator.check_schema(json.loads(result.output))


def test_without_a_name_the_formats_are_listed() -> None:
    assert CliRunner().invoke(schema, []).output.split() == list(NAMES)
