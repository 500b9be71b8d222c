"""What the desk is told of this installation."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from cases.inbound.messages import Attachment, ScanState
from classifier.personal.masking import LetterMasker
from config import Settings
from desk.app import create_app
from desk.external.watching import WatchMiddleware
from desk.logo import DeskLogo
from desk.outside import ApiSettings, PublicSettings
from desk.settings import BoxView, DemoPerson, DeskSettings, LetterFields, RoutineSettings, VariableField
from ingest.reading.attachments import make_attachment
from notifier.paper import PaperPress
from notifier.variables import NEEDS, OWN_MEANINGS, VARIABLES, Filler
from reports.extract import extract_package
from service.bootstrap import House, public_url
from service.database import outage_words
from service.installation.login import login_settings
from service.installation.words import adopted_sentence, letter_constants
from service.monitoring.health import health_lines, unfetched
from service.monitoring.metrics import watch_settings
from service.processes.web import DeskServer
from service.reports import statistics_page
from service.retention import retention_rules
from service.whole_house import WholeHouse, scanner


def desk_settings(
    house: House,
    *,
    demo_banner: str = "",
    demo_people: Sequence[DemoPerson] = (),
    mailboxes_page: Callable[[], Sequence[BoxView]] | None = None,
) -> DeskSettings:
    """The desk's settings from the municipality's, with the letters' variables as labels for its forms."""
    chosen, logo = house.settings.desk, house.renderer.logo
    return DeskSettings(
        municipality=house.settings.municipality.name,
        secret=chosen.secret.reveal(),
        https_only=chosen.https_only,
        idle_minutes=chosen.session_idle_minutes,
        login=login_settings(house.settings),
        base_url=chosen.base_url,
        demo_banner=demo_banner,
        demo_people=demo_people,
        letter_fields=_letter_fields(),
        help_path=house.settings.links.staff_guide,
        mailboxes_page=mailboxes_page,
        health=partial(health_lines, house),
        unfetched=partial(unfetched, house),
        outage=outage_words,
        press=PaperPress(letter_constants(house.settings), logo=logo),
        masker=LetterMasker(),
        attach=_attach(house.settings),
        model=house.model,
        public=_public(house),
        api=_api(house),
        retention=retention_rules(house.settings),
        workshop=house.workshop,
        extract_package=lambda made, now: extract_package(made, house.settings.municipality.name, now),
        letter_languages=frozenset(house.settings.letters.languages) | {"sv"},
        logo=DeskLogo(logo.png, logo.width, logo.height, logo.src) if logo else None,
        routine=_routine(house.settings),
    )


def _letter_fields() -> LetterFields:
    optional = {
        kind: [name for name in needs.optional if VARIABLES[name].filler is not Filler.SYSTEM]
        for kind, needs in NEEDS.items()
    }
    known = {one.name: VariableField(one.meaning, one.filler) for one in VARIABLES.values()}
    return LetterFields(known, OWN_MEANINGS, optional)


def _routine(settings: Settings) -> RoutineSettings:
    cases = settings.cases
    return RoutineSettings(
        channels=cases.channels,
        refused=cases.refused_channels,
        sender_kinds=cases.sender_types,
        no_case_reasons=cases.not_a_case_reasons,
        adopted=adopted_sentence(settings.routine),
        threat_policy=settings.links.threat_policy,
    )


def _public(house: House) -> PublicSettings | None:
    """The public pages, where one of them is switched on."""
    chosen, place, links = house.settings.public, house.settings.municipality, house.settings.links
    if not (chosen.register or chosen.case_page):
        return None
    return PublicSettings(
        register=chosen.register,
        case_page=chosen.case_page,
        url=public_url(house.settings),
        indexable=chosen.indexable,
        areas=frozenset(chosen.areas),
        cache_seconds=60 * chosen.cache_minutes,
        per_minute=chosen.requests_per_minute,
        phone=place.phone,
        web=place.web,
        organisation_number=place.organisation_number,
        fault_report=links.fault_report,
        privacy=links.privacy,
        accessibility=links.accessibility,
        dpo_name=place.dpo_name,
        dpo_contact=place.dpo_contact,
    )


def _api(house: House) -> ApiSettings | None:
    chosen = house.settings.api
    if not chosen.enabled:
        return None
    return ApiSettings(
        description=chosen.description,
        per_minute=chosen.requests_per_minute,
        max_letter_bytes=chosen.max_letter_bytes,
        attach=_attach(house.settings),
        webhook_networks=chosen.webhook_networks,
    )


def _attach(settings: Settings) -> Callable[[str, str, bytes], Attachment]:
    return partial(_attachment, scanner(settings.antivirus))


def _attachment(scan: Callable[[bytes], ScanState] | None, name: str, declared: str, content: bytes) -> Attachment:
    """A file that somebody handed in; of an infected one nothing is kept but that it was there."""
    made = make_attachment(name, declared, content)
    state = scan(content) if scan else ScanState.NONE
    return replace(made, scan=state, content=b"" if state is ScanState.INFECTED else content)


def desk_server(
    house: WholeHouse,
    *,
    demo_banner: str = "",
    demo_people: Sequence[DemoPerson] = (),
    mailboxes_page: Callable[[], Sequence[BoxView]] | None = None,
) -> DeskServer:
    """The desk of this installation, not yet started: the same for a municipality and for the demonstration."""
    chosen = house.settings.desk
    app = create_app(
        store=house.store,
        office=house.office,
        classifier=house.stages.classifier(),
        clock=house.clock,
        settings=desk_settings(house, demo_banner=demo_banner, demo_people=demo_people, mailboxes_page=mailboxes_page),
        extra_pages=[statistics_page(house)],
    )
    app.add_middleware(WatchMiddleware, settings=watch_settings(house))
    return DeskServer(app, chosen.host, chosen.port, chosen.trusted_proxies)
