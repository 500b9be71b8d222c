"""Questions and answers in an attached JSON or XML file."""

import json
from collections.abc import Iterator, Sequence
from itertools import islice

from lxml import etree

from cases.inbound.messages import Attachment
from ingest.forms.source import Pair, fold

_MAX_BYTES = 2_000_000
_MAX_PAIRS = 2_000
_MAX_DEPTH = 40
_ASKS = ("label", "question", "title", "fraga", "fråga", "rubrik", "key", "name", "namn", "id")
_TELLS = ("value", "answer", "svar", "varde", "värde", "values")


def read_records(attachments: Sequence[Attachment]) -> list[Pair]:
    """The answers of every attached file of these kinds; one that cannot be read gives none."""
    pairs: list[Pair] = []
    for file in attachments:
        if file.size > _MAX_BYTES:
            continue
        kind, name = file.content_type.lower(), file.name.lower()
        if kind.endswith("json") or name.endswith(".json"):
            pairs += islice(_of_json(file.content), _MAX_PAIRS)
        elif kind.endswith("xml") or name.endswith(".xml"):
            pairs += islice(_of_xml(file.content), _MAX_PAIRS)
    return pairs[:_MAX_PAIRS]


def _of_json(content: bytes) -> Iterator[Pair]:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return
    yield from _walk(value, (), 0)


def _walk(value: object, path: tuple[str, ...], depth: int) -> Iterator[Pair]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, dict):
        asked = _asked(value)
        if asked is not None:
            yield asked
            return
        for key, item in value.items():
            yield from _walk(item, (*path, str(key)), depth + 1)
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        for item in value:
            yield from _walk(item, path, depth + 1)
    elif value is not None:
        yield Pair(_names(path), _said(value))


def _asked(value: dict[object, object]) -> Pair | None:
    """A question and its answer side by side: ``{"label": "Namn", "value": "Berit"}``."""
    lower = {str(key).casefold(): item for key, item in value.items()}
    label = next((lower[key] for key in _ASKS if isinstance(lower.get(key), str)), None)
    key = next((key for key in _TELLS if key in lower), None)
    if label is None or key is None or isinstance(lower[key], dict):
        return None
    names = (str(lower[each]) for each in _ASKS if isinstance(lower.get(each), str))
    return Pair(tuple(fold(name) for name in names), _said(lower[key]))


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, list):
        return ", ".join(_said(item) for item in value if not isinstance(item, dict | list))
    return "" if value is None else str(value).strip()


def _names(path: tuple[str, ...]) -> tuple[str, ...]:
    """The dotted path and all its ends, the longest first, so that ``anmalare.namn`` is told from ``enhet.namn``."""
    return tuple(fold(".".join(path[at:])) for at in range(len(path)))


def _of_xml(content: bytes) -> Iterator[Pair]:
    # No entity is expanded and nothing is fetched, whatever the file asks for.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_comments=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return
    if root is not None:
        yield from _branch(root, (), 0)


def _branch(element: etree._Element, path: tuple[str, ...], depth: int) -> Iterator[Pair]:
    if depth > _MAX_DEPTH:
        return
    here = (*path, etree.QName(element).localname)
    children = _children(element)
    leaves = {etree.QName(child).localname: _text(child) for child in children if not _children(child)}
    asked = _asked(dict(leaves)) if len(leaves) == len(children) else None
    if asked is not None:
        yield asked
    elif children:
        for child in children:
            yield from _branch(child, here, depth + 1)
    else:
        titles = tuple(fold(element.get(key, "")) for key in ("label", "name", "title") if element.get(key))
        yield Pair((*titles, *_names(here)), (element.get("value") or _text(element)).strip())


def _children(element: etree._Element) -> list[etree._Element]:
    return [child for child in element if isinstance(child.tag, str)]


def _text(element: etree._Element) -> str:
    """The text of a leaf; what an entity stood for is not known and not asked for."""
    return "".join([element.text or "", *(child.tail or "" for child in element)])
