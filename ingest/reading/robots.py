"""Telling machines' mail from people's: automatic replies, lists, spam."""

import re

from ingest.reading.headers import Headers
from ingest.reading.patterns import alternatives

_SUBJECT_WORDS = alternatives(r"""
    auto(?:matic|mated)?[ -]?(?:reply|response|antwort|svar|vastaus)|autoreply|autoresponder
    out of (?:the )?office|ooo\b|away from (?:my|the) (?:mail|office)|(?:on )?vacation|on holiday|on annual leave
    autosvar|automatiskt? svar|frånvaro|frånvarande|semestersvar|ledighetssvar
    fravær|fraværs|ikke til stede|automatisk besvarelse
    automaattinen vastaus|poissa|poissaolo
    automatische (?:antwort|reactie|abwesenheit)|abwesenheit|abwesend
    afwezig|automatisch antwoord
    réponse automatique|absence|respuesta automática|ausencia|fuera de la oficina
    risposta automatica|fuori ufficio|resposta automática|ausente
    autoodpowiedź|automatyczna odpowiedź|nieobecność|poza biurem|automatická odpověď|mimo kancelář
    автоответ|автоматическ\w{1,3} ответ|вне офиса|автоматична відповідь
    رد تلقائي|خارج المكتب|otomatik (?:yanıt|cevap)
    sjálfvirkt svar
""")
_OOF_SUBJECT = re.compile(
    rf"^\W{{0,5}}(?:(?:re|sv|vs|aw): ?)?\W{{0,5}}(?:{_SUBJECT_WORDS})"
    r"|\bis out of (?:the )?office\b|\bout of office (?:auto)?reply\b|\bautosvar\b|\bautomatic reply\b",
    re.IGNORECASE,
)
_TEXT_WORDS = alternatives(r"""
    (?:i am|i'm|i will be) (?:currently )?(?:out of|away from) (?:the|my) office
    this is an auto(?:matic|mated|matically generated)?[ -]?(?:reply|response|message)
    detta är ett (?:automatiskt|autogenererat|autosvar)|jag är (?:för närvarande )?inte på kontoret
    dette er (?:et )?(?:automatisk|autosvar)
    tämä on automaattinen
    dies ist eine automatische|ich bin (?:derzeit |zur zeit )?nicht im (?:büro|haus)
    to jest automatyczna|jestem poza biurem
""")
_VENDORS = ("x-autoreply", "x-autorespond", "x-autoreply-from", "x-autoresponder", "x-auto-reply")
_OOF_TEXT = re.compile(_TEXT_WORDS, re.IGNORECASE)


def is_auto_reply(headers: Headers, subject: str, text: str) -> bool:
    """Whether nobody wrote this mail: RFC 3834, vendors' headers, else what out-of-office texts say."""
    auto = headers.text("auto-submitted").lower()
    if auto.startswith(("auto-replied", "auto-notified", "auto-generated")):
        return True
    if any(headers.text(name) for name in _VENDORS):
        return True
    if headers.text("precedence").lower() in ("auto_reply", "auto-reply"):
        return True
    return bool(_OOF_SUBJECT.search(subject)) or (len(text) < 3000 and bool(_OOF_TEXT.search(text[:600])))


def is_list(headers: Headers) -> bool:
    """Whether a mailing list or a mass mailing sent it (RFC 2369, RFC 2919, Precedence)."""
    if any(headers.has(name) for name in ("list-id", "list-post", "list-help", "mailing-list", "x-mailman-version")):
        return True
    return headers.text("precedence").lower() in ("list", "bulk", "junk")


def is_spam(headers: Headers) -> bool:
    """Whether the receiving side's own filter marked it."""
    if headers.text("x-spam-flag").lower().startswith("yes") or headers.text("x-spam-status").lower().startswith("yes"):
        return True
    scl = headers.text("x-ms-exchange-organization-scl")
    return scl.isdigit() and int(scl) >= 5
