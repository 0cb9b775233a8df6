"""Derive `text/data/free.tsv`: how often a character stands alone as a word in ordinary text.

Counts single-character words (rjieba without HMM) in Parquet corpora given on the command line, as levels:
level n holds characters met about 2^n times per million characters of text. Only these counts leave the
corpora. Usage:
`python benchmarks/free_characters.py FILE.parquet:COLUMN … > src/fairstream/text/data/free.tsv`
"""

import math
import sys
from collections import Counter

import pyarrow.parquet as pq
import rjieba

LOWEST = 3


def main(arguments: list[str]) -> None:
    total, counts = 0, Counter[str]()
    for argument in arguments:
        path, column = argument.rsplit(":", 1)
        texts = [text for text in pq.read_table(path, columns=[column])[column].to_pylist() if text]
        share = Counter[str]()
        for text in texts[:100_000]:
            share.update(word for word in rjieba.cut(text, hmm=False) if len(word) == 1 and word >= "一")
        size = sum(map(len, texts[:100_000]))
        counts.update({character: count * 1e6 / size for character, count in share.items()})
        total += 1
    levels: dict[int, list[str]] = {}
    for character, count in counts.items():
        if "一" <= character <= "鿿" and count / total >= 2**LOWEST:
            levels.setdefault(int(math.log2(count / total)), []).append(character)
    print("# level, characters that stand alone about 2^level times per million characters of ordinary text")
    for level in sorted(levels):
        print(f"{level}\t{''.join(sorted(levels[level]))}")


if __name__ == "__main__":
    main(sys.argv[1:])
