"""Tells what lies in a model's folder and opens it.

A folder is recognised by the names of its files, and single ONNX files by the metadata that their exporter
wrote; no network is touched, and nothing is ever downloaded. What each kind needs is in
docs/user/speech.md.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final, Literal, NamedTuple

from fairstream.errors import UsageError
from fairstream.sources.asr.card import sha256_of
from fairstream.sources.asr.engine import Engine, ModelCard
from fairstream.sources.asr.funasr import FunasrEngine
from fairstream.sources.asr.onnx import metadata
from fairstream.sources.asr.sherpa import Parts, SherpaEngine
from fairstream.sources.asr.syllables import read_tokens, writes_syllables
from fairstream.sources.asr.whisper import WhisperEngine

Kind = Literal[
    "auto", "streaming_transducer", "transducer", "streaming_zipformer_ctc", "zipformer_ctc", "wenet_ctc",
    "streaming_paraformer", "paraformer", "sense_voice", "whisper", "faster_whisper", "funasr",
]  # fmt: skip
KINDS: Final[tuple[Kind, ...]] = (
    "auto", "streaming_transducer", "transducer", "streaming_zipformer_ctc", "zipformer_ctc", "wenet_ctc",
    "streaming_paraformer", "paraformer", "sense_voice", "whisper", "faster_whisper", "funasr",
)  # fmt: skip
_ROLE: Final = re.compile(r"(?:^|[-_.])(encoder|decoder|joiner)(?=[-_.])", re.IGNORECASE)
_NEEDS: Final[dict[Kind, tuple[str, ...]]] = {
    "streaming_transducer": ("tokens", "encoder", "decoder", "joiner"),
    "transducer": ("tokens", "encoder", "decoder", "joiner"),
    "streaming_paraformer": ("tokens", "encoder", "decoder"),
    "whisper": ("tokens", "encoder", "decoder"),
    "streaming_zipformer_ctc": ("tokens", "model"), "zipformer_ctc": ("tokens", "model"),
    "wenet_ctc": ("tokens", "model"), "paraformer": ("tokens", "model"), "sense_voice": ("tokens", "model"),
}  # fmt: skip
_FILES: Final[dict[Kind, tuple[str, ...]]] = {
    "faster_whisper": ("model.bin", "config.json", "tokenizer.json"),
    "funasr": ("model.pt", "config.yaml"),
}
_WOULD_WORK: Final = (
    "give a folder with tokens.txt and encoder, decoder and joiner (.onnx), or tokens.txt and one model.onnx "
    "(SenseVoice, Paraformer, zipformer CTC); or model.bin and config.json (faster-whisper); or model.pt and "
    "config.yaml (FunASR)"
)
_NOT_SPEECH: Final = ("silero", "vad", "segmentation", "embedding", "punct")
_MOST_FILES: Final = 500


class Found(NamedTuple):
    """What a folder holds, before anything is opened."""

    kind: Kind
    files: dict[str, Path]


def open_engine(folder: Path, *, threads: int = 1, kind: Kind = "auto") -> Engine:
    """The recogniser in a folder.

    `kind` overrules what the files look like. Raises `UsageError` when the folder holds no model that can be
    opened, saying what was found and what is missing, or when the library for it is not installed.
    """
    found = recognise(Path(folder), kind)
    if found.kind == "funasr":
        return FunasrEngine(Path(folder), card_of(found, Path(folder)), threads=threads)
    if found.kind == "faster_whisper":
        return WhisperEngine(Path(folder), card_of(found, Path(folder)), threads=threads)
    syllables = writes_syllables(read_tokens(found.files["tokens"]))
    card = card_of(found, Path(folder))
    parts = Parts(found.kind, found.files)
    return SherpaEngine(parts, card, "syllables" if syllables else "characters", threads=threads)


def recognise(folder: Path, kind: Kind = "auto") -> Found:
    """Which kind of model lies in a folder, and its files by role. Raises `UsageError` as `open_engine`."""
    if kind not in KINDS:
        raise UsageError(f"no such kind of model: {kind}", remedy=f"use one of {', '.join(KINDS)}")
    names = _names(folder)
    for whole, needed in _FILES.items():
        there = [name for name in needed if name in names]
        if kind == whole or (kind == "auto" and there[:1] == [needed[0]] and not _tokens(folder, names)):
            _demand(folder, names, whole, [name for name in needed[:2] if name not in names])
            files = sorted(name for name in names if (folder / name).is_file())
            return Found(whole, {name: folder / name for name in files})
    files_by_role = _files_by_role(folder, names)
    told = _told(folder, files_by_role, names) if kind == "auto" else kind
    missing = [role for role in _NEEDS[told] if role not in files_by_role]
    _demand(folder, names, told, [_file_of(role) for role in missing])
    return Found(told, {role: files_by_role[role] for role in _NEEDS[told]})


def card_of(found: Found, folder: Path) -> ModelCard:
    """Engine, version of its library, the folder's name, and SHA-256 of each file that is read."""
    library = {"funasr": "funasr", "faster_whisper": "faster-whisper"}.get(found.kind, "sherpa-onnx")
    hashes = sorted((path.name, sha256_of(path)) for path in found.files.values())
    return ModelCard(f"{library} ({found.kind})", _version(library), folder.resolve().name, tuple(hashes))


def _names(folder: Path) -> list[str]:
    if not folder.is_dir():
        raise UsageError(
            "there is no such folder", file=folder, remedy="name the folder that holds the model's files"
        )
    names = sorted(path.name for path in folder.iterdir() if path.is_file())
    if len(names) > _MOST_FILES:
        raise UsageError(f"{len(names)} files: this is no model's folder", file=folder, remedy=_WOULD_WORK)
    return names


def _demand(folder: Path, names: Sequence[str], kind: Kind, missing: Sequence[str]) -> None:
    if missing:
        raise UsageError(
            f"this looks like a {kind} model, but {' and '.join(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} missing; found {_listed(names)}",
            file=folder,
            remedy="copy the missing files into the folder",
        )


def _tokens(folder: Path, names: Sequence[str]) -> Path | None:
    found = [name for name in names if name == "tokens.txt"] or [
        name for name in names if name.endswith("tokens.txt")
    ]
    return folder / found[0] if len(found) == 1 else None


def _files_by_role(folder: Path, names: Sequence[str]) -> dict[str, Path]:
    """The ONNX files by role; of one file in two precisions the smaller (int8) is taken."""
    candidates: dict[str, list[str]] = defaultdict(list)
    for name in names:
        if name.endswith(".onnx") and not any(word in name.lower() for word in _NOT_SPEECH):
            part = _ROLE.search(name)
            candidates[part.group(1).lower() if part else "model"].append(name)
    files = {role: folder / _chosen(folder, role, given) for role, given in candidates.items()}
    if tokens := _tokens(folder, names):
        files["tokens"] = tokens
    return files


def _chosen(folder: Path, role: str, names: Sequence[str]) -> str:
    models = {re.sub(r"\.(?:int8|fp16|float32)(?=\.)", "", name) for name in names}
    if len(models) > 1:
        raise UsageError(
            f"several models lie here: {_listed(names)} could each be the {role}",
            file=folder,
            remedy="leave one model per folder",
        )
    return min(names, key=lambda name: (".int8." not in name, name))


def _told(folder: Path, files: dict[str, Path], names: Sequence[str]) -> Kind:
    """The kind of an ONNX model, from which files there are and what the encoder or model says of itself."""
    name = folder.resolve().name.lower()
    if "encoder" in files:
        about = metadata(files["encoder"])
        if "joiner" in files or "zipformer" in about.get("model_type", ""):
            streams = "decode_chunk_len" in about or about.get("model_type") == "lstm"
            return "streaming_transducer" if streams else "transducer"
        if about.get("model_type", "").startswith("whisper") or "whisper" in name:
            return "whisper"
        if "paraformer" in about.get("model_type", "") or "paraformer" in name:
            return "streaming_paraformer"
    if "model" in files:
        return _told_single(files["model"], name, folder, names)
    raise UsageError(
        f"no speech model was recognised here; found {_listed(names)}", file=folder, remedy=_WOULD_WORK
    )


def _told_single(model: Path, name: str, folder: Path, names: Sequence[str]) -> Kind:
    about = metadata(model)
    own = about.get("model_type", "")
    by_type: dict[str, Kind] = {
        "sense_voice_ctc": "sense_voice", "paraformer": "paraformer", "zipformer2_ctc": "zipformer_ctc",
        "wenet_ctc": "wenet_ctc",
    }  # fmt: skip
    if "decode_chunk_len" in about and "zipformer" in own:
        return "streaming_zipformer_ctc"
    if own in by_type:
        return by_type[own]
    # Some exports carry no type; sherpa-onnx still needs the rest of their metadata.
    if "lfr_window_size" in about:
        return "sense_voice" if "with_itn" in about or "sense" in name else "paraformer"
    raise UsageError(
        f"{model.name} does not say which kind of model it is"
        + (f" (it calls itself '{own}')" if own else " (it has no metadata of sherpa-onnx)")
        + f"; found {_listed(names)}",
        file=folder,
        remedy="name its kind, or export it with sherpa-onnx's own script",
    )


def _file_of(role: str) -> str:
    return "tokens.txt" if role == "tokens" else f"{role}.onnx"


def _listed(names: Iterable[str]) -> str:
    listed = list(names)
    more = f" and {len(listed) - 8} more" if len(listed) > 8 else ""
    return (", ".join(listed[:8]) or "nothing") + more


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
