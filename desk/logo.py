"""The municipality's logo on the desk: over its pages, and in the letters it shows."""

from base64 import b64encode
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

PATH = "/static/kommun.png"


@dataclass(frozen=True)
class DeskLogo:
    """A PNG, shown ``width`` × ``height`` px; ``src`` is what letters call it, a ``cid:`` address."""

    png: bytes
    width: int
    height: int
    src: str

    @cached_property
    def path(self) -> str:
        """Where pages fetch it; another picture has another address."""
        return f"{PATH}?v={sha256(self.png).hexdigest()[:12]}"

    @cached_property
    def data(self) -> str:
        """The picture itself as an address, for letters, which may fetch nothing."""
        return f"data:image/png;base64,{b64encode(self.png).decode('ascii')}"

    async def answer(self, _request: Request) -> Response:
        """The file; it is nobody's secret."""
        return Response(self.png, media_type="image/png")


def with_logo(html: str, logo: DeskLogo | None) -> str:
    """A letter's HTML as it looks in a mail program, where the logo lies beside it."""
    return html.replace(f'src="{logo.src}"', f'src="{logo.data}"') if logo else html
