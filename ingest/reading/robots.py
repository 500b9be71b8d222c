"""Telling machines' mail from people's: automatic replies, lists, spam."""

import re

from ingest.reading.headers import Headers
from ingest.reading.patterns import alternatives
from ingest.reading.structure import Part

# What programs put first in the subject of an absence notice or another automatic answer, in the languages we meet.
_SUBJECT_WORDS = alternatives(r"""
    auto(?:matic|mated|matically generated)?[ -]?(?:reply|response|responder|answer|acknowledge?ment|notice)
    out[ -]of[ -](?:the[ -])?office(?: (?:auto)?(?:reply|response|notice|message|notification))?|ooo|oof
    away from (?:my|the|his|her) (?:mail|office|desk)
    (?:i am |i'm )?(?:currently )?(?:on )?(?:vacation|annual leave|parental leave|maternity leave|\
    holiday)(?: (?:reply|notice|message|response))?
    autosvar|auto[ -]svar|automatiskt? ?(?:svar|meddelande)|automatisk (?:besvarelse|svarmelding|mail)
    frånvaro(?:meddelande|assistent|hanterare)?
    frånvarande|semester(?:svar|meddelande|hälsning)?|ledighets(?:svar|meddelande)|ej på kontoret|inte på kontoret
    ute från kontoret|borta från kontoret|på semester|föräldraledig|tjänstledig
    fravær(?:smelding|sbesked|sassistent|sbeskjed)?|ute av kontoret|ikke på kontoret|ikke til stede|ikke på jobb
    ude af kontoret|på ferie|ferie(?:svar|melding|besked|fravær)|bortreist|feriemelding|fraværende
    automaattinen (?:vastaus|poissaoloviesti)|automaattivastaus|poissa(?:olo(?:viesti|ilmoitus)?)?
    poissa toimistosta|lomalla|olen lomalla
    automatische (?:antwort|abwesenheit\w{0,12}|reactie|beantwoording|e-?mail)|abwesenheit(?:s\w{1,15})?|abwesend
    abwesenheitsnotiz|automatisch (?:antwoord|bericht)|urlaub|nicht im (?:büro|haus)|außer haus
    afwezig(?:heid(?:s\w{1,15})?)?|niet aanwezig|buiten kantoor
    réponse automatique|absen(?:ce|t)(?: du bureau)?|message d'absence|en congé|en vacances|hors du bureau
    notification d'absence
    respuesta autom[áa]tica|fuera de (?:la )?oficina|ausencia|ausente(?: de la oficina)?|de vacaciones
    risposta automatica|fuori (?:ufficio|sede)|assenza|assente|resposta autom[áa]tica|fora do escrit[óo]rio
    ausência(?: temporária)?|férias
    autoodpowied[źz]|automatyczna odpowied[źz]|odpowied[źz] automatyczna|nieobecno[śs][ćc]|poza biurem|urlop
    automatick[áa] odpov[ěe][ďd]|mimo kancel[áa][řr]|nepřítomnost
    автоответ(?:чик)?|автоматическ\w{1,3} (?:ответ|сообщение)|вне офиса|отсутствие|в отпуске|автоматична відповідь
    автовідповідь|поза офісом|відпустка
    رد تلقائي|الرد التلقائي|رد آلي|خارج المكتب|إجازة|מענה אוטומטי|תשובה אוטומטית|otomatik (?:yanıt|cevap)
    ofis dışında|automatikus válasz|házon kívül|răspuns automat|αυτόματη απάντηση
    自動返信|自動応答|不在通知|自动回复|自動回覆|자동 ?(?:회신|응답|답장)|부재중
    sjálfvirkt svar|automaatvastus|automātiskā atbilde|automatinis atsakymas|samodejni odgovor|automatski odgovor
""")
_OOF_SUBJECT = re.compile(
    rf"^\W{{0,5}}(?:(?:re|sv|vs|aw|antw|ang|odp|tr|res|rv)\s?:\s{{0,3}}){{0,2}}[\s\[(*!#]{{0,5}}(?:{_SUBJECT_WORDS})"
    r"(?=\s{0,3}(?:$|[:：\-–—|\](,.!/]|re:|sv:|until|till|t\.?o\.?m|fram|from|bis|vom|from|\d|auto|er\b|is\b))",
    re.IGNORECASE,
)
_IS_OUT = re.compile(
    r"\b(?:is|är|er) (?:currently )?(?:out of (?:the )?office|on (?:vacation|leave|holiday)|away"
    r"|frånvarande|på semester|på ferie)\b"
    r"|\bauto(?:matic)?[ -]?reply\b|\bautosvar\b|\bout of office (?:auto)?reply\b"
    r"|\(auto(?:matic)?[ -]?(?:reply|response)\)",
    re.IGNORECASE,
)
_TEXT_WORDS = alternatives(r"""
    this is an auto(?:matic|mated|matically[ -]generated)?[ -]?(?:reply|response|e-?mail response|acknowledge)
    i (?:am|will be) (?:currently )?(?:out of|away from) (?:the|my) (?:office|desk)
    i'm (?:currently )?(?:out of|away from) (?:the|my) office
    detta är ett (?:automatiskt|autogenererat|automat\w{0,10}) ?(?:svar|meddelande|mejl|mail|e-?post\w{0,12})
    det här är ett auto(?:matiskt )?svar
    dette er (?:et )?(?:automatisk\w{0,3} ?(?:svar|besked|generer\w{1,4}|melding)|autosvar)
    tämä on automaattinen (?:vastaus|viesti)
    dies ist eine automatische? (?:antwort|generierte|e-?mail)|ceci est une réponse automatique
    este es un mensaje automático de respuesta|esta es una respuesta automática
    to jest automatyczna odpowied[źz]|это автоматический ответ|це автоматична відповідь|هذا رد تلقائي
""")
_OOF_TEXT = re.compile(_TEXT_WORDS, re.IGNORECASE)
_VENDORS = (
    "x-autoreply", "x-autoreply-from", "x-autorespond", "x-autoresponder", "x-auto-reply", "x-autoresponse",
    "x-mail-autoreply", "x-auto-reply-from", "x-away-message", "x-vacation", "x-fc-machinegenerated", "autoreply",
    "auto-reply", "x-cron-env", "x-ooo",
)  # fmt: skip
_VENDOR_VALUES = (
    ("x-post-messageclass", "autoresponder"),
    ("x-precedence", "auto"),
    ("precedence", "auto"),
    ("x-ms-exchange-generated-message-source", "mailbox rules agent"),
    ("x-ms-exchange-inbox-rules-loop", "@"),
    ("x-message-flag", "auto"),
    ("x-mailer", "vacation"),
    ("x-generated-by", "vacation"),
    ("x-loop", "autoreply"),
    ("user-agent", "vacation"),
    ("x-autogenerated", "reply"),
)
_LIST_FIELDS = ("list-id", "list-post", "mailing-list", "x-mailman-version", "x-mailinglist", "x-ml-name", "list-owner")
_YES = re.compile(r"\s*(?:yes|true|1)\b", re.IGNORECASE)
_SPAM_SUBJECT = re.compile(r"\s*[\[*({<]{1,5}\s?(?:spam|skräppost|junk|suspected spam|possible spam)\b", re.IGNORECASE)


def is_auto_reply(headers: Headers, root: Part, subject: str, text: str) -> bool:
    """Whether nobody wrote this mail: RFC 3834, receipts (RFC 8098), vendors' headers, absence notices' words."""
    report = root.params.get("report-type", "").lower()
    if root.content_type == "multipart/report" and ("disposition" in report or "feedback" in report):
        return True
    auto = headers.text("auto-submitted").lower()
    if auto and not auto.startswith("no"):
        return not (auto.startswith("auto-generated") and _is_form_mail(headers))
    if any(headers.text(name) for name in _VENDORS):
        return True
    if any(value in headers.text(name).lower() for name, value in _VENDOR_VALUES):
        return True
    if _OOF_SUBJECT.search(subject) or _IS_OUT.search(subject):
        return True
    return len(text) < 3000 and bool(_OOF_TEXT.search(text[:500]))


def _is_form_mail(headers: Headers) -> bool:
    """Whether a web form sent it in somebody's name: its answers go to another address than its sender's."""
    reply_to, sender = headers.text("reply-to").lower(), headers.text("from").lower()
    return "@" in reply_to and reply_to.split("<")[-1].strip("> ") not in sender


def is_list(headers: Headers) -> bool:
    """Whether a mailing list or a mass mailing sent it (RFC 2369, RFC 2919, Precedence)."""
    if any(headers.has(name) for name in _LIST_FIELDS):
        return True
    return headers.text("precedence").lower() in ("list", "bulk", "junk")


def is_spam(headers: Headers, subject: str) -> bool:
    """Whether the receiving side's own filter marked it."""
    if any(
        _YES.match(headers.text(name))
        for name in ("x-spam-flag", "x-spam-status", "x-spam", "x-spam-detected", "x-spam-report-flag")
    ):
        return True
    scl = headers.text("x-ms-exchange-organization-scl")
    antispam = headers.text("x-forefront-antispam-report").upper()
    if (scl.isdigit() and int(scl) >= 5) or re.search(
        r"SFV:(?:SPM|SKB|SKS)\b|CAT:(?:SPM|HSPM|PHSH|HPHISH|MALW)\b", antispam
    ):
        return True
    return bool(_SPAM_SUBJECT.match(subject))
