"""`fairstream evidence clip`."""

from pathlib import Path

import click

from fairstream.cli.evidence_media import Position, fresh, keep_cut
from fairstream.cli.evidence_options import Talk, person, who_option
from fairstream.cli.options import json_option, language_option
from fairstream.records import Language


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--from", "from_ms", type=Position(), required=True, help="Where it begins: 00:12:03.5 or seconds."
)
@click.option("--to", "to_ms", type=Position(), help="Where it ends; default: the end.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The clip.")
@click.option("--exact", is_flag=True, help="Code anew, to begin and end to the picture; default: copy.")
@who_option
@json_option
@language_option
def clip(
    file: Path,
    from_ms: int,
    to_ms: int | None,
    out: Path,
    exact: bool,
    who: str | None,
    as_json: bool,
    language: Language,
) -> int:
    """Cut a clip; the recording is only read.

    Packets are copied as they were recorded, so the clip begins at the key frame at or before the time asked
    for; the record says which stretch it really holds. Positions count from the recording's first time stamp.

    \b
    Examples:
      fairstream evidence clip rec.flv --from 00:12:03 --to 00:12:20 --out clip.mp4 --who 王某
      fairstream evidence clip rec.flv --from 723.5 --to 730 --exact --out clip.mp4
    """
    from fairstream.evidence.cuts import cut_clip
    from fairstream.evidence.cuts_opening import clock

    fresh(out, file)
    cut = cut_clip(file, out, from_ms=from_ms, to_ms=to_ms, copy=not exact)
    keep_cut(file, out, cut, person(who), as_json=as_json)
    how_zh, how_en = _how(cut.method)
    Talk(language, quiet=as_json).say(
        f"{out.name}：{clock(cut.from_ms)}–{clock(cut.to_ms)}（早 {cut.earlier_ms} 毫秒），{how_zh}；"
        f"SHA-256 {cut.sha256}；原件 {cut.source_sha256}",
        f"{out.name}: {clock(cut.from_ms)}–{clock(cut.to_ms)} ({cut.earlier_ms} ms early), {how_en}; "
        f"SHA-256 {cut.sha256}; original {cut.source_sha256}",
    )
    return 0


def _how(method: str) -> tuple[str, str]:
    return ("原样复制", "copied as recorded") if method == "stream_copy" else ("重新编码", "coded anew")
