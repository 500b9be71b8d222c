"""Everything the case page shows, gathered and put in words for its template."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from cases.calendar import local_day
from cases.case import OUTCOME_NAMES, Case, Outcome
from cases.journal import CaseEvent, EventKind
from cases.office import Office
from cases.people.access import AddedReader, Role, User
from cases.people.organisation import Department, Unit
from cases.promises import Deadline, in_force, rule_words
from cases.routing.areas import Area
from cases.routing.flags import FLAG_RULES, ConfidentialityFlag, FlagKind, FlagRule
from cases.routing.suggestion import Suggestion
from cases.steps.answering.answer import may_choose
from cases.steps.joining.unhappy import is_chef, pending
from cases.steps.routing.suggested import came_back
from cases.store.views import CaseFile
from desk import present
from desk.case.appeals import appeal_elsewhere, noted_in, shown_refusals
from desk.case.law import shown_law
from desk.case.opening import ReadCase, read_case
from desk.case.planned import shown_plan
from desk.case.questions import questions
from desk.case.rows import make_rows
from desk.case.thread import show_document, whole_thread
from desk.case.tracks import TRACKS, shown_tracks
from desk.context import Asked
from desk.forms import Posted
from desk.rights import Action, rights


@dataclass(frozen=True, slots=True)
class ShownFlag:
    """A flag one can tick: how it stands now (None where nobody raised it), and what it means."""

    kind: FlagKind
    rule: FlagRule
    flag: ConfidentialityFlag | None

    @property
    def active(self) -> bool:
        """Whether it acts now."""
        return self.flag is not None and self.flag.active


@dataclass(frozen=True, slots=True)
class Ranked:
    """A unit the model suggests, with the confidence of its best area; or the one that a ``rule`` puts first."""

    unit: Unit
    department: Department
    confidence: float
    rule: str = ""


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """A line of the journal with the actor's name."""

    event: CaseEvent
    who: str


@dataclass(frozen=True, slots=True)
class ShownDeadline:
    """A promise, when it falls due, in words how soon, and what the routine asks."""

    deadline: Deadline
    due: present.Due
    asks: str


@dataclass(frozen=True, slots=True)
class ShownReader:
    """Somebody who was let read the case, with the name."""

    name: str
    added: AddedReader


NONE_FITS = "ingen"
"""What the form sends instead of a unit where none of the suggested ones is right."""


def case_page(
    person: Asked, case_id: str, problem: str = "", typed: Posted | None = None, status: int = 200
) -> Response:
    """The case page; after a refusal with the reason on top and everything typed still in its place."""
    read = read_case(person, case_id)
    case, events = read.file.case, read.file.events
    values = _values(person, read) | {
        "main": read.main,
        "undoable": [s for s in read.sent if s.leaves_at > person.now] if read.owned.may(Action.LETTERS) else (),
        "drafts": read.drafts,
        "writing": read.writing,
        "outside": read.outside,
        "thread": whole_thread(person, [read.file, *read.merged]),
        "merged": [one.case for one in read.merged],
        "apart": _to_take_apart(person, read),
        "documents": {d.attachment_id: show_document(d) for d in read.documents},
        "own_cases": read.own_cases,
        "outcomes": outcomes(case, person),
        "unhappy": pending(case, events),
        "takes_over": is_chef(case, person.user, person.office),
        "hallmarks": read.hallmarks,
        "planned": shown_plan(case, read.marks, person.office, person.now),
        "added": _added(read),
        "follows": read.follows,
        "today": local_day(person.now),
        "refusals": shown_refusals(person, read),
        "wishes": {one.note_id: one for one in read.wishes},
        **questions([read.file, *read.merged]),
    }
    return person.page("case/case.html", values, status=status, problem=problem, typed=typed)


def _to_take_apart(person: Asked, read: ReadCase) -> Sequence[Case]:
    """The cases merged into this one that this person may take out of it again."""
    merged = (one.case for one in read.merged)
    return [one for one in merged if rights(one, person.user, person.viewer).may(Action.UNMERGE)]


def _added(read: ReadCase) -> Sequence[ShownReader]:
    """Who was let read the case, by name; whoever has left the house can be taken away as well."""
    names = {user.id: user.name for user in read.users}
    return [ShownReader(names.get(one.user_id, one.user_id), one) for one in read.readers]


def _values(person: Asked, read: ReadCase) -> dict[str, object]:
    file, owned, users = read.file, read.owned, read.users
    added = {one.user_id for one in read.readers}
    here = [user for user in users if user.works_on(local_day(person.now))]
    case, office, names = file.case, person.office, {u.id: u.name for u in users}
    unit, tracks = office.organisation.units.get(case.unit_id), shown_tracks(case, file.suggestion, file.events)
    elsewhere, linked = appeal_elsewhere(read, tracks), {line.id for line in file.linked}
    appealed_in = noted_in(person, read) if elsewhere else None
    decided = appealed_in is not None or bool(read.refused)
    return {
        "case": case,
        "file": file,
        "rights": owned,
        "unit": unit,
        "department": office.organisation.department_of(unit.id) if unit else None,
        "assignee": names.get(case.assignee_id, ""),
        "events": [ShownEvent(e, present.actor_name(e.actor, names)) for e in reversed(file.events)],
        "deadlines": deadlines(case, office, person.now),
        "sender_waits": read.sender_waits,
        "law": shown_law(read.whistle, file, office, person.now, decided=decided),
        "flags": shown_flags(case),
        "ranked": ranked(file.suggestion, office, refused=_refused(file)),
        "kept_unit": "" if came_back(case) else case.unit_id,
        "back": next((e.text for e in reversed(file.events) if e.kind is EventKind.MOVED and came_back(case)), ""),
        "tree": unit_tree(office),
        "chancery": office.organisation.unit_for(Area.KANSLI).name,
        "tracks": TRACKS,
        "shown_tracks": tracks,
        "appeals_elsewhere": elsewhere,
        "appealed_in": appealed_in,
        "none_fit": person.request.query_params.get("enhet") == NONE_FITS,
        "NONE_FITS": NONE_FITS,
        "colleagues": colleagues(here, case, office) if owned.may(Action.ASSIGN) else (),
        "readers": [u for u in here if u.may_read and u.id not in {person.user.id, *added}],
        "linked": make_rows(file.linked, office, person.now),
        "loose": [line for line in file.linked if line.id not in read.tied],
        "same_sender": make_rows([one for one in file.same_sender if one.id not in linked], office, person.now),
        "subject": present.register_subject(case),
        "sender": present.sender_name(case),
    }


def outcomes(case: Case, person: Asked) -> dict[Outcome, str]:
    """How this person may end the case (O23)."""
    return {one: name for one, name in OUTCOME_NAMES.items() if may_choose(one, case, person.user, person.office)}


def deadlines(case: Case, office: Office, now: datetime) -> list[ShownDeadline]:
    """The promises of a case, the nearest first."""
    today = local_day(now)
    standing = in_force(case.deadlines)
    ordered = sorted((d for d in case.deadlines if d.met_at or d in standing), key=lambda d: d.due)
    words = present.due_words
    return [ShownDeadline(d, words(d.due, today, office.calendar), rule_words(d, office.promises)) for d in ordered]


def shown_flags(case: Case) -> list[ShownFlag]:
    """Every kind of flag: those somebody or something raised first."""
    raised: Mapping[FlagKind, ConfidentialityFlag] = {f.kind: f for f in sorted(case.flags, key=lambda f: f.active)}
    shown = [ShownFlag(kind, rule, raised.get(kind)) for kind, rule in FLAG_RULES.items()]
    return sorted(shown, key=lambda s: (not s.active, s.flag is None))


def ranked(suggestion: Suggestion | None, office: Office, most: int = 3, refused: Collection[str] = ()) -> list[Ranked]:
    """The best suggested units but the ``refused``; areas of a unit are one, with the best area's confidence."""
    if suggestion is None:
        return []
    tree, found = office.organisation, dict[str, Ranked]()
    if (spoke := suggestion.rule) and (ruled := tree.units.get(tree.unit_now(spoke.unit_id))):
        found[ruled.id] = Ranked(ruled, tree.department_of(ruled.id), 0.0, spoke.name)
    if learnt := tree.units.get(suggestion.unit_id):
        found.setdefault(learnt.id, Ranked(learnt, tree.department_of(learnt.id), suggestion.unit_confidence))
    for area in suggestion.areas:
        unit = tree.unit_for(area.area)
        found.setdefault(unit.id, Ranked(unit, tree.department_of(unit.id), area.confidence))
    return [one for one in found.values() if one.unit.id not in refused][:most]


def _refused(file: CaseFile) -> frozenset[str]:
    """The units that had a case which came back: none of them stands first again."""
    if not came_back(file.case):
        return frozenset()
    return frozenset(one.unit_id for one in file.decisions) | {file.case.unit_id}


def unit_tree(office: Office) -> list[tuple[Department, list[Unit]]]:
    """The units grouped by förvaltning, in the order of the profile."""
    tree = office.organisation
    grouped = [(d, [u for u in tree.units.values() if u.department_id == d.id]) for d in tree.departments.values()]
    return [(department, units) for department, units in grouped if units]


def colleagues(users: Sequence[User], case: Case, office: Office) -> list[User]:
    """Who of those that work here can be given it: members of its unit; a whistle-blower's case, its receivers."""
    if case.whistle:
        return [u for u in users if u.has(Role.VISSELMOTTAGARE)]
    return [u for u in users if case.unit_id in office.viewer(u).member_units]
