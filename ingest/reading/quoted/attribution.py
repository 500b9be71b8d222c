"""Lines that introduce a quoted mail: ``Den … skrev …:`` in the languages and clients we meet."""

import re

from ingest.reading.patterns import alternatives

# "wrote" and its sisters, as Gmail, Apple Mail, Thunderbird, Outlook for Mac, Yahoo and Zimbra write them.
_WROTE = [
    phrase
    for line in """
    skrev|skriver|skreiv|skrifaði|kirjoitti|kirjutas|wrote|writes
    schrieb|schreibt|hat folgendes geschrieben|hat geschrieben|geschrieben|schreef|schrijft|het volgende geschreven
    a écrit|a ecrit|écrit|ecrit|ha scritto|scrive|scritto|escribió|escribio|escribe|va escriure|ha escrit|escreveu
    escribiu|a scris|napisał(a)|napisała|napisał/a|napisał(-a)|napisał|pisze|napisana przez
    napsal(a)|napsala|napsal|napísal(a)|napísala|napísal|napisal(a)|napisala|napisal|napisao/la|napisao(la)|napisao
    написао/ла|написао(ла)|написао|напиша|shkroi|idatzi zuen|idatzi du|ysgrifennodd|scríobh|aliandika
    написал(а)|написала|написал|пишет|писал(а)|писала|писал|написав(ла)|написавла|написав|пише|написа|піша
    έγραψε|γράφει|yazdı|írta|rašė|parašė|rakstīja|viết|menulis|लिखा|เขียนว่า|เขียน
    كتبت|كتب|يكتب|כתבה|כתב|מאת|نوشت
    """.strip().splitlines()
    for phrase in line.strip().split("|")
]
_VERBS = "|".join(map(re.escape, _WROTE))
_UNSPACED = "写道|寫道|写到|さんは書きました|のメール|作成|작성|쓴 글"
# Of small letters, for lines made small: to ignore case takes twice the time, and this is asked of every line.
_VERB = re.compile(rf"(?<![^\W_])(?:{_VERBS})(?![^\W_])|{_UNSPACED}")
# The longest word of each, without which it cannot stand in a line: words are counted out in a fifth of the time.
_RUN = re.compile(r"[^\W_]+")
_VERB_WORDS = frozenset(max(_RUN.findall(phrase), key=len) for phrase in _WROTE)
_UNSPACED_BEGINS = re.compile(f"[{''.join(sorted({phrase[0] for phrase in _UNSPACED.split('|')}))}]")
_OPENERS = alternatives(r"""
    On|At|Den|På|Pe|Am|Um|Le|El|Il|Op|Em|No dia|A\(z\)|W dniu|Dnia|Dne|Dňa|Dana|La|În|Στις|В|Вт|У|На|Vào|Pada|Kl\.?
    Tarih|Í|Þann
    Från|From|Von|\d{1,4} ?[./年년-]|\d{1,2}\.? |\S{2,14},? \d{1,2}[\s./]|\S{2,12},? \S{3,12} \d{1,2},?\s
    于|在|في|بتاريخ|ב|ב-|Më|Ar (?=\d)|Mnamo|Дана|O (?=\d|\w{2,4},)|Missatge de
""")
_OPENER = re.compile(rf"[\s>*_\-–—]{{0,10}}(?:{_OPENERS})", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+=%&'/!#-]{1,120}@[\w-]{1,80}\.[\w.-]{2,120}|mailto:")
_YEAR = r"(?<!\d)(?:19|20|١٩|٢٠|۱۹|۲۰|१९|२०|১৯|২০)\d\d(?!\d)"
_TIME = re.compile(
    rf"\d{{1,2}}[:.h]\s?\d{{2}}|{_YEAR}|\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2}}|\d{{1,2}}时|下午|上午|오전|오후"
)
_CLOCK = re.compile(r"\d{1,2}[:.h]\s?\d{2}")
_END = re.compile(r"[:：]\s{0,3}\*{0,2}\s{0,3}$|(?<=\w)\s?-{3,80}$")
# "Den 3 november skrev jag …:" is part of a letter; mail programs name whom they quote.
_SAID_BY_PERSON = re.compile(
    r"\b(?:skrev|skriver|schrieb|schrieben|kirjoitti) (?:jag|vi|du|ni|han|hon|man|jeg|dere|ich|wir|er|sie"
    r"|min|mitt|mina|vår|vårt|våra|hans|hennes|deras|en|ett|någon|några|flera|många|alla)\b"
    r"|\b(?:i|we|you|he|she|they|jag|vi|du|ni|hon|han|hen|hun|de|jeg) (?:wrote|said|skrev|skriver)\b"
    r"|\b(?:ert|er|ditt|din|mitt|min|your|my) (?:mejl|mail|e-?post|brev|svar|e-?mail|letter|reply)\b"
    r"|\b(?:skrev|skriver|schrieb|wrote|écrit|escribió) (?:till|til|to|an|à|a) ",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"\W{0,5}(?:On|Am|Den|Op|Le|El) \w{2,4}\.?,? \d")  # "On Tue, 3 Nov 2026, Anna wrote:"
_SENTENCE = re.compile(r"[.!?]\s{0,3}$")
# A word or a quotation ends here, no abbreviation.
_SPOKEN_END = re.compile(r"(?:[^\W\d_]{7}|[\"”»])[.!?]$")
# "… den 2 nov." and "… o godz." end no sentence where a figure follows.
_ABBREVIATED = re.compile(r"(?<!\w)\w{1,5}\.$")
# How a line goes on that began above: by the time of day or the verb.
_GOES_ON = re.compile(
    rf"(?:(?:kl\.?|at|klo|kello|um|om|o|à|a las|alle|v|в) )?\d{{1,2}}[:.h]\s?\d{{2}}(?![.\d])|(?:{_VERBS})\W"
)
# Horde's and other web mails' forms without a verb: "Quoting Anna <…>:"
_QUOTING = re.compile(
    r"(?:quoting|citerar|citerer|citando|citazione|zitat von|citation de|lainaus|cytat) "
    r"(?:[^@]{0,120}@){1,2}[^@]{2,150}[:：]$",
    re.IGNORECASE,
)
# Usenet's, with the id of what is answered as the last word: "Anna" <…> wrote in message news:…
_USENET = re.compile(r"<?news:[^\s<>@]{1,120}@[^\s<>]{3,120}>?$")
# Behind a sentence in the same line, as web mails that lost line breaks write it.
_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{3}[.!?]) +(?=[^\W\d_a-z])")
_DASHED = re.compile(r"-{2,40} .{3,150} -{2,40}")
# A name and the verb, enough only where signed quote lines follow.
_NAME_WROTE = re.compile(
    rf"[\"'“]?[^\W\d_a-z][\w'’.-]{{0,25}},? (?:[\w'’.(|-][\w'’.)\"”-]{{0,25}},? ){{0,4}}(?:{_VERBS})\s?:"
)
_ADDRESS_LAST = re.compile(r"[>)\]\"]\s*[:：]\s*$|@[\w.-]{3,120}\s*[:：]\s*$")
_BRACKETED = re.compile(r"<[^<>\s@]{1,120}@[^<>\s@]{3,120}>")
_BRACKETED_LAST = re.compile(r"<[^<>\s@]{1,120}@[^<>\s@]{3,120}>\s?[:：]$")
_SENDER_FIRST = re.compile(r"[^<>@:.!?]{0,60}<[^<>\s@]{1,120}@[^<>\s@]{3,120}>[^.!?:]{0,25}$")
_DAY = re.compile(rf"{_YEAR}|\d{{1,2}}[/.-] ?\d{{1,2}}[/.-] ?\d{{2}}")
_DAY_AND_ADDRESS = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4},?(?: \d\S{3,9},?)? [^<>@]{0,80}<[^<>\s]{3,120}>?")
_DASHED_WORDS = re.compile(r"-{4,12} ?[^\W\d_][^-\n:;.!?]{3,50}[^-\s] ?-{4,12}")
_SPOKEN = re.compile(
    r"\b(?:jag|vi|du|ni|mig|oss|er|dig|skicka|senast|jeg|meg|mig|minä|me|ich|wir|mir|uns|sie|i|we|you|us|je|nous|yo|ja|я|мы|мне)\b|[?!]",
    re.IGNORECASE,
)
_OF_WRITER = re.compile(r"\b(?:jag|mig|mej|oss|jeg|meg|ich|mir|uns)\b", re.IGNORECASE)
# What every attribution ends in or holds: a colon, dashes, a time of day.
_SIGNS = re.compile(r"[:：]|--|\d[.h](?:\d\d|\s)|>\n\n?>")
_MAX_CHARS = 450
_MAX_LINES = 6


def may_hold_attribution(text: str) -> bool:
    """Whether a text has what none of its lines can introduce a quote without; of most letters it needs no more."""
    return bool(_SIGNS.search(text))


def may_hold_sender(text: str) -> bool:
    """Whether a text has a word for *wrote* or a sign of an address, of which every attribution has one."""
    return "@" in text or "<" in text or "mailto:" in text or _may_hold_verb(text.lower())


def find_attribution(lines: list[str], at: int) -> int | None:
    """Return the line past the attribution that begins at line ``at``, or nothing when none does."""
    first = _bare(lines[at])
    if not first or len(first) > _MAX_CHARS or not _may_begin(first, lines[at + 1 : at + 2]):
        return None
    pieces: list[str] = []
    for number in range(at, min(at + 2 * _MAX_LINES, len(lines))):
        piece = _bare(lines[number])
        if not piece and not (pieces and _is_open(pieces)):
            return None
        if piece:
            pieces.append(piece)
        joined = " ".join(pieces)
        too_long = len(joined) > _MAX_CHARS or len(pieces) > _MAX_LINES
        if too_long or any(map(_END.search, pieces[-2:-1])):  # an attribution ends with its colon
            return None
        if piece and is_attribution(joined):
            if number > at and _begins_later(lines, at + 1, number):
                return None
            return number + 1 + _goes_on(joined, lines[number + 1 : number + 2])
    return None


def _bare(line: str) -> str:
    """Return a line without quote signs and stars."""
    return line.lstrip(" >*\t\xa0").rstrip(" *\t\xa0")


def _goes_on(joined: str, following: list[str]) -> int:
    """Whether an attribution that seems to end without its colon was only wrapped: its end is on the next line."""
    if _END.search(joined):
        return 0
    return int(any(_END.search(line) and (">" in line or len(line.split()) == 1) for line in map(_bare, following)))


def introduces_signed(line: str) -> bool:
    """Whether a line introduces the quoted lines that follow it; without them it may be prose.

    It is a name or a day and *wrote*, or a day and a time (*… 08:00, you wrote:*), or somebody's address with a day,
    or as the last word (*Citat från Anna <…>:*), or a few words between dashes (*-------- Original Message --------*
    in a language we do not know).
    """
    bare = _bare(line)
    if len(bare) > 160:
        return False
    if is_dashed_words(line) or _is_wordless(bare):
        return True
    timed = bool(_CLOCK.search(bare) and _DAY.search(bare))
    if "@" in bare and (timed or _BRACKETED_LAST.search(bare)) and not _is_spoken(bare, words=16):
        return True
    if _END.search(bare):
        dated = _OPENER.match(bare) and any(map(str.isdigit, bare))
        said = _NAME_WROTE.fullmatch(bare) or (dated and _verb(bare) and not _is_spoken(bare))
        return bool(said or (timed and (_verb(bare) or not _is_spoken(bare))))
    return bool(_DAY_AND_ADDRESS.fullmatch(bare) or (timed and bare.endswith(")") and _verb(bare)))


def is_dashed_words(line: str) -> bool:
    """Whether a line is a few words between dashes."""
    return "----" in line and len(line) < 160 and bool(_DASHED_WORDS.fullmatch(_bare(line)))


def _is_spoken(text: str, *, words: int = 10) -> bool:
    return bool(_SPOKEN.search(text)) or len(text.split()) > words


def has_verb(line: str) -> bool:
    """Whether a line has a word that says that somebody wrote."""
    return _verb(line) is not None


def _verb(text: str) -> re.Match[str] | None:
    small = text.lower()
    return _VERB.search(small) if _may_hold_verb(small) else None


def _may_hold_verb(small: str) -> bool:
    return not _VERB_WORDS.isdisjoint(_RUN.findall(small)) or bool(_UNSPACED_BEGINS.search(small))


def _may_begin(line: str, following: list[str]) -> bool:
    """Whether an attribution can begin here: an opening word and a figure, a day and time, a verb, an address."""
    opened = any(map(str.isdigit, line)) and (_OPENER.match(line) or (_CLOCK.search(line) and _DAY.search(line)))
    verb, mail = _verb(line), ("@" in line or "mailto:" in line) and _MAIL.search(line)
    if not (opened or verb or mail) or _SPOKEN_END.search(line):
        return False
    if len(line) > 60 and _SENTENCE.search(line):
        goes_on = _ABBREVIATED.search(line) and any(_bare(below)[:1].isdigit() for below in following)
        in_day = line[-2:-1].isdigit() and _BRACKETED.search(line)
        return bool((goes_on or in_day) and (opened or (verb and mail)))
    return True


def _is_open(pieces: list[str]) -> bool:
    """Whether an attribution goes on behind an empty line: a date stands first and nothing has ended it."""
    return bool(_OPENER.match(pieces[0]) and _CLOCK.search(" ".join(pieces)) and not _SENTENCE.search(pieces[-1]))


def _begins_later(lines: list[str], start: int, last: int) -> bool:
    """Whether the attribution really begins on a later line, so that what stands before it is prose."""
    for number in range(start, last + 1):
        joined = " ".join(_bare(line) for line in lines[number : last + 1] if line.strip())
        if _OPENER.match(joined) and _TIME.search(joined) and is_attribution(joined):
            return not _is_one(lines[number - 1].strip(), joined)
    return False


def _is_one(above: str, joined: str) -> bool:
    """Whether a line and what seems an attribution below it are one: date and time, or sender and day."""
    if _GOES_ON.match(joined.lower()):
        return bool(_OPENER.match(above) or _BRACKETED.search(above)) and not _SENTENCE.search(above[:-1])
    return bool(_SENDER_FIRST.match(above)) and not _MAIL.search(joined)


def names_moment(text: str) -> bool:
    """Whether a text names a time of day or an address, or stands between dashes, as people seldom write."""
    return bool(_CLOCK.search(text) or _WEEKDAY.match(text) or any(sign in text for sign in ("@", "<", "--")))


def is_attribution(text: str) -> bool:
    """Whether a text introduces a quote: a verb with date or address, or date and address alone, and a colon."""
    verb, mail, time = _verb(text), _MAIL.search(text), _TIME.search(text)
    if _QUOTING.match(text) or (verb and (_DASHED.fullmatch(text) or _USENET.search(text))):
        return True
    if not _END.search(text):
        return _ends_openly(text, bool(mail))
    if (_SAID_BY_PERSON.search(text) or _OF_WRITER.search(text)) and not _BRACKETED.search(text):
        verb = None
    if verb and (mail or "<" in text or "@" in text):
        return bool(_OPENER.match(text)) or _last_verb_end(text) >= len(text) - 120
    if verb and time:
        return bool(_OPENER.match(text)) or _last_verb_end(text) >= len(text) - 60
    if mail and time and _ADDRESS_LAST.search(text):
        told = _OF_WRITER.search(text) if _BRACKETED.search(text) else _SPOKEN.search(text) or not _CLOCK.search(text)
        return not told
    return _is_wordless(text)


def _is_wordless(text: str) -> bool:
    """Whether a text is an attribution whatever its language: somebody's address, a day and a time, and a colon.

    A letter that says so speaks of a *me* or a *you*, or it says more.
    """
    found = _BRACKETED.search(text)
    if not found or not _CLOCK.search(text) or not _DAY.search(text) or _SPOKEN.search(text):
        return False
    around = text[: found.start()] + text[found.end() :]
    return len(around) < 110 and len(around.split()) <= 18


def _ends_openly(text: str, mail: bool) -> bool:
    """Whether an attribution that lost its colon, or its address, is one: date and time first, then the verb.

    Mail programs cut ``den 5 sep. kl. 09:28 skrev Anna <`` when they wrap, and some write no colon at all.
    """
    verb = _verb(text)
    if not _OPENER.match(text) or not _CLOCK.search(text):
        return False
    if not verb:
        return text.endswith("<") and bool(_DAY.search(text))
    if not _TIME.search(text[: verb.start()] or text):
        return False
    behind = text[verb.end() :].strip()
    return (
        behind.endswith("<") or (not behind and mail) or bool(re.fullmatch(r"[^.!?\n]{0,80}<[^<>\s]{3,120}>?", behind))
    )


def prose_before(line: str) -> str:
    """Return the sentences that stand before an attribution in one line, usually none."""
    for found in _SENTENCE_END.finditer(line):
        tail = line[found.end() :]
        if _OPENER.match(tail) and _TIME.search(tail) and is_attribution(tail):
            return line[: found.start()]
    return ""


def _last_verb_end(text: str) -> int:
    return max((found.end() for found in _VERB.finditer(text.lower())), default=0)
