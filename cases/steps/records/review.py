"""The yearly review of routine and training (O27): a dated task for the kansli, with reminders, done by a person."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cases.calendar import local_day, swedish_date
from cases.compilations.reporting import REVIEW_DONE
from cases.errors import NotAllowed
from cases.letters.letter import LetterKind
from cases.office import Office
from cases.people.access import User
from cases.ports import Tx
from cases.post.staff import queue_apart

_TOLD, _SINCE = "review:told:", "review:since"
_STEPS = ("begins", "soon", "late")
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Review:
    """One year's review: when it begins and is due, and when done by whom and with what result (empty until then)."""

    year: int
    begins: date
    due: date
    done_on: date | None = None
    by: str = ""
    result: str = ""


def review_of(tx: Tx, office: Office, year: int) -> Review:
    """The review of a year."""
    begins = date(year, office.review_month, 1)
    due = date(year + office.review_month // 12, office.review_month % 12 + 1, 1) - timedelta(days=1)
    kept = tx.setting(f"{REVIEW_DONE}{year}")
    if not kept:
        return Review(year, begins, due)
    said = json.loads(kept)
    return Review(year, begins, due, date.fromisoformat(said["day"]), said["by"], said["result"])


def review_sweep(tx: Tx, office: Office, now: datetime) -> int:
    """Tell the kansli when its month begins, a week before it ends, and once it is late; returns how many letters left.

    Safe to run twice, late or elsewhere: each word is claimed in the transaction of its letters.
    """
    today = local_day(now)
    if not office.review_month or not office.calendar.in_service(now):
        return 0
    if not tx.setting(_SINCE):
        tx.claim_setting(_SINCE, today.isoformat())
    # A December review that is late is late in January.
    found = [review_of(tx, office, year) for year in (today.year - 1, today.year)]
    return sum(_tell(tx, office, now, one, today) for one in found if one.done_on is None and owed(tx, one, today))


def owed(tx: Tx, review: Review, today: date) -> bool:
    """Whether a review was done, the kansli told of it, or its day had not passed when the sweep first looked.

    One that was due before the system was there is nobody's neglect.
    """
    if review.done_on is not None or any(tx.setting(f"{_TOLD}{review.year}:{step}") for step in _STEPS):
        return True
    return review.due >= date.fromisoformat(tx.setting(_SINCE) or today.isoformat())


def _tell(tx: Tx, office: Office, now: datetime, review: Review, today: date) -> int:
    steps = zip(_STEPS, (review.begins, review.due - _WEEK, review.due + timedelta(days=1)), strict=True)
    passed = [name for name, day in steps if day <= today < review.due + timedelta(days=60)]
    # What was missed while nothing ran is not said afterwards: only the last word counts.
    if not passed or not tx.claim_setting(f"{_TOLD}{review.year}:{passed[-1]}", now.isoformat()):
        return 0
    tree = office.organisation
    whom = tree.central_registrators or (tree.unit(tree.central_unit).manager.email,)
    values = {"lank": f"{office.desk_url}/oversyn", "rutin": office.routine, "frist": swedish_date(review.due)}
    return queue_apart(tx, office, LetterKind.OVERSYN, whom, values, now)


def reviewed(tx: Tx, office: Office, year: int, result: str, by: User, now: datetime) -> Review:
    """Somebody says that the year's review is done and what came of it. Raises NotAllowed."""
    if not result.strip():
        raise NotAllowed("Skriv vad ni kom fram till, till exempel vad som ändras.")
    review = review_of(tx, office, year)
    if review.done_on is not None:
        raise NotAllowed(f"Översynen {year} är redan klar.")
    if local_day(now) < review.begins:
        raise NotAllowed(f"Översynen {year} börjar den {swedish_date(review.begins)}.")
    said = {"day": local_day(now).isoformat(), "by": by.name, "result": office.mask(result.strip())}
    tx.save_setting(f"{REVIEW_DONE}{year}", json.dumps(said, ensure_ascii=False))
    return review_of(tx, office, year)
