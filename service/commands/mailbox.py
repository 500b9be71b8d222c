"""``lyhord mailbox recover``: after a restore, letters fetched since the backup are found in the done folder."""

import argparse
from datetime import date

from cases.calendar import local_day
from cases.errors import ConfigError, MailboxError
from service.backup.after_restore import recover
from service.clock_and_ids import utc_now
from service.commands.common import add_config, settings_of
from service.commands.opening import opened_as
from service.whole_house import build_whole, warm_up

_AGAIN = "Kör lyhord mailbox recover igen, inget tas in två gånger"


def arguments(parser: argparse.ArgumentParser) -> None:
    """From which day."""
    add_config(parser)
    parser.add_argument("what", choices=("recover",), help="hitta brev som den återställda databasen inte känner")
    parser.add_argument(
        "--since", type=date.fromisoformat, metavar="ÅÅÅÅ-MM-DD", help="från den dagen (annars en vecka före kopian)"
    )
    parser.add_argument(
        "--restored", action="store_true", help="databasen är återställd på annat sätt, som av PostgreSQL själv"
    )
    parser.add_argument("--skip", action="store_true", help="leta inte; notera bara att inget behöver hittas")


def run(asked: argparse.Namespace) -> int:
    """Recover; 1 where something could not be taken in."""
    if asked.since and asked.since > local_day(utc_now()):
        raise ConfigError(f"--since {asked.since} har inte varit än, så inga brev skulle hittas. Ange en tidigare dag.")
    with opened_as(build_whole, settings_of(asked)) as house:
        if not asked.skip:
            warm_up()
        try:
            done = recover(house, house.clock(), asked.since, skip=asked.skip, restored=asked.restored)
        except MailboxError as error:
            raise MailboxError(error.worded(_AGAIN)) from error
    print(f"{done.kept} brev hittades igen; {done.known} fanns redan.")
    print(f"{done.unsure} brev till medborgare kan redan ha skickats. De väntar som ovissa i utkorgen på en människa.")
    for problem in done.problems:
        print(problem)
    return 1 if done.problems else 0
