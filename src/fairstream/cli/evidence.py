"""`fairstream evidence`: the group; each command lives in a file of its own."""

import click

from fairstream.cli.lazy import LazyGroup

COMMANDS = {
    "capture": ("fairstream.cli.evidence_capture:capture", "Take files in: who, when, how, and their hash."),
    "custody": ("fairstream.cli.evidence_custody:custody", "Show the custody log, or verify its chain."),
    "seal": ("fairstream.cli.evidence_seal:seal", "A folder of evidence in, a sealed package out."),
    "stamp": (
        "fairstream.cli.evidence_stamp:stamp",
        "Have a time-stamp authority stamp a package (RFC 3161).",
    ),
    "clip": ("fairstream.cli.evidence_clip:clip", "Cut a clip, the recording untouched."),
    "pages": ("fairstream.cli.evidence_pages:pages", "List and check the pages of a web archive."),
    "redact": ("fairstream.cli.evidence_redact:redact", "Write a redacted copy, linked to its original."),
    "retention": (
        "fairstream.cli.evidence_retention:retention",
        "Say what may be deleted, by which article; delete nothing.",
    ),
    "still": ("fairstream.cli.evidence_still:still", "Take the picture shown at a moment."),
    "wacz": ("fairstream.cli.evidence_wacz:wacz", "Put saved pages into a web archive (WACZ)."),
    "verify": ("fairstream.cli.evidence_verify:verify", "Verify a package, byte for byte."),
}


@click.group(cls=LazyGroup, lazy=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
def evidence() -> None:
    """Evidence: from files taken in to a package that anyone can verify without this program.

    \b
    Examples:
      fairstream evidence capture rec.flv --who 王某 --source "直播平台下载" --method downloaded
      fairstream evidence seal case-17/ --out case-17-package.zip --who 王某
      fairstream evidence verify case-17-package.zip
    """
