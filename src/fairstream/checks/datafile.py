"""Data files of checks read into records, each complaint with file, line and key."""

from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from fairstream.errors import RuleError
from fairstream.rules.yamlfile import load_yaml

Data = TypeVar("Data")


def read_data(file: Path, shape: TypeAdapter[Data], remedy: str) -> Data:
    """The content of a YAML file in this shape. RuleError names file, line and key that do not fit."""
    data, lines = load_yaml(file)
    try:
        return shape.validate_python(data)
    except ValidationError as error:
        first = error.errors()[0]
        raise RuleError(
            f"{'.'.join(map(str, first['loc']))}: {first['msg']}",
            file=file,
            line=lines.of(tuple(first["loc"])),
            remedy=remedy,
        ) from error
