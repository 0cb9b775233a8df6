"""Tiny ONNX models made here byte by byte, so that each kind of folder is opened and run by the real library.

Their weights are chosen so that what they hear is known beforehand: every frame says the same token. The
format is onnx.proto (ModelProto, GraphProto, NodeProto, TensorProto), written as protocol buffers.
"""

import base64
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

FLOAT, INT32, INT64 = 1, 6, 7
Shape = Sequence[int | str]


def varint(value: int) -> bytes:
    out = bytearray()
    value &= (1 << 64) - 1
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def block(field: int, payload: bytes | str) -> bytes:
    data = payload.encode() if isinstance(payload, str) else payload
    return varint(field << 3 | 2) + varint(len(data)) + data


def tensor(name: str, kind: int, shape: Sequence[int], values: Sequence[float]) -> bytes:
    form = {FLOAT: "f", INT32: "i", INT64: "q"}[kind]
    raw = struct.pack(f"<{len(values)}{form}", *values)
    return b"".join(number(1, size) for size in shape) + number(2, kind) + block(8, name) + block(9, raw)


def value_info(name: str, kind: int, shape: Shape) -> bytes:
    sizes = b"".join(block(1, number(1, size) if isinstance(size, int) else block(2, size)) for size in shape)
    return block(1, name) + block(2, block(1, number(1, kind) + block(2, sizes)))


def node(
    operator: str, inputs: Sequence[str], outputs: Sequence[str], **attributes: int | list[int]
) -> bytes:
    out = b"".join(block(1, name) for name in inputs) + b"".join(block(2, name) for name in outputs)
    out += block(4, operator)
    for name, value in attributes.items():
        if isinstance(value, int):
            out += block(5, block(1, name) + number(3, value) + number(20, 2))
        else:
            out += block(5, block(1, name) + b"".join(number(8, each) for each in value) + number(20, 7))
    return out


def write_model(
    path: Path,
    *,
    nodes: Sequence[bytes],
    inputs: Sequence[tuple[str, int, Shape]],
    outputs: Sequence[tuple[str, int, Shape]],
    weights: Sequence[bytes] = (),
    about: Mapping[str, str] | None = None,
) -> None:
    graph = b"".join(block(1, each) for each in nodes) + block(2, "tiny")
    graph += b"".join(block(5, each) for each in weights)
    graph += b"".join(block(11, value_info(*each)) for each in inputs)
    graph += b"".join(block(12, value_info(*each)) for each in outputs)
    model = number(1, 8) + block(7, graph) + block(8, number(2, 13))
    for key, value in (about or {}).items():
        model += block(14, block(1, key) + block(2, value))
    path.write_bytes(model)


def write_tokens(path: Path, tokens: Sequence[str]) -> None:
    path.write_text("".join(f"{token} {n}\n" for n, token in enumerate(tokens)), encoding="utf-8")


VOCABULARY = ("<blk>", "好", "茶", "▁tea", "<unk>", "</s>")
_FEATURES = ("x", FLOAT, ("N", "T", 80))
_LENGTHS = ("x_lens", INT64, ("N",))
_STATISTICS = {"neg_mean": ",".join(["0"] * 560), "inv_stddev": ",".join(["1"] * 560)}
_SEGMENTS = {"vocab_size": "6", "lfr_window_size": "7", "lfr_window_shift": "6", **_STATISTICS}


def said(tokens: Sequence[int], vocabulary: int = len(VOCABULARY)) -> bytes:
    """What a model answers frame by frame, whatever it is given."""
    rows = [8.0 if token == column else 0.0 for token in tokens for column in range(vocabulary)]
    return tensor("said", FLOAT, (1, len(tokens), vocabulary), rows)


def ctc(folder: Path, name: str, about: Mapping[str, str]) -> None:
    """A CTC model that says 好, 茶 and tea in its frames 2, 5 and 8."""
    frames = [0, 0, 1, 1, 0, 2, 0, 0, 3, 0]
    write_tokens(folder / "tokens.txt", VOCABULARY)
    write_model(
        folder / name,
        nodes=[
            node("LogSoftmax", ["said"], ["log_probs"], axis=-1),
            node("Identity", ["count"], ["log_probs_len"]),
        ],
        inputs=[_FEATURES, _LENGTHS],
        outputs=[("log_probs", FLOAT, ("N", "T", 6)), ("log_probs_len", INT64, ("N",))],
        weights=[said(frames), tensor("count", INT64, (1,), [len(frames)])],
        about=about,
    )


def sense_voice(folder: Path, name: str = "model.int8.onnx") -> None:
    """A SenseVoice model that says four tags, then 好 and 茶."""
    languages = {f"lang_{code}": str(n) for n, code in enumerate(("auto", "zh", "en", "yue", "ja", "ko"))}
    write_tokens(folder / "tokens.txt", VOCABULARY)
    write_model(
        folder / name,
        nodes=[node("Identity", ["said"], ["logits"])],
        inputs=[
            ("x", FLOAT, ("N", "T", 560)),
            *((each, INT32, ("N",)) for each in ("x_length", "language", "text_norm")),
        ],
        outputs=[("logits", FLOAT, ("N", "T", 6))],
        weights=[said([4, 5, 4, 5, 0, 0, 1, 0, 2, 2] + [0] * 50)],
        about={
            "model_type": "sense_voice_ctc",
            "normalize_samples": "0",
            "with_itn": "14",
            "without_itn": "15",
            **languages,
            **_SEGMENTS,
        },
    )


def paraformer(folder: Path, name: str = "model.onnx") -> None:
    """A Paraformer that says 好茶 and stops."""
    write_tokens(folder / "tokens.txt", VOCABULARY)
    write_model(
        folder / name,
        nodes=[node("Identity", ["said"], ["logits"]), node("Identity", ["count"], ["token_num"])],
        inputs=[("speech", FLOAT, ("N", "T", 560)), ("speech_lengths", INT32, ("N",))],
        outputs=[("logits", FLOAT, ("N", "T", 6)), ("token_num", INT32, ("N",))],
        weights=[said([1, 2, 5]), tensor("count", INT32, (1,), [3])],
        about={"model_type": "paraformer", **_SEGMENTS},
    )


def transducer(folder: Path) -> None:
    """A whole-segment transducer that says 好, then 茶, then nothing more.

    Its decoder averages what the last two tokens weigh: nothing asks for 好, 好 for 茶, and 茶 for silence.
    """
    write_tokens(folder / "tokens.txt", VOCABULARY)
    weighs = {0: (1, 8.0), 1: (2, 32.0), 2: (0, 96.0)}
    table = [
        weighs[row][1] if row in weighs and weighs[row][0] == n else 0.0 for row in range(6) for n in range(6)
    ]
    write_model(
        folder / "encoder-epoch-9-avg-1.int8.onnx",
        nodes=[
            node("MatMul", ["x", "nothing"], ["encoder_out"]),
            node("Identity", ["x_lens"], ["encoder_out_lens"]),
        ],
        inputs=[_FEATURES, _LENGTHS],
        outputs=[("encoder_out", FLOAT, ("N", "T", 6)), ("encoder_out_lens", INT64, ("N",))],
        weights=[tensor("nothing", FLOAT, (80, 6), [0.0] * 480)],
        about={"model_type": "zipformer2", "comment": "non-streaming zipformer2"},
    )
    write_model(
        folder / "decoder-epoch-9-avg-1.onnx",
        nodes=[
            node("Gather", ["table", "y"], ["both"]),
            node("ReduceMean", ["both"], ["decoder_out"], axes=[1], keepdims=0),
        ],
        inputs=[("y", INT64, ("N", 2))],
        outputs=[("decoder_out", FLOAT, ("N", 6))],
        weights=[tensor("table", FLOAT, (6, 6), table)],
        about={"vocab_size": "6", "context_size": "2"},
    )
    write_model(
        folder / "joiner-epoch-9-avg-1.int8.onnx",
        nodes=[node("Add", ["encoder_out", "decoder_out"], ["logit"])],
        inputs=[("encoder_out", FLOAT, ("N", 6)), ("decoder_out", FLOAT, ("N", 6))],
        outputs=[("logit", FLOAT, ("N", 6))],
        about={"joiner_dim": "6"},
    )


_WHISPER = ("好", "茶", " tea", "<eot>", "<sot>", "<zh>", "<transcribe>", "<translate>", "<no times>")
_WHISPER_ABOUT = {
    "model_type": "whisper-tiny", "n_mels": "80", "n_audio_ctx": "1500", "n_audio_state": "4",
    "n_audio_head": "1", "n_audio_layer": "1", "n_vocab": "9", "n_text_ctx": "448", "n_text_state": "4",
    "n_text_head": "1", "n_text_layer": "1", "sot_sequence": "4,5,6", "all_language_tokens": "5",
    "all_language_codes": "zh", "sot": "4", "sot_index": "0", "eot": "3", "blank_id": "2",
    "is_multilingual": "1", "no_speech": "7", "non_speech_tokens": "", "transcribe": "6", "translate": "7",
    "sot_prev": "7", "sot_lm": "7", "no_timestamps": "8",
}  # fmt: skip


def whisper(folder: Path) -> None:
    """A Whisper export whose next token depends on the last alone: 好, 茶, the end."""
    size = len(_WHISPER)
    lines = [f"{base64.b64encode(word.encode()).decode()} {n}\n" for n, word in enumerate(_WHISPER)]
    (folder / "tiny-tokens.txt").write_text("".join(lines), encoding="utf-8")
    following = {8: 0, 0: 1}
    table = [8.0 if following.get(row, 3) == n else 0.0 for row in range(size) for n in range(size)]
    cross = [("n_layer_cross_k", FLOAT, (1, "N", "T", 4)), ("n_layer_cross_v", FLOAT, (1, "N", "T", 4))]
    caches = ["n_layer_self_k_cache", "n_layer_self_v_cache"]
    write_model(
        folder / "tiny-encoder.int8.onnx",
        nodes=[node("Identity", ["keys"], [name]) for name, _, _ in cross],
        inputs=[("mel", FLOAT, ("N", 80, "T"))],
        outputs=cross,
        weights=[tensor("keys", FLOAT, (1, 1, 1500, 4), [0.0] * 6000)],
        about=_WHISPER_ABOUT,
    )
    write_model(
        folder / "tiny-decoder.int8.onnx",
        nodes=[
            node("Gather", ["table", "tokens"], ["logits"]),
            *(node("Identity", [f"in_{name}"], [f"out_{name}"]) for name in caches),
        ],
        inputs=[
            ("tokens", INT64, ("N", "n")),
            *((f"in_{name}", FLOAT, (1, "N", 448, 4)) for name in caches),
            *cross,
            ("offset", INT64, (1,)),
        ],
        outputs=[
            ("logits", FLOAT, ("N", "n", size)),
            *((f"out_{name}", FLOAT, (1, "N", 448, 4)) for name in caches),
        ],
        weights=[tensor("table", FLOAT, (size, size), table)],
    )
