"""Facts × facts → outcomes: one file for each cross-check, its words and limits as data beside it."""

from pathlib import Path
from typing import Final

DATA: Final = Path(__file__).parent / "data"
"""What the checks say, cite and compare with."""
