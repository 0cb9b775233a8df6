"""The JavaScript that draws, loaded once a thread.

The bundle is made from `frontend/` when the package is built (`hatch_build.py`); nothing built is committed.
"""

import json
import threading
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final, cast

from fairstream.errors import FairstreamError

DIST: Final[Traversable] = files("fairstream.charts") / "dist"
_local = threading.local()

# ECharts asks for a clock that it never waits for when it draws a string.
_SHIM: Final = "globalThis.setTimeout = () => 0; globalThis.clearTimeout = () => {};"


@cache
def _source() -> str:
    bundle = DIST / "charts-ssr.js"
    if not bundle.is_file():
        raise FairstreamError(
            "the chart engine has not been built",
            file="src/fairstream/charts/dist/charts-ssr.js",
            remedy="in a checkout run `python hatch_build.py`; else install the package again",
        )
    return bundle.read_text(encoding="utf-8")


def _call(name: str, *arguments: str) -> Any:
    """A function of `globalThis.fairstream`; contexts belong to the thread that made them."""
    context = getattr(_local, "context", None)
    if context is None:
        import quickjs

        context = quickjs.Context()
        context.eval(_SHIM)
        context.eval(_source())
        _local.context = context
    return json.loads(cast(str, context.eval(f"fairstream.{name}")(*arguments)))


def svg(spec: dict[str, Any]) -> str:
    """The SVG of one chart, given as `frontend/charts/options.js` reads it."""
    return cast(str, _call("draw", json.dumps(spec, ensure_ascii=True, allow_nan=False)))


@cache
def palettes() -> dict[str, dict[str, Any]]:
    """The colours of `light` and `dark` by what they are for; `series` and `heat` are lists."""
    return cast(dict[str, dict[str, Any]], _call("palettes"))
