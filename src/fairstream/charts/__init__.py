"""Charts as data → SVG, drawn by Apache ECharts inside QuickJS: one engine for screen and paper."""

from fairstream.charts.drawing import described, draw, themed
from fairstream.charts.engine import palettes

__all__ = ["described", "draw", "palettes", "themed"]
