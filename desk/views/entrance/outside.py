"""Log in through the municipality's own log-in: there, and back again."""

import logging
from dataclasses import asdict, replace

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cases.errors import NotFound
from cases.people.access import User
from cases.people.accounts import AccountEvent, Way
from cases.ports import Tx
from desk.context import Desk
from desk.login.newcomers import grants_of_groups, person_of_claims, subject_of
from desk.login.oidc import Claims, OidcAway, OidcRefused, Pending, Provider
from desk.settings import OidcSettings
from desk.views.entrance.login import Knock, enter, knock, show

router = APIRouter()
log = logging.getLogger(__name__)
_COOKIE = "lyhord-vag"
# A person may have to find a telephone to approve it on.
_LASTS = 900
_REFUSED = "Kommunens inloggning släppte inte in dig i Lyhörd. Försök igen, eller be administratören om hjälp."
_AWAY = "Kommunens inloggning svarar inte just nu. Försök igen om en stund."
_LATE = "Inloggningen tog för lång tid eller avbröts. Försök igen."


def _provider(desk: Desk) -> tuple[Provider, OidcSettings]:
    if desk.provider is None or desk.settings.login.oidc is None:
        raise NotFound("People log in here.")
    return desk.provider, desk.settings.login.oidc


@router.get("/logga-in/kommunen")
def leave(request: Request, nasta: str = "/") -> Response:
    """Send the person to the provider, and remember in a sealed cookie what its answer must fit."""
    here = knock(request, nasta)
    provider, _ = _provider(here.desk)
    try:
        url, pending = provider.start(here.onwards)
    except OidcAway as problem:
        return _away(here, problem)
    answer = RedirectResponse(url, 303)
    sealed = here.desk.sealer.seal(_COOKIE, asdict(pending), here.now)
    answer.headers.append("Set-Cookie", here.desk.sessions.cookie(_COOKIE, sealed, lasts=_LASTS))
    return answer


@router.get("/logga-in/svar")
def back(request: Request) -> Response:
    """Take the provider's answer; the cookie is forgotten whatever it says, so that no answer is taken twice."""
    here = knock(request, "/")
    _provider(here.desk)
    answer = _come_back(here)
    answer.headers.append("Set-Cookie", here.desk.sessions.cookie(_COOKIE, "", lasts=0))
    return answer


def _come_back(here: Knock) -> Response:
    desk, (provider, _) = here.desk, _provider(here.desk)
    sealed = here.request.cookies.get(desk.sessions.name(_COOKIE), "")
    facts = desk.sealer.open(_COOKIE, sealed, here.now, _LASTS)
    if facts is None:
        return show(here.request, desk, problem=_LATE)
    pending = Pending(**facts)
    try:
        claims = provider.finish(pending, here.request.query_params, here.now)
        with desk.store.begin() as tx:
            user = _welcome(here, tx, claims)
    except OidcRefused as problem:
        here.refuse(AccountEvent.REFUSED, "", str(problem))
        return show(here.request, desk, problem=_REFUSED, nasta=pending.onwards)
    except OidcAway as problem:
        return _away(here, problem)
    return enter(replace(here, onwards=pending.onwards), user, Way.OIDC, text="med kommunens inloggning")


def _away(here: Knock, problem: OidcAway) -> Response:
    log.error("desk: log-in provider: %s", problem)
    return show(here.request, here.desk, problem=_AWAY, nasta=here.onwards)


def _welcome(here: Knock, tx: Tx, claims: Claims) -> User:
    """The person of these claims, bound to them from now on, with the roles of their groups where so set."""
    _, settings = _provider(here.desk)
    user = person_of_claims(tx, claims, settings, here.now)
    account = tx.account(user.id)
    if not account.subject:
        tx.save_account(replace(account, subject=subject_of(claims)))
        here.note(tx, AccountEvent.BOUND, user.id)
    if not settings.groups:
        return user
    grants = grants_of_groups(claims, settings)
    if grants != user.grants:
        user = replace(tx.hold_user(user.id), grants=grants)
        tx.add_user(user)
        here.note(tx, AccountEvent.GROUPS, user.id, ", ".join(sorted(f"{g.role}:{g.scope}" for g in grants)))
    return user
