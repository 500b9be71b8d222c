"""A mail from a known form becomes the citizen's letter, if it surely comes from there; else it waits for a person."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from ipaddress import ip_address, ip_network

from cases.inbound.authenticity import failed, proven
from cases.inbound.forms import FormAnswers
from cases.inbound.messages import InboundMessage, MessageKind
from ingest.forms.answers import answers, recognised
from ingest.forms.lines import read_lines
from ingest.forms.records import read_records
from ingest.forms.source import FormSource, Pair
from ingest.forms.tables import read_tables

_ENOUGH = 3
_LABELS = (("Plats", "place"), ("Ärendetyp", "category"))


def with_form(message: InboundMessage, sources: Sequence[FormSource]) -> InboundMessage:
    """The message with the answers of the form that sent it, and as its words what the citizen wrote.

    A mail that fails DMARC only pretends to be a form's and is left as it is. One that nothing speaks for is read, but
    ``proven`` says that a person has to confirm the sender.
    """
    source = _source(message, sources)
    if source is None or failed(message.auth) or message.kind is MessageKind.BOUNCE:
        return message
    sure = proven(message.auth, message.from_addr) or _from_inside(message, source)
    if message.kind is MessageKind.SPAM and not sure:
        return message
    form = _with_reply_to(answers(source, _pairs(message, source), proven=sure), message)
    words = _words(form) if form.text else message.message or message.text
    return replace(message, form=form, message=words, kind=MessageKind.CITIZEN)


def _source(message: InboundMessage, sources: Sequence[FormSource]) -> FormSource | None:
    sender, subject = message.from_addr.lower(), message.subject.casefold()
    fitting = (s for s in sources if sender in s.senders and subject.startswith(s.subject.casefold()))
    # The one with the most to say of the subject knows the mail best.
    return max(fitting, key=lambda source: len(source.subject), default=None)


def _from_inside(message: InboundMessage, source: FormSource) -> bool:
    """Whether every machine the own servers got it from is one of the form's own, or the servers' very selves."""
    machines = message.handed_in_by
    return bool(source.machines) and bool(machines) and all(_within(m, source.machines) for m in machines)


def _within(machine: str, networks: Sequence[str]) -> bool:
    try:
        address = ip_address(machine)
    except ValueError:
        return False
    return address.is_loopback or any(address in ip_network(network, strict=False) for network in networks)


def _pairs(message: InboundMessage, source: FormSource) -> list[Pair]:
    """What a file says is surest, then a table; lines can be imitated by the citizen's own text, so they come last."""
    known = source.known()
    readers: tuple[Callable[[], list[Pair]], ...] = (
        lambda: read_records(message.attachments),
        lambda: read_tables(message.html, known),
        lambda: read_lines(message.text, known),
    )
    best: list[Pair] = []
    for read in readers:
        found = read()
        if recognised(found, source) > recognised(best, source):
            best = found
        if recognised(best, source) >= _ENOUGH:
            break
    return best


def _with_reply_to(form: FormAnswers, message: InboundMessage) -> FormAnswers:
    """Some forms name the citizen in ``Reply-To`` alone."""
    if form.email or form.anonymous or not message.reply_to or message.reply_to.lower() == message.from_addr.lower():
        return form
    return replace(form, email=message.reply_to)


def _words(form: FormAnswers) -> str:
    told = [f"{label}: {value}" for label, name in _LABELS if (value := getattr(form, name))]
    return "\n\n".join(piece for piece in (form.text, "\n".join(told)) if piece)
