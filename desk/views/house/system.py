"""Hälsa, the demonstration's mailboxes, and pages from other rooms."""

from fastapi import APIRouter
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from cases.errors import NotFound
from desk.context import Asked, Keeper, NoRole, Person
from desk.forms import Form
from desk.mailhtml import letter_document
from desk.rights import holds_any
from desk.security import disposition
from desk.settings import BoxView, ExtraPage, PageQuestion

router = APIRouter()
# Added last of all: it answers whatever address another room's page has.
extra = APIRouter()


@router.get("/halsa")
def health(person: Keeper) -> Response:
    look = person.desk.settings.health
    with person.desk.store.read() as tx:
        counts = tx.state_counts()
    return person.page("house/health.html", lines=look() if look else (), counts=counts)


def _boxes(person: Asked) -> list[BoxView]:
    look = person.desk.settings.mailboxes_page
    if look is None:
        raise NotFound("Only a demonstration shows mailboxes.")
    return list(look())


@router.get("/brevlador")
def mailboxes(person: Person) -> Response:
    return person.page("house/boxes.html", boxes=_boxes(person))


@router.get("/brevlador/{box}/{mail}")
def box_mail(box: int, mail: int, person: Person) -> Response:
    """The HTML of one mail of the demonstration, as a page of its own."""
    boxes = _boxes(person)
    if not (0 <= box < len(boxes) and 0 <= mail < len(boxes[box].mails)):
        raise NotFound("No such mail.")
    page, policy = letter_document(boxes[box].mails[mail].html)
    return HTMLResponse(page, headers={"Content-Security-Policy": policy})


@extra.get("/{path:path}")
def extra_page(path: str, person: Person) -> Response:
    found = _found(path, person)
    question = PageQuestion(person.user, person.viewer, dict(person.request.query_params))
    answer = found.answer(question)
    if answer.content:
        headers = {"Content-Disposition": disposition(answer.filename)}
        return Response(answer.content, media_type=answer.content_type, headers=headers)
    fragment = Markup(answer.html)  # noqa: S704 - made by our own
    return person.page("house/extra.html", title=answer.title, fragment=fragment, form=answer.form)


@extra.post("/{path:path}")
def extra_act(path: str, person: Person, form: Form) -> Response:
    found = _found(path, person)
    if found.act is None:
        raise NotFound("No such page.")
    onwards, said = found.act(PageQuestion(person.user, person.viewer, dict(form.pairs())))
    return person.go(onwards, said)


def _found(path: str, person: Asked) -> ExtraPage:
    found: ExtraPage | None = next((p for p in person.desk.extra_pages if p.path == f"/{path}"), None)
    if found is None:
        raise NotFound("No such page.")
    if not holds_any(person.user, found.roles):
        raise NoRole("Sidan hör till en annan roll än din.")
    return found
