"""Telling the signature from the message: names, phones and disclaimers are kept, but apart."""

import re
from itertools import takewhile

from ingest.reading.html import MARKS, SIGNATURE_BEGINS
from ingest.reading.patterns import alternatives

_DASHES = re.compile(r"[ \t]{0,3}(?:-- ?|---|__+|—|–|-\s-|~~+|-{2,100}|_{2,100}|\*{2,100}|#{3,100}|={3,100})[ \t]{0,5}")
_DEVICE_WORDS = alternatives(r"""
    sent (?:from|via|with|using|by)
    (?:skickat|sänt) (?:i?från|med|via)|skicka(?:de)?s från
    (?:denna|detta|det här|mitt) (?:e-post\w{0,12}|meddelande\w{0,1}|brev\w{0,2}|mail|mejl)\w{0,3}\
    (?: är| har)? skicka\w{1,4} från
    sendt (?:fra|med|via)
    lähetetty
    gesendet (?:von|mit|über)|von meinem (?:\S{1,20} ){1,4}gesendet|diese nachricht wurde von mein
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
    trimis de pe|στάλθηκε από|elküldve|poslano iz|gửi từ|dikirim dari|ส่งจาก|sent on (?:my|the)
    skrevet (?:på|fra)|skrivet (?:på|från)
    brought to you by|virusfri
""")
# This and other long lists are of small letters, for lines made small: to ignore case takes twice the time.
_DEVICE = re.compile(rf"[\s>*(\[]{{0,6}}(?:{_DEVICE_WORDS})[^\n]{{0,120}}")
# What such a line names; without one it may be prose ("Sent from my desk, which is easier").
_DEVICE_NAME = re.compile(
    r"\bi[A-Z]\w{2,10}|iphone|ipad|ipod|\bmac|android|samsung|galaxy|blackberry|huawei|oneplus|pixel|xiaomi"
    r"|redmi|htc|\blg\b|sony|xperia"
    r"|nokia|lumia|moto|windows|outlook|hotmail|yahoo|gmail|\baol|mail|proton|tutanota|phone\b|mobil|telefon|smart|tablet|platta"
    r"|\bdevice|enhet|\bapp\b|wireless|[45]g\b|verizon|thunderbird|spark|airmail|boxer|telia|tele2|telenor|handy",
    re.IGNORECASE,
)
_CLOSING_WORDS = alternatives(r"""
    med (?:de )?(?:vänlig|bästa|varm|venlig|vennlig|solig|glad|stor
    tacksam)\w{0,6}(?: och \w{1,15})? ?(?:häls|hils)?\w{0,7}
    m\.? ?v\.? ?h\.?|vänlig(?:a|en)?(?: hälsning(?:ar)?)?|(?:vänl\.? )?hälsn(?:ingar|ing)?\.?
    hälsar|(?:många|bästa|varma|soliga|glada|hjärtliga|vänligaste|kära|de bästa) hälsningar|allt gott|högaktningsfullt
    (?:bestu |með (?:bestu |vinsemd og )?)?kveðj(?:a|u|ur|um)|virðingarfyllst
    vennlig hilsen|venlig hilsen|hilsen|de bedste hilsner
    ystävällisin terveisin|terveisin|(?:yst\.? ?)?terv\.?|kram(?:ar)?|parhain terveisin
    (?:kind |best |warm |warmest |many |with kind |with best )?regards|kindest regards|best wishes|best|cheers
    sincerely|yours (?:sincerely|faithfully|truly)|sincerely yours|thanks and regards|rgds|br
    all the best|all my best|take care|warmly|respectfully|(?:lots of |much )love|love(?=,)
    with (?:best|warm|kind) wishes
    mit (?:freundliche|beste|liebe)[nm] \w{1,10}|(?:freundliche|viele|liebe|beste|herzliche) grüße(?: aus \w{1,20})?
    lg|mfg|vg|(?:schöne |liebe |beste |viele )?grüße|kh|vh|dbh|(?:med|beste|mange|kærlig) hils(?:en|ner)
    groetjes|groet|hartelijke groet\w{0,2}|amicalement|bonne journée|abraço|ystävällisesti|kiittäen
    z wyrazami szacunku|pozdr|с наилучшими пожеланиями
    met vriendelijke groet\w{0,2}|mvg|groeten|vriendelijke groet\w{0,2}
    cordialement|bien à vous|salutations\w{0,12}|meilleures salutations|sincères salutations|bien cordialement
    un saludo|saludos(?: cordiales)?|atentamente|cordiales saludos
    atenciosamente|cumprimentos|com os melhores cumprimentos|abraços
    cordiali saluti|distinti saluti|saluti
    pozdrawiam\w{0,2}|z poważaniem|pozdrawiam serdecznie|s pozdravem|lep pozdrav
    с уважением|з повагою
    مع (?:أطيب )?التحيات?|تحياتي|مع التقدير
    saygılarımla|sevgiler|iyi günler
    lugupidamisega|parimate soovidega|tervitades|ar cieņu|pagarbiai|su pagarba|geriausi linkėjimai
    sa? poštovanjem|srdačan pozdrav|lijep pozdrav|srdačno|s úctou|zdravím|с поштовањем|со почит|поздрав(?:и)?
    (?:szívélyes |üdvözlettel|tisztelettel)(?:üdvözlettel)?|cu (?:stimă|respect|drag)|toate cele bune
    με (?:εκτίμηση|φιλικούς χαιρετισμούς)|me respekt|me nderime|с уважение|с найлучшими пожеланиями|всего доброго
    med helsing|beste helsing|mvh og takk|با احترام|با تشکر|בברכה|此致|祝好|よろしくお願い(?:いた)?します|敬具
""")
# Once, or in two languages: "Med vänlig hälsning / Best regards".
_CLOSING_START = re.compile(rf"[\s*]{{0,4}}(?:{_CLOSING_WORDS})")
_CLOSING = re.compile(
    rf"[\s*]{{0,4}}(?:{_CLOSING_WORDS})[\s,.!:*]{{0,5}}(?:[/|–-]\s?(?:{_CLOSING_WORDS})[\s,.!:*]{{0,5}}){{0,2}}",
    re.IGNORECASE,
)
# The closing with the name on the same line: "Mvh Anna Lind", "Best regards, Anna".
_CLOSING_NAME = re.compile(
    rf"[\s*]{{0,4}}(?i:{_CLOSING_WORDS})[\s,.!:*/]{{1,5}}(?:från |fra |from |frå )?"
    r"(?:[^\W\d_a-zåäöæøéü][\w'’.-]{0,25}[ ,/]{0,3}(?:(?:o|och|and|&|i|på|från) )?){1,5}"
)
_DISCLAIMER_WORDS = alternatives(r"""
    this (?:e-?mail|message|communication|transmission)(?: message)?\
    (?:,? (?:and|including) (?:any|all|its)|,? (?:is|may|contains|has been|was|together|together with|transmission))
    the (?:information|content)s? (?:\w{1,12} ){0,3}(?:in|of) this (?:e-?mail|message|communication)
    any (?:views|opinions) (?:expressed|or opinions)
    internet e-?mail is not|communications? via|e-?mail is not a secure|please (?:consider|think of) the environment
    if you (?:are not the intended|have received this|receive this)|confidentiality (?:notice|note|warning)
    privileged\W|disclaimer\W|notice:
    (?:this|the) (?:e-?mail|message) (?:\w{1,10} ){0,3}(?:scanned|virus|checked)|scanned (?:by|for)
    virus-?fri\w{0,2}\.|no virus found
    (?:detta|denna|det här) (?:e-?post\w{0,12}|meddelande\w{0,2}|mail|mejl|e-?mail)\w{0,3} (?:\w{1,12} ){0,2}\
    (?:innehåll|är (?:endast |enbart )?avsett|avsedd|omfattas|och eventuella|med eventuella\
    |har (?:genomsökts|kontrollerats|skannats|avsökts))
    informationen i (?:detta|denna) (?:meddelande|e-?post|mail|mejl)|tänk på miljön
    är du inte (?:den )?(?:rätt|avsedd)
    om du (?:inte är rätt|har fått detta) (?:mottagare|meddelande|mail|mejl|e-?post)
    (?:så|här|hur) (?:kan du läsa hur )?(?:vi )?(?:behandlar|hanterar) (?:vi )?(?:dina )?personuppgifter
    när du (?:kontaktar|skickar|mejlar|e-?postar) [^\n]{0,80}personuppgifter
    (?:denne|dette) (?:e-?post\w{0,6}|e-?mail\w{0,2}|meddelelse\w{0,2}|melding\w{0,2}) \
    (?:\w{1,10} ){0,2}(?:inneholde|indeholde|er|kan)
    diese e-?mail (?:enthält|kann|ist)|ce (?:message|courriel|e-?mail)(?: électronique)? (?:et|peut|est|contient)
    este (?:mensaje|correo|e-?mail|mensagem) (?:\w{1,12} ){0,2}(?:contiene|puede|es|contém|pode|é)
    dit bericht is|deze e-?mail|tämä (?:viesti|sähköposti)|niniejsza wiadomość|treść tej wiadomości
""")
_DISCLAIMER = re.compile(rf"[\s*_\-=>]{{0,6}}(?:{_DISCLAIMER_WORDS})")
_CONTACT = re.compile(
    r"https?://|www\.|[\w.+-]{1,64}@[\w-]{1,64}\.|(?:tel|tfn|tlf|fon|fax|phone|mobil|mob|cell|direkt|växel|org\.?\s?nr|puh|skype)\b"
    r"|(?:\+|\b0|\()\d[\d\s().\-–/]{6,20}\d|\b\d{3} ?\d{2} [A-ZÅÄÖ]|\(\d{3}\) ?\d{3}",
    re.IGNORECASE,
)
_NAME = re.compile(r"[\s*]{0,3}(?:[^\W\d_a-zåäöæøéü][\w'’.-]{0,25} ?){2,4},?\*?\s{0,3}")
_NAME_ALONE = re.compile(r"[\s*/~-]{0,4}(?:[^\W\d_a-zåäöæøéü][\w'’.-]{0,25} ?){1,4},?\*?\s{0,3}")
# A Swede's shortest signature: "/Anna", "//Anna Lind".
_SLASHED = re.compile(r"\s{0,3}/{1,2}\s{0,2}(?:[^\W\d_a-zåäöæøéü][\w'’.-]{0,25}(?: (?:och|o|&) | )?){1,4}\s{0,3}")
_THANKS = re.compile(
    r"\s{0,4}(?:many |with )?(?:thanks|thank you|thx|tack(?: så mycket| för hjälpen)?|tusen tack"
    r"|takk|tak|kiitos|danke|vielen dank"
    r"|merci|gracias|grazie|obrigad[oa]|bedankt|dank je|dzięki|dziękuję|спасибо|дякую|شكرا)"
    r"(?: (?:in advance|again|so much|very much|på förhand))?[\s,.!]{0,4}",
    re.IGNORECASE,
)
_POSTSCRIPT = re.compile(r"\s{0,3}(?:p\.?\s?s\.?|obs|nb|n\.b\.)[\s:.!]", re.IGNORECASE)
# How the line above a bare name ends, where the name is no end of a wrapped sentence: empty is one way.
_ENDS = ("", *".!?)…")
_MAX_LINES = 15
_SHORT = 90


def split_signature(message: str, sender: str = "") -> tuple[str, str]:
    """Return the message without its signature, and the signature; a message is never left empty.

    ``sender`` is the name the mail came under: a line with that name near the end begins a signature.
    """
    lines = message.rstrip().split("\n")
    at = _signature_start(lines, sender)
    if at is None:
        return message, ""
    before = "\n".join(lines[:at]).rstrip()
    signature = "\n".join(line for line in lines[at:] if not _DASHES.fullmatch(line)).strip()
    return (before, signature) if MARKS.sub("", before).strip() else (message, "")


def _signature_start(lines: list[str], sender: str) -> int | None:
    """Return the earliest line at which one of the signs of a signature stands, with some text before it."""
    tail = _tail(lines)
    starts = [
        next((number for number, line in enumerate(lines) if SIGNATURE_BEGINS in line), None),
        next((number for number, line in enumerate(lines) if number and line.rstrip() == "--"), None),
        next((number for number in tail if lines[number].strip() and _begins(lines, number, sender)), None),
        _disclaimer(lines),
    ]
    found = [at for at in starts if at is not None and MARKS.sub("", "\n".join(lines[:at])).strip()]
    return min(found, default=None)


def _begins(lines: list[str], at: int, sender: str) -> bool:
    """Whether one of the signs of a signature stands on a line near the end."""
    if len(lines[at]) >= _SHORT:
        return False
    return (
        _is_dashed(lines, at)
        or _is_device(lines, at)
        or _is_closing(lines, at)
        or _is_name_under_thanks(lines, at)
        or _is_named(lines, at, sender)
        or _is_above_name(lines, at, sender)
        or _is_card(lines, at)
    )


def _tail(lines: list[str]) -> range:
    """Return the numbers of the last lines, as many as a signature has at most, empty ones not counted."""
    number = len(lines)
    seen = 0
    while number > 1 and seen <= _MAX_LINES and len(lines) - number < 4 * _MAX_LINES:
        number -= 1
        seen += bool(lines[number].strip())
    return range(number, len(lines))


def _rest(lines: list[str], at: int) -> list[str]:
    return [line for line in lines[at + 1 :] if line.strip()]


def _is_sentence(line: str) -> bool:
    """Whether a line reads like part of a letter rather than of a signature."""
    return (
        len(line.split()) >= 6 and line.rstrip()[-1:] in ".!?" and not (_CONTACT.search(line) or _is_disclaimer(line))
    )


def _goes_on(rest: list[str]) -> bool:
    """Whether the letter goes on behind a seeming signature: a postscript, a question, or more than a motto."""
    if any(_POSTSCRIPT.match(line) or line.rstrip().endswith("?") for line in rest):
        return True
    return sum(_is_sentence(line) for line in rest) >= 2


def _is_dashed(lines: list[str], at: int) -> bool:
    rest = _rest(lines, at)
    if not _DASHES.fullmatch(lines[at]) or not rest or not all(len(line) < _SHORT for line in rest):
        return False
    prose = any(len(line.split()) >= 3 and line.rstrip()[-1:] in ".!?" and not _small_print(line) for line in rest)
    return not (prose or _goes_on(rest) or any(_DASHES.fullmatch(line) for line in rest))


def _is_disclaimer(line: str) -> bool:
    return bool(_DISCLAIMER.match(line.lower()))


def _small_print(line: str) -> bool:
    return bool(_CONTACT.search(line) or _is_disclaimer(line) or _DEVICE.fullmatch(line.lower()))


def is_device_alone(text: str) -> bool:
    """Whether the only line of a text is the one a telephone or mail program adds by itself."""
    lines = [line for line in text.splitlines() if line.strip()]
    return len(lines) == 1 and _is_device(lines, 0)


def _is_device(lines: list[str], at: int) -> bool:
    """Whether a line only says with what the mail was sent, near the end of the message."""
    line = lines[at]
    rest = _rest(lines, at)
    if not _DEVICE.fullmatch(line.lower()) or len(rest) > 6:
        return False
    foreign = any(sign > "\u024f" and sign.isalpha() for sign in line)
    named = foreign or bool(_DEVICE_NAME.search(line[:70].split(",")[0]))
    return named or (len(line.split()) <= 6 and not any(map(_is_sentence, rest)))


def _is_closing(lines: list[str], at: int) -> bool:
    """Whether a closing phrase stands alone, or with a name, and short lines follow until disclaimers begin."""
    line = lines[at]
    if not _CLOSING_START.match(line.lower()):
        return False
    if not (_CLOSING.fullmatch(line) or (len(line) < 70 and _CLOSING_NAME.fullmatch(line))):
        return False
    rest = list(takewhile(lambda follower: not _is_disclaimer(follower), _rest(lines, at)))
    return all(len(follower) < _SHORT for follower in rest[:4]) and not _goes_on(rest)


def _is_name_under_thanks(lines: list[str], at: int) -> bool:
    """Whether only a name, with ways to reach it, stands below a word of thanks; the thanks are part of the letter."""
    above = next((line for line in reversed(lines[:at]) if line.strip()), "")
    if not _THANKS.fullmatch(above) or not _NAME_ALONE.fullmatch(lines[at]):
        return False
    rest = _rest(lines, at)
    return len(rest) <= 8 and all(len(line) < _SHORT for line in rest) and not any(map(_is_sentence, rest))


def _is_named(lines: list[str], at: int, sender: str) -> bool:
    """Whether a line is the sender's full name and only short lines, some with ways to reach him, follow."""
    names = [name for name in re.findall(r"[^\W\d_]{2,30}", sender.lower()) if "@" not in sender]
    words = re.findall(r"[^\W\d_]{2,30}", lines[at].lower())
    last = all(map(_small_print, _rest(lines, at)))
    if last and _SLASHED.fullmatch(lines[at]):
        return True
    if last and words and set(words) <= set(names) and lines[at - 1].rstrip()[-1:] in _ENDS:
        return True  # "Anna" alone at the end, from Anna Lind
    if len(names) < 2 or len(words) > len(names) + 3 or not {names[0], names[-1]} <= set(words):
        return False
    rest = _rest(lines, at)
    return all(len(line) < _SHORT for line in rest) and (not rest or any(_CONTACT.search(line) for line in rest))


def _is_above_name(lines: list[str], at: int, sender: str) -> bool:
    """Whether a few words begin the last paragraph and the sender's name alone follows: a greeting in any language."""
    line, below = lines[at].strip(), lines[at + 1 : at + 2]
    if lines[at - 1].strip() or not below or len(below[0]) > 60 or line[-1:] in ".!?:;" or len(line.split()) > 5:
        return False
    words = re.findall(r"[^\W\d_]{2,30}", below[0].lower())
    names = set(re.findall(r"[^\W\d_]{2,30}", sender.lower())) if "@" not in sender else set()
    if not words or not set(words) <= names or _THANKS.fullmatch(line):
        return False
    return all(map(_small_print, _rest(lines, at + 1)))


def _is_card(lines: list[str], at: int) -> bool:
    """Whether a paragraph of its own is a visiting card: a name, then mostly lines with ways to reach him."""
    if lines[at - 1].strip() or not _NAME.fullmatch(lines[at]):
        return False
    rest = _rest(lines, at)
    reach = sum(bool(_CONTACT.search(line)) for line in rest)
    return reach >= 2 and reach * 2 >= len(rest) and all(len(line) < _SHORT for line in rest)


def _disclaimer(lines: list[str]) -> int | None:
    """Find where the legal small print begins: a paragraph's start in the later part of the message."""
    for number in range(max(1, len(lines) - 40), len(lines)):
        starts = not lines[number - 1].strip() or _DASHES.fullmatch(lines[number - 1]) or number * 2 > len(lines)
        if starts and _is_disclaimer(lines[number]):
            return number
    return None
