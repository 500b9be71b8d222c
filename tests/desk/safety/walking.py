"""Walks the desk as somebody who clicks every link and fills in every form, and says what a browser would act on."""

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

from starlette.routing import Match

from tests.desk.safety.test_access import all_routes, shape

HOT = "=xq7<xq7 onclick=xq7>\"' onmouseover=xq7 x='</textarea></title><script>xq7</script>{{7007*1001}}{%raw%}"
PLAIN = "Xq7 <b>xq7</b>"
"""What a form that wants something ordinary takes; still marked as nobody's of ours."""
BROKEN = "xq7\r\nX-Xq7: ja\r\n\r\n<xq7>"
_ADDRESSES = ("href", "src", "action", "formaction", "data", "srcset", "poster")
_LINKS = re.compile(r'(?:href|src|data-efter|data-hamta)="(/[^"]*)"')
_KEPT = {"csrf", "version", "annan_version", "form"}


class Live(HTMLParser):
    """What of a page a browser would act on that is not ours."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in ("object", "embed", "base", "applet") or "xq7" in tag:
            self.found.append(f"<{tag}>")
        if tag == "script" and not re.fullmatch(r"/static/\w+\.js\?v=\w+", values.get("src", "")):
            self.found.append(f"<script {values}>")
        self.found += [f"{tag} {name}" for name in values if name.startswith("on") or "xq7" in name or name == "style"]
        for name in _ADDRESSES:
            if re.match(r"[\x00-\x20]*(javascript|data|vbscript):", values.get(name, ""), re.IGNORECASE):
                self.found.append(f"{tag} {name}={values[name]}")


def acted_on(answer) -> list[str]:
    """Everything in an answer that a stranger's text got to act; empty where it is text alone."""
    kind, found = answer.headers.get("content-type", ""), []
    if any("xq7" in name.lower() for name in answer.headers):
        found.append("a header of its own")
    if not leads_home(answer):
        found.append(f"sent on to {answer.headers['location']}")
    if "csv" in kind:
        cells = (cell for row in csv.reader(io.StringIO(answer.text), delimiter=";") for cell in row)
        found += [f"formula {cell[:20]!r}" for cell in cells if cell.lstrip('"')[:1] in tuple("=+-@\t\r")]
    elif "html" in kind:
        live = Live()
        live.feed(answer.text)
        # A letter of ours, shut in by its policy, is the one page with styles of its own.
        caged = answer.headers["content-security-policy"].startswith("sandbox")
        found += [one for one in live.found if not (caged and one.endswith(" style"))]
        found += ["<xq7 in the text"] if "<xq7" in answer.text else []
        found += ["a template ran"] if "7014007" in answer.text else []
    elif "xml" in kind:
        found += [one.tag for one in ET.fromstring(answer.content).iter() if "xq7" in one.tag]
    if kind and answer.headers.get("x-content-type-options") != "nosniff":
        found.append("may be sniffed")
    return found


def leads_home(answer) -> bool:
    """Whether an answer sends the browser nowhere, or to a page of this desk."""
    target = answer.headers.get("location", "/")
    return bool(re.fullmatch(r"/(?![/\\])[\x21-\x7e]*", target)) and "\\" not in target


@dataclass(frozen=True)
class Field:
    """A field of a form; ``values`` are those one can choose, or the one it holds."""

    name: str
    kind: str
    values: tuple[str, ...] = ()


@dataclass
class FoundForm:
    """A form as a page shows it. ``buttons`` are name and value of each way to send it."""

    action: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, frozenset[str]]:
        """What tells it from other forms, whichever case and letter it is about."""
        alike = re.compile(r"[0-9a-f]{32}(-\d+)?|\d+")
        return alike.sub("#", self.action.partition("?")[0]), frozenset(alike.sub("#", f.name) for f in self.fields)

    @property
    def writable(self) -> bool:
        """Whether it takes more than a press of its button."""
        return any(one.name not in _KEPT for one in self.fields)

    def filled(self, text: str, *, hidden: bool) -> dict[str, list[str]]:
        """What one can write is ``text``, what one can choose is chosen; ``hidden``: hidden fields are text too."""
        data: dict[str, list[str]] = {}
        for one in self.fields:
            if one.name in _KEPT or (one.kind == "hidden" and not hidden):
                data.setdefault(one.name, []).extend(one.values)
            elif one.kind == "radio":
                data.setdefault(one.name, list(one.values))
            elif one.kind == "checkbox":
                data.setdefault(one.name, []).extend(one.values)
            elif one.kind == "select":
                data[one.name] = [next((value for value in one.values if value), "")]
            else:
                data[one.name] = [_written(one.kind, text)]
        return data


def _written(kind: str, text: str) -> str:
    if text != PLAIN:
        return text
    known = {"email": "xq7@ond.example", "date": "2026-12-01", "datetime-local": "2026-12-01T10:00", "number": "3"}
    return known.get(kind, text)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[FoundForm] = []
        self.open: FoundForm | None = None
        self.select: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = FoundForm(at.get("action", "")) if at.get("method", "get") == "post" else None
            self.forms += [self.open] if self.open else []
        elif tag == "option" and self.select is not None and self.open is not None:
            self.select = Field(self.select.name, "select", (*self.select.values, at.get("value", "")))
            self.open.fields[-1] = self.select
        elif self.open is not None and at.get("name"):
            self._field(self.open, tag, at)

    def _field(self, form: FoundForm, tag: str, at: dict[str, str]) -> None:
        if tag == "button":
            form.buttons.append((at["name"], at.get("value", "")))
        elif tag == "select":
            self.select = Field(at["name"], "select")
            form.fields.append(self.select)
        elif tag in ("input", "textarea"):
            kind = at.get("type", "text") if tag == "input" else "text"
            form.fields.append(Field(at["name"], kind, (at.get("value", "on" if kind == "checkbox" else ""),)))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = None


def forms(html: str, path: str) -> list[FoundForm]:
    """The forms of a page that change something."""
    reader = _Forms()
    reader.feed(html)
    for form in reader.forms:
        form.action = form.action or path
    return reader.forms


def links(html: str) -> list[str]:
    """Where a page leads within the desk."""
    found = (unescape(link).partition("#")[0] for link in _LINKS.findall(html))
    return [link for link in dict.fromkeys(found) if not link.startswith("/static/")]


class Map:
    """Which route an address is of."""

    def __init__(self, app) -> None:
        inner = (getattr(getattr(route, "original_router", None), "routes", None) or [route] for route in app.routes)
        self.routes = [route for some in inner for route in some if hasattr(route, "methods")]
        self.all = {(method, shape(path)) for method, path in all_routes(app) if method != "HEAD"}

    def route(self, method: str, path: str) -> str:
        """The route's path with its parameters left open; empty for none."""
        scope = {"type": "http", "method": method, "path": path.partition("?")[0], "headers": []}
        for route in self.routes:
            if route.matches(scope)[0] is Match.FULL and route.path != "/{path:path}":
                return shape(route.path)
        return ""


def walk(
    page, where: Map, starts: Iterable[str], times: Counter[str], each: int, skip: Callable[[str], bool]
) -> Iterator[tuple]:
    """Follow every link from these addresses, and each route so many times; gives (address, answer)."""
    waiting, seen = deque(starts), set()
    while waiting:
        path = waiting.popleft()
        if path in seen:
            continue
        seen.add(path)
        route = where.route("GET", path)
        if not route or skip(path) or times[route] >= each:
            continue
        answer = page.get(path)
        times[route] += answer.status_code == 200
        yield path, answer
        if "html" in answer.headers.get("content-type", ""):
            waiting += links(answer.text)
