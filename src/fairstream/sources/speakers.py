"""Who speaks: a name or label written in the file → host, seller, customer or unknown."""

import re
from collections.abc import Iterable
from typing import Final

from fairstream.records import Party, Speaker

_LABELS: Final[dict[Speaker, tuple[str, ...]]] = {
    "host": ("主播", "主持", "带货人", "达人", "host", "anchor", "streamer"),
    "seller": (
        "助播", "副播", "场控", "运营", "商家", "店主", "店家", "老板", "卖家", "客服", "掌柜",
        "助理", "小助理", "厂家", "seller", "assistant", "shop", "co-host", "cohost",
    ),
    "customer": (
        "顾客", "观众", "粉丝", "网友", "买家", "用户", "消费者", "客户", "连麦", "弹幕", "宝妈",
        "customer", "viewer", "audience", "buyer", "fan",
    ),
}  # fmt: skip
_NUMBERED: Final = re.compile(r"(?:说话人|发言人|讲话人|角色|speaker|spk)[ _-]?[0-9a-z]{0,4}", re.IGNORECASE)
_REMARK: Final = re.compile(r"[（(【\[][^（()）【】\[\]]*[）)】\]]$")
_LABEL: Final = r"[^\s：:，。、,!?！？\[\]【】()（）<>《》]{1,16}(?:[（(][^（()）]{1,16}[）)])?"
_PREFIX: Final = re.compile(rf"\s*(?:({_LABEL})\s*[：:]|[【\[（(]({_LABEL})[】\]）)]\s*[：:]?)\s*")


class Cast:
    """The people of one broadcast, by name."""

    def __init__(self, parties: Iterable[Party] = ()) -> None:
        self._names: dict[str, Speaker] = {
            _plain(party.name): "host" if party.role == "host" else "seller"
            for party in parties
            if party.role != "platform"
        }

    def __bool__(self) -> bool:
        return bool(self._names)

    def has(self, name: str) -> bool:
        """Whether `name` is one of the broadcast's parties."""
        return _plain(name) in self._names

    def speaker(self, name: str) -> Speaker:
        """The role of `name`: a party's, or by label (主播, 助播, 顾客, host …), else unknown."""
        plain = _plain(name)
        if plain in self._names:
            return self._names[plain]
        for speaker, labels in _LABELS.items():
            if any(_is_label(plain, label) for label in labels):
                return speaker
        return "unknown"

    def split(self, text: str) -> tuple[str | None, str]:
        """Name and words of a line like ``主播：…`` or ``【助播】…``; no name when it starts otherwise.

        Only labels, numbered speakers (说话人1) and parties count as names: 价格：9.9 is speech.
        """
        match = _PREFIX.match(text)
        name = (match.group(1) or match.group(2)) if match else None
        if match is None or name is None or not self.knows(name):
            return None, text
        return name, text[match.end() :]

    def knows(self, name: str) -> bool:
        """Whether `name` is a party, a role label, or a numbered speaker."""
        return self.is_number(name) or self.speaker(name) != "unknown"

    def is_number(self, name: str) -> bool:
        """Whether `name` is a recogniser's number for a voice (speaker 0, 说话人1)."""
        return bool(_NUMBERED.fullmatch(name))


def _plain(name: str) -> str:
    """`name` without spaces, case and a remark in brackets at its end."""
    folded = "".join(name.split()).casefold()
    return _REMARK.sub("", folded) or folded


def _is_label(name: str, label: str) -> bool:
    if label.isascii():
        return bool(re.fullmatch(rf"{label}[ _-]?[0-9a-z]?", name))
    rest = name[len(label) :]
    return name.startswith(label) and len(rest) <= 4
