"""The Jinja environment of the desk: strict, escaping, with the words of ``present`` as filters."""

from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from cases.calendar import STOCKHOLM, english_date, swedish_date, swedish_time
from cases.case import CHANNEL_NAMES, OUTCOME_NAMES, STATUS_NAMES
from cases.inbound.messages import SCAN_NAMES
from cases.journal import EVENT_NAMES
from cases.letters.letter import LETTER_NAMES, OUTBOX_NAMES
from cases.numerals import size_words, sureness_words
from cases.office import Office
from cases.people.access import ROLE_NAMES
from cases.people.accounts import ACCOUNT_EVENT_NAMES
from cases.promises import PROMISE_NAMES
from cases.records.appeals import REVIEW_NAMES, TIMELY_NAMES
from cases.routing.areas import AREA_NAMES
from cases.routing.flags import FLAG_RULES
from cases.routing.suggestion import CASE_TYPE_NAMES, SEVERITY_NAMES
from cases.routing.tracks import TRACK_RULES
from desk import present
from desk.logo import with_logo
from desk.settings import DeskSettings

STATIC = Path(__file__).parent / "static"
_NAMES = {
    "STATUS": STATUS_NAMES,
    "CHANNEL": CHANNEL_NAMES,
    "OUTCOME": OUTCOME_NAMES,
    "AREA": AREA_NAMES,
    "FLAG": FLAG_RULES,
    "TRACK": TRACK_RULES,
    "TYPE": CASE_TYPE_NAMES,
    "SEVERITY": SEVERITY_NAMES,
    "LETTER": LETTER_NAMES,
    "SENT": OUTBOX_NAMES,
    "EVENT": EVENT_NAMES,
    "SCAN": SCAN_NAMES,
    "PROMISE": PROMISE_NAMES,
    "TIMELY": TIMELY_NAMES,
    "REVIEWED": REVIEW_NAMES,
    "ROLE": ROLE_NAMES,
    "ACCOUNT_EVENT": ACCOUNT_EVENT_NAMES,
}
"""What our words are called on the pages, by the name of their table in a template."""


def static_digest() -> str:
    """Changes with any asset, so that browsers may keep them for ever."""
    digest = sha256()
    for file in sorted(STATIC.iterdir()):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def make_pages(settings: DeskSettings, office: Office) -> Environment:
    """The environment; an unknown variable is an error, everything is escaped."""
    pages = Environment(
        loader=PackageLoader("templates", "desk"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=200,
    )
    pages.globals |= {
        "settings": settings,
        "organisation": office.organisation,
        "calendar": office.calendar,
        "asset": static_digest(),
        **_NAMES,
        "present": present,
    }
    pages.filters |= {
        "day": swedish_date,
        "english_day": english_date,
        "moment": swedish_time,
        "size": size_words,
        "percent": sureness_words,
        "language": present.language_words,
        "sure": present.confidence_words,
        "som_mejl": lambda html: with_logo(html, settings.logo),
        "iso": lambda moment: moment.astimezone(STOCKHOLM).isoformat(timespec="minutes"),
    }
    return pages
