"""Who is a letter's correspondent: its sender, the citizen behind a form, or the one whose letter was passed on."""

import re
from dataclasses import dataclass

from cases.case import Channel, Party
from cases.errors import NotAllowed
from cases.inbound.authenticity import failed
from cases.inbound.forms import FormAnswers
from cases.inbound.messages import InboundMessage, Mailaddress
from cases.office import Office
from cases.ports import Tx

_NO_REPLY = ("noreply", "no-reply", "donotreply", "do-not-reply", "svara-inte", "mailer-daemon", "postmaster")
_PASSED_ON = re.compile(r"(?:\s{0,5}(?:vb|fw|fwd|vl|wg)\s{0,2}:){1,5}\s{0,5}", re.IGNORECASE)
_FORGED = "Avsändarens adress kunde inte bekräftas (DMARC). Inget skickas dit automatiskt eller med e-post."
_DEAF = "Avsändarens adress tar inte emot svar."
_UNWANTED = "Avsändaren vill inte ha svar."
_CARRIED = "Brevet är vidarebefordrat av en medarbetare, och avsändaren är läst ur det."
_CARRIED_WITHOUT = "Brevet är vidarebefordrat av en medarbetare, men avsändarens adress står inte i det."
_STRANGE_FORM = "Brevet ser ut att komma från ett formulär, men det kunde inte bekräftas."
_UNREAD_FORM = "Inga av formulärets uppgifter kändes igen, så avsändaren är okänd."


@dataclass(frozen=True, slots=True)
class Correspondent:
    """Whom a case is with, and how it came. ``doubt`` and ``refused`` are ``sender_doubt`` and ``mail_refused``."""

    party: Party
    channel: Channel
    subject: str
    refused: str = ""
    doubt: str = ""
    forwarded_by: str = ""


def correspondent(tx: Tx, message: InboundMessage, office: Office) -> Correspondent:
    """Who wrote, as far as a machine may say: what is only claimed by another is held in doubt for a registrator."""
    if message.form is not None:
        return _of_form(message, message.form, office)
    if passed_on(tx, message, office) and message.forwarded_from is not None:
        return _of_forward(message, message.forwarded_from)
    party = _sender(message, office)
    return Correspondent(party, Channel.EMAIL, message.subject, refused=mail_refused(party, message))


def passed_on(tx: Tx, message: InboundMessage, office: Office) -> bool:
    """Whether a member of staff passes on somebody else's letter.

    A mail that only pretends to be from staff (DMARC failed) is nobody's forward, and a letter of our own that comes
    back is no citizen's.
    """
    writer = message.forwarded_from
    if writer is None or failed(message.auth) or not is_staff(tx, message.from_addr, office):
        return False
    return writer.addr.lower() not in (*office.own_addresses, message.from_addr.lower())


def is_staff(tx: Tx, address: str, office: Office) -> bool:
    """Whether an address is a user's, or lies in a domain of the municipality's own; a claim, good enough to ask."""
    domain = address.rpartition("@")[2].lower()
    return bool(domain) and (domain in office.internal_domains or tx.user_by_email(address) is not None)


def mail_refused(party: Party, message: InboundMessage) -> str:
    """Why no mail may go to this sender, or empty."""
    if failed(message.auth):
        return _FORGED
    return _DEAF if is_deaf(party.email) else ""


def is_deaf(address: str) -> bool:
    """Whether an address says itself that nobody reads it."""
    return address.lower().partition("@")[0].startswith(_NO_REPLY)


def is_address(text: str) -> bool:
    """Whether a text is one whole e-mail address and nothing else."""
    local, _, domain = text.rpartition("@")
    return bool(local) and "." in domain and not any(sign.isspace() or sign in "<>,;" for sign in text)


def checked_address(text: str, office: Office) -> str:
    """An e-mail address as somebody typed it, or nothing. Raises NotAllowed where it is none, or our own mailbox."""
    email = text.strip()
    if email and not is_address(email):
        raise NotAllowed("E-postadressen är inte hel. Skriv den som namn@mejl.example, eller lämna fältet tomt.")
    if email.lower() in office.own_addresses:
        raise NotAllowed("Adressen är kommunens egen brevlåda. Skriv adressen till den som har skrivit brevet.")
    return email


def _sender(message: InboundMessage, office: Office) -> Party:
    """Whom to answer: Reply-To where it is given and is not ourselves (RFC 5322 3.6.2), else From."""
    reply_to = message.reply_to.lower()
    email = reply_to if reply_to and reply_to not in office.own_addresses else message.from_addr
    return Party(name=message.from_name, email=email)


def _of_forward(message: InboundMessage, writer: Mailaddress) -> Correspondent:
    party = Party(name=writer.name, email=writer.addr)
    return Correspondent(
        party,
        Channel.EMAIL,
        _PASSED_ON.sub("", message.subject, count=1) or message.subject,
        refused=_DEAF if is_deaf(writer.addr) else "",
        doubt=_CARRIED if writer.addr else _CARRIED_WITHOUT,
        forwarded_by=message.from_addr,
    )


def _of_form(message: InboundMessage, form: FormAnswers, office: Office) -> Correspondent:
    """The citizen as the form names them; where nobody vouches for the form, a person confirms them first."""
    # Whoever types our own address into a form must not make us write to ourselves.
    email = "" if form.email.lower() in office.own_addresses else form.email
    subject = form.subject or form.category or message.subject
    doubt = "" if form.proven else _STRANGE_FORM
    if not form.understood:
        return Correspondent(Party(), form.channel, subject, doubt=_UNREAD_FORM)
    if form.anonymous:
        return Correspondent(Party(anonymous=True), form.channel, subject, doubt=doubt)
    party = Party(name=form.name, email=email, phone=form.phone, address=form.address)
    refused = _UNWANTED if not form.answer_wanted else _DEAF if is_deaf(email) else ""
    return Correspondent(party, form.channel, subject, refused=refused, doubt=doubt)
