"""The words that documents say of themselves, in both languages."""

from typing import Final

from fairstream.records import Language, Words

INVENTED: Final = Words(
    "（虚构）本文件由虚构数据生成，仅供演示。", "(Invented) Made from made-up data, for demonstration only."
)
TO_WRITE: Final = Words("（待作者撰写）", "(To be written by the author)")
WARNING: Final = Words("注意：", "Warning: ")
NOTE: Final = Words("注：", "Note: ")
CONTENTS: Final = Words("目录", "Contents")
FIGURE: Final = Words("图", "Figure")
TABLE: Final = Words("表", "Table")
SKIP: Final = Words("跳到正文", "Skip to the text")
OTHER: Final = Words("English", "中文")
DATA: Final = Words("图表数据", "Data of the figure")
DOWNLOAD: Final = Words("下载 CSV", "Download CSV")
CATEGORY: Final = Words("类目", "Category")
LOW: Final = Words("下限", "lower bound")
HIGH: Final = Words("上限", "upper bound")
SAMPLE: Final = Words("样本", "Sample")
UNIT: Final = Words("单位", "Unit")
MARKED: Final = Words("标注", "Mark")
GAP: Final = Words("—", "—")
PAGE: Final = Words("第 {page} 页，共 {pages} 页", "Page {page} of {pages}")

APPENDIX: Final = Words("附录：数字及其条目", "Appendix: numbers and their items")
APPENDIX_LEAD: Final = Words(
    "文中每个数字在此列出：数的是什么，用什么条件能列出背后的条目，共多少条。"
    "条件可原样用于 fairstream opinion items --where。",
    "Every number of the text: what it counts, which condition lists the items behind it, and how many these "
    "are. The conditions can be given to fairstream opinion items --where as they stand.",
)
APPENDIX_DATA: Final = Words("附录：图表数据", "Appendix: data of the figures")
KEY: Final = Words("编号", "Key")
SHOWN: Final = Words("数字", "Number")
MEANING: Final = Words("含义", "Meaning")
QUERY: Final = Words("条件", "Condition")
COUNT: Final = Words("条目数", "Items")
BOUNDS: Final = Words("区间", "Bounds")
NUMBERS: Final = Words("数字一览", "All numbers")


def say(words: Words, language: Language) -> str:
    """One language of them."""
    return words.zh if language == "zh" else words.en


def numbered(kind: Words, number: int, language: Language) -> str:
    """图 1, Figure 1."""
    return f"{say(kind, language)} {number}"


def quoted(text: str, source: str, language: Language) -> str:
    """A quotation with where it stands."""
    return f"“{text}”（{source}）" if language == "zh" else f"“{text}” ({source})"
