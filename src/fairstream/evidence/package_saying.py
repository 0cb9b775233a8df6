"""What records and logs note in fixed words, said for people in the language of the page.

The records themselves keep what was written; a note that a person typed is shown as it is.
"""

import json
import re
from collections.abc import Callable
from typing import Any, Final

from fairstream.evidence.package_findings import clock
from fairstream.records import Language, Words

METHODS: Final = {
    "stream_copy": Words("原样复制，未重新编码", "copied without coding anew"),
    "re_encoded": Words("重新编码", "coded anew"),
    "decoded_picture": Words("解码取图", "decoded picture"),
    "masked_text": Words("文字遮盖", "text masked"),
}
ACTIONS: Final = {
    "capture": Words("登记", "capture"),
    "read": Words("读取", "read"),
    "play": Words("播放", "play"),
    "export": Words("导出", "export"),
    "cut": Words("截取", "cut"),
    "page": Words("网页保全", "page"),
    "redact": Words("遮蔽", "redact"),
    "seal": Words("封存", "seal"),
    "verify": Words("校验", "verify"),
    "stamp": Words("时间戳", "stamp"),
    "delete": Words("删除", "delete"),
    "torn": Words("断行", "torn"),
    "note": Words("备注", "note"),
}
RELATIONS: Final = {
    "clip": Words("片段", "clip"),
    "still": Words("截图", "still"),
    "redacted": Words("遮蔽副本", "redacted copy"),
    "playable copy": Words("可播放副本", "playable copy"),
}
_CAME: Final = {
    "received": "接收",
    "recorded": "录制",
    "downloaded": "下载",
    "page": "网页保全",
    "extracted": "提取",
    "converted": "转换",
}
_FIXED: Final = {
    "no capture record until sealing": "封存前没有提取记录",
    "read for inspection": "为巡查而读取",
    "as handed in": "按收到时的原样",
    "begun": "开始",
    "whole": "完整",
}
_SHAPES: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]] = (
    (re.compile(rf"({'|'.join(ACTIONS)}) → (.+)"), lambda m: f"{_action(m[1])} → {m[2]}"),
    (re.compile(r"computer (.+)"), lambda m: f"计算机 {m[1]}"),
    (re.compile(r"account (.+)|(.+) \(account\)"), lambda m: f"{m[1] or m[2]}（系统账户）"),
    (re.compile(rf"({'|'.join(_CAME)}): (.+)"), lambda m: f"{_CAME[m[1]]}：{m[2]}"),
    (re.compile(r"WACZ of (.+)"), lambda m: f"{m[1]} 的 WACZ"),
    (re.compile(r"recorded from (.+)"), lambda m: f"录自 {m[1]}"),
    (
        re.compile(r"playable copy of (.+) \(SHA-256 (\w{64})\)"),
        lambda m: f"{m[1]} 的可播放副本（原件 SHA-256 {m[2]}）",
    ),
    (
        re.compile(r"(.+) (\d+)-(\d+) ms, (\w+); original untouched"),
        lambda m: f"{m[1]} {clock(int(m[2]))}–{clock(int(m[3]))}，{_method(m[4], 'zh')}；原件未改动",
    ),
    (
        re.compile(r"(\d+) files copied(?:; case (.+))?"),
        lambda m: f"已复制 {m[1]} 个文件" + (f"；案号 {m[2]}" if m[2] else ""),
    ),
    (
        re.compile(r"sealed: (\d+) files, (\d+) bytes; the hash is of (.+)"),
        lambda m: f"已封存：{m[1]} 个文件，{m[2]} 字节；哈希值取自 {m[3]}",
    ),
    (
        re.compile(r"(\d+) files had no capture record and got one at sealing"),
        lambda m: f"{m[1]} 个文件此前没有提取记录，封存时补记",
    ),
    (re.compile(r"not sealed: (.+)"), lambda m: f"未封存：{m[1]}"),
    (re.compile(r"(\d+) differences"), lambda m: f"{m[1]} 处不符"),
    (re.compile(r"a line of (\d+) bytes broke off"), lambda m: f"写入中断，残留 {m[1]} 字节"),
)


def note(text: str, language: Language) -> str:
    """A note or detail, or a name of an account or computer, in words of the language."""
    cut = _cut(text)
    if cut is not None:
        return _of_cut(cut, language)
    if text in METHODS:
        return _method(text, language)
    if language == "en":
        return text
    if text in _FIXED:
        return _FIXED[text]
    for pattern, said in _SHAPES:
        if found := pattern.fullmatch(text):
            return said(found)
    return text


def action(name: str, language: Language) -> str:
    """An action of the custody log."""
    return str(getattr(ACTIONS[name], language)) if name in ACTIONS else name


def relation(text: str, language: Language) -> str:
    """How a file came from its original: ``clip:stream_copy`` and the like."""
    kind, _, method = text.partition(":")
    said = str(getattr(RELATIONS[kind], language)) if kind in RELATIONS else kind
    return f"{said} ({_method(method, language)})" if method else said


def _action(name: str) -> str:
    return action(name, "zh")


def _method(name: str, language: Language) -> str:
    return str(getattr(METHODS[name], language)) if name in METHODS else name


def _cut(text: str) -> dict[str, Any] | None:
    """What `Cut.relation` wrote, when the note is that."""
    if not text.startswith("{"):
        return None
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    times = ("asked_from_ms", "from_ms", "to_ms")
    right = isinstance(data, dict) and all(type(data.get(name)) is int for name in times)
    return data if right and isinstance(data.get("method"), str) else None


def _of_cut(data: dict[str, Any], language: Language) -> str:
    until = data.get("asked_to_ms")
    asked = clock(data["asked_from_ms"]) + (f"–{clock(until)}" if type(until) is int else "")
    real, how = f"{clock(data['from_ms'])}–{clock(data['to_ms'])}", _method(data["method"], language)
    if language == "zh":
        return f"要求 {asked}，实得 {real}；{how}；原件 {data.get('parent_name', '')}"
    return f"asked for {asked}, holds {real}; {how}; original {data.get('parent_name', '')}"
