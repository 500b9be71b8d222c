"""Lexical flag rules as data: token patterns for spaCy's Matcher, each with the flag it raises.

Rules only raise; they never lower what the heads say. They are for wordings that must not be missed, so each is kept
only if most training letters it hits carry its flag, or if it is the standing term (*orosanmälan*).
"""

from cases.routing.flags import FlagKind

Pattern = list[dict[str, object]]


def _words(*words: str) -> dict[str, object]:
    return {"LOWER": {"IN": list(words)}}


def _like(regex: str) -> dict[str, object]:
    return {"LOWER": {"REGEX": regex}}


def _gap(most: int) -> Pattern:
    """Up to ``most`` tokens in between, none of which ends the sentence."""
    return [{"TEXT": {"NOT_IN": [".", "!", "?", "\n"]}, "OP": "?"} for _ in range(most)]


_PERSON = _words("mig", "mej", "oss", "honom", "henne", "dig", "dej", "er", "dem", "dom", "han", "hon", "du", "ni")

_HIT = _words("slå", "slår", "sparka", "sparkar", "döda", "dödar", "skjuta", "skjuter", "spöa", "spöar")

_PERSON_OR_SELF = _words("sig", "sej", "mig", "mej", "oss", "honom", "henne", "dig", "dem", "dom")

PROTECTED: list[Pattern] = [
    [_like(r"^skydd?ad(e|t)?$"), _like(r"^(identitet|id|adress|person|folkbokför|uppgift|ort|plats)")],
    [
        _like(r"^(identitet|adress|adressen|uppgifter)$"),
        _words("är", "som", "är", "hos"),
        *_gap(1),
        _like(r"^(skyddad|skyddade|hemlig|dold)$"),
    ],
    [_like(r"^sekretess(marker|märk|skydd)")],
    [_like(r"^sekretess$"), *_gap(2), _like(r"^folkbokför")],
    [_like(r"^(kvarskriv|skyddsmarkering|skyddsboende)")],
    [_words("hemlig"), _words("adress", "ort")],
    [_words("bor", "lever", "är", "till", "på"), *_gap(2), _words("hemlig"), _words("plats")],
    [_words("lever", "bor", "levt"), *_gap(1), _words("gömd", "gömda", "gömt")],
    [
        _words("gömmer", "gömde", "gömma"),
        _words("oss", "mig", "mej"),
        *_gap(1),
        _words("för", "undan", "från", "hos"),
    ],
    [_words("ingen"), *_gap(2), _words("vet", "veta"), _words("var", "vart"), _words("vi", "jag"), _like(r"^bor$")],
    [
        _words("inte"),
        *_gap(2),
        _words("veta", "hitta"),
        *_gap(1),
        _words("var", "vart"),
        _words("vi", "jag"),
        *_gap(3),
        _words("bor", "är", "finns", "flyttat"),
    ],
    [_words("protected", "secret", "hidden"), *_gap(1), _words("identity", "address", "whereabouts", "location")],
    [_like(r"^(turvakiel|защищ|захищ)")],
]

THREAT: list[Pattern] = [
    [_HIT, _PERSON, *_gap(1), _words("ihjäl", "skallen", "huvudet", "fördärvad")],
    [_HIT, _words("ihjäl"), _PERSON],
    [_HIT, _words("in"), _words("skallen", "huvudet", "tänderna")],
    [_words("döda", "mörda", "skjuta", "skada", "spöa"), _PERSON],
    [_like(r"^(döds|mord|kniv|bomb)hot")],
    [_like(r"^hota(t|d|de|s|r|des)?$"), *_gap(3), _like(r"^(döda|kniv|stryk|vapen|slå|misshandl)")],
    [
        _words("jag", "ja", "vi"),
        *_gap(1),
        _words("vet"),
        _words("precis", "exakt", "nog", "minsann"),
        _words("var", "vart"),
        *_gap(1),
        _words("bor", "du", "ni", "hon", "han"),
    ],
    [
        _words("vet"),
        _words("var", "vart", "va"),
        *_gap(2),
        _words("bor", "jobbar"),
        *_gap(6),
        _words("bil", "barn", "skola", "dagis", "förskola", "också"),
    ],
    [
        _words("vet"),
        _words("vilken", "vilket", "vilka"),
        *_gap(1),
        _words("bil", "dagis", "förskola", "dörr", "skola", "buss"),
        *_gap(1),
        _PERSON,
    ],
    [_words("inte", "inget"), _words("ett", "nåt", "något"), _words("hot"), *_gap(4), _words("löfte")],
    [_words("inget", "ingenting"), _words("kvar"), _words("att"), _words("förlora")],
    [_words("saken"), _words("i"), _words("egna"), _words("händer")],
    [_words("ska", "skall", "kommer"), *_gap(3), _words("ångra"), _words("sig", "dig", "er", "det")],
    [_words("i"), _words("will"), *_gap(1), _words("kill", "hurt", "burn", "shoot"), *_gap(1)],
    [
        _words(
            "knivhuggen",
            "knivhögg",
            "nerslagen",
            "nedslagen",
            "misshandlad",
            "misshandlar",
            "våldtagen",
            "våldtog",
            "strypgrepp",
        )
    ],
    [
        _words("slår", "slog", "slagit", "sparkar", "sparkade"),
        _words("henne", "honom", "barnen", "ungarna", "sonen", "dottern"),
    ],
    [
        _words("blir", "blev", "bli", "blivit", "blivet"),
        *_gap(2),
        _words("slagen", "slagna", "sparkad", "hotad", "hotade", "misshandlad", "nedslagen", "påhoppad"),
    ],
]

CONCERN: list[Pattern] = [
    [_like(r"^oros?anmälan?$")],
    [_words("anmäler", "anmäla"), *_gap(2), _words("oro")],
    [_words("ta", "tar", "tagit", "tog"), _words("livet"), *_gap(1), _words("av"), _PERSON_OR_SELF],
    [_words("ta", "tar", "tog"), _words("mitt", "sitt"), _words("liv")],
    [_words("vill", "orkar"), *_gap(2), _words("inte"), *_gap(1), _words("leva", "finnas")],
    [_like(r"^självmords?(tank|plan|försök)")],
    [_words("enklare", "bättre"), _words("att", "om"), *_gap(2), _words("inte"), _words("finnas", "fanns", "levde")],
    [
        _words("slår", "slog", "misshandlar"),
        *_gap(2),
        _words(
            "barn",
            "barnen",
            "barnet",
            "ungarna",
            "ungen",
            "flickan",
            "pojken",
            "lillebror",
            "lillasyster",
            "dotter",
            "son",
        ),
    ],
    [_words("anonym"), *_gap(8), _words("barn", "barnen", "flickan", "pojken")],
]

SECURITY: list[Pattern] = [
    [_like(r"^(larm|dörr|port|grind|pin|passer|lås)\w*kod"), *_gap(5), _like(r"^#?\d{3,6}#?$")],
    [_words("kod", "koden"), *_gap(4), _like(r"^#?\d{4,6}#?$")],
    [_like(r"^lösenord(et|en)?$"), *_gap(3), _words("är", ":", "=", "står", "låg", "ligger", "lapp")],
]

TENDER: list[Pattern] = [
    [_like(r"^(tilldelningsbeslut|anbudsgiv|anbudspris|anbudsutvärdering|anbudsöppning|avtalsspärr)")],
    [_like(r"^anbud(et|en|s)?$"), *_gap(6), _like(r"^(pris|kronor|kr|tilldel|utvärder|diskvalificer|sekretess|poäng)")],
]

INSIDER: list[Pattern] = [
    [_like(r"^(visselblås|whistleblow)")],
]

RULES: dict[FlagKind, list[Pattern]] = {
    FlagKind.SKYDDAD_IDENTITET: PROTECTED,
    FlagKind.HOT_VALD: THREAT,
    FlagKind.OROSANMALAN: CONCERN,
    FlagKind.SAKERHET: SECURITY,
    FlagKind.UPPHANDLING: TENDER,
    FlagKind.VISSELBLASNING: INSIDER,
}
