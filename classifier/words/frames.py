"""The words by which what stands about a letter is told from the letter: in Swedish, and in English where usual."""

import re

_ASKS_TEXT = """
namn, ditt namn, förnamn, efternamn, för- och efternamn, förnamn och efternamn, fullständigt namn, kontaktuppgifter
avsändare, e-post, epost, e-postadress, epostadress, din e-post, din e-postadress, mejl, mejladress, mail, mailadress
telefon, telefonnummer, telefon nummer, ditt telefonnummer, mobil, mobiltelefon, mobilnummer, tel, tfn, adress
gatuadress, postadress, din adress, postnummer, postnummer och ort, postnr, postort, ort, bostadsort, ålder, kön
referensnummer, ärendenummer, ärende-id, ärendeid, löpnummer, id, datum, tid, tidpunkt, inskickat, inskickad, inkom
inkommet, skapad, registrerad, status, ip-adress, ip, webbläsare, sida, webbsida, sidans adress, url, länk, bilaga
bilagor, bifogad fil, bifogade filer, fil, filer, bild, bilder, anonym, vill du vara anonym, jag vill vara anonym
vill du ha svar, jag vill ha svar, vill ha svar, vill du ha återkoppling, jag vill ha återkoppling, återkoppling
återkoppling önskas, önskar återkoppling, hur vill du ha svar, hur vill du bli kontaktad, kontaktsätt, svar via
svar önskas, svar önskas via, samtycke, gdpr, personuppgifter, jag godkänner att kommunen behandlar mina personuppgifter
jag samtycker till att kommunen behandlar mina personuppgifter, jag samtycker till behandling av personuppgifter
från, from, skickat, sent, date, till, to, kopia, cc, svar till, reply-to, prioritet, viktighet, mottagare
name, your name, first name, last name, email, e-mail, phone, mobile, address
"""
_ANSWERS_TEXT = """
meddelande, ditt meddelande, synpunkt, synpunkter, din synpunkt, dina synpunkter, beskrivning, beskriv ditt ärende
beskriv din synpunkt, beskriv felet, beskriv händelsen, beskriv vad som har hänt, ärendebeskrivning, fråga, din fråga
text, fritext, kommentar, kommentarer, innehåll, övrigt, rubrik, ämne, ärende, typ av ärende, typ av synpunkt, ärendetyp
vad gäller ditt ärende, vad gäller det, vad gäller synpunkten, vad handlar det om, vad gäller ärendet, kategori, område
verksamhet, vilken verksamhet gäller det, förvaltning, plats, var gäller det, var, subject, message, klagomål, förslag
beröm, jag vill lämna, vad vill du lämna, vad vill du göra
"""


def _names(text: str) -> frozenset[str]:
    return frozenset(name.strip() for line in text.split("\n") for name in line.split(",") if name.strip())


ASKS = _names(_ASKS_TEXT)
"""A form's questions, `folded`, whose answers tell who writes and how, and nothing of the matter."""
ANSWERS = _names(_ANSWERS_TEXT)
"""Those whose answers are the matter."""

_EDGES = re.compile(r"^[\s*•>#_-]+|[\s*?:_-]+$")


def folded(label: str) -> str:
    """A label in small letters, without what is drawn about it."""
    return " ".join(_EDGES.sub("", label.lower()).split())


_FORM = r"(?:(?:webb|kontakt|synpunkts)?formulär\w*|e-?tjänst\w*|webb(?:plats|sida)\w*|hemsida\w*)"
FORM_SUBJECT = re.compile(
    rf"\b(?:ny|nytt|nya|inkommen|inkommet)\s(?:ärende|synpunkt|meddelande|formulärsvar|svar|kontaktförfrågan)\w{{0,3}}\b"
    rf"|\b(?:via|från|genom)\s(?:\w{{1,20}}\s)?{_FORM}|^\s*{_FORM}\s?:",
    re.IGNORECASE,
)
"""What of a subject says only that a form sent it."""
_SENT = (
    r"(?:kommit in|inkommit|inkommen|inkommet|fyllts i|ifyllt|registrerats|mottagits|inskicka\w{1,2}"
    r"|(?:har )?skicka(?:t|ts|des)|lämna(?:t|ts|des))"
)
FORM_SENT = re.compile(
    r"^\W*(?!.{0,200}\b(?:jag|mig|mitt|min|mina|ni|er)\b)"
    rf"(?=.{{0,200}}\b{_FORM})(?=.{{0,200}}\b{_SENT}\b)(?:(?:du|ni|det|vi) har (?:fått|kommit in|inkommit)\s)?"
    r"(?:(?:ett|en|ny|nytt|nya|detta|denna|det här|följande|inkommen|inkommet)\s){0,2}"
    rf"(?:meddelande|mejl|mail|e-?post|ärende|synpunkt|svar|felanmälan|fråga|{_FORM})"
    r"|^\W*skicka(?:t|ts|des) från sidan\b",
    re.IGNORECASE,
)
"""A sentence in which a form says that it is one."""
OWN = re.compile(r"\b(?:jag|mig|mitt|min|mina|vi|oss|vår|vårt|våra|my)\b", re.IGNORECASE)
"""Somebody speaks of themselves: no machine's words."""

_MAIL = r"(?:e-?post\w{0,9}|e-?mail\w{0,2}|mejl\w{0,2}|mail\w{0,2}|meddelande\w{0,2}|message)"
SMALL_PRINT = re.compile(
    r"^[^\S\n]*(?:"
    r"tänk på miljön[^\n]{0,40}(?:skriv|print)|please consider the environment"
    rf"|(?:detta|denna|det här|this) {_MAIL}\b[^\n]{{0,80}}"
    r"(?:konfident|sekretess|avse(?:tt|dd)|confiden|privileg|intended)"
    r"|(?:om du inte är|är du inte) (?:den )?(?:rätt|avsedd)\w? (?:mottagar|adressat)"
    r"|if you (?:are not the intended|have received this)"
    r"|(?:läs (?:mer )?om )?(?:så|hur)(?: här)? (?:vi )?(?:behandlar|hanterar) [^\n]{0,40}personuppgifter"
    r"|när du (?:mejlar|mailar|e-?postar|kontaktar|skickar)[^\n]{0,60}personuppgifter"
    r"|(?:skicka(?:t|des)|sänt) från (?:min|mitt|outlook|yahoo|gmail|mail|e-post)[^\n]{0,40}$"
    r"|sent from (?:my|mail|outlook|yahoo)"
    r"|(?:hämta|skaffa|get) outlook (?:för|for)|virusfri(?:tt)?\.|detta mejl är fritt från virus"
    r"|-{2,}\s?(?:ursprungligt meddelande|vidarebefordrat (?:brev|meddelande)|original message"
    r"|forwarded message)[^\n]{0,9}$"
    r"|(?:början på vidarebefordrat|begin forwarded) (?:brev|message)"
    r")",
    re.IGNORECASE | re.MULTILINE,
)
"""The beginning of a line that an organisation or a mail program has added."""
CLOSING = re.compile(
    r"\W*(?:m\.?\s?v\.?\s?h|vh|hälsn\w*|hälsar|vänligen|högaktningsfullt|(?:kind |best )?regards|tack på förhand"
    r"|(?:med )?(?:vänlig|vänliga|bästa|varma|många|glada|soliga)\w?\s?hälsn\w*)\b[^\n]{0,40}$",
    re.IGNORECASE,
)
"""A line of farewell."""
COMPANY = re.compile(
    r"\b(?:[A-ZÅÄÖ][\w&-]{1,30}\s){1,3}(?:AB|HB|KB|Ltd|GmbH)\b|\b(?:https?://|www\.)[^\s|]{3,100}|\b[\w-]{2,40}\.(?:se|com|nu|org)\b"
    r"|\b(?:tel|tfn|telefon|mobil|mob|växel|direkt|fax|e-?post|mejl|mail|hemsida|org\.?\s?nr|adress|besöksadress|postadress)\b",
    re.IGNORECASE,
)
"""A firm, a page on the web, or the word for a way to reach somebody."""
KIN = re.compile(
    r"mamma|pappa|mor\b|far\b|föräld|vårdnads|granne|anhörig|son\b|dotter|elev|god man|boende|hyresgäst|pension"
    r"|orolig|arg\b|besvik|ledsen|trött|anställd|anonym|medborgare|kommuninvånare|medarbetare|personal",
    re.IGNORECASE,
)
"""Who somebody is to the matter: that belongs to the letter."""
PASSES_ON = re.compile(
    r"diarieför|\b(?:vidarebefordra(?!s)|vidaresänd|vidareskicka)|\bskicka\w{0,3} (?:(?!mig|oss)\w{1,12} ){0,2}vidare\b"
    r"|\bför (?:kännedom|handläggning|åtgärd|vidare (?:hantering|handläggning|åtgärd))|\bfyi\b"
    r"|\btill rätt (?:person|enhet|förvaltning|handläggare|avdelning|instans|mottagare|funktion)"
    rf"|\b(?:fick|fått|inkom|inkommit|hamnade|landade)\b[^\n.]{{0,40}}\b"
    r"(?:till (?:mig|oss)|hos (?:mig|oss)|i (?:min|vår) (?:in|brev|e-?post)\w{1,6})\b"
    r"|\b(?:detta|denna|det här|följande|nedanstående)\b[^\n.]{0,30}"
    r"\b(?:fick|kom|inkom|hamnade) (?:jag|vi|till|hos|in)\b"
    rf"|^\W*se (?:nedan(?:stående)?|bifoga[dt]|{_MAIL})\b[^\n.]{{0,40}}\W*$|\bnedanstående {_MAIL}|\b{_MAIL} nedan\b"
    r"|\bhör (?:till|hemma hos) er\b|\b(?:ert|erat) bord\b|\bär det här något för er\b"
    r"|\bkan (?:ni|du|någon) (?:\w{1,8} )?(?:ta|hantera|besvara|registrera|svara på|ta hand om)\b"
    r"|\bforwarding\b|\bplease (?:forward|register)\b",
    re.IGNORECASE,
)
"""A sentence that passes the letter on to whom it concerns."""
