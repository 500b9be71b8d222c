"""A case that a letter begins: its number, its deadlines, whom it is with and how it came."""

from dataclasses import replace
from datetime import datetime

from cases.calendar import local_day
from cases.case import CHANNEL_NAMES, Case, CaseStatus, Channel, Party
from cases.office import Office
from cases.ports import Tx
from cases.promises import deadline
from cases.records.numbering import format_number
from cases.steps.sender import Correspondent
from cases.steps.staff import registrators_of


def case_of(tx: Tx, office: Office, received_at: datetime, found: Correspondent) -> Case:
    """A case with this correspondent, not yet added."""
    case = open_case(tx, office, received_at, found.channel, found.party, found.subject)
    return replace(case, mail_refused=found.refused, sender_doubt=found.doubt, forwarded_by=found.forwarded_by)


def in_mailbox(tx: Tx, case: Case, mailbox: str, office: Office, now: datetime) -> Case:
    """The case of a letter to a mailbox is its nämnd's, where anybody keeps that nämnd's diary and would see it."""
    owner = office.box_authorities.get(mailbox, case.authority_id)
    if owner == case.authority_id or not registrators_of(tx, owner, local_day(now)):
        return case
    return replace(case, authority_id=owner)


def arrival_text(found: Correspondent) -> str:
    """How a letter came, for the journal, and what a registrator has to see to."""
    if found.forwarded_by:
        return f"E-post som en medarbetare vidarebefordrade. {found.doubt}"
    way = "E-post till kommunens brevlåda."
    if found.channel is not Channel.EMAIL:
        way = (
            f"Genom ett formulär, som skickade svaren till kommunens brevlåda ({CHANNEL_NAMES[found.channel].lower()})."
        )
    return " ".join(piece for piece in (way, found.doubt) if piece)


def open_case(tx: Tx, office: Office, received_at: datetime, channel: Channel, sender: Party, subject: str) -> Case:
    """A case with its number and deadlines, not yet added; both count from the receiving time."""
    year = local_day(received_at).year
    return Case(
        id=office.new_id(),
        number=format_number(office.case_pattern, year=year, serial=tx.next_serial("case", year)),
        token=office.new_id(),
        status=CaseStatus.RECEIVED,
        received_at=received_at,
        channel=channel,
        sender=sender,
        subject=subject,
        authority_id=office.organisation.home_authority,
        deadlines=tuple(deadline(p, received_at, office.calendar) for p in office.promises),
    )
