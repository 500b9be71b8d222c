"""Letters that have waited too long, in or out, or that nobody could read: for the page and the alarms alike."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.ports import Tx
from config.operation import AlarmSettings
from service.bootstrap import House
from service.installation.drop_folders import drop_folders
from service.monitoring.alarm import Alarm
from service.notes import MAIL_SERVER, PAPER_STATE, age, moment_of, note_of
from storage.queries.watch import Standing

_SERVER_AWAY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class _Stage:
    """Where letters wait: the stage as ``Standing`` calls it, and what is said of one that waits too long."""

    stage: str
    key: str
    name: str
    doing: str
    remedy: str
    minutes: Callable[[AlarmSettings], int]


_STAGES = (
    _Stage(
        "read",
        "queue",
        "Inkomna brev",
        "läsas",
        "Läs tjänstens logg (journalctl -u lyhord): den säger varför. Går tjänsten inte, starta den. Inget är borta.",
        lambda chosen: chosen.queue_minutes,
    ),
    _Stage(
        "suggest",
        "suggest",
        "Förslagen",
        "få förslag",
        "Kör lyhord check; modellen kan saknas.",
        lambda chosen: chosen.queue_minutes,
    ),
    _Stage(
        "send",
        "outbox",
        "Utkorgen",
        "skickas",
        "Kör lyhord check. Säger den att SMTP är i ordning, står serverns svar vid breven i utkorgen.",
        lambda chosen: chosen.outbox_minutes,
    ),
)


def letters_waiting(tx: Tx, house: House, asked: Standing, now: datetime) -> Iterator[Alarm]:
    """An alarm for each stage where the oldest letter has waited too long, or no mail server takes any."""
    away = _server_away(tx, now) if "send" in asked.oldest else ""
    for stage in _STAGES:
        at = asked.oldest.get(stage.stage)
        if stage.stage == "send" and away:
            yield Alarm(stage.key, stage.name, away, stage.remedy, confirm=True)
        elif at is not None and now - at > timedelta(minutes=stage.minutes(house.settings.alarms)):
            text = f"det äldsta brevet har väntat i {age(now - at)} på att {stage.doing}"
            yield Alarm(stage.key, stage.name, text, stage.remedy, confirm=True)


def papers_waiting(tx: Tx, house: House, now: datetime) -> Iterator[Alarm]:
    """An alarm where what lies in the scanner's folder has not been taken care of for too long, on any machine."""
    patience = timedelta(minutes=house.settings.alarms.poll_minutes)
    for folder in drop_folders(house.settings):
        note = note_of(tx.setting(PAPER_STATE + folder.id))
        done = moment_of(note, "done")
        if done is not None and now - done <= patience:
            continue
        text = f"allt i den togs om hand senast för {age(now - done)} sedan" if done else "har inte kunnat tas om hand"
        why = note.get("error", "").rstrip(".")
        remedy = f"Se efter i {folder.folder}, och kör lyhord check. Det som är för stort: dela det och skanna om."
        yield Alarm("paper", "Skannerns mapp", f"{text} ({why})" if why else text, remedy, confirm=True)


def _server_away(tx: Tx, now: datetime) -> str:
    """Why no letter leaves, where none has for some minutes; empty else."""
    note = note_of(tx.setting(MAIL_SERVER))
    since = moment_of(note)
    if since is None or now - since <= _SERVER_AWAY:
        return ""
    return f"inget brev har kunnat skickas på {age(now - since)} ({note['error'].rstrip('.')})"


def quarantined(asked: Standing) -> Iterator[Alarm]:
    """Letters that wait for a person, for nobody else could read them; told anew of one more beside an old one."""
    if asked.quarantined:
        text = f"{asked.quarantined} brev kunde inte läsas och väntar på en människa"
        remedy = "Öppna karantänen på skrivbordet, pröva igen eller registrera."
        yield Alarm("quarantine", "Karantänen", text, remedy, degree=asked.quarantined)
