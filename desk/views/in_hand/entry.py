"""Nytt ärende: what came by phone, at a visit or on paper, written down in under a minute."""

from dataclasses import replace

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from cases.calendar import STOCKHOLM
from cases.case import CHANNEL_NAMES, Case, Channel, Party
from cases.errors import LyhordError, NotAllowed, NotFound
from cases.inbound.documents import SHORT_LETTER, ReadStatus
from cases.inbound.messages import Attachment, not_by_mail
from cases.letters.enclosures import MOST_ENCLOSED_BYTES, MOST_ENCLOSURES
from cases.people.access import SYSTEM
from cases.steps.receiving.by_hand import Spoken, WrittenBefore, enter
from cases.steps.routing.rules_speak import with_rule
from cases.steps.routing.suggest import record
from desk.case.letterform import chosen_files
from desk.case.page import ranked
from desk.case.party import read_party
from desk.context import Asked, CaseWorker
from desk.forms import FILES, Form, FormWithFiles, Posted, flatten, parse_moment

router = APIRouter()
_CHANNELS = [(c, CHANNEL_NAMES[c]) for c in (Channel.PHONE, Channel.VISIT, Channel.LETTER, Channel.FORM)]
_CHANNELS += [(c, name) for c, name in CHANNEL_NAMES.items() if c not in dict(_CHANNELS)]
# Where somebody can still be asked, or wrote from somewhere; elsewhere the answer goes back the way it came.
_ASKED = (Channel.PHONE, Channel.VISIT, Channel.LETTER, Channel.FORM)
# Below this a suggestion would be a guess.
_SHORTEST = 15


def _page(person: Asked, typed: Posted | None = None, problem: str = "") -> Response:
    local = person.now.astimezone(STOCKHOLM).strftime("%Y-%m-%dT%H:%M")
    return person.page(
        "in_hand/new_case.html",
        status=422 if problem else 200,
        channels=_channels(person),
        local_now=local,
        typed=typed,
        problem=problem,
        suggests=person.desk.classifier is not None,
        encloses=person.desk.settings.attach is not None,
    )


def _channels(person: Asked) -> list[tuple[Channel, str]]:
    """The ways in that the municipality has, the commonest at a desk first."""
    return [(channel, name) for channel, name in _CHANNELS if channel in person.desk.settings.routine.channels]


@router.get("/nytt")
def new_case(person: CaseWorker) -> Response:
    return _page(person)


@router.post("/nytt")
def enter_case(person: CaseWorker, form: FormWithFiles) -> Response:
    try:
        spoken = _spoken(form, person)
        with person.desk.store.begin() as tx:
            case = enter(tx, spoken, person.user, person.office, person.now, once=form.once(person.user.id))
    except NotAllowed as problem:
        form.blamed.extend([] if form.text("text") or form.blamed else ["text"])
        return _page(person, form, str(problem))
    except WrittenBefore as same:
        return _written(person, same.case_id)
    _suggest(person, case, spoken)
    return _written(person, case.id)


def _written(person: Asked, case_id: str) -> Response:
    """To the case, or back to an empty page where it is not theirs to read."""
    with person.desk.store.read() as tx:
        said = f"Ärende {tx.get_case(case_id, SYSTEM).number} är registrerat."
        try:
            tx.get_case(case_id, person.viewer)
        except NotFound:
            return person.go("/nytt", f"{said} Registratorn fördelar det.")
    return person.go(f"/arenden/{case_id}", said)


def _spoken(form: Posted, person: Asked) -> Spoken:
    moment = parse_moment(form.text("nar")) or person.now
    if moment > person.now.replace(second=59):
        raise form.refusal("nar", "Tiden då det kom in ligger framåt i tiden. Rätta den.")
    channel = form.need("kanal", Channel, "Välj hur det kom in.")
    if channel not in dict(_channels(person)):
        raise form.refusal("kanal", f"{CHANNEL_NAMES[channel]} är ingen väg in i er kommun. Välj en annan.")
    teller, files = _teller(form, channel, person), _files(form, person)
    return Spoken(channel, teller, flatten([form.text("amne")])[:200], form.text("text"), moment, files)


def _files(form: Posted, person: Asked) -> tuple[Attachment, ...]:
    """The paper letter as a picture, or photographs that came with what was said."""
    files = chosen_files(person, form)
    if len(files) > MOST_ENCLOSURES or sum(file.size for file in files) > MOST_ENCLOSED_BYTES:
        most = f"Högst {MOST_ENCLOSURES} filer och {MOST_ENCLOSED_BYTES // 1_000_000} MB tillsammans."
        raise form.refusal(FILES, f"{most} Välj färre eller mindre filer.")
    return tuple(files)


def _teller(form: Posted, channel: Channel, person: Asked) -> Party:
    """Who told it; who said nothing of themselves is anonymous, and a name alone is asked about while there is time."""
    party = read_party(form, person.desk.settings.routine.sender_kinds)
    reached = party.email or party.phone or party.address
    if party.name and not reached and channel in _ASKED:
        raise form.refusal(
            "telefon", f"Skriv hur {party.name} kan nås, så att svaret kommer fram, eller kryssa i Anonym."
        )
    return party if party.name or reached else replace(party, anonymous=True)


def _suggest(person: Asked, case: Case, spoken: Spoken) -> None:
    """Let the case have its suggestion at once; where the model is down, the daemon gives it later.

    So it does where *se bifogat brev* stands for a letter that no machine has read yet.
    """
    if person.desk.classifier is None or (len(spoken.text) < SHORT_LETTER and _unread(person, case)):
        return
    try:
        suggestion = person.desk.classifier.suggest(case.subject, spoken.text)
        with person.desk.store.read() as tx:
            first, rules = tx.case_file(case.id, SYSTEM).messages[0], tx.routing_rules()
        suggestion = with_rule(rules, suggestion, first.message, person.office)
        with person.desk.store.begin() as tx:
            record(tx, case.id, first.id, suggestion, person.office, person.now)
    except LyhordError:
        return


def _unread(person: Asked, case: Case) -> bool:
    with person.desk.store.read() as tx:
        return any(one.status is ReadStatus.WAITING for one in tx.documents(case.id, SYSTEM))


@router.post("/nytt/forslag")
def suggest_while_typing(person: CaseWorker, form: Form) -> Response:
    """The suggestion for what is typed so far; nothing is kept."""
    text = form.text("text")
    if person.desk.classifier is None or len(text) < _SHORTEST:
        return HTMLResponse("")
    suggestion = person.desk.classifier.suggest(form.text("amne"), text)
    with person.desk.store.read() as tx:
        rules = tx.routing_rules()
    suggestion = with_rule(rules, suggestion, not_by_mail(form.text("amne"), text, person.now), person.office)
    values = {"ranked": ranked(suggestion, person.office), "suggestion": suggestion}
    return HTMLResponse(person.part("in_hand/_suggestion_live.html", values))
