"""Small posts, and the program called in this process, for the tests of `fairstream opinion`."""

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from click.testing import CliRunner, Result

from fairstream.cli import cli
from fairstream.errors import FairstreamError

Call = Callable[..., Result]

TEXTS = (
    "在直播间买到假货，客服不理人，要求退款",
    "快递丢件，商家拒绝赔偿，投诉无门",
    "这次双十一物流很快，好评",
    "今天天气不错",
    "优惠规则太复杂看不懂，太坑了",
)
CHANNELS = ("微博", "163", "甲{n}站", "<script>alert(1)</script>", "")


def posts(count: int = 60, *, begin: str = "2022-10-01") -> list[dict[str, str]]:
    """Posts of consecutive sixth parts of a day; texts and channels turn about at different pace."""
    first = datetime.fromisoformat(begin)
    return [
        {
            "id": f"p{at}",
            "text": f"{TEXTS[at % 5]}，第{at}次[/b]",
            "at": (first + timedelta(hours=6 * at)).isoformat(sep=" "),
            "channel": CHANNELS[at // 2 % 5],
        }
        for at in range(count)
    ]


def write_csv(path: Path, rows: Sequence[Mapping[str, str]], encoding: str = "utf-8") -> Path:
    """The rows with the columns of the first."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def call(*arguments: object, input: str | None = None) -> Result:
    """The program with `opinion` before the arguments; errors of ours are raised, others fail the test."""
    runner = CliRunner()
    result = runner.invoke(cli, ["opinion", *map(str, arguments)], standalone_mode=False, input=input)
    if isinstance(result.exception, FairstreamError):
        raise result.exception
    if result.exception is not None:
        raise AssertionError(result.output) from result.exception
    return result


def said(result: Result) -> dict[str, object]:
    """Standard output as exactly one JSON object."""
    found: dict[str, object] = json.loads(result.stdout)
    return found
