"""Header blocks that begin a quoted or forwarded mail: ``Från: Skickat: Till: Ämne:`` in many languages."""

import re

from ingest.reading.quoted.foreignblocks import is_any_label
from ingest.reading.quoted.markers import is_original_marker, is_separator

_LABELS = {
    "from": """
        from,från,fra,frá,von,da,de,van,od,lähettäjä,от,от кого,від,від кого,feladó,gönderen,kimden,expéditeur,remitente
        mittente,afzender,absender,avsender,avsändare,sender,nadawca,odesílatel,odosielateľ,από,من,מאת,差出人,发件人,寄件者
        發件人,보낸사람,보낸 사람,từ,saatja,nuo,no,
        frå,expeditorul,отправитель,de la,šalje,из,dari,จาก,از,ji,寄件人,pošiljatelj
        送信元,a de,kellelt,nork,gönderen,од,nga,kutoka,منجانب,प्रेषक""",
    "date": """
        date,datum,dato,data,fecha,sent,sent on,sent at,skickat,skickad,skickat den,sendt,send
        gesendet,verzonden,envoyé
        envoyé le,date d'envoi,enviado,enviado el,enviado em,enviada el,inviato,wysłano,data wysłania,lähetetty,päiväys
        päivä,odesláno,odoslané,отправлено,дата,надіслано,gönderildi,gönderme tarihi,tarih,ημερομηνία,στάλθηκε
        التاريخ,تاريخ,أرسلت,تم الإرسال,נשלח,תאריך,送信日時,日期,发送时间,發送時間,보낸 날짜,날짜,küldve,dátum,received
        mottaget,poslano,saadetud,ngày,trimis,gesendet am,
        send,trimis,寄件日期,寄件時間,poslato,изпратено,nosūtīts,išsiųsta,enviat,đã gửi,dikirim,ส่งเมื่อ,วันที่,ارسال
        تاریخ,elküldve
        gönderilme tarihi,wysłane,enviada em,enviado en,تاريخ الإرسال,ارسال شده,послато,испратено,dërguar,imetumwa
        日付,gönderilen,відправлено
        ส่ง,bidaltze-data,bidalia,بھیجا,भेजा गया,saatmise aeg,päivämäärä,lähetysaika,nosūtīšanas datums
        dată,odoslané dňa,reçu,datums,дата и час,tanggal,hatiye şandin""",
    "to": """
        to,till,til,an,à,a,para,aan,do,vastaanottaja,кому,куда,címzett,kime,προς,إلى,الى,אל,宛先,收件人
        받는사람,받는 사람
        destinataire,destinatario,destinatário,empfänger,mottagare,modtager,mottaker,recipient,komu,către,saaja,adresat,
        收件者,prima,za,за,до,adressaat,kam,kam:,per a,tới,đến,kepada,ถึง,به,ji bo,vastuvõtja,gavėjas
        送信先,destinatarul,pre,pour,kellele,adresāts,iki,nori,për,kwa,بنام,प्रति""",
    "subject": """
        subject,ämne,emne,betreff,objet,oggetto,asunto,assunto,onderwerp,temat,aihe,předmět,predmet,тема,konu,θέμα
        الموضوع,נושא,件名,主题,主題,제목,tárgy,ärende,rubrik,subiect,chủ đề,teema,efni,
        主旨,naslov,zadeva,относно,tēma,tema,subjek,perihal,เรื่อง,موضوع,mijar,assumpte,chủ đề,temat,hal
        subiectul,sujet,gaia,ชื่อเรื่อง,mada,विषय""",
    "cc": """
        cc,kopia,kopi,kopie,копия,copie,copia,dw,bcc
        másolat,másolatot kap,bilgi,копія,kópia,copie à
        копие,копија,коп,nakala,kopje,kopija,koopia,รับสำเนา,สำเนา,प्रतिलिपि,نقل,رونوشت,副本,抄送,참조,afrit
        reply-to,reply to,svara till,antwort an,kopio,ответить,importance
        prioritet,priority,attachments,bilagor,bifogade filer,bilaga,anlagen,vedlegg,sensitivity,wichtigkeit""",
}
_ROLE = {
    word.strip(): role
    for role, words in _LABELS.items()
    for line in words.split("\n")
    for word in line.split(",")
    if word.strip()
}
# A letter, or one of the vowel signs that Hindi and Thai set above and below theirs; what it is besides is no label.
_LETTER = r"[^\x00-@\[-`{-\xbf\u2000-\u206f\u3000-\u303f：]"
_LINE = re.compile(
    rf"[\s>*_|]{{0,12}}([^\W\d_]{_LETTER}{{0,24}}(?:[ '’/-]{_LETTER}{{1,14}}){{0,2}})\*?\s{{0,3}}[:：]\s?\*?(.*)"
)
_MAIL_LINE = re.compile(r"[\s*\"]{0,4}[^\n<>@]{0,80}<[^<>\s]{3,120}@[^<>\s]{3,120}>\s{0,4}")
_NOTES_TIME = re.compile(
    r"\s{0,10}\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4} \d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?[AaPp][Mm])?\s{0,5}"
)
# A mail's date has its time of day, which somebody who writes such lines himself leaves out.
_WHEN = re.compile(
    r"\d[:h时：]\s?\d\d|(?<![\d.])\d?\d\.\d\d(?![.\d])|\d ?[ap]\.?m\b|下午|上午|오전|오후", re.IGNORECASE
)
_ANSWERS = re.compile(
    r"[^:：]{1,30}[:：]\*?\s{0,3}(?:re|sv|svar|vs|aw|antw|odp|fw|fwd|vb|wg|tr|ynt)\s?:", re.IGNORECASE
)
_COLUMN = re.compile(r"\t| {2,80}")
_SENT = re.compile(
    r"[\s>*_|]{0,12}(?:sent|skicka[td]|sendt|gesendet|verzonden|envoyé|enviad[oa]|inviato|wysłan[oey]|lähetetty|odeslán[oa]"
    r"|odoslané|отправлено|надіслано|відправлено|gönderil|στάλθηκε|تم الإرسال|נשלח|送信日時|发送时间|發送時間|보낸 날짜"
    r"|küldve|elküldve|poslano|poslato|trimis|寄件日期|изпратено|nosūtīts|išsiųsta|enviat|đã gửi"
    r"|dikirim|ส่ง(?:เมื่อ)?|saadetud|enviada|послато|испратено|dërguar|imetumwa|bidal|بھیجا|भेजा"
    r"|ارسال شده|تاريخ الإرسال)",
    re.IGNORECASE,
)
_LABEL_IN_LINE = re.compile(r"([^\W\d_]{1,14})\s?:")


def label_role(line: str) -> str:
    """Return which header a line like ``*Skickat:* den 3 maj`` is (from, date, to, subject, cc), or ``""``."""
    found = _LINE.match(line) if (":" in line or "：" in line) and len(line) < 1000 else None
    if not found:
        return ""
    word = " ".join(found.group(1).lower().split())
    return _ROLE.get(word, "")


def bare_role(line: str) -> str:
    """Return which header a line without a colon is, as eM Client writes them (``From "Anna" <anna@…>``), or ``""``."""
    word, _, value = line.strip(" >*").partition(" ")
    return _ROLE.get(word.lower(), "") if value and word[:1].isupper() else ""


def past_named(lines: list[str], at: int) -> int | None:
    """Return the line past headers of any kind, even one alone or without colons: behind a marker that is enough."""
    number = at
    while number < min(at + 8, len(lines)) and (label_role(lines[number]) or bare_role(lines[number])):
        number += 1
    return number if number > at else None


def find_notes_block(lines: list[str], at: int) -> int | None:
    """Return the line past a Lotus Notes block (labels without colons on lines of their own), or nothing.

    Notes puts the sender and the time above ``To``, ``cc`` and ``Subject``, each of which stands alone on its line.
    """
    line = lines[at]
    begins = _NOTES_TIME.fullmatch(line) or bare_label(line) or ("<" in line and _MAIL_LINE.fullmatch(line))
    if len(line) > 200 or not begins:
        return None
    roles = {bare_label(line): number for number, line in enumerate(lines[at : at + 16])}
    if "to" in roles and "subject" in roles and roles["to"] < roles["subject"]:
        return at + roles["subject"] + 1
    return None


def bare_label(line: str) -> str:
    """Return which header a label without a colon is, alone on its line or with its value far behind it, or ``""``."""
    label = _COLUMN.split(line.strip(" *>\t"), maxsplit=1)[0]
    return _ROLE.get(label.lower(), "") if len(label) < 30 else ""


def find_run_together(lines: list[str], at: int) -> int | None:
    """Return the line past several headers in one line, as web mails that lost line breaks write them, or nothing.

    Such a line may have been wrapped anew.
    """
    if lines[at].count(":") < 2 or len(lines[at]) > 1000 or len(_roles_within(lines[at])) < 2:
        return None
    for end in range(at + 1, min(at + 4, len(lines) + 1)):
        joined = " ".join(lines[at:end])
        if not lines[end - 1].strip() or len(joined) > 1000:
            return None
        if len(_roles_within(joined)) >= 3 and re.search(r"@|\d{1,2}[:.]\d\d", joined):
            return _past_labels(lines, end)
    return None


def _roles_within(line: str) -> set[str]:
    return {_ROLE[word] for word in _LABEL_IN_LINE.findall(line.lower()) if word in _ROLE}


def _past_labels(lines: list[str], at: int) -> int:
    while at < len(lines) and label_role(lines[at]):
        at += 1
    return at


def find_header_block(lines: list[str], at: int) -> int | None:
    """Return the line past the quoted header block that begins at ``at``, or nothing when none does.

    One line ``Från: …`` is prose, and so are a traveller's ``Från``, ``Till`` and ``Datum`` and a web form's lines:
    a mail's block has its sender's address, or the time of day and another sign, among three headers, or it says when
    it was *sent*.
    """
    if not label_role(lines[at]):
        return None
    roles: dict[str, str] = {}
    end, misses = at, 0
    for number in range(at, min(len(lines), at + 14)):
        line = lines[number]
        role = label_role(line)
        if role:
            roles.setdefault(role, line)
            end, misses = number + 1, 0
        elif not line.strip() and len(roles) >= 3 and not any(map(label_role, lines[number + 1 : number + 2])):
            break
        else:
            misses += 1  # a wrapped value, or an empty line between headers
            if misses > 2:
                break
    above = lines[max(0, at - 2) : at]
    marked = any(map(is_original_marker, above))
    announced = marked or any(map(is_separator, above))
    if not _is_block(roles, announced=announced, marked=marked) or (not announced and _is_listed(lines, at, end)):
        return None
    return None if not marked and _is_form(lines, at, end, roles) else end


def _is_listed(lines: list[str], at: int, end: int) -> bool:
    """Whether headers stand right below a sentence and nothing stands below them: somebody asks for such mails."""
    return bool(at and lines[at - 1].rstrip()[-1:] in tuple(".:!?")) and not any(map(str.strip, lines[end:]))


def _is_form(lines: list[str], at: int, end: int, roles: dict[str, str]) -> bool:
    """Whether another question with its answer stands right above or below, as in a web form's mail.

    Where headers say when a mail was *sent*, what follows them may be more headers in a language nobody knows here.
    """
    beside = [*lines[max(0, at - 1) : at], *lines[end : end + 1]]
    return not _SENT.match(roles.get("date", "")) and any(
        is_any_label(line) and not label_role(line) and "@" not in line for line in beside
    )


def _is_block(roles: dict[str, str], *, announced: bool, marked: bool) -> bool:
    """Whether headers found together are a mail's; ``announced`` by a line or ``marked`` by words, fewer are enough."""
    found = set(roles) - {"cc"}
    addressed = any("@" in line for line in roles.values())
    if _SENT.match(roles.get("date", "")):  # *Skickat: måndag* is enough with all the others
        return len(found) >= (2 if any(map(str.isdigit, roles["date"])) else 4)
    if announced and "from" in found and len(found) >= 2:
        return marked or addressed or "date" in found
    if len(found) >= 3:
        date = roles.get("date", "")
        timed = bool(_WHEN.search(date))
        made = timed or not date or date.lstrip().startswith("*") or "@" in roles.get("from", "")
        return (made and addressed) or ("subject" in found and (timed or bool(_ANSWERS.match(roles["subject"]))))
    return addressed and found == {"from", "date"}
