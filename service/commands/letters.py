"""``lyhord letters``: every letter with trigger, deadline, recipients and variables, and where its text comes from."""

import argparse
import os
from collections.abc import Iterator

from cases.letters.letter import LetterKind
from cases.letters.texts import text_state
from config import Settings
from config import load as load_settings
from notifier import TemplateRenderer
from notifier.constants import sample_constants
from service.bootstrap import House
from service.commands.opening import opened


def arguments(parser: argparse.ArgumentParser) -> None:
    """Whether to look for faults too, and of which municipality."""
    parser.add_argument("--lint", action="store_true", help="leta fel i mallarna; felstatus om något finns")
    parser.add_argument(
        "--config",
        "-c",
        default=os.environ.get("LYHORD_CONFIG", ""),
        metavar="FIL",
        help="kommunens fil: säg också varifrån varje text kommer och om den är godkänd",
    )


def run(asked: argparse.Namespace) -> int:
    """Print the catalogue, or the faults; with a municipality's file, of its own texts."""
    if not asked.config:
        return _print(TemplateRenderer(sample_constants()), None, lint=asked.lint)
    with opened(load_settings(asked.config, os.environ)) as house:
        return _print(house.renderer, house, lint=asked.lint)


def _print(renderer: TemplateRenderer, house: House | None, *, lint: bool) -> int:
    if lint:
        findings = renderer.lint()
        for finding in findings:
            print(finding)
        return 1 if findings else 0
    for row in renderer.catalogue():
        print(f"{row.kind:22} {row.audience:34} {row.trigger}; {row.deadline}")
        print(f"{'':22} {', '.join(row.languages)}: {', '.join(row.needs.names)}")
        for line in _states(house, row.kind, row.languages) if house else ():
            print(f"{'':22} {line}")
    return 0


def _states(house: House, kind: LetterKind, languages: tuple[str, ...]) -> Iterator[str]:
    on = _switched_on(house.settings)
    with house.store.read() as tx:
        for language in languages:
            events = tx.text_events(kind, language)
            state = text_state(language, events, house.workshop.below(kind, language), on)
            used = "används" if state.used else f"används inte: {state.note[:1].lower()}{state.note[1:]}"
            yield f"{language}: {state.origin}, {used}"


def _switched_on(settings: Settings) -> frozenset[str]:
    return frozenset(settings.letters.languages) | {"sv"}
