"""Redacted copies: what was hidden is gone, the rest and the original are as they were."""

import hashlib
import json
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from fairstream.errors import EncodingError, FormatError, UsageError
from fairstream.evidence.redaction import (
    BoxAt,
    Interval,
    Redaction,
    append_redaction,
    covered,
    redact_file,
    redact_text,
    silenced,
)
from fairstream.records import Box, Span

AT = datetime(2026, 3, 1, 20, 0, tzinfo=timezone(timedelta(hours=8)))
TEXT = "收货人张三，电话13812345678，住杭州市西湖区文三路123号4栋502室，\r\n卡号6222021234567890123，售价39元"


def redact(source: Path, out: Path, **what: Any) -> Redaction:
    return redact_file(source, out, who="王某", reason="含个人信息", at=AT, **what)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_numbers_addresses_and_words_are_starred_in_place() -> None:
    copy, places = redact_text(TEXT, ["张三"])
    assert len(copy) == len(TEXT)
    assert [place.kind for place in places] == ["word", "number", "address", "number"]
    assert places[0].span == Span(3, 5) and copy[3:5] == "**"
    assert "13812345678" not in copy and "文三路" not in copy and "502" not in copy
    assert copy.endswith("，售价39元") and "\r\n" in copy
    for at, (one, other) in enumerate(zip(TEXT, copy, strict=True)):
        assert one == other or any(p.span and p.span.start <= at < p.span.end for p in places)


@pytest.mark.parametrize("text", ["", "售价39元，第3号链接", "国药准字H20210001", "一路有你，3号链接上架"])
def test_what_is_no_personal_data_stays(text: str) -> None:
    assert redact_text(text) == (text, ())


@pytest.mark.parametrize("ending", [".txt", ".csv", ".html", ".jsonl"])
def test_text_copy_is_linked_and_the_original_stays(tmp_path: Path, ending: str) -> None:
    source, out = tmp_path / f"chat{ending}", tmp_path / f"copy{ending}"
    source.write_bytes((json.dumps({"t": TEXT, "phone": 13812345678}, ensure_ascii=False) + "\n").encode())
    before = sha256(source)
    record = redact(source, out, words=("张三",))
    assert sha256(source) == before == record.original_sha256
    assert record.copy_sha256 == sha256(out) and record.method == "masked_text"
    assert record.parent().sha256 == before
    assert b"13812345678" not in out.read_bytes() and len(record.places) == 5
    if ending == ".jsonl":
        assert json.loads(out.read_bytes())["phone"] == 13800000078
    append_redaction(tmp_path / "redactions.jsonl", record)
    line = json.loads((tmp_path / "redactions.jsonl").read_text(encoding="utf-8"))
    assert (line["who"], line["reason"], line["count"]) == ("王某", "含个人信息", 5)
    assert line["places"][0]["kind"] == "word" and len(line["places"][0]["span"]) == 2


def png(path: Path) -> Path:
    image = np.random.default_rng(1).integers(0, 255, (40, 60, 3), dtype=np.uint8)
    from fairstream.evidence.cuts import picture_bytes

    path.write_bytes(picture_bytes(av.VideoFrame.from_ndarray(image, format="rgb24"), ".png"))
    return path


def pixels(path: Path) -> Any:
    with av.open(str(path)) as container:
        return next(iter(container.decode(video=0))).to_ndarray(format="rgb24")


def test_picture_is_black_in_the_box_and_exact_outside(tmp_path: Path) -> None:
    source = png(tmp_path / "a.png")
    redact(source, tmp_path / "b.png", boxes=[BoxAt(Box(0.5, 0.25, 0.25, 0.5))])
    before, after = pixels(source), pixels(tmp_path / "b.png")
    assert not after[10:30, 30:45].any()
    after[10:30, 30:45] = before[10:30, 30:45]
    assert np.array_equal(before, after)


def test_blur_leaves_a_few_cells() -> None:
    image = np.random.default_rng(1).integers(0, 255, (80, 80, 3), dtype=np.uint8)
    part = covered(image, Box(0, 0, 0.5, 0.5), "blur")[:40, :40]
    assert len(np.unique(part.reshape(-1, 3), axis=0)) <= 16


def test_silence_is_exact_to_the_sample() -> None:
    samples = np.ones((2, 1000), dtype=np.float32)
    out = silenced(samples, 500, 1000, [Interval(600, 700), Interval(0, 510), Interval(1450)])
    wanted = np.ones(1000, dtype=bool)
    wanted[100:200] = wanted[:10] = wanted[950:] = False
    assert np.array_equal(out[0] > 0, wanted) and samples.all()


def clip(path: Path, seconds: int = 3) -> Path:
    """White pictures and a tone."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=10, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        audio = container.add_stream("aac", rate=16_000, layout="mono")
        tone = (0.5 * np.sin(np.arange(16_000 * seconds) * 0.2)).astype(np.float32)
        for number in range(10 * seconds):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 255, np.uint8), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 10)
            container.mux(video.encode(frame))
            block = av.AudioFrame.from_ndarray(
                tone[None, number * 1600 : (number + 1) * 1600], format="fltp", layout="mono"
            )
            block.sample_rate, block.pts, block.time_base = 16_000, number * 1600, Fraction(1, 16_000)
            container.mux(audio.encode(block))
        container.mux(video.encode(None))
        container.mux(audio.encode(None))
    return path


def test_clip_is_covered_and_silenced_over_its_intervals(tmp_path: Path) -> None:
    source, out = clip(tmp_path / "a.mp4"), tmp_path / "b.mp4"
    before = sha256(source)
    record = redact(source, out, boxes=[BoxAt(Box(0, 0, 0.5, 0.5), 1000, 2000)], mute=[Interval(1000, 2000)])
    assert sha256(source) == before and record.method == "re_encoded"
    assert [place.kind for place in record.places] == ["box", "sound"]
    with av.open(str(out)) as container:
        for frame in container.decode(video=0):
            corner = frame.to_ndarray(format="rgb24")[2:20, 2:28].mean()
            hidden = 1.0 <= float(frame.time or 0) < 2.0
            assert corner < 20 if hidden else corner > 235, frame.time
    with av.open(str(out)) as container:
        loud = {True: 0.0, False: 0.0}
        for block in container.decode(audio=0):
            at = float(block.time or 0)
            if 1.15 < at < 1.85 or at < 0.85 or 2.15 < at < 2.7:
                loud[1 < at < 2] = max(loud[1 < at < 2], float(np.abs(block.to_ndarray()).max()))
    assert loud[True] < 0.01 < 0.3 < loud[False]


def test_what_does_not_fit_is_refused(tmp_path: Path) -> None:
    text, film = tmp_path / "a.txt", clip(tmp_path / "a.mp4", 1)
    text.write_bytes(b"\xff\xfe13812345678")
    picture = png(tmp_path / "a.png")
    with pytest.raises(EncodingError):
        redact(text, tmp_path / "b.txt")
    with pytest.raises(UsageError):
        redact(text, tmp_path / "b.txt", boxes=[BoxAt(Box(0, 0, 1, 1))])
    with pytest.raises(UsageError):
        redact(film, tmp_path / "b.mp4")
    with pytest.raises(UsageError):
        redact(picture, tmp_path / "b.png", mute=[Interval(0)])
    with pytest.raises(UsageError, match="leaves the picture"):
        redact(picture, tmp_path / "b.png", boxes=[BoxAt(Box(0.5, 0, 0.6, 1))])
    with pytest.raises(UsageError, match="never replaces"):
        redact(picture, picture, boxes=[BoxAt(Box(0, 0, 1, 1))])
    with pytest.raises(UsageError, match="person"):
        redact_file(picture, tmp_path / "b.png", who=" ", reason="x", at=AT, boxes=[BoxAt(Box(0, 0, 1, 1))])
    picture.write_bytes(b"not a picture")
    with pytest.raises(FormatError):
        redact(picture, tmp_path / "b.png", boxes=[BoxAt(Box(0, 0, 1, 1))])
    assert not list(tmp_path.glob(".*part*")) and not (tmp_path / "b.png").exists()


def test_frames_a_decoder_gives_when_emptied_are_covered_too(tmp_path: Path) -> None:
    """H.264 with pictures held back: the last of them come without a time base of their own."""
    source, out = tmp_path / "live.flv", tmp_path / "live-redacted.mp4"
    with av.open(str(source), "w", format="flv") as target:
        stream = target.add_stream("libx264", rate=25, options={"g": "25", "bf": "3"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        white = np.full((48, 64, 3), 255, np.uint8)
        for number in range(30):
            frame = av.VideoFrame.from_ndarray(white, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    record = redact(source, out, boxes=(BoxAt(Box(0, 0, 0.5, 1)),))
    assert record.method == "re_encoded"
    with av.open(str(out)) as copy:
        pictures = [frame.to_ndarray(format="gray") for frame in copy.decode(video=0)]
    assert len(pictures) == 30
    assert all(one[:, :28].max() < 40 and one[:, 36:].min() > 215 for one in pictures)


@pytest.mark.parametrize(
    ("text", "copy"),
    [
        (
            r'"\u0031\u0033\u0038\u0031\u0032\u0033\u0034\u0035\u0036\u0037\u0038"',
            r'"\u0031\u0033\u0038' + "*" * 36 + r'\u0037\u0038"',
        ),
        ("&#49;3&#x38;1&#50;345678", "&#49;3&#x38;" + "*" * 10 + "78"),
        ("tel:%31%33%38%31%32%33%34%35%36%37%38", "tel:%31%33%38" + "*" * 18 + "%37%38"),
        ("138\u200b1234\u200b5678", "138\u200b****\u200b**78"),
        (r'{"n":"\u5f20\u4e09"}', '{"n":"' + "*" * 12 + '"}'),
        ("?n=%E5%BC%A0%E4%B8%89&p=1", "?n=" + "*" * 18 + "&p=1"),
        ("&#24352;&#19977;先生", "*" * 16 + "先生"),
        (r'"C:\\u0031\\x"', r'"C:\\u0031\\x"'),
        ("100%25 %ff %E5%BC", "100%25 %ff %E5%BC"),
        ("张\u200b三", "*\u200b*"),
    ],
)
def test_escapes_are_read_as_they_show(text: str, copy: str) -> None:
    found, places = redact_text(text, ["张三"])
    assert found == copy and len(found) == len(text)
    for at, (one, other) in enumerate(zip(text, found, strict=True)):
        assert one == other or any(p.span and p.span.start <= at < p.span.end for p in places)
