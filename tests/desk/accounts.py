"""A handläggare's account, the codes that their telephone shows, and what is noted of it, for tests."""

import re
from collections.abc import Callable

import pyotp

from cases.people.accounts import AccountEvent
from tests.desk.conftest import Surfer

MAIL = "handlaggare@ekdala.example"
NEW = "tolv gröna äpplen i ett fat"
Surf = Callable[..., Surfer]


def kinds(house, user_id: str = "handlaggare") -> list[AccountEvent]:
    with house.store.read() as tx:
        return [line.kind for line in tx.access_log(user_id=user_id)]


def code_of(house, secret: str, minutes: float = 0) -> str:
    house.clock.pass_minutes(minutes)
    return pyotp.TOTP(secret).at(house.clock())


def enrol(page: Surfer, house) -> tuple[str, list[str]]:
    """Switch codes on; the secret, and the spare codes."""
    text = page.get("/konto/tvasteg").text
    secret = re.search(r'class="hemlighet">([^<]+)<', text)[1].replace(" ", "")
    sealed = re.search(r'name="hemlighet" value="([^"]+)"', text)[1]
    assert "<svg" in text
    answer = page.post("/konto/tvasteg", hemlighet=sealed, kod=code_of(house, secret))
    assert answer.status_code == 200, answer.text
    page.get("/konto")
    return secret, re.findall(r"<li><code>([^<]+)</code>", answer.text)


def give_code(page: Surfer, code: str):
    page.get("/logga-in/kod")
    return page.post("/logga-in/kod", kod=code, nasta="/mina")
