"""``lyhord plan CASE``: what a case's promises will send, when, and why."""

import argparse
from collections.abc import Iterator
from datetime import datetime

from cases.calendar import swedish_date, swedish_time
from cases.case import STATUS_NAMES, Case
from cases.errors import NotFound
from cases.letters.letter import LETTER_NAMES
from cases.office import Office
from cases.people.access import SYSTEM
from cases.ports import Store
from cases.post.plan import PLAN_NAMES, PlannedLetter, PlanState, plan
from cases.promises import PROMISE_NAMES, rule_words
from service.commands.common import add_config, settings_of
from service.commands.opening import opened


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which case of which municipality."""
    add_config(parser)
    parser.add_argument("number", metavar="ÄRENDE", help="ärendenumret eller diarienumret")


def run(asked: argparse.Namespace) -> int:
    """Print the plan."""
    with opened(settings_of(asked)) as house:
        for line in plan_lines(house.store, house.office, asked.number, house.clock()):
            print(line)
    return 0


def plan_lines(store: Store, office: Office, number: str, now: datetime) -> Iterator[str]:
    """The promises of a case and the letters they cause, one line each. Raises NotFound."""
    with store.read() as tx:
        case_id = tx.case_by_number(number)
        if not case_id:
            raise NotFound(f"Det finns inget ärende {number}. Skriv numret som det står i brevet.")
        case = tx.get_case(case_id, SYSTEM)
        letters = plan(case, tx.marks(case_id), office, now)
    yield f"{case.number}: {STATUS_NAMES[case.status]}, mottaget {swedish_time(case.received_at)}"
    for deadline in case.deadlines:
        kept = f"hållet {swedish_time(deadline.met_at)}" if deadline.met_at else "inte hållet än"
        line = f"  löfte  {PROMISE_NAMES[deadline.kind]} senast den {swedish_date(deadline.due)}: {kept}"
        asked = rule_words(deadline, office.promises)
        yield f"{line}. {asked}" if asked else line
    for letter in letters:
        state = f"{PLAN_NAMES[letter.state]}. {_why(case, letter)}".rstrip()
        yield f"  brev   {swedish_time(letter.due_at):32} {LETTER_NAMES[letter.kind]:26} {state}"


def _why(case: Case, letter: PlannedLetter) -> str:
    # Whoever runs commands may not know what a case is protected for (Rulings, Access).
    if case.protected and letter.state is PlanState.CANCELLED and not case.ended:
        return "Skälet står på ärendesidan."
    return letter.reason
