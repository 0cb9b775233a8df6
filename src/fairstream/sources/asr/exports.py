"""What sherpa-onnx wants an exported model to say of itself.

The library ends the whole process when one of these is missing from an ONNX file's metadata, so they are
looked for before it is given the file. Keys as its loaders read them (sherpa-onnx 2.0).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from fairstream.errors import UsageError
from fairstream.sources.asr.onnx import metadata

_ZIPFORMER2: Final = (
    *("encoder_dims", "query_head_dims", "value_head_dims", "num_heads", "num_encoder_layers"),
    *("cnn_module_kernels", "left_context_len", "T", "decode_chunk_len"),
)
_SEGMENTS: Final = ("vocab_size", "lfr_window_size", "lfr_window_shift", "neg_mean", "inv_stddev")
_NEEDED: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "streaming_transducer": {"decoder": ("vocab_size", "context_size"), "joiner": ("joiner_dim",)},
    "transducer": {"decoder": ("vocab_size", "context_size"), "joiner": ("joiner_dim",)},
    "streaming_zipformer_ctc": {"model": _ZIPFORMER2},
    "wenet_ctc": {"model": ("vocab_size", "subsampling_factor")},
    "paraformer": {"model": _SEGMENTS},
    "sense_voice": {"model": (*_SEGMENTS, "with_itn", "without_itn", "lang_auto", "lang_zh")},
    "whisper": {"encoder": ("n_mels", "n_text_layer", "n_text_ctx", "n_text_state", "sot_sequence", "eot")},
}


def check_export(kind: str, files: Mapping[str, Path]) -> None:
    """Raises `UsageError` when a file of the model lacks what sherpa-onnx reads first."""
    for role, keys in _NEEDED.get(kind, {}).items():
        _demand(files[role], metadata(files[role]), keys)
    if kind == "streaming_transducer":
        about = metadata(files["encoder"])
        if "model_type" not in about or about["model_type"] == "zipformer2":
            _demand(files["encoder"], about, ("model_type", *_ZIPFORMER2))


def _demand(path: Path, about: Mapping[str, str], keys: tuple[str, ...]) -> None:
    missing = [key for key in keys if key not in about]
    if missing:
        raise UsageError(
            f"the model was exported without what sherpa-onnx needs to know ({', '.join(missing[:4])})",
            file=path.name,
            remedy="export it with sherpa-onnx's own script for this kind of model, or name another kind",
        )
