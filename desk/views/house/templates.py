"""Brevmallar: every letter's text per language: where it comes from, whether it is approved, and changing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import unified_diff

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from cases.calendar import swedish_time
from cases.errors import NotFound
from cases.letters.letter import INTERNAL, LETTER_NAMES, LetterKind
from cases.letters.texts import (
    LETTER_LANGUAGES,
    ORIGIN_NAMES,
    TEXT_ACT_NAMES,
    LetterSource,
    LetterWorkshop,
    TextAct,
    TextEvent,
    TextState,
    text_state,
)
from cases.steps.settings.letter_texts import change_text, latest_id, may_edit
from desk.context import Asked, Keeper, NoRole
from desk.forms import Form, Posted, one_of
from desk.present import actor_name
from desk.security import CSP
from desk.styles import preview_csp

router = APIRouter()
_NO_SOURCE = LetterSource("", "", "")


@dataclass(frozen=True, slots=True)
class ShownTextEvent:
    """One line of the history, with what it changed against the text before it."""

    id: str
    when: str
    who: str
    what: str
    changed: tuple[str, ...]
    restorable: bool


def _workshop(person: Asked) -> LetterWorkshop:
    """The means to change letters. Raises NoRole, and NotFound where the desk has none."""
    if not may_edit(person.user):
        raise NoRole("Brev ändras av en administratör eller av kommunens registrator.")
    if person.desk.settings.workshop is None:
        raise NotFound("Här finns inga brevmallar att ändra.")
    return person.desk.settings.workshop


def _letter(kind: str, language: str) -> LetterKind:
    found = one_of(LetterKind, kind)
    if found is None or language not in LETTER_LANGUAGES:
        raise NotFound("Det finns inget sådant brev.")
    return found


@router.get("/brevmallar")
def letters(person: Keeper) -> Response:
    shop = _workshop(person)
    rows = []
    with person.desk.store.read() as tx:
        for kind, languages in shop.kinds():
            extra = [code for code in LETTER_LANGUAGES if code not in languages and tx.text_events(kind, code)]
            states = [_state(person, shop, kind, code, tx.text_events(kind, code)) for code in (*languages, *extra)]
            rows.append((kind, kind in INTERNAL, states))
    return person.page("house/templates.html", rows=rows)


def _state(
    person: Asked, shop: LetterWorkshop, kind: LetterKind, language: str, events: Sequence[TextEvent]
) -> TextState:
    return text_state(language, events, shop.below(kind, language), person.desk.settings.letter_languages)


@router.get("/brevmallar/{letter}/{language}")
def one_letter(letter: str, language: str, person: Keeper) -> Response:
    return _page(person, _letter(letter, language), language)


@router.post("/brevmallar/{letter}/{language}")
def act(letter: str, language: str, person: Keeper, form: Form) -> Response:
    """Save, approve or go back; a text with a fault is shown again with what is wrong."""
    shop, kind = _workshop(person), _letter(letter, language)
    wanted = form.choice("gor", TextAct) or TextAct.SAVED
    source = _typed(form)
    faults = () if wanted is TextAct.WITHDRAWN else shop.trial(kind, language, source).faults
    if faults:
        return _page(person, kind, language, source, faults)
    with person.desk.store.begin() as tx:
        kept = None if wanted is TextAct.WITHDRAWN else source
        change_text(
            tx, kind, language, wanted, kept, form.text("sedd"), person.user, shop, person.office, person.now
        )  # fmt: skip
    said = {
        TextAct.SAVED: "Utkastet är sparat. Breven går ut som förut tills någon godkänner det.",
        TextAct.APPROVED: "Texten är godkänd och används från och med nu.",
        TextAct.WITHDRAWN: "Nu gäller texten utan ändringar igen.",
    }[wanted]
    return person.go(f"/brevmallar/{kind}/{language}", said)


@router.post("/brevmallar/{letter}/{language}/prova")
def preview(letter: str, language: str, person: Keeper, form: Form) -> Response:
    """The text with sample data and its faults, as a page for the frame beside the form."""
    shop, kind = _workshop(person), _letter(letter, language)
    return _trial_page(person, shop, kind, language, _typed(form))


@router.get("/brevmallar/{letter}/{language}/prova")
def preview_now(letter: str, language: str, person: Keeper, version: str = "") -> Response:
    """The same of a text that is kept: the draft, an earlier one, or what is in force."""
    shop, kind = _workshop(person), _letter(letter, language)
    with person.desk.store.read() as tx:
        events = tx.text_events(kind, language)
    return _trial_page(person, shop, kind, language, _shown(shop, kind, language, events, version))


def _trial_page(person: Asked, shop: LetterWorkshop, kind: LetterKind, language: str, source: LetterSource) -> Response:
    made = shop.trial(kind, language, source)
    text = person.part("house/template_preview.html", {"trial": made, "language": language})
    policy = preview_csp(made.letter.html) if made.letter else CSP
    policy = policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    return HTMLResponse(text, headers={"Content-Security-Policy": policy})


def _typed(form: Posted) -> LetterSource:
    return LetterSource(form.text("amne"), _ended(form.text("text")), _ended(form.text("html")))


def _ended(text: str) -> str:
    return f"{text}\n" if text else ""


def _shown(
    shop: LetterWorkshop, kind: LetterKind, language: str, events: Sequence[TextEvent], version: str = ""
) -> LetterSource:
    """An earlier version, else the latest draft or approved text, else the one under the desk's."""
    under = shop.below(kind, language)
    plain = under[1] if under else _NO_SOURCE
    if version == "utan":
        return plain
    chosen = next((one for one in events if one.id == version), events[0] if events else None)
    return plain if chosen is None or chosen.source is None else chosen.source


def _page(
    person: Asked,
    kind: LetterKind,
    language: str,
    typed: LetterSource | None = None,
    faults: tuple[str, ...] = (),
) -> Response:
    shop, version = _workshop(person), person.request.query_params.get("version", "")
    with person.desk.store.read() as tx:
        events, seen = list(tx.text_events(kind, language)), latest_id(tx, kind, language)
        names = {user.id: user.name for user in tx.users()}
    under = shop.below(kind, language)
    source = typed or _shown(shop, kind, language, events, version)
    return person.page(
        "house/template.html",
        status=422 if faults else 200,
        kind=kind,
        state=_state(person, shop, kind, language, events),
        source=source,
        seen=seen,
        faults=faults,
        version=version,
        under_name=ORIGIN_NAMES[under[0]] if under else "",
        variables=shop.variables(kind),
        history=_history(events, under[1] if under else _NO_SOURCE, names),
        title=LETTER_NAMES[kind],
    )


def _history(events: Sequence[TextEvent], plain: LetterSource, names: dict[str, str]) -> list[ShownTextEvent]:
    shown, before = [], plain
    for one in reversed(events):
        now = one.source or plain
        what = TEXT_ACT_NAMES[one.act]
        if one.act is TextAct.APPROVED and one.source is None:
            what = "Godkände texten utan ändringar"
        diff = tuple(_diff(before, now))
        shown.append(
            ShownTextEvent(one.id, swedish_time(one.at), actor_name(one.by, names), what, diff, bool(one.source))
        )
        before = now
    return shown[::-1]


def _diff(before: LetterSource, now: LetterSource) -> list[str]:
    lines: list[str] = []
    for name, old, new in (
        ("Ämnesrad", before.subject, now.subject),
        ("Text", before.text, now.text),
        ("HTML", before.html, now.html),
    ):
        changed = list(unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=1))[2:]
        lines += [name, *changed] if changed else []
    return lines
