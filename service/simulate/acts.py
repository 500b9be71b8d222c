"""What the people of a simulated year do: registrators, handläggare and chefer, slow and absent ones too."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

from cases.calendar import STOCKHOLM, local_day, swedish_date
from cases.case import Case, CaseStatus, Channel, Outcome, Party
from cases.errors import LyhordError
from cases.letters.letter import LetterKind
from cases.people.access import SYSTEM, User
from cases.ports import Tx
from cases.routing.areas import Area
from cases.routing.decisions import RoutingChoice, RoutingRequest
from cases.routing.flags import Effect, effects
from cases.routing.suggestion import CaseType, Severity
from cases.steps.answering import answer, closing
from cases.steps.receiving.by_hand import Spoken, enter
from cases.steps.routing.confirm import confirm
from cases.steps.watching.promises import status_told
from cases.steps.working import work
from cases.steps.working.absence import name_substitute
from cases.store.views import ListFilter, ListKind
from service.simulate import mails
from service.simulate.chance import Matter
from service.simulate.citizens import Citizens
from service.simulate.planned import Planner
from service.simulate.records import Away, Outage
from service.simulate.world import World

_S, _K = CaseStatus, LetterKind
_ROUNDS = ((8, 20), (10, 30), (13, 10), (15, 40))
_RESTING = (_S.ROUTED, _S.REGISTERED, _S.REOPENED, _S.SPECIAL_TRACK)
_ANSWERS = {
    CaseType.BEROM: (_K.BEROM,),
    CaseType.FRAGA: (_K.SVAR, _K.EJ_ANSVAR),
    CaseType.FORSLAG: (_K.BESLUT_INGEN, _K.BESLUT_ATGARD),
    CaseType.KLAGOMAL: (_K.BESLUT_ATGARD, _K.BESLUT_INGEN, _K.URSAKT),
    CaseType.FELANMALAN: (_K.BESLUT_ATGARD, _K.URSAKT, _K.EJ_ANSVAR),
}
_WORDS = {
    "atgard": "Vi lagar det och ser över resten.",
    "nar": "inom två veckor",
    "vem": "vår driftgrupp",
    "motivering": "Vi har gått igenom saken och kommit fram till det här.",
    "svar": "Ja, det stämmer.",
    "rattelse": "Felet är rättat.",
    "fraga": "Vilken plats gäller det?",
    "lage": "Vi har tittat på saken.",
    "nasta_steg": "Vi går vidare i veckan.",
    "skal": "Vi väntar på uppgifter från andra.",
    "ratt_instans": "Trafikverket",
}
_VACATION = range(27, 31)


class People:
    """Everybody's habits. What a person is refused is noted and shown in the report; nothing stops the year."""

    def __init__(self, world: World, planner: Planner | None = None) -> None:
        self.world, self.chance, self.planner = world, world.chance, planner
        self._busy: set[str] = set()
        world.on_left = Citizens(world).mail_arrives

    def begin(self, year: int, expected: int, last: datetime, until: datetime) -> None:
        """Put the letters until ``last``, and rounds and outages until ``until``, in the diary of the world."""
        world = self.world
        for number, at in enumerate(self.chance.arrivals(year, expected, world.office.calendar), 1):
            if at > last:
                break
            matter = self.chance.matter(number, at)
            world.matters[matter.word] = matter
            world.later(at, partial(self._letter_comes, matter, number))
        day = world.start
        while day < until:
            self._day(day)
            day += timedelta(days=1)

    def _day(self, day: datetime) -> None:
        world, local = self.world, day.astimezone(STOCKHOLM)
        if self.chance.chance(0.03):
            self._outage(local)
        if self.chance.chance(0.1):
            world.later(day + timedelta(hours=9), self._newsletter)
        # Now and then both registrators are ill, and nothing is routed that day.
        if not world.office.calendar.is_working_day(local.date()) or self.chance.chance(0.03):
            return
        if local.weekday() == 0:
            world.later(local.replace(hour=7, minute=40), self._week_begins)
        for hour, minute in _ROUNDS:
            world.later(local.replace(hour=hour, minute=minute), self._registrator_round)
        world.later(local.replace(hour=9, minute=0), self._unit_round)

    def _outage(self, local: datetime) -> None:
        """By day shorter than the margin that promised letters keep; by night as long as it takes."""
        hour, hours = (self.chance.random.randrange(7, 17), 1.4) if self.chance.chance(0.5) else (19, 9.0)
        since = local.replace(hour=hour, minute=10)
        outages = self.world.daemon_outages if self.chance.chance(0.5) else self.world.mail_outages
        until = since + timedelta(hours=hours * self.chance.random.random())
        outages.append(Outage(since, until))
        # What met a dead server waits a minute; the daemon looks each other second, also at night.
        self.world.later(until + timedelta(minutes=2), lambda: None)

    def _week_begins(self) -> None:
        """In the weeks of July two of three are away; else now and then one, Tuesday to Thursday."""
        monday = local_day(self.world.now)
        week = monday.isocalendar().week
        for unit in self.world.office.organisation.units:
            if week == _VACATION.start:
                for number in (2, 3):
                    self._goes(unit, number, 1, monday, monday + timedelta(days=7 * len(_VACATION) - 1))
            elif week not in _VACATION and self.chance.chance(0.05):
                self._goes(unit, 1, 2, monday + timedelta(days=1), monday + timedelta(days=3))

    def _goes(self, unit: str, number: int, stands_in: int, first: date, last: date) -> None:
        world = self.world
        who, other = world.people[f"{unit}:{number}"], world.people[f"{unit}:{stands_in}"]
        with world.store.begin() as tx:
            name_substitute(tx, who, other, first, last, who, world.office, world.now)
        world.away.append(Away(who.email, other.email, first, last, world.now))

    def _newsletter(self) -> None:
        self.world.post(mails.newsletter(self.world.address, next(self.world.numbers)))

    def _letter_comes(self, matter: Matter, number: int) -> None:
        world = self.world
        if matter.channel is Channel.EMAIL:
            world.post(mails.letter(matter.word, matter.language, matter.email, world.address, number))
            if matter.said_flags or matter.severity is Severity.ALLVARLIG:
                world.later(world.now + timedelta(minutes=31), self._sweep)
            return
        world.later(world.at_work(world.now, 0.2), partial(self._write_down, matter))

    def _sweep(self) -> None:
        if not self.world.down(self.world.daemon_outages):
            self.world.stages.sweep(self.world.now)

    def _write_down(self, matter: Matter) -> None:
        party = Party(name="" if matter.anonymous else "Berit Alm", email=matter.email, anonymous=matter.anonymous)
        told = Spoken(matter.channel, party, f"Angående {matter.word}", f"Sagt om {matter.word}.", self.world.now)
        by = self.world.people["registrator"]
        self._act("", lambda tx, _case: enter(tx, told, by, self.world.office, self.world.now))

    # Registrators

    def _registrator_round(self) -> None:
        world = self.world
        with world.store.read() as tx:
            waiting = [line.id for line in tx.lines(ListKind.TO_ROUTE, SYSTEM, ListFilter(limit=500))]
        for case_id in waiting:
            if self.chance.chance(0.93):
                self._act(case_id, self._route)

    def _route(self, tx: Tx, case: Case) -> None:
        world = self.world
        matter = world.matter(case)
        by = world.people["vissel" if case.whistle else "registrator"]
        work.opened(tx, case.id, by, world.office, world.now)
        case = tx.get_case(case.id, SYSTEM)
        confirm(tx, case.id, self._request(case, matter), by, world.office, world.now)

    def _request(self, case: Case, matter: Matter | None) -> RoutingRequest:
        tree = self.world.office.organisation
        junk = matter is None or matter.junk
        unit = tree.unit(tree.central_unit)
        if matter is not None and not junk:
            unit = tree.unit_for(matter.area)
            if self.chance.chance(0.05) and CaseStatus.SUGGESTED is case.status and not case.unit_id:
                unit = self.chance.random.choice(list(tree.units.values()))
        return RoutingRequest(
            version=case.version,
            choice=RoutingChoice.NOT_A_CASE if junk else RoutingChoice.UNIT,
            unit_id=unit.id,
            area=matter.area if matter else case.area or Area.KANSLI,
            type=matter.type if matter and not junk else CaseType.OVRIGT,
            severity=matter.severity if matter else case.severity or Severity.NORMAL,
            flags=matter.flags if matter else frozenset(),
            reason="Inte en synpunkt." if junk else "Enligt brevet.",
            register_subject="Synpunkt" if not junk else "",
        )

    # Units

    def _unit_round(self) -> None:
        """Each morning what lies with a unit and nobody has in hand is given to somebody, or soon will be."""
        world = self.world
        with world.store.read() as tx:
            lying = [line.id for line in tx.lines(ListKind.OPEN, SYSTEM, ListFilter(limit=2000))]
        for case_id in lying:
            case = world.case(case_id)
            if case_id not in self._busy and case.status in _RESTING and case.unit_id:
                self._soon(case_id, self.chance.hours(2.5), self._give_out)

    def _give_out(self, tx: Tx, case: Case) -> None:
        if case.status not in _RESTING:
            return
        world = self.world
        chef = world.people[f"chef:{case.unit_id}"]
        if case.status is _S.REOPENED:
            case = work.escalate(tx, case.id, case.version, "Avsändaren är inte nöjd.", chef, world.office, world.now)
            again = self.chance.chance(0.4)
            if again:
                self._write(tx, case, _K.LANGRE_TID, chef)
            self._soon(case.id, self.chance.hours(70 if again else 10), partial(self._resolve, by=chef))
            return
        if case.on_hold and self.chance.chance(0.6):
            case = work.release_hold(tx, case.id, case.version, "Bedömt med polisen.", chef, world.office, world.now)
        if case.whistle:
            self._soon(case.id, self.chance.hours(10), partial(self._resolve, by=world.people["vissel"]))
            return
        number = self.chance.pick({1: 6, 2: 5, 3: 1})
        whom = world.people[f"{case.unit_id}:{number}"]
        work.assign(tx, case.id, case.version, whom, chef, world.office, world.now)
        if not self._absent(whom):
            self._soon(case.id, self.chance.hours(2), partial(self._take, whom=whom, slow=number))

    def _absent(self, whom: User) -> bool:
        """Away by what is planned; any day now and then one does not look."""
        day = local_day(self.world.now)
        planned = any(one.who == whom.email and one.first <= day <= one.last for one in self.world.away)
        return planned or self.chance.chance(0.06)

    def _take(self, tx: Tx, case: Case, *, whom: User, slow: int) -> None:
        if case.status is not _S.ASSIGNED or case.assignee_id != whom.id:
            return
        world = self.world
        matter = world.matter(case)
        case = work.accept(tx, case.id, case.version, whom, world.office, world.now)
        wrong = matter is not None and world.office.organisation.unit_for(matter.area).id != case.unit_id
        if wrong or self.chance.chance(0.01):
            work.send_back(tx, case.id, case.version, "Hör till en annan enhet.", whom, world.office, world.now)
            return
        if self.chance.chance(0.08):
            self._write(tx, case, _K.KOMPLETTERA, whom)
        elif self.chance.chance(0.1):
            self._says_when(tx, case, whom)
        self._soon(case.id, self.chance.hours(9.0 * slow, 1.1), partial(self._resolve, by=whom))

    def _says_when(self, tx: Tx, case: Case, whom: User) -> None:
        if self.world.profile == "osby" and self.chance.chance(0.7):
            if self._may_write(case):
                self._write(tx, case, _K.STATUS, whom)
            elif not case.sender.anonymous:
                status_told(tx, case, "per telefon", whom, self.world.office, self.world.now)
            return
        self._write(tx, case, _K.LANGRE_TID, whom)

    def _may_write(self, case: Case) -> bool:
        closed = {Effect.SAFE, Effect.NO_MAIL} & effects(case.flags)
        return bool(case.sender.email) and not (closed or case.on_hold or case.whistle or case.mail_refused)

    def _write(self, tx: Tx, case: Case, kind: LetterKind, by: User) -> None:
        if not self._may_write(case):
            return
        world = self.world
        day = world.office.calendar.add_working_days(local_day(world.now), self.chance.random.randrange(4, 15))
        values = {**_WORDS, "ny_tid": swedish_date(day), "svarsdatum": swedish_date(day)}
        if self.planner is None or not self.planner.plan(tx, case, kind, values, by, world.now):
            answer.answer(tx, case.id, case.version, kind, values, by, world.office, world.now)

    def _resolve(self, tx: Tx, case: Case, *, by: User) -> None:
        world, matter = self.world, self.world.matter(case)
        if case.status in (_S.ANSWERED, _S.CLOSED, _S.SUGGESTED, _S.NOT_A_CASE) or matter is None:
            return
        if case.status is _S.AWAITING_SENDER and self.chance.chance(0.6):
            self._soon(case.id, self.chance.hours(24), partial(self._resolve, by=by))
            return
        if self._may_write(case) and self.chance.chance(0.93):
            kind = self.chance.random.choice(_ANSWERS[matter.type])
            self._write(tx, case, kind, by)
        else:
            answer.answer_orally(tx, case.id, case.version, Outcome.ACTED, "per telefon", by, world.office, world.now)
        self._soon(case.id, self.chance.hours(20), partial(self._close, by=by))

    def _close(self, tx: Tx, case: Case, *, by: User) -> None:
        if case.status is _S.ANSWERED:
            closing.close(tx, case.id, case.version, "Rutinen är ändrad.", by, self.world.office, self.world.now)

    # How acts are done

    def _soon(self, case_id: str, hours: float, act: Callable[[Tx, Case], None]) -> None:
        """At work, after so many working hours."""
        self._busy.add(case_id)

        def run() -> None:
            self._busy.discard(case_id)
            self._act(case_id, act)

        self.world.later(self.world.at_work(self.world.now, hours), run)

    def _act(self, case_id: str, act: Callable[[Tx, Case], object]) -> None:
        world = self.world
        try:
            with world.store.begin() as tx:
                # An act upon no case is given none, and looks at none.
                act(tx, tx.get_case(case_id, SYSTEM) if case_id else None)  # type: ignore[arg-type]
        except LyhordError as error:
            world.refused.append(f"{type(error).__name__}: {error}")
