"""What mail programs send by themselves when somebody presses a button: that a mail was read, recalled, liked."""

import re

from ingest.reading.patterns import alternatives
from ingest.reading.structure import Part

REACTION_TYPE = "text/vnd.google.email-reaction+json"
_LONG = 3_000
_NO_WORD = re.compile(r"\W+")
# Outlook's read receipts where they are only words.
_READ_SUBJECT = re.compile(
    r"\s{0,3}(?:läst|oläst|(?:inte|ej|ikke) (?:läst|lest|læst)|read|not read|lest|ulest|læst|ulæst|luettu|gelesen"
    r"|(?:nicht |un)gelesen|lu|non lu"
    r"|relayed|delivered|vidarebefordra[dt]|levererad?t?|videresendt|levert|leveret)\s?:"
    r"|(?:return receipt|läskvitto|kvitto)\b(?! s)",
    re.IGNORECASE,
)
_WAS_READ = re.compile(
    r"\b(?:lästes|blev läst|har lästs|(?:raderades|togs bort) utan att"
    r"|was (?:read|deleted without being read) on (?:\w{3,6}day|\d)"
    r"|(?:this is a return|detta är ett (?:läs)?)\s?(?:receipt|kvitto) (?:for|för) (?:the|det|den|brevet)"
    r"|ble (?:lest|slettet uten)|blev (?:læst|slettet uden)|wurde .{0,60}gelesen|luettiin|a été lu"
    r"|(?:leverans(?:en)?|levering(?:en)?) til{1,2} (?:dessa|disse) \w{4,12} (?:eller|og) \w{4,9} (?:är|er|har)\b"
    r"|delivery to these recipients or groups is complete"
    r"|har levererats till följande mottagare|has been delivered to the following recipients?)\b",
    re.IGNORECASE,
)
_RECALL_SUBJECT = re.compile(
    r"\s{0,3}(?:recall|återkalla\w{0,3}|tilbakekall\w{0,3}|tilbagekald\w{0,3}|rückruf|peruuta\w{0,4}|rappel)\s?:",
    re.IGNORECASE,
)
_RECALL_WORDS = alternatives(r"""
    (?:would like|wants) to recall the message|(?:vill|önskar) återkalla (?:ett )?meddelande\w{0,2}
    (?:vil|ønsker|ønsker å|ønsker at) (?:tilbakekalle|tilbagekalde) (?:meddelels\w{1,3}|meldingen)
    möchte die nachricht|haluaa peruuttaa viestin|souhaite rappeler le message
""")
_RECALL = re.compile(rf"[^\n.!?]{{1,100}}? (?:{_RECALL_WORDS})\b([^\n]{{0,400}})", re.IGNORECASE)
_REACTION_WORDS = alternatives(r"""
    reacted to your message|(?:har reagerat|reagerade) på (?:ditt meddelande|din melding)
    (?:har reageret|reagerede|reagerte) på (?:din (?:melding|meddelelse|besked)|meldingen din|meddelelsen din)
    reagoi viestiisi|hat auf ihre nachricht reagiert|a réagi à votre message|reacted via gmail|har reagerat via gmail
""")
_REACTION = re.compile(
    rf"\W{{0,12}}\s{{0,6}}(?!jag\b|vi\b)[^\n.!?]{{1,100}}? (?:{_REACTION_WORDS})\W{{0,4}}", re.IGNORECASE
)

# Calendars' answers where no calendar came along: a prefix, and the one sentence that repeats it.
_INVITATION_SUBJECT = re.compile(
    r"\s{0,3}(?:accepted|accepterat?d?|tackat ja|declined|avböjt|avslagen|tackat nej"
    r"|tentative(?:ly accepted)?|preliminärt?(?: accepterat)?"
    r"|godtatt|akseptert|avslått|avvist|accepteret|afvist|foreløpig(?: godtatt)?|foreløbigt?"
    r"|hyväksytty|hylätty|alustava|zugesagt|angenommen|abgelehnt|mit vorbehalt|accepté|refusé)\s?:\s{0,3}\S",
    re.IGNORECASE,
)
_INVITATION_WORDS = alternatives(r"""
    (?:has )?(?:tentatively )?(?:accepted|declined)(?: this invitation| the invitation| your invitation)?
    has (?:replied|responded) \W?\w{2,8}\W? to (?:this|the|your) invitation
    har (?:tackat (?:ja|nej|kanske)|svarat \W?\w{2,8}\W?) (?:till|på) (?:den här|denna|din|er) inbjudan
    har (?:tackat (?:ja|nej)|accepterat|avböjt)
    har (?:accepterat|avböjt|godtatt|avslått|accepteret|afvist|takket (?:ja|nei|nej) til) \
    (?:den här|denna|denne|din|er) (?:inbjudan|inbjudningen|invitasjonen|invitation(?:en)?)
    hat (?:diese|die|ihre) einladung (?:angenommen|abgelehnt)|on (?:hyväksynyt|hylännyt) (?:tämän )?kutsun
""")
_INVITATION = re.compile(rf"(?!jag\b|vi\b|i\b|we\b)[^\n.!?]{{0,100}}?\b(?:{_INVITATION_WORDS})\W{{0,4}}", re.IGNORECASE)


def is_sent_by_button(root: Part, subject: str, text: str, message: str) -> bool:
    """Whether a mail says nothing but that another was read, is wanted back or got a sign: nobody wrote a word of it.

    ``text`` is all of it, ``message`` what is new in it.
    """
    pressed = _is_receipt(subject, text) or _is_recall(subject, message) or _is_reaction(root, message)
    return pressed or _answers_invitation(subject, message)


def _is_receipt(subject: str, text: str) -> bool:
    """Whether a whole mail says no more than when another one was read, as Outlook words it without a report."""
    return len(text) <= _LONG and bool(_READ_SUBJECT.match(subject) and _WAS_READ.search(text))


def _is_recall(subject: str, text: str) -> bool:
    """Whether a mail is Outlook's wish to have another one back, and says nothing but that one's subject.

    Nothing outside Outlook's own server heeds it; who writes why he wants his letter back has written a letter.
    """
    prefix = _RECALL_SUBJECT.match(subject)
    wish = _RECALL.fullmatch(" ".join(text[:_LONG].split())) if prefix else None
    if prefix is None or wish is None:
        return False
    return _NO_WORD.sub("", wish[1]) == _NO_WORD.sub("", subject[prefix.end() :])


def _is_reaction(root: Part, message: str) -> bool:
    """Whether somebody only chose a sign below a mail: by Google's part for it, or by Outlook's words and no others."""
    return _holds_reaction(root) or (len(message) < 200 and bool(_REACTION.fullmatch(message.strip())))


def _answers_invitation(subject: str, message: str) -> bool:
    """Whether a mail says no more than that somebody comes, or does not; a word of his own makes it a letter."""
    return bool(_INVITATION_SUBJECT.match(subject)) and bool(_INVITATION.fullmatch(message.strip()))


def _holds_reaction(part: Part) -> bool:
    return part.content_type == REACTION_TYPE or any(map(_holds_reaction, part.children))
