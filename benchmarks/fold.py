"""How fast the fold is, against the per-text loop that people write (NFKC, lower case, `str.translate`).

Usage: `python benchmarks/fold.py [TERMS.txt FILE.parquet:COLUMN …]`, by default the risky words of the tests
and the texts of `corpus.py`. Rates are million characters a second on one core, medians of seven runs in one
process; read the ratios, machines differ.
"""

import statistics
import sys
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
from corpus import ROOT
from corpus import texts as cut

from fairstream.text.fold import Folder
from fairstream.text.table import CODE_MASK, fold_table

BATCH = 4096
RUNS = 7
LIMIT = 60_000


def main(arguments: list[str]) -> None:
    words = Path(arguments[0]) if arguments else ROOT / "tests/text/risky_terms.txt"
    terms = list(dict.fromkeys(words.read_text(encoding="utf-8").split()))
    began = time.perf_counter()
    folder = Folder(terms)
    print(f"Folder of {len(terms)} risky terms: {1000 * (time.perf_counter() - began):.0f} ms")
    codes = (fold_table().entries & CODE_MASK).tolist()
    plain_table = {code: codes[code] for code in range(0x10000) if codes[code] not in (code, 0)}
    if not arguments[1:]:
        chosen, source = cut(LIMIT, 60)
        measure(source, chosen, folder, plain_table)
    for argument in arguments[1:]:
        path, column = argument.rsplit(":", 1)
        texts = [text for text in pq.read_table(path, columns=[column])[column].to_pylist() if text][:LIMIT]
        measure(Path(path).stem, texts, folder, plain_table)


def measure(name: str, texts: list[str], folder: Folder, plain_table: dict[int, int]) -> None:
    ordinary = clean(texts, folder)
    print(f"{name}: {len(texts)} texts, {len(ordinary)} of them need no extra reading")
    for title, chosen in (("all texts", texts), ("clean texts", ordinary)):
        loop = rate(chosen, lambda part: [per_text(text, plain_table) for text in part])
        base = rate(chosen, lambda part: folder.fold(part, evasion=False))
        whole = rate(chosen, folder.fold)
        print(
            f"  {title:<12} per-text loop {loop:6.1f}   base {base:6.1f} ({base / loop:.1f}×)   "
            f"with evasive folds {whole:6.1f} ({whole / loop:.1f}×, base in {whole / base:.2f} of the time)"
        )


def clean(texts: list[str], folder: Folder) -> list[str]:
    """The texts for which the folder gives the base reading alone."""
    kept = []
    for first in range(0, len(texts), BATCH):
        part = texts[first : first + BATCH]
        extra = set(folder.fold(part).row[len(part) :].tolist())
        kept += [text for row, text in enumerate(part) if row not in extra]
    return kept


def per_text(text: str, table: dict[int, int]) -> str:
    return unicodedata.normalize("NFKC", text).lower().translate(table)


def rate(texts: list[str], work: Callable[[list[str]], object]) -> float:
    """Million characters a second, median of the runs."""
    size = sum(map(len, texts))
    seconds = []
    for _ in range(RUNS):
        began = time.perf_counter()
        for first in range(0, len(texts), BATCH):
            work(texts[first : first + BATCH])
        seconds.append(time.perf_counter() - began)
    return size / statistics.median(seconds) / 1e6


if __name__ == "__main__":
    main(sys.argv[1:])
