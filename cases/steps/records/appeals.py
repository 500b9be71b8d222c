"""A decision not to hand out on its way: handed over, appealed, tried, looked at again and handed on to the court."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from cases.calendar import local_day, swedish_date
from cases.case import Case
from cases.disclosure.appeal_papers import changed, handed_on, turned_down
from cases.disclosure.documents import next_number
from cases.errors import NotAllowed, NotFound
from cases.journal import EventKind
from cases.letters.papers import KeptPaper, PaperKind
from cases.letters.press import PaperDocument
from cases.office import Office
from cases.people.access import SYSTEM, User
from cases.ports import Tx
from cases.post.citizen import note
from cases.records.appeals import REVIEW_NAMES, TIMELY_NAMES, UNAPPEALED, Refused, Review, Stage, Timely
from cases.records.courts import COURT_NAMES
from cases.steps.routing.confirm import open_for


@dataclass(frozen=True, slots=True)
class Acting:
    """Who takes a step with which decision, and of which version of its case."""

    tx: Tx
    case_id: str
    version: int
    refused_id: str
    by: User
    office: Office
    now: datetime

    def begin(self, *stages: Stage) -> tuple[Case, Refused]:
        """The case, saved so that nobody takes the step twice, and its decision, where it waits for such a step.

        Raises NotFound, StaleVersion, NotAllowed.
        """
        case = open_for(self.tx, self.case_id, self.version, self.by, self.office)
        refused = next((one for one in self.tx.refused_of(self.case_id) if one.id == self.refused_id), None)
        if refused is None:
            raise NotFound("No such decision in this case.")
        if refused.stage(self.today, self.office.calendar) not in stages:
            raise NotAllowed("Det är redan gjort, eller beslutet har inte kommit så långt.")
        return self.tx.save_case(case), refused

    @property
    def today(self) -> date:
        """The Swedish day on which the step is taken."""
        return local_day(self.now)

    def note(self, kind: EventKind, text: str) -> None:
        """Write it in the journal."""
        note(self.tx, self.office, self.case_id, kind, self.now, text, self.by.id)

    def number(self) -> int:
        """That of the paper made next."""
        return next_number(self.tx.case_file(self.case_id, self.office.viewer(self.by)))

    def keep(self, kind: PaperKind, number: int, paper: PaperDocument) -> KeptPaper:
        """Keep a paper as a handling of the case."""
        made = KeptPaper(self.office.new_id(), self.case_id, number, kind, self.now, self.by.id, paper)
        self.tx.add_paper(made)
        return made


def hand_over(acting: Acting, day: date | None, how: str) -> Refused:
    """Note when and how who asked got the decision: the three weeks run from then (FL 44 §); it can be put right."""
    _, refused = acting.begin(*UNAPPEALED, Stage.TRY)
    if day is None or not refused.decided <= day <= acting.today:
        raise NotAllowed("Skriv vilken dag beslutet lämnades: inte före beslutet och inte efter i dag.")
    if not how.strip():
        raise NotAllowed("Skriv hur beslutet lämnades.")
    refused = replace(refused, handed_over=day, how=how.strip(), settled=False)
    acting.tx.save_refused(refused)
    last = refused.last_day(acting.office.calendar) or day
    text = f"Handling {refused.number} lämnad den {swedish_date(day)}: {how.strip()}."
    acting.note(EventKind.HANDED_OUT, f"{text} Ett överklagande ska ha kommit in senast den {swedish_date(last)}.")
    return refused


def appealed(acting: Acting, day: date | None, appeal_case: Case | None = None) -> Refused:
    """Note that a letter which came that day appeals the decision, in its own case or as ``appeal_case``."""
    _, refused = acting.begin(*UNAPPEALED)
    if day is None or not refused.decided <= day <= acting.today:
        raise NotAllowed("Skriv vilken dag överklagandet kom in: inte före beslutet och inte efter i dag.")
    other = appeal_case.id if appeal_case else ""
    refused = replace(refused, appealed=day, appeal_case=other, settled=False)
    acting.tx.save_refused(refused)
    if appeal_case:
        # Saved as it is: what waits for the court is the decision from now on, and no longer the letter's own case.
        acting.tx.save_case(acting.tx.get_case(other, SYSTEM))
    until = swedish_date(refused.hand_on_by(acting.office.calendar) or day)
    came = f" Det är ärende {appeal_case.number}." if appeal_case else ""
    text = f"Handling {refused.number} är överklagad. Överklagandet kom in den {swedish_date(day)}.{came}"
    acting.note(EventKind.APPEALED, f"{text} Det ska prövas, och vara hos kammarrätten senast den {until}.")
    return refused


def try_in_time(acting: Acting, timely: Timely, reason: str, who: str, contact: str) -> Refused:
    """Say whether the appeal came in time (FL 45 §); one that is late is turned down by a decision of its own.

    Raises NotAllowed where the days say otherwise: what came in time is never turned down.
    """
    case, refused = acting.begin(Stage.TRY)
    calendar = acting.office.calendar
    last = refused.last_day(calendar)
    _fits_days(refused, timely, reason, last, late=refused.came_late(calendar))
    refused = replace(refused, timely=timely)
    if timely is Timely.LATE and last is not None:
        if not who.strip():
            raise NotAllowed("Skriv vem som har fattat beslutet att avvisa.")
        number, day = acting.number(), swedish_date(acting.now)
        authority = acting.office.organisation.authorities[case.authority_id]
        paper = turned_down(refused, case, authority, who.strip(), last, day, contact, number)
        kept = acting.keep(PaperKind.TURNED_DOWN, number, paper)
        refused = replace(refused, ended=acting.today, settled=True)
        made = Refused(kept.id, case.id, number, acting.today, refused.court, turns_down=refused.id)
        acting.tx.save_refused(made)
        reason = f"Beslut om att avvisa är handling {number}. Beslutat av {who.strip()}."
    acting.tx.save_refused(refused)
    acting.note(EventKind.APPEAL_TRIED, f"{TIMELY_NAMES[timely]}. {reason.strip()}".strip())
    return refused


def _fits_days(refused: Refused, timely: Timely, reason: str, last: date | None, *, late: bool) -> None:
    if timely is Timely.LATE and last is None:
        raise NotAllowed("Ingen vet när de tre veckorna började. Anteckna först när beslutet lämnades.")
    if timely is not Timely.IN_TIME and not late:
        raise NotAllowed("Överklagandet kom in i rätt tid enligt de dagar du har antecknat.")
    if timely is Timely.IN_TIME and late and last is not None and refused.appealed is not None:
        came = f"Överklagandet kom in den {swedish_date(refused.appealed)}, och sista dagen var den "
        raise NotAllowed(f"{came}{swedish_date(last)}. Avvisa det, eller säg varför det inte ska avvisas.")
    if timely is Timely.EXCUSED and not reason.strip():
        raise NotAllowed("Skriv varför det inte ska avvisas.")


def reconsider(acting: Acting, review: Review, what: str, who: str) -> Refused:
    """Look at the decision once more (FL 38 and 39 §§): it stands, or is changed by a decision that tells how."""
    case, refused = acting.begin(Stage.REVIEW)
    text = f"{REVIEW_NAMES[review]}."
    if review is Review.CHANGED:
        if not what.strip():
            raise NotAllowed("Skriv hur beslutet ändras och varför.")
        if not who.strip():
            raise NotAllowed("Skriv vem som har fattat det nya beslutet.")
        number, day = acting.number(), swedish_date(acting.now)
        authority = acting.office.organisation.authorities[case.authority_id]
        paper = changed(refused, case, authority, who.strip(), what, day, number)
        acting.keep(PaperKind.CHANGED, number, paper)
        text = f"{text} Det nya beslutet är handling {number}. Beslutat av {who.strip()}.\n\n{what.strip()}"
    elif what.strip():
        text = f"{text} {what.strip()}"
    refused = replace(refused, review=review)
    acting.tx.save_refused(refused)
    acting.note(EventKind.RECONSIDERED, text)
    if review is Review.CHANGED:
        _take_up(acting, refused)
    return refused


def overturned(acting: Acting, how: str) -> Refused:
    """The court has set aside a decision to turn an appeal down: that appeal is tried, as if it had just been noted.

    ``how`` names the court's decision. Raises NotAllowed.
    """
    _, refused = acting.begin(Stage.AT_COURT)
    if _turned_down_by(acting, refused) is None:
        raise NotAllowed("Det finns inget avvisat överklagande att ta upp.")
    if not how.strip():
        raise NotAllowed("Skriv vilken dag kammarrätten beslutade, och målets nummer.")
    acting.note(EventKind.RECONSIDERED, f"{COURT_NAMES[refused.court]} har upphävt handling {refused.number}: {how}")
    _take_up(acting, refused)
    return refused


def _take_up(acting: Acting, refused: Refused) -> None:
    """The appeal that a decision turned down waits again to be tried, where that decision no longer stands."""
    if first := _turned_down_by(acting, refused):
        acting.tx.save_refused(replace(first, timely=None, ended=None, settled=False))


def _turned_down_by(acting: Acting, refused: Refused) -> Refused | None:
    """The decision whose appeal this one turned down, as long as it is turned down."""
    found = (one for one in acting.tx.refused_of(acting.case_id) if one.id == refused.turns_down)
    return next((one for one in found if one.ended is not None), None)


def hand_on(acting: Acting, opinion: str) -> Refused:
    """Make the letter that goes with the appeal to the court, and note that it is handed on (FL 46 §)."""
    case, refused = acting.begin(Stage.HAND_ON)
    number, by = acting.number(), acting.by
    authority = acting.office.organisation.authorities[case.authority_id]
    who = f"{by.name}, {by.title}".rstrip(", ")
    paper = handed_on(refused, case, authority, who, opinion, swedish_date(acting.now), number)
    acting.keep(PaperKind.HANDED_ON, number, paper)
    refused = replace(refused, ended=acting.today, settled=True)
    acting.tx.save_refused(refused)
    acting.note(EventKind.HANDED_ON, f"{COURT_NAMES[refused.court]}. Följebrevet är handling {number}.")
    return refused
