"""The municipality's own facts as letters say them: promises as sentences, addresses, links."""

from collections.abc import Sequence

from cases.calendar import swedish_date
from cases.promises import Counting, Promise, PromiseKind
from config import RoutineSettings, Settings

_COUNTS = ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")
_COUNTS_EN = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def letter_constants(settings: Settings) -> dict[str, str]:
    """What every letter of this municipality can say (``notifier.variables.CONSTANTS``)."""
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


def promise_sentence(promises: Sequence[Promise], *, delay_notice: bool) -> str:
    """``Vi svarar dig inom tre arbetsdagar.``, ``Inom tio dagar får du veta …``: what the profile promises, no more."""
    said = []
    for promise in promises:
        days = _days(promise, _COUNTS, ("dag", "dagar"), ("arbetsdag", "arbetsdagar"))
        if promise.kind is PromiseKind.STATUS:
            said.append(f"Inom {days} får du veta hur det går med ditt ärende.")
        elif promise.kind is PromiseKind.ANSWER:
            said.append(f"Vi svarar dig inom {days}.")
            said += ["Behöver vi mer tid får du veta det, och vem som har hand om ärendet."] * delay_notice
    return " ".join(said) or "Vi hör av oss till dig."


def promise_sentence_en(promises: Sequence[Promise], *, delay_notice: bool) -> str:
    """The same in English."""
    said = []
    for promise in promises:
        days = _days(promise, _COUNTS_EN, ("day", "days"), ("working day", "working days"))
        if promise.kind is PromiseKind.STATUS:
            said.append(f"Within {days} we will tell you how your case is going.")
        elif promise.kind is PromiseKind.ANSWER:
            said.append(f"We will answer you within {days}.")
            said += ["If we need more time, we will tell you so, and who is dealing with your case."] * delay_notice
    return " ".join(said) or "You will hear from us."


def _days(promise: Promise, counts: Sequence[str], calendar: Sequence[str], working: Sequence[str]) -> str:
    number = counts[promise.days] if promise.days < len(counts) else str(promise.days)
    words = working if promise.counting is Counting.WORKING else calendar
    return f"{number} {words[promise.days != 1]}"
