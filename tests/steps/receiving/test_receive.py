"""A message finds its place: a new case, its own case, or the list of mail without one."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

from cases.case import CaseStatus
from cases.journal import CaseEvent, EventKind
from cases.letters.letter import LetterKind, OutboxStatus
from cases.people.access import SYSTEM
from cases.promises import PromiseKind
from cases.routing.flags import ConfidentialityFlag, FlagKind, FlagState
from cases.store.views import CaseFile, ListFilter, ListKind
from ingest.parse import parse
from tests.steps.house import SmallHouse, mail


def files(house: SmallHouse) -> list[CaseFile]:
    with house.store.read() as tx:
        lines = tx.lines(ListKind.ALL, SYSTEM, ListFilter())
        return [tx.case_file(line.id, SYSTEM) for line in reversed(lines)]


def kinds(file: CaseFile) -> list[LetterKind]:
    return [entry.letter.kind for entry in file.letters]


def events(file: CaseFile) -> list[EventKind]:
    return [event.kind for event in file.events]


def receipt_of(house: SmallHouse):
    (file,) = files(house)
    return next(entry for entry in file.letters if entry.letter.kind is LetterKind.MOTTAGNING)


def test_a_letter_becomes_a_case_with_number_deadlines_and_receipt(house: SmallHouse) -> None:
    house.receive(mail())
    (file,) = files(house)
    assert file.case.number == "EK-2026-00001"
    assert file.case.status is CaseStatus.SUGGESTED
    assert file.case.deadline(PromiseKind.ANSWER).due.isoformat() == "2026-12-01"
    assert file.case.deadline(PromiseKind.STATUS).due.isoformat() == "2026-12-04"
    assert kinds(file) == [LetterKind.MOTTAGNING, LetterKind.TILL_REGISTRATOR]
    receipt = file.letters[0]
    assert receipt.recipient == "berit@mejl.example"
    assert receipt.in_reply_to == "<m1@mejl.example>"
    assert "EK-2026-00001" in receipt.letter.subject
    assert "lampa" not in (receipt.letter.subject + receipt.letter.text + receipt.letter.html).lower()
    assert file.case.deadline(PromiseKind.RECEIPT).met_at == house.now


def test_the_same_letter_twice_is_noted_quietly(house: SmallHouse) -> None:
    house.receive(mail())
    house.receive(mail(X_Spam_Score="1"))
    (file,) = files(house)
    assert len(file.messages) == 1
    assert EventKind.DUPLICATE in events(file)
    assert kinds(file).count(LetterKind.MOTTAGNING) == 1


def test_the_same_id_with_other_content_is_a_letter_of_its_own(house: SmallHouse) -> None:
    house.receive(mail())
    house.receive(mail("Nu är även bänken trasig."))
    first, second = files(house)
    assert first.case.number != second.case.number
    assert EventKind.NOTE in events(second)


def test_the_same_id_and_words_from_somebody_else_are_a_letter_of_its_own(house: SmallHouse) -> None:
    house.receive(mail())
    house.receive(mail(sender="Bo Ek <bo@mejl.example>"))
    assert [file.case.sender.email for file in files(house)] == ["berit@mejl.example", "bo@mejl.example"]


def test_a_reply_joins_by_the_token_in_its_address(house: SmallHouse) -> None:
    house.receive(mail())
    reply_to = receipt_of(house).reply_to
    house.receive(mail("Tack!", sender="Berits son <son@mejl.example>", to=reply_to, message_id="<m2@mejl.example>"))
    (file,) = files(house)
    assert len(file.messages) == 2
    assert file.messages[1].outsider


def test_a_reply_joins_by_its_references(house: SmallHouse) -> None:
    house.receive(mail())
    receipt = receipt_of(house)
    house.receive(mail("Tack!", message_id="<m2@mejl.example>", In_Reply_To=receipt.message_id))
    (file,) = files(house)
    assert EventKind.REPLY_RECEIVED in events(file)
    assert kinds(file).count(LetterKind.MOTTAGNING) == 1


def test_a_number_in_the_subject_joins_only_for_the_cases_own_correspondent(house: SmallHouse) -> None:
    house.receive(mail())
    house.receive(mail("Mer om lampan.", subject="EK-2026-00001", message_id="<m2@mejl.example>"))
    house.receive(
        mail(
            "Jag såg ditt ärende.", subject="ek-2026-00001", sender="nyfiken@post.example", message_id="<m3@p.example>"
        )
    )
    first, second = files(house)
    assert len(first.messages) == 2
    assert len(second.messages) == 1
    assert [line.number for line in second.linked] == ["EK-2026-00001"]


def test_a_number_joins_nothing_for_an_address_that_many_share(house: SmallHouse) -> None:
    """Letters of a whole service come from its ``noreply@``: the next one who names the number is somebody else."""
    house.receive(mail(sender="noreply@tjanst.example"))
    house.receive(
        mail("Mer.", subject="EK-2026-00001", sender="noreply@tjanst.example", message_id="<m2@tjanst.example>")
    )
    assert [len(file.messages) for file in files(house)] == [1, 1]


def test_robots_lists_and_spam_get_no_case_and_no_answer(house: SmallHouse) -> None:
    house.receive(mail("Jag är på semester.", subject="Frånvaro", Auto_Submitted="auto-replied"))
    house.receive(mail("Köp nu!", message_id="<s@reklam.example>", X_Spam_Flag="YES"))
    house.receive(mail("Nyhetsbrev", message_id="<l@lista.example>", List_Id="<nytt.lista.example>", Precedence="bulk"))
    house.receive(mail("Eko", message_id="<e@ekdala.example>", sender="feedback@ekdala.example"))
    assert files(house) == []
    with house.store.read() as tx:
        assert len(tx.loose_messages()) == 4
        assert tx.entries([OutboxStatus.QUEUED], SYSTEM) == []


def test_an_auto_reply_to_a_receipt_is_noted_on_its_case_and_not_answered(house: SmallHouse) -> None:
    house.receive(mail())
    receipt = receipt_of(house)
    house.receive(
        mail("Borta.", message_id="<a@x.example>", In_Reply_To=receipt.message_id, Auto_Submitted="auto-replied")
    )
    (file,) = files(house)
    assert EventKind.AUTO_REPLY in events(file)
    assert kinds(file) == [LetterKind.MOTTAGNING, LetterKind.TILL_REGISTRATOR]


def test_no_automatic_mail_to_a_sender_that_fails_dmarc(house: SmallHouse) -> None:
    house.stages = type(house.stages)(
        house.store,
        house.office,
        partial(parse, own_servers=("mx.ekdala.example",)),
        lambda: house.model,
    )
    house.receive(mail(Authentication_Results="mx.ekdala.example; dmarc=fail header.from=mejl.example"))
    (file,) = files(house)
    assert LetterKind.MOTTAGNING not in kinds(file)
    assert "DMARC" in file.case.mail_refused


def test_an_address_gets_only_so_many_receipts_a_day(house: SmallHouse) -> None:
    for number in range(7):
        house.receive(mail(f"Sak nummer {number}", message_id=f"<r{number}@mejl.example>"))
    receipts = sum(kinds(file).count(LetterKind.MOTTAGNING) for file in files(house))
    assert receipts == house.office.letters.receipts_per_day == 5
    house.later(days=1, minutes=1)
    house.receive(mail("En sak till", message_id="<r9@mejl.example>"))
    assert LetterKind.MOTTAGNING in kinds(files(house)[-1])


def test_an_old_mailbox_floods_nobody_at_the_first_start(house: SmallHouse) -> None:
    """Who wrote in spring hears nothing by itself, and the registrator has all of them in the day's one list."""
    spring, today = house.now - timedelta(days=200), house.now
    house.now = spring
    for number in range(3):
        house.post(mail(message_id=f"<o{number}@mejl.example>", sender=f"o{number}@mejl.example"))
    house.now = today - timedelta(days=30)
    house.post(mail(message_id="<young@mejl.example>"))
    house.now = today
    house.run()
    house.stages.promises(house.now)
    found = files(house)
    assert sorted(kinds(file).count(LetterKind.MOTTAGNING) for file in found) == [0, 0, 0, 1]
    assert sorted(kinds(file).count(LetterKind.TILL_REGISTRATOR) for file in found) == [0, 0, 0, 1]
    assert sum(EventKind.LETTER_WITHHELD in events(file) for file in found) == 3
    with house.store.read() as tx:
        waiting = [tx.get_entry(one.entry.id).letter for one in tx.entries([OutboxStatus.QUEUED], SYSTEM)]
        lists = [letter.text for letter in waiting if letter.kind is LetterKind.LARM_LISTA]
    assert all(file.case.number in lists[0] for file in found)


def test_held_flags_hold_the_receipt_and_the_others_do_not(house: SmallHouse) -> None:
    for number, kind in enumerate(FlagKind):
        house.model.flags = (kind,)
        house.receive(mail(f"Brev {number}", sender=f"p{number}@mejl.example", message_id=f"<f{number}@mejl.example>"))
    held = {FlagKind.HOT_VALD, FlagKind.SKYDDAD_IDENTITET, FlagKind.VISSELBLASNING}
    for file in files(house):
        (flag,) = file.case.flags
        assert (LetterKind.MOTTAGNING in kinds(file)) is (flag.kind not in held), flag.kind
        if flag.kind is FlagKind.SKYDDAD_IDENTITET:  # no decision of anybody's lets it go
            assert any(
                e.text == "Mottagningsbekräftelse: Skyddad identitet: ingenting skickas med e-post."
                for e in file.events
            )


def test_a_message_that_cannot_be_read_stops_nobody_and_is_seen(house: SmallHouse) -> None:
    good = house.stages.parse

    def fragile(raw: bytes):
        if b"GIFT" in raw:
            raise ValueError("trasig")
        return good(raw)

    house.stages = type(house.stages)(house.store, house.office, fragile, lambda: house.model)
    house.post(mail("GIFT", message_id="<g@x.example>"))
    house.post(mail())
    for _ in range(4):
        house.run()
        house.later(minutes=30)
    assert len(files(house)) == 1
    with house.store.read() as tx:
        (bad,) = tx.quarantined()
    assert bad.attempts == 3
    assert "GIFT" not in bad.error
    assert "trasig" not in bad.error
    with house.store.begin() as tx:
        tx.retry_quarantined(bad.raw_id, house.now)
    house.stages = type(house.stages)(house.store, house.office, good, lambda: house.model)
    house.run()
    assert len(files(house)) == 2
    noted = [one.text for file in files(house) for one in file.events if "fastnade" in one.text]
    assert noted == [f"Brevet fastnade på vägen. {bad.error}"]


def test_a_reply_may_raise_a_flag(house: SmallHouse) -> None:
    house.receive(mail())
    house.model.flags = (FlagKind.HOT_VALD,)
    house.receive(mail("Jag vet var du bor.", message_id="<h@mejl.example>", In_Reply_To="<m1@mejl.example>"))
    (file,) = files(house)
    assert file.case.on_hold
    assert LetterKind.TILL_CHEF in kinds(file)


def test_without_a_model_the_receipt_leaves_after_an_hour_once(house: SmallHouse) -> None:
    house.post(mail())
    house.stages.read(house.now)
    house.later(minutes=30)
    assert house.stages.sweep(house.now) == 0
    for _ in range(3):
        house.later(minutes=40)
        house.stages.sweep(house.now)
    (file,) = files(house)
    assert kinds(file) == [LetterKind.MOTTAGNING, LetterKind.TILL_REGISTRATOR]
    assert "Inget förslag inom 60 minuter." in [event.text for event in file.events]


def test_a_serious_letter_nobody_opens_alarms_the_chef_once(house: SmallHouse) -> None:
    house.model.severity = type(house.model.severity).ALLVARLIG
    house.receive(mail())
    house.stages.sweep(house.now)
    assert LetterKind.TILL_CHEF not in kinds(files(house)[0])
    for _ in range(3):
        house.later(minutes=31)
        house.stages.sweep(house.now)
    (file,) = files(house)
    assert kinds(file).count(LetterKind.TILL_CHEF) == 1
    assert file.letters[-1].recipient == "gustav@ekdala.example"


def alarming(house: SmallHouse) -> list[str]:
    with house.store.read() as tx:
        return list(tx.unopened(house.now + timedelta(minutes=1), serious=True, threats=True))


def test_the_chef_is_alarmed_of_a_threat_while_it_is_flagged_nobody_opened_it_and_no_alarm_is_noted(
    house: SmallHouse,
) -> None:
    house.receive(mail())
    (file,) = files(house)
    for state in FlagState:
        with house.store.begin() as tx:
            case = tx.get_case(file.case.id, SYSTEM)
            tx.save_case(replace(case, flags=(ConfidentialityFlag(FlagKind.HOT_VALD, state),)))
        assert bool(alarming(house)) is (state is not FlagState.CLEARED)
    with house.store.begin() as tx:
        case = tx.get_case(file.case.id, SYSTEM)
        tx.save_case(replace(case, flags=(ConfidentialityFlag(FlagKind.HOT_VALD, FlagState.CONFIRMED),)))
    assert alarming(house) == [case.id]
    with house.store.begin() as tx:
        tx.note_opened(case.id, house.now)
    assert alarming(house) == []
    house.receive(mail("Jag slår ihjäl er.", message_id="<m2@mejl.example>"))
    second = files(house)[1].case
    with house.store.begin() as tx:
        tx.save_case(replace(second, flags=(ConfidentialityFlag(FlagKind.HOT_VALD, FlagState.CONFIRMED),)))
    assert alarming(house) == [second.id]
    with house.store.begin() as tx:
        tx.add_event(CaseEvent("e" * 32, second.id, house.now, "system", EventKind.ALARM, ""))
    assert alarming(house) == []
