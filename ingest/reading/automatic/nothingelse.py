"""Answers that say nothing but that somebody is away, or that a letter came, and whom to turn to.

Programs word this in endless ways, so that no list of their sentences is ever whole. The words they use are few,
though, and a person who writes to a municipality needs another one sooner or later: that for what he writes about.
"""

import re

from ingest.reading.automatic.notices import PERSONAL, thanks_only
from ingest.reading.automatic.officewords import AWAY, TURN, is_office_word
from ingest.reading.patterns import alternatives

_LONG = 1_500
_SHORT_WORD = 3
_NUMBER = 4
_FIRST_WORDS = 12
_LINK = re.compile(r"(?:https?://|www\.|[^\s<>()@]{1,64}@)[^\s<>()]{1,300}")
_SENTENCE = re.compile(r"[.!?;:](?:\s|$)|\n|(?<=\s)[-–|•]\s")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ABBREVIATED = re.compile(r"\b(?:t\.? ?o\.? ?m|fr\.? ?o\.? ?m|m\.? ?m|kl|tel|evt?|bl\.? ?a|nr|v)\.", re.IGNORECASE)
# Offers that programs put as questions.
_OFFER = re.compile(
    r"\b(?:frågor|bråttom|brådsk\w{2,4}|akut\w{0,2}|hjälp|urgent|questions|help|fragen|spørsmål|spørgsmål)\b"
    r"[^.?!\n]{0,40}\?",
    re.IGNORECASE,
)
_AWAY = re.compile(rf"\b(?:{alternatives(AWAY)})", re.IGNORECASE)
_TURN = re.compile(rf"\b(?:{alternatives(TURN)})\b", re.IGNORECASE)
# Who is back is away till then, and says so in a notice only together with what cannot wait.
_BACK = re.compile(
    r"\b(?:tillbaka|åter|back|zurück|tilbake|tilbage|takaisin|de retour|terug)\b[^.!?\n]{0,30}"
    r"(?:\d|\w{2,8}(?:dag|day|tag)\b)",
    re.IGNORECASE,
)
_URGENT = re.compile(
    r"\b(?:brådsk|bråttom|akut|urgent|urgenc|urgenz|urgên|emergenc|immediate|haste|dring|eilig|notfäll|kiire|spoed|piln"
    r"|naléhav)",
    re.IGNORECASE,
)
_ME = re.compile(r"\b(?:mig|mej|meg|me|mich|mir|minuun|minulle|moi|mij)\b", re.IGNORECASE)
_LETTER = (
    r"(?:mejl\w{0,4}|mail\w{0,3}|e-?post\w{0,3}|e-?mails?|messages?|meddelande\w{0,3}|melding\w{0,3}|sähköpost\w{0,5}"
    r"|viesti\w{0,6}|nachrichten?|wiadomoś\w{1,2}|poczt\w|courriels?|messagerie|correo|bericht|henvendelse\w{0,2}"
    r"|inkorg\w{0,2})"
)
_ANSWERED = (
    r"(?:svar\w{0,3}|besvar\w{1,3}|dröja|läs\w{1,3}|les\w{0,2}|læs\w{1,2}|repl\w{1,4}|respond\w{0,6}|responses?"
    r"|answer\w{0,3}|read|check|access|tillgång|tilgang|adgang|möjlighet|zugriff|beantwort\w{1,4}|antwort\w{0,3}"
    r"|weitergeleitet|videresend\w{1,2}|vidarebefordras|hanteras|vasta\w{2,5}|lu[ek]\w{1,6}|répond\w{1,3}|accès|acceso"
    r"|accesso|acesso|odpowiem|dostęp|odpovím|beantwoord\w{0,2}|rispond\w{2,4})"
)
# That he answers later, or reads no mail …
_MAIL = re.compile(
    rf"\b{_LETTER}\b[^.!?\n]{{0,60}}\b{_ANSWERED}\b|\b{_ANSWERED}\b[^.!?\n]{{0,60}}\b{_LETTER}\b"
    r"|\bsvar kan\b[^.!?\n]{0,20}\bdröja|\b(?:svarar|återkommer) (?:så|när|då|efter)\b"
    r"|\bwill (?:reply|respond|answer|get back|be slow)\b|\bslow to (?:reply|respond)|\bresponses? (?:will|may)\b"
    r"|\b(?:we|vi|office|kontoret)\b[^.!?\n]{0,60}\b(?:back|åter|tillbaka|tilbake|tilbage)\b"
    r"|\b(?:öppnar|åpner|åbner|re-?opens?)\b|\bpalaan asiaan|\bodpowiem\b",
    re.IGNORECASE,
)
# … before a day.
_UNTIL = re.compile(
    r"\b(?:förrän|until|before|till|til|før|bis|vor|jusqu\S{0,3}|hasta|tot|do) (?:[^\s.!?]{1,10} ){0,2}"
    r"(?:\d|\w{2,8}(?:dag|day|tag)\b)",
    re.IGNORECASE,
)
_RECEIVED = re.compile(
    r"\b(?:mottag[a-z]{1,4}|mottatt|modtaget|tagit emot|registr\w{2,8}|kommit fram|received|receipt|erhalten"
    r"|eingegangen|reçu|recibido|ricevuto|ontvangen|otrzym\w{2,5}|vastaanotet\w{1,2}|vastaanottaneet|assigned"
    r"|tilldelats|updated|created|logged|skapats|opprettet|oprettet|angelegt|erfasst|enregistrée?|zarejestrowan\w|bestätigen|behandla[sr]|kvittera[sr])\b",
    re.IGNORECASE,
)
_LATER = re.compile(
    rf"\d{{{_NUMBER}}}|\b(?:inom|innen|within|binnen|innerhalb|turordning\w{{0,2}}|så snart|hurtigst|lo antes posible"
    r"|schnellst\w{0,8}|meilleurs délais|mahdollisimman|återkommer|besvara[sr]|vardagar|werktage\w?|tickets?|shortly"
    r"|(?:will|team) (?:respond|reply|get back)|handläggningstid\w{0,3})\b",
    re.IGNORECASE,
)
_FILTER = re.compile(
    r"\b(?:filter\w{0,2}|skräppost\w{0,6}|spam|blocker|pending|held|real person|human)\b", re.IGNORECASE
)
_CLICK = re.compile(r"\b(?:klicka|click|confirm|bekräfta|verif\w{1,3})\b", re.IGNORECASE)
# What came to somebody himself, or is his own.
_OWN = re.compile(
    r"\b(?:jag|jeg|ich|minä|(?-i:I)|ni|du|you|sie) (?:har |hereby |habe |haben |have )?(?:mot|tagit|mod|rec|er[hf])"
    r"|\b(?:min|mitt|mina|mine|my|meine?n?|mon|ma|mes) ",
    re.IGNORECASE,
)
# What people say of those they write to, and of what they did not get.
_TO_US_WORDS = alternatives(r"""
    (?:ni|du|dere|you) (?:inte |ej |ikke |aldrig )?(?:svara[rd]?\w{0,2}|är|er|läse?r?|skrev|skriver\
    |har (?:inte|ej|ikke)|are (?:not|still)|have not|haven't|didn't|never|said|wrote)\b
    (?:ni|du|dere|you) (?:har|have) (?:tagit|mottagit|mottatt|modtaget|received)|ihr (?:seid|habt)
    (?:sie|ihr) (?:haben|antworten) (?:nicht|nie|noch)
    (?:er|ert|era|deres|your|euer|eure|ihr|votre) (?:kontor|office|reception|telefon|växel|personal|inkorg|mailbox|büro)
    (?:ingen|no one|nobody|kukaan|niemand|personne|nikt) \
    (?:svar|läs|finns|les|læs|answer|repl|read|vasta|antwort|répond)
    (?:inte|ej|ikke|not|nicht|never|ännu|noch|pas) (?:\w{1,10} ){0,2}(?:mottag|mottatt|modtaget|tagit emot|received\
    |erhalten|reçu)
""")
_TO_US = re.compile(rf"\b(?:{_TO_US_WORDS})", re.IGNORECASE)


def says_nothing_else(text: str, *, answers: bool) -> bool:
    """Whether a text says that somebody is away or a letter came, whom to turn to, and nothing else.

    ``answers`` says that the mail answers another one; without it nobody's being away is a program's.
    """
    if len(text) > _LONG or not text.strip() or _begins_otherwise(text):
        return False
    plain = _plain(text)
    sentences = [piece.strip() for piece in _SENTENCE.split(plain) if piece.strip()]
    if not all(map(_is_known, sentences)) or _TO_US.search(plain) or PERSONAL.search(plain):
        return False
    return _came(plain) or _waits(plain) or (answers and _is_away(plain, sentences))


def _begins_otherwise(text: str) -> bool:
    """Whether one of the first words is another, as in nearly every letter: found out before anything costs more."""
    small = (word for word in text.split(None, _FIRST_WORDS)[:_FIRST_WORDS] if word.islower() and word.isalpha())
    return not all(len(word) < _SHORT_WORD or is_office_word(word) for word in small)


def _plain(text: str) -> str:
    """Return a text without offers, addresses and points that end no sentence; one all in capitals in small letters."""
    plain = _ABBREVIATED.sub(" ", _LINK.sub(" @ ", _OFFER.sub(". ", text))).strip()
    return plain.lower() if plain.isupper() else plain


def _is_known(sentence: str) -> bool:
    """Whether a sentence is made of the words of being away and of names."""
    words = _WORD.findall(sentence)
    for at, word in enumerate(words):
        if len(word) < _SHORT_WORD or is_office_word(word.lower()):
            continue
        named = word[0].isupper() and (at or len(words) == 1 or words[1][0].isupper())
        if not named:
            return False
    return True


def _is_away(plain: str, sentences: list[str]) -> bool:
    """Whether somebody is away or reads no mail for a time, and something else that goes with it is said."""
    urgent = bool(_URGENT.search(plain))
    turning = [one for one in sentences if _TURN.search(one)]
    if not urgent and turning and all(map(_ME.search, turning)):
        return False  # he wants to be called himself
    if _AWAY.search(plain) or (urgent and _BACK.search(plain)):
        return bool(urgent or turning or _MAIL.search(plain) or thanks_only(plain))
    return bool(_MAIL.search(plain) and (urgent or (turning and _UNTIL.search(plain))))


def _came(plain: str) -> bool:
    """Whether a letter came, and it has a number or is answered later."""
    if not _RECEIVED.search(plain) or _OWN.search(plain):
        return False
    return bool(_LATER.search(plain) or _MAIL.search(plain) or thanks_only(plain))


def _waits(plain: str) -> bool:
    """Whether a filter keeps a letter until its sender confirms it."""
    return bool(_FILTER.search(plain) and _CLICK.search(plain))
