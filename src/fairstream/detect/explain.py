"""Why a text was flagged, in words a layman reads."""

from collections.abc import Sequence
from dataclasses import dataclass

from fairstream.detect.product import ClassReason
from fairstream.detect.score import in_words
from fairstream.records import Language
from fairstream.rules.library import RuleSet
from fairstream.rules.rule import Bilingual, Rule

FOLD_WORDS: dict[str, Bilingual] = {
    "width": Bilingual(zh="全角或特殊字形", en="full-width or special letter forms"),
    "case": Bilingual(zh="大小写", en="letter case"),
    "traditional": Bilingual(zh="繁体字", en="traditional characters"),
    "digit": Bilingual(zh="数字的其他写法", en="another way to write numbers"),
    "invisible": Bilingual(zh="夹入不可见字符", en="invisible characters put in"),
    "separator": Bilingual(zh="字间夹入符号或表情", en="signs or emoji put between characters"),
    "repeat": Bilingual(zh="叠字", en="repeated characters"),
    "lookalike": Bilingual(zh="形近字符", en="look-alike characters"),
    "pinyin": Bilingual(zh="拼音或字母代替", en="pinyin or letters for characters"),
    "homophone": Bilingual(zh="同音、近音字代替", en="characters of the same or similar sound"),
    "split": Bilingual(zh="拆字", en="characters split into parts"),
    "sound": Bilingual(zh="按读音识别", en="recognised by sound"),
    "spotted": Bilingual(zh="由关键词检出", en="heard by the keyword spotter"),
}
LISTEN = frozenset(("sound", "spotted"))
"""Kinds of fold that rest on what a recogniser heard, not on characters anyone wrote."""


@dataclass(frozen=True, slots=True)
class Reasons:
    """What the explanation is made of: concepts with the words that stood for them, class, fold, score.

    `syllables` are those heard where the words were recognised by sound; `unsure` says that a recogniser
    wrote the words and was not sure of them.
    """

    concepts: Sequence[tuple[str, str]]
    product: ClassReason
    fold: str | None
    read_as: str
    score: float
    syllables: str = ""
    unsure: bool = False


def why(rule: Rule, reasons: Reasons, rule_set: RuleSet, language: Language) -> tuple[str, ...]:
    """Sentences: the rule's reason, the words that met its concepts, class of goods, fold, sureness."""
    sentences = [getattr(rule.explain, language), _concepts(reasons.concepts, rule_set, language)]
    if rule.applies_to.class_matters or reasons.product.product_class != "unknown":
        sentences.append(_product(reasons.product, rule_set, language))
    if reasons.fold in LISTEN:
        sentences.append(_heard(reasons, language))
    elif reasons.fold is not None:
        words = getattr(FOLD_WORDS[reasons.fold], language) if reasons.fold in FOLD_WORDS else reasons.fold
        sentences.append(
            f"原文用了变体写法（{words}），还原后读作“{reasons.read_as}”，请听辨原声或核对原文。"
            if language == "zh"
            else f"The words are disguised ({words}); they read “{reasons.read_as}”. Check the original."
        )
    if reasons.unsure and reasons.fold not in LISTEN:
        sentences.append(
            "文字由机器听写，此处把握不大，请听辨原声后再认定。"
            if language == "zh"
            else "A machine wrote these words down and is not sure of them here; listen before you decide."
        )
    if rule.unless:
        sentences.append(_guards(rule, rule_set, language))
    sentences.append(
        f"可信度 {reasons.score:.2f}（{in_words(reasons.score, language)}）；是否违法由执法人员判断。"
        if language == "zh"
        else f"Score {reasons.score:.2f} ({in_words(reasons.score, language)}); a person decides."
    )
    return tuple(sentence for sentence in sentences if sentence)


def _heard(reasons: Reasons, language: Language) -> str:
    """How the words were recognised, which syllables were heard, and that one must listen."""
    syllables = reasons.syllables
    if language == "zh":
        heard = f"，听到的音节是“{syllables}”" if syllables else ""
        how = FOLD_WORDS[reasons.fold or ""].zh
        return f"此处{how}{heard}，读作“{reasons.read_as}”；引文是机器按音写的字，请听辨原声后再认定。"
    heard = f"; the syllables heard are “{syllables}”" if syllables else ""
    how = FOLD_WORDS[reasons.fold or ""].en
    return (
        f"These words were {how}{heard}; they read “{reasons.read_as}”. "
        "The quoted characters are a machine's guess by sound: listen before you decide."
    )


def _concepts(concepts: Sequence[tuple[str, str]], rule_set: RuleSet, language: Language) -> str:
    said = []
    for group, words in dict.fromkeys(concepts):
        kind, _, name = group.partition(":")
        title = (
            getattr(rule_set.lexicons[name].title, language)
            if kind == "lexicon" and name in rule_set.lexicons
            else ""
        )
        if language == "zh":
            said.append(f"“{words}”（{title}）" if title else f"“{words}”")
        else:
            said.append(f"“{words}” ({title})" if title else f"“{words}”")
    if not said:
        return ""
    return "命中：" + "、".join(said) + "。" if language == "zh" else "Matched: " + ", ".join(said) + "."


def _product(reason: ClassReason, rule_set: RuleSet, language: Language) -> str:
    names = rule_set.classes.get(reason.product_class)
    title = getattr(names.title, language) if names else reason.product_class
    if language == "zh":
        source = {
            "given": "已给定",
            "product": f"商品名含“{reason.word}”",
            "text": f"话中提到“{reason.word}”",
        }
        if reason.product_class == "unknown":
            return "商品类别：未能判断，须先核实。"
        return f"商品类别：{title}（{source.get(reason.source, '')}）。"
    source = {
        "given": "as given",
        "product": f"the product's name has “{reason.word}”",
        "text": f"the words mention “{reason.word}”",
    }
    if reason.product_class == "unknown":
        return "Class of goods: not known; establish it first."
    return f"Class of goods: {title} ({source.get(reason.source, '')})."


def _guards(rule: Rule, rule_set: RuleSet, language: Language) -> str:
    names = [
        getattr(rule_set.guards[guard].title, language)
        for guard in rule.unless
        if isinstance(guard, str) and guard in rule_set.guards
    ]
    if not names:
        return ""
    if language == "zh":
        return f"已检查并排除：{'、'.join(names)}。"
    return f"Checked and not the case: {', '.join(names)}."
