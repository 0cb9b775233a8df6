"""Stretches of a recording coded anew, where copying cannot do: other codecs, exact ends, covered pictures.

Pictures become H.264 at a visually lossless setting (x264, CRF 18), sound AAC at 160 kbit/s; what was
recorded is decoded and coded again, so such a file is a likeness of the original, never a part of it.
"""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fairstream.errors import FormatError
from fairstream.evidence.cuts_copy import MUXERS, Extent, options
from fairstream.evidence.cuts_opening import Opened, clock, stamps

Picture = npt.NDArray[np.uint8]
"""Height × width × 3 (red, green, blue)."""
Sound = npt.NDArray[np.float32]
"""Channels × samples, from −1 to 1."""
OnPicture = Callable[[Picture, int], Picture]
"""A picture and its position in ms → the picture to be written."""
OnSound = Callable[[Sound, int, int], Sound]
"""Samples, the position in ms of the first, and the samples a second → the samples to be written."""

_VIDEO_BASE: Final = Fraction(1, 90_000)
_WAIT_MS: Final = 5_000
_X264: Final = {"crf": "18", "preset": "veryfast"}
_SOUND_BITS: Final = 160_000
_SOUND_RATES: Final = frozenset({8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000})
_SOUND_CODECS: Final = {".mp3": "libmp3lame", ".wav": "pcm_s16le", ".flac": "flac", ".ogg": "libopus"}


class Encoder:
    """Decodes a stretch and codes it anew, each picture and block of sound passed through a function."""

    def __init__(
        self, source: Opened, *, picture: OnPicture | None = None, sound: OnSound | None = None
    ) -> None:
        self.source = source
        self.picture = picture
        self.sound = sound
        self.from_ms = 0
        self.to_ms: int | None = None
        self.begin: int | None = None
        self.end = 0
        self.targets: dict[int, Any] = {}
        self.resampler: Any = None

    def encode(self, out: Path, ending: str, from_ms: int, to_ms: int | None) -> Extent:
        """Write the stretch; it begins and ends with the first and last picture (block of sound) within.

        Raises `FormatError` when nothing lies there.
        """
        import av

        source = self.source
        self.from_ms, self.to_ms = from_ms, to_ms
        key = source.key_before(from_ms)
        source.seek(from_ms - key.back_ms)
        muxer = MUXERS[ending]
        with av.open(str(out), "w", format=muxer, container_options=options(muxer)) as target:
            self._open(target, ending)
            for packet in source.packets(*source.streams):
                at = source.position(stamps(packet)[0], packet.time_base)
                if to_ms is not None and at > to_ms + _WAIT_MS:
                    break
                self._packet(target, packet)
            for stream in source.streams:
                for frame in _decoded(stream.codec_context, None):
                    self._frame(target, stream, frame)
                for done in self.targets[stream.index].encode(None):
                    target.mux(done)
        if self.begin is None:
            raise FormatError(
                f"nothing could be decoded at {clock(from_ms)}",
                file=source.name,
                remedy="choose another time",
            )
        return Extent(self.begin, self.end)

    def _open(self, target: Any, ending: str) -> None:
        import av

        for stream in self.source.streams:
            context = stream.codec_context
            if stream.type == "video":
                new = target.add_stream("libx264", rate=stream.average_rate or 25, options=dict(_X264))
                new.width, new.height = context.width // 2 * 2, context.height // 2 * 2
                new.pix_fmt = "yuv420p"
                new.codec_context.time_base = _VIDEO_BASE
            else:
                rate = context.sample_rate if context.sample_rate in _SOUND_RATES else 48_000
                layout = "mono" if context.channels == 1 else "stereo"
                codec = _SOUND_CODECS.get(ending, "aac")
                new = target.add_stream(codec, rate=48_000 if codec == "libopus" else rate, layout=layout)
                if codec not in {"flac", "pcm_s16le"}:
                    new.bit_rate = _SOUND_BITS
                self.resampler = av.AudioResampler(format="fltp", layout=layout, rate=new.rate)
            self.targets[stream.index] = new

    def _packet(self, target: Any, packet: Any) -> None:
        for frame in _decoded(packet.stream.codec_context, packet):
            self._frame(target, packet.stream, frame)

    def _frame(self, target: Any, stream: Any, frame: Any) -> None:
        if frame.pts is None:
            return
        at = self.source.position(frame.pts, frame.time_base or stream.time_base)
        if at < self.from_ms or (self.to_ms is not None and at >= self.to_ms):
            return
        if self.begin is None:
            # A stream that starts later keeps its distance: both are counted from the same position.
            self.begin = at
        for new in self._video(frame, at) if stream.type == "video" else self._audio(frame, at):
            for packet in self.targets[stream.index].encode(new):
                target.mux(packet)

    def _video(self, frame: Any, at: int) -> list[Any]:
        import av

        self.end = max(self.end, at + self._shown_for(frame))
        if self.picture is not None:
            image = frame.to_ndarray(format="rgb24")
            new = av.VideoFrame.from_ndarray(self.picture(image, at), format="rgb24")
        else:
            new = frame
        new = new.reformat(width=frame.width // 2 * 2, height=frame.height // 2 * 2, format="yuv420p")
        new.pts = max(0, at - (self.begin or 0)) * 90
        new.time_base = _VIDEO_BASE
        new.pict_type = 0
        return [new]

    def _shown_for(self, frame: Any) -> int:
        rate = self.source.video.average_rate
        # Frames that a decoder gives when it is emptied may come without a base of their own.
        base = frame.time_base or self.source.video.time_base
        length = frame.duration * base if frame.duration else (1 / rate if rate else Fraction(1, 25))
        return max(1, round(length * 1000))

    def _audio(self, frame: Any, at: int) -> list[Any]:
        import av

        made = []
        for block in self.resampler.resample(frame):
            samples = block.to_ndarray()
            if self.sound is not None:
                samples = self.sound(samples, at, block.sample_rate)
            new = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(samples), format="fltp", layout=block.layout.name
            )
            new.sample_rate = block.sample_rate
            new.time_base = Fraction(1, block.sample_rate)
            new.pts = max(0, at - (self.begin or 0)) * block.sample_rate // 1000
            self.end = max(self.end, at + block.samples * 1000 // block.sample_rate)
            made.append(new)
        return made


def _decoded(context: Any, packet: Any) -> list[Any]:
    """The frames of a packet; none when it is damaged."""
    import av

    try:
        return list(context.decode(packet))
    except (av.error.FFmpegError, EOFError):
        return []
