"""A house whose registrator has routed many letters, and a workshop with a tiny model to learn from them."""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from pathlib import Path

from cases.people.access import SYSTEM
from cases.routing.areas import Area
from cases.routing.decisions import RoutingChoice, RoutingRequest
from cases.routing.flags import FlagKind
from cases.routing.suggestion import CaseType, Severity
from cases.steps.routing.confirm import confirm
from classifier.local.model import LocalClassifier, Workshop
from classifier.local.shelf import Shelf
from classifier.training import train
from service.installation.learning import Learner
from tests.classifier.tiny import HashEncoder, write_sample
from tests.steps.house import SmallHouse, mail


def workshop(folder: Path) -> Workshop:
    """A shipped model of few letters."""
    letters = write_sample(folder / "train.jsonl", 150)
    train(letters, folder / "shipped", encoder=HashEncoder(), seed=3, folds=2)
    load = partial(LocalClassifier.load, shipped=folder / "shipped", encoder=HashEncoder())
    return Workshop(letters, folder / "shipped", HashEncoder(), load, seed=3, folds=2)


def learner(house: SmallHouse, made: Workshop, shelf: Shelf) -> Learner:
    return Learner(house.store, house.office.organisation, shelf, made, lambda text: text, house.office.new_id)


def letters_about(word: str, count: int) -> list[str]:
    """Letters about something the shipped letters never name; each has its own writer and wording."""
    ways = ("Hur är det med {}?", "Vi väntar på {} sedan i går.", "Tack för {} i veckan.", "Jag vill klaga på {}.")
    ends = ("Svara gärna.", "Det brådskar inte.", "Ring inte.", "Hälsningar från oss.", "Vad gäller?")
    return [f"{ways[i % len(ways)].format(word)} {ends[i % len(ends)]}" for i in range(count)]


def routed(house: SmallHouse, bodies: Iterable[tuple[str, str]], *, area: Area = Area.ALDREOMSORG) -> list[str]:
    """Let (body, unit) pairs come in, and the registrator send each to its unit; the cases' ids in order."""
    pairs, ids = list(bodies), []
    first = house.office.new_id()
    for number, (body, _) in enumerate(pairs):
        house.post(
            mail(body, sender=f"N <n{number}-{first}@post.example>", message_id=f"<{number}.{first}@post.example>")
        )
        ids.append(f"<{number}.{first}@post.example>")
    for _ in range(0, len(pairs), 30):
        house.run()
    found = []
    for (_, unit), message_id in zip(pairs, ids, strict=True):
        house.now += timedelta(minutes=1)
        with house.store.begin() as tx:
            case = tx.get_case(tx.case_by_message_ids([message_id]), SYSTEM)
            confirm(tx, case.id, request(case, unit, area), house.registrator, house.office, house.now)
        found.append(case.id)
    return found


def request(case, unit: str, area: Area = Area.ALDREOMSORG, *, flags: frozenset[FlagKind] = frozenset(), **more):
    return RoutingRequest(
        version=case.version,
        choice=more.pop("choice", RoutingChoice.UNIT),
        unit_id=unit,
        area=area,
        type=CaseType.FRAGA,
        severity=Severity.NORMAL,
        flags=flags,
        **more,
    )
