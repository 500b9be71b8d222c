"""Fills a database with many cases fast: a few hundred are received as the daemon does, the rest are copies in SQL."""

import json
import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from cases.routing.areas import Area
from cases.routing.flags import FlagKind
from cases.routing.incidents import Imprint
from cases.routing.suggestion import CaseType, Severity
from storage import SqlStore
from storage.search.analyse import analyse
from tests.bench.copying import Copier, Copy
from tests.desk import house as h

LETTERS = Path(__file__).parents[3] / "classifier" / "letters" / "train.jsonl"
SEEDS = 400
_FIRST_NAMES = ("Anna", "Bo", "Cilla", "Dag", "Eva", "Folke", "Greta", "Hans", "Inga", "Jon", "Karin", "Leif")
_LAST_NAMES = ("Alm", "Berg", "Dal", "Ek", "Frid", "Gran", "Holm", "Lund", "Nord", "Ros", "Sjö", "Vik")
_DIMENSIONS, _YEARS = 256, 3


def fill(url: str, opened: int, closed: int) -> None:
    """Put so many open and closed cases into a migrated, empty database, the same ones each time."""
    store = SqlStore(url, analyser=analyse)
    seeds = min(SEEDS, opened)
    house = h.House(store, h.office(), h.Watch())
    house.people()
    dice = random.Random(1)
    for letter in _letters(seeds):
        _receive(house, letter, dice)
    store.close()
    copier = Copier(url)
    copier.copy(_copies(opened // seeds - 1, closed // seeds))
    copier.analyse()
    copier.done()


def _letters(count: int) -> Iterator[dict[str, object]]:
    lines = LETTERS.read_text("utf-8").splitlines()
    step = max(1, len(lines) // count)
    return (json.loads(line) for line in lines[::step][:count])


def _receive(house: h.House, letter: dict[str, object], dice: random.Random) -> None:
    text, subject = str(letter["body"]), str(letter["subject"])
    area = Area(str(letter["area"]))
    words = [word for word in text.split()[:3] if word]
    flags = [(FlagKind(kind), text[:20]) for kind in _known(letter["flags"])]
    made = h.suggestion(text, area, 0.5 + dice.random() / 2, words=words, flags=flags)
    made = replace(
        made, type=CaseType(str(letter["type"])), severity=Severity(str(letter["severity"])), imprint=_imprint(dice)
    )
    name = f"{dice.choice(_FIRST_NAMES)} {dice.choice(_LAST_NAMES)}"
    address = f"{name.lower().replace(' ', '.').replace('ö', 'o')}@mejl.example"
    house.letter(subject, text, made, from_name=name, from_addr=address, hours=dice.randint(1, 40))


def _known(kinds: object) -> Iterator[str]:
    for kind in kinds if isinstance(kinds, list) else ():
        with suppress(ValueError):
            yield FlagKind(kind)


def _imprint(dice: random.Random) -> Imprint:
    vector = bytes(dice.randrange(256) for _ in range(_DIMENSIONS))
    return Imprint("bench:0.310", vector, frozenset({f"plats{dice.randrange(40)}"}), frozenset({"lykta", "väg"}))


def _copies(opened: int, closed: int) -> Iterator[Copy]:
    """So many open ones within two months and so many closed ones, spread over three years."""
    span = 365 * _YEARS
    yield from (Copy(n, n % 60, 1) for n in range(1, opened + 1))
    yield from (Copy(opened + n, 30 + n * span // (closed + 1), 0) for n in range(1, closed + 1))
