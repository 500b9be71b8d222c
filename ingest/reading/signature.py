"""Telling the signature from the message: names, phones and disclaimers are kept, but apart."""

import re

from ingest.reading.html import SIGNATURE_BEGINS
from ingest.reading.patterns import alternatives

_DASHES = re.compile(r"[ \t]{0,3}(?:-- ?|--|---|__+|—|–|-\s?-|\*\*|~~+|-{2,60}|_{2,60})[ \t]{0,5}")
_DEVICE_WORDS = alternatives(r"""
    sent (?:from|via|with|using|by)
    skickat (?:från|med|via)|skickades från
    sendt (?:fra|med|via)
    lähetetty
    gesendet (?:von|mit|über)|von meinem \w{1,20} gesendet|diese nachricht wurde von mein
    verzonden (?:vanaf|met|vanuit|via)|verstuurd vanaf
    envoyé (?:de|depuis|à partir|avec)
    enviado (?:desde|do|de|pelo|a partir|con|via)|enviat des
    inviato (?:da|dal|con)
    wysłan[eoay] (?:z|ze|przez)
    отправлено (?:с|из|от)|надіслано (?:з|із)
    odesláno z|odoslané z|poslano (?:s|z|iz)
    gönderildi|iphone'?umdan
    get outlook for|hämta outlook för|hent outlook (?:for|til)|hanki outlook|skaff outlook
    outlook für \w{1,20} beziehen|laden sie outlook|descargar outlook|télécharger outlook|pobierz outlook
    أُ?رسلت?\sمن|تم\sالإرسال\sمن|נשלח\sמה
    发自我的|從我的|iphoneから送信|나의 \w{1,20}에서 보냄
    trimis de pe|στάλθηκε από
""")
_DEVICE = re.compile(rf"[\s>*(\[]{{0,6}}(?:{_DEVICE_WORDS})[^\n]{{0,120}}", re.IGNORECASE)
_CLOSING_WORDS = alternatives(r"""
    med (?:de )?(?:vänlig|bästa|varm|venlig|vennlig|solig|glad|stor
    tacksam)\w{0,6}(?: och \w{1,15})? ?(?:häls|hils)?\w{0,7}
    m\.? ?v\.? ?h\.?|vänlig(?:a|en)?(?: hälsning(?:ar)?)?|hälsning(?:ar)?
    hälsar|bästa hälsningar|varma hälsningar|tack på förhand|allt gott
    vennlig hilsen|venlig hilsen|hilsen|de bedste hilsner
    ystävällisin terveisin|terveisin|yst\.? ?terv\.?|parhain terveisin
    (?:kind |best |warm |warmest |many |with kind |with best )?regards|kindest regards|best wishes|best|cheers
    sincerely|yours (?:sincerely|faithfully|truly)|sincerely yours|thanks and regards
    mit (?:freundliche|beste|liebe)[nm] \w{1,10}|(?:freundliche|viele|liebe|beste|herzliche) grüße|lg|mfg|vg
    met vriendelijke groet\w{0,2}|mvg|groeten|vriendelijke groet\w{0,2}
    cordialement|bien à vous|salutations\w{0,12}|meilleures salutations|sincères salutations|bien cordialement
    un saludo|saludos(?: cordiales)?|atentamente|cordiales saludos
    atenciosamente|cumprimentos|com os melhores cumprimentos|abraços
    cordiali saluti|distinti saluti|saluti
    pozdrawiam\w{0,2}|z poważaniem|pozdrawiam serdecznie|s pozdravem|lep pozdrav
    с уважением|з повагою
    مع (?:أطيب )?التحيات?|تحياتي|مع التقدير
    saygılarımla
""")
_CLOSING = re.compile(rf"[\s*]{{0,4}}(?:{_CLOSING_WORDS})[\s,.!:*]{{0,5}}", re.IGNORECASE)
_MAX_SIGNATURE_LINES = 25
_MAX_CLOSING_LINES = 12


def split_signature(message: str) -> tuple[str, str]:
    """Return the message without its signature, and the signature; a message is never left empty."""
    lines = message.rstrip().split("\n")
    at = _signature_start(lines)
    if at is None:
        return message, ""
    before = "\n".join(lines[:at]).rstrip()
    signature = "\n".join(line for line in lines[at:] if not _DASHES.fullmatch(line)).strip()
    return (before, signature) if before.strip() else (message, "")


def _signature_start(lines: list[str]) -> int | None:
    """Return the line where the signature begins: the marked one, dashes, a closing phrase or a device's line."""
    starts = [find(lines) for find in (_marked, _dashed, _device, _closed)]
    found = [at for at in starts if at is not None and "\n".join(lines[:at]).strip()]
    return min(found) if found else None


def _marked(lines: list[str]) -> int | None:
    return next((number for number, line in enumerate(lines) if SIGNATURE_BEGINS in line), None)


def _dashed(lines: list[str]) -> int | None:
    """Find ``-- `` (RFC 3676 section 4.3) anywhere, other dashes only shortly before the end."""
    for number, line in enumerate(lines):
        if number and line in ("-- ", "--"):
            return number
    floor = max(1, len(lines) - _MAX_CLOSING_LINES)
    for number in range(len(lines) - 1, floor - 1, -1):
        rest = [line for line in lines[number + 1 :] if line.strip()]
        if _DASHES.fullmatch(lines[number]) and rest and all(len(line) < 80 for line in rest):
            return number
    return None


def _device(lines: list[str]) -> int | None:
    floor = max(0, len(lines) - 8)
    return next((n for n in range(floor, len(lines)) if _DEVICE.fullmatch(lines[n])), None)


def _closed(lines: list[str]) -> int | None:
    """Find a closing phrase alone on its line with only short lines after it."""
    floor = max(1, len(lines) - _MAX_SIGNATURE_LINES)
    for number in range(floor, len(lines)):
        rest = [line for line in lines[number + 1 :] if line.strip()]
        if (
            _CLOSING.fullmatch(lines[number])
            and len(rest) <= _MAX_CLOSING_LINES
            and all(len(line) < 90 for line in rest[:4])
        ):
            return number
    return None
