"""Alarms of the running of the service: what is wrong now, told once to those in charge, and once when it is over."""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from cases.calendar import local_day, swedish_date
from cases.ports import Tx
from config import MailboxSettings
from service.bootstrap import House
from service.checks.copies import copies_line
from service.checks.database import sqlite_file
from service.checks.machine import size
from service.jobs import RULES, late_jobs
from service.monitoring.probe import SUBJECT, probe_late, probe_state
from service.notes import MAILBOX_STATE, age, longest_silence, moment_of, note_of
from storage.database.engine import open_engine, reading
from storage.queries.watch import Standing, standing

STATE = "alarms:state"
DATABASE = "database"
_SKEW_SECONDS = 120.0
_SETTLES = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that is wrong: ``key`` tells it from others, ``text`` what is seen, ``remedy`` what to do.

    It is told once, and once more whenever it reaches another ``degree``.
    """

    key: str
    name: str
    text: str
    remedy: str
    degree: str = "yes"


def conditions(house: House, now: datetime) -> list[Alarm]:
    """What is wrong now. Raises ``sqlalchemy.exc.SQLAlchemyError`` where the database does not answer."""
    url = house.settings.database.url.reveal()
    engine = open_engine(url)
    try:
        asked = standing(engine, now)
        skew = 0.0 if sqlite_file(url) else _server_skew(engine, house)
    finally:
        engine.dispose()
    with house.store.read() as tx:
        mailboxes = [_mailbox(tx, house, box, now) for box in house.settings.mailboxes]
        probe = _probe(tx, house, now)
        copies = copies_line(tx, house.settings, now)
    found = [*mailboxes, *_waiting(house, asked, now), _clock(asked.behind_seconds, skew), _disk(house)]
    found += [*_jobs(house, now), *_expiries(house, now), probe]
    if copies is not None and not copies.ok:
        found.append(Alarm("backup", copies.name, copies.text, copies.remedy))
    return [alarm for alarm in found if alarm is not None]


def _probe(tx: Tx, house: House, now: datetime) -> Alarm | None:
    chosen, state = house.settings.probe, probe_state(tx)
    if not probe_late(tx, chosen, now):
        return None
    if why := state.get("unsent"):
        text = f"det senaste provbrevet kunde inte skickas ({why.rstrip('.')})"
        remedy = f"Kör lyhord check. Går annan e-post, låt SMTP-servern skicka från {chosen.from_address}."
        return Alarm("probe", "Provbrev", text, remedy)
    passed = age(now - datetime.fromisoformat(state["sent_at"]))
    text = f"det senaste skickades för {passed} sedan och har inte blivit ett ärende"
    remedy = (
        f"Sök efter {SUBJECT} i brevlådan och dess skräppost. Ligger det där, kör lyhord doctor; annars följ det i "
        "SMTP-serverns logg."
    )
    return Alarm("probe", "Provbrev", text, remedy)


def _mailbox(tx: Tx, house: House, box: MailboxSettings, now: datetime) -> Alarm | None:
    note = note_of(tx.setting(MAILBOX_STATE + box.id))
    at = moment_of(note)
    patience = max(timedelta(minutes=house.settings.alarms.poll_minutes), longest_silence(box))
    # ``read`` is when it last went well; the note of a failure is written anew at each try.
    read = moment_of({"at": note.get("read", "")}) or (at if note.get("state") == "ok" else None)
    if read is not None and now - read <= patience:
        return None
    text = f"lästes senast för {age(now - read)} sedan" if read else "har inte kunnat läsas"
    return Alarm(f"mailbox:{box.id}", f"Brevlådan {box.id}", text, "Kör lyhord check; se om tjänsten och servern går.")


def _waiting(house: House, asked: Standing, now: datetime) -> Iterator[Alarm]:
    chosen = house.settings.alarms
    stages = (
        (
            "read",
            "Inkomna brev",
            "queue",
            chosen.queue_minutes,
            "läsas",
            "Se om tjänsten går: systemctl status lyhord.",
        ),
        (
            "suggest",
            "Förslagen",
            "suggest",
            chosen.queue_minutes,
            "få förslag",
            "Kör lyhord check; modellen kan saknas.",
        ),
        (
            "send",
            "Utkorgen",
            "outbox",
            chosen.outbox_minutes,
            "skickas",
            "Kör lyhord check; SMTP-servern kan vara nere.",
        ),
    )
    for stage, name, key, minutes, doing, remedy in stages:
        at = asked.oldest.get(stage)
        if at is not None and now - at > timedelta(minutes=minutes):
            yield Alarm(key, name, f"det äldsta brevet har väntat i {age(now - at)} på att {doing}", remedy)
    if asked.quarantined:
        text = f"{asked.quarantined} brev kunde inte läsas och väntar på en människa"
        yield Alarm("quarantine", "Karantänen", text, "Öppna karantänen på skrivbordet, pröva igen eller registrera.")


def _jobs(house: House, now: datetime) -> Iterator[Alarm]:
    """Jobs that ought to have gone long ago; where most of them stand still, it is the service that does."""
    late = late_jobs(house.store, now)
    remedy = "Se lyhord jobs, starta om tjänsten (systemctl restart lyhord) och läs dess logg."
    if len(late) > len(RULES) // 2:
        newest = max(job.at for job in late if job.at)
        yield Alarm("service", "Tjänsten", f"gick senast för {age(now - newest)} sedan", remedy)
        return
    for job in late:
        if job.at:
            yield Alarm(f"job:{job.key}", f"Jobbet {job.name}", f"gick senast för {age(now - job.at)} sedan", remedy)


def _clock(behind: float, skew: float) -> Alarm | None:
    off = max(behind, abs(skew))
    if off <= _SKEW_SECONDS:
        return None
    text = f"går {age(timedelta(seconds=off))} fel mot {'e-postservern' if off == behind else 'databasservern'}"
    return Alarm("clock", "Klockan", text, "Slå på tidssynkronisering (NTP) på maskinen.")


def _server_skew(engine: sa.Engine, house: House) -> float:
    with reading(engine) as connection:
        there: datetime = connection.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    return (there - house.clock()).total_seconds()


def _disk(house: House) -> Alarm | None:
    file = sqlite_file(house.settings.database.url.reveal())
    if file is None:
        return None
    free = shutil.disk_usage(file.parent).free
    if free >= house.settings.alarms.disk_mebibytes * 1024**2:
        return None
    return Alarm(
        "disk", "Disken", f"{size(free)} ledigt", "Frigör utrymme, eller flytta databasen till en större disk."
    )


def _expiries(house: House, now: datetime) -> Iterator[Alarm]:
    today = local_day(now)
    for one in house.settings.expiries:
        left = (one.day - today).days
        if left <= house.settings.alarms.expiry_days:
            doing = "slutar" if left >= 0 else "slutade"
            remedy = (
                f"Förnya, skriv den nya dagen vid {one.id} under [[expiries]] i lyhord.toml, och starta om tjänsten."
            )
            text = f"{doing} gälla den {swedish_date(one.day)}"
            yield Alarm(f"expiry:{one.id}", one.name, text, remedy, _nearness(left))


def _nearness(days: int) -> str:
    """Told a month before, it is forgotten: so again when a week is left, on the last day, and when it has ended."""
    return next((f"within {limit}" for limit in (-1, 0, 7) if days <= limit), "yes")


def active_alarms(tx: Tx) -> dict[str, dict[str, str]]:
    """Alarms that are on, as last noted: key to name, text and since when."""
    return _read(tx.setting(STATE))


def _read(noted: str) -> dict[str, dict[str, str]]:
    read: dict[str, dict[str, str]] = json.loads(noted or "{}")
    return read


Tell = Callable[[Sequence[Alarm], Sequence[str], datetime], bool]
"""Told of new alarms and the names of those that are over; False where nobody could be reached."""


class AlarmRoom:
    """The pass that tells of alarms. What it has told stands in the database, so several daemons tell once."""

    def __init__(self, house: House, tell: Tell, look: Callable[[House, datetime], list[Alarm]] = conditions) -> None:
        self._house, self._tell, self._look = house, tell, look
        self._database_down = False

    def sweep(self, now: datetime) -> int:
        """Look, tell what is new and what is over; returns how many alarms are on."""
        try:
            found = self._look(self._house, now)
            fresh, over = self._claim(found, now)
        except sa.exc.SQLAlchemyError:
            self._without_database(now)
            return 1
        if self._database_down:
            self._database_down = not self._tell((), ("Databasen",), now)
        if (fresh or over) and not self._tell(fresh, [name for _, name in over], now):
            self._give_back([alarm.key for alarm in fresh], dict(over), now)
        return len(found)

    def _claim(self, found: Sequence[Alarm], now: datetime) -> tuple[list[Alarm], list[tuple[str, str]]]:
        """Note what is on in one transaction, so that only one machine tells of it."""
        with self._house.store.begin() as tx:
            before = _read(tx.held_setting(STATE))
            keys = {alarm.key for alarm in found}
            fresh = [alarm for alarm in found if before.get(alarm.key, {}).get("told") != alarm.degree]
            over = [(key, told["name"]) for key, told in before.items() if key not in keys and told.get("told")]
            on = {alarm.key: _noted(alarm, before.get(alarm.key, {}), now) for alarm in found}
            if on != before:
                tx.save_setting(STATE, json.dumps(on, ensure_ascii=False))
        return fresh, over

    def _give_back(self, fresh: Sequence[str], over: Mapping[str, str], now: datetime) -> None:
        """Nobody was reached: the next pass tries again."""
        with self._house.store.begin() as tx:
            on = _read(tx.held_setting(STATE))
            for key in fresh:
                on.get(key, {}).pop("told", None)
            lost = {"text": "är över", "since": now.isoformat(), "told": "yes"}
            on |= {key: {"name": name, **lost} for key, name in over.items()}
            tx.save_setting(STATE, json.dumps(on, ensure_ascii=False))

    def _without_database(self, now: datetime) -> None:
        """There is nowhere to note it but here."""
        if not self._database_down:
            remedy = "Se om databasservern går, och kör lyhord check. Brev väntar så länge i brevlådan."
            self._database_down = self._tell([Alarm(DATABASE, "Databasen", "svarar inte", remedy)], (), now)


def _noted(alarm: Alarm, before: Mapping[str, str], now: datetime) -> dict[str, str]:
    since = before.get("since", now.isoformat())
    return {"name": alarm.name, "text": alarm.text, "since": since, "told": alarm.degree}


def alarm_pass(house: House, tell: Tell) -> Callable[[datetime], int]:
    """The daemon's pass; nothing to do where nobody is to be told."""
    chosen = house.settings.alarms
    if not (chosen.mail_to or chosen.webhook):
        return lambda _now: 0
    return _once_settled(AlarmRoom(house, tell).sweep)


def _once_settled(sweep: Callable[[datetime], int]) -> Callable[[datetime], int]:
    """Let a service that has just started read its mailboxes and begin its jobs before it is judged by them."""
    begun: list[datetime] = []

    def run(now: datetime) -> int:
        if not begun:
            begun.append(now)
        return sweep(now) if now - begun[0] >= _SETTLES else 0

    return run
