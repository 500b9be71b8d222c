"""Names that are a place's or a company's and nobody's: *Karl Johans gata*, *Sankta Maria*, *Svensson Bygg AB*."""

import re

_CALLED_AFTER = (
    "gata|gatan|väg|vägen|torg|torget|plats|plan|park|parken|gränd|stig|allé|backe|bro|kulle|minne|stiftelse|fond|kyrka|kapell"
    "|gymnasium|gymnasiet|museum"
)
_OF_A_TRADE = (
    r"konditori|bageri|krog|pizzeria|kiosk|café|cafe|livs|blommor|bil(?:ar|firma|verkstad)|åkeri|måleri|rör|handels"
    r"|trafikskola|begravningsbyrå"
)
_PLACE = re.compile(rf"[ \t](?:{_CALLED_AFTER})\b", re.IGNORECASE)
_TRADE = re.compile(rf"[ \t](?:{_OF_A_TRADE})\b")
_FIRM = re.compile(
    r"[ \t](?:[A-ZÅÄÖ&][\w&-]*[ \t]){0,2}(?:AB|HB|KB|[Aa]ktiebolag(?:et)?|[Kk]ommuns?|stad)\b",
)
_KING = re.compile(r"[ \t][IVX]{2,5}$")
_SAINT = re.compile(r"\b(?:Sankta?|S:ta?|St:a?|Lex)[ \t]")
_LOOK_BACK = 8


def is_place(text: str, start: int, end: int) -> bool:
    """Whether what looks like a name is part of a place's or a firm's: several words and a street's word after them.

    A first name alone is a person's before *skola* and *kiosk* (*Emmas förskola* is the one she goes to).
    """
    if _SAINT.search(text, max(0, start - _LOOK_BACK), end) or _KING.search(text, start, end):
        return True
    if text[end - 1] == "s" and _PLACE.match(text, end):
        return True
    several = " " in text[start:end] or text[start:end].endswith("sons")
    return bool(_FIRM.match(text, end) or (several and _TRADE.match(text, end)))
