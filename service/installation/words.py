"""The municipality's own facts as letters say them: promises as sentences, addresses, links."""

from collections.abc import Sequence
from dataclasses import dataclass

from cases.calendar import swedish_date
from cases.promises import Counting, Promise, PromiseKind
from config import RoutineSettings, Settings

_COUNTS = ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")
_COUNTS_EN = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def letter_constants(settings: Settings) -> dict[str, str]:
    """What every letter of this municipality can say (``notifier.constants.CONSTANTS``)."""
    place, links = settings.municipality, settings.links
    home = settings.organisation.authorities[settings.organisation.home_authority]
    return {
        "kommun": place.name,
        "kommun_webb": place.web,
        "kommun_telefon": place.phone,
        "kommun_adress": place.postal_address or place.visiting_address,
        "dso": place.dpo_contact,
        "svarslofte": promise_sentence(settings.promises, delay_notice=settings.letters.delay_notice),
        "svarslofte_en": promise_sentence_en(settings.promises, delay_notice=settings.letters.delay_notice),
        "gdpr_lank": links.privacy,
        "gallring": _retention_text(settings),
        "synpunkt_lank": links.form or links.information,
        "blankett_lank": links.paper_form,
        **home.in_letters(place.name),
    }


def _retention_text(settings: Settings) -> str:
    if not settings.retention.years:
        return "Uppgifterna sparas så länge som lagen och kommunens gallringsbeslut säger."
    return f"Uppgifterna gallras {settings.retention.years} år efter att ärendet har avslutats."


def adopted_sentence(routine: RoutineSettings) -> str:
    """Who adopted the routine, when, and where it stands (O28); empty where the settings say none of it."""
    whose = f" av {routine.adopted_by}" if routine.adopted_by else ""
    when = f" den {swedish_date(routine.adopted_on)}" if routine.adopted_on else ""
    if whose or when:
        reference = f" ({routine.reference})" if routine.reference else ""
        return f"Rutinen ”{routine.name}” antogs{whose}{when}{reference}."
    return f"Rutinen ”{routine.name}” har diarienummer {routine.reference}." if routine.reference else ""


@dataclass(frozen=True, slots=True)
class _Saying:
    """How a language says what is promised; days as one and as many, ``{}`` is how long."""

    counts: Sequence[str]
    days: tuple[str, str]
    working_days: tuple[str, str]
    status: str
    answer: str
    delay: str
    nothing: str


_SWEDISH = _Saying(
    _COUNTS,
    ("dag", "dagar"),
    ("arbetsdag", "arbetsdagar"),
    "Inom {} får du veta hur det går med ditt ärende.",
    "Vi svarar dig inom {}.",
    "Behöver vi mer tid får du veta det, och vem som har hand om ärendet.",
    "Vi hör av oss till dig.",
)
_ENGLISH = _Saying(
    _COUNTS_EN,
    ("day", "days"),
    ("working day", "working days"),
    "Within {} we will tell you how your case is going.",
    "We will answer you within {}.",
    "If we need more time, we will tell you so, and who is dealing with your case.",
    "You will hear from us.",
)


def promise_sentence(promises: Sequence[Promise], *, delay_notice: bool) -> str:
    """``Vi svarar dig inom tre arbetsdagar.``, ``Inom tio dagar får du veta …``: what the profile promises, no more."""
    return _sentence(_SWEDISH, promises, delay_notice=delay_notice)


def promise_sentence_en(promises: Sequence[Promise], *, delay_notice: bool) -> str:
    """The same in English."""
    return _sentence(_ENGLISH, promises, delay_notice=delay_notice)


def _sentence(saying: _Saying, promises: Sequence[Promise], *, delay_notice: bool) -> str:
    said = []
    for promise in promises:
        if promise.kind is PromiseKind.STATUS:
            said.append(saying.status.format(_days(promise, saying)))
        elif promise.kind is PromiseKind.ANSWER:
            said.append(saying.answer.format(_days(promise, saying)))
            said += [saying.delay] * delay_notice
    return " ".join(said) or saying.nothing


def _days(promise: Promise, saying: _Saying) -> str:
    number = saying.counts[promise.days] if promise.days < len(saying.counts) else str(promise.days)
    words = saying.working_days if promise.counting is Counting.WORKING else saying.days
    return f"{number} {words[promise.days != 1]}"
