"""`fairstream watch`: the command and its help; `watching` does the work."""

from pathlib import Path

import click

from fairstream.cli.options import json_option, language_option, layers_option
from fairstream.records import Language


@click.command()
@click.argument("source", metavar="URL|FILE|FOLDER")
@click.option(
    "--out",
    "out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for recording, capture records and events; a watch on the same folder goes on in it.",
)
@click.option("--who", help="Who records; stands in the capture records. Default: the account's name.")
@click.option("--title", default="", help="Title of the broadcast.")
@click.option(
    "--model",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the speech model; default FAIRSTREAM_MODEL, else as configured; else nothing is heard.",
)
@click.option(
    "--voice", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Silero voice detector."
)
@click.option(
    "--chat", type=click.Path(dir_okay=False, path_type=Path), help="Chat file that grows beside it."
)
@click.option("--screen", is_flag=True, help="Read text in the picture (key frames).")
@click.option("--spot", default=0, show_default=True, type=click.IntRange(0, 2000), metavar="N",
              help="Also listen for the N weightiest phrases of the rules.")  # fmt: skip
@click.option(
    "--segment", default=60.0, show_default=True, type=click.FloatRange(1, 3600), help="Seconds a file."
)
@click.option("--longest", default=6.0, show_default=True, type=click.FloatRange(3, 30),
              help="Seconds after which speech without a pause is cut and told.")  # fmt: skip
@click.option(
    "--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="Sent as given; may be repeated."
)
@click.option("--cookie", help="Sent as given; not kept.")
@click.option("--user-agent", help="Sent as given.")
@click.option("--from-start", is_flag=True, help="Begin at the oldest segment an HLS list still has.")
@click.option("--give-up", default=120.0, show_default=True, type=click.FloatRange(1, 86400),
              help="Seconds without a stream after which it has ended.")  # fmt: skip
@click.option("--idle", default=30.0, show_default=True, type=click.FloatRange(1, 86400),
              help="Seconds without growth after which a file is finished.")  # fmt: skip
@json_option
@layers_option
@language_option
def watch(
    source: str,
    out: Path,
    who: str | None,
    title: str,
    model: Path | None,
    voice: Path | None,
    chat: Path | None,
    screen: bool,
    spot: int,
    segment: float,
    longest: float,
    headers: tuple[str, ...],
    cookie: str | None,
    user_agent: str | None,
    from_start: bool,
    give_up: float,
    idle: float,
    as_json: bool,
    layers: tuple[Path, ...],
    language: Language,
) -> int:
    """Follow a live stream or a growing recording: words, chat and findings as they come.

    Takes HLS (http, https), FLV over HTTP, RTMP, a file that grows, or the folder a recorder writes into.
    Only watch what you may lawfully record. Give the stream's own address: no page is read to find one, no
    signature is computed, and no platform's protection is worked around.

    Written to --out, which `fairstream inspect` takes as it is: recording/ in segments cut at key frames,
    each with its hash in captures.jsonl and custody.jsonl and its times beside it; events.jsonl; a copy of
    the chat. After a kill everything up to the last finished segment is whole; start again on the same
    folder and it goes on.

    JSON lines come on standard output when it is no terminal, or with --json: kinds utterance, chat, screen,
    finding, gap, segment, status. Ctrl-C stops cleanly.

    \b
    Examples:
      fairstream watch https://live.example/room.m3u8 --out case-17 --model models/zipformer
      fairstream watch rtmp://127.0.0.1/live/room --out case-17 --who 王某 --json
      fairstream watch downloads/room/ --out case-17 --chat downloads/room.xml --screen

    Exit code 0 when the stream ended or was stopped, 1 when something was missed, 2 when called wrongly, 3
    when the source cannot be read or nothing more can be written.
    """
    # Rules, models and libraries take seconds to load; --help should not wait for them.
    from fairstream.cli.watching import Job, run
    from fairstream.watch.live import Asked
    from fairstream.watch.stream import Reading

    reading = Reading(headers, user_agent, cookie, give_up_s=give_up, idle_s=idle, from_start=from_start)
    asked = Asked(source, out, who or "", reading, segment, chat, title, language)
    return run(Job(asked, model, voice, screen, spot, round(longest * 1000), as_json, layers))
