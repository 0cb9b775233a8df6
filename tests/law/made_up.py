"""An invented statute on seaweed tea, in two versions, and law data about it: nothing here is real law."""

from pathlib import Path
from typing import Any

import orjson

from fairstream.law.resolve import Law, build_law

OLD_TEXT = """---
slug: seaweed-tea-law-2020
title_zh: 海草茶法（2020年，虚构）
version: "2020-01-10 adoption; replaced by the 2024 revision on 2024-07-01"
in_force: superseded
complete: yes
---

# 海草茶法（2020年，虚构）

## 第一章　总则

第一条　海草茶要好喝。

第二条　卖茶的人不得说海草茶会唱歌。

第三条　说会唱歌的，罚款五千元以上二万元以下；茶款一万元以上的，罚茶款百分之五十以上三倍以下。
"""
NEW_TEXT = """---
slug: seaweed-tea-law-2024
title_zh: 海草茶法（2024年，虚构）
version: "2024-03-01 revision, effective 2024-07-01"
in_force: yes
complete: yes
---

# 海草茶法（2024年，虚构）

## 第一章　总则

第一条　海草茶要好喝。

第二条　海草茶由茶馆管理。

第三条　卖茶的人不得说海草茶会唱歌、会跳舞。
（一）唱歌，指发出歌声；
（二）跳舞，指自己动。

第三条之一　第二条规定的茶馆要有门。

## 第二章　罚则

第四条　违反第三条的，罚款二万元以下；茶款一万元以上的，罚茶款百分之五十以上三倍以下。
"""
BOTH = {"zh": "海草茶要点", "en": "seaweed tea gist"}


def statutes() -> dict[str, Any]:
    """Data of the invented statute; a fresh copy each time, for tests to spoil."""
    return {
        "as_of": "2026-11-22",
        "statutes": [
            {
                "id": "seaweed-tea-law",
                "title": {"zh": "海草茶法（虚构）", "en": "Seaweed Tea Law (invented)"},
                "issuer": "虚构机关",
                "kind": "law",
                "versions": [
                    {
                        "slug": "seaweed-tea-law-2020",
                        "title": {"zh": "海草茶法（2020年，虚构）", "en": "Seaweed Tea Law (2020, invented)"},
                        "from": "2020-01-10",
                        "until": "2024-07-01",
                    },
                    {
                        "slug": "seaweed-tea-law-2024",
                        "title": {"zh": "海草茶法（2024年，虚构）", "en": "Seaweed Tea Law (2024, invented)"},
                        "from": "2024-07-01",
                    },
                ],
                "concordance": {
                    "seaweed-tea-law-2020": {
                        "otherwise": "none",
                        "articles": {"1": "1", "3": "2", "4": "3"},
                    }
                },
                "changed": ["3", "4"],
            }
        ],
    }


def gists() -> dict[str, Any]:
    """Gists of the invented statute."""
    return {
        "family": "seaweed-tea-law",
        "articles": {
            "1": {"does": "duty", "gist": BOTH},
            "3": {
                "does": "ban",
                "conduct": ["false_ad"],
                "gist": {"zh": "禁说唱歌跳舞", "en": "no singing or dancing claims"},
                "versions": {"seaweed-tea-law-2020": {"zh": "禁说唱歌", "en": "no singing claims"}},
            },
            "4": {"does": "penalty", "conduct": ["false_ad"], "gist": BOTH},
        },
    }


def sanctions() -> dict[str, Any]:
    """Sanctions of the invented statute, in agreement with its texts."""
    multiple = {
        "base": "goods_value",
        "times": [0.5, 3],
        "threshold": {"base": "goods_value", "at_least": 1_000_000},
    }
    penalty = {
        "cites": "seaweed-tea-law#4",
        "who": ["seller"],
        "conduct": ["false_ad"],
        "basis": ["seaweed-tea-law#3"],
    }
    return {
        "conditions": {"serious": {"zh": "情节严重", "en": "serious"}},
        "measures": {"stop": {"zh": "停止", "en": "stop"}},
        "actors": {"seller": {"zh": "卖茶人", "en": "tea seller"}},
        "penalties": [
            {
                **penalty,
                "id": "tea-2020",
                "versions": ["seaweed-tea-law-2020"],
                "ranges": [{"fen": [500_000, 2_000_000]}, multiple],
            },
            {
                **penalty,
                "id": "tea-2024",
                "versions": ["seaweed-tea-law-2024"],
                "measures": ["stop"],
                "ranges": [{"fen": [None, 2_000_000]}, multiple],
            },
        ],
    }


def tea_law(*documents: dict[str, Any]) -> Law:
    """The law made of these documents, by default of all three above."""
    held = documents or (statutes(), gists(), sanctions())
    return build_law([{"file": f"{number}.yaml", "content": item} for number, item in enumerate(held)])


def write_texts(folder: Path) -> Path:
    """Both versions as files of a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "seaweed-tea-law-2020.md").write_text(OLD_TEXT, encoding="utf-8")
    (folder / "seaweed-tea-law-2024.md").write_text(NEW_TEXT, encoding="utf-8")
    return folder


def write_data(folder: Path) -> Path:
    """The law data as files of a folder; JSON is YAML."""
    (folder / "articles").mkdir(parents=True, exist_ok=True)
    (folder / "instruments.yaml").write_bytes(orjson.dumps(statutes(), option=orjson.OPT_INDENT_2))
    (folder / "penalties.yaml").write_bytes(orjson.dumps(sanctions(), option=orjson.OPT_INDENT_2))
    (folder / "articles" / "tea.yaml").write_bytes(orjson.dumps(gists(), option=orjson.OPT_INDENT_2))
    return folder
