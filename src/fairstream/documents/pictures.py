"""A chart as PNG, for programs that do not draw SVG: from the same SVG, by the setter that makes the PDF."""

import tempfile
from pathlib import Path
from typing import Any, Final

from fairstream.documents import fonts

_PAGE: Final = """#set page(width: auto, height: auto, margin: 0pt)
#image("chart.svg", width: {width}mm)
"""


def png(svg: str, *, width_mm: float = 156, dots_per_inch: int = 200) -> bytes:
    """The picture `width_mm` wide at `dots_per_inch`."""
    import typst

    with tempfile.TemporaryDirectory(prefix="fairstream-") as name:
        folder = Path(name)
        page = folder / "page.typ"
        page.write_text(_PAGE.format(width=width_mm), encoding="utf-8")
        (folder / "chart.svg").write_text(svg, encoding="utf-8")
        setter = typst.Compiler(str(page), root=str(folder), font_paths=fonts.loaded())
        made: Any = setter.compile(format="png", ppi=dots_per_inch)
    return bytes(made)
