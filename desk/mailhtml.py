"""Makes the HTML of letters harmless to look at: theirs is washed, ours is shown as it leaves."""

from html import escape, unescape
from urllib.parse import urlsplit

import nh3

from desk.security import LETTER_CSP
from desk.wellnested import FORMATTING, well_nested

_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "center", "code", "col", "colgroup", "dd", "del", "div", "dl",
    "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "ins", "li", "ol", "p", "pre", "s", "small", "span",
    "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
# Bold words that each say a language of their own are not alike, and would be opened again without end.
_ATTRIBUTES: dict[str, set[str]] = {
    **{name: {"dir", "lang"} for name in _TAGS - FORMATTING},
    **{name: set() for name in FORMATTING},
    **{name: {"colspan", "dir", "lang", "rowspan"} for name in ("td", "th")},
    "a": {"href"},
}
_STYLE = (
    "body{margin:0;padding:1rem;font:1rem/1.55 system-ui,sans-serif;color:#1b2430;background:#fff}"
    "body{overflow-wrap:anywhere}"
    "table{border-collapse:collapse;max-width:100%}td,th{padding:.2rem .5rem;vertical-align:top;text-align:start}"
    "a{color:#0b5563}a[title]::after{content:' (' attr(title) ')';color:#566}blockquote{margin:0 0 0 .6rem;"
    "padding-left:.8rem;border-left:3px solid #ccd}pre{white-space:pre-wrap}"
)
# A letter of megabytes is cut, its pictures and styles not counted; the plain text and the original stay whole.
_READ, _LONGEST = 4_000_000, 200_000


def true_host(address: str) -> str:
    """Where a link really leads: its host, or the mail address; empty where that cannot be told.

    Of a backslash, a blank or no ``//`` a browser makes something else than the standard (RFC 3986) does.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme == "mailto":
        return parts.path
    odd = "\\" in address or not address.isprintable() or " " in address
    return "" if odd or parts.scheme not in ("http", "https") else _told(parts.hostname or "")


def _told(host: str) -> str:
    """A host as a reader takes it for no other: what a Swedish keyboard does not write, as DNS has it (RFC 3490).

    Cyrillic *а* looks like Latin *a*, and of the ideographic full stop a browser makes a dot.
    """
    if all(sign.isascii() or "à" <= sign <= "ÿ" for sign in host):
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def _attribute(tag: str, name: str, value: str) -> str | None:
    """A link alone that tells where it leads."""
    return value if (tag, name) != ("a", "href") or true_host(value) else None


def washed(html: str) -> str:
    """A letter's HTML without script, style, forms, images or anything fetched; links tell their true host."""
    clean = nh3.clean(
        well_nested(html[:_READ], _ATTRIBUTES, _LONGEST),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto"},
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
        clean_content_tags={"script", "style", "title", "head", "template", "svg", "math"},
    )
    return _with_hosts(clean)


def _with_hosts(clean: str) -> str:
    """Write each link's true host beside it; nh3 has normalised every tag, so each href stands in double quotes."""
    pieces = clean.split('<a href="')
    out = [pieces[0]]
    for piece in pieces[1:]:
        address, _, rest = piece.partition('"')
        host = true_host(unescape(address))
        out.append(f'<a title="{escape(host)}" href="{address}"{rest}')
    return "".join(out)


def letter_document(html: str) -> tuple[str, str]:
    """A citizen's letter as a page of its own, and the policy to send it with."""
    body = washed(html)
    page = (
        '<!doctype html><html lang="sv"><head><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width"><title>Brevet</title>'
        f"<style>{_STYLE}</style></head><body>{body}</body></html>"
    )
    return page, LETTER_CSP
