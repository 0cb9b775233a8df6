"""Which fonts a document asks for, and which of them are here."""

from functools import cache
from typing import Any, Final

from fairstream.records import Language

# 仿宋 and 黑体 are what official papers use; they are not ours to ship, so free ones stand behind them.
BODY: Final = ("FangSong_GB2312", "FangSong", "仿宋", "STFangsong", "FandolFang R")
SERIF: Final = ("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "SimSun", "STSong", "Songti SC")
HEADS: Final = ("SimHei", "黑体", "STHeiti", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC")
SANS: Final = (*HEADS, "Microsoft YaHei", "PingFang SC", "WenQuanYi Micro Hei", "Droid Sans Fallback")
LATIN: Final = ("Times New Roman", "Liberation Serif", "Libertinus Serif")


@cache
def installed() -> frozenset[str]:
    """Families that the setter sees: the system's and the four it brings."""
    return frozenset(loaded().families())


@cache
def loaded() -> Any:
    """The fonts as the setter takes them; finding them takes longer than setting a page."""
    import typst

    return typst.Fonts()


def here(wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Those of `wanted` that are installed, in their order."""
    return tuple(name for name in wanted if name in installed())


def has_chinese() -> bool:
    """Whether any font for Chinese is installed."""
    return bool(here((*BODY, *SERIF, *SANS)))


def for_paper(language: Language) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Families for body and headings, best first; never empty."""
    chinese_body = here((*BODY, *SERIF)) or here(SANS)
    chinese_heads = here(SANS) or chinese_body
    latin = here(LATIN)
    if language == "zh":
        return chinese_body + latin or latin, chinese_heads + latin or latin
    return latin + chinese_body, latin + chinese_body
