"""Mutation testing of checks/ and law/: how many small changes of the code does some test notice?

Runs mutmut (settings in pyproject.toml) and prints the share per module. All mutants of both packages take
hours; a seeded sample of some hundred tells the share within a few points.

    python tools/mutants.py --sample 800            # a sample of all of checks/ and law/
    python tools/mutants.py law.ranges checks.price # every mutant of two modules
"""

import argparse
import json
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

GOOD = 0.85
FIRST = "fairstream.checks.uscc.*"
"""A small module, run first so that all mutants are written down."""
SURVIVED = 0
NOT_RUN = (None, 33)
"""Exit codes mutmut keeps: none yet, or no test reaches the code."""


def main() -> int:
    """Exit code 1 when less than the wanted share is noticed."""
    parser = argparse.ArgumentParser(description="Mutation testing of checks/ and law/.")
    parser.add_argument("modules", nargs="*", help="such as law.ranges; all when left out")
    parser.add_argument("--sample", type=int, help="how many mutants to try")
    parser.add_argument("--seed", type=int, default=31)
    options = parser.parse_args()
    patterns = [f"fairstream.{name}.*" for name in options.modules]
    if options.sample:
        mutmut("run", FIRST)
        wanted = options.modules or ["checks", "law"]
        names = sorted(
            name for name in results() if name.startswith(tuple(f"fairstream.{m}." for m in wanted))
        )
        patterns = random.Random(options.seed).sample(names, min(options.sample, len(names)))  # noqa: S311
        print(f"{len(patterns)} of {len(names)} mutants, seed {options.seed}")
    mutmut("run", *patterns)
    chosen = set(patterns)
    return report({n: code for n, code in results().items() if not options.sample or n in chosen})


def mutmut(*arguments: str) -> None:
    """Run mutmut on all cores; its own screen shows the progress."""
    program = str(Path(sys.executable).with_name("mutmut"))
    jobs = ["--max-children", os.environ.get("JOBS") or str(os.cpu_count() or 1)]
    subprocess.run([program, arguments[0], *jobs, *arguments[1:]], check=True)  # noqa: S603 - our own words


def results() -> dict[str, int | None]:
    """The exit code of the tests for every mutant, None when it was not tried."""
    found: dict[str, int | None] = {}
    for file in Path("mutants").rglob("*.meta"):
        found |= json.loads(file.read_text()).get("exit_code_by_key", {})
    return found


def report(codes: dict[str, int | None]) -> int:
    """Print noticed and unnoticed per module; 1 when too few were noticed."""
    counts: Counter[tuple[str, bool]] = Counter()
    survivors = []
    for name, code in codes.items():
        if code is None:
            continue
        noticed = code not in (SURVIVED, *NOT_RUN)
        counts[name.partition(".x")[0], noticed] += 1
        if not noticed:
            survivors.append(name)
    for module in sorted({module for module, _ in counts}):
        print(share(module, counts[module, True], counts[module, False]))
    Path("mutants/survivors.txt").write_text("\n".join(sorted(survivors)) + "\n")
    killed = sum(count for (_, noticed), count in counts.items() if noticed)
    print(share("all", killed, counts.total() - killed))
    return 0 if counts and killed / counts.total() >= GOOD else 1


def share(name: str, killed: int, survived: int) -> str:
    """One line: how many of how many."""
    total = killed + survived
    return f"{name:48} {killed:5} of {total:5} = {killed / max(total, 1):.3f}"


if __name__ == "__main__":
    sys.exit(main())
