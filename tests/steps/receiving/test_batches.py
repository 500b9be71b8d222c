"""Letters share a transaction, and one that fails takes none of the others with it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from threading import Thread

import pytest

from cases.inbound.messages import InboundMessage
from cases.letters.letter import LetterKind, OutboxEntry
from cases.office import LetterRules
from cases.people.access import SYSTEM
from cases.routing.suggestion import Suggestion
from cases.steps.receiving.receive import Outcome
from cases.steps.routing.suggest import record
from cases.store.views import ListFilter, ListKind
from ingest.parse import parse
from service import stages
from storage.store import SqlTx
from tests.steps.house import ScriptedModel, SmallHouse, mail


def _letters(house: SmallHouse, count: int) -> None:
    for n in range(count):
        house.post(mail(f"Lampa {n} är trasig.", subject=f"Lampa {n}", message_id=f"<b{n}@mejl.example>"))


def _cases(house: SmallHouse) -> int:
    with house.store.read() as tx:
        return len(tx.lines(ListKind.ALL, SYSTEM, ListFilter()))


def test_a_letter_that_cannot_be_placed_leaves_the_others_placed(house: SmallHouse) -> None:
    def broken(content: bytes) -> InboundMessage:
        message = parse(content)
        # A kind that no row can hold: it fails in the transaction, not in the reading.
        return replace(message, kind=None) if "Lampa 3" in message.subject else message  # type: ignore[arg-type]

    _letters(house, 6)
    house.stages = replace(house.stages, parse=broken)
    assert house.stages.read(house.now) == Counter({Outcome.NEW_CASE: 5})
    with house.store.read() as tx:
        assert [raw.attempts for raw in tx.raw_to_read(9, house.now.replace(year=2030))] == [1]


def test_what_another_daemon_read_meanwhile_is_left_alone(house: SmallHouse) -> None:
    def slow(content: bytes) -> InboundMessage:
        other = replace(house.stages, parse=parse)
        other.read(house.now)
        return parse(content)

    _letters(house, 3)
    assert replace(house.stages, parse=slow).read(house.now) == Counter()
    house.stages.suggest(house.now)
    assert _cases(house) == 3


class _Choking(ScriptedModel):
    """Fails at a batch that holds one subject, as a model may at a letter nobody foresaw."""

    def suggest_many(self, letters: Sequence[tuple[str, str]]) -> list[Suggestion]:
        if any("Lampa 1" in subject for subject, _ in letters):
            raise ZeroDivisionError
        return super().suggest_many(letters)


def test_a_letter_the_model_fails_at_leaves_the_others_their_suggestions(
    house: SmallHouse, caplog: pytest.LogCaptureFixture
) -> None:
    _letters(house, 3)
    house.stages.read(house.now)
    choking = replace(house.stages, classifier=_Choking)
    assert choking.suggest(house.now) == 2
    assert [record.message.rpartition(" ")[2] for record in caplog.records] == ["ZeroDivisionError"]
    with pytest.raises(ZeroDivisionError):
        choking.suggest(house.now)
    assert len(caplog.records) == 1, "a model that reads none is told of by the daemon, not letter by letter"
    assert house.stages.suggest(house.now) == 1
    assert _cases(house) == 3


def test_a_suggestion_that_cannot_be_kept_leaves_the_others_kept(
    house: SmallHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(tx: object, case_id: str, *rest: object) -> object:
        if case_id == poor:
            raise RuntimeError(case_id)
        return record(tx, case_id, *rest)  # type: ignore[arg-type]

    _letters(house, 4)
    house.stages.read(house.now)
    with house.store.read() as tx:
        poor = tx.messages_to_suggest(9)[1][0]
    monkeypatch.setattr(stages.suggesting, "record", failing)
    assert house.stages.suggest(house.now) == 3
    with house.store.read() as tx:
        assert [case_id for case_id, _ in tx.messages_to_suggest(9)] == [poor]


def test_letters_of_one_batch_know_each_other(house: SmallHouse) -> None:
    first = mail(message_id="<a@mejl.example>")
    house.post(first)
    house.post(first)
    house.post(mail("Tack, den lyser nu.", message_id="<b@mejl.example>", In_Reply_To="<a@mejl.example>"))
    house.post(mail("Den är släckt igen.", message_id="<c@mejl.example>", References="<a@mejl.example>"))
    assert house.stages.read(house.now) == Counter({Outcome.NEW_CASE: 1, Outcome.DUPLICATE: 1, Outcome.REPLY: 2})
    assert _cases(house) == 1


def test_the_receipts_of_a_batch_are_counted_together(house: SmallHouse) -> None:
    house.office = replace(house.office, letters=LetterRules(receipts_per_day=2))
    house.stages = replace(house.stages, office=house.office)
    _letters(house, 4)
    house.run()
    with house.store.read() as tx:
        assert tx.receipts_since("berit@mejl.example", house.now) == 2


def test_numbers_of_a_batch_follow_on_those_before_it(house: SmallHouse) -> None:
    for _ in range(2):
        _letters(house, 3)
        house.stages.read(house.now)
        house.later(minutes=1)
    with house.store.read() as tx:
        numbers = sorted(line.number for line in tx.lines(ListKind.ALL, SYSTEM, ListFilter()))
    assert numbers == [f"EK-2026-{n:05d}" for n in range(1, len(numbers) + 1)]
    with house.store.begin() as tx:
        assert tx.next_serial("case", 2026) == len(numbers) + 1


def test_a_suggestion_kept_while_the_receipt_leaves_without_it_adds_no_second(
    house: SmallHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    _letters(house, 1)
    house.stages.read(house.now)
    house.later(hours=2)
    letters_of = SqlTx.letters_of
    beside = Thread(target=house.stages.suggest, args=(house.now,))

    def suggested_beside(tx: SqlTx, case_id: str) -> Sequence[OutboxEntry]:
        found = letters_of(tx, case_id)
        if beside.ident is None:
            beside.start()
            # It comes to its end at once where nothing holds it.
            beside.join(timeout=0.5)
        return found

    monkeypatch.setattr(SqlTx, "letters_of", suggested_beside)
    house.stages.sweep(house.now)
    beside.join()
    with house.store.read() as tx:
        [case] = tx.lines(ListKind.ALL, SYSTEM, ListFilter())
        sent = [entry.letter.kind for entry in tx.letters_of(case.id)]
    assert sent.count(LetterKind.MOTTAGNING) == 1
