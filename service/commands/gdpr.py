"""``lyhord gdpr``: find a person's cases, and write a register extract (GDPR art. 15) as a ZIP."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from cases.calendar import local_day, swedish_date
from cases.case import STATUS_NAMES
from cases.errors import NotAllowed, NotFound
from cases.numerals import count_words
from cases.people.access import Role, User, Viewer
from cases.ports import Tx
from cases.records.registered import Person
from cases.steps.records.personal_data import extract, mentioned
from cases.store.views import CaseLine
from reports.extract import extract_package
from service.bootstrap import House
from service.commands.common import add_config, read_line, read_text, refuse_out_of_place, settings_of, write_out
from service.commands.opening import opened
from service.late import masker


def arguments(parser: argparse.ArgumentParser) -> None:
    """Who is asked about, by whom, and where to."""
    add_config(parser)
    parser.add_argument("what", choices=("find", "extract"), help="lista personens ärenden, eller skriv utdraget")
    parser.add_argument("--email", default="", metavar="ADRESS", help="personens e-postadress")
    parser.add_argument("--name", default="", metavar="NAMN", help="personens namn")
    parser.add_argument("--address", default="", metavar="GATA", help="personens gata och nummer")
    parser.add_argument(
        "--number-from", metavar="FIL", help="fil med personnumret, - för det som skrivs in; det syns då ingenstans"
    )
    parser.add_argument("--case", action="append", default=[], metavar="NUMMER", help="bara de här ärendena; flera går")
    parser.add_argument("--by", required=True, metavar="E-POST", help="registratorn som lämnar utdraget")
    parser.add_argument("--unmasked", default="", metavar="SKÄL", help="ta med andra personer och bilagor, och varför")
    parser.add_argument("--out", type=Path, metavar="FIL", help="filen att skriva, för extract")


def run(asked: argparse.Namespace) -> int:
    """Do it."""
    refuse_out_of_place(asked, dict.fromkeys(("--case", "--unmasked", "--out"), ("extract",)))
    with opened(settings_of(asked)) as house:
        return _find(house, asked) if asked.what == "find" else _extract(house, asked)


def _registrator(tx: Tx, house: House, email: str) -> User:
    user = tx.user_by_email(email)
    if user is None or not user.works_on(local_day(house.clock())) or not user.has(Role.REGISTRATOR):
        raise NotAllowed(
            f"{email} är ingen registrator här. Säg med --by vilken registrator som lämnar utdraget; "
            "`lyhord user list` visar dem som finns."
        )
    return user


def _person(asked: argparse.Namespace) -> Person:
    """Whom it is about; the number is read, since a command's words can be seen by others and are remembered."""
    source = asked.number_from
    number = "" if not source else read_line() if source == "-" else read_text(Path(source))
    person = Person(asked.email, asked.name, number.strip(), asked.address)
    if not person.known:
        raise NotAllowed("Säg vem det gäller: --email, --name, --address eller --number-from.")
    return person


def _find(house: House, asked: argparse.Namespace) -> int:
    person = _person(asked)
    with house.store.read() as tx:
        viewer = house.office.viewer(_registrator(tx, house, asked.by))
        own = tx.cases_of(person, viewer)
        _print(own)
        others = mentioned(tx, person, viewer)
        if others:
            print("Kan vara nämnd i andras ärenden. Läs dem, och ta med bara dem som gäller personen (--case):")
            _print(others)
        if not (own or others):
            print("Inga ärenden hittades. Pröva ett annat sätt att skriva namnet, eller en annan adress.")
    return 0


def _print(lines: Sequence[CaseLine]) -> None:
    for line in lines:
        day = swedish_date(local_day(line.received_at))
        print(f"{line.number:18} {line.sender_name:30} {day:20} {STATUS_NAMES[line.status]}")


def _extract(house: House, asked: argparse.Namespace) -> int:
    if asked.out is None:
        raise NotAllowed("Säg med --out vilken fil utdraget ska skrivas till.")
    person, now = _person(asked), house.clock()
    hiding = None if asked.unmasked else masker()
    with house.store.begin() as tx:
        by = _registrator(tx, house, asked.by)
        lines = _chosen(tx, person, house.office.viewer(by), asked.case)
        made = extract(tx, [line.id for line in lines], person, hiding, asked.unmasked, by, house.office, now)
        write_out(asked.out, extract_package(made, house.settings.municipality.name, now))
    cases = count_words(len(made.cases), "ett ärende", "ärenden").capitalize()
    print(f"{cases}: {asked.out}. Läs igenom utdraget innan det lämnas ut.")
    return 0


def _chosen(tx: Tx, person: Person, viewer: Viewer, numbers: Sequence[str]) -> Sequence[CaseLine]:
    """Those asked for by number, none of which may be missing: an extract without it looks whole.

    Without numbers all that the person wrote from the e-mail address: of a namesake only a registrator can tell.
    """
    if not numbers and not person.email:
        raise NotAllowed("Säg med --case vilka ärenden som är personens: andra kan heta likadant. Se lyhord gdpr find.")
    if not numbers:
        if own := tx.cases_of(Person(person.email), viewer):
            return own
        raise NotFound("Inget ärende är skrivet från e-postadressen. Se lyhord gdpr find, och säg vilka med --case.")
    found = (*tx.cases_of(person, viewer), *mentioned(tx, person, viewer))
    known = {line.number.casefold(): line for line in found}
    missing = [number for number in numbers if number.casefold() not in known]
    if missing:
        raise NotFound(f"Personen har inget ärende {', '.join(missing)} som registratorn ser. Pröva lyhord gdpr find.")
    return [known[number] for number in dict.fromkeys(map(str.casefold, numbers))]
