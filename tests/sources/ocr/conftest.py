"""The real reader, and a font with Chinese characters to draw with; tests that need them skip without."""

import shutil
import subprocess
from importlib.util import find_spec

import pytest

from fairstream.sources.ocr.opening import open_reader
from fairstream.sources.ocr.reader import PictureReader


@pytest.fixture(scope="session")
def reader() -> PictureReader:
    """rapidocr itself."""
    if find_spec("rapidocr") is None or find_spec("onnxruntime") is None:
        pytest.skip('the extra "screen" is not installed')
    return open_reader()


@pytest.fixture(scope="session")
def font_file() -> str:
    """A font that has Chinese characters."""
    program = shutil.which("fc-match")
    if program is None:
        pytest.skip("no fc-match to find a font with")
    found = subprocess.run(
        [program, "-f", "%{file} %{lang}", ":lang=zh-cn"], capture_output=True, text=True, check=True
    ).stdout
    file, _, languages = found.partition(" ")
    if "zh-cn" not in languages:
        pytest.skip("no font with Chinese characters is installed")
    return file
