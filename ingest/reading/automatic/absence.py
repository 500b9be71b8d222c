"""The words of absence notices and other automatic answers, in the languages we meet."""

import re

from ingest.reading.automatic import absenceabroad
from ingest.reading.automatic.above import is_person_about
from ingest.reading.automatic.notices import PERSONAL, is_notices, is_taken_in, is_ticket, thanks, thanks_only
from ingest.reading.patterns import alternatives

# What only programs put first in a subject.
_CERTAIN_WORDS = alternatives(r"""
    auto(?:matic|mated|matically generated)?[ -]?(?:reply|response|responder|answer|acknowledge?ment)
    out[ -]of[ -](?:the[ -])?office(?: (?:auto)?(?:reply|response|notice|message|notification))?|ooo|oof
    away from (?:(?:my|the|his|her) )?(?:mail|office|desk)|(?:i am|i'm) (?:currently )?out of (?:the )?office
    vacation (?:response|reply|responder|message)
    autosvar|auto[ -]svar|automatsvar|automatiskt? ?svar|automatisk (?:besvarelse|svarmelding|fraværs\w{3,9})
    frånvaro(?:meddelande|assistent|hanterare|avisering)|semester(?:svar|meddelande)|ledighets(?:svar|meddelande)
    (?:ej|inte|ikke) på kontoret|(?:ute|borta|borte|ur|ude)(?: från| fra| av| af)? kontoret
    fravær(?:smelding|smeddelelse|sbesked|sassistent|sbeskjed)
    ferie(?:svar|melding|besked|fravær)
    automaattinen (?:vastaus|poissaoloviesti)|automaattivastaus|poissaolo(?:viesti|ilmoitus)|poissa toimistosta
    automatische (?:antwort|abwesenheit\w{0,12}|reactie|beantwoording)|abwesenheits\w{1,20}|automatisch antwoord
    nicht im büro|buiten kantoor|afwezigheids\w{1,15}
    réponse automatique|message d'absence|hors du bureau|notification d'absence|absen(?:ce|t) du bureau
    respuesta autom[áa]tica|fuera de (?:la )?oficina|ausente de la oficina
    risposta automatica|fuori ufficio|resposta autom[áa]tica|fora do escrit[óo]rio|ausência temporária
    autoodpowied[źz]|automatyczna odpowied[źz]|odpowied[źz] automatyczna|poza biurem
    automatick[áa] odpov[ěe][ďd]|mimo kancel[áa][řr]
    автоответ(?:чик)?|автоматическ\w{1,3} ответ|вне офиса|автоматична відповідь|автовідповідь|поза офісом
    رد تلقائي|الرد التلقائي|رد آلي|خارج المكتب|מענה אוטומטי|תשובה אוטומטית|otomatik (?:yanıt|cevap)
    ofis dışında|automatikus válasz|házon kívül|răspuns automat|αυτόματη απάντηση
    自動返信|自動応答|不在通知|自动(?:回|答)复|自動(?:回|答)覆|자동 ?(?:회신|응답|답장)|부재중
    sjálfvirkt? sv(?:ar|örun)|fjarverandi|automaatvastus|automātisk[aā] atbilde|автоматичен отговор|аутоматски одговор
    trả lời tự động|ตอบกลับอัตโนมัติ|balasan otomatis|(?:پاسخ|جواب) خودکار|स्वचालित (?:उत्तर|जवाब)
    jawaab (?:otomaatig|toos)(?: ah)?|[ኣአ]ውቶማቲክ (?:መልሲ|ምላሽ)|bersiva (?:otomatîk|xweber)
    automatinis pranešimas|automatinis atsakymas|samodejni odgovor|automatski odgovor|automatsko odgovaranje
""")
# What a parent who reports a sick child writes as well: only with a sign in headers or text.
_LIKELY_WORDS = alternatives(r"""
    (?:i am |i'm )?(?:currently )?(?:on )?(?:vacation|annual leave|parental leave|maternity leave|holiday)\
    (?: (?:reply|notice|message|response))?|absence|absent|away
    frånvaro|frånvarande|semester(?:hälsning)?|(?:jag (?:är|har) )?(?:på )?semester
    föräldraledig|tjänstledig|tjänsteresa|ledig|borta
    (?:är )?(?:ej|inte) (?:på plats|i tjänst|anträffbar)|(?:i am |i'm )?(?:currently )?(?:on leave|away)
    fravær|fraværende|ikke til stede|ikke på jobb|på ferie|ferie(?:avvikling)?|bortreist|ikke tilgjengelig
    ut[ae]n(?:för|for) kontoret
    (?:foreldre)?permisjon|avspasering|sy[gk]e?meldt|auto|automatiskt? (?:meddelande|melding|besked)
    poissa(?:olo)?|lomalla|olen lomalla
    abwesend|abwesenheit|urlaub|im urlaub|nicht im haus|außer haus|afwezig(?:heid)?|niet aanwezig
    en congé|en vacances|ausencia|ausente|de vacaciones|fuori sede|assenza|assente|ausência|férias
    nieobecno[śs][ćc]|urlop|nepřítomnost|odsotnost|отсутствие|в отпуске|відпустка|إجازة
""")
_PREFIX = r"\W{0,5}(?:(?:re?|sv(?:ar)?|vs|aw|antw|ang|odp|tr|res|rv)\s?:\s{0,3}){0,2}[\s\[(*!#]{0,5}"
_BEHIND = r"(?=\s{0,3}(?:$|[:：–—|\](,.!/]|-(?!\w)|re:|sv:|until|till|t\.?o\.?m|fram|from|bis|vom|\d|auto|er\b|is\b))"
_CERTAIN = re.compile(
    rf"{_PREFIX}(?:{_CERTAIN_WORDS}){_BEHIND}"
    r"|.{0,150}(?:\bis (?:currently )?out of (?:the )?office\b|\bout of office (?:auto)?reply\b"
    # Set off by a sign: *Kommunens autosvar är på finska* is a person's.
    r"|[-–—:;|([/]\s{0,2}(?:autosvar|automatiskt? svar|auto(?:mat(?:ic|ed))?[ -]?(?:reply|response))\b)"
    r"|(?-i:AUTO): .{3,120}\(.{3,40}\d{4}.{0,9}\)",  # Notes: "AUTO: Anna Lind är frånvarande (åter 2026-08-03)"
    re.IGNORECASE,
)
_CERTAIN_FIRST = re.compile(rf"\W{{0,5}}(?:{_CERTAIN_WORDS})\b", re.IGNORECASE)
# *Automatic* in nearly every language, in one to three words above the subject that is answered; only of an answer,
# since somebody's "Automatisk dörr: trasig" answers nothing.
_AUTOMATIC = re.compile(
    r"\W{0,5}(?:[^\s:]{1,20} ){0,2}"
    r"(?:auto(?:m\w{0,14})?|(?:a[uvw]|o)to?mat\w{0,12}|а[вў]т[оа]?мат\w{0,12}|αυτόματ\w{0,5}|ավտոմատ\w{0,6}"
    r"|ავტომატ\w{0,6})(?: [^\s:]{1,20}){0,2}\s?[:：]\s{0,3}\S",
    re.IGNORECASE,
)
_LIKELY = re.compile(
    rf"{_PREFIX}(?:{_LIKELY_WORDS}){_BEHIND}|.{{0,80}}\b(?:is|är"
    r"|er) (?:currently )?(?:on (?:vacation|leave|holiday)|away|(?:ute|ude|borta|borte) (?:av|af|från|fra) kontoret"
    r"|frånvarande|på semester|på ferie)\b",
    re.IGNORECASE,
)
# What somebody who is away says of himself.
_RETURN_WORDS = alternatives(r"""
    (?:jag|vi) (?:är|har|kommer)\b.{0,60}\b(?:åter|tillbaka|semester|\w{0,8}ledig\w{0,2}|frånvarande|bortrest\
    |sjukskriven)
    (?:jag|vi) (?:är|har) (?:\w{1,12} ){0,2}(?:på (?:kurs|utbildning|konferens|tjänsteresa|resande fot)|vabba\w{0,3}\
    |gått i pension|\w{0,8}stängt (?:\d|och öppnar|till|t\.?o\.?m|från|under|mellan|idag))
    (?:jag|vi) (?:är|arbetar|jobbar) (?:numera )?(?:inte|ej) (?:längre )?(?:anställd|kvar|på)\b|idag är jag ledig
    (?:jag|vi) (?:arbetar|jobbar|tjänstgör) (?:inte|ej) (?:på )?(?:mån|tis|ons|tors|fre)dag(?:ar)?\b
    (?:jag|jeg|vi) (?:är|er|arbetar) (?:inte|ej|ikke) (?:på (?:kontoret|jobb(?:et)?|arbetet)|i tjänst)\b
    jag (?:är|sitter) i möten? (?:hela|till|under)
    (?:jag|vi) (?:arbetar|jobbar) (?:just nu |för närvarande )?(?:halvtid|deltid|\d\d ?%)
    \b(?:tjänst|föräldra|barn)ledig (?:t\.?o\.?m|till|fram|från)|\bi no longer work\b|ich bin im mutterschutz
    jag (?:har slutat|slutar|slutade) (?:på|hos|min anställning|mitt)
    \bi (?:have )?left (?:the )?(?:company|organi[sz]ation)|\bi have left \w{2,20}(?: \w{2,20})?[.,]
    \bi am attending an? [^.!?\n]{2,40} (?:this|until|all)\b
    \b(?:kontoret|butiken|mottagningen|verkstaden) (?:är|har|håller) (?:\w{1,12} ){0,2}\w{0,8}stäng[td]
    jag är (?:\w{2,12} ){0,2}(?:inte|ej) (?:i tjänst|anträffbar)|jag vabbar (?:i ?dag|till|hela|denna)
    (?<!öppnar )\b(?:är|åter|tillbaka) (?:åter|tillbaka|i tjänst|på kontoret|(?:på |den )?(?:mån|tis|ons|tors\
    |fre)?dag|den \d)
    (?:jeg|vi) (?:er|har|holder)\b.{0,60}\b(?:ute av|på kurs(?:us)?|permisjon|barsel|tilbake|tilbage|ferie\
    |bortreist|fraværende|ude af)|tilbage? (?:på|i|den|man|igen)
    olen (?:\w{0,10}lomalla|poissa|\w{0,10}vapaalla)|palaan|takaisin (?:töihin|toimistolla)
    \b(?:i am|i'm|i will be|we are) (?:\w{1,12} ){0,3}(?:away|out|back|on (?:\w{1,10} )?(?:leave|vacation|holiday))
    \b(?:return|back|returning) (?:on|in|to the office|monday)|limited access to
    \b(?:the|our) offices? (?:is|are|will be) closed
    ich bin (?:\S{1,20} ){0,8}(?:abwesend|zurück|erreichbar|urlaub|nicht im (?:büro|haus))
    bis (?:zum )?\d.{0,40}(?:abwesend|urlaub|nicht)
    ich befinde mich (?:\S{1,14} ){0,6}(?:urlaub|außer haus|mutterschutz|elternzeit)
""")
_URGENT_WORDS = alternatives(r"""
    (?:brådskande|akuta?) (?:ärenden?|frågor|fall).{0,40}\b(?:kontakta|ring|mejla|vänd)
    (?:brådskande|akuta) (?:ärenden|frågor) hänvisas|\b(?:kontakta|vänd (?:dig|er) till) [^.!?\n]{2,60} i mitt ställe
    vänligen kontakta (?!mig\b|oss\b|min\b)[^.!?\n@]{2,40} \S{2,40}@
    läser (?:inte|ej) (?:min |mina )?(?:e-?post|mejl|mail)
    kan (?:inte|ej) (?:läsa eller )?(?:svara på|läsa) (?:mejl|mail|e-?post)
    (?:^|[.!] )kontakta? (?!mig\b|oss\b|min\b)(?:[^.!?\n@]{2,40}[ (<,])?\S{2,60}@
    läser (?:jag )?(?:ditt|ert|era|mina) (?:mejl|mail|meddelande\w{0,2}|e-?post) (?:på|när|då|den)\b
    \b(?:mejl|mail|e-?post)\w{0,3} läses (?:inte|ej)\b|\bhänvisa[sr] till|\bsvarar med (?:viss )?fördröjning
    \bför (?:frågor|ärenden) [^.!?\n@]{2,60} kontakta \S{2,60}@|\b(?:min|mina) (?:ersättare|vikarie)\w{0,2} är\b
    \bplease direct (?:your|all|any) (?:e-?mails?|enquiries|inquiries|questions|requests) to \S{2,60}@
    \bresponses? (?:will|may) be delayed|\bplease contact \S{2,60}@|\bwenden sie sich an\b
    \bkontakt med [^.!?\n@]{2,40} \S{2,40}@
    \bsvarar (?:på (?:mejl|mail|e-?post|\w{3,5} \w{4,12}) )?när jag är (?:tillbaka|åter)\b
    (?:mejl|mail|meddelande)\w{0,3} (?:besvaras|läses) (?:då|därefter|först|efter|när)\b
    \böppnar (?:igen|åter) (?:den|på|mån|tis|ons|tors|fre|\d)
    begr(?:en|æn)set (?:tilgang|adgang) til (?:min )?(?:e-?post|e-?mail|mail)|kontakt venligst
    (?:for|in) (?:anything )?urgent (?:matters|issues|requests|cases|please|contact)
    \b(?:ring|larma|slå|call|dial|soita|anrufen|ringe) (?:alltid |genast |direkt |omedelbart )?112\b
    \bi akuta fall\b|(?:kontakta|ring) (?:vår växel|receptionen(?! på))
    begränsad (?:tillgång|åtkomst) till (?:min )?(?:e-?post|mejl|mail)|(?:hanteras|besvaras|läses) när (?:jag|vi)
    kontakta (?:i ?stället|gärna) \S{2,60}@|(?:mitt|mina|ditt) (?:mejl|mail|meddelande)\w{0,3} läses (?:inte|ej)
    kontakt(?: med)? (?:sentralbordet|omstillingen)|hastende henvendelser
    (?:ved|i) (?:hastesager|hastesaker|haste).{0,40}\b(?:kontakt|ring)|in dringenden fällen
    kiireellis\w{1,6} asiois|en cas d['’]urgence|(?:asuntos|casos|assuntos) urgentes
    \b(?:en|em) caso de urg[eê]ncia|\bvotre message à mon retour|\bwe (?:will )?re-?open (?:on|in|again)\b
    (?:voor|in) (?:dringende|spoedeisende) (?:zaken|gevallen|vragen)|per (?:le )?(?:urgenze|questioni urgenti)
    \b(?:vidarebefordras|besvaras) (?:inte|ej)\b|läser (?:jag )?(?:inte|ej) min (?:e-?post|mejl|mail)|not be forwarded
    not being monitored
    please (?:contact|reach out to|get in touch with|e-?mail) (?!me\b|us\b|my\b|our\b)(?:[^.!?\n@]{1,40} )?\S{2,60}@
    \b(?:no|limited|without|intermittent) access to (?:my )?e-?mails?\b|begränsade? möjlighet\w{0,3} att (?:läsa|svara)
    keinen zugriff auf (?:meine )?(?:e-?mails?|nachrichten)|\b(?:acceso|acesso|accesso) limita[td]o
    accès (?:limité |réduit )?à (?:mes (?:e-?mails?|mails?|messages)|ma messagerie)
    (?:leser|læser|sjekker|tjekker) (?:jeg )?ikke (?:min )?(?:e-?post|e-?mail|mail)
    \blees (?:ik )?(?:mijn|geen) e?-?mails?|\ben(?:kä)? lue (?:\w{1,12} ){0,2}sähköposti
    wird nicht weitergeleitet|ei välitetä|\b(?:kontakta?|ring) (?:min kollega|(?:vår |gärna )?växeln)|videresendes ikke
""")
# What is said where nobody reads any more; people write it too, so that it takes a sign of a program.
_GONE_WORDS = alternatives(r"""
    (?:inte|ej) (?:i tjänst|anträffbar)|(?:inte|ej) (?:längre )?(?:kvar|anställd)\b|har slutat\b
    (?:används|bevakas|läses|besvaras) (?:inte|ej)\b|stäng\w{1,3} (?:t\.?o\.?m|till|från|fram|\d)|semesterstäng
    no longer (?:works?|working|employed|with|in use|monitored|active)|not monitored|has left (?:the )?\w
    met vakantie|ikke (?:lenger|længere) (?:ansat|ansatt|i bruk|i brug)|nicht mehr (?:tätig|beschäftigt|verwendet)
    ei ole enää (?:palveluksessa|käytössä)
""")
_GONE = re.compile(_GONE_WORDS, re.IGNORECASE)
_RETURN = re.compile(f"{_RETURN_WORDS}|{alternatives(absenceabroad.AWAY)}", re.IGNORECASE)
_URGENT = re.compile(f"{_URGENT_WORDS}|{alternatives(absenceabroad.URGENT)}", re.IGNORECASE | re.MULTILINE)
_CLAUSE_END = re.compile(r"[.!?:;,]\s|\n|,? (?:och|men|og|ja|mutta|and|but|und|aber|et|y) ")
_VERB = re.compile(
    r"\b(?:är|har|inte|kan|ska|måste|blir|finns|er|ikke|kommer|on|ei|is|are|has|not|have|can|ist|sind|nicht|hat|est|sont|es)\b",
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"\b(?:tack|takk|tak|kiitos|thank|danke|merci|gracias)\b|återkom|svara|vastaa|reply|respond|answer|antwort|mejl|e-?post"
    r"|e-?mail|frågor|\bvänd |questions|kontakt|contact|växel",
    re.IGNORECASE,
)
_ANSWER_WORDS = alternatives(r"""
    this is an auto(?:matic|mated|matically[ -]generated)?[ -]?(?:reply|response|e-?mail response|acknowledge)
    i (?:am|will be) (?:currently )?(?:out of|away from) (?:the|my) (?:office|desk)(?! (?:by|when|every|after)\b)
    i'm (?:currently )?(?:out of|away from) (?:the|my) office
    (?:detta|det här)(?: (?:mail|mejl|e-?post|meddelande|brev)\w{0,14})? är ett\
    (?: (?:automatiskt|autogenererat|automatgenererat)| auto-?) ?(?:genererat )?svar
    (?:detta|det här) är (?:en|ett) automatisk\w{0,2} (?:\w{1,25} ){0,2}?(?:\w{0,12}bekräftelse|som bekräftar)
    this is an auto\w{0,12}(?: generated)? (?:message|e-?mail)\
    (?: that| to| which)? (?:confirm|acknowledg|let you know (?:that )?we)
    dette er (?:et )?(?:automatisk\w{0,3} ?(?:svar|besvarelse)|autosvar)|tämä on automaattinen vastaus
    dies ist eine automatische? antwort|ceci est une réponse automatique|esta es una respuesta automática
    to jest automatyczna odpowied[źz]|это автоматический ответ|це автоматична відповідь|هذا رد تلقائي
""")
# At the beginning of a sentence: *jag fick "detta är ett automatiskt svar"* is a person's.
_BEGINS = (
    r"(?:^|[.!,;*_)\]–-]\s{0,3}|\bthat |\bobservera att "
    r"|\b(?:obs|note|nb|hej|hello|hi|hinweis|huom|merk)\W{1,3})\s{0,3}"
)
_ANSWER = re.compile(rf"{_BEGINS}(?:{_ANSWER_WORDS})", re.IGNORECASE | re.MULTILINE)
# Web forms say this too, so that it takes another sign.
_BY_MACHINE = re.compile(
    rf"{_BEGINS}(?:(?:detta|det här)(?: \w{{1,20}})? är (?:ett )?(?:automatiskt|automatgenererat|autogenererat)"
    r"|this is an auto\w{1,12}|(?:detta|det här)(?: \w{1,20})? (?:har )?skicka(?:s|ts|des) automatiskt"
    # In the other languages it takes that it is an answer.
    r"|(?:dette er|dies(?:e \S{1,12})? ist|dit is|tämä on|c(?:eci |')est|es(?:te|ta) (?:\S{1,12} )?es|est[ea] é"
    r"|questo? è|to jest|это|це) (?:\w{1,12} ){0,2}(?:aut|авт)\w{2,15})\b",
    re.IGNORECASE | re.MULTILINE,
)
_ASKS = re.compile(
    r"\?|\b(?:jag|man|i) (?:fick|får|har fått|got|get)\b.{0,30}\bauto\w{0,12}\b"
    # A program does not call its own answer the other's.
    r"|\b(?:er|ert|eran|edert|your|ihre|eure|teidän) auto\w{0,12}[ -]?(?:svar|reply|response|antwort|vastau\w{2,6})\b",
    re.IGNORECASE,
)
# One of these stands in each of them, and in few letters: they are looked for first, being a hundred times as quick.
_ANSWER_SIGNS = ("aut", "out of", "away from", "автомат", "تلقائي")
_LONG = 3_000
_BEGINNING = 1_500
# Where a program broke a sentence: behind a long line that ends without a sign.
_WRAP = re.compile(r"\n(?<=[^\n]{30}[^\n.!?:;]\n)(?=\S)")
# A person answers an automatic answer, or passes it on, with *SV:* or *VB:* before its subject; a program does not.
_REPLY = re.compile(r"\s{0,3}(?:re|sv(?:ar)?|vs|aw|ref|odp|vb|fwd?|wg|tr|rv|pd)\s?:", re.IGNORECASE)
_ANSWERED = re.compile(rf"{_REPLY.pattern}\s{{0,3}}(?:{_CERTAIN_WORDS})\b", re.IGNORECASE)


def is_automatic_answer(subject: str, text: str, *, answers: bool) -> bool:
    """Whether subject and text are those of an absence notice or another answer that no person wrote.

    ``answers`` says that the mail names a mail it answers. A bare *Frånvaro* may come from a parent, so that it needs
    this, or words of somebody who is away; otherwise a citizen would be taken for a robot and never get an answer.
    """
    if found := _CERTAIN.match(subject):
        bare = not subject[found.end() :].strip(" ?!.")
        if not (_is_reply_to_one(subject, text) or (not answers and bare and _asks(text))):
            return True
    if answers and (_CERTAIN_FIRST.match(subject) or _AUTOMATIC.match(subject)):
        return True
    if _CERTAIN_FIRST.match(subject) and thanks(_beginning(text)):
        return True
    if len(text) > _LONG:
        return False
    beginning = _beginning(text)
    if _LIKELY.match(subject) and _is_away(subject, beginning, answers=answers):
        return True
    told = _answers_for_itself(beginning[:500], answers=answers) or (answers and _is_notice(beginning))
    return told and not is_person_about(beginning, _is_programs)


def _beginning(text: str) -> str:
    """Return the beginning of a text with each sentence in one line, as the words are looked for."""
    return _WRAP.sub(" ", text[:_BEGINNING])


def tells_of_absence(text: str) -> bool:
    """Whether a text has words of somebody who is away, or says that it is an automatic answer."""
    if len(text) > _LONG:
        return False
    beginning = _beginning(text)
    return bool(_RETURN.search(beginning)) or _answers_for_itself(beginning[:500], answers=False)


def tells_of_nobody(text: str) -> bool:
    """Whether a text says that nobody reads here, now or any more."""
    return len(text) <= _LONG and bool(_GONE.search(_beginning(text)))


def _asks(text: str) -> bool:
    """Whether a person writes about our automatic answers: a question or what he got, above what he got or without."""
    own = not tells_of_absence(text) or is_person_about(_beginning(text), _is_programs)
    return bool(_ASKS.search(_beginning(text))) and own


def _is_away(subject: str, beginning: str, *, answers: bool) -> bool:
    """Whether a subject like *Frånvaro* stands above a notice; *SV: Frånvaro* answers ours to a parent."""
    if answers:
        return not _REPLY.match(subject)
    away = _RETURN.search(beginning) or _URGENT.search(beginning)
    return bool(away) and not (PERSONAL.search(beginning) or _says_more(beginning))


def _says_more(text: str) -> bool:
    """Whether a clause of a text says something besides being away and whom to turn to: *… och stranden är smutsig*."""
    clauses = [clause for clause in _CLAUSE_END.split(text) if len(clause.split()) >= 3 and _VERB.search(clause)]
    return not all(any(known.search(clause) for known in (_RETURN, _URGENT, _GONE, _POLITE)) for clause in clauses)


def _answers_for_itself(beginning: str, *, answers: bool) -> bool:
    """Whether a text begins by saying that no person wrote it."""
    lower = beginning.lower()
    if not any(sign in lower for sign in _ANSWER_SIGNS):
        return False
    if _ANSWER.search(beginning):
        return True
    return bool(_BY_MACHINE.search(beginning)) and (answers or is_taken_in(beginning))


def _is_notice(beginning: str) -> bool:
    """Whether nobody reads an answer, somebody is away and says whom to turn to, or a letter stands in a queue."""
    if is_ticket(beginning):
        return True
    if not _RETURN.search(beginning) or PERSONAL.search(beginning):
        return False
    # Who thanks for a letter and says nothing but that he is away is seldom a person.
    return bool(_URGENT.search(beginning)) or (thanks_only(beginning) and not _says_more(beginning))


def _is_reply_to_one(subject: str, text: str) -> bool:
    own = not tells_of_absence(text) or is_person_about(_beginning(text), _is_programs)
    return bool(_ANSWERED.match(subject)) and own


def _is_programs(sentence: str) -> bool:
    """Whether a sentence alone is one of an absence notice or of another answer that no person wrote."""
    own = _ANSWER.search(sentence) or _BY_MACHINE.search(sentence) or _RETURN.search(sentence)
    gone = _GONE.search(sentence) and _POLITE.search(sentence)
    return bool(own or gone or _URGENT.search(sentence)) or is_notices(sentence)
