"""What ticket systems and digital mailboxes tell by themselves where no field of the mail says so."""

import re

from ingest.reading.headers import Headers
from ingest.reading.patterns import alternatives

# What only a person writes: questions, a child's illness, and of others than himself.
PERSONAL = re.compile(
    r"\?(?![\w%-]{1,40}=)|\b(?:sjuk\w{0,2}|förkyld|feber|krasslig|sick|ill|syk|syg|krank"
    r"|hon|han|hen|hun|she|he|(?:min|mina|vår|våra|mitt|vårt|my|our) (?:son|dotter|barn|man|fru|hustru|sambo|granne"
    r"|grannar|mamma|pappa|mor|far|syster|bror|daughter|child|husband|wife|partner|neighbour))\b"
    # … and what he wants or has found where he is.
    r"|\b(?:kan|kunde|skulle) (?:ni|du)\b"
    r"(?! (?:i stället|istället|kontakt[ae]|ringa|mejla|maila|vända|nå|skicka|höra|få|inte svara))"
    r"|\b(?:jag|vi) (?:vill|önskar|behöver|har hittat)\b|\b(?:vill|önskar|behöver) (?:jag|vi)\b"
    r"|\b(?:jag|vi) (?!slut|lämn|börj)\w{2,10}(?:ade|[dtrs]de|[kpst]te)\b"
    r"|\b(?:jeg|og) (?:fant|fandt|så|vil|ønsker)\b"
    r"|\bplease (?:stop|pause|cancel|start|do(?! not)|help|let)\b|\bi (?:want|need|found|would like)\b"
    r"|\b(?:ich möchte|können sie|könnten sie|ich habe)\b",
    re.IGNORECASE,
)
# What nobody says of his own mail.
_UNANSWERED_WORDS = alternatives(r"""
    \b(?:detta|det här|denne|dette) (?:meddelande|mejl|mail|e-?post|melding)\w{0,4} (?:går|kan) (?:inte|ej|ikke) \
    (?:att |å |at )?(?:svara|besvara)
    \b(?:den här|denna) (?:brevlåda|inkorg|(?:mejl|mail|e-?post)?adress)\w{0,2} \
    (?:(?:läses|bevakas) (?:inte|ej)|är (?:inte|ej) (?:bevakad|bemannad))\b
    \b(?:svara (?:inte|ej)|kan (?:inte|ej) svara) på (?:detta|det här) (?:mejl|mail|meddelande|brev)
    (?:meddelande|mejl|mail|utskick)\w{0,3} som (?:inte|ej) (?:går att|kan) (?:svara på|besvara)
    \bgår (?:inte|ej) att (?:svara på|besvara) (?:detta|det här) (?:mejl|mail|meddelande|brev)\w{0,3}(?=[.!\n]|$)
    \b(?:vennligst ikke svar|svar (?:venligst )?ikke) på denne\b
    \bdenne (?:e-?post|e-?mail|mail)\w{0,3} kan ikke besvares
    \bde ne pas y répondre\b|\bne pas répondre à (?:ce|cet) (?:courriel|message|e-?mail)(?=[.!\n]|$)
    \bpor favor,? no (?:responda|conteste)\b
    \b(?:não responda|non rispond(?:ere|a)) (?:a )?(?:est[ea]|quest[oa]) (?:mensagem|messaggio|e-?mail|mail)\b
    \bprosimy na (?:nią|niego) nie odpowiadać
    \bantworten sie (?:bitte )?nicht auf diese|\bне отвечайте на это
    \b(?:dit|deze) (?:bericht|e-?mail|mail) niet te beantwoord
    \b(?:ditt|ert|din|your|ihre) (?:mejl|mail|e-?post|e-?mail|meddelande|melding|message|nachricht) \
    (?:kommer (?:inte|ej) att|vil ikke|will not|won't|wird nicht) (?:be )?(?:läsas|bli lest|blive læst|read|gelesen)\b
    \b(?:address|mailbox|person) you are trying to reach\b
    \bthis (?:mailbox|inbox|e-?mail account) is (?:not|no longer) (?:monitored|checked|read)\b
    \b(?:do not|don't) (?:reply|respond) to this (?:e-?mail|message)\b|\bälä(?:kää)? vastaa tähän\b
""")
_UNANSWERED = re.compile(_UNANSWERED_WORDS, re.IGNORECASE)
_LETTER = r"(?:mejl|mail|e-?post|meddelande|ärende|fråga|förfrågan|synpunkt|\w{0,12}anmälan|\w{0,12}ansökan|brev)"
_TAKEN_IN_WORDS = alternatives(rf"""
    (?<!jag )(?<!jag har )\b(?:tagit emot|mottagit|fått|registrerat) (?:ditt|din|ert|er) {_LETTER}
    \b(?:ditt|din|ert|er) {_LETTER} (?:har (?:tagits emot|mottagits)|är (?:nu )?(?:registrerat|mottaget))\b
    \bihre (?:anfrage|nachricht|e-?mail) (?:ist (?:bei uns )?eingegangen|wurde empfangen)
    \breceived your (?:e-?mail|message|request)
    \byour (?:request|message|e-?mail)(?: \([#\w-]{{1,20}}\))? has been received
    \b(?:har )?(?:mottatt|mottaget|modtaget) (?:din|deres) (?:henvendelse|melding|besked|e-?post|e-?mail|mail)
    \b(?:avons (?:bien )?reçu votre|hemos recibido (?:su|tu)|recebemos (?:a )?(?:sua|tua)|abbiamo ricevuto (?:la |il )?\
    (?:sua|tua|suo|tuo|vostr[ao])) \w{{3,14}}|\botrzymaliśmy (?:państwa|twoj\w|pan\w{{1,3}}) \w{{3,14}}
    \b(?:zgłoszenie|wiadomość|sprawa) został[oa] (?:zarejestrowan|przyjęt)|\bполучили ваше
    \bhebben uw (?:bericht|e-?mail|vraag|aanvraag)\b[^.!?\n]{{0,20}} ontvangen|\bvastaanottaneet viesti
""")
_TAKEN_IN = re.compile(_TAKEN_IN_WORDS, re.IGNORECASE)
# What a ticket system says of a letter it took in: the number it gave it, or the hours until somebody answers.
_QUEUED_WORDS = alternatives(r"""
    \b(?:fått|tilldelats) (?:ärende|referens)?(?:nummer|nr)\b|\bärende\w{0,3} med (?:nummer|nr)\b
    \b(?:ärende|referens)(?:nummer|nr)(?:et)?(?: är| blir)?:? ?\W?(?:[A-Z]{1,4}-)?\d
    \bkommer att besvaras\b|\bunter der nummer \d
    \binom (?:\d{1,2}|en|ett|två|tre|fem|tio) (?:arbets)?(?:dag|timm|dygn)
    \b(?:ticket|case|request|reference) (?:number|id|no)\b|\ba ticket has been created\b
    \bwithin (?:the next )?(?:\d{1,2}|one|two|three) (?:hours?|(?:business|working) days?)\b
    \bour (?:team|staff|agents?|representatives?) will (?:get back|be in touch|contact|respond|reply)
    \bbeing reviewed by our \w|\bto add (?:additional )?comments, reply to this
    \b(?:vous (?:répondrons|recontacterons)|le (?:responderemos|contactaremos)|en contacto con usted) \
    (?:lo antes|tan pronto|en breve|a la brevedad|dans les (?:plus|meilleurs)|au plus)\b
    \b(?:número|numero|numéro) (?:de |di |du )?(?:ticket|caso|solicitud|pratica|dossier|chamado)\b
    \bpod numerem \S{0,3}\d|\bsvarer (?:deg|dig|dem)? ?(?:hurtigst|så snart)
    \bantwoorden? (?:u )?(?:zo (?:snel|spoedig)|binnen)|\bvastaamme (?:sinulle )?(?:mahdollisimman|pian)
""")
_QUEUED = re.compile(_QUEUED_WORDS, re.IGNORECASE)
# … in one sentence, or that *we* answer as soon as we can.
_NUMBERED = re.compile(
    rf"\b(?:ditt|din|ert|er) {_LETTER} har (?:fått|tilldelats|registrerats)\b[^.!?\n]{{0,40}}(?:nummer|nr)\b"
    rf"|\bwe (?:typically|usually|normally) (?:reply|respond|answer) [^.!?\n]{{0,40}}\bwithin\b"
    rf"|\byour (?:ticket|case) (?:(?:has been|was) (?:created|opened|registered)|(?:number|id) is)\b"
    rf"|\bvi [^.!?\n]{{0,60}}(?:be)?svarar (?:på )?(?:ditt|ert) {_LETTER} så (?:snart|fort|snabbt) (?:vi|som) \w",
    re.IGNORECASE,
)
# Of somebody who lets through only what its sender confirms.
_CHALLENGE = re.compile(
    r"\b(?:is being held|has been held|was waitlisted|hålls kvar|har inte levererats)\b[^?]{0,200}"
    r"\b(?:verif|confirm|click|klicka|bekräfta)"
    r"|\b(?:click|use) (?:on )?the link below (?:so (?:that )?i can receive|to be added to my)"
    r"|\bverify that you are (?:a (?:real )?(?:live )?human|not a spam)"
    r"|\bpara que sua mensagem seja encaminhada\b[^?]{0,40}\bclique\b",
    re.IGNORECASE,
)
_OF_ONE = re.compile(r"\b(?:jag|mig|mej|jeg|meg|(?-i:I)|me)\b", re.IGNORECASE)  # *i* is *in* in Swedish
_NOBODY = re.compile(
    r"(?:no|do-?not|donot)[-_.]?reply|svara[-_.]?(?:inte|ej)|ingen[-_.]?svar|notif\w{0,8}@|quarantine@", re.IGNORECASE
)
_ARRIVED_WORDS = alternatives(r"""
    \b(?:ett|nytt|nya|en|ny) (?:säker[ta]? |krypterat |digital[ta]? |oläs[ta]{1,2} )?(?:sdk-)?\
    (?:meddelande|brev|post|handling|försändelse|kuvert)\w{0,3}\b
    \bpost i (?:din|er) digitala brevlåda|\bnew (?:secure |encrypted )?(?:message|letter|mail)\b
""")
_ARRIVED = re.compile(_ARRIVED_WORDS, re.IGNORECASE)
_BEHIND_LOGIN_WORDS = alternatives(r"""
    \blogga in\b[^!?\n]{0,80}\b(?:läsa|se|öppna|hämta|ta del|svara)\b
    \b(?:läsa|läser|se|ser|öppna|öppnar|hämta|hämtar)\b[^!?\n]{0,80}\b(?:logga\w{0,2} (?:du )?in|inloggning)\b
    \b(?:log|sign) in\b[^!?\n]{0,60}\b(?:read|view|open)\b
""")
_BEHIND_LOGIN = re.compile(_BEHIND_LOGIN_WORDS, re.IGNORECASE)
_HELD_BACK = re.compile(
    r"\bmeddelanden? i karantän\b|\bmessages? in quarantine\b|\bquarantined? messages?\b", re.IGNORECASE
)
_THANKS_WORDS = alternatives(r"""
    (?:tack|takk|tak) (?:för|for) (?:ditt|din|dit|ert|er|att (?:du|ni)|henvendelsen)\b
    thank(?:s| you) for (?:your|contacting)\b
    vielen dank für ihre|kiitos (?:viesti|yhteydenoto|sähköposti)\w{2,8}|merci (?:pour|de) votre
    gracias por su|grazie per|(?:dank|bedankt) voor uw|obrigad[oa] pel[ao]|děkuj\w{1,3} za
    dziękuj(?:ę|emy) za (?:wiadomość|kontakt)|спасибо за (?:ваше )?(?:письмо|обращение)|дякую за (?:ваш )?лист|شكرا ل
""")
_THANKS = re.compile(
    rf"\W{{0,5}}(?:(?:hej|hello|dear \w{{1,20}})\W{{1,5}}(?:och )?)?(?:{_THANKS_WORDS})", re.IGNORECASE
)
# What follows a receipt.
_LATER = re.compile(
    r"\b(?:återkommer|svarar|besvara[sr]|hör av oss|get back to you|will (?:reply|respond|contact you))\b",
    re.IGNORECASE,
)
# Who says *but* has more to say.
_BUT = re.compile(
    r"\b(?:men|but|aber|mutta|danach"
    # Nor does a program thank for an answer, which only a person expects.
    r"|(?:tack|takk|tak|thanks?(?: you)?|vielen dank|kiitos|merci|спасибо|дякую) \S{1,8} (?:\S{1,8} )?"
    r"(?:\w{0,3}svar(?:et)?|reply|answer|response|antwort|vastau\w{2,6}|réponse|respuesta|ответ|відповідь))\b",
    re.IGNORECASE,
)
_LONG = 800
# A question's sign goes with its sentence: *Har du frågor?* is a program's.
_SENTENCE = re.compile(r"[.!?\n]|: ")


def is_taken_in(text: str) -> bool:
    """Whether a text says that a letter was received."""
    return bool(_TAKEN_IN.search(text))


def is_notices(sentence: str) -> bool:
    """Whether a sentence alone is one that only a program says: it took a letter in, or nobody reads an answer."""
    return any(words.search(sentence) for words in (_TAKEN_IN, _NUMBERED, _UNANSWERED, _CHALLENGE))


def is_ticket(text: str) -> bool:
    """Whether an answer says that a letter stands in a queue, is held back, or that nobody reads an answer."""
    if PERSONAL.search(text):
        return False
    queued = _TAKEN_IN.search(text) and _QUEUED.search(text)
    unanswered = _UNANSWERED.search(text) and not _OF_ONE.search(text)
    received = thanks_only(text) and _TAKEN_IN.search(text) and _LATER.search(text)
    return bool(queued or unanswered or received or _NUMBERED.search(text) or _CHALLENGE.search(text))


def thanks_only(text: str) -> bool:
    """Whether a text thanks for a letter as answering programs do, and not for an answer, and no *but* follows."""
    return thanks(text) and not _BUT.search(text)


def thanks(text: str) -> bool:
    """Whether a text begins by thanking for a letter and asks for nothing, as answering programs do."""
    return bool(_THANKS.match(text)) and not PERSONAL.search(text)


def tells_of_mailbox(headers: Headers, text: str) -> bool:
    """Whether a program only says that something lies in a digital mailbox, which is read there and nowhere else.

    So do Kivra, Säker digital kommunikation, 1177 and the quarantine of a spam filter. What such a sender tells of the
    matter itself, as e-services do with what somebody wrote in them, is a letter, and so is what a person says.
    """
    if len(text) > _LONG or not _NOBODY.search(headers.text("from")):
        return False
    arrived = _ARRIVED.search(text) and _BEHIND_LOGIN.search(text)
    return bool((arrived and not _says_something_itself(text)) or _HELD_BACK.search(text))


def _says_something_itself(text: str) -> bool:
    """Whether somebody speaks of himself or asks for something in another sentence than those of the notice."""
    told = (piece for piece in _SENTENCE.split(text) if not (_ARRIVED.search(piece) or _BEHIND_LOGIN.search(piece)))
    return any(PERSONAL.search(piece) or _OF_ONE.search(piece) for piece in told)
