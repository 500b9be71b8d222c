"""Settings → store, office, classifier: with ``mail_doors`` the one place that knows the real things."""

import gc
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path

import holidays

from cases.calendar import WorkingCalendar, local_day
from cases.inbound.messages import InboundMessage, ScanState
from cases.office import Office
from cases.ports import Clock, NewId
from cases.routing.suggestion import Classifier
from classifier.folder import DEFAULT_FOLDER, LETTERS
from classifier.local.model import LocalClassifier, Workshop
from classifier.model import SpacyClassifier
from classifier.personal.identity_numbers import find_identity_numbers
from classifier.personal.masking import LetterMasker
from config import Settings
from config.intake import AntivirusSettings, FormMailSettings
from ingest.antivirus import Clamd
from ingest.forms.source import FIELDS, FormSource
from ingest.intake import Intake
from notifier import TemplateRenderer
from notifier.logo import Logo
from notifier.workshop import TemplateWorkshop
from service.installation.learning import Learner
from service.installation.letter_texts import LiveTexts
from service.installation.model_room import ModelRoom
from service.installation.municipal_logo import municipal_logo
from service.installation.paper_room import PaperRoom
from service.installation.paper_setup import paper_room
from service.installation.words import letter_constants
from service.stages import Stages
from storage import SqlStore
from storage.search.analyse import analyse


def utc_now() -> datetime:
    """The clock of production."""
    return datetime.now(UTC)


def new_id() -> str:
    """A fresh id of production."""
    return uuid.uuid4().hex


@lru_cache(maxsize=32)
def swedish_days_off(year: int) -> frozenset[date]:
    """Public holidays and the eves that count as such; not skärtorsdag and klämdagar (Rulings, Calendar)."""
    return frozenset(holidays.country_holidays("SE", years=year, categories=("public", "de_facto")))


@dataclass(frozen=True, slots=True)
class House:
    """One municipality's installation, put together."""

    settings: Settings
    store: SqlStore
    renderer: TemplateRenderer
    office: Office
    stages: Stages
    clock: Clock
    new_id: NewId
    paper: PaperRoom
    workshop: TemplateWorkshop
    model: ModelRoom


def build(
    settings: Settings, *, clock: Clock = utc_now, new_id: NewId = new_id, always_in_service: bool = False
) -> House:
    """Put the house together; connects to nothing but the database file or server.

    ``always_in_service`` lets mail leave at any moment of any day, whatever the settings say.
    """
    store = SqlStore(settings.database.url.reveal(), analyser=analyse)
    texts = LiveTexts(store, time.monotonic)
    renderer = letter_renderer(settings, texts)
    workshop = texts.workshop = TemplateWorkshop(renderer)
    office = _office(settings, _calendar(settings, always=always_in_service), renderer, new_id, clock)
    shipped = model_folder(settings)
    loading = partial(load_classifier, shipped), partial(load_local, shipped)
    model = ModelRoom(settings, store, shipped, *loading)
    stages = Stages(store, office, reader(settings, renderer.logo), model.live.opened)
    paper = paper_room(settings, store, office, new_id)
    return House(settings, store, renderer, office, stages, clock, new_id, paper, workshop, model)


def letter_renderer(settings: Settings, texts: LiveTexts | None = None) -> TemplateRenderer:
    """The letters of the municipality: shipped, its folder's, and with ``texts`` what the desk has put over both."""
    folder = settings.letters.template_folder
    return TemplateRenderer(
        letter_constants(settings),
        overrides=[Path(folder)] if folder else [],
        approved_languages=settings.letters.languages,
        texts=texts,
        logo=municipal_logo(settings),
    )


def _calendar(settings: Settings, *, always: bool) -> WorkingCalendar:
    chosen = settings.calendar
    return WorkingCalendar(swedish_days_off, chosen.opens, chosen.closes, frozenset(chosen.closing_days), always)


def _office(
    settings: Settings, calendar: WorkingCalendar, renderer: TemplateRenderer, new_id: NewId, clock: Clock
) -> Office:
    return Office(
        organisation=settings.organisation,
        promises=settings.promises,
        calendar=calendar,
        renderer=renderer,
        new_id=new_id,
        case_pattern=settings.numbering.case,
        mail_domain=settings.smtp.from_address.rpartition("@")[2],
        desk_url=settings.desk.base_url.rstrip("/"),
        own_addresses=own_addresses(settings),
        internal_domains=frozenset(domain.lower() for domain in settings.letters.internal_domains),
        reply_pattern=settings.smtp.reply_address,
        receipts_per_day=settings.letters.receipts_per_day,
        auto_confirm_areas=frozenset(settings.classifier.auto_confirm_areas)
        if settings.classifier.auto_confirm
        else frozenset(),
        auto_confirm_confidence=settings.classifier.auto_confirm_confidence,
        forward_notice=settings.letters.forward_notice,
        department_head_copy=settings.letters.department_head_copy,
        delay_notice=settings.letters.delay_notice,
        delay_reason=settings.letters.delay_reason,
        delay_working_days=settings.letters.delay_working_days,
        remind_working_days=settings.letters.remind_working_days,
        alarm_after_minutes=settings.escalation.serious_minutes,
        alarm_on_serious=settings.escalation.on_serious,
        alarm_on_threat=settings.escalation.on_threat,
        lift_when_unhappy=settings.escalation.on_unhappy,
        lift_on_request=settings.escalation.on_request,
        quick_close=settings.cases.quick_close,
        unit_first=settings.cases.first_receiver == "unit",
        hallmarks=settings.reports.hallmarks,
        review_month=settings.routine.review_month,
        routine=settings.routine.name,
        today=lambda: local_day(clock()),
        outcome_roles={chosen.outcome: frozenset(chosen.roles) for chosen in settings.outcomes},
        receipt_without_model_minutes=settings.letters.receipt_wait_minutes,
        screen=screen,
        mask=LetterMasker().mask_people,
        analyse=analyse,
        constants=letter_constants(settings),
        box_authorities={box.id: box.authority for box in settings.mailboxes},
        public_url=public_url(settings) if settings.public.case_page else "",
        link_days=settings.public.link_days,
        ask_if_helped=settings.public.ask_if_helped,
        secret=settings.desk.secret.reveal().encode("utf-8"),
    )


def public_url(settings: Settings) -> str:
    """What the addresses of the public pages begin with."""
    return (settings.public.base_url or settings.desk.base_url).rstrip("/")


def own_addresses(settings: Settings) -> frozenset[str]:
    """Addresses that are ourselves and never answered."""
    read = (address.lower() for box in settings.mailboxes for address in box.addresses)
    return frozenset((*read, settings.smtp.from_address.lower()))


def screen(text: str) -> Sequence[str]:
    """What outgoing free text must not hold (Rulings: all outgoing free text passes the flag rules first)."""
    if any(True for _ in find_identity_numbers(text)):
        return ("Texten innehåller ett personnummer. Ta bort det innan du skickar.",)
    return ()


def reader(settings: Settings, logo: Logo | None = None) -> Callable[[bytes], InboundMessage]:
    """The reading of letters with this municipality's own servers, spam filter, forms, virus scanner and logo."""
    intake = settings.intake
    return Intake(
        own_servers=(*intake.own_servers, *intake.authserv_ids),
        spam_headers=intake.spam_headers,
        forms=tuple(_form(form) for form in settings.form_mails),
        scan=scanner(settings.antivirus),
        trusted_header=intake.trusted_header,
        own_files=frozenset({sha256(logo.png).hexdigest()} if logo else ()),
    )


def _form(form: FormMailSettings) -> FormSource:
    # The form's question for a heading is ``title`` in the file, where ``subject`` is the mail's.
    named = {name: getattr(form, "title" if name == "subject" else name) for name in FIELDS}
    return FormSource(
        id=form.id,
        senders=frozenset(sender.lower() for sender in form.senders),
        channel=form.channel_in,
        labels=named,
        subject=form.subject,
        machines=form.machines,
        ends=form.ends,
    )


def scanner(chosen: AntivirusSettings) -> Callable[[bytes], ScanState] | None:
    """What looks for viruses in a file; None where there is no scanner."""
    if not chosen.socket:
        return None
    return Clamd(chosen.socket, chosen.timeout_seconds, chosen.max_bytes, time.monotonic).scan


def model_folder(settings: Settings) -> Path:
    """The municipality's own model, or the shipped one."""
    return Path(settings.classifier.model_folder or DEFAULT_FOLDER)


@lru_cache(maxsize=2)
def load_classifier(folder: Path) -> Classifier:
    """The classifier of a folder, loaded once. Raises ModelError."""
    return SpacyClassifier.load(folder)


def load_local(shipped: Path, folder: Path) -> Classifier:
    """A model that learnt from the municipality's own letters; the shipped one is let go, for both are too much."""
    load_classifier.cache_clear()
    return LocalClassifier.load(folder, shipped=shipped)


def learner(house: House) -> Learner:
    """What trains a challenger in this house."""
    shipped = model_folder(house.settings)
    workshop = Workshop(LETTERS, shipped, shipped / "embedding", partial(LocalClassifier.load, shipped=shipped))
    tree = house.office.organisation
    return Learner(house.store, tree, house.model.shelf, workshop, LetterMasker().mask, house.new_id)


def warm_up() -> None:
    """Load word lists and calendars now: their first use takes up to seconds, and must not do so in a transaction."""
    analyse("start")
    swedish_days_off(utc_now().year)


def settle() -> None:
    """Let the garbage collector leave alone what stands now and stays: to look it through cost 5 % of a letter."""
    gc.collect()
    gc.freeze()
