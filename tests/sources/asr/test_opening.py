"""Model folders: told by names and metadata, opened and run by the real library on tiny models made here."""

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fairstream.errors import UsageError
from fairstream.sources.asr.opening import open_engine, recognise
from sources.asr import tiny

pytest.importorskip("sherpa_onnx", reason="needs sherpa-onnx")
SECOND = (np.random.default_rng(1).standard_normal(16000) * 0.1).astype(np.float32)


def zipformer_ctc(folder: Path) -> None:
    tiny.ctc(folder, "model.int8.onnx", {"model_type": "zipformer2_ctc"})


def wenet_ctc(folder: Path) -> None:
    about = {"model_type": "wenet_ctc", "vocab_size": "6", "subsampling_factor": "4"}
    tiny.ctc(folder, "model.onnx", about)


@pytest.mark.parametrize(
    ("make", "kind", "text", "starts"),
    [
        (zipformer_ctc, "zipformer_ctc", "好茶 tea", [80, 200, 320]),
        (wenet_ctc, "wenet_ctc", "好茶 tea", [80, 200, 320]),
        (tiny.sense_voice, "sense_voice", "好茶", [120, 240]),
        (tiny.paraformer, "paraformer", "好茶", [0, 500]),
        (tiny.transducer, "transducer", "好茶", [0, 40]),
        (tiny.whisper, "whisper", "好茶", [0, 500]),
    ],
)
def test_each_kind_is_recognised_and_runs(
    make: Callable[[Path], None], kind: str, text: str, starts: list[int], tmp_path: Path
) -> None:
    make(tmp_path)
    assert recognise(tmp_path).kind == kind
    engine = open_engine(tmp_path)
    assert engine.writes == "characters"
    (segment,) = engine.hear(SECOND)
    assert segment.text == text
    assert [sound.text for sound in segment.sounds] == text.replace("好茶", "好 茶 ").split()
    assert [sound.start_ms for sound in segment.sounds] == starts
    assert segment.sounds[-1].end_ms == segment.end_ms <= 1000


def test_only_transducers_tell_how_sure_they_are(tmp_path: Path) -> None:
    tiny.transducer(tmp_path)
    (segment,) = open_engine(tmp_path).hear(SECOND)
    assert all(sound.confidence and sound.confidence > 0.9 for sound in segment.sounds)
    assert segment.confidence and segment.confidence > 0.9


def test_the_card_names_every_file_with_its_hash(tmp_path: Path) -> None:
    tiny.paraformer(tmp_path)
    (tmp_path / "README.md").write_text("not read")
    card = open_engine(tmp_path).card
    hashes = {
        name: hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()
        for name in ("model.onnx", "tokens.txt")
    }
    assert dict(card.files) == hashes
    assert card.engine == "sherpa-onnx (paraformer)"
    assert card.name == tmp_path.name and card.version


def test_of_two_precisions_the_smaller_is_taken(tmp_path: Path) -> None:
    tiny.sense_voice(tmp_path, "model.onnx")
    tiny.sense_voice(tmp_path, "model.int8.onnx")
    assert recognise(tmp_path).files["model"].name == "model.int8.onnx"


def test_a_kind_given_overrules_what_the_file_says(tmp_path: Path) -> None:
    tiny.ctc(tmp_path, "model.onnx", {"vocab_size": "6", "subsampling_factor": "4"})
    with pytest.raises(UsageError, match="does not say which kind") as raised:
        recognise(tmp_path)
    assert "name its kind" in (raised.value.remedy or "")
    with pytest.raises(UsageError, match="no such kind"):
        recognise(tmp_path, "sphinx")  # type: ignore[arg-type]
    assert recognise(tmp_path, "wenet_ctc").kind == "wenet_ctc"


@pytest.mark.parametrize(
    ("names", "cause"),
    [
        ([], "no speech model was recognised here; found nothing"),
        (["silero_vad.onnx", "tokens.txt"], "no speech model was recognised"),
        (["a.wav", "b.wav"], "found a.wav, b.wav"),
        (["model.bin"], "looks like a faster_whisper model, but config.json is missing"),
        (["model.pt", "tokens.json"], "looks like a funasr model, but config.yaml is missing"),
    ],
)
def test_what_is_no_model_is_named(names: list[str], cause: str, tmp_path: Path) -> None:
    for name in names:
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(UsageError, match=cause):
        open_engine(tmp_path)


def test_a_missing_folder_and_a_crowded_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        open_engine(tmp_path / "none")
    for number in range(501):
        (tmp_path / f"{number}.txt").touch()
    with pytest.raises(UsageError, match="501 files"):
        open_engine(tmp_path)


def test_missing_parts_are_named(tmp_path: Path) -> None:
    tiny.transducer(tmp_path)
    (tmp_path / "tokens.txt").unlink()
    with pytest.raises(UsageError, match=r"looks like a transducer model, but tokens\.txt is missing"):
        open_engine(tmp_path)


def test_two_models_in_one_folder_are_refused(tmp_path: Path) -> None:
    tiny.transducer(tmp_path)
    (tmp_path / "encoder-epoch-20-avg-1.onnx").write_bytes(b"")
    with pytest.raises(UsageError, match="several models lie here"):
        open_engine(tmp_path)


def test_an_export_that_would_end_the_process_is_refused(tmp_path: Path) -> None:
    tiny.ctc(tmp_path, "model.onnx", {"model_type": "paraformer"})
    with pytest.raises(UsageError, match=r"exported without .*vocab_size, lfr_window_size"):
        open_engine(tmp_path)


def test_a_model_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    tiny.sense_voice(tmp_path)
    whole = (tmp_path / "model.int8.onnx").read_bytes()
    (tmp_path / "model.int8.onnx").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UsageError, match="no ONNX model, or it was cut off"):
        open_engine(tmp_path)


def test_a_graph_that_the_library_refuses_ends_in_our_error(tmp_path: Path) -> None:
    tiny.sense_voice(tmp_path)
    path = tmp_path / "model.int8.onnx"
    path.write_bytes(path.read_bytes().replace(b"Identity", b"Identify"))
    with pytest.raises(UsageError, match="sherpa-onnx cannot open this sense_voice model"):
        open_engine(tmp_path)


@pytest.mark.parametrize(
    ("library", "names", "extra"),
    [
        ("faster_whisper", ["model.bin", "config.json"], "whisper"),
        ("funasr", ["model.pt", "config.yaml"], "funasr"),
    ],
)
def test_a_library_that_is_not_installed_is_named(
    library: str, names: list[str], extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in names:
        (tmp_path / name).write_bytes(b"{}")
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(UsageError) as raised:
        open_engine(tmp_path)
    assert raised.value.remedy == f'pip install "fairstream[{extra}]"'


def test_the_shared_model_writes_syllables(model: Path) -> None:
    engine = open_engine(model)
    assert engine.writes == "syllables"
    assert recognise(model).kind == "streaming_transducer"
    assert len(engine.card.files) == 4
