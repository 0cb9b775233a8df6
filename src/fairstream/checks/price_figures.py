"""Sums, days and moments as a check tells them: yuan, and the time of China."""

from datetime import date, datetime

from fairstream.law.sanctions import yuan
from fairstream.records import CHINA, Words


def money(fen: int) -> Words:
    """A sum of fen in yuan: 1万元, 10,000 yuan."""
    return Words(f"{yuan(fen)}元", f"{yuan(fen, 'en')} yuan")


def in_china(at: datetime) -> datetime:
    """The moment on a clock in China; one without zone is taken as already being so."""
    return at.replace(tzinfo=CHINA) if at.tzinfo is None else at.astimezone(CHINA)


def china_day(at: datetime) -> date:
    """The day on which the moment falls in China."""
    return in_china(at).date()


def moment(at: datetime) -> str:
    """Day and minute in China: 2026-03-01 20:15."""
    return in_china(at).strftime("%Y-%m-%d %H:%M")


def offset(at_ms: int) -> str:
    """A place in the recording: 1:02:03."""
    seconds = at_ms // 1000
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
