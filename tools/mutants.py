"""Mutation testing of checks/ and law/: how many small changes of the code does some test notice?

Runs mutmut (settings in pyproject.toml) on everything, or on the modules named, and prints the share per
module. A whole run takes about an hour on two cores.

    python tools/mutants.py                       # all of checks/ and law/
    python tools/mutants.py law.ranges checks.price
"""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

KILLED = ("killed", "timeout", "segfault")
WANTED = 0.85


def main() -> int:
    """Exit code 1 when less than the wanted share is noticed."""
    patterns = [f"fairstream.{name}.*" for name in sys.argv[1:]]
    mutmut = str(Path(sys.executable).with_name("mutmut"))
    jobs = ["--max-children", str(os.cpu_count() or 1)]
    subprocess.run([mutmut, "run", *jobs, *patterns], check=True)  # noqa: S603 - our own arguments
    listed = subprocess.run(  # noqa: S603 - fixed words
        [mutmut, "results", "--all", "true"], check=True, capture_output=True, text=True
    ).stdout
    counts: Counter[tuple[str, bool]] = Counter()
    for line in listed.splitlines():
        name, _, status = line.strip().partition(": ")
        if status and status != "not checked":
            counts[name.partition(".x")[0], status in KILLED] += 1
    for module in sorted({module for module, _ in counts}):
        print(_share(module, counts[module, True], counts[module, False]))
    killed = sum(count for (_, noticed), count in counts.items() if noticed)
    total = counts.total()
    print(_share("all", killed, total - killed))
    return 0 if total and killed / total >= WANTED else 1


def _share(name: str, killed: int, survived: int) -> str:
    total = killed + survived
    return f"{name:48} {killed:5} of {total:5} = {killed / max(total, 1):.3f}"


if __name__ == "__main__":
    sys.exit(main())
