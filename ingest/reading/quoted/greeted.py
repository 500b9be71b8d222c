"""An old mail that stands below without any sign of its own, told by its greeting: nobody greets himself."""

import re

from ingest.reading.patterns import alternatives
from ingest.reading.quoted.markers import is_separator

_GREETINGS = alternatives("""
    hej|hejsan|hallå|god (?:dag|morgon|kväll)|bästa|kära|hei|hallo|hi|hello|dear|kjære|kære|moi|lieber?|cześć|salaan
""")
_GREETING = re.compile(rf"[ \t*_]{{0,4}}(?:{_GREETINGS})\s([^\n]{{2,60}}?)[\s,!.:*_]{{0,4}}", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_]{3,40}")


def above_greeted(text: str, sender: str) -> str:
    """Return a text without the mail below it that greets its own sender, with that mail's rule.

    It takes a line of dashes or the sender's own name right above: then he had written what he wanted to say.
    """
    names = {name.lower() for name in _NAME.findall(sender)}
    lines = text.split("\n") if names else []
    for at, line in enumerate(lines):
        if at and len(line) < 90 and _greets(line, names):
            above = "\n".join(lines[:at]).rstrip()
            rule, _, last = above.rpartition("\n")
            if rule.strip() and (is_separator(last) or _signs(last, names)):
                return rule.rstrip() if is_separator(last) else above
    return text


def _greets(line: str, names: set[str]) -> bool:
    found = _GREETING.fullmatch(line)
    greeted = {name.lower() for name in _NAME.findall(found.group(1))} if found else set()
    return bool(greeted) and greeted <= names


def _signs(line: str, names: set[str]) -> bool:
    words = [word.lower() for word in _NAME.findall(line)]
    return 0 < len(words) <= 4 and words[-1] in names
