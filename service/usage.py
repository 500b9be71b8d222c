"""The command line's own words in Swedish: argparse says in English what a word should have been."""

import argparse
import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, NoReturn

_CHOICE = re.compile(r"argument (.+?): invalid choice: '(.*)' \(choose from (.*)\)", re.DOTALL)
_WHAT = "Säg vad som ska göras."
_SAID = (
    (re.compile(r"the following arguments are required: what"), _WHAT),
    # "what" is our own name for the word that says what to do.
    (re.compile(r"the following arguments are required: what, (.*)"), "Säg vad som ska göras; det saknas också: {0}."),
    (re.compile(r"the following arguments are required: (.*)"), "Det saknas: {0}."),
    (re.compile(r"one of the arguments (.*) is required"), "Säg vad som ska göras, med en av {0}."),
    (re.compile(r"unrecognized arguments: (.*)", re.DOTALL), "Det här är okänt: {0}."),
    (re.compile(r"argument (.+?): expected (?:one|at least one) argument"), "{0} ska ha ett värde efter sig."),
    (re.compile(r"argument (.+?): invalid (?:int|float) value: '(.*)'", re.DOTALL), "{0} ska vara ett tal, inte {1}."),
    (
        re.compile(r"argument (.+?): invalid fromisoformat value: '(.*)'", re.DOTALL),
        "{0} ska vara en dag som 2026-11-27, inte {1}.",
    ),
    (re.compile(r"argument (.+?): not allowed with argument (.+)"), "{0} går inte ihop med {1}."),
    (re.compile(r"ambiguous option: (\S+) could match (.*)"), "{0} kan vara {1}. Skriv ut hela."),
    (re.compile(r"argument ([^:]+): ignored explicit argument '(.*)'", re.DOTALL), "{0} tar inget värde."),
    # Our own reading of a value says in Swedish what is wrong.
    (re.compile(r"argument ([^:]+): (.*)", re.DOTALL), "{0}: {1}"),
)
_HEADINGS = (
    ("usage: ", "så här: "),
    ("positional arguments:", "ord:"),
    ("options:", "val:"),
    ("show this help message and exit", "visa den här hjälpen"),
)


class SwedishParser(argparse.ArgumentParser):
    """A parser whose help and faults are in Swedish; its subparsers are of the same class."""

    def error(self, message: str) -> NoReturn:
        """One sentence and the way out, on stderr; exit status 2."""
        said = swedish(message)
        if said.startswith(_WHAT[:-1]) and (words := self._words()):
            said = said.replace(_WHAT[:-1], f"{_WHAT[:-1]}: {', '.join(words)}", 1)
        self.exit(2, f"{self.prog}: {said} `{self.prog} --help` visar hur man skriver.\n")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:  # noqa: ANN401 - as it is there
        """As it is there, but what is unknown is told by the command it was given to, which has the help."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return found, unknown

    def _words(self) -> Sequence[str]:
        return next((list(action.choices) for action in self._actions if action.dest == "what" and action.choices), [])

    def format_help(self) -> str:
        """The whole help."""
        said = super().format_help()
        for english, here in _HEADINGS:
            said = said.replace(english, here, 1)
        return said


def swedish(message: str) -> str:
    """What argparse says is wrong, in Swedish; words that are not known here are left as they are."""
    if found := _CHOICE.fullmatch(message):
        return _no_such(*found.groups())
    for pattern, said in _SAID:
        if found := pattern.fullmatch(message):
            return said.format(*found.groups())
    return message


def _no_such(place: str, given: str, choices: str) -> str:
    known = [choice.strip("'") for choice in choices.split(", ")]
    near = get_close_matches(given, known, n=1)
    meant = f" Menade du {near[0]}?" if near else ""
    said = given if place == "what" else f"{place}: {given}"
    return f"{said} finns inte.{meant} Välj bland {', '.join(known)}."
