"""Recognising bounces of all ages, and which of our letters they are about."""

import re
from dataclasses import replace

from cases.inbound.messages import Attachment, Bounce
from ingest.reading.automatic.above import is_person_about
from ingest.reading.automatic.bouncetext import Returned, own_words, read_prose, split_returned
from ingest.reading.automatic.dsn import is_receipt, read_report
from ingest.reading.found import Body
from ingest.reading.headers import Headers
from ingest.reading.patterns import alternatives
from ingest.reading.structure import Part

_SENDER = re.compile(
    r"mailer.?daemon|post.?master|mail.?deliver|mdaemon|mail.?administrator|delivery.?subsystem|daemon@|system.?administrator"
    r"|bounce|mail.?(?:system|service|server)|exchange|^microsoft outlook\b"
    r"|mailsweeper|interscan|imss|^\s*$|no.?reply.{0,40}delivery|undeliver",
    re.IGNORECASE,
)
_SUBJECT_WORDS = alternatives(r"""
    undeliver|not.{0,10}deliver|n't be deliver
    deliver\w{0,3} (?:status|fail|report|problem|notif|has failed|error|incomplete|delay)
    (?:fail|error|problem)\w{0,6}.{0,20}deliver|failure notice|delay\w{0,3} (?:mail|deliver)|nondeliver|non-deliver
    unable to deliver
    mail (?:delivery|system error|error|problem)
    (?:returned|returning|rejected|bounced|blocked|failed) (?:(?:e-?)?mail|message|to sender)
    (?:e-?mail|message) (?:\S{1,10} ){0,3}(?:status|blocked|delayed|returned|rejected|undelivered|bounced)
    returned to sender
    user unknown|unknown (?:user|recipient|address)|invalid (?:recipient|address)|mailbox (?:full|unavailable|over)
    over quota
    (?:error|problem|trouble) (?:while |in )?(?:sending|delivering|processing)|mail fail
    warning: (?:could not|message)|failed recipient|processing error|could not (?:be )?(?:deliver|send)
    (?:can|could) ?(?:not|n?['’]t) be sent
    oleverer|inte leverera|leverans\w{0,2} (?:försena|fördröj|misslycka)
    kunde inte (?:levereras|skickas)|(?:kan|går|gick) inte (?:att )?lever(?:era|eras)\b
    leveransfel|ej levererat|olever|avvisat
    (?:mejl|mail|brev|meddelande|e-post)\w{0,4} (?:kom|gick|nådde) inte fram
    leveransstatus
    kunne ikke leveres|kan ikke leveres|leveringsfejl|leveringsrapport|ikke levert|uleverbar
    unzustellbar|nicht zu(?:ge)?stell|zustell|fehlgeschlagen|toimitus|perillemeno|toimittamat|onbestelbaar|mislukt
    niet bezorg|toimittaminen ei|ei voi toimittaa
    non (?:remis|distribu)|échec|echec|mancata|non recapitabil|impossibile|devuelto|no se (?:puede|ha) |devolvid
    falha|no entreg
    niedostarcz|nie dostarcz|zwrot|zwróc|nedoruč|недостав|не доставлен|ошибка доставки|недоставл|kézbesít
    tes[lı]im edilem
    غير قابل للتسليم|تعذر تسليم|لم يتم تسليم|לא ניתן למסירה|לא נמסר|قابل تحویل نیست|تحویل داده نشد
    配信|送信|配達|退信|无法|無法|system notice
""")
_SUBJECT = re.compile(_SUBJECT_WORDS)  # of small letters, as _BODY is: to ignore case takes twice the time
_BODY_WORDS = alternatives(r"""
    (?:could|can|was|has|did|were|may|will) ?not (?:\w{1,12} ){0,3}(?:be )?(?:deliver|sent|reach|receiv|relay|accept)
    couldn't be|can't be deliver|unable to (?:\w{1,10} ){0,2}(?:deliver|relay|send|reach)|undeliver
    wasn't able to deliver|not able to deliver
    (?:permanent|fatal|transient|delivery|temporary) (?:\w{1,10} ){0,2}(?:error|fail)
    deliver\w{0,3} (?:\w{1,20} ){0,5}(?:failed|fail|delayed|rejected)
    (?:failed|fail|failure) to deliver|failed recipient|did not reach|failed to reach|not delivered
    not been delivered|non-deliver|nondeliver|error message below
    (?:no such|unknown|invalid|nonexistent|non-existent|disabled|inactive) (?:\w{1,10} ){0,2}(?:user|\
    recipient|mailbox|address|account|domain|addressee)
    (?:user|recipient|mailbox|address|account|host|addressee) (?:\w{1,10} ){0,3}(?:unknown|not found|\
    unavailable|disabled|full|invalid|rejected|does ?n.?t exist|exceed)
    (?:had )?(?:trouble|problems?|errors?) (?:\w{1,10} ){0,2}(?:deliver|send)|rejected recipient|incorrectly constructed
    over quota|quota exceeded|exceeded (?:its |the )?(?:quota|storage)|mailbox is full|returned (?:mail|message|to)
    has been returned|been rejected|was rejected
    message (?:\w{1,10} ){0,4}(?:bounced|rejected|blocked|refused)|qmail-send|transcript of session|retry timeout
    too many hops|mail loop
    kunde inte levereras|gick inte att (?:leverera|nå)|nådde inte (?:någon|några)
    (?:kan|kunde) inte nås?\b|kom inte fram till
    leverans\w{0,2} (?:\w{1,10} ){0,2}(?:misslyckades|försenat?s)|inte levererats|kunne ikke leveres
    nådde ikke (?:noen|nogen)|kan ikke nås:|konnte nicht zugestellt|nicht zugestellt werden
    nicht zustellbar|unzustellbar
    n'a pas p[ue]t? [eê]tre|impossible de|no se pudo|no se ha podido|não (?:foi|pôde)|non è stato possibile
    nie mog\w{1,4} (?:być|zostać)|kon niet|не удалось|не может быть доставлен
    ei (?:voitu|voi) toimittaa|toimi(?:tus|ttaminen) (?:epäonnistui|ei onnistunut)|не доставлено
    تعذر تسليم|لم يتم تسليم|לא נמסר|تحویل داده نشد
    配信できません|送信できません|お届けできません|届けられませんでした|存在しません|宛先不明|あて先が不明|\
    エラー
""")
_BODY = re.compile(_BODY_WORDS)
_ENHANCED = re.compile(r"(?<![\d.])[45]\.\d\.\d{1,3}(?![\d.])")
_CODES = re.compile(r"(?<![\d.])(?:[45]\.\d\.\d{1,3}(?![\d.])|(?:5[05]\d|4[25]\d)[ \-#(])")
# A server's whole answer (RFC 2034), the same in every language: "550 5.1.1 …".
_ANSWER = re.compile(r"(?<![\d.])[45]\d\d[ \-#]{1,2}[45]\.\d\.\d{1,3}(?![\d.])")
_FORWARDED = re.compile(r"\s*(?:vb|fw|fwd|wg|vs|tr|rv|i|doorst|pd|enc)\s?:", re.IGNORECASE)
_OURS = re.compile(
    r"^[> \t]{0,6}(?:x-)?(?:original-)?(?:message|msg)-id[ \t]{0,9}:[ \t]{0,9}\n?[ \t]{0,9}<?([^<>\s]{3,300})>?",
    re.IGNORECASE | re.MULTILINE,
)
# A person's letter about a bounce greets and signs; machines seldom do.
_HUMAN = re.compile(
    r"\A\s{0,20}(?:hej|hejsan|god ?(?:dag|morgon|kväll)|hello|dear|hei|moi)\b"
    r"|^\s{0,4}(?:mvh|m\.v\.h|med (?:vänlig|bästa)\w{0,3} \w{1,15}|vänlig(?:a|en)?\b.{0,20}"
    r"|hälsning\w{0,3}|/\s?[A-ZÅÄÖ]\w{1,20})\b.{0,30}$",
    re.IGNORECASE | re.MULTILINE,
)
# What reports tell whoever sent the mail, and what only a person says.
_TOLD = re.compile(
    r"\b(?:your|this|the) (?:e-?mail|mail|message|letter)\b|\bfollowing (?:recipient|address|user|e-?mail)"
    r"|\b(?:ditt|din|ert|er) (?:mejl|mail|e-?post|meddelande|brev)|\bföljande (?:mottagare|adress)"
    r"|\b(?:votre message|ihre (?:nachricht|e-?mail)|su mensaje|twoja wiadomość|ваше (?:письмо|сообщение))"
    r"|\b(?:viestiäsi|viestisi|e-posten din|meldingen din|din (?:e-?mail|besked|meddelelse))\b"
    r"|\bdeliver\w{0,3} to \S{3,150} (?:has )?failed"
)
_PERSON = re.compile(
    r"\?(?:\s|$)|\b(?:jag|mig|mitt|mina|vi|oss|vårt|våra|i(?!'m (?:afraid|sorry)|'ve given| wasn't)|my|me|we|jeg|ich"
    r"|mein\w{0,2}|wir|minä|je|mon|nous|я|мы|мне|мое|моё)\b"
)
_NOBODY = re.compile(r"(?:no|do-?not)-?reply", re.IGNORECASE)
_SERVER = re.compile(
    r"@|\b(?:deliver\w{0,3}|mail (?:system|server|delivery)|mailer\W?daemon|server\w{0,3}|program|postmaster|host"
    r"|automat\w{0,12}|recipients?|mottagare\w{0,1}|leverans\w{0,3}|levere\w{1,4}|vastaanottaja\w{0,3}|empfänger\w{0,2})\b"
)
_ENOUGH = 4
_HEADERS = 20_000
_REPORTED = re.compile(rb"^final-recipient:", re.IGNORECASE | re.MULTILINE)


def is_bounce(headers: Headers, body: Body, root: Part, sender: str, subject: str) -> bool:
    """Whether a mail reports on the delivery of another one.

    A standard report decides by itself. Without one, several weak signs have to come together: a machine's sender, an
    empty return path, what subject and text say, SMTP codes, a returned mail. A forwarded bounce is a person's mail,
    and so is a report that somebody put into his letter.
    """
    if is_receipt(root.params.get("report-type", ""), body.reports):
        return False
    reported = any("final-recipient:" in r.lower() or "reporting-mta:" in r.lower() for r in body.reports)
    if (reported and root.content_type == "multipart/report") or headers.has("x-failed-recipients"):
        return True
    if reported or _reports(body, "\n".join(body.texts)):
        return bool(_machine_signs(headers, sender)) or not _PERSON.search(_beginning(body).lower())
    return _signs(headers, body, sender, subject) + 3 * (root.content_type == "multipart/report") >= _ENOUGH


def _signs(headers: Headers, body: Body, sender: str, subject: str) -> int:
    """Weigh the signs of a bounce without a standard report."""
    machine = _machine_signs(headers, sender)
    points = machine + 2 * bool(_SUBJECT.search(subject.lower()))
    if not points:
        return 0  # what the text says is not enough alone
    text = _beginning(body)
    returned = bool(body.nested or body.returned or split_returned("\n".join(body.texts)).headers)
    if not (machine or returned or "@" in text or _ENHANCED.search(text)):
        return 0  # meals and parcels are not delivered either
    if not machine and not _tells_its_sender(text, sender):
        return 0  # somebody writes about what came back to him
    points += 2 * bool(_BODY.search(text.lower())) + bool(_CODES.search(text)) + returned
    points += bool(machine and _ANSWER.search(text))
    answered = headers.has("in-reply-to") and not _SENDER.search(_without_domain(sender))
    points -= 2 * bool(_HUMAN.search(text))
    path = headers.text("return-path").strip("<> \t").lower()
    # Somebody's letter about parcels or meals names no address, and comes back to himself.
    points -= 2 * ("@" not in text and bool(path) and path == sender.rpartition(" ")[2].lower())
    return points - 3 * bool(_FORWARDED.match(subject)) - 2 * answered


def _machine_signs(headers: Headers, sender: str) -> int:
    """Weigh what says that a server sent a mail: its sender, its empty return path, ``auto-replied (failure)``."""
    nobody = headers.has("return-path") and headers.text("return-path").strip("<> \t").lower() in ("", "mailer-daemon")
    failure = "failure" in headers.text("auto-submitted").lower()
    return 2 * bool(_SENDER.search(_without_domain(sender))) + 2 * nobody + 2 * failure


def _beginning(body: Body) -> str:
    """Return the beginning of what a mail itself says."""
    return own_words("\n".join(body.texts))[:6000]


def _tells_its_sender(text: str, sender: str) -> bool:
    """Whether a text says to whoever sent a mail what became of it, and nothing that only a person says."""
    lower = text.lower()
    if _PERSON.search(lower) or is_person_about(lower, _is_servers):
        return False
    return bool(_NOBODY.search(sender) or _TOLD.search(lower))


def _is_servers(sentence: str) -> bool:
    """Whether a sentence is a mail server's own: it names a mail, a server's answer, or what servers are called."""
    return any(words.search(sentence) for words in (_TOLD, _ENHANCED, _SERVER))


def _without_domain(sender: str) -> str:
    """Return a sender's name and mailbox: a firm's domain may have any word in it."""
    mailbox, sign, domain = sender.rpartition("@")
    return mailbox + sign or domain


def read_bounces(headers: Headers, body: Body, subject: str, own: tuple[str, ...]) -> tuple[Bounce, ...]:
    """Return what a bounce says of each recipient: from its report parts, else out of its prose.

    ``own`` are the addresses the bounce itself was sent from and to, which are not the ones that failed.
    """
    text = f"{subject}\n\n" + "\n".join(body.texts)
    returned = split_returned(text)
    recipients = _returned_recipients(body, returned)
    reports = _reports(body, text) or [file.content[:_HEADERS].decode("utf-8", "replace") for file in _told_in(body)]
    bounces = [bounce for report in reports for bounce in read_report(report)]
    if not any("@" in bounce.recipient for bounce in bounces):
        failed = (
            tuple(re.split(r"[,\s]+", headers.text("x-failed-recipients").strip()))
            if headers.has("x-failed-recipients")
            else ()
        )
        prose = read_prose(returned.words, own=own, recipients=recipients, failed=failed)
        bounces = _completed(bounces, prose)
    original = _original_id(headers, body, returned)
    return tuple(dict.fromkeys(replace(b, original_message_id=original) for b in bounces))


def _reports(body: Body, text: str) -> list[str]:
    """Return the report parts, or the text where a report's fields stand in it because its parts got lost."""
    return body.reports or ([text] if re.search(r"^final-recipient:", text, re.IGNORECASE | re.MULTILINE) else [])


def _told_in(body: Body) -> list[Attachment]:
    """Return the files that a gateway made of a report's parts (``details.txt``)."""
    files = [f for f in body.attachments if f.content_type in ("text/plain", "application/octet-stream")]
    return [f for f in files if _REPORTED.search(f.content[:_HEADERS])]


def _completed(bounces: list[Bounce], prose: list[Bounce]) -> list[Bounce]:
    """Give the recipients found in the prose the status and action of a report that names no usable address."""
    if not bounces:
        return prose
    first = bounces[0]
    named = [replace(b, status=first.status or b.status, action=first.action or b.action) for b in prose if b.recipient]
    return named or bounces


def _returned_recipients(body: Body, returned: Returned) -> tuple[str, ...]:
    """Return the addresses the returned mail was sent to, where it came back with its headers."""
    values = [returned.field("to"), returned.field("cc")]
    for nested in body.nested:
        values += [nested.part.headers.text("to"), nested.part.headers.text("cc")]
    values += [Returned("", piece).field("to") for piece in body.returned]
    return tuple(re.findall(r"[^\s<>,;:\"()]{1,128}@[^\s<>,;:\"()]{1,255}", " ".join(values)))


def _original_id(headers: Headers, body: Body, returned: Returned) -> str:
    """Return the Message-ID of the letter that bounced: from the returned mail, else from what the bounce answers."""
    for nested in body.nested:
        found = nested.part.headers.text("message-id").strip("<> ")
        if found:
            return found
    nested_texts = [text for nested in body.nested for text in nested.body.texts]
    mails = [file.content[:_HEADERS].decode("latin-1") for file in body.attachments if file.name.endswith(".eml")]
    for piece in [*body.returned, returned.headers, *body.reports, *nested_texts, returned.words, *mails]:
        match = _OURS.search(piece)
        if match:
            return match.group(1)
    answered = headers.text("in-reply-to") or (headers.text("references").split() or [""])[-1]
    return answered.strip("<> ")
