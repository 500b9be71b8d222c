"""The rows of a list of cases in a mail to one person: what each may be told, and where a case opens for them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cases.case import Case
from cases.numerals import count_words
from cases.office import Office
from cases.people.access import User
from cases.ports import Tx

Facts = Callable[[Case], Iterable[str]]
"""What may be told of a case, a sentence each."""

MOST_LISTED = 20
"""Cases a list tells of; of the others it tells how many, and where they are."""


@dataclass(frozen=True, slots=True)
class ListReader:
    """Whom a list is for: a person with an account, or None for a mailbox of several; ``may`` are cases they read.

    Somebody who no longer works here is no mailbox of several, and reads none.
    """

    person: User | None
    may: frozenset[str]

    @classmethod
    def of(cls, tx: Tx, address: str, case_ids: Sequence[str], office: Office, today: date) -> "ListReader":
        """Who reads mail to an address, and which of these cases."""
        person = tx.user_by_email(address)
        if person is None or not person.works_on(today):
            return cls(person, frozenset())
        return cls(person, tx.readable(case_ids, office.viewer(person)))

    def opens(self, case: Case) -> bool:
        """Whether the case's page opens for whoever reads the list, as far as is known."""
        return self.person is None or case.id in self.may

    def row(self, case: Case, facts: Iterable[str], office: Office) -> str:
        """A case's number, what may be told of it, and its link where it opens, between upright bars."""
        link = f"{office.desk_url}/arenden/{case.id}" if self.opens(case) else ""
        return "|".join((case.number, " ".join(facts).replace("|", "/"), link))


def listed(reader: ListReader, cases: Sequence[Case], facts: Facts, office: Office) -> dict[str, str]:
    """What every list says of its cases, in their order: how many, the first of them, and how many it does not name."""
    beyond = len(cases) - MOST_LISTED
    return {
        "antal": _counted(len(cases)),
        "arenden": "\n".join(reader.row(case, facts(case), office) for case in cases[:MOST_LISTED]),
        "fler": _counted(beyond) if beyond > 0 else "",
    }


def _counted(count: int) -> str:
    return count_words(count, "ett ärende", "ärenden")
