"""Who asks for a public page: anybody, known by nothing but the pace."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import HTMLResponse

from cases.errors import LyhordError
from desk.context import Desk, desk_of
from desk.outside import Pace, PublicSettings, neighbourhood
from desk.security import client_address

CALM = {"Referrer-Policy": "no-referrer"}


class TooFast(LyhordError):
    """Somebody asks faster than is allowed; ``seconds`` says how long to wait."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"Wait {seconds} seconds.")


@dataclass(frozen=True, slots=True)
class Outside:
    """A request for a public page."""

    request: Request
    desk: Desk
    settings: PublicSettings

    def page(
        self, template: str, values: Mapping[str, object], *, status: int = 200, headers: Mapping[str, str] = CALM
    ) -> HTMLResponse:
        """A page; by default one that nobody is to remember and no link tells of."""
        common = {"public": self.settings, "path": self.request.url.path}
        text = self.desk.pages.get_template(f"public/{template}").render({**common, **values})
        return HTMLResponse(text, status, dict(headers))


def _outside(request: Request) -> Outside:
    desk = desk_of(request)
    pace: Pace = request.app.state.pace
    whose = neighbourhood(client_address(request))
    seconds = pace.wait(whose, desk.clock()) if whose else 0
    if seconds:
        raise TooFast(seconds)
    assert desk.settings.public is not None
    return Outside(request, desk, desk.settings.public)


Anybody = Annotated[Outside, Depends(_outside)]
