"""What a citizen's reply says of an answer: that it was no good, or that the chef is wanted; cheap rules, no model.

They only begin a suggestion that a person confirms, so they look for what people say outright. Irony and a tone of
voice they miss; what somebody else thinks, asks or supposes they leave alone.
"""

import re
from enum import StrEnum


class Wish(StrEnum):
    """Why a case may have to be lifted."""

    UNHAPPY = "unhappy"
    CHEF = "chef"


_FILL = r"(?:[\w-]{1,20},?\s){0,3}?"
_ANSWER = (
    r"(?:svar\w{0,3}|besked\w{0,2}|beslut\w{0,2}|förklaring\w{0,3}|motivering\w{0,3}|bedömning\w{0,3}|åtgärd\w{0,3})"
)
_BAD = (
    r"(?:oacceptab\w{1,3}|undermålig\w{0,2}|otillräcklig\w{0,2}|nonchalant\w{0,2}|intetsägande|inte ok(?:ej|ay|)|"
    r"dålig\w{0,2}|usel\w?|skandal\w{0,3})"
)
_UNHAPPY_WORDS = (
    # jag är inte (alls, särskilt, helt) nöjd; är inte jag nöjd
    rf"\b(?:inte|ej|icke|knappast|långtifrån|aldrig|varken)\s{_FILL}(?:nöjd|nöjda|nöjt|tillfreds|tillfredsställ\w{{1,3}})\b",
    rf"\b(?:blev|blivit|är|var|känner mig)\s(?:jag |vi )?(?:inte|ej)\s{_FILL}(?:hjälpt|hjälpta)\b",
    r"\b(?:miss?nöjd|miss?nöjda|miss?nöje|onöjd|otillfredsställd|besviken|besvikna|besvikelse)\b",
    rf"\b(?:accepterar|godtar|godkänner|köper|nöjer (?:mig|oss))\s{_FILL}(?:inte|ej|aldrig)\b",
    r"\b(?:kan|vill|tänker|tänkt|går)\s(?:jag |vi )?(?:inte|ej|aldrig)\s(?:att )?(?:acceptera|godta|godkänna|nöja)\b",
    rf"\b{_ANSWER}\s{_FILL}(?:duger|räcker|håller|hjälper|stämmer)\s{_FILL}(?:inte|ej)\b",
    rf"\b(?:är|var|känns|tycker)\s{_FILL}{_BAD}\s{_ANSWER}\b",
    rf"\b(?:{_ANSWER}|det här|detta)\s(?:är|var|känns)\s{_FILL}{_BAD}",
    rf"\bhåller\s(?:jag |vi )?(?:inte|ej)\s(?:alls )?med\s(?:om\s|er\b|dig\b|{_ANSWER})",
    r"\b(?:inte|ej|aldrig)\s(?:ett\s|något\s|några\s)?(?:fått\s|får\s)?(?:ett\s|något\s)?(?:riktigt\s)?svar(?:at)?\spå\s(?:min|mina|det|vad|fråga|frågan|frågorna)\b",
    r"\bsvarar\s(?:ju\s|ni\s|du\s)?(?:inte|ej)\spå\s(?:min|mina|det|vad|fråga|frågan|frågorna)\b",
    r"\b(?:under all kritik|god ?dag,? yxskaft|skitsvar|dumheter till svar)\b",
    rf"\b(?:not|n't|never|hardly|far from)\s{_FILL}(?:happy|satisfied|pleased|content)\b",
    r"\b(?:unhappy|dissatisfied|unsatisfied|disappointed|disappointing|unacceptable)\b",
    r"\b(?:do not|don't|cannot|can't|will not|won't)\saccept\b",
    rf"\b(?:did|does|do|has|have)(?: not|n't)\s{_FILL}answer(?:ed)?\s(?:my|the|our)\squestion",
    (
        r"\b(?:answer|reply|response|decision|explanation)\sis\s(?:simply\s|just\s|really\s)?not\s"
        r"(?:good enough|acceptable|ok)\b"
    ),
    r"\bdisagree\swith\s(?:your|the|this)\s(?:answer|reply|response|decision)\b",
)
_CHEF = r"(?:\w{0,14}chef(?:en|s)?|överordnad\w{0,2}|förman(?:nen)?)"
_CHEF_WORDS = (
    (
        r"\b(?:vill|önskar|begär|kräver|ber|skulle|får jag|kan jag|kan vi|måste|behöver|ring\w{0,2}|koppla)\s"
        r"(?:[\w-]{1,20}\s){0,6}?(?:med|till|av|från|att)\s"
        rf"(?:din|er|eran|en|någon|hans|hennes|den|högsta|närmaste|ansvarig)?\s?{_CHEF}\b"
    ),
    rf"\b(?:kan|låt|be)\s(?:din|er|en|eran)\s?{_CHEF}\s(?:[\w-]{{1,20}}\s)?(?:ringa|kontakta|höra|svara|titta|ta)\b",
    (
        r"\b(?:lyft|lyfta|ta|tas|lämna|skicka)\s(?:det|detta|ärendet|saken|frågan|min\s\w{1,15})\s"
        rf"(?:(?:här|vidare|upp)\s){{0,2}}(?:till|med)\s(?:din|er|en|högre)?\s?{_CHEF}\b"
    ),
    rf"\bvem\sär\s(?:din|er|ansvarig)\s{_CHEF}\b",
    r"\b(?:speak|talk|escalate|complain|pass|forward|refer)\s(?:[\w']{1,15}\s){0,3}?(?:to|with)\s(?:[\w']{1,15}\s){0,2}?(?:manager|supervisor|boss|superior)\b",
)
# Double negations, questions and suppositions: nothing that the writer feels.
_NOT_SO = (
    (
        rf"\b(?:inte|ej|aldrig|varken|not|n't)\s{_FILL}"
        r"(?:miss?nöjd\w?|besvik\w{2,4}|unhappy|dissatisfied|disappointed)\b"
    ),
    r"\binte\s(?:vara\s|bli\s)?(?:annat än|bara|något annat än)\s(?:[\w-]{1,20}\s){0,2}?nöjd\w?\b",
    r"\b(?:om|ifall|when|if)\s(?:[\w-]{1,20}\s){0,2}?(?:inte|ej|not|n't|aren't|am not|isn't)\s.*",
    (
        r"\b(?:om|ifall|if)\s(?:[\w-]{1,20}\s){0,2}?(?:är|blir|are|am|is)\s(?:[\w-]{1,20}\s){0,2}?"
        r"(?:miss?nöjd\w?|besviken|unhappy)\b"
    ),
    r"\bhoppas\s(?:[\w-]{1,20}\s){0,4}?inte\b.*",
)
_NO_CHEF = (
    r"\b(?:inte|ej|aldrig|not|n't)\s(?:[\w-]{1,20}\s){0,4}?(?:chef|manager|boss|supervisor)",
    r"\b(?:har|hade)\s(?:[\w-]{1,20}\s){0,2}?(?:pratat|talat|varit i kontakt)\b",
)
_I = re.IGNORECASE
_UNHAPPY_RE, _CHEF_RE = re.compile("|".join(_UNHAPPY_WORDS), _I), re.compile("|".join(_CHEF_WORDS), _I)
_NOT_SO_RE, _NO_CHEF_RE = re.compile("|".join(_NOT_SO), _I), re.compile("|".join(_NO_CHEF), _I)
_SENTENCE = re.compile(r"[.!?\n;]+|\bmen\b|\bbut\b", _I)
_SPACES = re.compile(r"\s+")
_LONGEST = 20_000


def wishes(text: str) -> frozenset[Wish]:
    """What a reply says, sentence by sentence; a denial takes back only what stands in its own sentence."""
    found = set[Wish]()
    for part in _SENTENCE.split(text[:_LONGEST].replace("\u2019", "'")):
        sentence = _SPACES.sub(" ", part).strip()
        if _UNHAPPY_RE.search(_NOT_SO_RE.sub(" ", sentence)):
            found.add(Wish.UNHAPPY)
        if _CHEF_RE.search(sentence) and not _NO_CHEF_RE.search(sentence):
            found.add(Wish.CHEF)
    return frozenset(found)
