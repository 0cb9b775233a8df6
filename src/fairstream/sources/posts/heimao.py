"""Complaints of Heimao (黑猫投诉) as third parties save them → plain columns.

The site has no export. Three shapes go round: the whole card of a search page in one text (date and
platform, title, facts, `[投诉对象]`, `[投诉要求]`, a reply state); the same taken apart by a script; and the
site's list interface, one complaint under `main`. Names of complainants are aliases or masked already.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import pyarrow as pa

_OPENING: Final = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})(?P<clock>\s+\d{1,2}:\d{2}(?::\d{2})?)?\s*于黑猫投诉平台发起"
)
_LABELLED: Final = re.compile(r"\[(投诉对象|投诉要求|投诉问题|涉诉金额|投诉进度|投诉编号)\][ \t]*")
_STATES: Final = frozenset({"已回复", "处理中", "待分配", "已完成", "已关闭"})
_ALIAS: Final = re.compile(r"[一-鿿]{1,6}喵(?:\d{3})?|\d{3}")
"""What the site calls complainants (`机灵喵`) and their places in lists."""
_NUMBER: Final = re.compile(r"/complaint/view/(\d+)")
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]*>")
_AMOUNT: Final = re.compile(r"(?<![\d,.])\d{1,12}(?:,\d{3}){0,4}(?:\.\d{1,4})?\s{0,2}(?:元|块|万元|万)")


class Complaint(NamedTuple):
    """One card taken apart; empty where it does not say."""

    day: str = ""
    title: str = ""
    facts: str = ""
    respondent: str = ""
    demand: str = ""
    state: str = ""
    problem: str = ""
    amount: str = ""


def take_apart(card: str) -> Complaint:
    """The card's text in its parts. A text without the platform's opening is a title and nothing more."""
    opening = _OPENING.search(card)
    if not opening and "[投诉" not in card:
        return Complaint(title=plain(card))
    day = (opening["day"] + (opening["clock"] or "")) if opening else ""
    head, *labelled = _LABELLED.split(card[opening.end() :] if opening else card)
    values = dict(zip(labelled[::2], labelled[1::2], strict=True))
    lines, state = _lines(head)
    for name, value in values.items():
        kept, found = _lines(value)
        values[name] = " ".join(kept)
        state = found or state
    return Complaint(
        day,
        lines[0] if lines else "",
        "\n".join(lines[1:]),
        values.get("投诉对象", ""),
        values.get("投诉要求", ""),
        values.get("投诉进度", "") or state,
        values.get("投诉问题", ""),
        values.get("涉诉金额", ""),
    )


def from_card(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of raw JSON (title, content, time, href, keyword) as the columns of the shape `heimao/card`.

    Other tables have these names too: only a card or an address of the site makes it a complaint.
    """
    title, href = str(row.get("title") or ""), str(row.get("href") or "")
    ours = bool(_OPENING.search(title)) or number_of(href) is not None
    parts = take_apart(title)
    content = plain(str(row.get("content") or ""))
    facts = content if len(content) >= len(parts.facts) else parts.facts
    amounts = parts.amount or ";".join(amounts_in(f"{parts.title}\n{facts}"))
    return {
        "heimao_channel": "黑猫投诉" if ours else None,
        "heimao_kind": "complaint" if ours else None,
        "sn": number_of(href),
        "title": parts.title,
        "content": facts,
        "date": parts.day or row.get("time") or None,
        "object": parts.respondent or None,
        "demands": parts.demand or None,
        "status": parts.state or None,
        "problem": parts.problem or None,
        "amount_list": amounts or None,
        "href": row.get("href"),
        "keyword": row.get("keyword"),
    }


def number_of(href: str) -> str | None:
    """The complaint's number in the address of its page."""
    found = _NUMBER.search(href)
    return found[1] if found else None


def amounts_in(text: str) -> list[str]:
    """Sums of money as written, each once, in the order of the text."""
    return list(dict.fromkeys(_AMOUNT.findall(text)))


def plain(text: str) -> str:
    """`text` without the tags that mark the words searched for."""
    return _TAG.sub("", text).strip()


def _lines(text: str) -> tuple[list[str], str]:
    """Lines with content, without aliases; and the reply state when a line is one."""
    lines = [line.strip() for line in plain(text).split("\n")]
    state = next((line for line in lines if line in _STATES), "")
    return [line for line in lines if line and line not in _STATES and not _ALIAS.fullmatch(line)], state


def prepare(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Cards taken apart: a batch with `title` (and content, time, href, keyword) gains their parts."""
    rows = [from_card(row) for row in batch.to_pylist()]
    names = list(from_card({}))
    columns = {name: pa.array([row[name] for row in rows], pa.string()) for name in names}
    kept = {name: batch.column(name) for name in batch.schema.names if name not in columns}
    return pa.RecordBatch.from_pydict(columns | kept)


def number(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Tables with the address of each complaint gain `sn`, its number there; tags in texts are taken out."""
    columns = dict(zip(batch.schema.names, batch.columns, strict=True))
    if "href" in columns:
        found = [number_of(str(href or "")) for href in columns["href"].to_pylist()]
        columns["sn"] = pa.array(found, pa.string())
    for name in ("main.title", "main.summary"):
        if name in columns:
            texts = [plain(str(text or "")) for text in columns[name].to_pylist()]
            columns[name] = pa.array(texts, pa.string())
    return pa.RecordBatch.from_pydict(columns)
