"""The words of a package's pages, in both languages."""

from typing import Final

from fairstream.records import Words

WORDS: Final[dict[str, Words]] = {
    "title": Words("证据包", "Evidence package"),
    "sealed": Words("封存", "Sealed"),
    "by": Words("封存人", "By"),
    "case": Words("案号", "Case"),
    "how": Words("如何校验", "How to verify"),
    "how_text": Words(
        "按 VERIFY.txt 操作，只需 sha256sum 和 openssl。"
        "请把本包的回执（.sha256 文件）或其指纹另行保存：没有它，"
        "无法发现有人把整个包连同清单一起重做。",
        "Follow VERIFY.txt; sha256sum and openssl are all it takes. "
        "Keep the receipt of this package (the .sha256 file) or its fingerprint elsewhere: "
        "without it nobody can tell a package that was made anew as a whole.",
    ),
    "invented": Words("虚构数据", "Made-up data"),
    "findings": Words("违法线索", "Findings"),
    "lead_text": Words(
        "线索由软件按规则列出，均为涉嫌，是否违法由执法人员判断。",
        "Findings are suspicions; a person decides.",
    ),
    "none": Words("无", "None"),
    "exact": Words("原话", "Exact words"),
    "when": Words("时间", "Time"),
    "law": Words("依据", "Law"),
    "suspected": Words("涉嫌责任方", "Suspected parties"),
    "why": Words("理由", "Why"),
    "proof": Words("还需证明", "Still to be proved"),
    "said_around": Words("前后口播", "What was said around it"),
    "heard": Words("依据语音识别，须听原声核对", "Rests on a recogniser; listen before deciding"),
    "clue": Words("仅为线索，单独不能证明", "A lead; alone it proves nothing"),
    "items": Words("包内文件", "What is in it"),
    "outside": Words("不在包内的原件（仅有哈希值）", "Originals not in this package, known by hash"),
    "name": Words("收到时的名称", "Name as received"),
    "size": Words("字节", "Bytes"),
    "capture": Words("提取记录", "Capture record"),
    "source": Words("来源", "Source"),
    "tool": Words("工具", "Tool"),
    "note": Words("备注", "Note"),
    "relation": Words("派生自", "Made from"),
    "not_recorded": Words("无提取记录", "No capture record"),
    "late": Words("封存前没有提取记录的文件", "Files without a capture record until sealing"),
    "custody": Words("保管记录", "Custody"),
    "custody_text": Words(
        "完整记录见 data/custody.jsonl；每条含前一条的哈希值。",
        "The whole log is data/custody.jsonl; every entry holds the hash of the one before.",
    ),
    "who": Words("人员", "Who"),
    "action": Words("操作", "Action"),
    "subject": Words("对象", "Subject"),
    "detail": Words("说明", "Detail"),
    "shown": Words("显示最后", "Showing the last"),
    "unread": Words("行无法读取", "lines could not be read"),
    "method_received": Words("接收", "received"),
    "method_recorded": Words("录制", "recorded"),
    "method_downloaded": Words("下载", "downloaded"),
    "method_page": Words("网页保全", "page kept"),
    "method_extracted": Words("提取", "extracted"),
    "method_converted": Words("转换", "converted"),
    "method_cut": Words("截取", "cut"),
    "method_redacted": Words("遮蔽", "redacted"),
    "method_written": Words("程序生成", "written by the program"),
    "method_found": Words("封存时已在文件夹内", "found in the folder at sealing"),
    "severity_high": Words("高", "high"),
    "severity_medium": Words("中", "medium"),
    "severity_low": Words("低", "low"),
    "role_platform": Words("平台经营者", "platform"),
    "role_seller": Words("商品经营者", "seller"),
    "role_room_operator": Words("直播间运营者", "room operator"),
    "role_host": Words("直播营销人员", "host"),
    "role_mcn": Words("直播营销人员服务机构", "host agency (MCN)"),
    "role_brand": Words("品牌方", "brand"),
}
