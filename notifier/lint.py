"""What a letter must never contain, checked in its templates and in the rendered result."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

from jinja2 import Environment, TemplateNotFound, TemplateSyntaxError, nodes

from cases.letters.letter import INTERNAL, Letter, LetterKind
from cases.routing.flags import FLAG_RULES, FlagKind
from notifier.constants import CONSTANTS, REQUIRED_CONSTANTS
from notifier.faults import in_swedish
from notifier.logo import CONTENT_ID
from notifier.variables import NEEDS, RENDERED, VARIABLES, sample_values

# What Outlook for Windows (Word), Outlook.com, Gmail and Apple Mail take, or leave out without harm (max-width).
CSS = frozenset(
    [
        "margin",
        "margin-top",
        "margin-bottom",
        "margin-left",
        "margin-right",
        "padding",
        "padding-top",
        "padding-bottom",
        "padding-left",
        "padding-right",
        "border",
        "border-top",
        "border-bottom",
        "border-left",
        "border-right",
        "max-width",
        "font-family",
        "font-size",
        "font-weight",
        "line-height",
        "text-align",
        "color",
        "background-color",
        "text-decoration",
        "display",
    ]
)
ELEMENTS = frozenset(
    [
        "html",
        "head",
        "meta",
        "title",
        "body",
        "div",
        "p",
        "h1",
        "h2",
        "strong",
        "em",
        "br",
        "hr",
        "a",
        "ul",
        "ol",
        "li",
        "span",
        "img",
    ]
)  # no script, style, link, form, iframe, svg, table
ATTRIBUTES = frozenset(["lang", "dir", "style", "href", "charset", "name", "content", "role"])
# The one picture a letter may have comes with it. Outlook for Windows takes its size from these alone.
IMAGE_ATTRIBUTES = frozenset(["src", "width", "height", "alt"])
FORBIDDEN_WORDS = (
    *(kind.value for kind in FlagKind),
    *(rule.label.lower() for kind, rule in FLAG_RULES.items() if kind is not FlagKind.PERSONNUMMER),
    "osl ",
    "sannolikhet",
    "konfidens",
    "träffsäkerhet",
    "probability",
    "confidence",
)
# domain.md §8, "must not": no appeal text with a refusal, no liability with an apology, no demand for identity.
FORBIDDEN_IN: dict[LetterKind, tuple[str, ...]] = {
    LetterKind.BESLUT_INGEN: ("överklag", "appeal"),
    LetterKind.URSAKT: ("skadestånd", "ersättning", "skadeståndsskyldig", "liab", "compensation"),
    LetterKind.KOMPLETTERA: ("personnummer", "legitim", "personal identity number"),
}
_PLACE = re.compile(rf"[a-z]{{2}}/(?:_[a-z]+|{'|'.join(LetterKind)})/(?:subject\.txt|body\.txt|body\.html)")
_URL = re.compile(r"(?:https?:)?//[^\s\"'<>]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: the file or letter, the line (0 where the whole is meant), and what to mend, in Swedish."""

    where: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.where}{f', rad {self.line}' if self.line else ''}: {self.message}"


def lint_files(environment: Environment, kinds: Collection[LetterKind]) -> Iterator[Finding]:
    """Faults in the files of these letters and of the bases: syntax, unknown or unguarded names, a subject with any."""
    assert environment.loader is not None
    for name in environment.list_templates():
        if _kind_of(name) not in (*kinds, None):
            continue
        if not _PLACE.fullmatch(name):
            yield Finding(name, 0, "ingen mall heter så. Skriv språk/brev/subject.txt, body.txt eller body.html.")
            continue
        try:
            source = environment.loader.get_source(environment, name)[0]
            yield from _lint_tree(name, environment.parse(source, name))
        except TemplateSyntaxError as error:
            yield Finding(name, error.lineno, in_swedish(error.message or ""))
        except TemplateNotFound:  # pragma: no cover - removed while we looked
            continue


def _lint_tree(name: str, tree: nodes.Template) -> Iterator[Finding]:
    kind = _kind_of(name)
    known = _known(kind)
    for node, guards in _names(tree, frozenset()):
        if node.name in ("super", "loop") or node.ctx != "load" or node.name in _loop_names(tree):
            continue
        if node.name not in known:
            yield Finding(name, node.lineno, f"variabeln ”{node.name}” finns inte i det här brevet.")
        elif name.endswith("subject.txt"):
            yield Finding(name, node.lineno, "ämnesraden får inte ha variabler; ärendenumret läggs till av sig självt.")
        elif kind and node.name not in _sure(kind) | guards:
            yield Finding(name, node.lineno, f"”{node.name}” kan vara tom: skriv {{% if {node.name} %}} runt.")


def _kind_of(name: str) -> LetterKind | None:
    folder = name.split("/")[1] if name.count("/") == 2 else ""
    return LetterKind(folder) if folder in set(LetterKind) else None


def _known(kind: LetterKind | None) -> frozenset[str]:
    own = NEEDS[kind].names if kind else VARIABLES
    return frozenset(own) | frozenset(CONSTANTS) | RENDERED


def _sure(kind: LetterKind) -> frozenset[str]:
    return frozenset(NEEDS[kind].required) | REQUIRED_CONSTANTS | RENDERED


def _loop_names(tree: nodes.Template) -> set[str]:
    return {n.target.name for n in tree.find_all(nodes.For) if isinstance(n.target, nodes.Name)}


def _names(node: nodes.Node, guards: frozenset[str]) -> Iterator[tuple[nodes.Name, frozenset[str]]]:
    """Every name with the names that an ``if`` around it asks for."""
    if isinstance(node, nodes.If | nodes.CondExpr):
        asked = guards | {n.name for n in node.test.find_all(nodes.Name)} | _itself(node.test)
        yield from _names_in(node.iter_child_nodes(exclude=("else_", "elif_", "expr2")), asked)
        yield from _names_in(node.iter_child_nodes(only=("else_", "elif_", "expr2")), guards)
        return
    if isinstance(node, nodes.Name):
        yield node, guards
    yield from _names_in(node.iter_child_nodes(), guards)


def _itself(node: nodes.Node) -> set[str]:
    return {node.name} if isinstance(node, nodes.Name) else set()


def _names_in(children: Iterable[nodes.Node], guards: frozenset[str]) -> Iterator[tuple[nodes.Name, frozenset[str]]]:
    for child in children:
        yield from _names(child, guards)


def lint_letter(letter: Letter, constants: Mapping[str, str]) -> Sequence[Finding]:
    """Faults in a letter rendered with samples: foreign hosts, markup, words, and text and html that differ."""
    where = f"{letter.language}/{letter.kind}"
    page = _Page()
    page.feed(letter.html)
    page.close()
    faults = (*page.faults, *_hosts(letter, constants), *_words(letter), *_differences(letter, page.text, constants))
    return tuple(Finding(where, 0, fault) for fault in faults)


def _hosts(letter: Letter, constants: Mapping[str, str]) -> Iterator[str]:
    ours = {urlsplit(url).hostname for value in _values(letter, constants) for url in _URL.findall(value)}
    for url in {*_URL.findall(letter.text), *_URL.findall(letter.html)}:
        if url.lower().startswith("http:"):
            yield f"adressen {url} är inte krypterad: skriv https."
        if urlsplit(url).hostname not in ours:
            yield f"adressen {url} går till någon annan än kommunen."


def _values(letter: Letter, constants: Mapping[str, str]) -> Iterator[str]:
    yield from constants.values()
    yield from sample_values(letter.kind).values()


def _words(letter: Letter) -> Iterator[str]:
    words = f"{letter.subject} {letter.text} {letter.html}".lower()
    for word in (*FORBIDDEN_WORDS, *FORBIDDEN_IN.get(letter.kind, ())):
        if word in words:
            yield f"ordet ”{word.strip()}” får inte stå i brevet."
    if letter.kind not in INTERNAL | {LetterKind.FRAGA_UTANFOR} and "112" not in letter.text:
        yield "raden om 112 saknas."


def _differences(letter: Letter, html_text: str, constants: Mapping[str, str]) -> Iterator[str]:
    """Every word of the text stands in the html, in order; the html adds only its heading."""
    page = _plain(html_text)
    for line in letter.text.splitlines():
        words = _plain(_URL.sub("", line))
        if words and words not in page:
            yield f"raden ”{line.strip()[:60]}” står i text men inte i html."
    heading = f"{letter.subject} {constants.get('kommun', '')}"
    extra = set(_plain(html_text).split()) - set(_plain(f"{letter.text} {heading}").split())
    if extra:
        yield f"html säger mer än texten: {', '.join(sorted(extra)[:5])}."


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text))


class _Page(HTMLParser):
    """Reads a letter's html: collects its words and what it may not hold."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self._pieces: list[str] = []
        self._silent = 0

    @property
    def text(self) -> str:
        return " ".join(self._pieces)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ELEMENTS:
            self.faults.append(f"elementet <{tag}> är inte tillåtet.")
        if tag == "img":
            self.faults.extend(_image_faults({name: value or "" for name, value in attrs}))
        self._silent += tag == "title"
        for name, value in attrs:
            self.faults.extend(_attribute_faults(tag, name, value or ""))

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag == "title"

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._pieces.append(data)


def _attribute_faults(tag: str, name: str, value: str) -> Iterator[str]:
    if name not in ATTRIBUTES and not (tag == "img" and name in IMAGE_ATTRIBUTES):
        yield f"attributet {name} på <{tag}> är inte tillåtet."
    if name == "href" and not value.startswith(("https://", "mailto:")):
        yield f"länken {value[:60]} ska börja med https:// eller mailto:."
    if name == "style":
        yield from _style_faults(value)


def _image_faults(given: Mapping[str, str]) -> Iterator[str]:
    if given.get("src") != f"cid:{CONTENT_ID}":
        yield f"bilden {given.get('src', '')[:60]} följer inte med brevet: bara kommunens logotyp gör det."
    if not given.get("alt", "").strip():
        yield "bilden saknar alt, det som läses där den inte syns."
    if not (given.get("width", "").isdigit() and given.get("height", "").isdigit()):
        yield "bilden saknar width och height."


def _style_faults(style: str) -> Iterator[str]:
    for declaration in filter(None, (d.strip() for d in style.split(";"))):
        prop, _, value = declaration.partition(":")
        if prop.strip().lower() not in CSS:
            yield f"CSS-egenskapen {prop.strip()} stöds inte av alla e-postprogram."
        if "url(" in value.lower() or "!" in value or "position" in prop:
            yield f"CSS-värdet {value.strip()[:40]} är inte tillåtet."
