"""One flipped bit anywhere in a sealed package: does our verifier name the file, does plain sha256sum see it?

    python benchmarks/flips.py [--flips 1000] [--aimed 200] [--zip 200] [--megabytes 256] [--seed 1]

A made-up case is sealed as a folder. Bits are drawn uniformly over all bytes of the package, then over the
tag files alone (pages, verifier, lists), the lists of hashes alone, and a package sealed as a zip. Each is
flipped, judged and flipped back. A flip counts as named when the verifier tells the very file that was
flipped (of a zip: the zip), and as caught when one of the three plain checks of VERIFY.txt (of a zip: the
check of its receipt) ends with an error. Then sealing and verifying are timed against `sha256sum` on the same
files.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from fairstream.evidence.capture import CAPTURES, Parent, append_captures, capture_file
from fairstream.evidence.seal import Order, seal
from fairstream.evidence.verifier import NotAPackage, verify
from fairstream.records import CHINA

AT = datetime(2026, 3, 1, 20, 0, tzinfo=CHINA)
WHO = "测试员（虚构）"


def make_case(folder: Path, chance: random.Random, size: int) -> Path:
    """A recording of `size` bytes, a clip of it, findings, chat and records."""
    (folder / "clips").mkdir(parents=True)
    recording, clip = folder / "录像.flv", folder / "clips" / "1.mp4"
    with recording.open("wb") as file:
        for start in range(0, size, 1 << 20):
            file.write(chance.randbytes(min(1 << 20, size - start)))
    clip.write_bytes(chance.randbytes(size // 20))
    rows = [
        {"severity": "high", "score": 0.9, "quote": f"全网最低 {n}", "start_ms": n * 1000, "citations": []}
        for n in range(200)
    ]
    words = {f"{name}_{language}": "之最" for name in ("title", "gist") for language in ("zh", "en")}
    lines = (json.dumps(row | words, ensure_ascii=False) + "\n" for row in rows)
    (folder / "findings.jsonl").write_text("".join(lines), encoding="utf-8")
    (folder / "弹幕.xml").write_text("<i>" + "<d>多少钱</d>\n" * 3_000 + "</i>", encoding="utf-8")
    whole = capture_file(recording, name="录像.flv", who=WHO, at=AT, method="recorded", source="直播间")
    part = capture_file(
        clip,
        name="clips/1.mp4",
        who=WHO,
        at=AT,
        method="cut",
        source="录像.flv",
        parent=Parent(whole.sha256, "clip", 0, 5_000),
    )
    append_captures(folder / CAPTURES, [whole, part])
    return folder


def plainly_caught(checks: Sequence[tuple[str, Path]]) -> bool:
    """Whether `sha256sum -c` ends with an error on one of the lists."""
    return any(
        subprocess.run(
            ["sha256sum", "-c", "--status", listing], cwd=folder, stderr=subprocess.DEVNULL, check=False
        ).returncode
        for listing, folder in checks
    )


def named(package: Path, name: str) -> bool:
    """Whether the verifier tells the file that was flipped."""
    try:
        return name in {one.file for one in verify(package).troubles}
    except NotAPackage:  # the zip, or what makes it a package: the one thing that was given
        return True


def flip(path: Path, bit: int) -> None:
    with path.open("r+b") as file:
        file.seek(bit // 8)
        byte = file.read(1)[0]
        file.seek(bit // 8)
        file.write(bytes([byte ^ 1 << bit % 8]))


def campaign(
    title: str,
    package: Path,
    files: list[Path],
    checks: Sequence[tuple[str, Path]],
    count: int,
    chance: random.Random,
) -> bool:
    """Flip `count` bits of `files` one after another and print how many were seen."""
    sizes = [path.stat().st_size for path in files]
    seen_named = seen_caught = seen_both = 0
    hit: dict[str, int] = {}
    for path in chance.choices(files, sizes, k=count):
        name = path.name if package.is_file() else path.relative_to(package).as_posix()
        bit = chance.randrange(path.stat().st_size * 8)
        flip(path, bit)
        one, other = named(package, name), plainly_caught(checks)
        flip(path, bit)
        seen_named, seen_caught, seen_both = (
            seen_named + one,
            seen_caught + other,
            seen_both + (one and other),
        )
        hit[name] = hit.get(name, 0) + 1
        if not (one and other):
            print(f"  missed: {name} bit {bit} (named {one}, caught {other})")
    print(f"{title}: {count} flips over {sum(sizes):,} bytes in {len(files)} files ({len(hit)} of them hit)")
    print(f"  named by the verifier {seen_named}, caught by sha256sum {seen_caught}, both {seen_both}")
    whole = not verify(package).troubles and not plainly_caught(checks)
    print(f"  afterwards the package is {'whole' if whole else 'BROKEN'}")
    return seen_both == count and whole


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock and of processors, those of child processes too."""

    def spent() -> float:
        return sum(
            usage.ru_utime + usage.ru_stime
            for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        )

    clock, used = time.perf_counter(), spent()
    work()
    return time.perf_counter() - clock, spent() - used


def speeds(root: Path, chance: random.Random, megabytes: int) -> None:
    """Sealing and verifying against sha256sum over the same files, the quickest of three."""
    case = make_case(root / "large", chance, megabytes * 1_000_000)
    files = [str(path) for path in case.rglob("*") if path.is_file()]
    size = sum(Path(name).stat().st_size for name in files) / 1e6
    number = iter(range(100))

    def sealed(ending: str) -> Path:
        out = root / f"timed{next(number)}{ending}"
        seal(Order(case, out, WHO, AT))
        return out

    packages = [sealed(""), sealed(".zip")]
    works: list[tuple[str, Callable[[], object]]] = [
        ("sha256sum", lambda: subprocess.run(["sha256sum", *files], stdout=subprocess.DEVNULL, check=True)),
        ("verify, folder", lambda: verify(packages[0])),
        ("verify, zip", lambda: verify(packages[1])),
        ("seal, folder", lambda: sealed("")),
        ("seal, zip", lambda: sealed(".zip")),
    ]
    print(f"speed over {size:,.0f} MB, the quickest of three (clock seconds, processor seconds):")
    base = 0.0
    for title, work in works:
        clock, used = min(timed(work) for _ in range(3))
        base = base or used
        print(
            f"  {title:15} {clock:6.2f} s {size / clock:6.0f} MB/s   {used:6.2f} s of processor, "
            f"{used / base:.2f} × sha256sum"
        )


def main() -> int:
    """Run all of it; exit code 1 when a flip was missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("flips", 1000), ("aimed", 200), ("zip", 200), ("megabytes", 256), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    chosen = parser.parse_args()
    chance = random.Random(chosen.seed)
    version = subprocess.run(
        ["sha256sum", "--version"], capture_output=True, text=True, check=True
    ).stdout.splitlines()[0]
    print(f"python {sys.version.split()[0]}, {version}, seed {chosen.seed}, {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        case = make_case(root / "case", chance, 4_000_000)
        package, packed = root / "package", root / "packed.zip"
        for out in (package, packed):
            seal(Order(case, out, WHO, AT))
        files = sorted(path for path in package.rglob("*") if path.is_file())
        tags = [path for path in files if path.parent == package]
        checks = (
            ("package.sha256", root),
            ("tagmanifest-sha256.txt", package),
            ("manifest-sha256.txt", package),
        )
        subprocess.run([sys.executable, "-m", "zipfile", "-e", str(packed), str(root)], check=True)
        good = campaign("anywhere", package, files, checks, chosen.flips, chance)
        good &= campaign("tag files", package, tags, checks, chosen.aimed, chance)
        good &= campaign(
            "lists of hashes",
            package,
            [path for path in tags if "manifest" in path.name],
            checks,
            chosen.aimed,
            chance,
        )
        good &= campaign("zip", packed, [packed], (("packed.zip.sha256", root),), chosen.zip, chance)
        speeds(root, chance, chosen.megabytes)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
