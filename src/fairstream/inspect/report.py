"""Findings → one HTML file a person can open anywhere: no address outside it, both languages inside."""

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

import jinja2

from fairstream.inspect.inspection import MEDIA, SEVERITIES, Inspection
from fairstream.inspect.timeline import clock
from fairstream.inspect.view import view
from fairstream.inspect.words import CONDUCTS, MEDIUMS, ROLES, WORDS
from fairstream.inspect.words import SEVERITIES as SEVERITY_WORDS
from fairstream.records import Language


def render_report(inspection: Inspection) -> str:
    """The report as one self-contained HTML document; `inspection.language` is shown first."""
    style, script = _asset("report.css"), _asset("report.js")
    shown = view(inspection)
    if shown["clocks"]:
        style, script = style + _asset("player.css"), script + _asset("player.js")
    return _page("report.html.j2").render(
        inspection=inspection,
        broadcast=inspection.broadcast,
        policy=_policy(style, script, plays=bool(shown["player"])),
        style=style,
        script=script,
        **shown,
    )


def render_index(reports: Sequence[tuple[Inspection, str]], language: Language = "zh") -> str:
    """A page that leads to several reports, given with their addresses relative to it."""
    style, script = _asset("report.css"), _asset("report.js")
    return _page("index.html.j2").render(
        reports=reports, language=language, policy=_policy(style, script), style=style, script=script
    )


def write_report(inspection: Inspection, path: Path) -> None:
    """Write the report as UTF-8."""
    path.write_text(render_report(inspection), encoding="utf-8", errors="replace")


@cache
def _asset(name: str) -> str:
    return (files("fairstream.inspect") / name).read_text(encoding="utf-8")


@cache
def _page(name: str) -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("fairstream.inspect", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals.update(
        w=WORDS,
        conducts=CONDUCTS,
        roles=ROLES,
        mediums=MEDIUMS,
        severities=SEVERITIES,
        severity_words=SEVERITY_WORDS,
        media=MEDIA,
    )
    environment.filters.update(clock=clock, yuan=_yuan, wall=_wall)
    return environment.get_template(name)


def _policy(style: str, script: str, *, plays: bool = False) -> str:
    """Content security policy: nothing but this file's own style and script, by hash.

    A report that plays may load sound and picture from where it lies itself. A page opened from the disk has
    no origin that ``'self'`` could name by the standard (Chromium takes it, CSP 3 does not say so): hence
    ``file:``.
    """
    media = "media-src 'self' file:; " if plays else ""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; {media}"
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _yuan(fen: int | None) -> str:
    return "" if fen is None else f"¥{fen / 100:,.2f}"


def _wall(at: datetime | None) -> str:
    return at.isoformat(" ", "seconds") if at else ""
