"""The command line: one file per group of commands, loaded only when called.

Exit codes everywhere: 0 done; 1 done, but something was skipped or a check failed; 2 the command was
called wrongly; 3 nothing could be done with the input.
"""

import errno
import sys

import click

from fairstream import __version__
from fairstream.cli.lazy import LazyGroup
from fairstream.errors import FairstreamError, UsageError
from fairstream.records import Language

COMMANDS = {
    "checks": (
        "fairstream.cli.checks:checks",
        "List the cross-checks of words and facts.",
    ),
    "evaluate": ("fairstream.cli.evaluate:evaluate", "Measure recall and false alarms on labelled cases."),
    "evasion": (
        "fairstream.cli.evasion:evasion",
        "Measure recovery of disguised spellings and what it costs in false alarms.",
    ),
    "evidence": (
        "fairstream.cli.evidence:evidence",
        "Capture records, custody, sealed packages that verify without this program.",
    ),
    "inspect": (
        "fairstream.cli.inspect:inspect",
        "Inspect a broadcast: files in, findings and a report out.",
    ),
    "law": ("fairstream.cli.law:law", "Show, import and verify the law that findings cite."),
    "opinion": (
        "fairstream.cli.opinion:opinion",
        "Monitor public opinion: posts in, an audited report out.",
    ),
    "rules": ("fairstream.cli.rules:rules", "List, check and test the rules."),
    "scan": ("fairstream.cli.scan:scan", "Scan texts for programs: JSON lines in, JSON lines out."),
    "schema": ("fairstream.cli.schema:schema", "Print the JSON Schema of a file format."),
    "screen": (
        "fairstream.cli.screen:screen",
        "Read the text in the picture of recordings and screenshots.",
    ),
    "watch": (
        "fairstream.cli.watch:watch",
        "Follow a live stream or a growing recording: findings as they are said.",
    ),
    "transcribe": (
        "fairstream.cli.transcribe:transcribe",
        "Hear what is said in recordings, with a speech model from a folder.",
    ),
}


@click.command(cls=LazyGroup, lazy=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="fairstream")
def cli() -> None:
    """Fairstream (监播): supervision of live-stream commerce.

    \b
    Examples:
      fairstream inspect examples/broadcasts/* --out out
      fairstream scan texts.jsonl --out findings.jsonl
      fairstream law show advertising-law#9 --on 2026-03-01
    """


def main() -> None:
    """Run the command line; every error of ours ends in one line and exit code 2 or 3."""
    told: dict[str, Language] = {}
    try:
        code = cli.main(standalone_mode=False, obj=told)
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("Stopped. 已中止。", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except FairstreamError as error:
        click.echo(_in_words(error, told.get("language", "en")), err=True)
        sys.exit(2 if isinstance(error, UsageError) else 3)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        click.echo(
            f"Error: {error.filename or _named()}: {error.strerror or error}. {_remedy(error)}", err=True
        )
        sys.exit(3)
    except UnicodeEncodeError as error:
        named = error.object[error.start : error.end].encode("utf-8", "backslashreplace").decode()
        click.echo(
            f"Error: a name is not valid UTF-8 ({named!r}). Remedy: rename the file, or use UTF-8.",
            err=True,
        )
        sys.exit(3)
    except MemoryError:
        click.echo(
            "Error: there is not enough memory. Remedy: cut long texts, or give fewer files at once.",
            err=True,
        )
        sys.exit(3)


def _in_words(error: FairstreamError, language: Language) -> str:
    """An error in the language asked for, when its words are known in it."""
    from fairstream.cli.talking import error_line  # loads rich, which most calls can do without

    line = error_line(error, language)
    return line.encode(errors="backslashreplace").decode()


def _named() -> str:
    """What was given on the command line, for errors of the system that name no file."""
    return " ".join(argument for argument in sys.argv[2:] if not argument.startswith("--")) or "file"


def _remedy(error: OSError) -> str:
    """How to mend an error of the system."""
    remedies = {
        errno.ENOSPC: "make room, or write to another disk",
        errno.EDQUOT: "make room, or write to another disk",
        errno.EACCES: "check the rights of the file and its folder",
        errno.EPERM: "check the rights of the file and its folder",
        errno.EROFS: "write to another folder",
        errno.ENOENT: "check the name, and make the folder first",
        errno.ELOOP: "remove the link that leads to itself",
        errno.ENAMETOOLONG: "use a shorter name",
    }
    return f"Remedy: {remedies.get(error.errno or 0, 'try a copy of the file on another disk')}."
