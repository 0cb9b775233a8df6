"""What consumers report a seller to have said: the rules read the reported words, not the consumer's.

A consumer's own words are never a violation. But "主播说喝了能根治糖尿病" reports a claim, and the claim
may be one. Only what follows a reporting verb whose subject is a seller is read, to the end of the sentence.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from fairstream.detect.engine import Scanner
from fairstream.detect.shipped import open_scanner
from fairstream.records import Text

_WHO: Final = (
    r"(?:主播|助播|直播间|卖家|商家|店家|店铺|老板|客服|导购|销售|旗舰店|专营店|官方|"
    r"详情页|页面|广告|宣传页|短视频|标题)"
)
_SAID: Final = (
    r"(?:说|讲|称|宣称|声称|号称|谎称|宣传|吹|吹嘘|承诺|保证|介绍|推荐|忽悠|打着|写着|写的|标着|标注|标榜)"
)
_REPORTED: Final = re.compile(
    rf"{_WHO}[^。！？!?；;\n]{{0,8}}?{_SAID}(?:是|的是|了|着|过)?[：:，,“\"「『]*(?P<words>[^。！？!?\n]{{4,120}})"
)

_CLAUSE: Final = re.compile(r"[，,；;]")
_QUOTES: Final = '”"」』 '


def reported(text: str) -> list[str]:
    """The words of sellers that a consumer's text reports, in order; a text without any gives none.

    Where a clause ends the seller may have stopped and the consumer gone on, so the first clause stands by
    itself before the whole.
    """
    found: dict[str, None] = {}
    for match in _REPORTED.finditer(text):
        words = match["words"].strip(_QUOTES)
        found[_CLAUSE.split(words, maxsplit=1)[0].strip(_QUOTES)] = None
        found[words] = None
    return [words for words in found if words]


@dataclass(frozen=True, slots=True)
class ReportedConducts:
    """Finds conduct codes in reported words; sent to worker processes, where `open` loads the rules.

    `today` is the day of conduct when an item has none: rules of that day are used.
    """

    today: date
    layers: tuple[Path, ...] = ()
    cache: Path | None = None

    def open(self) -> Callable[[list[str]], list[list[str]]]:
        """Texts → the conduct codes of each, in order and without repeats."""
        scanner = open_scanner(today=self.today, layers=self.layers, cache=self.cache)
        return lambda texts: conducts(scanner, texts)


def conducts(scanner: Scanner, texts: Sequence[str]) -> list[list[str]]:
    """Conduct codes of the reported words of each text."""
    pieces = [(row, words) for row, text in enumerate(texts) for words in reported(text)]
    scanned = scanner.scan([Text(str(row), words, medium="speech", speaker="host") for row, words in pieces])
    found: list[dict[str, None]] = [{} for _ in texts]
    for (row, _), findings in zip(pieces, scanned, strict=True):
        for finding in findings:
            found[row][finding.conduct] = None
    return [list(codes) for codes in found]
