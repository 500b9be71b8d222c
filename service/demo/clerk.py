"""A registrator played by a script: logs in to the desk over HTTP and confirms what waits, one case at a time."""

import re
from http import HTTPStatus
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, Request, build_opener

from cases.errors import LyhordError
from service.demo.forms import Form, forms_of

_CONFIRM = re.compile(r"^/arenden/([0-9a-f]+)/bekrafta$")
_QUEUE = "/att-fordela"


class Clerk:
    """One session in the desk."""

    def __init__(self, base_url: str, timeout: float = 30.0) -> None:
        self._base = base_url
        self._timeout = timeout
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self.refused: list[str] = []

    def log_in(self, email: str, password: str) -> None:
        """Fill in the log-in form. Raises LyhordError where the desk does not let one in."""
        form = next((f for f in forms_of(self._get("/logga-in")) if f.method == "post"), None)
        if form is None:
            raise LyhordError("Skrivbordets inloggning visar inget formulär.")
        fields = [(k, v) for k, v in form.fields if k not in ("epost", "losenord")]
        page = self._post(form.action, [*fields, ("epost", email), ("losenord", password)])
        if any(f.action == "/logga-in" for f in forms_of(page)):
            raise LyhordError(f"Skrivbordet släppte inte in {email}.")

    def confirm_all(self) -> int:
        """Confirm every case in the queue as suggested; returns how many were."""
        waiting = self._waiting()
        for form in waiting:
            self._post(form.action, form.fields)
        return len(waiting)

    def _waiting(self) -> list[Form]:
        return [f for f in forms_of(self._get(_QUEUE)) if f.method == "post" and _CONFIRM.match(f.action)]

    def _get(self, path: str) -> str:
        return self._ask(Request(urljoin(self._base, path)))  # noqa: S310 - our own desk on loopback

    def _post(self, path: str, fields: list[tuple[str, str]]) -> str:
        return self._ask(Request(urljoin(self._base, path), data=urlencode(fields).encode()))  # noqa: S310

    def _ask(self, request: Request) -> str:
        try:
            with self._opener.open(request, timeout=self._timeout) as answer:
                text: str = answer.read().decode()
        except HTTPError as error:
            with error:
                # 409: a reply came in between; the case is in the queue still, and is looked at again.
                if error.code != HTTPStatus.CONFLICT:
                    self.refused.append(f"{request.selector}: {error.code}")
                return error.read().decode()
        return text
