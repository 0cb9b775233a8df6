"""The shared test model and clips; tests that need them are skipped where they are not."""

import os
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fairstream.records import Recording
from fairstream.sources.asr.engine import Samples

SHARED = Path(os.environ.get("FAIRSTREAM_SHARED", Path(__file__).parents[4] / "shared"))
MODEL = SHARED / "models" / "sherpa-kws-zipformer-wenetspeech-3.3M-mobile-int8"


@pytest.fixture(scope="session")
def model() -> Path:
    """The folder of the small pinyin model."""
    if not MODEL.is_dir():
        pytest.skip("needs the speech model in ../shared/models; set FAIRSTREAM_SHARED")
    return MODEL


@pytest.fixture(scope="session")
def silero() -> Path:
    """The Silero voice detector."""
    path = SHARED / "models" / "silero-vad" / "silero_vad.onnx"
    if not path.is_file():
        pytest.skip("needs the voice detector in ../shared/models; set FAIRSTREAM_SHARED")
    return path


@pytest.fixture(scope="session")
def clip() -> Callable[[str], Samples]:
    """Reads the samples of a shared clip by its name."""

    def read(name: str) -> Samples:
        path = SHARED / "audio" / name
        if not path.is_file():
            pytest.skip("needs the clips in ../shared/audio; set FAIRSTREAM_SHARED")
        with wave.open(str(path)) as file:
            return np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(np.float32) / 32768

    return read


@pytest.fixture
def recorded(tmp_path: Path) -> Callable[[Samples], Recording]:
    """Writes samples as a WAV file and describes it as a recording."""

    def write(samples: Samples) -> Recording:
        path = tmp_path / "room.wav"
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, 16000, 0, "NONE", ""))
            file.writeframes((np.clip(samples, -1, 1) * 32767).astype(np.int16).tobytes())
        length = len(samples) * 1000 // 16000
        return Recording("r1", "room.wav", path, "0" * 64, path.stat().st_size, "wav", length, False, True)

    return write
