"""The open register and citizens' links; what must not be seen is left out in the query."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from cases.calendar import local_day
from cases.case import Case
from cases.letters.letter import LEFT, WAITS
from cases.people.access import SYSTEM
from cases.records.public import (
    SHOWN,
    STAGES,
    TOLD_BY,
    CitizenLink,
    PublicFilter,
    PublicLine,
    Stage,
    month_after,
)
from cases.routing.areas import Area
from cases.routing.suggestion import CaseType
from storage.cases import CasePart
from storage.queries.lists import midnight, newest_first
from storage.rows import Row
from storage.tables.cases import cases, decisions
from storage.tables.mail import outbox
from storage.tables.public import citizen_links, public_subjects

_c = cases.c
_Yes = sa.ColumnElement[bool]
_SUBJECT = sa.case((public_subjects.c.subject == _c.register_subject, public_subjects.c.subject), else_="")


def _untold(stage: Stage) -> _Yes:
    """Whether a letter that tells the sender of this stage waits, and none has left since, as on their own page."""
    one, later = outbox.alias("telling"), outbox.alias("later")
    tells = [(a.c.case_id == _c.id, a.c.kind.in_(sorted(TOLD_BY[stage])), a.c.copy_of == "") for a in (one, later)]
    newer = sa.exists().where(*tells[1], later.c.status.in_(LEFT), later.c.created_at > one.c.created_at)
    waiting = sa.exists().where(*tells[0], one.c.status.in_(WAITS), sa.not_(newer.correlate(cases, one)))
    return waiting.correlate(cases)


def _stages() -> Iterator[tuple[_Yes, Stage]]:
    """Where a case stands as told outside the house, by what is so of it; the first that is holds."""
    for status, stage in STAGES.items():
        if stage in TOLD_BY:
            yield sa.and_(_c.status == status, _untold(stage)), Stage.HANDLED
        yield _c.status == status, stage


_STAGE = sa.case(*_stages(), else_=Stage.HANDLED)
_COLUMNS = (
    _c.number,
    _c.received_at,
    _c.area,
    _c.type,
    _c.unit_id,
    _STAGE.label("stage"),
    _SUBJECT.label("subject"),
)
_BY_A_PERSON = sa.exists().where(decisions.c.case_id == _c.id, decisions.c.decided_by != SYSTEM.user_id)


class PublicPart(CasePart):
    """The whole of ``PublicPages``."""

    def public_lines(self, filters: PublicFilter) -> Sequence[PublicLine]:
        """Newest first."""
        source = cases.outerjoin(public_subjects, public_subjects.c.case_id == _c.id)
        query = sa.select(*_COLUMNS).select_from(source).where(*_shown(filters), *_narrowed(filters))
        query = query.order_by(*newest_first()).limit(filters.limit).offset(filters.offset)
        return [_line(row) for row in self.connection.execute(query).mappings()]

    def public_count(self, filters: PublicFilter) -> int:
        """Of those that are shown alone."""
        query = sa.select(sa.func.count()).select_from(cases).where(*_shown(filters), *_narrowed(filters))
        return int(self.connection.execute(query).scalar_one())

    def public_months(self, filters: PublicFilter) -> Sequence[date]:
        """Newest first."""
        moments = self.connection.execute(sa.select(_c.received_at).where(*_shown(filters))).scalars()
        return sorted({local_day(moment).replace(day=1) for moment in moments}, reverse=True)

    def publish_subject(self, case_id: str, subject: str, by: str, at: datetime) -> None:
        """An empty subject leaves no row."""
        if subject:
            row = {"case_id": case_id, "subject": subject, "decided_by": by, "at": at}
            self.replace(public_subjects, ["case_id"], row)
        else:
            self.connection.execute(public_subjects.delete().where(public_subjects.c.case_id == case_id))

    def public_subject(self, case_id: str) -> str:
        """As confirmed."""
        query = sa.select(public_subjects.c.subject).where(public_subjects.c.case_id == case_id)
        return self.connection.execute(query).scalar() or ""

    def add_citizen_link(self, link: CitizenLink) -> None:
        """Keep a link."""
        self.insert_later(citizen_links, asdict(link))

    def citizen_case(self, key: str, now: datetime) -> Case | None:
        """One question, whatever is wrong with the link."""
        link = self.citizen_link(key, now)
        return self.get_case(link.case_id, SYSTEM) if link else None

    def citizen_link(self, key: str, now: datetime) -> CitizenLink | None:
        """As it stands."""
        query = sa.select(citizen_links).where(citizen_links.c.key == key, citizen_links.c.ends_at > now)
        row = self.connection.execute(query).mappings().first()
        return CitizenLink(**row) if row else None

    def say_if_helped(self, key: str, helped: bool, now: datetime) -> bool:
        """Of two at once one waits, and then finds it said."""
        asks = (citizen_links.c.key == key, citizen_links.c.ends_at > now, citizen_links.c.entry_id != "")
        said = citizen_links.update().where(*asks, citizen_links.c.helped.is_(None)).values(helped=helped)
        return self.connection.execute(said).rowcount == 1

    def citizen_links(self, case_id: str, now: datetime) -> int:
        """How many open."""
        which = (citizen_links.c.case_id == case_id, citizen_links.c.ends_at > now)
        return int(
            self.connection.execute(sa.select(sa.func.count()).select_from(citizen_links).where(*which)).scalar_one()
        )

    def close_citizen_links(self, case_id: str) -> int:
        """A closed link is forgotten, as if it had never been."""
        return self.connection.execute(citizen_links.delete().where(citizen_links.c.case_id == case_id)).rowcount


def _shown(filters: PublicFilter) -> list[_Yes]:
    """What makes a case one of the open register; every doubt keeps it out."""
    found = [
        _c.open,
        sa.not_(_c.protected),
        _c.track == "",
        _c.sender_doubt == "",
        _c.unit_id != "",
        _c.status.in_(sorted(SHOWN)),
        _c.area.in_(sorted(filters.areas)),
        _BY_A_PERSON.correlate(cases),
    ]
    found += [_STAGE.in_([filters.stage])] if filters.stage else []
    return [*found, _c.unit_id == filters.unit_id] if filters.unit_id else found


def _narrowed(filters: PublicFilter) -> list[_Yes]:
    """What is looked for among those that are shown."""
    found = list[_Yes]()
    if filters.month:
        found += [_c.received_at >= midnight(filters.month), _c.received_at < midnight(month_after(filters.month))]
    if filters.since:
        found.append(_c.received_at >= midnight(filters.since))
    if filters.until:
        found.append(_c.received_at < midnight(filters.until + timedelta(days=1)))
    return [*found, _c.number == filters.number] if filters.number else found


def _line(row: Row) -> PublicLine:
    return PublicLine(
        number=row["number"],
        received_on=local_day(row["received_at"]),
        area=Area(row["area"]),
        type=CaseType(row["type"]) if row["type"] else None,
        unit_id=row["unit_id"],
        stage=Stage(row["stage"]),
        subject=row["subject"],
    )
