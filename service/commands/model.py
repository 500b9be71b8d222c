"""``lyhord model``: which model suggests, how it came to, and back to the one before."""

import argparse

from cases.calendar import swedish_time
from cases.routing.learning import AUTOMATIC, ChampionEvent, ModelState
from service.commands.common import add_config, settings_of
from service.commands.opening import opened
from service.installation.model_room import outcome_words

_WHAT = {
    "crowned": "tog över",
    "refused": "tog inte över",
    "rolled_back": "bytt tillbaka till",
    "forgotten": "glömd",
    "skipped": "ingen träning",
}
_SHIPPED = "den medföljande modellen"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do."""
    add_config(parser)
    parser.add_argument(
        "what", choices=("status", "history", "rollback"), help="visa läget, visa historiken, gå tillbaka ett steg"
    )


def run(asked: argparse.Namespace) -> int:
    """Say or do it."""
    with opened(settings_of(asked)) as house:
        if asked.what == "rollback":
            print(house.model.rollback(AUTOMATIC, house.clock()))
            return 0
        state = house.model.state()
    print(status_words(state) if asked.what == "status" else history_words(state))
    return 0


def status_words(state: ModelState) -> str:
    """How it stands, in a few lines."""
    lines = [f"Föreslår: {state.champion or _SHIPPED} ({state.version})"]
    lines.append(f"Lär av kommunens egna brev: {'ja' if state.learns else 'nej'}")
    if state.champion:
        lines.append(f"Har lärt av {state.letters} bekräftade brev")
    if state.units:
        lines.append(f"Enheter utan eget ämne som den känner igen: {', '.join(state.units)}")
    if state.earlier is not None:
        lines.append(f"lyhord model rollback går tillbaka till {state.earlier or _SHIPPED}")
    return "\n".join(lines)


def history_words(state: ModelState) -> str:
    """What has happened, newest first, a line each."""
    return "\n".join(map(_line, state.history)) or "Ingen modell har tränats på kommunens egna brev."


def _line(event: ChampionEvent) -> str:
    named = event.name or (_SHIPPED if event.what == "rolled_back" else "")
    said = event.why if event.what in ("rolled_back", "forgotten", "skipped") else outcome_words(event)
    return f"{swedish_time(event.at)}  {_WHAT.get(event.what, event.what)} {named}  {said}".rstrip()
