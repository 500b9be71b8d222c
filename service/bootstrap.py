"""Settings → store, office, letters: the house in which commands and pages work, without the rooms that read letters.

With ``whole_house`` and ``mail_doors`` the one place that knows the real things.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from unicodedata import category, normalize

import holidays

from cases.calendar import WorkingCalendar, local_day
from cases.office import EscalationRules, LetterRules, Office
from cases.ports import Clock, NewId
from classifier.personal.identity_numbers import find_identity_numbers
from config import EscalationSettings, LetterSettings, Settings
from notifier import TemplateRenderer
from notifier.workshop import TemplateWorkshop
from service import late
from service.clock_and_ids import new_id, utc_now
from service.installation.letter_texts import LiveTexts
from service.installation.model_room import ModelRoom, model_folder
from service.installation.municipal_logo import municipal_logo
from service.installation.words import letter_constants
from storage import SqlStore


@lru_cache(maxsize=32)
def swedish_days_off(year: int) -> frozenset[date]:
    """Public holidays and the eves that count as such; not skärtorsdag and klämdagar (Rulings, Calendar)."""
    return frozenset(holidays.country_holidays("SE", years=year, categories=("public", "de_facto")))


@dataclass(frozen=True, slots=True)
class House:
    """One municipality's installation, put together: all but the rooms where letters are read."""

    settings: Settings
    store: SqlStore
    renderer: TemplateRenderer
    office: Office
    clock: Clock
    new_id: NewId
    workshop: TemplateWorkshop
    model: ModelRoom


def build(
    settings: Settings, *, clock: Clock = utc_now, new_id: NewId = new_id, always_in_service: bool = False
) -> House:
    """Put the house together; connects to nothing but the database file or server, and loads no model.

    ``always_in_service`` lets mail leave at any moment of any day, whatever the settings say.
    """
    store = SqlStore(settings.database.url.reveal(), analyser=late.analyse)
    texts = LiveTexts(store, time.monotonic)
    renderer = letter_renderer(settings, texts)
    workshop = texts.workshop = TemplateWorkshop(renderer)
    office = _office(settings, _calendar(settings, always=always_in_service), renderer, new_id, clock)
    shipped = model_folder(settings)
    model = ModelRoom(
        settings, store, shipped, partial(late.load_classifier, shipped), partial(late.load_local, shipped)
    )
    return House(settings, store, renderer, office, clock, new_id, workshop, model)


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
    chosen = settings.classifier
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
        letters=_letter_rules(settings.letters),
        escalation=_escalation(settings.escalation),
        auto_confirm_areas=frozenset(chosen.auto_confirm_areas if chosen.auto_confirm else ()),
        auto_confirm_confidence=chosen.auto_confirm_confidence,
        quick_close=settings.cases.quick_close,
        unit_first=settings.cases.first_receiver == "unit",
        hallmarks=settings.reports.hallmarks,
        review_month=settings.routine.review_month,
        routine=settings.routine.name,
        today=lambda: local_day(clock()),
        outcome_roles={chosen.outcome: frozenset(chosen.roles) for chosen in settings.outcomes},
        screen=screen,
        mask=late.mask_people,
        analyse=late.analyse,
        constants=letter_constants(settings),
        box_authorities={box.id: box.authority for box in settings.mailboxes},
        public_url=public_url(settings) if settings.public.case_page else "",
        link_days=settings.public.link_days,
        ask_if_helped=settings.public.ask_if_helped,
        secret=settings.desk.secret.reveal().encode("utf-8"),
    )


def _letter_rules(chosen: LetterSettings) -> LetterRules:
    return LetterRules(
        receipts_per_day=chosen.receipts_per_day,
        receipt_wait_minutes=chosen.receipt_wait_minutes,
        notices_per_sender=chosen.notices_per_sender,
        notices_per_hour=chosen.notices_per_hour,
        forward_notice=chosen.forward_notice,
        department_head_copy=chosen.department_head_copy,
        delay_notice=chosen.delay_notice,
        delay_reason=chosen.delay_reason,
        delay_working_days=chosen.delay_working_days,
        remind_working_days=chosen.remind_working_days,
    )


def _escalation(chosen: EscalationSettings) -> EscalationRules:
    return EscalationRules(
        on_serious=chosen.on_serious,
        on_threat=chosen.on_threat,
        on_unhappy=chosen.on_unhappy,
        on_request=chosen.on_request,
        serious_minutes=chosen.serious_minutes,
    )


def public_url(settings: Settings) -> str:
    """What the addresses of the public pages begin with."""
    return (settings.public.base_url or settings.desk.base_url).rstrip("/")


def own_addresses(settings: Settings) -> frozenset[str]:
    """Addresses that are ourselves and never answered."""
    read = (address.lower() for box in settings.mailboxes for address in box.addresses)
    return frozenset((*read, settings.smtp.from_address.lower()))


def screen(text: str) -> Sequence[str]:
    """What outgoing free text must not hold (Rulings: all outgoing free text passes the flag rules first).

    What is copied from a PDF or a web page has signs that nobody sees, and digits that are others than they look.
    """
    seen = "".join(sign for sign in normalize("NFKC", text) if category(sign) != "Cf")
    if any(True for _ in find_identity_numbers(seen)):
        return ("Texten innehåller ett personnummer. Ta bort det innan du skickar.",)
    return ()
