"""What a line of a letter is, by itself: a sentence, a name, a way to reach somebody, small print."""

import re

from ingest.reading.around.devices import is_device_line
from ingest.reading.around.disclaimers import is_small_print

DASHES = re.compile(r"[ \t]{0,3}(?:-- ?|---|__+|—|–|-\s-|~~+|-{2,100}|_{2,100}|\*{2,100}|#{3,100}|={3,100})[ \t]{0,5}")
CONTACT = re.compile(
    r"https?://|www\.|[\w.+-]{1,64}@[\w-]{1,64}\.|(?:tel|tfn|tlf|fon|fax|phone|mobil|mob|cell|direkt|växel|org\.?\s?nr|puh|skype)\b"
    r"|(?:\+|\b0|\()\d[\d\s().\-–/]{6,20}\d|\b\d{3} ?\d{2} [A-ZÅÄÖ]|\(\d{3}\) ?\d{3}",
    re.IGNORECASE,
)
NAME_ALONE = re.compile(r"[\s*/~-]{0,4}(?:[^\W\d_a-zåäöæøéü][\w'’.-]{0,25} ?){1,4},?\*?\s{0,3}")
SPEAKS = re.compile(r"^[^\"“”»*'_]*\b(?:[Jj]ag|mig|mej|[Mm]in|[Mm]itt|[Mm]ina|[Nn]i|[Ee]r|[Ee]ra|[Ee]rt|I)\b")
# What a sentence has and a title, a name or an address has not; of English and German only in small letters, since
# their mottos begin with a large one.
TELLS = re.compile(
    r"^[^\"“”»*'_]*\b(?:är|inte|har|hade|kan|kunde|ska|skall|vill|måste|får|blir|blev|heter|ligger|finns|luktar|behöver|det|att"
    r"|så|när|men|tyvärr|också|redan|ännu|gärna|helst|förresten|dessutom|ikke|hvis|skal|jeg)\b"
    r"|^\s{0,3}[^\W\d_A-ZÅÄÖÆØÜ][^\"“”]*\b(?:is|are|was|not|has|have|will|can|please|the|if|ist|sind|nicht|hat|kann|bitte|ei"
    r"|ole)\b"
)
_POSTSCRIPT = re.compile(r"\s{0,3}(?:p\.?\s?s\.?|obs|nb|n\.b\.)[\s:.!]", re.IGNORECASE)
_POINT = re.compile(r"\s{0,8}(?:[-–—*•]{1,2}|\d{1,2}[.)])\s")
SHORT = 90
_TITLE = 5


def rest_of(lines: list[str], at: int) -> list[str]:
    return [line for line in lines[at + 1 :] if line.strip()]


def line_above(lines: list[str], at: int) -> str:
    """Return the nearest line above that is not empty."""
    return next((lines[number] for number in range(at - 1, -1, -1) if lines[number].strip()), "")


def is_sentence(line: str) -> bool:
    """Whether a line reads like part of a letter rather than of a signature."""
    return len(line.split()) >= 6 and line.rstrip()[-1:] in ".!?" and not (CONTACT.search(line) or is_small_print(line))


def is_prose(line: str) -> bool:
    """Whether a line among names and numbers is a sentence all the same, however short."""
    ends = len(line.split()) >= 3 and line.rstrip()[-1:] in tuple(".!?")
    return ends and not (any(map(str.isdigit, line)) or "@" in line or "www" in line or is_small_print(line))


def goes_on_below(rest: list[str]) -> bool:
    """Whether the letter goes on behind a seeming signature: a postscript, a question, or more than a motto."""
    if any(_POSTSCRIPT.match(line) or line.rstrip().endswith("?") for line in rest):
        return True
    return sum(is_sentence(line) for line in rest) >= 2


def is_footing(line: str) -> bool:
    return bool(CONTACT.search(line) or is_small_print(line) or is_device_line(line))


def is_point(line: str) -> bool:
    """Whether a line is a point of a list; a dash before a name signs."""
    return bool(_POINT.match(line)) and not NAME_ALONE.fullmatch(line)


def is_ruled(lines: list[str], at: int) -> bool:
    """Whether the same dashes stand on two lines more, with nothing but a few words between: they divide points."""
    near = [line.strip() for line in lines[max(0, at - 60) : at + 60]]
    dashes = [number for number, line in enumerate(near) if line == lines[at].strip()]
    return len(dashes) > 2 and all(len(line.split()) < 4 for line in near[dashes[0] : dashes[-1]])


def tells(line: str) -> bool:
    """Whether a line has a word of a sentence: of its writer, of us, or one that no name has."""
    return bool(SPEAKS.search(line) or TELLS.search(line))


def is_title(line: str) -> bool:
    """Whether a line may be a title, a firm or a place below a name: a few words that tell nothing, and no figures."""
    said = tells(line) or line.rstrip()[-1:] in tuple(".!?:")
    return len(line.split()) <= _TITLE and not said and not any(map(str.isdigit, line))
