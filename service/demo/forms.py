"""Reading a page's forms as a browser would, so that the scripted registrator presses the very buttons people do."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass(slots=True)
class Form:
    """One form of a page: where it goes, and the fields it would send as it stands."""

    action: str
    method: str = "get"
    fields: list[tuple[str, str]] = field(default_factory=list)

    def value(self, name: str) -> str:
        """The first value of a field; empty where there is none."""
        return next((value for key, value in self.fields if key == name), "")


def forms_of(page: str) -> list[Form]:
    """All forms of an HTML page, in order; disabled and unchecked fields are left out."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._by_id: dict[str, Form] = {}
        self._open: Form | None = None
        self._select = ""
        self._options: list[tuple[str, bool]] = []
        self._text: tuple[Form, str] | None = None
        self._into = Form("")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._open = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._open)
            self._by_id[given.get("id", "")] = self._open
        elif tag == "option" and self._select:
            self._options.append((given.get("value", ""), "selected" in given))
        elif "name" in given and "disabled" not in given:
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        form = self._by_id.get(given["form"]) if "form" in given else self._open
        if form is None:
            return
        if tag == "input":
            ticked = given.get("type") not in ("checkbox", "radio") or "checked" in given
            if ticked and given.get("type") not in ("submit", "button", "file"):
                form.fields.append((given["name"], given.get("value", "on" if ticked else "")))
        elif tag == "select":
            self._select, self._options, self._into = given["name"], [], form
        elif tag == "textarea":
            form.fields.append((given["name"], ""))
            self._text = (form, given["name"])

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            form, name = self._text
            before = form.fields.pop()[1]
            form.fields.append((name, before + data))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "textarea":
            self._text = None
        elif tag == "select" and self._select:
            chosen = [value for value, selected in self._options if selected] or [v for v, _ in self._options[:1]]
            self._into.fields.extend((self._select, value) for value in chosen)
            self._select = ""
