"""Finds personal names in a Swedish letter: by lists, by the words before them, by greetings and signatures."""

import re
from collections.abc import Iterator

from classifier.personal.name_lists import RATHER_WORDS, WORDS_TOO, first_names, is_unheard, is_word, last_names
from classifier.swedish import compound_parts, lemma

_WORD = re.compile(r"(?<![\w@.-])[^\W\d_]+(?:[-’'][^\W\d_]+)*(?![\w@])")
_STARTS_SENTENCE = re.compile(r"(?:^|[.!?:;\n\r\"”«»(•*]|\s[-–—])\s*$")
_KIN = (
    "son|dotter|flicka|pojke|kille|tjej|dotterdotter|dotterson|sonson|sondotter|barnbarn|man|fru|make|maka|sambo|särbo"
    "|mamma|pappa|mor|far|mormor|farmor|morfar|farfar|bror|brorsa|syster|lillebror|lillasyster|storebror|storasyster"
    "|tvillingbror|kusin|moster|faster|morbror|farbror|vän|väninna|kompis|klasskompis|granne|klient|brukare|elev|huvudman"
    "|barn|unge|yngsta|äldsta|minsta|grabb|tös|chef|kollega|syrra|svärmor|svärfar|systerson|brorson|fosterson|fosterdotter"
)
_OFFICE = (
    "rektorn?|lärarn?|lärare|läraren|mentorn?|kuratorn?|handläggarn?|handläggaren?|sekreteraren|enhetschefe?n?|chefen"
    "|direktören?|kommunalråd(?:et)?|inspektören?|pedagog(?:en)?|förskolläraren?|fritidsledaren?|vaktmästaren?"
    "|undersköterskan?|sköterskan?|vårdbiträdet?|biträdet|assistent(?:en)?|bibliotekarien?|chauffören?|föraren|grannen?"
    "|kollegan|kompisen|mannen|kvinnan|idrottsläraren?|socialsekreterare?n?|barnsekreterare?n?|ordföranden?"
    "|kommundirektören?|advokat|förmannen|städaren|kontaktperson(?:en)?|boendestödjaren?"
)
_TITLE = "tant|farbror|fru|herr|fröken|frk|dr|doktor|doktorn|syster|familjen|fam|paret|änkan|moster|faster|morbror"
# How people say their names, in the languages of citizens' letters.
_INTRODUCED = (
    r"namn(?:et)?\s+är|namn:|undertecknad:?|my name is|mein name ist|ich heiße|nazywam się|mam na imię"
    r"|меня зовут|мене звати"
    r"|اسمي|nimeni on|magacaygu waa|benim adım|adım|zovem se|moje ime je|je m'appelle|me llamo|navê min"
)
_CUE = re.compile(
    rf"\b(?:{_INTRODUCED}|heter|hette|kallas|kallad|{_TITLE}|{_OFFICE}"
    rf"|(?:min|mitt|vår|våran|hennes|hans|deras|din)\s+(?:\w+\s+)?(?:{_KIN}))(?:\s+|\s?[(,]\s?)(?:som\s+heter\s+)?$",
    re.IGNORECASE,
)
_HOUSEHOLD = re.compile(r"\b(?:familjen|paret|fru|herr|tant)\s+$", re.IGNORECASE)
_REGARDS = re.compile(
    r"(?:\b(?:mvh|m\.?v\.?h\.?|vh|hälsn\w*|hälsar|hälsning(?:ar|en)?|hilsen|vänligen|högaktningsfullt|gm|genom|kram(?:ar)?"
    r"|regards|sincerely|terveisin|pozdrawiam|z poważaniem|grüßen|saygılarımla|с уважением|з повагою"
    r"|cordialement|saludos|pozdrav|mahadsanid|تحياتي|با احترام)"
    r"|(?:^|(?<=\s))/{1,2}|^\s*[-–—~]+)[\s,.:!]*(?:från\s+)?$",
    re.IGNORECASE,
)
_OWN_WORDS = re.compile(rf"(?:{_INTRODUCED}|تحياتي|با احترام)[\s,.:]*$")
_LINE = re.compile(r"^[^\S\n]*\S[^\n]*", re.MULTILINE)
_SIGNATURE_LINES = 4
_SIGNATURE_WORDS = 6
_LINKS = frozenset({"och", "o", "å", "&", "von", "af", "de", "med", "av", "gm", "genom"})
_POLITE = frozenset(
    {
        "bästa",
        "en",
        "ett",
        "från",
        "förhand",
        "glada",
        "hej",
        "hilsen",
        "hälsar",
        "hälsn",
        "hälsning",
        "hälsningar",
        "hälsningen",
        "högaktningsfullt",
        "kram",
        "kramar",
        "mvh",
        "på",
        "sommar",
        "tack",
        "tacksam",
        "varm",
        "varma",
        "vh",
        "vänlig",
        "vänliga",
        "vänligen",
        "vänligt",
    }
)
# Double names that no list needs to know: O'Connor, D'Angelo, Al-Hassan, McKenna.
_BY_FORM = re.compile(r"(?:[OD]['’]|Mc|(?:Al|El|Abu|Ben|Bin)-)[A-ZÅÄÖ]\w+$")
# Endings that make a listed last name of a common word's frequency a name all the same (Bergström).
_NAME_ENDS = ("ström", "berg", "gren", "lund", "stedt", "sen", "man", "lin")
_PLACE_ENDS = (
    "skolan",
    "skola",
    "förskola",
    "gatan",
    "vägen",
    "parken",
    "hallen",
    "hemmet",
    "huset",
    "bron",
    "kyrkan",
    "torget",
    "badet",
    "boendet",
    "gården",
)
_TOWN_ENDS = ("by", "torp", "stad", "sjö", "vik", "ås", "köping", "dal", "dala", "näs", "holm", "berga", "tuna", "gata")
_MOST_IN_NAME = 4
_LOOK_BACK = 60
_MOST_LETTERS_OF_OFFICE = 4  # LSS, IFO


def find_names(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each name, first and last name together, in order.

    Weighs three things: a known name with a capital letter; an unknown word where a name is announced (*heter*, *min
    son*, *läraren*, *Mvh*); a short last line. Lower-case names count only where they are announced.
    """
    words = list(_WORD.finditer(text))
    signed = set(_signature(text, words))
    at = 0
    while at < len(words):
        if at not in signed and not _is_first(text, words[at]):
            at += 1
            continue
        last = at
        while last + 1 < len(words) and last + 1 - at < _MOST_IN_NAME and _goes_on(text, words, last, signed):
            last += 1
        yield words[at].start(), words[last].end()
        at = last + 1


def _known(word: str) -> bool:
    """Whether a lower-case word is a first name, also in the genitive."""
    return _listed(_plain(word))


def _listed(low: str) -> bool:
    names = first_names()
    return low in names or ("-" in low and all(part in names for part in low.split("-")))


def _plain(word: str) -> str:
    """The name a genitive is of, unless the word is an everyday one (*finns*, *sens*)."""
    names = first_names()
    genitive = word.endswith("s") and word not in names and word[:-1] in names and not is_word(word)
    return word[:-1] if genitive else word


def _is_first(text: str, found: re.Match[str]) -> bool:
    """Whether a name begins with this word."""
    word, low = found.group(), _plain(found.group().lower())
    before = text[max(0, found.start() - _LOOK_BACK) : found.start()]
    known, capital = _listed(low), _capital(word, before)
    if low in last_names() and _HOUSEHOLD.search(before):
        return capital or not is_word(low) or _surely_surname(low)
    if not (known or capital):
        return False
    if len(low) > 1 and (cue := _CUE.search(before) or _REGARDS.search(before)):
        surely = known and (low not in RATHER_WORDS or (capital and cue.re is _CUE and "\n" not in cue.group()))
        return surely or (capital and _may_be_announced(word, low, cue))
    if not word[0].isupper() or before.endswith("Lex "):
        return False
    if _BY_FORM.match(word):
        return True
    return _stands_alone(text, found, low, known=known)


def _may_be_announced(word: str, low: str, cue: re.Match[str]) -> bool:
    """Whether an unknown word may be the name announced before it: no everyday word, place, or office's letters."""
    beside = cue.re is _CUE and ("\n" in cue.group() or cue.group().rstrip().endswith(("(", ",")))
    office = word.isupper() and len(word) <= _MOST_LETTERS_OF_OFFICE
    return not (is_word(low) or low.endswith(_PLACE_ENDS) or office or (beside and not is_unheard(low)))


def _capital(word: str, before: str) -> bool:
    """A capital letter, or a script without them where the name is announced in that language."""
    return word[0].isupper() or (_caseless(word) and _OWN_WORDS.search(before) is not None)


def _caseless(word: str) -> bool:
    """Whether a word is of a script that has no capital letters, as Arabic."""
    return not word[0].isupper() and not word[0].islower()


def _stands_alone(text: str, found: re.Match[str], low: str, *, known: bool) -> bool:
    """Whether a capitalised word is a name by itself: a listed one that is no word here, or with a last name after."""
    before = text[max(0, found.start() - _LOOK_BACK) : found.start()]
    starts = bool(_STARTS_SENTENCE.search(before)) or (len(low) > 1 and found.group().isupper())
    if len(low) == 1:
        return not starts and text[found.end() : found.end() + 1] == "." and _surname_after(text, found)
    if known and low not in WORDS_TOO:
        return True
    if known:
        return (low not in RATHER_WORDS and not starts) or _surname_after(text, found)
    return (_is_surname(low) and (not starts or _surely_surname(low))) or _foreign_pair(text, found)


def _surely_surname(low: str) -> bool:
    """Whether a last name is no word or place even where a sentence begins with it: Persson, Lindgren."""
    return low.removesuffix("s").endswith(("sson", "qvist", "gren", "ström"))


def _foreign_pair(text: str, found: re.Match[str]) -> bool:
    """Whether this word and the next have capitals, and Swedish hardly has either: Rehman Siddiqui."""
    after = _WORD.match(text, found.end() + 1) if text[found.end() : found.end() + 1] == " " else None
    pair = [found.group(), after.group()] if after else []
    return bool(pair) and all(_may_be_foreign(word) for word in pair)


def _may_be_foreign(word: str) -> bool:
    low = word.lower()
    plain = word[0].isupper() and not word[1:].isupper() and len(word) > 2
    return (
        plain and is_unheard(low) and not low.endswith((*_PLACE_ENDS, *_TOWN_ENDS)) and not compound_parts(lemma(low))
    )


def _is_surname(low: str) -> bool:
    plain = low[:-1] if low.endswith(("ss", "ssons")) else low
    listed = plain in last_names() and (not is_word(plain) or (len(plain) > 5 and plain.endswith(_NAME_ENDS)))
    return listed or (len(plain) > 5 and plain.endswith(("sson", "qvist")))


def _surname_after(text: str, found: re.Match[str]) -> bool:
    gap = 1 if text[found.end() : found.end() + 1] == " " else 2
    joined = gap == 1 or (len(found.group()) == 1 and text[found.end() : found.end() + 2] == ". ")
    after = _WORD.match(text, found.end() + gap) if joined else None
    return bool(after and after.group()[0].isupper() and (len(after.group()) == 1 or _may_be_surname(after.group())))


def _may_be_surname(word: str) -> bool:
    return word.lower() in last_names() or not is_word(word.lower())


def _goes_on(text: str, words: list[re.Match[str]], last: int, signed: set[int]) -> bool:
    """Whether the next word belongs to the name: a capital letter after a single space, or an initial and its dot."""
    gap = text[words[last].end() : words[last + 1].start()]
    if gap not in (" ", ". ", "."):
        return False
    word = words[last + 1].group()
    if gap != " " and len(words[last].group()) > 1:
        return False
    if word[0].isupper():
        return len(word) == 1 or last + 1 in signed or _may_be_surname(word)
    so_far = words[last].group()
    return (
        (so_far[0].islower() and word in last_names())
        or (_caseless(so_far) and _caseless(word) and last + 1 not in signed)
        or (word in ("von", "af") and last + 2 < len(words))
    )


def _signature(text: str, words: list[re.Match[str]]) -> Iterator[int]:
    """The words of the last short lines that look like a sender's name."""
    lines = [found.span() for found in _LINE.finditer(text)]
    for start, end in lines[1:][-_SIGNATURE_LINES:]:
        inside = [i for i, word in enumerate(words) if start <= word.start() < end]
        telling = [i for i in inside if words[i].group().lower() not in _LINKS and not _polite(words[i].group())]
        if 0 < len(telling) <= _SIGNATURE_WORDS and not re.search(r"\d{3}|[?!.]\s*$", text[start:end]):
            yield from _names_of_line(words, telling)


def _names_of_line(words: list[re.Match[str]], telling: list[int]) -> Iterator[int]:
    """All of a line that holds nothing but capitalised uncommon words and initials; else what is a known name."""
    group = [words[i].group() for i in telling]
    if all((w[0].isupper() and not is_word(w.lower())) or _known(w.lower()) or len(w) == 1 for w in group):
        yield from telling
        return
    yield from (i for i in telling if _known(words[i].group().lower()) and words[i].group()[0].isupper())


def _polite(word: str) -> bool:
    return word.lower() in _POLITE
