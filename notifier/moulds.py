"""Letters that are alike but for the case they name: written once with marks in its place, then filled in for each."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from jinja2 import Environment, Template, TemplateError, meta, nodes
from markupsafe import escape

from cases.letters.letter import LetterKind
from notifier.environment import MAX_OUTPUT, is_web_address

# Every case has these two, with nothing in them that a person wrote.
_ALIKE = frozenset({LetterKind.MOTTAGNING, LetterKind.TILL_REGISTRATOR})
_LINKS = ("lank", "status_lank")
_OWN = ("arende_id", *_LINKS)
# A sign for private use, which no value has and no filter touches.
_SIGN = "\ue0f7"
_LONGEST = 500
_MOST = 64
_PARTS = ("subject.txt", "body.txt", "body.html")
Words = Mapping[str, object]


class Written(NamedTuple):
    """The three parts of a letter, the subject without its number."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class _Source:
    """The templates a letter is written from, and whether all of them only show the case's own words."""

    templates: Mapping[str, Template]
    shows: bool

    def stands(self) -> bool:
        """Whether none of them has changed."""
        return all(template.is_up_to_date for template in self.templates.values())


class Moulds:
    """Writes letters as ``write`` does, those of ``_ALIKE`` only once for each set of words but the case's own.

    A template may show the case's own words and ask whether they are there. One that does more with them, in a
    municipality's own templates, is written anew for each case, as are words of several lines.
    """

    def __init__(self, write: Callable[[LetterKind, str, Words], Written]) -> None:
        self._write = write
        self._environment: Environment | None = None
        self._sources: dict[tuple[LetterKind, str], _Source] = {}
        self._known: dict[tuple[object, ...], Written] = {}

    def prepare(self, environment: Environment, kind: LetterKind, language: str) -> None:
        """Look now at what the templates of a letter do, if it is one of ``_ALIKE``."""
        if kind in _ALIKE:
            self._source(environment, kind, language)

    def write(self, environment: Environment, kind: LetterKind, language: str, words: Words) -> Written:
        """The letter. Raises TemplateError as ``write`` does."""
        own = {name: str(words[name]) for name in _OWN if words.get(name)}
        if kind in _ALIKE and all(map(_is_plain, own.items())) and not _has_lines(words):
            marked = {**words, **{name: _mark(name) for name in own}}
            try:
                mould = self._mould(environment, kind, language, marked)
            except Exception:  # noqa: BLE001 - whatever it is, the letter itself will tell, with its own words
                mould = None
            if mould is not None:
                return _filled(mould, own)
        return self._write(kind, language, words)

    def _mould(self, environment: Environment, kind: LetterKind, language: str, marked: Words) -> Written | None:
        """The letter with marks; nothing where it cannot be filled in."""
        if not self._source(environment, kind, language).shows:
            return None
        # Another thread that finds a template changed begins a new dictionary; what is written here stays in the old.
        known, key = self._known, (kind, language, *marked.items())
        found = known.get(key)
        if found is None:
            found = self._write(kind, language, marked)
            if len(known) >= _MOST:
                known.clear()
            known[key] = found
        return found if len(found.html) < MAX_OUTPUT // 2 else None

    def _source(self, environment: Environment, kind: LetterKind, language: str) -> _Source:
        """The templates as they stand now; where any has changed, no mould is kept."""
        if environment is not self._environment:
            self._environment, self._sources, self._known = environment, {}, {}
        found = self._sources.get((kind, language))
        if found is None or not found.stands():
            self._known = {}
            templates = _templates(environment, [f"{language}/{kind}/{part}" for part in _PARTS])
            shows = all(_shows_alone(environment, name) for name in templates)
            found = self._sources[kind, language] = _Source(templates, shows)
        return found


def _mark(name: str) -> str:
    return f"https://{_SIGN}{name}{_SIGN}" if name in _LINKS else f"{_SIGN}{name}{_SIGN}"


def _is_plain(own: tuple[str, str]) -> bool:
    """Whether a value comes out of every template as it went in."""
    name, value = own
    if name in _LINKS and not is_web_address(value):
        return False
    return " ".join(value.split()) == value and len(value) < _LONGEST and _SIGN not in value


def _has_lines(words: Words) -> bool:
    return any(isinstance(value, str) and "\n" in value for value in words.values())


def _filled(written: Written, own: Mapping[str, str]) -> Written:
    subject, text, html = written
    for name, value in own.items():
        mark = _mark(name)
        subject, text = subject.replace(mark, value), text.replace(mark, value)
        html = html.replace(mark, str(escape(value)))
    return Written(subject, text, html)


def _templates(environment: Environment, names: Iterable[str]) -> dict[str, Template]:
    """These templates and those they extend."""
    found: dict[str, Template] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = environment.get_template(name)
            waiting += filter(None, meta.find_referenced_templates(_tree(environment, name)))
    return found


def _tree(environment: Environment, name: str) -> nodes.Template:
    if environment.loader is None:
        raise TemplateError(name)
    return environment.parse(environment.loader.get_source(environment, name)[0])


def _shows_alone(environment: Environment, name: str) -> bool:
    """Whether a template only shows the case's own words, links as links, or asks whether they are there.

    One that reckons out what it extends is not looked through: which it will be is told by its words alone.
    """
    tree = _tree(environment, name)
    return None not in meta.find_referenced_templates(tree) and _is_shown(tree, shown=True)


def _is_shown(node: nodes.Node, *, shown: bool) -> bool:
    """``shown`` says that what the node gives is written out as it is, or asked whether it is empty."""
    if isinstance(node, nodes.Name):
        return shown or node.name not in _OWN
    if isinstance(node, nodes.Filter) and node.name == "lank" and isinstance(node.node, nodes.Name):
        return node.node.name in _LINKS if node.node.name in _OWN else True
    if isinstance(node, nodes.For):
        return _is_shown(node.iter, shown=False) and all(_is_shown(one, shown=True) for one in node.body + node.else_)
    through = isinstance(node, nodes.Stmt | nodes.Template | nodes.CondExpr | nodes.And | nodes.Or | nodes.Not)
    return all(_is_shown(child, shown=shown and through) for child in node.iter_child_nodes())
