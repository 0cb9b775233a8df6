"""What is known beside the words: facts a broadcast folder may carry, all of them optional.

A check compares words with facts, or facts with facts. A fact that is not given is unknown, and a
check that needs it says so; it never guesses. Money is integer fen, times are milliseconds from the
start of the recording (`…_ms`) or moments with zone (`…_at`), days are dates. Consumers appear as
pseudonyms only.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from fairstream.records import Place, ProductClass

SubjectKind = Literal["legal_person", "individual_household", "natural_person"]
PriceKind = Literal["deal", "listed", "cart", "struck_out"]
ShelfKind = Literal["on", "off", "stock"]
CurveKind = Literal["viewers", "orders", "refunds", "likes", "comments", "followers"]
RequestKind = Literal["return", "refund", "exchange", "repair"]
RequestReason = Literal["no_reason", "quality", "not_as_described", "other"]
Answer = Literal["accepted", "refused", "none"]
Relation = Literal["employee", "commissioned", "owner", "unknown"]
NumberStatus = Literal["valid", "expired", "revoked", "not_found"]


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of the recording, half open, in milliseconds."""

    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class PlatformFacts:
    """What the platform does: the inputs of the decision which roles it has (ecommerce-law 9, 37)."""

    name: str
    opens_onboarding: bool | None = None
    gives_order_flow: bool | None = None
    gives_payment: bool | None = None
    takes_commission: bool | None = None
    sells_traffic: bool | None = None
    chooses_goods: bool | None = None
    sets_prices: bool | None = None
    controls_accounts: bool | None = None
    sells_itself: bool | None = None
    gives_technical_service: bool | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class DutyEntry:
    """One line of a platform's, operator's or MCN's duty register.

    `duty` is a code of the list of duties (`checks/data/platform/duties.table.yaml`); `subject` whom it
    concerns; `due_on` and `done_on` the days it fell due and was done; `basis_on` the day the clock started
    (last verification, notice).
    """

    duty: str
    subject: str = ""
    basis_on: date | None = None
    due_on: date | None = None
    done_on: date | None = None
    record_kept_until: date | None = None
    document: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class AccountPage:
    """The account page of a room as captured: who it says operates it."""

    subject_kind: SubjectKind | None = None
    name: str | None = None
    operator_name: str | None = None
    uscc: str | None = None
    address: str | None = None
    contact: str | None = None
    form: str | None = None
    mcn: str | None = None
    permits: tuple[str, ...] = ()
    captured_at: datetime | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class SellerDisplay:
    """How the room showed the seller: when, and the way to the seller's page from the room.

    `shown` are the stretches in which name, address and contact or a link stood on the room page;
    `clicks` is the number of clicks to the page with the real information.
    """

    shown: tuple[Interval, ...] | None = None
    prominent: bool | None = None
    clicks: int | None = None
    forced_follow: bool | None = None
    forced_tip: bool | None = None
    covered_by_popup: bool | None = None
    seller_name: str | None = None
    seller_address: str | None = None
    seller_contact: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence, permit or registration as shown or handed in."""

    kind: str
    number: str
    holder: str | None = None
    listing_id: str | None = None
    issued_on: date | None = None
    expires_on: date | None = None
    scope: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class AdApproval:
    """An approval of an advertisement and the text that was approved."""

    number: str
    listing_id: str | None = None
    holder: str | None = None
    approved_text: str | None = None
    expires_on: date | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class OfficialNumber:
    """A row of the agency's exported look-up table: what the register says about a number.

    `kind` is a kind of `fairstream.law.identifiers`; `product_class` the class the register files it under.
    """

    number: str
    kind: str
    holder: str | None = None
    product: str | None = None
    product_class: ProductClass | None = None
    status: NumberStatus | None = None
    expires_on: date | None = None
    approved_text: str | None = None
    exported_on: date | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class PricePoint:
    """A price of a listing at a moment: a deal that was made, or a price that was shown."""

    listing_id: str
    at: datetime
    price_fen: int
    kind: PriceKind = "deal"
    quantity: int | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class ShelfChange:
    """A change of the shelf during the broadcast; `stock` is what was shown as left."""

    listing_id: str
    at_ms: int
    kind: ShelfKind = "stock"
    stock: int | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Prize:
    """A prize: what it is worth, how it is drawn, whether rules and winners were published."""

    name: str
    value_fen: int | None = None
    quantity: int | None = None
    by_draw: bool | None = None
    rules_text: str | None = None
    rules_published: bool | None = None
    rules_changed_at: datetime | None = None
    started_at: datetime | None = None
    winners: tuple[str, ...] | None = None
    winners_inside: tuple[str, ...] = ()
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """A series over the broadcast: values at moments in milliseconds, in order."""

    kind: CurveKind
    at_ms: tuple[int, ...]
    values: tuple[float, ...]
    listing_id: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """A review of a listing as seen at `captured_at`; the same review may be captured twice."""

    id: str
    listing_id: str
    text: str
    captured_at: datetime
    written_at: datetime | None = None
    author: str | None = None
    rating: int | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """An order; `exception_confirmed` tells whether the buyer confirmed a no-return exception."""

    id: str
    listing_id: str
    paid_at: datetime | None = None
    received_at: datetime | None = None
    price_fen: int | None = None
    exception_kind: str | None = None
    exception_marked: bool | None = None
    exception_confirmed: bool | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class AfterSale:
    """A request after the sale and how the shop answered."""

    id: str
    order_id: str
    kind: RequestKind
    requested_at: datetime
    reason: RequestReason = "no_reason"
    answer: Answer = "none"
    answered_at: datetime | None = None
    return_address_valid: bool | None = None
    refusal_words: str | None = None
    goods_back_at: datetime | None = None
    refunded_at: datetime | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class HostFacts:
    """Who speaks: identity, employment, age, earlier penalties for endorsements.

    `has_influence` is what a person found on "some influence" (live-ecommerce-measures-2026#35), for which
    the law has no number; `followers` are only a hint. `endorsement_penalised_on` are the days of penalties
    for endorsing a false advertisement: empty when there were none, None when that is not known.
    """

    name: str
    born_on: date | None = None
    guardian_consent: bool | None = None
    relation: Relation = "unknown"
    employer: str | None = None
    on_duty: bool | None = None
    is_seller: bool | None = None
    own_name_or_image: bool | None = None
    followers: int | None = None
    has_influence: bool | None = None
    used_goods: bool | None = None
    identity_verified_on: date | None = None
    reported_to_platform_on: date | None = None
    endorsement_penalised_on: tuple[date, ...] | None = None
    is_ai: bool | None = None
    ai_shown: tuple[Interval, ...] | None = None
    ai_labelled: tuple[Interval, ...] | None = None
    clips_republished: bool | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class AdContract:
    """A contract behind the broadcast: fee, commission, who does what for whom."""

    payer: str
    payee: str
    fee_fen: int | None = None
    commission_permille: int | None = None
    traffic_fen: int | None = None
    purpose: str | None = None
    signed_on: date | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Authorisation:
    """One link of a brand's chain of authorisation: who lets whom sell, until when."""

    brand: str
    grantor: str
    grantee: str
    valid_from: date | None = None
    valid_until: date | None = None
    document: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """What the label of the goods says. `materials` are shares in percent by name.

    `complete` tells that all its sides were read off, so that what is not here does not stand on it; without
    it a field that is None is unknown.
    """

    listing_id: str
    materials: dict[str, float] = field(default_factory=dict)
    origin: str | None = None
    producer: str | None = None
    produced_on: date | None = None
    shelf_life_days: int | None = None
    expires_on: date | None = None
    licence_number: str | None = None
    complete: bool | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class OtherRoom:
    """Another room's marks, to see whether it has come back under a new account; a lead only."""

    room: str
    barred_on: date | None = None
    phrases: tuple[str, ...] = ()
    listing_titles: tuple[str, ...] = ()
    licence_numbers: tuple[str, ...] = ()
    payees: tuple[str, ...] = ()
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is established about the act beside its facts; None is unknown and is never assumed.

    `established` is a person's finding that the act itself is proven. The others are
    the grounds of administrative-penalty-law 33, of "heavier" brackets, of orders to correct and of the
    blacklist factors. `earlier_penalties` are days of penalties for acts of the same kind. `harm_undone`:
    the party removed or lessened the harm of its own accord; `brief_or_few`: it ran briefly or few saw it;
    `lawfully_obtained`: the seller proved that it came by the goods lawfully.
    """

    established: bool | None = None
    slight: bool | None = None
    serious: bool | None = None
    corrected: bool | None = None
    corrected_on: date | None = None
    harm: bool | None = None
    harms_health: bool | None = None
    first_offence: bool | None = None
    intent: bool | None = None
    no_fault_proven: bool | None = None
    knew: bool | None = None
    source_named: bool | None = None
    order_issued_on: date | None = None
    order_due_on: date | None = None
    refused_correction: bool | None = None
    earlier_penalties: tuple[date, ...] = ()
    negative_event: bool | None = None
    penalty_heavy: bool | None = None
    harm_minor: bool | None = None
    harm_undone: bool | None = None
    overpaid_refunded: bool | None = None
    purchase_checked: bool | None = None
    own_media: bool | None = None
    brief_or_few: bool | None = None
    lawfully_obtained: bool | None = None


@dataclass(frozen=True, slots=True)
class Amounts:
    """The four amounts fines are computed on, in fen; None is unknown and stays unknown."""

    ad_fee: int | None = None
    illegal_income: int | None = None
    goods_value: int | None = None
    turnover: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything known about a broadcast beside its words.

    An empty tuple means that nothing of the kind was handed in: unknown, not none. `registers_complete` names
    the kinds of numbers whose whole register stands in `official_numbers`: only there is a missing number one
    that does not exist. `payees` are the accounts the room is paid to.
    """

    platform: PlatformFacts | None = None
    account_page: AccountPage | None = None
    seller_display: SellerDisplay | None = None
    amounts: Amounts = Amounts()
    circumstances: Circumstances = Circumstances()
    decided_on: date | None = None
    duties: tuple[DutyEntry, ...] = ()
    licences: tuple[Licence, ...] = ()
    ad_approvals: tuple[AdApproval, ...] = ()
    official_numbers: tuple[OfficialNumber, ...] = ()
    registers_complete: tuple[str, ...] = ()
    prices: tuple[PricePoint, ...] = ()
    shelf: tuple[ShelfChange, ...] = ()
    prizes: tuple[Prize, ...] = ()
    curves: tuple[Curve, ...] = ()
    reviews: tuple[Review, ...] = ()
    orders: tuple[Order, ...] = ()
    after_sales: tuple[AfterSale, ...] = ()
    hosts: tuple[HostFacts, ...] = ()
    contracts: tuple[AdContract, ...] = ()
    authorisations: tuple[Authorisation, ...] = ()
    labels: tuple[Label, ...] = ()
    other_rooms: tuple[OtherRoom, ...] = ()
    payees: tuple[str, ...] = ()
