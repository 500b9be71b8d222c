"""Whether a person's own words stand about what a program wrote: then the whole is his letter.

People paste an absence notice or a receipt below what they say of it, often without a quote sign. Programs greet, thank
and praise their firm before they say what they are; whoever says something else first is a person. In doubt he is one:
a letter in the list of mail without a case may never be read.
"""

import re
from collections.abc import Callable

from ingest.reading.patterns import alternatives

_PIECE = re.compile(r"(?<=[.!?:])(?<!\d\.)\s+|\n+")  # *30. November* is one
_WORD = re.compile(r"\w+")
_END = re.compile(r"[.!?:…][\W_]*$")
_VERB = re.compile(
    r"\b(?:är|har|inte|kan|ska|måste|blir|finns|er|ikke|kommer|on|ei|is|are|has|not|have|can|ist|sind|nicht|hat|est|sont|es|не)\b",
    re.IGNORECASE,
)
_GREETING_WORDS = alternatives(r"""
    hej(?:san)?(?: igen| där)?|hallå|tjena|god (?:dag|morgon|kväll|morgen|aften)|goddag|bäst[ea]|kär[ae]|kj?ære
    hei|moi|terve|päivää|hyvää päivää|hello|hi|dear|good (?:day|morning|afternoon|evening)|to whom it may concern
    guten (?:tag|morgen|abend)|hallo|sehr geehrte(?:r|s)?(?: damen und herren)?|liebe[r]?|beste|geachte|bonjour
    madame, monsieur|buen[oa]s (?:días|tardes)|hola|buongiorno|gentile|egregio|dzień dobry|szanown\w{1,3}|witam
    dobrý den|dobrý deň|vážen\w{1,3}|tisztelt|kedves|jó napot|bună ziua|stimat\w|merhaba|sayın|poštovan\w|tere
    olá|(?:bom dia|boa tarde)|prezad\w\w?|goedendag|goedemorgen|sveiki|laba diena|kæri|góðan dag
    здравствуйте|добр\w{2,3} (?:день|дня|вечер|утро)|вітаю|مرحبا|السلام عليكم|سلام
""")
_GREETING = re.compile(rf"\W{{0,5}}(?:{_GREETING_WORDS})(?:(?:\s\w{{1,30}}){{0,2}}\s?(?:[,!.]|$)|\b)", re.IGNORECASE)
# What a firm says of itself and of mail, before it says what its letter is.
_COURTESY_WORDS = alternatives(r"""
    tack|takk|tak|kiitos|kiitämme|thanks?|danke|dank|bedankt|merci|remercions|gracias|grazie|dziękuj\w{1,3}|спасибо
    дякую|شكرا|välkom\w{1,5}|velkom\w{1,5}|tervetuloa|welcome|willkommen
    vi|oss|vår|vårt|våra|vores|vår[et]?|dere hos|we|us|our|wir|uns|unser\w{0,2}|nous|nos|notre|nuestr\w{1,2}
    arvostamme
    kund|kunder|kunde|customers?|kunden|asiakas|client[es]?|cliente|besök(?:are)?|visit
    mejl\w{0,5}|mail|e-?mails?|e-?post\w{0,8}|inkorg\w{0,3}|inbox|mailbox|brevlåda\w{0,2}|min nya adress
    postfach|sähköposti\w{0,5}
    öppettid\w{0,5}|öppet|öppnar|opening hours|öffnungszeiten|telefon\w{0,6}|telefontid\w{0,3}|webbplats|hemsida|website
    väntetid\w{0,3}|svarstid\w{0,3}|belastning|högtryck|waiting times?|response times?|kontoret
    ärende|ärendenummer|meddelande|message|nachricht|ticket|anfragen|enquiries|inquiries|zgłosze\w{2,4}
    kontor|kontakt\w{0,9}|växeln?|office|büro|bureau|bureaux|biuro\w{0,2}|toimisto\w{0,5}|офис|офіс|oficinas?|ufficio
    butik\w{0,3}|reception\w{0,3}|mottagningen|intranät\w{0,2}|webb\w{0,6}|www|https?|vikarier\w{1,2}
    (?:god|glad) (?:jul|påsk|midsommar|helg|sommar)|gott nytt|merry|happy|season|new opening|hyvää|frohe|schöne
    tyvärr|ursäkt\w{0,2}|beklag\w{1,3}|apolog\w{2,4}|sorry|unfortunately|leider|valitettavasti|désolé\w{0,2}
    kommer att|will be|wird|werden|sera|será|så snart|as soon as|lo antes posible|plus brefs délais|ansökning\w{0,3}
    applications?|applicants?|medlem\w{0,3}|members?|semester\w{0,4}|\w{0,8}ferie\w{0,2}|\w{0,8}loma\w{0,4}|urlaub
    dienstreise|tjänsteresa|konferen[sc]e?n?|conference|mässa|nytt jobb|new job|ny stilling|stengt|lukket|suljettu
    palvelemme|betjener|support|för faktur\w{1,3}|fakturafrågor|ideellt|rekryteringen|leverans
    (?:längre|longer|mer|more) (?:tid )?(?:än|than) (?:vanligt|usual)|från och med
    har du (?:några )?frågor|behöver du hjälp|vill du veta|any questions|need help|du skriver|du hör av dig
    svar(?:et)? ovanför|reply above|ovanför denna rad|above this line
""")
_COURTESY = re.compile(rf"\b(?:{_COURTESY_WORDS})\b", re.IGNORECASE)
_OFFER = re.compile(r"\b(?:frågor|hjälp|veta mer|questions|help|fragen|more about)\b", re.IGNORECASE)
_OF_ONE = re.compile(r"\b(?:jag|mig|mej|(?-i:I)|me|jeg|meg|mir|ich|minä|minua|minulle)\b", re.IGNORECASE)
_TO_ONE = re.compile(r"\b(?:du|dig|din|ditt|dina)\b", re.IGNORECASE)  # a municipality is *ni* to most
_REACH = re.compile(r"@|\d{3}[ -]?\d")  # an address, a telephone
_THANKED = re.compile(
    r"\W{0,5}(?:tack|takk|tak|thanks?(?: you)?|kiitos|vielen dank|merci|gracias|dziękujemy|спасибо)\b"
    r"(?! (?:för|for) (?:ert|ditt) svar|,? (?:men|but)\b)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\w+ \w+[.,:]")  # *Anna här.*
# What speaks for a person all the same: that something is not as it should be …
_COMPLAINT_WORDS = alternatives(r"""
    måste|fel|igen|trasig\w{0,2}|must|wrong|again|broken|rikki|väärin|kaputt|falsch|wieder|må dere|feil
    inte|ej|aldrig|ingen|inget|inga|fortfarande|ännu|ikke|aldri|aldrig|fortsatt|stadig|ei|eivät|eikä|kukaan|yhä|vieläkään
    not|never|nobody|no one|nothing|still|nicht|kein\w{0,2}|nie|niemand|immer noch|pas|jamais|toujours|sin|no|nunca|non
    nie|nadal|wciąż|не|нет|нема|досі|لا|لم|ليس
""")
_COMPLAINT = re.compile(rf"\b(?:{_COMPLAINT_WORDS})\b|n['’]t\b", re.IGNORECASE)
_OF_MAIL = re.compile(
    r"\b(?:(?:be)?svara\w{0,2}|läs(?:a|er|es|s)|answer|reply|respond|repl\w{2,4}|read|antworten|beantworten|vastata"
    r"|skriv|skicka|send|lu[ek]\w{1,3}|bevaka\w{0,2}|monitor\w{0,2}|tillgång|möjlighet|anträffbar\w{0,2}|access)\b",
    re.IGNORECASE,
)
# … what he says of the program's words below, and that he waits for an answer.
_TELLS_WORDS = alternatives(r"""
    (?<!du har )(?<!ni har )(?<!har du )(?:fick|får|fått|fikk)\b[^.!?]{0,30}\b(?:detta|det här|dette|följande|tillbaka)
    (?:detta|det här|dette|sån(?:t|a)) (?:fick|får|fikk) (?:jag|man|vi|jeg)
    (?:got|get|gets|getting|received)\b[^.!?]{0,30}\b(?:this|these|the following|below)|this is what (?:i|we)
    (?:bekomm\w{1,3}|erhalt\w{1,3}|erhielt\w{0,2})\b[^.!?]{0,30}\b(?:das|dies\w{0,2}|folgende\w?|unten)
    sa(?:an|in|imme)\b[^.!?]{0,30}\b(?:tällais\w{1,4}|tämän|seuraavan)|se (?:nedan|svaret|under|nedenfor)|nedanstående
    see below|siehe unten|katso alla|så här (?:svarar|skrev|skriver|står|låter)|(?:er|eran|eder|your) (?:robot|autosvar)
    (?:inte|aldrig|inget|ingen|något) (?:fått )?(?:något )?svar|(?:vi|jag) (?:undrar|klagar|väntar|bor|anmäler)
    (?:my|min|mitt|mina|mein\w{0,2}) (?:son|dotter|barn|man|fru|mamma|pappa|mor|far|father|mother|daughter|child|wife)
    (?:my|min|meine?) (?:husband|granne|neighbour|mutter|vater|tochter|kind|frau|mann)
    försökte|tried to|yritin|versuchte
    (?:no|never|any) (?:got |received )?(?:an )?(?:answer|reply)|keine antwort|ingen svar
""")
_TELLS = re.compile(rf"\b(?:{_TELLS_WORDS})\b", re.IGNORECASE)
# A plea at a sentence's end, where no program thanks: *ändra adressen tack*.
_PLEA = re.compile(
    r"\b(?!(?:stort|mycket|tusen|varmt|och|förhand|så|and|und|og|ja)\b)\w{1,40},? "
    r"(tack|takk|tak|please|kiitos|bitte)\W{0,5}$",
    re.IGNORECASE,
)
# What whoever got a program's letter says of it, which stands below it as well.
_GOT = re.compile(
    r"\b(?:(?:detta|det här|dette|sån(?:t|a)) (?:svar )?(?:fick|får|fikk) (?:jag|man|jeg)"
    r"|(?:jag|man|jeg) (?:fick|fikk|har fått)\b[^.!?]{0,30}\b(?:detta|det här|dette|ovan\w{0,8}|tillbaka)"
    r"|i (?:got|get)\b[^.!?]{0,30}\b(?:this|the above)\b|this is what i got)\b",
    re.IGNORECASE,
)
_LONG = 5


def is_person_about(text: str, is_programs: Callable[[str], bool]) -> bool:
    """Whether somebody says something before the first sentence that is a program's, as ``is_programs`` knows it.

    Or says behind it that he got it. Without such a sentence nothing stands above anything.
    """
    said = thanked = False
    pieces = filter(None, map(str.strip, _PIECE.split(text)))
    for piece in pieces:
        if is_programs(piece):
            return said or any(map(_GOT.search, pieces))
        own = _GREETING.sub("", piece, count=1).strip() if _GREETING.match(piece) else piece
        thanked = thanked or bool(_THANKED.match(own))
        said = said or _is_personal(own, surely=thanked)
    return False


def _is_personal(piece: str, *, surely: bool) -> bool:
    """Whether a sentence is not one of those that programs begin with.

    Who began with thanks, as programs do, is a person only ``surely``: where something is asked or is not as it should.
    """
    words, asked = len(_WORD.findall(piece)), _PLEA.search(piece)
    if _TELLS.search(piece):
        return True
    if (
        words < 2
        or not (asked or words >= _LONG or _END.search(piece) or _VERB.search(piece))
        or _NAMED.fullmatch(piece)
    ):
        return False  # a name, a title, a closing
    if asked:
        rest = piece[: asked.start(1)]
        return bool(_OF_ONE.search(rest)) or not any(p.search(rest) for p in (_COURTESY, _REACH, _OF_MAIL))
    if "?" in piece:
        return bool(_OF_ONE.search(piece)) or not (_OFFER.search(piece) or _TO_ONE.search(piece))
    if _COMPLAINT.search(piece) and not _OF_MAIL.search(piece):
        return True
    return not (surely or _COURTESY.search(piece) or _REACH.search(piece))
