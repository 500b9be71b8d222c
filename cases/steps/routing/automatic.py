"""Routing without a person, where the municipality has switched it on: sure letters of chosen areas, none flagged."""

from dataclasses import replace
from datetime import datetime

from cases.case import Case, CaseStatus
from cases.inbound.documents import ReadStatus
from cases.letters.letter import LetterKind, OutboxStatus
from cases.numerals import percent_words, sureness_words
from cases.office import Office
from cases.people.access import SYSTEM, User
from cases.ports import Tx
from cases.routing.decisions import RoutingChoice, RoutingRequest
from cases.routing.learning import AUTOMATIC
from cases.routing.suggestion import CaseType, Severity, Suggestion
from cases.routing.tracks import foremost
from cases.steps.routing.confirm import carry_out

LYHORD = User(AUTOMATIC, "", "Lyhörd", "", frozenset())
"""Who has decided where no person has."""


def route_surely(tx: Tx, case_id: str, office: Office, now: datetime) -> bool:
    """Confirm a case as suggested, by itself, where everything speaks for it; whether it did.

    Called after each suggestion, so a letter whose documents were read later is looked at again with them.
    """
    if not office.auto_confirm_areas:
        return False
    case, suggestion = tx.get_case(case_id, SYSTEM), tx.suggestion(case_id)
    if suggestion is None or not may_route(case, suggestion, office) or _unread(tx, case_id):
        return False
    carry_out(tx, case, _request(case, suggestion, office), LYHORD, office, now)
    _take_back_question(tx, case_id)
    return True


def may_route(case: Case, suggestion: Suggestion, office: Office) -> bool:
    """Whether this case may go without a person, but for documents nobody has read.

    Never where a flag was ever set, a special track chosen or suggested that wants a person, a person has opened the
    case or must say who wrote, and never a serious letter or one that may be no case at all. An ordinary track, such as
    felanmälan, follows from type and unit, which are what is routed by. What a rule puts first is for a person, too.
    """
    first = suggestion.areas[0]
    untouched = case.status is CaseStatus.SUGGESTED and case.opened_at is None and not case.unit_id
    harmless = not (case.flags or suggestion.flags or case.track or foremost(suggestion.tracks) or case.sender_doubt)
    plain = suggestion.severity is not Severity.ALLVARLIG and suggestion.type is not CaseType.OVRIGT
    chosen = first.area in office.auto_confirm_areas and first.confidence >= office.auto_confirm_confidence
    modelled = not suggestion.named_units and not suggestion.doubt
    return untouched and harmless and plain and chosen and modelled


def _unread(tx: Tx, case_id: str) -> bool:
    """Whether a document may hold what would be flagged: nobody has read it."""
    return any(document.status is not ReadStatus.READ for document in tx.documents(case_id, SYSTEM))


def _take_back_question(tx: Tx, case_id: str) -> None:
    """The registrators need not be asked to route what is routed."""
    for entry in tx.letters_of(case_id):
        if entry.letter.kind is LetterKind.TILL_REGISTRATOR and entry.status is OutboxStatus.QUEUED:
            tx.update_entry(replace(entry, status=OutboxStatus.CANCELLED))


def _request(case: Case, suggestion: Suggestion, office: Office) -> RoutingRequest:
    first = suggestion.areas[0]
    return RoutingRequest(
        version=case.version,
        choice=RoutingChoice.UNIT,
        unit_id=office.organisation.unit_for(first.area).id,
        area=first.area,
        type=suggestion.type,
        severity=suggestion.severity,
        flags=frozenset(),
        reason=f"Automatiskt, utan att en människa har bekräftat: {sureness_words(first.confidence)} säkert, "
        f"gränsen är {percent_words(office.auto_confirm_confidence)}.",
    )
