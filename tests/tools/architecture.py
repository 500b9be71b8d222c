"""Draws ``docs/pictures/architecture.svg`` and ``message.svg`` from the code: who imports whom, and a message's way."""

import ast
import importlib
from dataclasses import dataclass
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
FLOORS = (
    ("service",),
    ("config", "storage", "ingest", "classifier", "notifier", "reports", "desk"),
    ("cases",),
)
_INK, _LINE, _FILL = "#1b1b1b", "#6b7a8f", "#eef2f7"
_FONT = 'font-family="system-ui, sans-serif"'


@dataclass(frozen=True)
class Arrow:
    """One step of a message's way: ``where`` is ``module:name`` of what takes it, looked up so that it must exist."""

    who: str
    what: str
    where: str


# Each arrow of docs/security.md's table, in its order.
WAY = (
    Arrow("citizen → mailbox", "a mail, anything at all", "ingest.connection:open_client"),
    Arrow("mailbox → raw mail", "bytes, kept before they are read", "ingest.poller:poll_once"),
    Arrow("raw mail → case", "parsed; reply, bounce, robot or new", "cases.steps.receiving.receive:receive"),
    Arrow("case → suggestion", "units, flags and why", "cases.steps.routing.suggest:record"),
    Arrow("suggestion → decision", "a registrator confirms on the desk", "cases.steps.routing.confirm:confirm"),
    Arrow("decision → handläggare", "a link, or the letter within the house", "cases.post.staff:queue_internal"),
    Arrow("handläggare → answer", "a mail to a signed address, or the desk", "cases.steps.answering.by_mail:take"),
    Arrow("answer → outbox", "rendered, checked, in its cause's transaction", "cases.post.citizen:queue_letter"),
    Arrow("outbox → citizen", "claimed, checked again, handed to SMTP", "notifier.smtp:SmtpSender"),
    Arrow("case → other systems", "the interface, events, the public register", "desk.external.api:create_api"),
)


def imports() -> set[tuple[str, str]]:
    """Which room imports which."""
    rooms = {room for floor in FLOORS for room in floor}
    found: set[tuple[str, str]] = set()
    for room in sorted(rooms):
        for file in sorted((ROOT / room).rglob("*.py")):
            named = {name.partition(".")[0] for name in _imported(file)}
            found.update((room, other) for other in named & rooms - {room})
    return found


def _imported(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def architecture() -> str:
    """The three floors; a line from each room to each that it imports."""
    width, high, top = 1180, 64, 40
    places: dict[str, tuple[float, float]] = {}
    boxes = []
    for row, floor in enumerate(FLOORS):
        step = width / len(floor)
        for column, room in enumerate(floor):
            x, y = step * column + step / 2, top + row * 170 + high / 2
            places[room] = (x, y)
            boxes.append(_box(room, x, y, min(step - 24, 220), high))
    lines = [_line(places[one], places[other], high) for one, other in sorted(imports())]
    return _svg(width, top + 2 * 170 + high + 40, "Rooms and who imports whom", [*lines, *boxes])


def message() -> str:
    """The way of a message, one arrow a row, each with the code that takes it."""
    rows = []
    for number, arrow in enumerate(WAY):
        _found(arrow.where)
        y = 40 + number * 62
        rows.append(
            f'<rect x="20" y="{y}" width="1140" height="48" rx="8" fill="{_FILL}" stroke="{_LINE}"/>'
            + _text(f"{number + 1}", 48, y + 30, 18, weight="bold")
            + _text(arrow.who, 80, y + 30, 18, anchor="start", weight="bold")
            + _text(arrow.what, 400, y + 30, 16, anchor="start")
            + _text(arrow.where, 1140, y + 30, 14, anchor="end", mono=True)
        )
        if number:
            rows.append(f'<path d="M48 {y - 14} v12 m-5 -6 l5 6 l5 -6" fill="none" stroke="{_LINE}" stroke-width="2"/>')
    return _svg(1180, 40 + len(WAY) * 62 + 10, "The way of a message", rows)


def _found(where: str) -> None:
    module, _, name = where.partition(":")
    getattr(importlib.import_module(module), name)


def _box(name: str, x: float, y: float, wide: float, high: float) -> str:
    return (
        f'<rect x="{x - wide / 2:.0f}" y="{y - high / 2:.0f}" width="{wide:.0f}" height="{high}" rx="8" '
        f'fill="{_FILL}" stroke="{_LINE}"/>' + _text(name, x, y + 6, 18, weight="bold")
    )


def _line(start: tuple[float, float], end: tuple[float, float], high: float) -> str:
    return (
        f'<line x1="{start[0]:.0f}" y1="{start[1] + high / 2:.0f}" x2="{end[0]:.0f}" y2="{end[1] - high / 2:.0f}" '
        f'stroke="{_LINE}" stroke-width="1.5"/>'
    )


def _text(
    words: str, x: float, y: float, size: int, *, anchor: str = "middle", weight: str = "normal", mono: bool = False
) -> str:
    font = 'font-family="ui-monospace, monospace"' if mono else _FONT
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" {font} font-size="{size}" font-weight="{weight}" fill="{_INK}" '
        f'text-anchor="{anchor}">{escape(words)}</text>'
    )


def _svg(width: int, height: float, title: str, parts: list[str]) -> str:
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:.0f}" role="img">\n'
        f'<title>{escape(title)}</title>\n<rect width="100%" height="100%" fill="#ffffff"/>\n{body}\n</svg>\n'
    )


DRAWN = {"architecture.svg": architecture, "message.svg": message}


def main() -> None:
    """Write both."""
    for name, draw in DRAWN.items():
        (PICTURES / name).write_text(draw(), encoding="utf-8")


if __name__ == "__main__":
    main()
