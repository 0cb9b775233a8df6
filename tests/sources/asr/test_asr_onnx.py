"""Metadata of ONNX files without loading them; hostile bytes end in our error."""

import random
from pathlib import Path

import pytest

from fairstream.errors import UsageError
from fairstream.sources.asr.onnx import metadata
from sources.asr import tiny


def test_metadata_is_read_past_the_graph(tmp_path: Path) -> None:
    tiny.sense_voice(tmp_path)
    about = metadata(tmp_path / "model.int8.onnx")
    assert about["model_type"] == "sense_voice_ctc"
    assert about["lfr_window_shift"] == "6"
    assert len(about["neg_mean"]) == 560 * 2 - 1


def test_the_shared_model_says_what_it_is(model: Path) -> None:
    about = metadata(next(model.glob("encoder*.onnx")))
    assert (about["model_type"], about["decode_chunk_len"]) == ("zipformer2", "32")


@pytest.mark.parametrize(
    "data",
    [b"\x07", b"\x72\xff\xff\xff\xff\x7f", b"\xff" * 20, b"\x72\x03\x0a\x7f", b"\x0b", b"PK\x03\x04abc"],
)
def test_what_is_no_protocol_buffer_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(data)
    with pytest.raises(UsageError, match="no ONNX model"):
        metadata(path)


def test_an_empty_file_has_no_metadata(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"")
    assert metadata(path) == {}


def test_spoiled_files_never_end_in_another_error(tmp_path: Path) -> None:
    tiny.ctc(tmp_path, "model.onnx", {"model_type": "wenet_ctc"})
    whole = (tmp_path / "model.onnx").read_bytes()
    chance = random.Random(4)
    path = tmp_path / "spoiled.onnx"
    refused = 0
    for _ in range(300):
        spoiled = bytearray(whole[: chance.randrange(1, len(whole) + 1)])
        spoiled[chance.randrange(len(spoiled))] ^= 1 << chance.randrange(8)
        path.write_bytes(spoiled)
        try:
            metadata(path)
        except UsageError:
            refused += 1
    assert refused > 100
