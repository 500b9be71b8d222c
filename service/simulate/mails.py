"""The mails of a simulated year, byte for byte as they come from outside: letters, replies, robots, bounces."""

from email.message import EmailMessage

from service.simulate.records import Left

_TEXTS = {
    "sv": "Hej! Det gäller {word}. Det fungerar inte som det ska och har inte gjort det på länge. Kan ni se över det?",
    "en": "Hello, this is about {word}. It has not been working for a long time. Could you please look into it?",
    "fi": "Hei! Asia koskee {word}. Se ei ole toiminut pitkään aikaan. Voisitteko tarkistaa sen?",
    "ar": "مرحبا، يتعلق الأمر بـ {word}. لم يعمل منذ فترة طويلة. هل يمكنكم النظر فيه؟",
}
_BOUNCE = """\
From: MAILER-DAEMON@mejl.example
To: {to}
Subject: Undelivered Mail Returned to Sender
Message-ID: <b{number}@mejl.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="part"

--part
Content-Type: text/plain

The message could not be delivered.
--part
Content-Type: message/delivery-status

Reporting-MTA: dns; mejl.example

Final-Recipient: rfc822; {lost}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 unknown

--part
Content-Type: text/rfc822-headers

Message-ID: {message_id}
To: {lost}

--part--
"""
OUT_OF_OFFICE = "Jag har semester och läser inte min e-post. Jag svarar när jag är tillbaka."


def letter(word: str, language: str, sender: str, to: str, number: int) -> bytes:
    """A citizen's letter."""
    return _plain(sender, to, f"Angående {word}", _TEXTS[language].format(word=word), f"<m{number}@mejl.example>")


def reply(left: Left, sender: str, text: str, number: int) -> bytes:
    """A citizen's answer to a letter of ours, with our words below as most programs do."""
    quoted = "\n".join(f"> {line}" for line in left.text.splitlines()[:6])
    body = f"{text}\n\nDen 1 januari skrev kommunen:\n{quoted}\n"
    return _plain(sender, left.reply_to, f"Sv: {left.subject}", body, f"<r{number}@mejl.example>", left.message_id)


def vacation(left: Left, sender: str, number: int, *, marked: bool) -> bytes:
    """A mailbox answers by itself; an unmarked one does not say so, and threads nothing."""
    ours = left.message_id if marked else ""
    extra = {"Auto-Submitted": "auto-replied"} if marked else {}
    return _plain(sender, left.reply_to, "Frånvarande", OUT_OF_OFFICE, f"<v{number}@mejl.example>", ours, extra)


def newsletter(to: str, number: int) -> bytes:
    """A mailing list's letter, which nobody answers."""
    extra = {"List-Id": "<nyheter.lista.example>", "Precedence": "bulk"}
    sender = "nyheter@lista.example"
    return _plain(sender, to, "Nyhetsbrev", "Månadens nyheter.", f"<n{number}@lista.example>", "", extra)


def bounce(left: Left, to: str, number: int) -> bytes:
    """The other server's report that a letter could not be delivered (RFC 3464)."""
    return _BOUNCE.format(to=to, number=number, lost=left.to, message_id=left.message_id).replace("\n", "\r\n").encode()


def _plain(
    sender: str,
    to: str,
    subject: str,
    body: str,
    message_id: str,
    in_reply_to: str = "",
    extra: dict[str, str] | None = None,
) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"], made["Message-ID"] = sender, to, subject, message_id
    if in_reply_to:
        made["In-Reply-To"] = in_reply_to
        made["References"] = in_reply_to
    for name, value in (extra or {}).items():
        made[name] = value
    made.set_content(body)
    return made.as_bytes()
