"""``lyhord retention``: what the rules would erase, do it, and the protocols of what was."""

import argparse
import csv
import sys
from collections import Counter

from cases.calendar import local_day, swedish_date, swedish_time
from cases.errors import NotAllowed
from cases.numerals import count_words
from cases.people.access import SYSTEM
from cases.records.disposal import Disposal
from cases.records.retention import SPARED_NAMES, DisposalPlan
from cases.steps.records.retention import disposal_plan, dispose
from service.bootstrap import House
from service.commands.common import add_config, refuse_out_of_place, settings_of
from service.commands.opening import opened
from service.retention import retention_rules, scrub_now


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and with what confirmation."""
    add_config(parser)
    parser.add_argument(
        "what",
        choices=("plan", "run", "protocols", "scrub"),
        help="visa vad som skulle gallras, gallra det, skriv protokollen som CSV, skriv om databasens filer",
    )
    parser.add_argument("--by", metavar="E-POST", default="", help="den som gallrar, för run")
    parser.add_argument(
        "--count", metavar="ANTAL", type=int, help="så många ärenden och meddelanden som plan visade, för run"
    )


def run(asked: argparse.Namespace) -> int:
    """Do it."""
    refuse_out_of_place(asked, dict.fromkeys(("--by", "--count"), ("run",)))
    with opened(settings_of(asked)) as house:
        return {"plan": _plan, "run": _run, "protocols": _protocols, "scrub": _scrub}[asked.what](house, asked)


def _found(house: House) -> DisposalPlan:
    with house.store.read() as tx:
        return disposal_plan(tx, retention_rules(house.settings), SYSTEM, house.clock())


def _plan(house: House, _asked: argparse.Namespace) -> int:
    rules, plan = retention_rules(house.settings), _found(house)
    if not rules.rules and not rules.loose:
        print("Ingen regel finns, så inget gallras. Skriv [retention] eller [[retention_rules]] i kommunens fil.")
    counts = Counter(one.rule.id for one in plan.due)
    for rule in rules.rules:
        now = count_words(counts[rule.id], "ett ärende", "ärenden").capitalize()
        print(f"Regeln {rule.id}, beslut {rule.decision}: {rule.words}. {now} att gallra nu.")
    for due in plan.due:
        ended = swedish_date(local_day(due.case.ended_at))
        print(f"  {due.case.number:18} {due.case.registry_number:18} avslutat {ended}, regeln {due.rule.id}")
    if rules.loose:
        loose = count_words(plan.loose, "ett meddelande", "meddelanden")
        print(f"Utan ärende, beslut {rules.loose.decision}: {loose} att gallra nu.")
    for why, count in plan.spared.items():
        print(f"Kvar, {count_words(count, 'ett ärende', 'ärenden')}: {SPARED_NAMES[why].lower()}.")
    if plan.count:
        print(f"Gallra dem så: lyhord retention run --count {plan.count} --by DIN-E-POST")
    return 0


def _run(house: House, asked: argparse.Namespace) -> int:
    rules, now = retention_rules(house.settings), house.clock()
    with house.store.begin() as tx:
        person = tx.user_by_email(asked.by)
        if person is None or not person.works_on(local_day(now)):
            who = f"{asked.by} har inget öppet konto. " if asked.by else ""
            raise NotAllowed(f"{who}Säg med --by vem som gallrar: e-postadressen till någon som har ett konto.")
        plan = disposal_plan(tx, rules, SYSTEM, now)
        if asked.count != plan.count:
            said = "det säger inte --count" if asked.count is None else f"inte {asked.count}"
            raise NotAllowed(f"{plan.count} skulle gallras, {said}. Se lyhord retention plan.")
        made = dispose(tx, rules, SYSTEM, person.id, house.office, now)
    for one in made:
        print(_words(one))
    scrub_now(house)
    return 0


def _words(one: Disposal) -> str:
    gone, several = one.erased, len(one.lines) != 1
    cases = f"{len(one.lines)} ärenden gallrade" if several else "ett ärende gallrat"
    return (
        f"{swedish_time(one.at)}: {cases} enligt {one.decision} (regeln {one.rule_id}): "
        f"{gone.letters} brev, {count_words(gone.files, 'en bilaga', 'bilagor')}, {gone.letters_out} brev ut. "
        f"Protokoll {one.id}."
    )


def _protocols(house: House, _asked: argparse.Namespace) -> int:
    with house.store.read() as tx:
        found, names = tx.disposals(), {user.id: user.name for user in tx.users()}
    out = csv.writer(sys.stdout, delimiter=";", lineterminator="\n")
    out.writerow(("protokoll", "gallrat", "av", "beslut", "regel", "ärendenummer", "diarienummer", "inkom", "avslutat"))
    for one in found:
        head = (one.id, swedish_time(one.at), names.get(one.by, "Lyhörd"), one.decision, one.rule)
        out.writerows((*head, *row) for row in one.rows)
    return 0


def _scrub(house: House, _asked: argparse.Namespace) -> int:
    scrub_now(house)
    print("Databasens filer är omskrivna. Äldre säkerhetskopior har kvar det som gallrats tills de tas bort.")
    return 0
