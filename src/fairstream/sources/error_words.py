"""Chinese for the words of errors that recordings, pictures, models and cuts raise.

An error carries English words only; the template it was made from is found again. Words without an entry stay
as they are: an English cause tells more than none.
"""

import re
from functools import cache
from typing import Final

ERROR_WORDS: Final[dict[str, str]] = {
    # recordings
    "there is no such recording": "没有这个录像文件",
    "the recording is empty": "录像文件为空",
    "this is no recording that can be read": "无法作为录像读取",
    "{count} streams, more than {most}": "含 {count} 路音视频流，超过上限 {most}",
    "there is neither sound nor picture in this recording": "录像中既无声音也无画面",
    "there is no sound in this recording": "录像中没有声音",
    "there are no pictures in this recording": "录像中没有画面",
    "pictures of {width} × {height}, more than {most} megapixels": (
        "画面为 {width} × {height}，超过 {most} 百万像素"
    ),
    "a sampling rate of {rate} Hz": "采样率为 {rate} Hz",
    "a compressed index, as QuickTime wrote it before 2000": "索引经压缩，为早期 QuickTime 写法",
    "the index claims {count} pictures and pieces of sound": "索引自称含 {count} 个画面与声音片段",
    "copy the file again from where it was recorded; an mp4 cut off before its end has lost its index and"
    " needs the recorder's repair": "请从录制处重新复制；未写完即中断的 mp4 缺少索引，须用录制软件修复",
    "copy the file again from where it was recorded": "请从录制处重新复制",
    "check where this file comes from: no live stream has such pictures": (
        "请核实文件来源，直播不会有这样的画面"
    ),
    "check where this file comes from: no live stream has as many": "请核实文件来源，直播不会有这么多",
    "check where this file comes from": "请核实文件来源",
    "convert the file with a tool you trust": "请用可信的工具转换",
    # pictures
    "there is no such picture": "没有这个图片文件",
    "the picture is larger than {most} MiB": "图片超过 {most} MiB",
    "the picture has too many pixels; the most is {most} million": "图片像素过多，上限为 {most} 百万",
    "the picture has {width} × {height} pixels; the most is {most} million": (
        "图片为 {width} × {height} 像素，上限为 {most} 百万像素"
    ),
    "this is no picture that can be read": "无法作为图片读取",
    "save it smaller": "请另存为较小的图片",
    "take the screenshot again": "请重新截图",
    # clips and stills
    "it has no picture": "没有画面",
    "it holds neither picture nor sound": "既无画面也无声音",
    "the recording holds no key frame": "录像中没有关键帧",
    "no picture can be read at {at}": "{at} 处没有可读的画面",
    "nothing could be read at {at}": "{at} 处没有可读的内容",
    "nothing could be decoded at {at}": "{at} 处没有可解码的内容",
    "there is nothing at {at}: what can be read ends at {end}": "{at} 处没有内容：可读部分止于 {end}",
    "it exists already, and evidence is never overwritten": "文件已存在，证据不得覆盖",
    "its folder does not exist": "所在文件夹不存在",
    "take a clip of its sound instead": "可改为剪取声音",
    "give a recording": "请给出录像",
    "choose another time": "请另选时刻",
    "choose a time before its end": "请选择结束之前的时刻",
    "give another --out": "请换一个 --out",
    "make the folder first": "请先建立文件夹",
    # models
    "no speech model is named": "未指定语音模型",
    "no speech model was recognised here; found {found}": "未识别出语音模型；文件夹内有 {found}",
    "this is no ONNX model, or it was cut off": "不是 ONNX 模型，或文件不完整",
    "this looks like a {kind} model, but {what} missing; found {found}": (
        "像是 {kind} 模型，但缺少 {what}；文件夹内有 {found}"
    ),
    "give a folder with tokens.txt and encoder, decoder and joiner (.onnx), or tokens.txt and one"
    " model.onnx {kinds}": (
        "文件夹内应有 tokens.txt 与 encoder、decoder、joiner（.onnx），或 tokens.txt 与一个 model.onnx，"
        "或 model.bin 与 config.json（faster-whisper），或 model.pt 与 config.yaml（FunASR）"
    ),
    "this is no voice detector that sherpa-onnx can open ({why})": (
        "sherpa-onnx 无法打开这个语音检测模型（{why}）"
    ),
    "name a silero_vad.onnx of version 4 or 5, as the silero-vad package ships it": (
        "请指定 silero-vad 软件包所带的 silero_vad.onnx（第 4 或第 5 版）"
    ),
    "no silero_vad.onnx lies here": "此处没有 silero_vad.onnx",
    "name the file, or leave it out": "请指定该文件，或不指定",
    "name a silero_vad.onnx": "请指定 silero_vad.onnx",
    "there is no such file": "没有这个文件",
    "sherpa-onnx cannot open this {kind} model ({why})": "sherpa-onnx 无法打开这个 {kind} 模型（{why}）",
    "copy the model's folder again, or name its kind if it was taken for another": (
        "请重新复制模型文件夹；如类型识别有误，请指定类型"
    ),
    "speech recognition needs sherpa-onnx, which is not installed": "语音识别需要 sherpa-onnx，尚未安装",
    "reading text in pictures needs rapidocr": "读取画面文字需要 rapidocr，尚未安装",
    "install it: {command}": "安装：{command}",
    "copy the model's folder again": "请重新复制模型文件夹",
    "copy the missing files into the folder": "请把缺少的文件复制到该文件夹",
    "name the folder that holds the model's files": "请指定存放模型文件的文件夹",
    "name its folder with --model, FAIRSTREAM_MODEL or 'model' in the configuration file": (
        "用 --model 指定模型文件夹，或设置环境变量 FAIRSTREAM_MODEL，或在配置文件中写 model"
    ),
    # places
    "the output folder lies inside the broadcast's folder": "输出文件夹位于场次文件夹之内",
    "write beside it, so that results are never read as evidence": (
        "请写到场次文件夹之外，以免结果被当作证据读取"
    ),
    "there is no such folder": "没有这个文件夹",
    "a link that leads nowhere or to itself": "链接失效或指向自身",
    # remedies of many
    "ask for the file again": "请重新取得文件",
    "check the file": "请检查文件",
    "check the name": "请检查文件名",
    "name a folder": "请指定文件夹",
    "check it": "请检查文件",
    "check the name and the rights of the file": "请检查文件名与权限",
}


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    held = re.compile(r"\\\{(\w+)\\\}")
    return tuple(
        (re.compile(held.sub(r"(?P<\1>.{0,300})", re.escape(english)), re.DOTALL), chinese)
        for english, chinese in ERROR_WORDS.items()
        if "{" in english
    )


def in_chinese(words: str) -> str:
    """The same in Chinese where it is known, else the words as they are."""
    if (known := ERROR_WORDS.get(words)) is not None:
        return known
    for pattern, chinese in _patterns():
        if found := pattern.fullmatch(words):
            return chinese.format(**found.groupdict())
    return words
