"""The line a telephone or a mail program adds by itself: with what the mail was sent."""

import re

from ingest.reading.patterns import alternatives

_WORDS = alternatives(r"""
    sent (?:from|via|with|using|by)
    (?:skicka[dt]|sänt|mailat|mejlat) (?:i?från|med|via)|skicka(?:de)?s från
    (?:denna|detta|det här|mitt) (?:e-post\w{0,12}|meddelande\w{0,1}|brev\w{0,2}|mail|mejl)\w{0,3}\
    (?: är| har)? skicka\w{1,4} från
    sendt (?:fra|frá|med|via|úr)|sent (?:frå|fra|úr)
    lähetetty
    gesendet (?:von|mit|über)|(?:von|vom|mit) (?:\S{1,20} ){1,4}gesendet|mobil gesendet|diese nachricht wurde von mein
    verzonden (?:vanaf|met|vanuit|via)|verstuurd vanaf|dit bericht is verzonden
    envoyé (?:de|depuis|à partir|avec)
    enviado (?:desde|do|de|pelo|a partir|con|via)|enviat des
    inviato (?:da|dal|con)
    wysłan[eoay] (?:z|ze|przez)
    отправлено (?:с|из|от)|надіслано (?:з|із)
    odesláno z|odoslané z|posla(?:no|to) (?:sa?|z|iz)
    gönderildi|\S{1,20}(?: \S{1,20})? gönderildi
    (?:أُ?رسلت?|مرسل[ةه]?|نشر)\sمن|تم\sالإرسال\sمن|נשלח\sמה|ارسال شده از|از \S{2,20}(?: \S{1,20})? ارسال شد|dërguar nga
    ارسال\W?شده از|(?:waxaa )?(?:laga )?soo (?:diray|dirtay)
    发自我的|從我的|寄自我的|發自我的
    (?:从|来自|發送自|发送自) ?(?:我的 ?)?\w{1,20}(?: ?发送)?|ከ ?\S{2,20} የተላከ
    ji \S{2,20} (?:min )?(?:hat|hatiye) şandin
    (?:私の)?\w{1,20}から送信|(?:나의|내) \w{1,20}에서 보냄
    trimis de pe|στάλθηκε από|elküldve|poslano iz|(?:được |đã )?gửi từ|di(?:kirim|hantar) dari|ส่งจาก|sent on (?:my|the)
    išsiųsta iš|nosūtīts no|(?:saadetud|kirjutatud) (?:minu|mu)|изпратено от|послато са?|(?:az )?\S{4,20} küldve
    (?:मेरे )?\S{4,12} से भेजा गया|provenance ?: courrier|yahoo mail ?[:–-] (?=\w{1,14},)
    skrevet (?:på|fra)|skrivet (?:på|från)|(?:hälsningar|mvh|hälsn) från (?:min|mitt|en)
    från min (?:iphone|ipad|mobil|telefon|galaxy|mac)(?=\W{0,3}$)
    (?:ursäkta|förlåt) (?:\w{1,16} ){0,3}\w{1,20}[,.] skickat från
    (?:please )?(?:excuse|pardon|forgive) [^.,!?\n]{3,50}[,.] sent (?:from|via|on)
    brought to you by|virusfri|(?:säkrad|secured|gesichert|sécurisé) (?:med|with|by|mit|avec)
    hämta (?:e-?post|mail|mejl)-?appen \S{2,20}(?: mail)?$
    (?:hämta|get|download) \S{0,12}(?:mail|app) (?:för|for) (?:i?os|android|iphone|mac|windows)
""")
# Outlook's advertisement, in whatever language: "Hämta Outlook för iOS", "Outlook voor Android ophalen".
_OUTLOOK = re.compile(
    r"[\s>*(\[_<-]{0,6}(?:\S{1,14} ){0,4}outlook\S{0,4} (?:\S{1,9} ){0,3}(?:i?os|android|mac|windows)(?::?\w{2,5})?\b"
    r"(?: [^\n.!?<]{1,40})?"
    r"|[\s>*(\[_<-]{0,6}(?:ios|android) (?:\S{1,9} )?outlook\S{0,4} [^\n.!?<]{0,40}"
    r"|[\s>*(\[_<-]{0,6}\S{3,14} (?:ios|android)\S{0,3} outlook\S{0,4}"
)
_TARGET = re.compile(r"\s?<https?://[^<>\s]{1,1000}>|[\s)\]*_>]{1,6}$")
# Of small letters, for lines made small: to ignore case takes twice the time.
_LINE = re.compile(rf"[\s>*(\[_<~–-]{{0,6}}(?:{_WORDS})[^\n]{{0,120}}")
# What such a line names; without one it may be prose ("Sent from my desk, which is easier").
_NAME = re.compile(
    r"\bi[A-Z]\w{2,10}|iphone|ipad|ipod|\bmac|android|samsung|galaxy|blackberry|huawei|oneplus|pixel|xiaomi"
    r"|redmi|htc|\blg\b|sony|xperia|em client"
    r"|nokia|lumia|moto|windows|outlook|hotmail|yahoo|gmail|\baol|mail|proton|tutanota|phone\b|mobi[el]|telefon|smart|tablet|platta"
    r"|\bdevice|enhet|\bapp\b|wireless|[45]g\b|verizon|thunderbird|spark|airmail|boxer"
    r"|canary|tuta\b|telia|comviq|tele2|telenor|handy",
    re.IGNORECASE,
)
_SWEDISH = re.compile(r"[\W_]{0,6}(?:skicka|sän[dt]|mailat|mejlat|skrivet|skrevet|hälsn|mvh)")
_OF_MINE = re.compile(r"\b(?:min|mitt)\b")
_SAYS_I = re.compile(r"\b(?:jag|vi|ni|du|i|we|you|ich|wir|je|yo|(?<!')is)\b|\bär\b(?! skicka)|\bfungerar\b")


def is_device_line(line: str) -> bool:
    """Whether a line may be one, by its first words or by Outlook's name."""
    small = line.lower()
    return bool(_LINE.fullmatch(small)) or is_advertisement(line)


def is_advertisement(line: str) -> bool:
    """Whether a line is Outlook's for a telephone: at most eight words and nobody who speaks."""
    if "utlook" not in line:
        return False
    small = _TARGET.sub("", line.lower())
    return len(small.split()) <= 8 and bool(_OUTLOOK.fullmatch(small)) and not _SAYS_I.search(small)


def names_device(line: str) -> bool:
    """Whether a line names a device or a program, or is in a script in which none is listed here."""
    foreign = any(sign > "\u024f" and sign.isalpha() for sign in line)
    words = _TARGET.sub("", line)[:70].split(",", maxsplit=1)[0]
    named = bool(_NAME.search(words)) and not _SAYS_I.search(words.lower())
    return foreign or named or is_advertisement(line)


def is_short_of_name(line: str) -> bool:
    """Whether a line that names no device is short enough to be one all the same: no sentence, in Swedish one's own."""
    small = line.lower()
    return (
        len(line.split()) <= 12
        and len(line.split(",", maxsplit=1)[0].split()) <= 6
        and not _SAYS_I.search(small)
        and bool(not _SWEDISH.match(small) or _OF_MINE.search(small))
    )
