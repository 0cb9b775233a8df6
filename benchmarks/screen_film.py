"""An invented broadcast: captions, price cards, numbers and a ticker over a moving picture, and its truth.

Every name and number in it is made up （虚构）; numbers have the form of real ones, never their content.
"""

import functools
import random
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, RATE = 540, 960, 25
CAPTIONS = (
    "家人们晚上好欢迎来到直播间", "今天给大家带来三款好物", "这款阿胶糕纯天然无添加", "百分百有效不满意包退",
    "全网最低价只有今天", "点击下方小黄车下单", "库存只剩最后五十单", "三二一上链接",
    "喝一个月血糖就降下来了", "国家级配方专家推荐", "比商场便宜一半还多", "拍下再送两盒体验装",
    "没有副作用老人小孩都能吃", "七天无理由退货", "我自己家里人也在吃", "买一送一仅限前一百名",
    "原产地直发当天发货", "点赞到十万马上开价", "别犹豫手慢无", "这个价格以后不会再有",
    "新来的朋友点点关注", "福袋倒计时三十秒", "客服在线有问必答", "包装升级配方不变",
    "医院里也在用这个成分", "改善睡眠提高免疫力", "祖传秘方第八代传人", "假一赔十正品保证",
    "第二件半价再减十元", "感谢大家支持我们下播了",
)  # fmt: skip


@dataclass(frozen=True)
class Planted:
    """A text that was drawn: when (milliseconds), where (pixels), how high, and what it is."""

    text: str
    start_ms: int
    end_ms: int
    left: int
    top: int
    size: int
    kind: str
    plate: tuple[int, int, int] | None = None
    ink: tuple[int, int, int] = (255, 255, 255)


@functools.cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """A font with Chinese characters, as fontconfig knows one."""
    found = subprocess.run(
        ["fc-match", "-f", "%{file}", "Noto Sans CJK SC:lang=zh-cn"],
        capture_output=True,
        text=True,
        check=True,
    )
    return ImageFont.truetype(found.stdout, size)


def script(seed: int, seconds: int) -> list[Planted]:
    """What is drawn: captions one after another, price cards, numbers at the top."""
    draw = random.Random(seed)
    planted = _captions(draw, seconds)
    planted += _cards(draw, seconds)
    planted += _numbers(draw, seconds)
    return [one for one in planted if one.start_ms < seconds * 1000]


def _captions(draw: random.Random, seconds: int) -> list[Planted]:
    texts = draw.sample(CAPTIONS, len(CAPTIONS))
    each = seconds * 1000 / len(texts)
    planted, at = [], 0.0
    for text in texts:
        length = each * draw.uniform(0.7, 0.98)
        size = draw.choice((22, 26, 30, 32))
        left = (WIDTH - size * len(text)) // 2
        start, end = _frame(at), _frame(at + length)
        planted.append(Planted(text, start, end, left, 800, size, "caption"))
        at += each
    return planted


def _cards(draw: random.Random, seconds: int) -> list[Planted]:
    planted, at = [], 1500
    price = draw.randrange(49, 399)
    while at < seconds * 1000 - 3000:
        end = min(seconds * 1000, at + draw.randrange(3000, 9000))
        compared = price * draw.randrange(2, 5)
        size = draw.choice((16, 18, 22))
        red, yellow = (200, 30, 40), (255, 240, 120)
        start, end = _frame(at), _frame(end)
        planted.append(Planted(f"现价{price}元", start, end, 24, 640, size, "price", red, yellow))
        low = Planted(f"原价{compared}元", start, end, 24, 640 + round(size * 1.6), size, "price", red)
        planted.append(low)
        at = end + draw.choice((0, 400))
        # The next card often differs in one digit only.
        price += draw.choice((-10, 10, 1, 100))
    return planted


def _numbers(draw: random.Random, seconds: int) -> list[Planted]:
    numbers = [
        f"国药准字Z{draw.randrange(10**8):08}",
        f"食健广审（文）第{draw.randrange(10**6):06}-{draw.randrange(10**5):05}号",
        f"国食健注G{draw.randrange(10**8):08}",
        f"SC{draw.randrange(10**14):014}",
        f"粤妆网备字{draw.randrange(10**10):010}",
    ]
    planted, at = [], 0
    for number in numbers:
        end = min(seconds * 1000, at + draw.randrange(8000, 14000))
        size = draw.choice((14, 15, 16))
        planted.append(Planted(number, _frame(at), _frame(end), 18, 60, size, "number", (30, 60, 60)))
        at = end + 400
    planted.append(
        Planted(
            "清禾本草旗舰店（虚构）", 0, seconds * 1000, 330, 24, 14, "shop", (20, 20, 20), (230, 230, 230)
        )
    )
    return planted


TICKER = "温馨提示：本场直播为虚构演示 请理性消费 发货时间为下单后四十八小时内 售后请联系在线客服"


def ticker_at(position_ms: int, ends_ms: int) -> int | None:
    """The left edge of the ticker's text in pixels, None when there is none."""
    return WIDTH - position_ms * 80 // 1000 % (WIDTH + 16 * len(TICKER)) if position_ms < ends_ms else None


def film(path: Path, planted: list[Planted], *, seed: int, seconds: int, bit_rate: int = 500_000) -> None:
    """Writes the film: H.264 of `bit_rate` bits a second, noise and a host that moves."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream(
            "libx264", rate=RATE, options={"preset": "veryfast", "g": "50", "threads": "1"}
        )
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = WIDTH, HEIGHT, "yuv420p", bit_rate
        for image in _pictures(planted, seed, seconds):
            for packet in stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")):
                out.mux(packet)
        for packet in stream.encode(None):
            out.mux(packet)


def _pictures(planted: list[Planted], seed: int, seconds: int) -> Iterator[npt.NDArray[np.uint8]]:
    random_state = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    room = (90 + 60 * np.sin(rows / 140) + 30 * np.cos(columns / 90)).astype(np.float32)
    shelf = 25 * (((rows // 40) + (columns // 70)) % 2)
    cloth = (40 * np.sin(columns[:360, :260] / 3.0) * np.sin(rows[:360, :260] / 5.0)).astype(np.float32)
    grain = [random_state.normal(0, 6, (HEIGHT, WIDTH)).astype(np.float32) for _ in range(5)]
    for number in range(seconds * RATE):
        at = number * 1000 // RATE
        x = round(130 + 70 * np.sin(at / 900) + 20 * np.sin(at / 230))
        y = round(330 + 25 * np.sin(at / 700))
        scene = room + shelf + grain[number % 5]
        scene[y : y + 360, x : x + 260] = 150 + cloth + 20 * np.sin(at / 400)
        image = Image.fromarray(
            np.clip(np.stack([scene, scene * 0.93, scene * 0.86], 2), 0, 255).astype(np.uint8)
        )
        pen = ImageDraw.Draw(image)
        for one in planted:
            if one.start_ms <= at < one.end_ms:
                _write(pen, one)
        if (left := ticker_at(at, seconds * 1000)) is not None:
            pen.rectangle((0, 916, WIDTH, 944), fill=(10, 10, 60))
            pen.text((left, 919), TICKER, font=font(16), fill=(255, 255, 255))
        yield np.asarray(image)


def _write(pen: ImageDraw.ImageDraw, one: Planted) -> None:
    place = (one.left, one.top)
    if one.plate:
        left, top, right, bottom = pen.textbbox(place, one.text, font=font(one.size))
        pen.rectangle((left - 6, top - 4, right + 6, bottom + 4), fill=one.plate)
        pen.text(place, one.text, font=font(one.size), fill=one.ink)
    else:
        pen.text(place, one.text, font=font(one.size), fill=one.ink, stroke_width=2, stroke_fill=(0, 0, 0))


def _frame(at: float) -> int:
    return round(at * RATE / 1000) * 1000 // RATE
