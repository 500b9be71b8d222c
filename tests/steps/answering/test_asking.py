"""Somebody outside is asked about a case: what leaves, what their answer does, and where nothing may go."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cases.case import CaseStatus
from cases.disclosure.documents import case_documents
from cases.errors import NotAllowed
from cases.inbound.messages import not_by_mail
from cases.journal import EventKind
from cases.letters.drafts import UNDO
from cases.letters.letter import LetterKind, OutboxEntry, OutboxStatus
from cases.people.access import Grant, Role
from cases.ports import Store
from cases.records.wishes import Wish
from cases.routing.flags import FlagKind
from cases.steps.answering.answer import answer
from cases.steps.answering.asking import Question, ask, tells_of
from cases.steps.answering.letters_out import cancel_letter, resend_letter
from cases.steps.working.following import follow, to_tell
from cases.steps.working.wishes import remind
from cases.steps.working.work import set_flags
from cases.store.views import StoredMessage
from ingest.reading.attachments import make_attachment
from tests.steps.deciding import ANSWER, assigned, bounce, only
from tests.steps.house import SmallHouse, mail
from tests.steps.mails import FAIL, signing

FIRM, DAY = "jour@lampor.example", date(2026, 12, 1)
QUESTION = Question(FIRM, "När kan ni byta lampan utanför Ekskolan?", DAY)


@pytest.fixture
def house(sqlite_store: Store) -> SmallHouse:
    made = signing(sqlite_store)
    assigned(made)
    return made


def asked(house: SmallHouse, question: Question = QUESTION, once: str = "", by=None) -> OutboxEntry:
    with house.store.begin() as tx:
        return ask(tx, only(house).case.id, question, by or house.handlaggare, house.office, house.now, once)


def left(house: SmallHouse) -> None:
    house.now += UNDO + timedelta(seconds=1)
    house.send()


def answers(house: SmallHouse, entry: OutboxEntry, body: str = "Vi byter den på tisdag.", **changes: str) -> None:
    values = {
        "subject": f"SV: {entry.letter.subject}",
        "sender": f"Lampjouren <{FIRM}>",
        "to": entry.reply_to or "feedback@ekdala.example",
        "message_id": "<a1@lampor.example>",
        "In_Reply_To": entry.message_id,
    }
    house.receive(mail(body, **{name: value for name, value in {**values, **changes}.items() if value}))


def one_letter(house: SmallHouse, entry: OutboxEntry) -> OutboxEntry:
    return next(one for one in only(house).letters if one.id == entry.id)


def theirs(house: SmallHouse) -> list[StoredMessage]:
    return [one for one in only(house).messages if one.direction == "outside"]


def told(house: SmallHouse) -> list[str]:
    return [e.recipient for e in only(house).letters if e.letter.kind is LetterKind.SVAR_INKOMMET]


def wishes(house: SmallHouse) -> list[Wish]:
    with house.store.read() as tx:
        return list(tx.wishes_of(only(house).case.id))


def test_a_question_leaves_and_its_answer_joins_as_theirs(on_either: SmallHouse) -> None:
    house, before = on_either, only(on_either).case
    entry = asked(house)
    assert (entry.recipient, entry.letter.language, entry.in_reply_to) == (FIRM, "sv", "")
    assert entry.letter.subject == "Fråga från kommunen [EK-2026-00001]"
    assert QUESTION.text in entry.letter.text
    assert "senast den 1 december 2026" in entry.letter.html
    assert not any(word in entry.letter.text + entry.letter.html for word in ("Berit", "berit@", "26 november"))
    assert only(house).case == before
    left(house)
    house.model.flags = ()
    answers(house, entry)
    assert "Svar utifrån" in [one.title for one in case_documents(only(house), {})]
    file = only(house)
    (one,) = theirs(house)
    assert (one.question, one.outsider, one.message.message) == (entry.id, False, "Vi byter den på tisdag.")
    assert file.case == before
    assert told(house) == ["hans@ekdala.example"]
    assert wishes(house) == []
    assert [e.text for e in file.events if e.kind is EventKind.ANSWERED_OUTSIDE] == [f"Från {FIRM}."]
    assert [e.recipient for e in file.letters].count(FIRM) == 1


def test_a_new_mail_of_theirs_is_known_by_the_number_and_a_late_one_by_its_address(house: SmallHouse) -> None:
    entry = asked(house)
    assert entry.reply_to.startswith("feedback+")
    left(house)
    answers(house, entry, In_Reply_To="", to="feedback@ekdala.example", subject="Lampan, EK-2026-00001")
    house.later(days=400)
    answers(house, entry, "Ett sent svar.", In_Reply_To="", subject="Hej", sender="Ann <ann@lampor.example>")
    assert [(one.question, one.outsider) for one in theirs(house)] == [(entry.id, False), (entry.id, True)]
    answers(house, entry, "Falskt.", In_Reply_To="", to="feedback@ekdala.example", subject="EK-2026-00001",
            message_id="<a3@lampor.example>", Authentication_Results=FAIL)  # fmt: skip
    assert len(theirs(house)) == 2


def test_the_sender_drawn_into_the_conversation_writes_in_their_own_name(house: SmallHouse) -> None:
    entry = asked(house)
    left(house)
    answers(house, entry, "Tack, men den lyser nu.", sender="Berit Alm <berit@mejl.example>")
    assert theirs(house) == []
    assert [m.message.from_addr for m in only(house).messages] == ["berit@mejl.example"] * 2


def test_an_answer_opens_nothing_raises_no_discontent_and_is_kept_from_the_sender(house: SmallHouse) -> None:
    entry, case = asked(house), only(house).case
    left(house)
    with house.store.begin() as tx:
        answer(tx, case.id, case.version, LetterKind.SVAR, ANSWER, house.handlaggare, house.office, house.now)
    answers(house, entry, "Jag är inte nöjd med svaret och vill tala med er chef.", sender="Bo <bo@lampor.example>")
    file = only(house)
    assert file.case.status is CaseStatus.ANSWERED
    assert file.case.sender.email == "berit@mejl.example"
    assert not {e.kind for e in file.events} & {EventKind.UNHAPPY, EventKind.CHEF_ASKED, EventKind.REOPENED}
    with house.store.read() as tx:
        assert tx.thread(case.id) == ["<m1@mejl.example>"]
        assert not tx.has_sender(case.id, "bo@lampor.example")


def test_what_they_write_is_judged_and_a_flag_of_it_acts(house: SmallHouse) -> None:
    entry = asked(house)
    left(house)
    house.model.flags = (FlagKind.SOCIALTJANST,)
    answers(house, entry)
    case = only(house).case
    assert case.protected
    assert next(e.text for e in only(house).events if e.kind is EventKind.FLAGGED).startswith(
        "Föreslagen efter ett svar"
    )
    with pytest.raises(NotAllowed, match="skyddat"):
        asked(house)


def test_a_flag_raised_meanwhile_holds_the_question(house: SmallHouse) -> None:
    entry, case = asked(house), only(house).case
    kinds = frozenset({FlagKind.BARN})
    with house.store.begin() as tx:
        set_flags(tx, case.id, case.version, kinds, "Nämner ett barn", house.registrator, house.office, house.now)
    left(house)
    held = one_letter(house, entry)
    assert (held.status, "skyddat" in held.error) == (OutboxStatus.WITHHELD, True)
    with house.store.begin() as tx:
        cancel_letter(tx, entry.id, house.handlaggare, house.office, house.now)
    assert wishes(house) == []


def test_no_letter_of_a_question_goes_to_the_sender(house: SmallHouse) -> None:
    """Sent again, or after a try in vain, what goes to a citizen goes to their address as it is now."""
    entry = asked(house)
    with house.store.begin() as tx:
        tx.update_entry(replace(entry, status=OutboxStatus.FAILED))
        resend_letter(tx, entry.id, house.handlaggare, house.office, house.now)
        tx.update_entry(replace(entry, status=OutboxStatus.AWAITING_RETRY, retry_at=house.now))
    left(house)
    assert (one_letter(house, entry).recipient, one_letter(house, entry).status) == (FIRM, OutboxStatus.SENT)


def test_a_question_that_bounces_is_told_and_says_nothing_of_the_senders_address(house: SmallHouse) -> None:
    entry = asked(house, replace(QUESTION, address="fel@lampor.example"))
    left(house)
    house.receive(bounce(entry.message_id))
    file = only(house)
    assert one_letter(house, entry).status is OutboxStatus.BOUNCED
    assert file.case.mail_refused == ""
    assert "hans@ekdala.example" in [e.recipient for e in file.letters if e.letter.kind is LetterKind.STUDS]


def test_without_an_answer_whoever_asked_is_reminded_the_day_after(house: SmallHouse) -> None:
    asked(house, by=house.registrator)
    (wish,) = wishes(house)
    assert (wish.day, wish.user_id) == (date(2026, 12, 2), house.registrator.id)
    with house.store.begin() as tx:
        assert remind(tx, wish, house.office, house.now) == 1
    (told,) = [e for e in only(house).letters if e.letter.kind is LetterKind.BEVAKNING]
    assert told.recipient == "rut@ekdala.example"
    assert "En fråga som Rut Alm har ställt till någon utanför kommunen har inte fått något svar." in told.letter.text
    assert FIRM not in told.letter.text


def test_a_form_sent_twice_asks_once(house: SmallHouse) -> None:
    first, again = asked(house, once="a" * 32), asked(house, once="a" * 32)
    assert first.id == again.id
    assert [e.recipient for e in only(house).letters].count(FIRM) == 1


@pytest.mark.parametrize(
    ("question", "part"),
    [
        (replace(QUESTION, address="jour@lampor"), "address"),
        (replace(QUESTION, address="a@lampor.example, b@lampor.example"), "address"),
        (replace(QUESTION, address="feedback@ekdala.example"), "address"),
        (replace(QUESTION, address="noreply@lampor.example"), "address"),
        (replace(QUESTION, address="Berit@mejl.example"), "address"),
        (replace(QUESTION, text=" "), "text"),
        (replace(QUESTION, text="Gäller personnummer 19121212-1212."), "text"),
        (replace(QUESTION, until=date(2026, 11, 25)), "until"),
    ],
)
def test_what_is_not_fit_is_said_at_its_field(house: SmallHouse, question: Question, part: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        asked(house, question)
    assert refused.value.part == part


def test_addresses_asked_before_are_offered_but_not_those_of_cases_one_may_not_read(on_either: SmallHouse) -> None:
    house = on_either
    asked(house)
    house.later(minutes=1)
    asked(house, replace(QUESTION, address="tidtabell@bussen.example"))
    stranger = house.person("siv@ekdala.example", "Siv Ek", Grant(Role.HANDLAGGARE, "hemtjanst"))
    with house.store.begin() as tx:
        known = tx.addresses_asked(house.office.viewer(house.handlaggare))
        assert known == ["tidtabell@bussen.example", FIRM]
        assert tx.addresses_asked(house.office.viewer(stranger)) == []
        case = only(house).case
        set_flags(tx, case.id, case.version, frozenset({FlagKind.BARN}), "", house.registrator, house.office, house.now)
        assert tx.addresses_asked(house.office.viewer(house.handlaggare)) == []


def test_what_the_question_tells_of_the_sender_is_pointed_out(house: SmallHouse) -> None:
    case = only(house).case
    case = replace(case, sender=replace(case.sender, phone="070-174 06 05", address="Storgatan 1, 400 01 Ekdala"))
    assert tells_of(case, "Lampan på Almgatan är trasig.") == ()
    assert tells_of(case, "Ring Berit, 070-174 06 05, på storgatan 1.") == (
        "avsändarens namn",
        "avsändarens telefonnummer",
        "avsändarens adress",
    )


def test_files_go_along_and_a_stopped_question_takes_none_of_the_cases_own_away(house: SmallHouse) -> None:
    new, case = make_attachment("karta.pdf", "application/pdf", b"%PDF-1.4 karta"), only(house).case
    photo = make_attachment("lampan.txt", "text/plain", b"stolpe 4417")
    said = not_by_mail("Lampan", "Se bilden.", house.now, attachments=(photo,))
    with house.store.begin() as tx:
        tx.add_message(StoredMessage("8" * 32, case.id, house.now, said, ""))
        kept = [one.id for one in tx.attachment_files(["8" * 32])]
    entry = one_letter(house, asked(house, replace(QUESTION, files=(new,), kept=kept)))
    names = {one.id: one.name for one in only(house).attachments}
    assert [names[one] for one in entry.enclosures] == ["karta.pdf", "lampan.txt"]
    assert next(e.text for e in only(house).events if e.kind is EventKind.ASKED).endswith("går lampan.txt med.")
    with house.store.begin() as tx:
        cancel_letter(tx, entry.id, house.handlaggare, house.office, house.now)
    assert [one.name for one in only(house).attachments] == ["lampan.txt"]
    with pytest.raises(NotAllowed, match="program eller har makron") as refused:
        asked(house, replace(QUESTION, files=(replace(new, risk="program"),)))
    assert refused.value.part == "files"


def test_no_file_of_another_case_goes_along(house: SmallHouse) -> None:
    said = not_by_mail("Annat", "Se bilden.", house.now, attachments=(make_attachment("x.txt", "text/plain", b"x"),))
    with house.store.begin() as tx:
        tx.add_message(StoredMessage("8" * 32, "", house.now, said, "", "robot"))
        kept = [one.id for one in tx.attachment_files(["8" * 32])]
    assert one_letter(house, asked(house, replace(QUESTION, kept=kept))).enclosures == ()


@pytest.mark.parametrize("mark", [{"Precedence": "bulk"}, {"List_Id": "<jour.lampor.example>"}, {"X_Spam_Flag": "YES"}])
def test_an_answer_that_a_program_sent_as_a_mass_mailing_joins_too(house: SmallHouse, mark: dict[str, str]) -> None:
    entry = asked(house)
    left(house)
    answers(house, entry, **mark)
    assert [one.question for one in theirs(house)] == [entry.id]
    assert told(house) == ["hans@ekdala.example"]


def test_an_absence_notice_is_no_answer(house: SmallHouse) -> None:
    entry = asked(house)
    left(house)
    answers(house, entry, "Jag är på semester till måndag.", Auto_Submitted="auto-replied")
    assert theirs(house) == []
    assert len(wishes(house)) == 1
    assert told(house) == []


def test_who_follows_the_case_has_word_of_the_answer(house: SmallHouse) -> None:
    entry = asked(house)
    left(house)
    with house.store.begin() as tx:
        follow(tx, only(house).case.id, house.registrator, house.office, house.now)
    house.later(minutes=1)
    answers(house, entry)
    house.later(minutes=1)
    with house.store.begin() as tx:
        assert [one.user_id for one in to_tell(tx, house.office, house.now)] == [house.registrator.id]


def test_a_forged_address_lets_nobody_in(house: SmallHouse) -> None:
    entry = asked(house)
    left(house)
    local, at, domain = entry.reply_to.partition("@")
    forged = local[:-2] + ("aa" if local[-2:] != "aa" else "bb") + at + domain
    answers(house, entry, In_Reply_To="", to=forged, subject="Hej", sender="x@annan.example")
    assert theirs(house) == []
    assert len(only(house).messages) == 1
