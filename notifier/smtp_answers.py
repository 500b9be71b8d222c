"""What a mail server's answers and silences mean for a letter, and how they are told.

What an answer means here (RFC 5321 §4.2.1, RFC 3463):

- 2yz after the final dot: the server has taken the letter over.
- 4yz: not now. 421 closing or overloaded, 450 mailbox busy or greylisted, 451 local error, 452 and 4.2.2 no room: try
  again.
- 5yz to RCPT or to the text: not this letter. 550 no such mailbox, 551 and 553 wrong mailbox, 554 refused by policy,
  552 too large or full. (Long ago 552 meant "too many recipients" and was to be retried; we send to one at a time, so
  it cannot mean that.) Trying the same again gets the same answer.
- 5yz to the greeting, EHLO, STARTTLS, AUTH or MAIL FROM, 530 or 535 to anything (log in first, RFC 4954 §6: the
  log-in has run out or was withdrawn), and Exchange Online's words for our own mailbox: the server does not want *us*.
  No letter is at fault: the pass stops, nobody's tries are used up, and the letters leave once the settings are mended.
- The connection lost before the last octet, the final dot's newline, was handed over: not accepted (RFC 5321
  §4.1.1.4), try again.
- The connection lost, or no intelligible answer, after it: nobody knows. ``uncertain``.
"""

import re
import smtplib
import ssl

from cases.errors import DeliveryError
from cases.faults import os_words
from notifier.mime import one_line

# From a word's first sign on only: what a stranger's server answers may be one word of any length.
_ANYONE = re.compile(r"(?<![^\s<>:,;\"'()])[^\s<>:,;\"'()]+@[^\s<>:,;\"'()]+")
_OURS = {
    "STARTTLS extension not supported by server.": "servern erbjuder inte STARTTLS",
    "SMTP AUTH extension not supported by server.": "servern tar inte emot inloggning på den här porten",
    "No suitable authentication method found.": "servern tar inte emot inloggning med lösenord",
}
"""smtplib's words, in ours."""
_LOGGED_OUT = (530, 535)
# Exchange Online says only of the text that our own mailbox is full, has sent its share of the day or may not write as
# `smtp.from_address`: its words for submission, not those of a receiver's mailbox that is full.
_OUR_MAILBOX = re.compile(rb"STOREDRV\.Submission\.Exception:(?:Submission)?QuotaExceeded|5\.2\.252 SendAsDenied")


class ServerUnavailable(DeliveryError):
    """The mail server cannot be used just now, or does not want us; it says nothing of any letter."""

    def __init__(self, message: str) -> None:
        super().__init__(message, retryable=True)


def refused(what: str, code: int, words: bytes) -> DeliveryError:
    """What to raise where ``what`` was answered by a code that is not the one to go on with."""
    if code in _LOGGED_OUT:
        return ServerUnavailable(f"E-postservern kräver inloggning: {code} {answer_words(words)}")
    if code >= 500 and _OUR_MAILBOX.search(words):
        return ServerUnavailable(f"E-postservern skickar inget från vår brevlåda: {code} {answer_words(words)}")
    return DeliveryError(f"{what}: {code} {answer_words(words)}", retryable=not 500 <= code < 600)


def uncertain(why: str) -> DeliveryError:
    """What to raise where nobody knows whether the letter was taken."""
    message = f"Ovisst om brevet togs emot: {why}. Fråga mottagaren, eller skicka igen."
    return DeliveryError(message, retryable=True, uncertain=True)


def answer_words(reply: bytes | str) -> str:
    """The server's words on one line, shortened, people's addresses left out."""
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return _ANYONE.sub("[adress]", one_line(text))[:200]


def fault_words(error: BaseException) -> str:
    """What went wrong with the connection, in Swedish where it is known, and without people's addresses."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {answer_words(error.smtp_error)}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certifikatet godkänns inte ({error.verify_message})"
    if "timed out" in str(error):
        return "inget svar i tid"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "servern lade på"
    words = os_words(error) if isinstance(error, OSError) else str(error)
    return _OURS.get(str(error)) or answer_words(words) or type(error).__name__
