"""Cases that have ended, a letter of words that stand nowhere else, and rules by which both are erased."""

from dataclasses import replace
from datetime import timedelta

from cases.case import Case, CaseStatus, Outcome
from cases.people.access import SYSTEM
from cases.records.retention import DisposalPlan, RetentionRule, RetentionRules
from cases.steps.answering.closing import close
from cases.steps.records.retention import disposal_plan, dispose
from cases.steps.working.work import add_note
from cases.store.views import ListFilter, ListKind
from tests.steps.house import SmallHouse

YEARS = timedelta(days=2 * 366)
RULE = RetentionRule("alla", 2, "KS/2026:9 004")
RULES = RetentionRules((RULE,))
# Words no template, table or other letter holds, in the subject, the body, the file's name and the file.
SECRET = ("kvastharkel", "Tuvelinda", "zinkglimma", "mossrunda", "harvspindel", "Beritta Alminge")


def letter() -> bytes:
    parts = [
        "From: Beritta Alminge <beritta@kvastharkel.example>",
        "To: feedback@ekdala.example",
        "Subject: Lampan vid Tuvelinda",
        "Message-ID: <zinkglimma@kvastharkel.example>",
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="b"',
        "",
        "--b",
        "Content-Type: text/plain; charset=utf-8",
        "",
        "Lampan vid harvspindel är trasig. Hälsningar Beritta Alminge",
        "--b",
        "Content-Type: text/csv; charset=utf-8",
        'Content-Disposition: attachment; filename="mossrunda.csv"',
        "",
        "kvastharkel;mossrunda;harvspindel",
        "--b--",
        "",
    ]
    return "\r\n".join(parts).encode()


def ended(house: SmallHouse, raw: bytes, **changes: object) -> Case:
    """A letter whose case was noted on, and closed at once."""
    house.receive(raw)
    with house.store.begin() as tx:
        newest = tx.lines(ListKind.ALL, SYSTEM, ListFilter(limit=1))[0]
        case = tx.save_case(replace(tx.get_case(newest.id, SYSTEM), status=CaseStatus.ANSWERED, **changes))
        add_note(tx, case.id, "Ringde Beritta Alminge om Tuvelinda.", house.registrator, house.office, house.now)
        close(
            tx,
            case.id,
            case.version,
            "Byt lampor vid Tuvelinda.",
            house.registrator,
            house.office,
            house.now,
            Outcome.ANSWERED,
        )
        return tx.get_case(case.id, SYSTEM)


def plan_of(house: SmallHouse, rules: RetentionRules = RULES) -> DisposalPlan:
    with house.store.read() as tx:
        return disposal_plan(tx, rules, SYSTEM, house.now)


def go(house: SmallHouse, rules: RetentionRules = RULES):
    with house.store.begin() as tx:
        return dispose(tx, rules, house.office.viewer(house.registrator), house.registrator.id, house.office, house.now)
