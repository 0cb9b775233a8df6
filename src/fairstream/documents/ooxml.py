"""What python-docx has no words for: fields, bookmarks, links inside, East Asian fonts, shades."""

from typing import Any, Final

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

_THEMES: Final = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")


def element(tag: str, **attributes: str) -> Any:
    """`w:tag` with `w:` attributes."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def set_fonts(style: Any, latin: str, chinese: str) -> None:
    """Both fonts of a style; those of the theme would win over them and go."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in _THEMES:
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for name, font in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", chinese)):
        fonts.set(qn(f"w:{name}"), font)


def set_languages(styles: Any, language: str) -> None:
    """The languages of the text: they decide spelling, and which Chinese font stands in for a missing one."""
    properties = styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    latin = "zh-CN" if language == "zh" else "en-GB"
    properties.append(element("lang", val=latin, eastAsia="zh-CN", bidi="ar-SA"))


def add_field(paragraph: Any, instruction: str, shown: str) -> None:
    """A field that the program computes again, with what it shows until then."""
    for kind in ("begin", None, "separate", "shown", "end"):
        run = paragraph.add_run()
        if kind is None:
            text = element("instrText")
            text.set(qn("xml:space"), "preserve")
            text.text = f" {instruction} "
            run._r.append(text)
        elif kind == "shown":
            run.text = shown
        else:
            run._r.append(element("fldChar", fldCharType=kind))


def add_link(paragraph: Any, anchor: str, text: str, tip: str) -> None:
    """Text that leads to a bookmark of the same document."""
    link = element("hyperlink", anchor=anchor, tooltip=tip, history="1")
    run = paragraph.add_run(text)
    run.font.underline = True
    link.append(run._r)
    paragraph._p.append(link)


def add_bookmark(paragraph: Any, name: str, number: int) -> None:
    """A place to lead to, at the start of the paragraph."""
    begin = element("bookmarkStart", id=str(number), name=name)
    end = element("bookmarkEnd", id=str(number))
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, begin)
    begin.addnext(end)


def shade(paragraph: Any, fill: str, edge: str, line: str) -> None:
    """Colour behind a paragraph and a line before it."""
    properties = paragraph._p.get_or_add_pPr()
    borders = element("pBdr")
    borders.append(element("left", val=line, sz="24", space="6", color=edge))
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    shading = element("shd", val="clear", color="auto", fill=fill)
    properties.insert_element_before(shading, "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def repeat_header(row: Any) -> None:
    """The row stands again at the head of every page."""
    row._tr.get_or_add_trPr().append(element("tblHeader"))


def keep_whole(row: Any) -> None:
    """The row does not break over two pages."""
    row._tr.get_or_add_trPr().append(element("cantSplit"))


def describe(picture: Any, title: str, description: str) -> None:
    """Alternative text of a picture."""
    properties = picture._inline.docPr
    properties.set("title", title)
    properties.set("descr", description)
