"""What the product knows, one record per noun of the trade.

Conventions: times are milliseconds from the start of the recording (`start_ms`) beside wall-clock
time with zone (`at`); money is integer fen; spans are half-open Unicode code-point offsets into the
text as published. Everything is immutable, so that a record may be shared between processes and
threads and hashed into evidence.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Final, Literal, NamedTuple

CHINA: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has one time and no summer time since 1992; a clock without a zone is read in it."""

Conduct = Literal[
    "platform_duty",
    "false_commercial_publicity",
    "ad_endorsement",
    "prohibited_goods",
    "ad_prereview",
    "disclosure",
    "review_deletion",
    "consumer_rights",
    "fictitious_transaction",
    "confusion",
    "defamation",
    "prize_sale",
    "product_quality",
    "fake_goods",
    "trademark",
    "patent",
    "food_safety",
    "false_ad",
    "ad_good_customs",
    "ad_superlative",
    "ad_medical_claim",
    "price_fraud",
    "personal_info",
    "ai_host_unlabelled",
    "other",
]
ProductClass = Literal[
    "ordinary_food",
    "health_food",
    "fsmp",
    "infant_formula",
    "cosmetics",
    "drug",
    "device",
    "disinfectant",
    "alcohol",
    "tobacco",
    "jewellery",
    "clothing",
    "electronics",
    "agricultural_input",
    "education",
    "finance",
    "medical_service",
    "real_estate",
    "other",
    "unknown",
]
Medium = Literal["speech", "listing", "screen", "chat", "short_video", "post", "document"]
Speaker = Literal["host", "seller", "customer", "unknown"]
PartyRole = Literal["platform", "seller", "room_operator", "host", "mcn", "brand"]
Severity = Literal["low", "medium", "high"]
Language = Literal["zh", "en"]
Heard = Literal["given", "characters", "syllables"]
"""How an utterance came to be text: handed in; written by a recogniser as characters; or recognised as
syllables and spelt by us, so that its characters are a guess and only the syllables were heard."""
TimeSource = Literal["manifest", "web_hook", "subtitle_clock", "chat_header", "message_times", "file_name"]
"""What told when a recording began; the most trusted first."""


class Words(NamedTuple):
    """The same words in both languages."""

    zh: str
    en: str


class Span(NamedTuple):
    """Half-open range of code points in the text as published."""

    start: int
    end: int


class Box(NamedTuple):
    """A rectangle of the picture, as shares of its width and height from the upper left corner (0–1)."""

    left: float
    top: float
    width: float
    height: float


class Sound(NamedTuple):
    """One word, character or syllable as a recogniser heard it.

    `text` is what the recogniser wrote: a syllable stands in letters with its tone as a digit behind, none
    for the light tone, v for ü (``bai3``, ``lv4``, ``de``). `span` are the characters of the utterance (or
    of the scanned text) that stand for it. Times are milliseconds on the broadcast's clock. `confidence` is
    0–1, None when the recogniser tells none.
    """

    text: str
    span: Span
    start_ms: int
    end_ms: int
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record was read: file as given, 1-based line or row when the format has them."""

    file: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the input that was repaired or skipped; never silent.

    `severity` is "repaired" when the content was kept, "skipped" when a part was left out.
    `count` is how many rows, cues or bytes the problem covers.
    """

    place: Place
    cause: str
    remedy: str
    severity: Literal["repaired", "skipped"] = "skipped"
    count: int = 1


@dataclass(frozen=True, slots=True)
class Party:
    """Someone with a role in the broadcast; never a consumer."""

    role: PartyRole
    name: str
    identifier: str | None = None
    identifier_kind: str | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Utterance:
    """One stretch of speech (口播片段). Times are None when the transcript has none.

    `sounds` are what the recogniser heard, in order; `spotted` are phrases that a keyword spotter heard
    beside it (`Sound.text` is the phrase in characters). `recording_id` names the recording it was heard in.
    """

    id: str
    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    speaker: Speaker = "host"
    speaker_name: str | None = None
    confidence: float | None = None
    listing_id: str | None = None
    place: Place | None = None
    heard: Heard = "given"
    sounds: tuple[Sound, ...] = ()
    spotted: tuple[Sound, ...] = ()
    recording_id: str | None = None


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One line of live chat (弹幕、评论). `user` is a pseudonym, never the published name."""

    id: str
    text: str
    start_ms: int | None = None
    at: datetime | None = None
    user: str | None = None
    kind: Literal["chat", "gift", "paid", "guard", "notice"] = "chat"
    speaker: Speaker = "customer"
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class ScreenText:
    """Text seen in the picture over an interval (画面文字)."""

    id: str
    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    confidence: float | None = None
    place: Place | None = None
    box: Box | None = None
    recording_id: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A product page (商品页). `attributes` keeps every further column as published."""

    id: str
    title: str
    description: str = ""
    product_class: ProductClass = "unknown"
    category: str | None = None
    brand: str | None = None
    price_fen: int | None = None
    list_price_fen: int | None = None
    shop_id: str | None = None
    url: str | None = None
    approval_number: str | None = None
    shown_from_ms: int | None = None
    shown_until_ms: int | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop (店铺) behind listings."""

    id: str
    name: str
    operator: str | None = None
    uscc: str | None = None
    address: str | None = None
    contact: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A consumer's post or complaint (帖子); evidence against a seller, never a violation itself."""

    id: str
    text: str
    at: datetime | None = None
    channel: str | None = None
    author: str | None = None
    place: Place | None = None


class Stretch(NamedTuple):
    """A stretch of a recording that runs without a break, and where it lies on the broadcast's clock.

    `position_ms` counts from the recording's first frame by its own time stamps, `start_ms` from the start
    of the broadcast; `length_ms` is by the recording's time stamps. `rate` is broadcast time per recording
    time: 1.0001 when the recording's clock loses a tenth of a second in a thousand.
    """

    position_ms: int
    start_ms: int
    length_ms: int
    rate: float = 1.0


@dataclass(frozen=True, slots=True)
class Recording:
    """One media file (录像) of a broadcast.

    `path` is where it lies now and is never written out; `file` is its name as given. `sha256` is of the
    bytes as received. `stretches` place it on the broadcast's clock. `started_at` is None when nothing tells
    it.
    """

    id: str
    file: str
    path: Path
    sha256: str
    size: int
    container: str
    duration_ms: int
    has_video: bool
    has_audio: bool
    stretches: tuple[Stretch, ...] = ()
    started_at: datetime | None = None
    place: Place | None = None

    def moment(self, position_ms: int, *, end: bool = False) -> int:
        """The time on the broadcast's clock of a position in this recording, in milliseconds.

        At a break the position belongs to the stretch that begins there; the `end` of something belongs to
        the one that ends there.
        """
        found = self.stretches[0] if self.stretches else Stretch(0, 0, self.duration_ms)
        for stretch in self.stretches:
            if stretch.position_ms + end > position_ms:
                break
            found = stretch
        return found.start_ms + round((position_ms - found.position_ms) * found.rate)

    def position(self, start_ms: int) -> int | None:
        """The position in this recording of a time on the broadcast's clock; None when it was not
        recorded."""
        for stretch in self.stretches or (Stretch(0, 0, self.duration_ms),):
            position = round((start_ms - stretch.start_ms) / stretch.rate)
            if 0 <= position <= stretch.length_ms:
                return stretch.position_ms + position
        return None


class Gap(NamedTuple):
    """A stretch of the broadcast that no recording covers (缺口), and why, as far as it is known."""

    start_ms: int
    end_ms: int
    cause: Words


@dataclass(frozen=True, slots=True)
class Timing:
    """What one source says of the wall clock (时钟), and how well it agrees with itself.

    `started_at` is when position 0 of `recording_id` (of the broadcast when None) was. `drift_ppm` is how
    much faster the source's clock runs than the recording's, in millionths; `residual_ms` the middle
    distance of its `points` from the fitted line; `ahead_ms` how far it is ahead of the source that is
    `used`.
    """

    source: TimeSource
    file: str
    started_at: datetime
    recording_id: str | None = None
    drift_ppm: float | None = None
    residual_ms: int | None = None
    points: int = 1
    ahead_ms: int | None = None
    used: bool = False


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One broadcast (直播场次) and everything held about it.

    `on` is the day of the conduct: it decides which version of the law applies. `invented` marks
    made-up data, and every output repeats the mark. `pictures` are screenshots and photographs handed in:
    recordings of no length that have no place on the clock.
    """

    id: str
    title: str
    on: date
    started_at: datetime | None = None
    duration_ms: int | None = None
    platform: str | None = None
    room: str | None = None
    invented: bool = False
    notes: str = ""
    parties: tuple[Party, ...] = ()
    utterances: tuple[Utterance, ...] = ()
    chat: tuple[ChatMessage, ...] = ()
    screen: tuple[ScreenText, ...] = ()
    listings: tuple[Listing, ...] = ()
    shops: tuple[Shop, ...] = ()
    problems: tuple[Problem, ...] = ()
    recordings: tuple[Recording, ...] = ()
    gaps: tuple[Gap, ...] = ()
    timings: tuple[Timing, ...] = ()
    pictures: tuple[Recording, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """An article in the version in force on the day of the conduct.

    `instrument` is the family's id, `version` the slug of the text that was in force, `article` the
    number in that version; `unverified` repeats a doubt the law data itself carries.
    """

    instrument: str
    article: str
    version: str
    title: str
    gist: str
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """One text to be scanned, with what is known about it.

    `heard`, `sounds` and `spotted` are as in `Utterance`, spans counted in this text.
    """

    id: str
    text: str
    product: str = ""
    product_class: ProductClass = "unknown"
    medium: Medium = "listing"
    speaker: Speaker = "unknown"
    on: date | None = None
    heard: Heard = "given"
    sounds: tuple[Sound, ...] = ()
    spotted: tuple[Sound, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a cross-check: what was said or shown, what a fact handed in says, what follows from it.

    `text` tells it in words. `quote` holds the exact characters as published when they were said or shown;
    `unit`, `span`, `start_ms` and `place` say where. `fact` names the field of `fairstream.facts.Facts` it is
    taken from.
    """

    text: Words
    quote: str = ""
    fact: str = ""
    medium: Medium | None = None
    unit: str = ""
    span: Span | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    at: datetime | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A suspected violation (违法线索): a person decides.

    `span` and `quote` are the exact characters as published. `score` is 0–1. `why` explains in words
    a layman reads. `unit` names the scanned text: the id of an utterance, listing, message. `count`
    is how many near-identical findings were folded into this one, `times` their start times. `also_rules` are
    further rules of the same conduct that the same words meet. A finding of a cross-check has both sides in
    `said` and `known`; when nothing was said its span is empty. `lead` marks one that alone proves nothing,
    `listen` one that rests on what a recogniser heard and is to be listened to before anyone decides.
    `cites` are the provisions as rules write them, `listing_id` the goods spoken of.
    """

    id: str
    rule: str
    title: str
    conduct: Conduct
    severity: Severity
    score: float
    span: Span
    quote: str
    why: tuple[str, ...]
    citations: tuple[Citation, ...]
    liable: tuple[PartyRole, ...]
    proof_needed: tuple[str, ...]
    conduct_also: tuple[Conduct, ...] = ()
    product_class: ProductClass = "unknown"
    medium: Medium = "listing"
    speaker: Speaker = "unknown"
    also_rules: tuple[str, ...] = ()
    unit: str = ""
    context: str = ""
    start_ms: int | None = None
    end_ms: int | None = None
    at: datetime | None = None
    place: Place | None = None
    count: int = 1
    times: tuple[int, ...] = ()
    cites: tuple[str, ...] = ()
    listing_id: str | None = None
    said: tuple[Side, ...] = ()
    known: tuple[Side, ...] = ()
    lead: bool = False
    listen: bool = False
