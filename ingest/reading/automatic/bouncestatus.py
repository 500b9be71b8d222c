"""What a bounce's words say happened: an enhanced status code (RFC 3463), and whether the letter may still arrive."""

import re

from ingest.reading.patterns import alternatives

_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
# Behind an SMTP answer's own code stands its status, and no version or address of a server.
_ANSWERED = re.compile(r"(?<![\d.])[45]\d\d[ \-#]{1,2}([45]\.\d{1,3}\.\d{1,3})(?![\d.])")
REPLY_CODE = re.compile(r"(?<![\d.,:])([45])[0-7]\d(?=[ \-#(:])")
"""An SMTP answer that refuses (RFC 5321 section 4.2.1); its group is the class."""
_UNSAID = "5.0.0"
# Asked in this order: a mailbox is *unknown* less often than its host, and a message too large is no full mailbox.
_MEANINGS = (
    (
        "5.3.4",
        r"""
        message (?:is )?too (?:large|big|long)|message size (?:\d{1,12} )?exceed
        exceeds? (?:the )?(?:maximum )?message size
        (?:meddelandet|brevet|mejlet) (?:är|var) (?:för stort|större än)
        """,
    ),
    (
        "5.2.2",
        r"""
        quota|mailbox (?:is |was )?full|storage|disk space|insufficient|over ?limit|exceeds? (?:the )?allowed size
        mailbox (?:has |have )?exceeded
        (?:brevlåda|inkorg|postlåda|postlåd|brevlåd)\w{0,3} (?:för \S{1,100} )?(?:är|var) full
        mailbox (?:of |for )?\S{1,100} is full
        postfach .{0,40}\bvoll|boîte .{0,40}pleine|post(?:boks|kasse)\w{0,3} er ful[ld]|postilaatikko on täynnä
        skrzynk\w .{0,20}(?:pełn|przepełn)
        """,
    ),
    (
        "5.1.2",
        r"""
        host (?:unknown|not found|\S{1,80} not found)|unknown (?:host|domain)
        computer was\s(?:>\s)?not\s(?:>\s)?found
        domain (?:not found|does ?n.?t exist|does not exist)|no mx\b|unrouteable
        domän\w{0,2} (?:finns inte|hittades inte|är okänd|saknas)
        """,
    ),
    ("5.4.6", r"too many hops|(?:mail|message) loop|routing loop|loops back to (?:itself|myself)"),
    (
        "5.1.1",
        r"""
        (?:could|was)n['’]t (?:be )?found
        unknown|no such|invalid|not found|nonexist|non-exist|does ?n.?t (?:exist|have an? )|not listed
        unrecogni[sz]ed|not a known|no mailbox|not known|存在しません|宛先不明
        (?:mottagar|adress|användar|konto|brevlåd)\w{0,3} (?:\S{1,100} )?(?:finns inte|hittades inte|är okänd)
        okänd (?:mottagare|adress|användare)|inte hitta\w{0,2} (?:mottagar|adress|den e-postadress)
        unbekannt|inconnu|desconocid|sconosciut|nieznan|tuntematon|ukjent|ukendt|onbekend|не существует|неизвест
        nicht gefunden|ei löydy|finner ikke|ikke (?:fundet|funnet)|introuvable|pas trouvé|se (?:encontró|ha encontrado)
        nie znaleziono|nie istnieje|impossibile trovare|non .{0,20}trovat|niet gevonden|(?:não|no) .{0,12}encontrad
        لم يتم العثور|غير موجود|bulunamadı|не знайдено|не найден
        """,
    ),
    (
        "5.2.1",
        r"""
        (?:account|mailbox|user) (?:\S{1,100} )?(?:is )?(?:disabled|inactive|suspended)
        (?:konto|brevlåda)\w{0,2} (?:\S{1,100} )?(?:är )?(?:inaktiv|spärra)
        """,
    ),
    ("5.4.1", r"connection (?:was )?refused|no route to host|no answer from host|network is unreachable"),
    ("5.1.2", r"domain (?:does|not)|no mx"),
    (
        "5.7.1",
        r"""
        spam|blocked|policy|denied|reject|refused|blacklist|not accepting|avvisad\w{0,2}|blockera\w{1,2}
        virus|\btls\b|\b(?:spf|dkim|dmarc)\b
        """,
    ),
    ("5.4.7", r"time[d ]?\s?out|expired|too long"),
)
_PHRASES = [(status, re.compile(alternatives(words), re.IGNORECASE)) for status, words in _MEANINGS]
_DELAY = re.compile(
    alternatives(r"""
        (?:will|we'll|continue to|keep|still) (?!not |never |no )(?:\w{1,10} ){0,2}(?:retry|try|attempt)
        will be (?:retried|attempted)|attempts will continue|temporary failure report
        warning message only|warning only|do not need to re-?send
        has been delayed|delayed|delivery is delayed|(?:not|n't) (?:yet been delivered|been delivered yet)
        försöker igen|nya försök|försöker på nytt|leveransförsök\w{0,2} (?:kommer att )?fortsätt|försena|fördröj
        (?:ännu inte|inte ännu|inte) (?:kunnat )?levererats ännu|har ännu inte (?:kunnat )?levere
        forsink|verzögert|retrasad|opóźnion|viivästy|retardé|ritardat|задержан|\(delay\)
    """),
    re.IGNORECASE,
)
# After this a server that could not deliver at once (4.x.x) tries no more.
_GIVEN_UP = re.compile(
    alternatives(r"""
        failed permanently|permanent (?:\w{1,10} ){0,2}(?:error|failure)|giv(?:en|ing) up|gave up|expired
        (?:stopped|not going to|will not|won't) (?:\w{1,10} ){0,2}(?:try|trying|retry|retrying|continue)
        delivery (?:has )?failed|undeliver(?:ed|able) mail|undeliverable:|returned mail:|returning message
        \(failure\)|failure notice|deleted from queue|too long in (?:the )?queue|in the queue too long
        (?:misslyckades|slutat försöka)|olevererat|unzustellbar|niedostarcz|nie dostarcz|non remis
    """),
    re.IGNORECASE,
)


def meant_status(words: str) -> str:
    """Return the enhanced status code, the class an SMTP code gives, or what the phrases mean."""
    found = _ANSWERED.search(words) or _STATUS.search(words)
    if found:
        return found.group(1)
    code = REPLY_CODE.search(words)
    joined = " ".join(words[:4000].split())  # servers wrap their reasons anywhere
    meaning = next((status for status, phrase in _PHRASES if phrase.search(joined)), _UNSAID)
    return code.group(1) + meaning[1:] if code else meaning


def says_why(status: str) -> bool:
    """Whether a status tells more than that something failed."""
    return status != _UNSAID


def is_delayed(words: str, status: str) -> bool:
    """Whether the letter may still arrive: the words say so, or do not say that a passing error is final."""
    if _DELAY.search(words[:3000]):
        return True
    return status.startswith("4") and not _GIVEN_UP.search(words[:6000])
