"""One case that cannot be seen to keeps no other's alarm, receipt or promised letter back, on either database."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.case import CaseStatus
from cases.errors import TemplateError
from cases.letters.letter import Letter, LetterContext, LetterKind
from cases.routing.suggestion import Severity
from service import sweeps
from storage import SqlStore
from tests.bench.promising import SENDING, fill
from tests.steps.house import SmallHouse, mail

BAD = "EK-2026-00002"


class Refusing:
    """A renderer that cannot write one case's letters."""

    def __init__(self, inner: object) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def render(self, kind: LetterKind, language: str, context: LetterContext) -> Letter:
        if BAD in (context.values["arende_id"], context.values["arende_id"].replace("-000002", "-00002")):
            raise TemplateError("Mallen går inte att läsa.")
        return self._inner.render(kind, language, context)  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def house(store: SqlStore) -> SmallHouse:
    return SmallHouse(store)


def kinds(house: SmallHouse, kind: LetterKind) -> list[str]:
    """The case numbers that have a letter of a kind."""
    with house.store.read() as tx:
        numbers = [f"EK-2026-{n:05d}" for n in range(1, 4)] + [f"EK-2026-{n:06d}" for n in range(1, 46)]
        found = [(number, tx.case_by_number(number)) for number in numbers]
        return [n for n, one in found if one and any(e.letter.kind is kind for e in tx.letters_of(one))]


def refusing(house: SmallHouse) -> None:
    house.office = replace(house.office, renderer=Refusing(house.office.renderer))  # type: ignore[arg-type]


def test_promised_letters_of_the_others_leave(house: SmallHouse) -> None:
    fill(house, range(1, 46), SENDING.date(), CaseStatus.ROUTED)
    refusing(house)
    sweeps.promises(house.store, house.office, SENDING)
    sent = kinds(house, LetterKind.STATUS)
    assert len(sent) == 44
    assert "EK-2026-000002" not in sent
    assert sweeps.promises(house.store, house.office, SENDING + timedelta(minutes=1)) == 0, (
        "each once, the bad one waits"
    )


@pytest.mark.parametrize(
    ("severity", "suggested", "kind"),
    [(Severity.ALLVARLIG, True, LetterKind.TILL_CHEF), (Severity.NORMAL, False, LetterKind.MOTTAGNING)],
    ids=["alarms", "receipts"],
)
def test_alarms_and_receipts_of_the_others_leave(
    house: SmallHouse, severity: Severity, suggested: bool, kind: LetterKind
) -> None:
    house.model.severity = severity
    for number in range(3):
        house.post(mail(sender=f"Nils <n{number}@post.example>", message_id=f"<s{number}@post.example>"))
        house.later(seconds=1)
    house.stages.read(house.now)
    if suggested:
        house.stages.suggest(house.now)
    refusing(house)
    house.later(hours=2)
    sweeps.alarms(house.store, house.office, house.now)
    assert kinds(house, kind) == ["EK-2026-00001", "EK-2026-00003"]
    assert sweeps.alarms(house.store, house.office, house.now) == 0
