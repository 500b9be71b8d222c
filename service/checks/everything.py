"""All that ``lyhord check`` tries, in order; each check stands alone, and one that fails stops no other."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial

from cases.calendar import local_day
from cases.ports import Clock
from config import InvalidSettings, Settings, load
from config.problems import Problem
from service.bootstrap import build, letter_renderer
from service.checks.alarms import check_alarms
from service.checks.antivirus import check_antivirus
from service.checks.backup import check_backup
from service.checks.choices import check_accessibility, check_addresses, check_letters, check_logo
from service.checks.database import check_database, has_shape
from service.checks.line import CheckLine, guarded
from service.checks.login import check_login
from service.checks.machine import check_clock, check_disk
from service.checks.mailbox import check_mailbox
from service.checks.model import check_model
from service.checks.paper import check_paper
from service.checks.people import check_people
from service.checks.secrets import check_secrets
from service.checks.smtp import check_smtp
from service.checks.units import check_units
from service.installation.login import login_settings
from service.installation.model_room import model_folder
from service.mail_doors import mailboxes, smtp_server

_SETTINGS = "Inställningarna"
_BUG = "Felet är okänt; rapportera det med utskriften från lyhord --verbose check."


def check_all(source: str, environ: Mapping[str, str], *, clock: Clock) -> Iterator[CheckLine]:
    """Every line, as each is known. Without valid settings nothing else can be tried."""
    try:
        settings = load(source, environ)
    except InvalidSettings as error:
        yield from map(_problem, error.problems)
        return
    units = len(settings.organisation.units)
    yield CheckLine(_SETTINGS, True, f"{source} är rätt skriven ({settings.municipality.name}, {units} enheter)")
    for name, check, remedy in _checks(settings, clock):
        yield from guarded(name, check, remedy)


def _problem(problem: Problem) -> CheckLine:
    place = f"{problem.file_and_line}, {problem.key}" if problem.key else problem.file
    said = f"{place} = {problem.value}" if problem.value else place
    return CheckLine(_SETTINGS, False, f"{said}: {problem.what.rstrip('.')}", problem.remedy)


Check = tuple[str, Callable[[], Iterator[CheckLine]], str]


def _checks(settings: Settings, clock: Clock) -> Iterator[Check]:
    url = settings.database.url.reveal()
    yield "Adresserna", partial(check_addresses, settings), _BUG
    yield "Hemligheterna", partial(check_secrets, settings), _BUG
    yield "Tillgänglighetsredogörelsen", partial(check_accessibility, settings), _BUG
    for box, chosen in zip(mailboxes(settings, clock), settings.mailboxes, strict=True):
        yield f"Brevlådan {chosen.id}", partial(check_mailbox, box, chosen.poll_seconds), _BUG
    yield "SMTP", partial(check_smtp, settings.smtp, smtp_server(settings.smtp, clock).token), _BUG
    if settings.antivirus.socket:
        yield "Virusskyddet", partial(check_antivirus, settings.antivirus), _BUG
    yield "Databasen", lambda: check_database(url, clock()), _BUG
    yield "Personerna", lambda: _people(settings, local_day(clock())), _BUG
    yield (
        "Modellen",
        partial(check_model, model_folder(settings), str(settings.classifier.embedder)),
        "Bygg om den med lyhord train.",
    )
    oidc = login_settings(settings).oidc
    if oidc:
        yield "Kommunens inloggning", partial(check_login, oidc, settings.desk.base_url, clock), _BUG
    if settings.municipality.logo:
        yield "Logotypen", partial(check_logo, settings), "Rätta municipality.logo."
    yield "Brevmallarna", partial(_letters, settings), "Rätta mallarna i letters.template_folder."
    yield "Brev på papper", partial(check_paper, settings.paper), _BUG
    yield "Säkerhetskopiorna", lambda: check_backup(settings, clock()), _BUG
    yield "Driftlarm", partial(check_alarms, settings.alarms), _BUG
    yield "Disken", partial(check_disk, url, settings.alarms.disk_mebibytes), _BUG
    yield "Klockan", check_clock, _BUG


def _people(settings: Settings, today: date) -> Iterator[CheckLine]:
    """Who can log in; a database file that is not there is left alone, and told of by its own check."""
    if not has_shape(settings.database.url.reveal()):
        yield CheckLine("Personerna", False, "kan inte läsas utan databas", "Rätta det som står om databasen först.")
        return
    store = build(settings).store
    try:
        yield from check_people(store, today, outside=settings.login.provider == "oidc")
        yield from check_units(settings.database.url.reveal(), store, settings.organisation)
    finally:
        store.close()


def _letters(settings: Settings) -> Iterator[CheckLine]:
    # A check creates nothing: without a database there is no text of the desk's either.
    there = has_shape(settings.database.url.reveal())
    renderer = build(settings).renderer if there else letter_renderer(settings)
    yield from check_letters(renderer, settings.letters.languages)
