"""What can be wrong with recordings and their clocks: severity, cause and remedy in English, and both in
Chinese. `fairstream.sources.problems` makes troubles of them.
"""

from typing import Final, Literal

RECORDING_TROUBLES: Final[dict[str, tuple[Literal["repaired", "skipped"], str, str, str, str]]] = {
    "media_damaged": (
        "repaired",
        "a piece that cannot be decoded, the first at {at}; the rest was kept",
        "mind what is missing from there on",
        "有片段无法解码，首处位于 {at}，其余已保留",
        "请注意该处之后可能有缺失",
    ),
    "media_broken": (
        "repaired",
        "the recording is broken at {at}; what could be read was kept",
        "ask for the complete file",
        "录像在 {at} 处损坏，可读部分已保留",
        "请取得完整文件",
    ),
    "media_short": (
        "repaired",
        "the recording says it lasts {stated} but ends at {end}",
        "ask for the complete file",
        "录像自称时长 {stated}，实际止于 {end}",
        "请取得完整文件",
    ),
    "media_long": (
        "skipped",
        "the time stamps go beyond {hours} hours; what follows was not read",
        "split the recording",
        "时间戳超过 {hours} 小时，其后未读取",
        "请拆分录像",
    ),
    "media_glitch": (
        "repaired",
        "a packet with a wild time stamp; it was placed behind the one before",
        "nothing to do",
        "个别数据包时间戳异常，已按前一数据包接续",
        "无需处理",
    ),
    "media_hole": (
        "repaired",
        "a hole in the time stamps, the first before {at}; it is shown as a gap",
        "nothing to do",
        "时间戳有空缺，首处止于 {at}，按缺口列示",
        "无需处理",
    ),
    "media_reset": (
        "repaired",
        "the clock was set anew, the first time at {at}; nothing in the file tells how long the pause was",
        "compare with another source of time",
        "录像时钟被重置，首处位于 {at}，录像本身无法说明中断多久",
        "请与其他时间来源核对",
    ),
    "media_overlap": (
        "repaired",
        "{seconds} s of sound stamped before what stood there already; it was left out",
        "nothing to do",
        "有 {seconds} 秒声音的时间戳与已读部分重叠，已略去",
        "无需处理",
    ),
    "clock_none": (
        "repaired",
        "nothing tells when the recordings began; times count from the beginning of the first",
        "give 'started_at' in broadcast.yaml",
        "没有任何来源说明录像何时开始，时间从首个录像起算",
        "请在 broadcast.yaml 中写明 started_at",
    ),
    "clock_joined": (
        "repaired",
        "nothing tells when this recording began; it was joined to the last by number and length",
        "give its start under 'files: recordings' in broadcast.yaml",
        "没有来源说明该录像何时开始，已按序号和长度接在前一录像之后",
        "请在 broadcast.yaml 的 files: recordings 中写明开始时间",
    ),
    "clock_missing": (
        "repaired",
        "{segments} segments before this one are missing; {seconds} s were assumed for each",
        "add the missing segments",
        "该段之前缺少 {segments} 段，每段按 {seconds} 秒估计",
        "请补齐缺少的分段",
    ),
    "clock_assumed": (
        "repaired",
        "nothing about this recording tells when it began; the start of {file} was taken",
        "give the two files the same name, or the start in broadcast.yaml",
        "该录像自身没有开始时间，暂用 {file} 的开始时间",
        "请使两个文件同名，或在 broadcast.yaml 中写明开始时间",
    ),
    "clock_apart": (
        "repaired",
        "this source tells a start {seconds} s from the one that is used ({used})",
        "check which is right before quoting a wall-clock time",
        "该来源的开始时间与所采用的（{used}）相差 {seconds} 秒",
        "引用钟表时间前请核对",
    ),
    "clock_length": (
        "repaired",
        "the recorder kept this file open {seconds} s longer than it lasts",
        "expect that much to be missing, or check the recorder's clock",
        "录制软件打开该文件的时间比录像长 {seconds} 秒",
        "可能有相应缺失，请核对录制软件的时钟",
    ),
    "clock_copy": (
        "skipped",
        "the same bytes as {file}; it was read once",
        "nothing to do",
        "与 {file} 内容完全相同，只读取一次",
        "无需处理",
    ),
    "clock_twin": (
        "repaired",
        "the same name as {file}; both were kept at the same time",
        "leave one if they show the same, or expect findings twice",
        "与 {file} 同名，两者按同一时间保留",
        "如内容相同请保留一份，否则线索可能重复",
    ),
}
