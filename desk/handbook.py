"""The handbook under Hjälp: the chapters that ship with the desk, made into pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import dropwhile
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from cases.errors import NotFound

_ROOT = Path(__file__).parents[1]
# A wheel carries the chapters beside the templates; a checkout has them where people read and edit them.
PLACES = (_ROOT / "templates" / "handbok", _ROOT / "docs" / "handbok")
PICTURES = _ROOT / "docs" / "pictures"
FIRST = "README"
_PATH = "/hjalp"
_ABROAD = ("https://", "http://", "mailto:")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter as a page: ``title`` is its first heading, ``html`` all that stands below it."""

    title: str
    html: Markup


def read_chapter(name: str, places: Sequence[Path] = PLACES, pictures: Path = PICTURES) -> Chapter:
    """The chapter of that name. Raises NotFound where there is none."""
    known = chapters(places)
    if name not in known:
        raise NotFound("No such chapter.")
    return render(known[name].read_text(encoding="utf-8"), known, pictures)


def chapters(places: Sequence[Path] = PLACES) -> dict[str, Path]:
    """The files of the chapters by name, from the first place that has any; empty where none was shipped."""
    found = ({file.stem: file for file in sorted(place.glob("*.md"))} for place in places)
    return next((files for files in found if files), {})


def find_picture(name: str, pictures: Path = PICTURES) -> Path:
    """A picture of the handbook. Raises NotFound where it did not come along."""
    found = next((file for file in pictures.glob("*.png") if file.name == name), None)
    if found is None:
        raise NotFound("No such picture.")
    return found


def render(text: str, known: dict[str, Path], pictures: Path) -> Chapter:
    """Markdown as a page of ours: no HTML of its own, links between chapters, pictures only where they exist."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(text)
    title = tokens[1].content if tokens and tokens[0].tag == "h1" else "Hjälp"
    kept = list(dropwhile(lambda token: token.level > 0 or token.tag == "h1", tokens))
    for token in kept:
        if token.children is not None:
            token.children = _ours(token.children, known, pictures)
        if token.type == "table_open":
            token.attrSet("class", "tabell")
        if token.type == "th_open":
            token.attrSet("scope", "col")
    return Chapter(title, Markup(reader.renderer.render(_filled(kept), reader.options, {})))  # noqa: S704 - escaped


def _ours(children: Sequence[Token], known: dict[str, Path], pictures: Path) -> list[Token]:
    """The words of a paragraph with addresses that lead somewhere here; what leads nowhere is words alone."""
    kept, dead = [], False
    for token in children:
        if token.type == "image":
            name = Path(str(token.attrGet("src"))).name
            token.attrSet("src", f"{_PATH}/bild/{name}")
            if not (pictures / name).is_file():
                continue
            token.attrSet("class", "bild")
            token.attrSet("loading", "lazy")
        elif token.type == "link_open":
            address = _address(str(token.attrGet("href")), known)
            token.attrSet("href", address)
            dead = not address
        if not (dead and token.type in ("link_open", "link_close")):
            kept.append(token)
    return kept


def _address(href: str, known: dict[str, Path]) -> str:
    if href.startswith(_ABROAD):
        return href
    name = href.removesuffix(".md")
    if name not in known:
        return ""
    return _PATH if name == FIRST else f"{_PATH}/{name}"


def _filled(tokens: Sequence[Token]) -> list[Token]:
    """Without the paragraphs that held only a picture that is not here."""
    empty = {n for n, token in enumerate(tokens) if token.type == "inline" and not token.children}
    around = {at + step for at in empty for step in (-1, 0, 1) if tokens[at - 1].type == "paragraph_open"}
    return [token for n, token in enumerate(tokens) if n not in around]
