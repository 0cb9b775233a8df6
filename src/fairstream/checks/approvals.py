"""Approvals of advertisements as handed in, shown in the broadcast or listed in the register."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fairstream.checks.about import fact
from fairstream.checks.papers import AD_KINDS, Sides, official, papers, register_side
from fairstream.checks.scene import Scene
from fairstream.facts import OfficialNumber
from fairstream.law.identifiers import Identified, number_key, read_number
from fairstream.records import Listing, Side


@dataclass(frozen=True, slots=True)
class Approval:
    """One approval: its number, for which goods, until when, and the text that was approved.

    `days` are the last days that the paper and the register tell beside the number itself.
    """

    number: str
    side: Side
    read: Identified | None = None
    listing_id: str | None = None
    days: tuple[date | None, ...] = ()
    text: str | None = None
    row: OfficialNumber | None = None

    def sides(self, *more: Side) -> Sides:
        """What an outcome about it is about, with its row in the register and further sides."""
        both = (self.side, *more, *((register_side(self.row),) if self.row else ()))
        return {
            "subject": self.number,
            "listing_id": self.listing_id,
            "said": tuple(side for side in both if side.medium),
            "known": tuple(side for side in both if not side.medium),
        }


def approvals(scene: Scene) -> list[Approval]:
    """Each approval once: those handed in, then further numbers that were shown."""
    found: dict[tuple[str, str | None], Approval] = {}
    for record in scene.facts.ad_approvals:
        row = official(scene, record.number)
        words = " ".join(filter(None, (record.holder, record.number, record.approved_text)))
        found[number_key(record.number), record.listing_id] = Approval(
            record.number,
            fact("ad_approvals", words, record),
            read_number(record.number),
            record.listing_id,
            (record.expires_on, row.expires_on if row else None),
            record.approved_text or (row.approved_text if row else None),
            row,
        )
    handed_in = {key for key, _ in found}
    for paper in papers(scene):
        if paper.number.kind in AD_KINDS and paper.number.key not in handed_in:
            row = official(scene, paper.number)
            found.setdefault(
                (paper.number.key, paper.listing_id),
                Approval(
                    paper.number.number,
                    paper.side,
                    paper.number,
                    paper.listing_id,
                    (row.expires_on if row else None,),
                    row.approved_text if row else None,
                    row,
                ),
            )
    return list(found.values())


def of_goods(given: Sequence[Approval], scene: Scene, listing: Listing) -> list[Approval]:
    """The approvals for one listing; one that names no goods counts for the only ones or for its class."""
    alone = len(scene.broadcast.listings) == 1
    return [
        approval
        for approval in given
        if approval.listing_id == listing.id
        or (
            approval.listing_id is None
            and (
                alone or (approval.read is not None and approval.read.product_class == listing.product_class)
            )
        )
    ]
