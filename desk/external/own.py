"""The page on which a citizen follows an own case, and says whether the answer was of help."""

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cases.people.access import SYSTEM
from cases.records.public import Stage, link_key, nameable_units, own_case
from cases.steps.receiving import helped as step
from cases.ties import TieKind
from desk.external.anybody import CALM, Anybody
from desk.forms import plain

# Bytes of the form: more than fits in its field, however it is written.
_MOST_SENT = 100_000
_LONGEST = 5_000
_PAGES = {"sv": "own_case.html", "en": "own_case_en.html"}


def own_page(token: str, here: Anybody, sprak: str = "") -> Response:
    """How far a citizen's own case has come; the same page for a link that is unknown, closed or too old.

    In the language of the letter that carried the link, Swedish or English, unless the other is asked for.
    """
    now = here.desk.clock()
    with here.desk.store.read() as tx:
        link, case = tx.citizen_link(link_key(token), now), tx.citizen_case(link_key(token), now)
        ties = tx.tied_to(case.id, TieKind.SPLIT) if case else ()
        parts = [tx.get_case(tie.case_id, SYSTEM) for tie in ties]
        letters = tx.letters_of(case.id) if case else ()
    if case is None:
        return here.page("no_link.html", {}, status=404)
    units = nameable_units(here.desk.office.organisation, here.settings.areas)
    own = own_case(case, units, now, parts, letters)
    page = _PAGES.get(sprak) or _PAGES.get(case.language, _PAGES["sv"])
    return here.page(page, {"own": own, "stages": Stage, "link": link})


async def _said(request: Request) -> tuple[bool | None, str]:
    """Yes or no, None where neither was said, and the words with it. No more is read than the page can send."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_SENT:
            raise HTTPException(413)
    fields = parse_qs(body.decode("utf-8", "replace"), errors="replace")
    words = plain(fields.get("varfor", [""])[0])[:_LONGEST]
    return {"ja": True, "nej": False}.get(fields.get("hjalpt", [""])[0]), words


def say_if_helped(token: str, here: Anybody, said: Annotated[tuple[bool | None, str], Depends(_said)]) -> Response:
    """Keep what is said of the answer, once, and show the page again: the same whatever became of it."""
    desk, (helped, words) = here.desk, said
    if helped is not None:
        with desk.store.begin() as tx:
            step.say_if_helped(tx, link_key(token), helped, words, desk.office, desk.clock())
    asked = here.request.url
    return RedirectResponse(f"{asked.path}?{asked.query}" if asked.query else asked.path, 303, CALM)
