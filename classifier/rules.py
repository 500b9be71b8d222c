"""Lexical flag rules as data: token patterns for spaCy's Matcher, each with the flag it raises.

Rules only raise; they never lower what the heads say. They are for wordings that must not be missed.
"""

from cases.flags import FlagKind

Pattern = list[dict[str, object]]


def _any(*lemmas: str) -> dict[str, object]:
    return {"LEMMA": {"IN": list(lemmas)}}


def _like(regex: str, **more: object) -> dict[str, object]:
    return {"LOWER": {"REGEX": regex}, **more}


def _gap(most: int) -> Pattern:
    """Up to ``most`` words of any kind in between, none of which ends the sentence."""
    return [{"TEXT": {"NOT_IN": [".", "!", "?", "\n"]}, "OP": "?"} for _ in range(most)]


PROTECTED: list[Pattern] = [
    [_like(r"^skydda(d|de|t)s?$"), *_gap(1), _like(r"^(identitet|id|adress|person|folkbokför|uppgift|boende)")],
    [_like(r"^(sekretess|skydds)(markera|märk)")],
    [_like(r"^sekretess(kyddad)?$"), *_gap(1), _like(r"^(markering|marker)")],
    [_like(r"^skyddsmarkering")],
    [_like(r"^hemlig(a|t)?$"), _like(r"^(adress|telefonnummer|nummer|uppgifter)")],
    [_like(r"^(protected|secret|hidden|confidential)$"), _like(r"^(identity|address|adress|whereabouts|population)")],
    [_like(r"^kvinnojour"), *_gap(4), _like(r"^(adress|vistas|bor|gömd)")],
    [
        _like(r"^(får|fick|ska|skall)$"),
        *_gap(2),
        _like(r"^(inte|aldrig|ej)$"),
        *_gap(3),
        _like(r"^(hitta|veta)$"),
        *_gap(4),
        _like(r"^(var|vart)$"),
        *_gap(3),
        _like(r"^(bor|finns|är|flyttat)$"),
    ],
]

THREAT: list[Pattern] = [
    [
        _like(r"^(slå|slår|sparka|döda|dödar|mörda|skjuta|skjuter|spöa|knivhugg)"),
        *_gap(1),
        _like(r"^(ihjäl|dig|er|honom|henne|dom|dem|skallen|sönder)$"),
    ],
    [_any("hota", "misshandla", "strypa"), *_gap(3), _like(r"^(oss|mig|personal|dig|er|henne|honom|döda|kniv|stryk)")],
    [_like(r"^(döds|mord)hot")],
    [_like(r"^(bränna|bränner|spränga|spränger|elda)$"), *_gap(2), _like(r"^(ner|upp|ned|kommunhuset|er|skiten)$")],
    [
        _like(r"^jag$"),
        *_gap(1),
        _like(r"^vet$"),
        *_gap(1),
        _like(r"^var$"),
        *_gap(1),
        _like(r"^(du|ni|hon|han)$"),
        _like(r"^bor$"),
    ],
]

CONCERN: list[Pattern] = [
    [_like(r"^oros?anmäl")],
    [_like(r"^far$"), *_gap(1), _like(r"^illa$")],
    [_like(r"^(ta|tar|tog)$"), _like(r"^(livet|mitt|sitt)$"), *_gap(1), _like(r"^(av|liv)$")],
    [_like(r"^(självmord|suicid|självskad)")],
    [_like(r"^(orkar|vill)$"), _like(r"^inte$"), _like(r"^(leva|finnas)$"), *_gap(1)],
    [_like(r"^(skära|skär|skärt|skurit)$"), _like(r"^(sig|mig)$")],
]

SECURITY: list[Pattern] = [
    [_like(r"^(larm|dörr|port|grind|pin|passer)\w*kod"), *_gap(4), _like(r"^\d{3,6}$")],
    [_like(r"^kod(en)?$"), *_gap(4), _like(r"^\d{3,6}$")],
    [_like(r"^lösenord(et)?$"), *_gap(2), _like(r"^(är|:|=|står|låg|ligger)$")],
]

TENDER: list[Pattern] = [
    [_like(r"^anbud(et|en|s)?$"), *_gap(6), _like(r"^(pris|kronor|kr|tilldel|utvärder|diskvalificer|sekretess)")],
    [_like(r"^(tilldelningsbeslut|anbudsgiv|anbudspris|avtalsspärr|överprövning)")],
]

RULES: dict[FlagKind, list[Pattern]] = {
    FlagKind.SKYDDAD_IDENTITET: PROTECTED,
    FlagKind.HOT_VALD: THREAT,
    FlagKind.OROSANMALAN: CONCERN,
    FlagKind.SAKERHET: SECURITY,
    FlagKind.UPPHANDLING: TENDER,
}
