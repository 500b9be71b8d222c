"""Lines that introduce a quoted mail: ``Den … skrev …:`` in the languages and clients we meet."""

import re

from ingest.reading.patterns import alternatives

# "wrote" and its sisters, as Gmail, Apple Mail, Thunderbird, Outlook for Mac, Yahoo and Zimbra write them.
_VERBS = alternatives(r"""
    skrev|skriver|skreiv|skrifaði|kirjoitti|kirjutas
    wrote|writes|said
    schrieb|schreibt|hat (?:folgendes )?geschrieben|geschrieben|schreef|schrijft
    a [ée]crit|ha scritto|scrive|escribi[óo]|escribe|va escriure|escreveu|escribiu|a scris
    napisał(?:\(a\)|a|/a)?|pisze|napsal(?:\(a\)|a)?|nap[íi]sal(?:\(a\)|a)?|napisao(?:/la)?
    написал(?:\(а\)|а)?|пишет|писал(?:\(а\)|а)?|написав(?:\(ла\))?|написала|пише|написа
    έγραψε|γράφει|yazdı|írta|rašė|rakstīja|viết|menulis|लिखा
    كتب(?:ت)?|يكتب|כתב(?:ה)?|מאת|نوشت
""")
_VERB = re.compile(rf"(?<![^\W_])(?:{_VERBS})(?![^\W_])|写道|寫道|写到|さんは書きました|作成|작성", re.IGNORECASE)
_OPENERS = alternatives(r"""
    On|At|Den|På|Pe|Am|Um|Le|El|Il|Op|Em|No dia|A\(z\)|W dniu|Dnia|Dne|Dňa|Dana|La|În|Στις|В|Вт|У|Vào|Pada|Kl\.?
    Från|From|Von
    \d{1,4} ?[./年-]|\d{1,2}\.? |\S{2,12},? \d{1,2}\.?\s
    于|在|في|بتاريخ|ב
""")
_OPENER = re.compile(rf"[\s>*_]{{0,10}}(?:{_OPENERS})", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+=%&'/-]{1,120}@[\w-]{1,80}\.[\w.-]{2,120}|<mailto:")
_TIME = re.compile(r"\d{1,2}[:.h]\s?\d{2}|(?:19|20)\d\d|\d{1,2}/\d{1,2}/\d{2}|\d{1,2}时|下午|上午")
_END = re.compile(r"[:：]\s*\*?\s*$")
_MAX_CHARS = 500
_MAX_LINES = 5


def find_attribution(lines: list[str], at: int) -> tuple[int, int] | None:
    """Return first and past-last line of the attribution that ends at line ``at``, or nothing."""
    last = lines[at].strip()
    if not last or len(last) > _MAX_CHARS:
        return None
    closed = bool(_END.search(last))
    if not closed and not _VERB.search(last) and not last.endswith(">"):
        return None
    for count in range(1, _MAX_LINES + 1):
        start = at - count + 1
        if start < 0 or not lines[start].strip():
            break
        joined = " ".join(line.strip(" >*\t") for line in lines[start : at + 1])
        if len(joined) > _MAX_CHARS:
            break
        if _is_attribution(joined, closed=closed):
            return _extended(lines, start, at), at + 1
    return None


def _is_attribution(text: str, *, closed: bool) -> bool:
    """Whether a joined text introduces a quote: verb with a date or an address, or date, address and colon alone."""
    verb, mail, time = _VERB.search(text), _MAIL.search(text), _TIME.search(text)
    if not closed:
        # Without the colon the verb has to end the line, behind an opener, a time and an address.
        return bool(verb and verb.end() >= len(text) - 2 and time and mail and _OPENER.match(text))
    if verb and (mail or "<" in text):
        return verb.end() >= len(text) - 120
    if verb and time:
        return bool(_OPENER.match(text)) or verb.end() >= len(text) - 60
    return bool(mail and time and _ends_with_address(text))


def _ends_with_address(text: str) -> bool:
    return bool(re.search(r"[>)\]]\s*[:：]\s*$|@[\w.-]{3,120}\s*[:：]\s*$", text))


def _extended(lines: list[str], start: int, at: int) -> int:
    """Step up to the line where a wrapped attribution began."""
    for first in range(start - 1, max(-1, at - _MAX_LINES), -1):
        line = lines[first].strip()
        if not line or len(line) > 200:
            break
        if _OPENER.match(line) and _TIME.search(line) and not line.endswith((".", "!", "?")):
            return first
    return start
