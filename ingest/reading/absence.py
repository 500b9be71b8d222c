"""The words of absence notices and other automatic answers, in the languages we meet."""

import re

from ingest.reading.patterns import alternatives

# What only programs put first in a subject.
_CERTAIN_WORDS = alternatives(r"""
    auto(?:matic|mated|matically generated)?[ -]?(?:reply|response|responder|answer|acknowledge?ment)
    out[ -]of[ -](?:the[ -])?office(?: (?:auto)?(?:reply|response|notice|message|notification))?|ooo|oof
    away from (?:my|the|his|her) (?:mail|office|desk)
    autosvar|auto[ -]svar|automatsvar|automatiskt? ?svar|automatisk (?:besvarelse|svarmelding)
    frånvaro(?:meddelande|assistent|hanterare)|semester(?:svar|meddelande)|ledighets(?:svar|meddelande)
    ej på kontoret|inte på kontoret|ute från kontoret|borta från kontoret
    fravær(?:smelding|sbesked|sassistent|sbeskjed)|ute av kontoret|ikke på kontoret|ude af kontoret
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
    trả lời tự động|ตอบกลับอัตโนมัติ|balasan otomatis|پاسخ خودکار|स्वचालित (?:उत्तर|जवाब)
    automatinis pranešimas|automatinis atsakymas|samodejni odgovor|automatski odgovor|automatsko odgovaranje
""")
# What a parent who reports a sick child writes as well: only with a sign in headers or text.
_LIKELY_WORDS = alternatives(r"""
    (?:i am |i'm )?(?:currently )?(?:on )?(?:vacation|annual leave|parental leave|maternity leave|holiday)\
    (?: (?:reply|notice|message|response))?|absence|absent|away
    frånvaro|frånvarande|semester(?:hälsning)?|(?:jag (?:är|har) )?(?:på )?semester
    föräldraledig|tjänstledig|tjänsteresa|ledig|borta
    (?:är )?(?:ej|inte) (?:på plats|i tjänst|anträffbar)|(?:i am |i'm )?(?:currently )?on leave
    fravær|fraværende|ikke til stede|ikke på jobb|på ferie|ferie|bortreist
    poissa(?:olo)?|lomalla|olen lomalla
    abwesend|abwesenheit|urlaub|im urlaub|nicht im haus|außer haus|afwezig(?:heid)?|niet aanwezig
    en congé|en vacances|ausencia|ausente|de vacaciones|fuori sede|assenza|assente|ausência|férias
    nieobecno[śs][ćc]|urlop|nepřítomnost|odsotnost|отсутствие|в отпуске|відпустка|إجازة
""")
_PREFIX = r"\W{0,5}(?:(?:re?|sv|vs|aw|antw|ang|odp|tr|res|rv)\s?:\s{0,3}){0,2}[\s\[(*!#]{0,5}"
_BEHIND = r"(?=\s{0,3}(?:$|[:：\-–—|\](,.!/]|re:|sv:|until|till|t\.?o\.?m|fram|from|bis|vom|\d|auto|er\b|is\b))"
_CERTAIN = re.compile(
    rf"{_PREFIX}(?:{_CERTAIN_WORDS}){_BEHIND}"
    r"|.{0,150}(?:\bis (?:currently )?out of (?:the )?office\b|\bout of office (?:auto)?reply\b"
    # Set off by a sign: *Kommunens autosvar är på finska* is a person's.
    r"|[-–—:;|([/]\s{0,2}(?:autosvar|automatiskt svar|auto(?:matic)?[ -]?(?:reply|response))\b)"
    r"|(?-i:AUTO): .{3,120}\(.{3,40}\d{4}.{0,9}\)",  # Notes: "AUTO: Anna Lind är frånvarande (åter 2026-08-03)"
    re.IGNORECASE,
)
_LIKELY = re.compile(
    rf"{_PREFIX}(?:{_LIKELY_WORDS}){_BEHIND}|.{{0,80}}\b(?:is|är"
    r"|er) (?:currently )?(?:on (?:vacation|leave|holiday)|away"
    r"|frånvarande|på semester|på ferie)\b",
    re.IGNORECASE,
)
# What somebody who is away says of himself.
_RETURN_WORDS = alternatives(r"""
    (?:jag|vi) (?:är|har|kommer)\b.{0,60}\b(?:åter|tillbaka|semester|ledig\w{0,2}|frånvarande|tjänstledig|bortrest)
    \b(?:är|åter|tillbaka) (?:åter|tillbaka|i tjänst|på kontoret|(?:på |den )?(?:mån|tis|ons|tors|fre)?dag|den \d)
    (?:brådskande|akuta) (?:ärenden|frågor|fall).{0,40}\b(?:kontakta|ring|mejla|vänd)
    (?:jeg|vi) er\b.{0,60}\b(?:tilbake|tilbage|ferie|bortreist|fraværende|ude af|ute av)
    tilbage? (?:på|i|den|man|igen)
    olen (?:lomalla|poissa|vapaalla)|palaan|takaisin (?:töihin|toimistolla)
    \b(?:i am|i'm|i will be|we are) (?:\w{1,12} ){0,3}(?:away|out|back|on (?:\w{1,10} )?(?:leave|vacation|holiday))
    \b(?:return|back|returning) (?:on|in|to the office|monday)|limited access to
    for urgent (?:matters|issues|requests)
    ich bin (?:\w{1,12} ){0,4}(?:abwesend|zurück|erreichbar|urlaub)|bis zum \d.{0,40}(?:abwesend|urlaub|nicht)
    ik ben (?:\w{1,12} ){0,4}(?:afwezig|terug|bereikbaar)
    je (?:suis|serai) (?:\w{1,12} ){0,4}(?:absent|de retour|en congé)
    (?:estoy|estaré|estarei|estou|sono|sarò) (?:\w{1,12} ){0,4}(?:fuera|ausente|vacaciones|férias|\
    fora|fuori|assente|ferie)
    jestem (?:\w{1,12} ){0,4}(?:nieobecn\w{1,3}|na urlopie|poza)|wracam|wrócę|вернусь|в отпуске|повернусь|у відпустці
    سأعود|أنا في إجازة|خارج المكتب
""")
_RETURN = re.compile(_RETURN_WORDS, re.IGNORECASE)
_ANSWER_WORDS = alternatives(r"""
    this is an auto(?:matic|mated|matically[ -]generated)?[ -]?(?:reply|response|e-?mail response|acknowledge)
    i (?:am|will be) (?:currently )?(?:out of|away from) (?:the|my) (?:office|desk)
    i'm (?:currently )?(?:out of|away from) (?:the|my) office
    (?:detta|det här) är ett (?:automatiskt|autogenererat|automatgenererat|auto-?) ?(?:genererat )?svar
    this is an auto\w{0,12}(?: generated)? (?:message|e-?mail)\
    (?: that| to| which)? (?:confirm|acknowledg|let you know (?:that )?we)
    dette er (?:et )?(?:automatisk\w{0,3} ?(?:svar|besvarelse)|autosvar)|tämä on automaattinen vastaus
    dies ist eine automatische? antwort|ceci est une réponse automatique|esta es una respuesta automática
    to jest automatyczna odpowied[źz]|это автоматический ответ|це автоматична відповідь|هذا رد تلقائي
""")
_ANSWER = re.compile(_ANSWER_WORDS, re.IGNORECASE)
# One of these stands in each of them, and in few letters: they are looked for first, being a hundred times as quick.
_ANSWER_SIGNS = ("aut", "out of", "away from", "автомат", "تلقائي")
_LONG = 3_000
# A person answers an automatic answer with *SV:* before its subject; a program does not.
_ANSWERED = re.compile(rf"\s{{0,3}}(?:re|sv|vs|aw|ref|odp)\s?:\s{{0,3}}(?:{_CERTAIN_WORDS}){_BEHIND}", re.IGNORECASE)


def is_automatic_answer(subject: str, text: str, *, answers: bool) -> bool:
    """Whether subject and text are those of an absence notice or another answer that no person wrote.

    ``answers`` says that the mail names a mail it answers. A bare *Frånvaro* may come from a parent, so that it needs
    this, or words of somebody who is away; otherwise a citizen would be taken for a robot and never get an answer.
    """
    if _CERTAIN.match(subject) and not (answers and _is_reply_to_one(subject, text)):
        return True
    if len(text) > _LONG:
        return False
    if _LIKELY.match(subject) and (answers or _RETURN.search(text[:1500])):
        return True
    beginning = text[:500]
    lower = beginning.lower()
    return any(sign in lower for sign in _ANSWER_SIGNS) and bool(_ANSWER.search(beginning))


def _is_reply_to_one(subject: str, text: str) -> bool:
    return bool(_ANSWERED.match(subject)) and not (_RETURN.search(text[:1500]) or _ANSWER.search(text[:500]))
