"""Broadcasts with planted clocks: chat in each dialect whose drift, pauses and delays are known."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import av
import numpy as np

from fairstream.sources.times import CHINA

START = datetime(2026, 3, 1, 20, 0, 0, 250_000, tzinfo=CHINA)
DIALECTS = ("bililive", "blrec", "biliup", "douyin")


def long_video(path: Path, seconds: int) -> Path:
    """A tiny recording of two pictures a second."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mpeg4", rate=2)
        stream.width, stream.height, stream.pix_fmt = 16, 16, "yuv420p"
        for number in range(seconds * 2):
            frame = av.VideoFrame(16, 16, "yuv420p")
            frame.pts = number
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def chat(
    dialect: str, start: datetime, offsets: np.ndarray, wall_ms: Callable[[float], float], seed: int = 1
) -> str:
    """Messages at `offsets` (ms), each sent a little before the recorder had it (0.3 s on average)."""
    random = np.random.default_rng(seed)
    lines = []
    for offset in offsets:
        sent = start.timestamp() * 1000 + wall_ms(float(offset)) - random.exponential(300)
        cut = {"biliup": f"{int(sent // 1000)}"}.get(dialect, f"{round(sent)}")
        at = f"{offset / 1000:.2f}" if dialect == "douyin" else f"{offset / 1000:.3f}"
        rest = 'user="甲"' if dialect != "biliup" else 'timestamp="1" uid="3" user="甲"'
        lines.append(f'<d p="{at},1,25,16777215,{cut},0,3,0" {rest}>好</d>')
    head = {
        "bililive": '<i><chatserver>x</chatserver><BililiveRecorder version="2.0"/>'
        "<BililiveRecorderRecordInfo "
        f'roomid="1" shortid="0" name="小店（虚构）" title="好物" start_time="{start.isoformat()}"/>',
        "blrec": "<i><chatserver>x</chatserver><metadata><user_name>小店（虚构）</user_name>"
        f"<room_id>1</room_id><record_start_time>{start.isoformat()}</record_start_time></metadata>",
    }.get(dialect, "<i>")
    return head + "\n" + "\n".join(lines) + "\n</i>"


def slow_clock(start: datetime, count: int, lag: float) -> str:
    """DouyinLiveRecorder's time subtitle, whose loop takes 1 + `lag` seconds."""
    cues = []
    for number in range(count):
        now = start + timedelta(seconds=number * (1 + lag))
        marks = [f"{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02},000" for at in (number, number + 1)]
        cues.append(f"{number + 1}\n{marks[0]} --> {marks[1]}\n{now:%Y-%m-%d %H:%M:%S}\n")
    return "\n".join(cues)
