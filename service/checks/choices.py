"""Looks at choices that hold together only in part: addresses that answers come to, and the letters' templates."""

from collections.abc import Iterator, Sequence

from cases.numerals import count_words
from config import Settings
from notifier import TemplateRenderer
from service.checks.line import CheckLine
from service.installation.municipal_logo import municipal_logo

_MOST = 10
_NOWHERE, _NAMED = ".example", 5


def check_addresses(settings: Settings) -> Iterator[CheckLine]:
    """Whether answers and bounces come back to a mailbox that is read."""
    read = {address.lower() for box in settings.mailboxes for address in box.addresses}
    smtp = settings.smtp
    for key, what, address in (
        ("from_address", "Svar på breven", smtp.from_address),
        ("reply_address", "Svar med ärendenyckel", without_token(smtp.reply_address)),
        ("envelope_sender", "Studsar", smtp.envelope_sender),
    ):
        if address and address.lower() not in read:
            remedy = f"Skriv en adress ur en brevlådas addresses i smtp.{key}, eller lägg till den där."
            yield CheckLine(what, False, f"smtp.{key} hör inte till någon brevlåda som läses", remedy)
        elif address:
            yield CheckLine(what, True, f"smtp.{key} hör till en brevlåda som läses")
    yield from _made_up(settings)


def _made_up(settings: Settings) -> Iterator[CheckLine]:
    """The examples of ``lyhord init`` that a real municipality left in: nobody gets what is sent there (RFC 6761)."""
    staff = settings.organisation.addresses() | set(settings.alarms.mail_to)
    left = sorted(one for one in staff if one.lower().endswith(_NOWHERE))
    if left and not settings.smtp.from_address.lower().endswith(_NOWHERE):
        some = ", ".join(left[:_NAMED]) + (" …" if len(left) > _NAMED else "")
        text = f"{count_words(len(left), 'en adress', 'adresser')} är kvar från exemplet: {some}"
        yield CheckLine("Exempeladresser", False, text, "Skriv kommunens egna: ingen får brev till .example.")


def without_token(pattern: str) -> str:
    """The address that a reply address with its token belongs to: ``a+{token}@b`` is ``a@b``'s (RFC 5233)."""
    local, _, domain = pattern.rpartition("@")
    return f"{local.partition('{token}')[0].rstrip('+-')}@{domain}" if pattern else ""


def check_accessibility(settings: Settings) -> Iterator[CheckLine]:
    """Whether pages for the public lead to the statement that the law (2018:1937) asks for; none, no line."""
    public = settings.public
    if public.register or public.case_page or public.ask_if_helped:
        there = bool(settings.links.accessibility)
        text = "de öppna sidorna leder till den" if there else "de öppna sidorna leder inte till någon"
        remedy = "" if there else "Skriv adressen till kommunens redogörelse i links.accessibility. Lagen kräver den."
        yield CheckLine("Tillgänglighetsredogörelsen", there, text, remedy)


def check_logo(settings: Settings) -> Iterator[CheckLine]:
    """Whether the logo can be drawn, and how large it becomes. Raises LogoError."""
    logo = municipal_logo(settings)
    if logo is not None:
        size = f"{logo.width} × {logo.height} bildpunkter, {len(logo.png) / 1000:.0f} kB i varje brev"
        yield CheckLine("Logotypen", True, size)


def check_letters(renderer: TemplateRenderer, languages: Sequence[str]) -> Iterator[CheckLine]:
    """Faults in the letters, the municipality's own among them."""
    findings = renderer.lint()
    if not findings:
        yield CheckLine("Brevmallarna", True, f"inga fel i mallarna ({', '.join(languages)})")
    for finding in findings[:_MOST]:
        yield CheckLine("Brevmallarna", False, str(finding).rstrip("."), "Rätta mallen i letters.template_folder.")
    if len(findings) > _MOST:
        yield CheckLine("Brevmallarna", False, f"{len(findings) - _MOST} fel till", "Rätta de första och pröva igen.")
