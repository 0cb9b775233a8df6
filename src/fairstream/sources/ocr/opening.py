"""rapidocr (PP-OCR models on onnxruntime) behind `PictureReader`. Its wheel carries the models."""

import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np

from fairstream.errors import UsageError
from fairstream.records import Box
from fairstream.sources.asr.engine import ModelCard
from fairstream.sources.ocr.normalise import normalise
from fairstream.sources.ocr.reader import Line, Picture, PictureReader

LONGEST_SIDE: Final = 1280
"""Pixels of the longer side that text is looked for in; smaller pictures are not enlarged.

The library's own default enlarges the *shorter* side to 736, so that a band of 540 × 120 costs five times
what the whole frame does."""
LEAST_SCORE: Final = 0.6
LEAST_ALONE: Final = 0.9
"""Least score of a line, and of one that is a single character: folds of cloth are read as such."""
LEAST_ROOM: Final = 32
MOST_RATIO: Final = 40
"""Smaller or longer pictures are filled up with their last row or column."""
LEAST_SIDE: Final = 8
"""A picture lower or narrower than this holds no text that anybody could read."""


def open_reader(threads: int = 1) -> PictureReader:
    """The default reader. Raises `UsageError` when the extra `screen` is not installed."""
    try:
        import cv2
        import rapidocr
    except ImportError as error:
        raise UsageError(
            "reading text in pictures needs rapidocr",
            remedy='install it: pip install "fairstream[screen]"',
        ) from error
    cv2.setNumThreads(threads)
    folder = Path(rapidocr.__file__).parent / "models"
    # Paths are given outright: for a model it has to name itself, the library would ask the network.
    models = {"Det": next(folder.glob("*_det_*.onnx")), "Rec": next(folder.glob("*_rec_*.onnx"))}
    engine = rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.limit_type": "max",
            "Det.limit_side_len": LONGEST_SIDE,
            **{f"{part}.model_path": str(path) for part, path in models.items()},
        }
    )
    files = tuple((path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in models.values())
    return _Rapid(engine, ModelCard("rapidocr", version("rapidocr"), "PP-OCR", files))


class _Rapid:
    def __init__(self, engine: Any, card: ModelCard) -> None:
        self._engine = engine
        self.card = card

    def read(self, image: Picture) -> tuple[Line, ...]:
        """Lines as the library finds them; text that stands on its head is not turned."""
        height, width = image.shape[:2]
        if min(height, width) < LEAST_SIDE:
            return ()
        # The library takes blue, green, red, and divides by zero in a picture that is all length.
        room = (
            max(0, LEAST_ROOM - height, width // MOST_RATIO - height),
            max(0, LEAST_ROOM - width, height // MOST_RATIO - width),
        )
        padded = np.pad(image[..., ::-1], ((0, room[0]), (0, room[1]), (0, 0)), mode="edge")
        found = self._engine(np.ascontiguousarray(padded))
        if found.boxes is None or found.txts is None:
            return ()
        lines = []
        for corners, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
            words = normalise(text)
            if words and score >= (LEAST_SCORE if len(words) > 1 else LEAST_ALONE):
                left, top = np.clip(corners.min(axis=0), 0, (width, height))
                right, bottom = np.clip(corners.max(axis=0), 0, (width, height))
                box = Box(
                    float(left / width),
                    float(top / height),
                    float((right - left) / width),
                    float((bottom - top) / height),
                )
                lines.append(Line(words, box, float(score)))
        return tuple(lines)
