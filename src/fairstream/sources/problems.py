"""What can be wrong with an input, in words for the person who holds the file.

Readers name a problem by its code; cause and remedy stand here once, in English and Chinese, so that a
report in either language can show them. Equal problems of one file are folded into one record with the
first line and a count: a file with a million bad lines must not give a million problems.
"""

import re
from functools import cache
from typing import Final, Literal, NamedTuple

from fairstream.records import Language, Place, Problem
from fairstream.sources.error_words import in_chinese
from fairstream.sources.recording_problems import RECORDING_TROUBLES

Severity = Literal["repaired", "skipped"]


class Trouble(NamedTuple):
    """One kind of problem: whether the content was kept, its cause and its remedy in both languages."""

    severity: Severity
    cause: str
    remedy: str
    cause_zh: str
    remedy_zh: str


_R: Final = "repaired"
_S: Final = "skipped"
TROUBLES: Final[dict[str, Trouble]] = {
    "encoding": Trouble(
        _R, "the text is {charset}, not UTF-8", "nothing to do; save as UTF-8 to silence this",
        "文件编码为 {charset}，不是 UTF-8", "已按该编码读取，无需处理",
    ),
    "bad_bytes": Trouble(
        _R, "bytes that are not {charset}; each shows as �", "ask for the file in its first form",
        "含有不属于 {charset} 的字节，以 � 显示", "请取得原始文件",
    ),
    "controls": Trouble(
        _R, "NUL characters or lone surrogates; each shows as �", "ask for the file in its first form",
        "含有空字符或不成对的代理码，以 � 显示", "请取得原始文件",
    ),
    "empty": Trouble(
        _S, "the file is empty", "ask for the file again",
        "文件为空", "请重新取得文件",
    ),
    "unreadable": Trouble(
        _S, "{cause}", "{remedy}",
        "{cause}", "{remedy}",
    ),
    "json_line": Trouble(
        _S, "the line is not JSON", "correct the line",
        "该行不是 JSON", "请更正该行",
    ),
    "json_cut": Trouble(
        _R, "the JSON breaks off; its whole items were kept", "ask for the complete file",
        "JSON 文件不完整，已保留完整的条目", "请取得完整文件",
    ),
    "row_shape": Trouble(
        _S, "the entry is not an object with named fields", "give one object per entry",
        "该条目不是带字段名的对象", "每个条目应为一个对象",
    ),
    "no_text": Trouble(
        _S, "the entry has no text", "nothing to do if it was empty in the source too",
        "该条目没有文字", "如原文即为空则无需处理",
    ),
    "cue_number": Trouble(
        _R, "a cue without its number", "nothing to do",
        "字幕缺少序号", "已自动补上，无需处理",
    ),
    "cue_overlap": Trouble(
        _R, "a cue overlaps the next; its end was moved to the next start", "nothing to do",
        "字幕时间与下一条重叠，已截至下一条开始", "无需处理",
    ),
    "cue_order": Trouble(
        _R, "cues out of order; they were sorted by start", "nothing to do",
        "字幕未按时间排列，已按开始时间排序", "无需处理",
    ),
    "cue_times": Trouble(
        _R, "a cue ends before it starts; its end was left open", "check the cue's times",
        "字幕结束早于开始，结束时间留空", "请核对该条时间",
    ),
    "cue_cut": Trouble(
        _R, "the file breaks off inside a cue; what stands was kept", "ask for the complete file",
        "文件在一条字幕中间中断，已保留现有内容", "请取得完整文件",
    ),
    "cue_gap": Trouble(
        _R, "text after an empty line inside a cue; it was kept with the cue", "nothing to do",
        "字幕正文中夹有空行，已并入该条", "无需处理",
    ),
    "stray": Trouble(
        _S, "text outside any cue", "give it a time, or remove it",
        "文字不属于任何一条字幕", "请补上时间或删除",
    ),
    "ass_line": Trouble(
        _S, "a Dialogue line with fewer fields than its Format line names", "correct the line",
        "Dialogue 行的字段少于 Format 行", "请更正该行",
    ),
    "ass_format": Trouble(
        _R, "no Format line in [Events]; the usual column order was taken", "nothing to do",
        "[Events] 缺少 Format 行，已按常见列序读取", "无需处理",
    ),
    "queued_times": Trouble(
        _R, "the subtitle shows chat moving across the picture; its times are when it was shown, not sent",
        "use the recorder's XML when there is one",
        "该字幕为滚动弹幕，时间是显示时间而非发送时间", "如有录制软件的 XML，请改用 XML",
    ),
    "silence": Trouble(
        _S, "words the recogniser is known to make up over silence or music", "listen to the recording there",
        "语音识别在静音或音乐处常见的虚构语句", "请回听该处录音",
    ),
    "repeats": Trouble(
        _S, "an endless repeat made up by the recogniser", "listen to the recording there",
        "语音识别产生的无尽重复", "请回听该处录音",
    ),
    "heard_invented": Trouble(
        _S, "words the recogniser is known to make up over silence or music, at {times}",
        "listen to the recording there",
        "语音识别在静音或音乐处常见的虚构语句，位置：{times}", "请回听该处录音",
    ),
    "heard_repeats": Trouble(
        _S, "endless repeats made up by the recogniser, at {times}", "listen to the recording there",
        "语音识别产生的无尽重复，位置：{times}", "请回听该处录音",
    ),
    "voice_by_loudness": Trouble(
        _R, "no voice detector was named: loudness stood in for it, so music and noise count as speech",
        "name a silero_vad.onnx, or put it beside the model",
        "未指定语音检测模型，暂以音量代替，音乐和噪声也会被当作语音", "请指定 silero_vad.onnx，或放在模型旁",
    ),
    "not_heard": Trouble(
        _S, "its speech was not heard: no speech model is named",
        "name the model's folder with --model, FAIRSTREAM_MODEL or in the configuration file",
        "没有识别语音：未指定语音模型", "用 --model、环境变量 FAIRSTREAM_MODEL 或配置文件指定模型文件夹",
    ),
    "not_seen": Trouble(
        _S, "text in its picture was not read: the extra 'screen' is not installed",
        'install it: pip install "fairstream[screen]"',
        "没有读取画面文字：未安装 screen 组件", '安装：pip install "fairstream[screen]"',
    ),
    "no_sound": Trouble(
        _S, "the recording has no sound", "nothing to do if it was recorded without",
        "录像没有声音", "如录制时即无声音则无需处理",
    ),
    "sound_misfit": Trouble(
        _S, "a sound of a transcript that lies outside its text or has no times", "transcribe again",
        "文字稿中的音节超出文字范围或缺少时间", "请重新转写",
    ),
    "phrases_unheard": Trouble(
        _S, "phrases with digits or signs that the model has no sound for: {phrases}",
        "write them as they are spoken, in characters",
        "含数字或符号、模型无法监听的词语：{phrases}", "请按读音写成汉字",
    ),
    "guessed_times": Trouble(
        _R, "token times do not fit the text; sentence times are proportional", "check against the recording",
        "逐字时间与文字不符，句子时间按比例估算", "请对照录音核对",
    ),
    "long_line": Trouble(
        _R, "a very long text was cut into pieces of at most {most} characters", "nothing to do",
        "文字过长，已切成不超过 {most} 字的片段", "无需处理",
    ),
    "xml_end": Trouble(
        _R, "the file breaks off before its end tag", "nothing to do if the recording was cut",
        "文件缺少结尾标签", "如录制中断所致则无需处理",
    ),
    "xml_unclosed": Trouble(
        _R, "a message without its end tag", "nothing to do",
        "消息缺少结束标签", "无需处理",
    ),
    "xml_escape": Trouble(
        _R, "a message with characters that XML wants escaped", "nothing to do",
        "消息含有未转义的字符", "无需处理",
    ),
    "xml_element": Trouble(
        _S, "a message that cannot be read", "look at the line in the file",
        "消息无法读取", "请查看文件该行",
    ),
    "xml_huge": Trouble(
        _S, "an element longer than {most} characters", "look at the file: this is not chat",
        "单个元素超过 {most} 字", "请检查文件，这不是正常的弹幕",
    ),
    "drift": Trouble(
        _R, "the messages' own clock differs from header start + offset by {seconds} s (middle value)",
        "times follow the header; mind the difference when quoting a wall-clock time",
        "消息自带时间与“开始时间＋偏移”相差 {seconds} 秒（中位数）", "时间以文件头为准，引用钟表时间时请注意",
    ),
    "bad_time": Trouble(
        _R, "a time that cannot be read; the entry was kept without it", "correct the time",
        "时间无法识别，条目保留但不带时间", "请更正时间",
    ),
    "before_start": Trouble(
        _R, "a message from before the start of the recording; kept with its wall-clock time only",
        "check the start time of the broadcast",
        "消息早于录制开始，仅保留钟表时间", "请核对开播时间",
    ),
    "not_chat": Trouble(
        _S, "a line that is no chat message (entrances, likes, statistics, other output)", "nothing to do",
        "不是聊天内容的行（进场、点赞、统计等）", "无需处理",
    ),
    "row_untitled": Trouble(
        _S, "a row without a title or name", "give the row a title",
        "该行没有标题或名称", "请补上标题",
    ),
    "row_long": Trouble(
        _R, "a row with more cells than the header; they were kept under 'column N'", "check the row",
        "该行单元格多于表头，多出部分记为“column N”", "请核对该行",
    ),
    "row_short": Trouble(
        _R, "a row with fewer cells than the header", "check the row",
        "该行单元格少于表头", "请核对该行",
    ),
    "quote": Trouble(
        _R, "a quotation mark is never closed; every line was read as a row of its own", "correct the quotes",
        "引号未闭合，已逐行读取", "请更正引号",
    ),
    "money": Trouble(
        _R, "a price that cannot be read; it was kept among the attributes", "write it as yuan, like 9.90",
        "价格无法识别，已保留在其他属性中", "请写成元，如 9.90",
    ),
    "same_id": Trouble(
        _R, "an id used before; a number was added", "give every entry its own id",
        "编号重复，已加序号", "请使用不重复的编号",
    ),
    "no_header": Trouble(
        _S, "no header row with known column names in sheet {sheet}",
        "name the columns, for instance 标题, 价格, 链接 or 店铺名称",
        "工作表 {sheet} 没有可识别的表头", "请写明列名，如标题、价格、链接或店铺名称",
    ),
    "not_this_kind": Trouble(
        _S, "the table holds no {kind}", "nothing to do if none was meant",
        "表中没有{kind}", "如本无此内容则无需处理",
    ),
    "rows_limit": Trouble(
        _S, "more rows than the limit of {most}", "split the table",
        "行数超过上限 {most}", "请拆分表格",
    ),
    "unknown_key": Trouble(
        _S, "unknown key '{key}'{nearest}", "use one of the keys in the guide to formats",
        "未知的键“{key}”{nearest}", "请使用格式说明中的键",
    ),
    "bad_value": Trouble(
        _S, "'{key}' is {value}, not {wanted}", "correct the value",
        "“{key}”的值为 {value}，应为 {wanted}", "请更正该值",
    ),
    "outside": Trouble(
        _S, "'{path}' lies outside the broadcast's folder", "put the file into the folder",
        "“{path}”位于场次文件夹之外", "请将文件放入文件夹",
    ),
    "dead_link": Trouble(
        _S, "a link that leads nowhere or to itself", "put the file itself into the folder",
        "链接无效或指向自身", "请将文件本身放入文件夹",
    ),
    "missing": Trouble(
        _S, "'{path}' is named in broadcast.yaml but is not there", "add the file or correct the name",
        "broadcast.yaml 所列“{path}”不存在", "请补充文件或更正名称",
    ),
    "unknown_file": Trouble(
        _S, "no transcript, chat or listing was recognised in this file",
        "name its part under 'files' in broadcast.yaml",
        "未能识别该文件的内容", "请在 broadcast.yaml 的 files 中写明其用途",
    ),
    "not_listed": Trouble(
        _S, "broadcast.yaml names other files as {role}",
        "add it under 'files' if it belongs to the broadcast",
        "broadcast.yaml 已指定其他文件作为 {role}", "如属于本场次，请加入 files",
    ),
    "media": Trouble(
        _S, "sound or pictures: not read here", "transcribe it and add the transcript",
        "音视频或图片，此处不读取", "请先转写并加入文字稿",
    ),
    "picture_kind": Trouble(
        _S, "a picture of a kind that is not read", "save it as .png or .jpg",
        "不支持的图片格式", "请另存为 .png 或 .jpg",
    ),
    "other_broadcast": Trouble(
        _S, "a folder with a broadcast.yaml of its own", "inspect it by itself",
        "该文件夹有自己的 broadcast.yaml", "请单独检查该场次",
    ),
    "other_day": Trouble(
        _R, "this file says it began {days} days from the first; it was not moved",
        "check which broadcast it belongs to",
        "该文件自称与首个文件相隔 {days} 天，未移动时间", "请核对属于哪一场次",
    ),
    "files_limit": Trouble(
        _S, "more files than the limit of {most}", "give each broadcast its own folder",
        "文件数超过上限 {most}", "请按场次分文件夹",
    ),
    "no_day": Trouble(
        _R, "nothing says on which day this happened; {day} was taken and decides the law applied",
        "give the day as 'on' in broadcast.yaml or on the command line",
        "未注明发生日期，暂按 {day} 适用法律", "请在 broadcast.yaml 的 on 或命令行中注明日期",
    ),
    "two_transcripts": Trouble(
        _R, "several transcripts cover the same minutes; all were kept",
        "leave one, or expect findings twice",
        "多份文字稿覆盖同一时段，均已保留", "请保留一份，否则线索可能重复",
    ),
    "fact_lacking": Trouble(
        _S, "an entry of {kind} without '{key}'; it was left out", "add '{key}'",
        "{kind} 中的条目缺少“{key}”，已略去", "请补上“{key}”",
    ),
    "fact_twice": Trouble(
        _R, "an entry of {kind} that stands there already; it was read once", "nothing to do",
        "{kind} 中的条目重复，只读取一次", "无需处理",
    ),
    "fact_same_id": Trouble(
        _S, "an entry of {kind} with the id of another but other content; the first was kept",
        "give every entry its own id, or remove the one that is out of date",
        "{kind} 中两个条目编号相同而内容不同，保留先读到的", "请使用不重复的编号，或删去过时的条目",
    ),
    "fact_again": Trouble(
        _S, "'{key}' was given already in another file; the first was kept", "give it once",
        "“{key}”已在其他文件中给出，保留先读到的", "请只给出一次",
    ),
    "fact_same_key": Trouble(
        _S, "'{key}' says what another key of the entry says already; the first was kept",
        "leave one of them",
        "“{key}”与同一条目的其他键含义相同，保留先读到的", "请只保留一个",
    ),
    "fact_day": Trouble(
        _R, "'{key}' is a day without a time; the beginning of the day in China was taken",
        "give the time when hours matter",
        "“{key}”只有日期没有时刻，按北京时间当日零时读取", "如需精确到时刻，请写明时间",
    ),
    "fact_clock": Trouble(
        _S, "'{key}' is a wall-clock time or a mark, and nothing says when the recording began",
        "give 'started_at' in broadcast.yaml",
        "“{key}”无法换算：未注明录制开始时间", "请在 broadcast.yaml 中写明 started_at",
    ),
    "fact_listing": Trouble(
        _R, "'{key}' is no id or title of the goods of this broadcast; it was kept as written",
        "use the ids of the table of goods",
        "“{key}”不是本场商品的编号或标题，按原样保留", "请使用商品表中的编号",
    ),
    "fact_personal": Trouble(
        _R, "the column '{key}' is about consumers; it was not read", "leave it out of the file",
        "“{key}”列涉及消费者个人信息，未读取", "请从文件中删去该列",
    ),
    "fact_kind": Trouble(
        _S, "the name says no kind of facts{nearest}",
        "name the file after its kind, like prices.csv or 价格历史.csv",
        "文件名看不出属于哪一类事实{nearest}", "请按类别命名，如 prices.csv 或 价格历史.csv",
    ),
    "fact_order": Trouble(
        _R, "moments of a curve out of order; they were sorted", "nothing to do",
        "曲线的时刻未按顺序排列，已排序", "无需处理",
    ),
    "fact_moment": Trouble(
        _S, "a second value of a curve for the same moment; the first was kept", "leave one of them",
        "曲线同一时刻有两个不同的值，保留先读到的", "请只保留一个",
    ),
    "fact_lengths": Trouble(
        _S, "a curve with {moments} moments and {values} values; it was left out",
        "give each moment its value",
        "曲线有 {moments} 个时刻、{values} 个值，数目不符，已略去", "请使时刻与数值一一对应",
    ),
    "posts_unknown": Trouble(
        _S, "no table of posts was recognised; its columns are: {columns}",
        "write a mapping: fairstream opinion mapping FILE --out mapping.yaml, correct it, and pass --mapping",
        "未识别出帖子表，其列为：{columns}",
        "请编写映射：fairstream opinion mapping 文件 --out mapping.yaml，修改后用 --mapping 指定",
    ),
    "posts_no_table": Trouble(
        _S, "this is no table that can be read here ({what})",
        "give CSV, TSV, JSON, JSONL, Parquet, XLSX or SQLite",
        "此文件不是可读取的表格（{what}）", "请提供 CSV、TSV、JSON、JSONL、Parquet、XLSX 或 SQLite",
    ),
    "posts_skipped": Trouble(
        _S, "{title}: left out, {reason}", "nothing to do",
        "{title}：不读取，{reason}", "无需处理",
    ),
    "posts_new": Trouble(
        _R, "the column '{column}' is new in {shape}; it was not read",
        "check whether the tool changed; a mapping can read it",
        "列“{column}”是 {shape} 的新列，未读取", "请核对采集工具是否改版；可用映射读取该列",
    ),
    "posts_missing": Trouble(
        _R, "the column '{column}', usual in {shape}, is not there; '{field}' stays unknown",
        "check whether the tool changed",
        "缺少 {shape} 常有的列“{column}”，“{field}”留空", "请核对采集工具是否改版",
    ),
    "posts_time": Trouble(
        _R, "a time that names no moment between 1994 and 2100; the item was kept without it",
        "correct the time, or give times relative to a known time of collection",
        "时间无法换算为 1994—2100 年间的时刻，条目保留但不带时间", "请更正时间；相对时间需有采集时间",
    ),
    "posts_count": Trouble(
        _R, "'{field}' that is no number; the item was kept without it", "correct the number",
        "“{field}”不是数字，条目保留但不带该数", "请更正数字",
    ),
    "posts_again": Trouble(
        _S, "an item that is already there (same channel and id); it was counted once", "nothing to do",
        "条目已存在（渠道与编号相同），只计一次", "无需处理",
    ),
    "posts_header": Trouble(
        _R, "a header line among the rows; it was left out", "nothing to do",
        "数据行中夹有表头，已略去", "无需处理",
    ),
    "posts_shifted": Trouble(
        _R, "a row with {cells} cells under {columns} columns; read as its values prove", "nothing to do",
        "该行有 {cells} 格而表头有 {columns} 列，已按数值可证的对应关系读取", "无需处理",
    ),
    "posts_cells": Trouble(
        _S, "a row with {cells} cells under {columns} columns, and its values do not prove which is which",
        "correct the row, or split the file where its columns change",
        "该行有 {cells} 格而表头有 {columns} 列，无法确定对应关系", "请更正该行，或在列变化处拆分文件",
    ),
    "posts_misfit": Trouble(
        _S, "a row whose values do not fit their columns: the columns changed inside the file",
        "correct the row, or split the file where its columns change",
        "该行数值与列不符：文件中途列有变化", "请更正该行，或在列变化处拆分文件",
    ),
    "posts_rounded": Trouble(
        _R, "an id of more than 15 digits kept as a number: its last digits are lost",
        "export ids as text", "超过 15 位的编号被存为数字，末位已失真", "请将编号按文本导出",
    ),
    "posts_packed": Trouble(
        _S, "the archive was not read ({what})", "unpack it first",
        "未读取压缩包（{what}）", "请先解压",
    ),
    "posts_kind": Trouble(
        _R, "'{field}' with words that are not known; it stays unknown", "add them to 'values' of a mapping",
        "“{field}”的取值无法识别，留空", "请在映射的 values 中补充",
    ),
    **{code: Trouble(*words) for code, words in RECORDING_TROUBLES.items()},
}  # fmt: skip


class ProblemLog:
    """Problems of one file while it is read; `problems` gives them in the order first met."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._first: dict[tuple[str, str, str], int | None] = {}
        self._count: dict[tuple[str, str, str], int] = {}

    def add(self, code: str, line: int | None = None, count: int = 1, **values: object) -> None:
        """Note `count` problems of the kind `code`, first met at `line`."""
        trouble = TROUBLES[code]
        key = (code, trouble.cause.format(**values), trouble.remedy.format(**values))
        self._first.setdefault(key, line)
        self._count[key] = self._count.get(key, 0) + count

    def place(self, line: int | None = None) -> Place:
        """The file and line."""
        return Place(self.file, line)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was logged, in order."""
        return tuple(
            Problem(Place(self.file, line), key[1], key[2], TROUBLES[key[0]].severity, self._count[key])
            for key, line in self._first.items()
        )


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.*?)", re.escape(template)), re.DOTALL)


def in_language(problem: Problem, language: Language) -> tuple[str, str]:
    """Cause and remedy of a reader's problem in `language`; an unknown problem keeps its words.

    A `Problem` carries its English words only, so the template it was made from is found again; one that
    came of an error has the error's words.
    """
    if language == "zh":
        for code, trouble in TROUBLES.items():
            cause = _pattern(trouble.cause).fullmatch(problem.cause)
            remedy = _pattern(trouble.remedy).fullmatch(problem.remedy)
            if code != "unreadable" and cause and remedy:
                values = cause.groupdict() | remedy.groupdict()
                return trouble.cause_zh.format(**values), trouble.remedy_zh.format(**values)
        return in_chinese(problem.cause), in_chinese(problem.remedy)
    return problem.cause, problem.remedy
