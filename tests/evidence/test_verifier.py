"""Verifying: every change is named, and nothing from outside does harm."""

import ast
import io
import json
import random
import shutil
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from evidence.cases import make_case, order, plain_check, sealed_case
from fairstream.evidence import verifier
from fairstream.evidence.package_bag import manifest
from fairstream.evidence.seal import seal
from fairstream.evidence.verifier import NotAPackage, as_data, as_words, main, verify


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sealed")
    sealed_case(root)
    return root / "package"


@pytest.fixture
def package(sealed: Path, tmp_path: Path) -> Path:
    """A copy of the package with its receipt beside it."""
    shutil.copytree(sealed, tmp_path / "package")
    shutil.copy(f"{sealed}.sha256", tmp_path)
    return tmp_path / "package"


def found(path: Path, receipt: Path | None = None) -> list[tuple[str, str]]:
    return [(one.code, one.file) for one in verify(path, receipt).troubles]


def flip(path: Path, bit: int) -> None:
    content = bytearray(path.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)


@pytest.mark.parametrize(
    "name",
    [
        "data/rec 50=25.flv",
        "data/custody.jsonl",
        "data/captures.jsonl",
        "index.zh.html",
        "verify.py",
        "bagit.txt",
    ],
)
def test_one_flipped_bit_is_named(package: Path, name: str) -> None:
    flip(package / name, 77)
    assert ("differs", name) in found(package)
    assert not plain_check(package)


@pytest.mark.parametrize("name", ["manifest-sha256.txt", "tagmanifest-sha256.txt"])
def test_every_bit_of_the_lists_matters_with_a_receipt_and_without(package: Path, name: str) -> None:
    """Also those that plain sha256sum would shrug at: the case of a hexadecimal digit, a blank."""
    original = (package / name).read_bytes()
    code = "receipt" if name.startswith("tag") else "differs"
    for bit in random.Random(5).sample(range(len(original) * 8), 150):
        flip(package / name, bit)
        assert (code, name) in found(package), bit
        (package / name).write_bytes(original)
    receipt = Path(f"{package}.sha256").rename(package.parent / "kept")
    for bit in random.Random(6).sample(range(len(original) * 8), 150):
        flip(package / name, bit)
        assert found(package), bit
        (package / name).write_bytes(original)
    assert found(package, receipt) == []


def test_the_case_of_a_digit_is_caught_by_plain_tools_through_the_receipt(package: Path) -> None:
    path = package / "tagmanifest-sha256.txt"
    content = path.read_bytes()
    at = next(place for place, byte in enumerate(content) if chr(byte) in "abcdef")
    flip(path, at * 8 + 5)
    assert path.read_bytes().lower() == content.lower()
    assert not plain_check(package)
    assert found(package) == [
        ("malformed", "tagmanifest-sha256.txt"),
        ("extra", content.split()[1].decode()),
        ("receipt", "tagmanifest-sha256.txt"),
    ]


def test_what_is_missing_or_was_added_is_named(package: Path) -> None:
    (package / "data/report.html").unlink()
    (package / "data/new.txt").write_text("x")
    (package / "extra.txt").write_text("x")
    assert set(found(package)) == {
        ("missing", "data/report.html"), ("extra", "data/new.txt"), ("extra", "extra.txt"),
        ("malformed", "bag-info.txt"),
    }  # fmt: skip


def test_a_file_that_became_a_link_is_named(package: Path) -> None:
    target = package / "data/report.html"
    target.rename(package.parent / "report.html")
    target.symlink_to("../../report.html")
    assert {("link", "data/report.html"), ("missing", "data/report.html")} <= set(found(package))


def reseal(package: Path) -> None:
    """Make all manifests anew, as a forger would who has no receipt."""
    hashes = {
        path.relative_to(package).as_posix(): verifier.hash_of(path.open("rb"))
        for path in package.rglob("*")
        if path.is_file() and "manifest" not in path.name
    }
    data = {name: entry for name, entry in hashes.items() if name.startswith("data/")}
    (package / "manifest-sha256.txt").write_bytes(manifest(data))
    info = package / "bag-info.txt"
    lines = [line for line in info.read_text(encoding="utf-8").splitlines() if "Oxum" not in line]
    lines.append(f"Payload-Oxum: {sum(size for _, size in data.values())}.{len(data)}")
    info.write_text("\n".join(lines) + "\n", encoding="utf-8")
    tags = {
        name: verifier.hash_of((package / name).open("rb")) for name in hashes if not name.startswith("data/")
    }
    tags["manifest-sha256.txt"] = verifier.hash_of((package / "manifest-sha256.txt").open("rb"))
    (package / "tagmanifest-sha256.txt").write_bytes(manifest(tags))


def edit(path: Path, how: Callable[[list[dict[str, object]]], None]) -> None:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    how(rows)
    path.write_text(
        "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows),
        encoding="utf-8",
    )


@pytest.mark.filterwarnings("ignore::ResourceWarning")
class TestAPackageMadeAnewAsAWhole:
    def test_the_receipt_tells(self, package: Path) -> None:
        (package / "data/report.html").write_text("forged")
        reseal(package)
        assert ("receipt", "tagmanifest-sha256.txt") in found(package)
        Path(f"{package}.sha256").unlink()
        report = verify(package)
        assert report.whole
        assert "no_receipt" in [note.code for note in report.notes]

    def test_the_custody_log_cannot_be_cut_or_changed(self, package: Path) -> None:
        log = package / "data/custody.jsonl"
        lines = log.read_bytes().splitlines(keepends=True)
        log.write_bytes(b"".join(lines[:-1]))
        reseal(package)
        assert ("head", "data/custody.jsonl") in found(package)
        log.write_bytes(b"".join([*lines[:1], lines[1].replace(b"seal", b"read"), *lines[2:]]))
        reseal(package)
        assert ("chain", "data/custody.jsonl") in found(package)
        log.unlink()
        reseal(package)
        assert ("head", "data/custody.jsonl") in found(package)

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"size": 7}, "capture"),
            ({"parent": {"sha256": "0" * 64, "relation": "clip"}}, "relation"),
            ({"parent": "clip"}, "relation"),
            ({"parent": {"sha256": [], "relation": "clip"}}, "relation"),
            ({"parent": {"relation": "clip"}}, "relation"),
            ({"from_ms": 5, "to_ms": 4}, "relation"),
            ({"from_ms": -5, "to_ms": 4}, "relation"),
            ({"from_ms": 5, "to_ms": None}, "relation"),
            ({"from_ms": "5", "to_ms": "6"}, "relation"),
        ],
    )
    def test_records_are_held_against_the_files(
        self, package: Path, changed: dict[str, object], code: str
    ) -> None:
        def how(rows: list[dict[str, object]]) -> None:
            row = next(row for row in rows if row["parent"])
            target = row["parent"] if "from_ms" in changed else row
            target.update(changed)  # type: ignore[attr-defined, union-attr]

        edit(package / "data/captures.jsonl", how)
        reseal(package)
        assert (code, "data/captures.jsonl") in found(package)

    def test_a_bag_must_say_that_it_is_one(self, package: Path) -> None:
        (package / "bagit.txt").unlink()
        reseal(package)
        assert ("malformed", "bagit.txt") in found(package)


class TestReceipts:
    def test_one_that_is_asked_for_must_be_there(self, package: Path) -> None:
        with pytest.raises(NotAPackage, match="no receipt"):
            verify(package, package.parent / "none")

    def test_one_of_another_package_does_not_fit(self, package: Path, tmp_path: Path) -> None:
        other = tmp_path / "other"
        other.mkdir()
        seal(order(make_case(other), other / "package"))
        assert found(package, other / "package.sha256") == [("receipt", "tagmanifest-sha256.txt")]

    @pytest.mark.parametrize("content", [b"", b"noise\n", b"\xff\xfe", b"0" * 64 + b"  other.txt\n"])
    def test_one_that_is_none_is_told(self, package: Path, content: bytes) -> None:
        receipt = Path(f"{package}.sha256")
        receipt.write_bytes(content)
        assert ("malformed", receipt.name) in found(package)


class TestZips:
    @pytest.fixture
    def packed(self, tmp_path: Path) -> Path:
        sealed_case(tmp_path, "package.zip")
        return tmp_path / "package.zip"

    def test_a_flip_anywhere_is_caught(self, packed: Path) -> None:
        original = packed.read_bytes()
        for bit in random.Random(7).sample(range(len(original) * 8), 150):
            flip(packed, bit)
            with suppress(NotAPackage):  # the list of files in the zip was hit: it cannot even be read
                assert ("receipt", "package.zip") in found(packed), bit
            packed.write_bytes(original)

    def test_a_flip_in_a_file_names_the_file(self, packed: Path) -> None:
        at = packed.read_bytes().index(b"clipclip")
        flip(packed, at * 8)
        assert set(found(packed)) >= {("differs", "data/clips/1.mp4"), ("receipt", "package.zip")}

    def test_the_name_of_the_file_may_change(self, packed: Path, tmp_path: Path) -> None:
        moved = packed.rename(tmp_path / "download (1).zip")
        assert found(moved, tmp_path / "package.zip.sha256") == []


def hostile(path: Path, *entries: tuple[str, bytes], compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return path


LISTS = (("p/manifest-sha256.txt", b""), ("p/tagmanifest-sha256.txt", b""))


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("entries", "compression", "cause"),
    [
        ([("p/../../x", b"x"), *LISTS], zipfile.ZIP_STORED, "climbs out"),
        ([("/etc/x", b"x"), *LISTS], zipfile.ZIP_STORED, "climbs out"),
        ([("p\\..\\x", b"x"), *LISTS], zipfile.ZIP_STORED, "climbs out"),
        ([("C:x", b"x"), *LISTS], zipfile.ZIP_STORED, "climbs out"),
        ([("p/a", b"x"), ("p/a", b"y"), *LISTS], zipfile.ZIP_STORED, "a name twice"),
        ([("p/folder/", b"x"), *LISTS], zipfile.ZIP_STORED, "two sizes"),
        ([("p/bomb", bytes(50_000_000)), *LISTS], zipfile.ZIP_DEFLATED, "packed anew"),
        ([("p/a", b"x"), ("q/b", b"y")], zipfile.ZIP_STORED, "exactly one folder"),
        ([("p/a", b"x")], zipfile.ZIP_STORED, "has no manifest"),
        ([], zipfile.ZIP_STORED, "exactly one folder"),
    ],
)
def test_hostile_zips_are_refused(
    tmp_path: Path, entries: list[tuple[str, bytes]], compression: int, cause: str
) -> None:
    with pytest.raises(NotAPackage, match=cause):
        verify(hostile(tmp_path / "p.zip", *entries, compression=compression))


def test_a_zip_that_says_it_holds_more_than_its_size_is_refused(tmp_path: Path) -> None:
    """A bomb without compression: many entries of the list share the same bytes."""
    path = hostile(tmp_path / "p.zip", ("p/a", bytes(100_000)), ("p/b", b""), *LISTS)
    content = bytearray(path.read_bytes())
    first, second = (content.index(name, content.index(b"PK\x01\x02")) - 46 for name in (b"p/a", b"p/b"))
    content[second + 16 : second + 28] = content[first + 16 : first + 28]
    content[second + 42 : second + 46] = content[first + 42 : first + 46]
    path.write_bytes(content)
    with pytest.raises(NotAPackage, match="more than its own size"):
        verify(path)


def test_a_zip_with_a_link_is_refused(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("p/link")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(NotAPackage, match="a link"):
        verify(tmp_path / "p.zip")


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x05\x06" + bytes(18), b"noise" * 99, b"PK\x03\x04" + bytes(200), struct.pack("<I", 7)],
)
def test_what_is_no_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "p.zip").write_bytes(content)
    with pytest.raises(NotAPackage):
        verify(tmp_path / "p.zip")


@pytest.mark.parametrize("seed", range(40))
def test_a_wrecked_zip_never_ends_in_anything_else(seed: int, sealed: Path, tmp_path: Path) -> None:
    chance = random.Random(seed)
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for path in sorted(sealed.rglob("*")):
            if path.is_file():
                archive.write(path, f"p/{path.relative_to(sealed).as_posix()}")
    content = bytearray(memory.getvalue())
    tail = len(content) - 1_500
    for _ in range(6):
        content[chance.randrange(tail, len(content))] = chance.randrange(256)
    (tmp_path / "p.zip").write_bytes(content[: chance.choice([len(content), len(content) - 9, tail])])
    try:
        verify(tmp_path / "p.zip")
    except NotAPackage as error:
        assert str(error)


def test_no_folder_and_no_package_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NotAPackage, match="no file or folder"):
        verify(tmp_path / "none")
    with pytest.raises(NotAPackage, match="it has no manifest"):
        verify(tmp_path)


def test_telling_in_both_languages(package: Path) -> None:
    assert as_words(verify(package), "zh").startswith("证据包完整：package\n")
    (package / "data/report.html").write_text("x")
    (package / "data/\x1b[31mred").write_text("x")
    report = verify(package)
    words = as_words(report, "en")
    assert words.startswith("The package was changed or is not complete: package\n")
    assert "  ✗ data/report.html: differs from what was sealed\n" in words
    assert "\x1b" not in words
    assert as_words(report, "zh").count("✗") == words.count("✗")
    data = as_data(report)
    assert data["whole"] is False
    assert {"code": "differs", "file": "data/report.html", "detail": ""} in data["troubles"]


def test_every_code_has_words_in_both_languages() -> None:
    assert all(len(pair) == 2 and all(pair) for pair in verifier.WORDS.values())


def test_the_program_ends_with_a_code(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(package), "--lang", "en"]) == 0
    assert "The package is whole" in capsys.readouterr().out
    (package / "bagit.txt").unlink()
    assert main([str(package), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["troubles"][0]["file"] == "bagit.txt"
    assert main([str(package.parent / "none")]) == 3
    assert "no file or folder" in capsys.readouterr().err


def test_the_file_reads_under_python_3_8_and_needs_nothing() -> None:
    tree = ast.parse(Path(verifier.__file__).read_text(encoding="utf-8"), feature_version=(3, 8))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= {
        "__future__", "argparse", "hashlib", "io", "json", "os", "pathlib", "re", "struct", "sys",
        "typing", "zipfile",
    }  # fmt: skip
    newer = {
        "removeprefix",
        "removesuffix",
        "is_relative_to",
        "hardlink_to",
        "readlink",
        "file_digest",
        "pairwise",
    }
    assert not {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & newer
