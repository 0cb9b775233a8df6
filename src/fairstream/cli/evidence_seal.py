"""`fairstream evidence seal`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from fairstream.cli.evidence_options import Talk, bar, now, person, who_option
from fairstream.cli.options import json_option, language_option
from fairstream.records import Language

if TYPE_CHECKING:
    from fairstream.evidence.seal import Order, Sealed

MOST_TOLD = 10


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Folder to make, or a name in .zip."
)
@who_option
@click.option("--case", default="", help="Number of the case.")
@click.option(
    "--originals",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="File or folder where originals lie that the records name; may be repeated.",
)
@click.option("--without-originals", is_flag=True, help="List originals by hash and leave them out.")
@click.option(
    "--stamp",
    "tsa",
    metavar="[URL]",
    is_flag=False,
    flag_value="",
    help="Have this time-stamp authority stamp the package; without an address, the configured one.",
)
@click.option("--dry-run", is_flag=True, help="Read everything, write nothing, say what would be done.")
@json_option
@language_option
def seal(
    folder: Path,
    out: Path,
    who: str | None,
    case: str,
    originals: tuple[Path, ...],
    without_originals: bool,
    tsa: str | None,
    dry_run: bool,
    as_json: bool,
    language: Language,
) -> int:
    """Seal a folder of evidence into a package (BagIt) with a receipt beside it.

    FOLDER holds what came in, and what `fairstream inspect --out` wrote. Keep the receipt, or the
    fingerprint that is printed, apart from the package.

    \b
    Examples:
      fairstream evidence seal case-17/ --out case-17-package --who 王某
      fairstream evidence seal out/ --out case-17.zip --originals recordings/ --case 2026-17
      fairstream evidence seal case-17/ --out case-17.zip --stamp http://tsa.example/tsr

    Exit code 1 when something is missing from the package or could not be stamped.
    """
    from fairstream.cli.evidence_stamp import authority
    from fairstream.evidence.seal import Order

    tsa = None if tsa is None else authority(tsa)
    order = Order(folder, out, person(who), now(), case, originals, not without_originals)
    return _run(order, tsa, dry_run, as_json, Talk(language, quiet=as_json))


def _run(order: "Order", tsa: str | None, dry_run: bool, as_json: bool, talk: Talk) -> int:
    import orjson

    from fairstream.cli.evidence_stamp import stamp_package
    from fairstream.evidence.seal import plan, seal

    if dry_run:
        sealed = plan(order)
    else:
        with bar(order.folder, talk) as step:
            sealed = seal(order, progress=step)
    stamped = True
    if tsa and not dry_run:
        stamped = stamp_package(order.out, tsa, order.who, order.folder, talk)
    _tell(sealed, dry_run, talk)
    if as_json:
        click.echo(orjson.dumps(_data(sealed), option=orjson.OPT_INDENT_2).decode())
    return 1 if sealed.absent or sealed.problems or not stamped else 0


def _tell(sealed: "Sealed", dry_run: bool, talk: Talk) -> None:
    size = f"{sealed.bytes:,}"
    if dry_run:
        talk.say(
            f"将封存 {sealed.files} 个文件，{size} 字节", f"Would seal {sealed.files} files, {size} bytes"
        )
    else:
        talk.say(
            f"已封存：{sealed.package}（{sealed.files} 个文件，{size} 字节）\n回执：{sealed.receipt}\n"
            f"指纹：{sealed.fingerprint}\n"
            "请把回执或指纹与证据包分开保存。",
            f"Sealed: {sealed.package} ({sealed.files} files, {size} bytes)\nReceipt: {sealed.receipt}\n"
            f"Fingerprint: {sealed.fingerprint}\nKeep the receipt or the fingerprint apart from the package.",
        )
    for problem in sealed.problems:
        place = f"{problem.place.file}:{problem.place.line}"
        talk.say(f"  {place}：提取记录无法读取", f"  {place}: {problem.cause}")
    _list(talk, "封存前没有提取记录", "Without a capture record until now", sealed.found)
    _list(talk, "按要求不放入的原件", "Originals left out", [name for name, _ in sealed.left_out])
    _list(
        talk,
        "不在包内的原件（可用 --originals 指明位置）",
        "Originals not in this package (--originals says where to look)",
        [f"{name} {digest}" for name, digest in sealed.absent],
    )
    _list(talk, "没有记录提到，未放入", "Named in no record, left out", list(map(str, sealed.unasked)))


def _list(talk: Talk, zh: str, en: str, names: list[str]) -> None:
    if not names:
        return
    shown = "\n".join(f"  {name}" for name in names[:MOST_TOLD])
    rest = f"\n  … +{len(names) - MOST_TOLD}" if len(names) > MOST_TOLD else ""
    talk.say(f"{zh}（{len(names)}）：\n{shown}{rest}", f"{en} ({len(names)}):\n{shown}{rest}")


def _data(sealed: "Sealed") -> dict[str, object]:
    def text(value: object) -> str:
        return str(value).encode(errors="replace").decode()

    return {
        "package": text(sealed.package),
        "receipt": text(sealed.receipt),
        "fingerprint": sealed.fingerprint,
        "files": sealed.files,
        "bytes": sealed.bytes,
        "without_record": sealed.found,
        "left_out": [{"name": text(name), "sha256": digest} for name, digest in sealed.left_out],
        "absent": [{"name": text(name), "sha256": digest} for name, digest in sealed.absent],
        "unasked": [text(path) for path in sealed.unasked],
        "problems": len(sealed.problems),
    }
