"""What the receiving side's mail server writes above a letter and its subject because it comes from outside."""

import re

_MAIL = (
    r"(?:e-?post\w{0,12}|e-?mail\w{0,2}|mail\w{0,2}|mejl\w{0,2}|meddelande\w{0,2}|brev\w{0,2}"
    r"|message|sender|avsändare\w{0,2})"
)
_OUTSIDE = re.compile(
    rf"\b{_MAIL}\b[^.!?]{{0,60}}\b(?:extern\w{{0,3}}|utifrån|utanför|external\w{{0,2}}|outside)\b"
    rf"|\b(?:extern\w{{0,3}}|external|utomstående|okänd) (?:{_MAIL}|källa)|[\[(*]{{1,3}}(?:extern\w{{0,3}}|external)\b"
)
_CARE = re.compile(
    r"\b(?:klickar?|öppnar?|click|open|undvik)\b[^.!?]{0,50}(?:länk|bilag|bifoga|link|attachment|\binte\b)"
    r"|\bvar (?:försiktig|uppmärksam|vaksam)|försiktighet|lösenord|om du inte (?:känner|litar)"
    r"|\b(?:be (?:careful|cautious|aware)|(?:use|exercise) caution)|^\W{0,5}(?:varning|warning|caution)\b"
)
# Nothing but the tag that stands before a subject, too.
_ONLY_TAG = re.compile(rf"[\W_]{{0,6}}(?:extern\w?|external)(?:[ -]{_MAIL})?[\W_]{{0,6}}")
# Microsoft's, in whatever language: its link is the same in all of them.
_RARE = "aka.ms/learnaboutsenderidentification"
_OWN = re.compile(r"\b(?:jag|mig|min|mitt|mina|vi|oss|ni|er|ert|era|i|me|my|we)\b|\?")
_RULE = re.compile(r"[\s\-_=*]{3,200}")
_TAG = re.compile(
    r"\s{0,3}[\[(*{]{1,3}\s?(?:extern\w{0,3}|external(?: e-?mail)?|ext)\s?[\])*}]{1,3}:?\s{0,3}", re.IGNORECASE
)
_MOST_LINES = 5
_MAX_CHARS = 600


def without_banner(text: str) -> str:
    """Return a text without the warning at its beginning that it comes from outside; of one that is no more, all."""
    lines = text.split("\n")
    start = at = _past_empty(lines, 0)
    while (end := _banner_end(lines, at)) is not None:
        at = _past_empty(lines, end)
    return text if at in (start, len(lines)) else "\n".join(lines[at:])


def without_tag(subject: str) -> str:
    """Return a subject without the mail server's ``[EXTERN]`` before it."""
    return _TAG.sub("", subject, count=1) if _TAG.match(subject) else subject


def _past_empty(lines: list[str], at: int) -> int:
    while at < len(lines) and (not lines[at].strip() or _RULE.fullmatch(lines[at])):
        at += 1
    return at


def _banner_end(lines: list[str], at: int) -> int | None:
    """Return the line past a warning that begins at a line, or nothing; it takes as few lines as say all of it."""
    for end in range(at + 1, min(at + _MOST_LINES, len(lines)) + 1):
        told = " ".join(lines[at:end])
        if not lines[end - 1].strip() or len(told) > _MAX_CHARS:
            return None
        if _is_banner(told.lower()):
            return _past_warning(lines, end)
    return None


def _past_warning(lines: list[str], at: int) -> int:
    while at < len(lines) and (lines[at].strip()[:1].islower() or _CARE.search(lines[at].lower())):
        at += 1
    return at


def _is_banner(small: str) -> bool:
    if _RARE in small or _ONLY_TAG.fullmatch(small):
        return True
    return bool(_OUTSIDE.search(small) and _CARE.search(small)) and not _OWN.search(small)
