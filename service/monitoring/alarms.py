"""Alarms of the running of the service: what is wrong now, told once to those in charge, and once when it is over."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from cases.ports import Tx
from service.bootstrap import House
from service.monitoring.alarm import Alarm
from service.monitoring.conditions import conditions
from service.monitoring.outage import DatabaseOutage
from storage.faults import disk_failed, takes_no_writing

STATE = "alarms:state"
DATABASE = "database"
_DATABASE = "Databasen"
_SETTLES = timedelta(minutes=3)
# Longer than mailing everybody can take: whoever was to tell of it has died meanwhile.
_TELLING = timedelta(minutes=15)
_SILENT = ("svarar inte", "Se om databasservern går, och kör lyhord check. Brev väntar så länge i brevlådan.")
_UNWRITABLE = (
    "går inte att skriva i: disken är full, trasig eller monterad bara för läsning, eller filen skadad",
    "Frigör utrymme på databasens disk; finns det (df -h), kör lyhord doctor. Brev väntar så länge i brevlådan.",
)
_SHUT = (
    "tar inte emot skrivning: servern är en reserv (standby), eller ställd på bara läsning",
    "Se till att database.url leder till servern som tar emot skrivning. Brev väntar så länge i brevlådan.",
)


def active_alarms(tx: Tx) -> dict[str, dict[str, str]]:
    """Alarms that are on, as last noted: key to name, text and since when; not one that is given time."""
    return {key: told for key, told in _read(tx.setting(STATE)).items() if not {"over", "given time"} & told.keys()}


def _read(noted: str) -> dict[str, dict[str, str]]:
    read: dict[str, dict[str, str]] = json.loads(noted or "{}")
    return read


Tell = Callable[[Sequence[Alarm], Mapping[str, str], datetime], bool]
"""Told of new alarms, and of those that are over key and name; False where nobody could be reached."""


class AlarmRoom:
    """The pass that tells of alarms. What it has told stands in the database, so several daemons tell once."""

    def __init__(self, house: House, tell: Tell, look: Callable[[House, datetime], list[Alarm]] = conditions) -> None:
        self._house, self._tell, self._look = house, tell, look
        self._outage = DatabaseOutage(house.settings)

    def sweep(self, now: datetime) -> int:
        """Look, tell what is new and what is over; returns how many alarms are on."""
        try:
            found = self._look(self._house, now)
            fresh, over = self._claim(found, now)
        except sa.exc.SQLAlchemyError as error:
            self._without_database(error, now)
            return 1
        if self._outage.told() and self._tell((), {DATABASE: _DATABASE}, now):
            self._outage.note(down=False)
        if fresh or over:
            reached = self._tell(fresh, over, now)
            self._conclude([alarm.key for alarm in fresh], over, reached=reached)
        return len(found)

    def _claim(self, found: Sequence[Alarm], now: datetime) -> tuple[list[Alarm], dict[str, str]]:
        """Note what is on in one transaction, so that only one machine tells: what is new, and names of what is over.

        What is over stays noted until somebody was told so: whoever was to tell may die on the way.
        """
        with self._house.store.begin() as tx:
            noted = _read(tx.held_setting(STATE))
            before = {key: told for key, told in noted.items() if "over" not in told}
            keys = {alarm.key for alarm in found}
            hidden = tuple(alarm.hides for alarm in found if alarm.hides)
            parts = {key: told for key, told in before.items() if key not in keys and key.startswith(hidden)}
            keys |= parts.keys()
            ended = {key: told for key, told in noted.items() if key not in keys and told.get("told")}
            over = {
                key: told["name"] for key, told in ended.items() if not told.get("over") or _died(told["over"], now)
            }
            fresh = [alarm for alarm in found if _to_tell(alarm, before.get(alarm.key), now)]
            on = parts | {alarm.key: _noted(alarm, before.get(alarm.key, {}), now) for alarm in found}
            for alarm in fresh:
                on[alarm.key] |= {"told": str(alarm.degree), "telling": now.isoformat()}
            on |= {key: told | ({"over": now.isoformat()} if key in over else {}) for key, told in ended.items()}
            if on != noted:
                tx.save_setting(STATE, json.dumps(on, ensure_ascii=False))
        return fresh, over

    def _conclude(self, fresh: Iterable[str], over: Iterable[str], *, reached: bool) -> None:
        """Note that they were told of; where nobody was reached the next pass tries again."""
        with self._house.store.begin() as tx:
            on = _read(tx.held_setting(STATE))
            for key in fresh:
                for word in ("telling",) if reached else ("telling", "told"):
                    on.get(key, {}).pop(word, None)
            for key in [key for key in over if "over" in on.get(key, {})]:
                on[key]["over"] = ""
                if reached:
                    del on[key]
            tx.save_setting(STATE, json.dumps(on, ensure_ascii=False))

    def _without_database(self, error: sa.exc.SQLAlchemyError, now: datetime) -> None:
        """Tell of it once; it cannot be noted where the others are."""
        if not self._outage.told():
            text, remedy = _seen(error)
            if self._tell([Alarm(DATABASE, _DATABASE, text, remedy)], {}, now):
                self._outage.note(down=True)


def _seen(error: sa.exc.SQLAlchemyError) -> tuple[str, str]:
    """What is wrong with a database that does not take its alarms, and the way out."""
    if isinstance(error, sa.exc.DBAPIError):
        if takes_no_writing(error.orig):
            return _SHUT
        if disk_failed(error):
            return _UNWRITABLE
    return _SILENT


def _to_tell(alarm: Alarm, before: Mapping[str, str] | None, now: datetime) -> bool:
    if before is None:
        return not alarm.confirm and not alarm.patience
    if "told" not in before and _given_time(alarm, before, now):
        return False
    return _died(before.get("telling"), now) or "told" not in before or alarm.degree > _degree(before["told"])


def _given_time(alarm: Alarm, before: Mapping[str, str], now: datetime) -> bool:
    since = before.get("since")
    return now - (datetime.fromisoformat(since) if since else now) < alarm.patience


def _degree(told: str) -> int:
    """The degree that was told; earlier versions noted it in words."""
    return int(told) if told.isdecimal() else 0


def _died(telling: str | None, now: datetime) -> bool:
    """Whether who began to tell then cannot be at it any more."""
    return telling is not None and now - datetime.fromisoformat(telling) > _TELLING


def _noted(alarm: Alarm, before: Mapping[str, str], now: datetime) -> dict[str, str]:
    """What is noted of one that is on; what was noted of its telling stays, of a degree that has sunk the lower one."""
    told = {word: before[word] for word in ("told", "telling") if word in before}
    if "told" in told:
        told["told"] = str(min(_degree(told["told"]), alarm.degree))
    elif _given_time(alarm, before, now):
        told["given time"] = "yes"
    return {"name": alarm.name, "text": alarm.text, "since": before.get("since", now.isoformat()), **told}


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
