"""The words that end a letter, in the languages we meet: greetings, thanks and good wishes."""

import re

from ingest.reading.patterns import alternatives

_WORDS = alternatives(r"""
    med (?:de )?(?:vänlig|bästa|varm|venlig|vennlig|solig|glad|stor
    tacksam)\w{0,6}(?: och \w{1,15})? ?(?:häls|hils)?\w{0,7}
    m\.? ?v\.? ?h\.?|vänlig(?:a|en)?(?: hälsning(?:ar)?)?|(?:vänl\.? )?hälsn(?:ingar|ing)?\.?
    hälsar|(?:många|bästa|varma|soliga|glada|hjärtliga|vänligaste|kära|de bästa) hälsningar|allt gott|högaktningsfullt
    (?:bestu |með (?:bestu |vinsemd og )?)?kveðj(?:a|u|ur|um)|virðingarfyllst
    med (?:en )?önskan om (?:\w{2,12} ?){1,4}
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
    (?:med )?(?:\w{2,12}(?:a|e|g|m|n|t) )?(?:och \w{2,12} )?\w{0,12}hälsning(?:ar)?|vänligast|hels\.?
    (?:med |beste? |mange )?(?:\w{4,9} )?(?:hilsen|hilsener|hilsner|helsing)
    (?:with )?(?:\w{2,9} )?(?:and \w{2,9} )?(?:regards|wishes)|thanks (?:and|&) (?:best |kind )?regards
    respectfully yours|cordially|yours(?=,)|talk soon|b\.r\.
    (?:mit )?(?:\w{4,12} )?(?:gr[uü](?:ß|ss)(?:en?)?|gruessen?)(?: aus \w{1,20})?|vlg|hochachtungsvoll
    (?:très )?cordialement|sincèrement|bien à (?:toi|vous tous)|cdl?t|(?:\w{3,12} )?salutations(?: \w{3,12})?
    (?:un |muchos )?(?:\w{4,9} )?saludos?(?: \w{4,9})?|atte|(?:un )?abrazos?|cordialmente
    (?:com os )?(?:\w{4,9} )?cumprimentos|att(?=[.,])
    (?:un |i miei )?(?:\w{4,9} )?salut[io](?: \w{4,9})?
    (?:met )?(?:\w{4,14} )?(?:groet|groeten|groetjes)
    (?:\w{4,14} )?terveisin|(?:serdecznie )?pozdrawiam(?: \w{4,12})?|z pozdrowieniami|s (?:\w{4,12} )?pozdrav[eo]m
    з \w{4,14} побажаннями|iyi çalışmalar|مع (?:\w{3,10} )?(?:ال)?(?:تحية|تحيات|تحياتي|احترام|تقدير)|敬礼|φιλικά|با سپاس
    med vinsemd|pozdrav|trân trọng|salam hormat|xushmad leh|parimat
""")
# Once, or in two languages: "Med vänlig hälsning / Best regards".
_START = re.compile(rf"[\s*]{{0,4}}(?:{_WORDS})")
_ALONE = re.compile(
    rf"[\s*]{{0,4}}(?:{_WORDS})[\s,.!:*،，、]{{0,5}}(?:[/|–-]\s?(?:{_WORDS})[\s,.!:*]{{0,5}}){{0,2}}",
    re.IGNORECASE,
)
# The closing with the name on the same line, or with his number, too: "Mvh Anna Lind", "Mvh Anna 070-123 45 67".
_WITH_NAME = re.compile(
    rf"[\s*]{{0,4}}(?i:{_WORDS})[\s,.!:*/]{{1,5}}(?:från |fra |from |frå )?"
    r"(?:[^\W\d_a-zåäöæøéü][\w'’.-]{0,25}[ ,/]{0,3}(?:(?:o|och|and|&|i|på|från) )?){1,5}"
    r"(?:(?i:tel|tfn|mobil|mob|telefon)?[.:]? ?[+0(][\d ()/+-]{6,20})?"
)
# The closing and who signs, without a name: "Mvh en orolig förälder", "Hälsningar från oss på Storgatan", "mvh anna".
_WITH_ROLE = re.compile(
    rf"[\s*]{{0,4}}(?:(?:{_WORDS})[\s,]{{1,4}}(?:från|fr\.?|en|ett|er|din|fra|eine?|a|an|from) [^\n.!?:;]{{2,50}}"
    r"|(?:m\.?v\.?h\.?|mfg|vh|lg)[\s,]{1,4}[^\W\d_]{2,20}(?: [^\W\d_]{2,20})?)\s{0,3}"
)
# … and who signs with what he is: "Mvh Cornelia Falk, ark. SAR".
_WITH_TITLE = re.compile(
    r"[\s*]{0,4}(?:m\.?v\.?h\.?|mfg|vh|lg|hälsn\.?|hälsningar|med vänliga? hälsning(?:ar)?)"
    r"[\s,]{1,4}(?!till |åt |to )(?:[^\s!?:;]{1,20} ){0,4}[^\s!?:;]{1,20}(?<!\.)\s{0,3}"
)
# Thanks and good wishes are part of the letter; what stands below them is not.
_PARTING_WORDS = alternatives(r"""
    (?:many |with )?(?:thanks|thank you|thx)(?: (?:in advance|again|so much|very much))?
    (?:tack|tusen tack|stort tack)(?: (?:på förhand|så mycket|för hjälpen|för er hjälp|för svar|igen|och hej))?
    takk|mange takk|tak|mange tak|på forhånd tak|kiitos|danke|vielen dank|merci(?: d'avance)?|(?:muchas )?gracias|grazie
    obrigad[oa]|bedankt|dank je|dzięki|dziękuję|спасибо|дякую|شكرا|teşekkürler|谢谢|감사합니다|תודה|mahadsanid
    tacksam(?:ma)? för (?:ett )?(?:snabbt |snart )?svar|med hopp om (?:ett )?(?:snabbt |snart )?svar
    ha (?:det|en) (?:så |riktigt )?(?:\w{2,10} ?){1,2}
    (?:trevlig|glad|skön|härlig) \w{2,12}|god (?:helg|jul|fortsättning|natt|påsk)|allt väl|kram på er
    vi hörs(?: av)?|på återseende|vi ses|ha de|hej (?:då|så länge)|have a (?:\w{3,9} )?(?:day|weekend|evening|week)
    talk soon|xx|bonne journée|bonne soirée|schönen tag(?: noch)?|hyvää päivänjatkoa|iyi günler
""")
_PARTING = re.compile(rf"\s{{0,4}}(?:{_PARTING_WORDS})[\s,.!]{{0,4}}", re.IGNORECASE)
_PICTURES = re.compile("[\u2600-\u27bf\u2b50\ufe0f\u200d\U0001f000-\U0001faff]+ ?")
# A short phrase and a comma above a name alone: "Yours ever,", in whatever language.
_PHRASE = re.compile(r"\s{0,3}[^\W\d_a-z][^\W\d_]{1,15}(?: [^\W\d_]{1,15}){0,2},\s{0,3}")


def _bare(line: str) -> str:
    """Return a line without its hearts, suns and faces: *Kram ❤️ Eva*."""
    return line if line.isascii() else _PICTURES.sub("", line).rstrip()


def is_closing(line: str) -> bool:
    """Whether a line is a closing phrase, alone or with a name."""
    line = _bare(line)
    if not _START.match(line.lower()):
        return False
    return bool(_ALONE.fullmatch(line) or (len(line) < 70 and _WITH_NAME.fullmatch(line)))


def is_closing_by_role(line: str) -> bool:
    """Whether a line, if it is the last, is a closing phrase and says who signs without a name."""
    return len(line) < 80 and bool(_WITH_ROLE.fullmatch(line.lower()))


def is_closing_by_title(line: str) -> bool:
    """Whether a line, if it is the last and tells nothing, is a closing phrase and a few words on who signs."""
    return len(line) < 80 and bool(_WITH_TITLE.fullmatch(line.lower()))


def is_parting(line: str) -> bool:
    """Whether a line is nothing but thanks or a good wish."""
    return bool(_PARTING.fullmatch(_bare(line)))


def is_phrase(line: str) -> bool:
    """Whether a line is one to three words and a comma, as stand above a name."""
    return bool(_PHRASE.fullmatch(line))
