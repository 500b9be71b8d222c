"""Lines that say by themselves that a quoted or forwarded mail begins below, in many languages."""

import re

from ingest.reading.patterns import alternatives

_SEPARATOR = re.compile(
    r"[\s>]{0,6}(?:[-_=*–—~‐]{2,80}[^\n]{0,80}[-_=*–—~‐]{2,80}|_{5,120}|-{5,120}|\*{5,120}|={5,120})\s{0,5}"
    # Notes writes who, when, and how the mail began, above its headers.
    r"|[^\n-]{1,80} ?---\d[\d /.:-]{9,24}(?: ?[AaPp][Mm])?---[^\n]{0,150}"
)
_MARKER_WORDS = alternatives(r"""
    original(?:t|a)? ?(?:message|e-?mail|meddelande|mail)|reply message|begin forwarded message
    ursprungligt (?:meddelande|mail|e-?post\w{0,12})|ursprungliga meddelandet
    vidarebefordrat (?:meddelande|brev|mail|mejl|e-?post\w{0,12})
    börja[rn]? (?:på )?(?:det )?(?:vidarebefordrat|vidarebefordrade) (?:brev|mejl|meddelande(?:t)?)
    opprinnelig melding|oprindelig (?:meddelelse|besked|e-?mail|mail)|original melding
    videresendt (?:melding|meddelelse|besked|e-?post)|start på (?:den )?videresendte? \w{1,20}
    alkuperäinen viesti|edelleenlähetetty viesti|välitetty viesti
    ursprüngliche (?:nachricht|e-?mail)|original[- ]?(?:nachricht|mail)|weitergeleitete (?:nachricht|e-?mail)
    anfang der weitergeleiteten (?:nachricht|e-?mail)
    message (?:d'origine|original|transféré|initial)|début du message (?:transféré|réexpédié)
    messaggio (?:originale|inoltrato)|mensaje (?:original|reenviado)|inicio del mensaje reenviado|missatge original
    mensagem (?:original|encaminhada)|oorspronkelijk ?bericht|doorgestuurd bericht
    wiadomość (?:oryginalna|przekazana)|oryginalna wiadomość|původní (?:zpráva|e-?mail)|přeposlaná zpráva
    исходное сообщение|пересылаемое сообщение|перенаправленное сообщение|пересланное сообщение
    вихідне повідомлення|переслане повідомлення|αρχικό μήνυμα|orijinal (?:mesaj|ileti)|iletilen mesaj
    الرسالة الأصلية|رسالة م?عاد توجيهها|הודעה מקורית|הודעה שהועברה
    元のメッセージ|原始邮件|原始郵件|转发的邮件|轉寄郵件|원본 메시지|전달된 메시지
    eredeti üzenet|mesaj original|forwarded (?:message|mail|by)|inizio (?:del )?messaggio inoltrato
    início da mensagem (?:re)?encaminhada|begin doorgestuurd bericht|początek przekazywanej wiadomości
    originalt melding|opp(?:havleg|runnelig) (?:melding|e-?post)|vidaresendt? melding|upprunaleg skilaboð
    framsent skilaboð|wiadomość przesłana dalej|メッセージを転送
    začátek přeposílané zprávy|začiatok preposlanej správy|p[ôo]vodná správa
    preposlaná správa(?: --- forwarded message)?
    továbbított (?:üzenet|levél)(?: kezdete)?|începe mesajul redirecționat|mesaj redirecționat|mensagem reencaminhada
    message transmis|oryginalna treść|przekazana wiadomość|treść przekazanej wiadomości|algne kiri|edastatud kiri
    započni proslijeđenu poruku|proslijeđena poruka|(?:originalna|izvorna) poruka|оригинална порука|прослеђена порука
    izvirno sporočilo|posredovano sporočilo|оригинално (?:писмо|съобщение)|препратено (?:писмо|съобщение)
    pradinis laiškas|persiųstas laiškas|sākotnējā ziņa|pārsūtīta ziņa|mesazhi (?:origjinal|i përcjellë)
    iletil(?:en|miş) (?:ileti|mesaj)|ileti başlangıcı|початок листа, що пересилається
    перенаправлене повідомлення|початкове повідомлення|зыходны ліст|jatorrizko mezua|mensaxe (?:orixinal|reenviada)
    kemennadenn orinel|neges wreiddiol|teachtaireacht bhunaidh|oorspronklike boodskap|origine(?:el|le) bericht
    الرسالة الأصليَّة|پیام اصلی|मूल संदेश|ข้อความเดิม|tin nhắn (?:ban đầu|gốc)|pesan asli
    välitetty viesti alkaa|alkuperäinen viesti alkaa|переадресованное сообщение|начало переадресованного сообщения
""")
# Of small letters, for lines made small: to ignore case takes twice the time.
_ORIGINAL = re.compile(
    rf"[\s>*]{{0,8}}(?:[-_=*–—~‐]{{1,80}}\s{{0,3}})?\*{{0,2}}(?:{_MARKER_WORDS})(?: ?/ ?[a-z.]{{4,12}})?"
    r"\*{0,2}\s{0,3}(?:[-_=*–—~‐]{1,80}|[:：]|(?:processed |sent )?(?:by"
    r"|from) [^\n]{1,60})?\s{0,5}[-_=*–—~‐]{0,80}\s{0,3}",
)
_FORWARD_WORDS = alternatives(r"""
    forward|vidarebefordra|videresend|edelleenläh|välitetty|weitergeleitet|transféré|inoltrat|reenviad|encaminhad
    doorgestuurd|przekazan|przesłana|転送|пересыла|пересла|перенаправ
""")
_FORWARD = re.compile(_FORWARD_WORDS, re.IGNORECASE)
_REPLY_LINE = re.compile(
    r"(?:reply|respond|write|type|response|svara?|skriv|antwort\w{0,4}|vastaa|répon\w{0,4})\b.{0,50}"
    r"\b(?:above|below|ovanför|over|oberhalb|yläpuolelle|au-dessus)\b.{0,25}\b(?:line|rad\w{0,4}|linj\w{0,4}|zeile|linie|viivan|ligne)"
    r"(?P<tail>.{0,60})",
    re.IGNORECASE,
)
_REPLY_SIGNS = ("above", "below", "ovanför", "over", "oberhalb", "yläpuolelle", "au-dessus", "##-")
# Zendesk's, whose words are in the language of whoever runs it.
_ZENDESK = re.compile(r"\s{0,4}##- ?\S.{3,100}-##\s{0,4}")
_REPLY_FRAME = re.compile(r"\s{0,4}[#=*~_\[(>-]{2}|\s{0,4}(?:- ){2}")
_REPLY_TAIL = re.compile(r"[\W_]{0,30}(?:to [^\n]{1,50})?")
_GROUPWISE = re.compile(r">>> ?[^\n]{3,120}\d{1,2}[:.]\d{2}[^\n]{0,20}(?:>>>)?\s{0,3}")


def is_separator(line: str) -> bool:
    return len(line) < 200 and bool(_SEPARATOR.fullmatch(line))


def is_original_marker(line: str) -> bool:
    """Whether a line says that the original or forwarded mail begins."""
    return len(line) < 160 and bool(_ORIGINAL.fullmatch(line.replace("İ", "i").lower()))


def is_forward_marker(line: str) -> bool:
    return is_original_marker(line) and bool(_FORWARD.search(line))


def may_hold_reply_line(text: str) -> bool:
    """Whether a text has what none of its lines can be a ticket system's without; hardly any letter has."""
    small = text.lower()
    return any(sign in small for sign in _REPLY_SIGNS)


def is_reply_line(line: str) -> bool:
    """Whether a ticket system's line says that the answer goes above it: between signs, or with little else in it."""
    if len(line) >= 120:
        return False
    found = _REPLY_LINE.search(line)
    alone = found and found.start() <= 25 and (_REPLY_FRAME.match(line) or _REPLY_TAIL.fullmatch(found["tail"]))
    return bool(alone or _ZENDESK.fullmatch(line))


def is_groupwise(line: str) -> bool:
    """Whether a line is GroupWise's ``>>> Anna Lind 2026-11-03 08:00 >>>``, behind which the old mail follows bare."""
    return line.startswith(">>>") and len(line) < 200 and bool(_GROUPWISE.fullmatch(line))
