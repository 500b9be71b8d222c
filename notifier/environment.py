"""The sandbox the letters' templates run in: strict, without side effects, and only as much Jinja as a letter needs."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    DictLoader,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    nodes,
)
from jinja2 import Environment as JinjaEnvironment
from jinja2.exceptions import TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from notifier.dates import in_language

MAX_SOURCE = 64_000
MAX_OUTPUT = 400_000
MAX_NODES = 2_000
# Assignments, macros, arithmetic and calls are left out: without them a template's work grows only with its length and
# its values', whoever wrote it. ``super()`` is the one call.
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.If, nodes.For, nodes.Filter,
    nodes.Test, nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand, nodes.Extends, nodes.Block,
    nodes.CondExpr, nodes.Call, nodes.Pair, nodes.Keyword,
)  # fmt: skip
_READING = JinjaEnvironment(autoescape=True)
_SCHEME = re.compile(r"(?:https?://|mailto:)[^\s\"'<>\\]+", re.IGNORECASE)
_BARE_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[^\s\"'<>\\]*)?", re.IGNORECASE)


def is_web_address(value: str) -> bool:
    """Whether a value is an address with its scheme, which ``as_link`` gives back as it is."""
    return bool(_SCHEME.fullmatch(value))


@lru_cache(1024)
def as_link(value: str) -> str:
    """A web or mail address fit for ``href``; a bare host gets https. Raises ValueError for any other scheme."""
    text = str(value).strip()
    if _SCHEME.fullmatch(text):
        return text
    if _BARE_HOST.fullmatch(text):
        return f"https://{text}"
    if re.fullmatch(r"[^\s@:/\"'<>\\]+@[^\s@:/\"'<>\\]+", text):
        return f"mailto:{text}"
    raise ValueError(f"”{text[:60]}” är ingen adress som en länk kan gå till. Skriv en adress som börjar med https://.")


def paragraphs(value: str) -> Markup:
    """Free text as HTML: an empty line parts paragraphs, a line break stays one; everything is escaped."""
    parts = [p.strip("\n") for p in re.split(r"\n\s*\n", str(value).strip())]
    return Markup("\n").join(
        Markup('<p style="margin:0 0 16px">{}</p>').format(
            Markup("<br>\n").join(escape(line) for line in p.split("\n"))
        )
        for p in parts
    )


def lines(value: str) -> list[str]:
    """The lines of a value that hold something."""
    return [line.strip() for line in str(value).splitlines() if line.strip()]


def before_bar(value: str) -> str:
    """What stands before the last upright bar of a line: the words of a link."""
    return str(value).rpartition("|")[0].strip()


def after_bar(value: str) -> str:
    """What stands after the last upright bar of a line: the address of a link, or nothing."""
    return str(value).rpartition("|")[2].strip()


def first_upper(value: str) -> str:
    """The value with its first letter a capital; the rest is left alone."""
    return str(value)[:1].upper() + str(value)[1:]


FILTERS: dict[str, Callable[..., Any]] = {
    "lank": as_link,
    "stycken": paragraphs,
    "rader": lines,
    "datum": in_language,
    "versal": first_upper,
    "etikett": before_bar,
    "adress": after_bar,
}


def check_tree(tree: nodes.Template, name: str) -> None:
    """Raise TemplateSyntaxError where a template uses more of Jinja than a letter may."""
    for count, node in enumerate(_walk(tree)):
        if not isinstance(node, _ALLOWED) or _strange_call(node) or _nested_loop(node) or count > MAX_NODES:
            message = (
                f"{_said(node)} är inte tillåtet i en brevmall. Använd ord inom {{{{ }}}}, if, for i en nivå och block."
            )
            raise TemplateSyntaxError(message, getattr(node, "lineno", None) or 1, name, name)


def _said(node: nodes.Node) -> str:
    """What a letter may not use, as its writer sees it."""
    return next((said for kind, said in _STRANGE.items() if isinstance(node, kind)), "det som står här")


_STRANGE: Mapping[type[nodes.Node], str] = {
    nodes.Getattr: "en punkt i ett ord",
    nodes.Getitem: "hakparentes efter ett ord",
    nodes.Call: "parentes efter ett ord",
    nodes.Assign: "{% set %}",
    nodes.Include: "{% include %}",
    nodes.BinExpr: "att räkna",
    nodes.For: "{% for %} inne i {% for %}",
}


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    for child in node.iter_child_nodes():
        yield child
        yield from _walk(child)


def _strange_call(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Call) and not (isinstance(node.node, nodes.Name) and node.node.name == "super")


def _nested_loop(node: nodes.Node) -> bool:
    return isinstance(node, nodes.For) and (node.recursive or any(isinstance(n, nodes.For) for n in _walk(node)))


class _Shipped(PackageLoader):
    """The files of the package, which stay as they are while the process lives: no letter asks whether they changed."""

    def get_source(self, environment: JinjaEnvironment, template: str) -> tuple[str, str, Callable[[], bool] | None]:
        source, filename, _ = super().get_source(environment, template)
        return source, filename, None


class CheckedLoader(BaseLoader):
    """Looks in the desk's texts first, then the municipality's folders, then the package; refuses the too clever.

    A name that begins ``lyhord/`` is the shipped file, so that an own one can extend it and change one block.
    """

    def __init__(self, overrides: Sequence[Path], files: Mapping[str, str] | None = None) -> None:
        own = [FileSystemLoader(str(folder)) for folder in overrides]
        shipped = _Shipped("templates", "mail")
        self._inner = ChoiceLoader([DictLoader(files or {}), *own, shipped, PrefixLoader({"lyhord": shipped})])

    def get_source(
        self, environment: JinjaEnvironment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """The source with its file. Raises TemplateSyntaxError, or TemplateNotFound."""
        source, filename, uptodate = self._inner.get_source(environment, template)
        if len(source) > MAX_SOURCE:
            raise TemplateSyntaxError(f"Mallen är längre än {MAX_SOURCE} tecken.", 1, template, filename)
        check_tree(environment.parse(source, template, filename), template)
        return source, filename, uptodate

    def raw(self, template: str) -> str:
        """A file as it is written. Raises TemplateNotFound."""
        # Loaders read with an environment only to know what to report.
        return self._inner.get_source(_READING, template)[0]

    def list_templates(self) -> list[str]:
        """Every file of every folder, by the name that wins."""
        return [name for name in self._inner.list_templates() if not name.startswith("lyhord/")]


def letter_environment(
    overrides: Sequence[Path], files: Mapping[str, str] | None = None
) -> ImmutableSandboxedEnvironment:
    """The environment: html is escaped, txt is not, an unknown name is an error, no globals, only our filters.

    ``files`` are templates by name that win over every folder.
    """
    environment = ImmutableSandboxedEnvironment(
        loader=CheckedLoader(overrides, files),
        undefined=StrictUndefined,
        autoescape=lambda name: name is not None and name.endswith(".html"),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.clear()
    environment.filters = dict(FILTERS)
    return environment
