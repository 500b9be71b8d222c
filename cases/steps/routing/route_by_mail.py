"""What a registrator's *Bekräfta* or *Ändra* by mail asks for, where it may still be done that way."""

from dataclasses import replace

from cases.case import Case
from cases.errors import NotAllowed
from cases.office import Office
from cases.people.access import User
from cases.post.routing_mail import RoutingReply, read_unit, routable_by_mail, suggestion_mark
from cases.routing.decisions import RoutingRequest
from cases.routing.suggestion import CaseType, Suggestion
from cases.steps.routing.confirm import keeps
from cases.steps.routing.suggested import area_of, as_suggested, neutral_subject


def routing_request(
    case: Case, suggestion: Suggestion | None, reply: RoutingReply, text: str, by: User, office: Office
) -> RoutingRequest:
    """The decision that was mailed; ``text`` names the unit of a change.

    Raises NotAllowed, in words, where a person must look first, somebody has decided, or another suggestion stands.
    """
    problem = _problem(case, suggestion, reply, by, office)
    if problem or suggestion is None:
        raise NotAllowed(problem)
    request = as_suggested(case, office, suggestion)
    if not reply.changes:
        return request
    unit_id = read_unit(text, office.organisation)
    area = area_of(unit_id, case, suggestion, office)
    subject = neutral_subject(case.type or CaseType.OVRIGT, area)
    return replace(request, unit_id=unit_id, area=area, register_subject=subject)


def _problem(case: Case, suggestion: Suggestion | None, reply: RoutingReply, by: User, office: Office) -> str:
    if not keeps(case, office.viewer(by)):
        return "Du fördelar inte det här ärendet."
    if case.protected or case.track or case.sender_doubt:
        return "Ärendet behöver läsas innan det fördelas. Fördela det på ärendesidan."
    if not routable_by_mail(case):
        return "Ärendet är redan fördelat."
    if suggestion is None or suggestion_mark(suggestion, office.organisation) != reply.mark:
        return "Förslaget har ändrats sedan mejlet skickades. Se det nya på ärendesidan."
    return ""
