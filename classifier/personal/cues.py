"""What announces a name: kinship, offices, greetings and regards, in the languages of citizens' letters."""

import re

_KIN = (
    "son|dotter|flicka|pojke|kille|tjej|dotterdotter|dotterson|sonson|sondotter|barnbarn|man|fru|hustru|make|maka|sambo|särbo"
    "|mamma|pappa|mor|far|mormor|farmor|morfar|farfar|bror|brorsa|syster|lillebror|lillasyster|storebror|storasyster"
    "|tvillingbror|kusin|moster|faster|morbror|farbror|vän|väninna|kompis|klasskompis|granne|klient|brukare|elev|huvudman"
    "|barn|unge|yngsta|äldsta|minsta|grabb|tös|chef|kollega|syrra|svärmor|svärfar|systerson|brorson|fosterson|fosterdotter"
    "|boendestöd|kontaktperson|handledare|mentor|lärare|handläggare|läkare|assistent"
)
# Kin that are said without *min*: *sonen Yonas*, *pappa Serhii*.
_OWN_KIN = (
    "sonen|dottern|pojken|flickan|mannen|frun|hustrun|maken|makan|sambon|brorsan|syrran|systern|brodern|barnbarnet|kusinen"
    "|mamma|pappa|mormor|morfar|farmor|farfar|moster|morbror|kusin|lillebror|lillasyster|storebror|storasyster|svärmor|svärfar"
    "|svärdotter|svärson|barnen|eleven|sonsonen|dottersonen|dotterdottern|sondottern"
)
_OFFICE = (
    "rektorn?|lärarn?|lärare|läraren|mentorn?|kuratorn?|handläggarn?|handläggaren?|sekreteraren|enhetschefe?n?|chefen"
    "|direktören?|kommunalråd(?:et)?|inspektören?|pedagog(?:en)?|förskolläraren?|fritidsledaren?|vaktmästaren?"
    "|undersköterskan?|sköterskan?|vårdbiträdet?|biträdet|assistent(?:en)?|bibliotekarien?|chauffören?|föraren|grannen?"
    "|kollegan|kompisen|kvinnan|idrottsläraren?|socialsekreterare?n?|barnsekreterare?n?|ordföranden?"
    "|kommundirektören?|advokat|förmannen|städaren|kontaktperson(?:en)?|boendestödjaren?|tränaren?|ledaren"
    "|hemkunskapsläraren?|slöjdläraren?|skolsköterskan?|biträdande rektorn?|barnskötaren?|planarkitekten?"
    "|bygglovshandläggaren?|ägaren|hyresgästen"
)
_TITLE = (
    "tant|farbror|fru|herr|fröken|frk|dr|doktor|doktorn|syster|familjen|fam|paret|änkan|moster|faster"
    r"|mrs?\.?|ms\.?|miss|frau|familie|pan|pani|rouva|herra"
)
# How people say their names, in the languages of citizens' letters.
INTRODUCED = (
    r"namn(?:et)?\s+är|namn:|undertecknad:?|my name is|i am called|mein name ist|ich heiße|nazywam się|mam na imię"
    r"|меня зовут|мене звати|jeg heter|mu namma lea"
    r"|اسمي|nimeni on|magacaygu waa|benim adım|adım|zovem se|moje ime je|je m'appelle|me llamo|navê min|نام من|اسم من"
)
# *My son*, *mein Sohn*, *ابنتي*: whose name comes next, as it does after *min son*.
_KIN_ABROAD = (
    r"my (?:\w+ )?(?:son|daughter|wife|husband|mother|father|brother|sister|child|neighbou?r|friend)"
    r"|(?:min|mein|unser)e?[nmrs]? (?:\w+ )?(?:sohn|tochter|frau|mann|mutter|vater|bruder|schwester|kind|nachbarn?)"
    r"|(?:sønnen|datteren|kona|mannen|moren|faren|broren|søsteren) (?:min|vår)"
    r"|poikani|tyttäreni|äitini|isäni|vaimoni|mieheni|siskoni|veljeni|lapseni|naapurini"
    r"|(?:mój |nasz )?syn|(?:moja |nasza )?córka|moja żona|mój mąż|moja mama|mój tata|sąsiadk?a?"
    r"|мій син|моя дочка|моя донька|мой сын|моя дочь|мій чоловік|моя дружина|мій муж|моя мама|мой муж|моя жена"
    r"|wiilkayg[au]|gabadhayd[au]|inantayd[au]|hooyaday|aabahay|xaaskayg[au]|seygayg[au]"
    r"|mu (?:bárdni|nieida|mánná|eadni|áhčči|isit|eamit)"
    r"|ابني|ابنتي|زوجي|زوجتي|والدتي|والدي|أخي|أختي|أنا|پسرم|دخترم|همسرم|شوهرم|مادرم|پدرم|برادرم|خواهرم"
)
CUE = re.compile(
    rf"\b(?:{INTRODUCED}|{_KIN_ABROAD}|heter|hette|kallas|kallad|{_TITLE}|{_OFFICE}|{_OWN_KIN}|c/o"
    rf"|(?:min|mitt|vår|våran|hennes|hans|deras|din)\s+(?:\w+\s+)?(?:{_KIN}))(?:\s+|\s?[(,]\s?)(?:som\s+heter\s+)?$",
    re.IGNORECASE,
)
"""Stands before a name, within a sentence."""

WITHIN = re.compile(
    CUE.pattern.removesuffix("(?:\\s+|\\s?[(,]\\s?)(?:som\\s+heter\\s+)?$") + r"[^\S\n]$", re.IGNORECASE
)
"""The same on the same line, with nothing between."""

SAID = re.compile(rf"\b(?:{INTRODUCED})[^\S\n]$", re.IGNORECASE)
"""Somebody says the own name."""

HOUSEHOLD = re.compile(r"\b(?:familjen|paret|fru|herr|tant)\s+$", re.IGNORECASE)

_FAREWELL_ABROAD = (
    r"hilsen|regards|sincerely|best wishes|thank you|terveisin|pozdrawiam|z poważaniem|grüßen|grüße|gruß|saygılarımla"
    r"|с уважением|з повагою|cordialement|saludos|pozdrav|mahadsanid|dearvvuođat|تحياتي|مع الشكر|شكرا|با احترام|با تشکر"
)
REGARDS = re.compile(
    r"(?:\b(?:mvh|m\.?v\.?h\.?|vh|hälsn\w*|hälsar|hälsning(?:ar|en)?|hlsn\w*|vänligen|högaktningsfullt|gm|genom|kram(?:ar)?"
    rf"|{_FAREWELL_ABROAD})"
    r"|(?:^|(?<=\s))/{1,2}|^\s*[-–—~]+)[\s,،.:!]*(?:från\s+)?$",
    re.IGNORECASE,
)
"""Stands before the name at a letter's end."""

OWN_WORDS = re.compile(rf"(?:{INTRODUCED})[\s,،.:]*$")
"""Announces a name of a script without capital letters."""

GREETING = re.compile(
    r"(?:^|[.!\n])\s*(?:hej|hejsan|tjena|tja|hallå|bästa|kära|käre|dear|hei|hallo)\s+$", re.IGNORECASE
)
"""Stands before whom a letter is for."""
