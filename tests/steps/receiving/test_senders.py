"""Who a case is with: never the carrier, never on a claim alone, and nothing leaves before a person has said so."""

from dataclasses import replace
from datetime import date

import pytest

from cases.calendar import local_day
from cases.case import CaseStatus, Channel, Party
from cases.errors import NotAllowed, StaleVersion
from cases.inbound.messages import ScanState
from cases.journal import EventKind
from cases.letters.letter import LetterKind
from cases.letters.permit import Verdict, permit
from cases.people.access import SYSTEM
from cases.promises import PromiseKind
from cases.steps.answering.leaving import may_leave
from cases.steps.receiving.by_hand import adopt
from cases.steps.working.work import confirm_sender
from cases.store.views import CaseFile, ListFilter, ListKind
from tests.ingest.forms.mails import APP, WEB, raw
from tests.steps.house import SmallHouse, mail
from tests.steps.mails import FAIL, FORWARDED, PASS, attached, forwarded, take_in, with_files
from tests.steps.receiving.test_receive import events, files, kinds

BERIT = Party("Berit Alm", "berit@mejl.example")


def only(house: SmallHouse) -> CaseFile:
    (file,) = files(house)
    return file


def say(house: SmallHouse, party: Party, by=None, arrived: date | None = None):
    case, who = only(house).case, by or house.registrator
    with house.store.begin() as tx:
        return confirm_sender(tx, case.id, case.version, party, who, house.office, house.now, arrived)


@pytest.mark.parametrize("letter", [forwarded(), attached()], ids=["written", "attached"])
def test_what_an_employee_passes_on_is_the_citizens_and_waits_for_a_registrator(
    house: SmallHouse, letter: bytes
) -> None:
    take_in(house).receive(letter)
    file = only(house)
    assert file.case.sender == BERIT
    assert file.case.forwarded_by == "hans@ekdala.example"
    assert file.case.subject == "Trasig lampa"
    assert "vidarebefordrat av en medarbetare" in file.case.sender_doubt
    assert kinds(file) == [LetterKind.TILL_REGISTRATOR]
    assert EventKind.LETTER_WITHHELD in events(file)


def test_the_model_reads_the_citizens_letter_first_and_a_colleagues_note_below_the_sign(house: SmallHouse) -> None:
    take_in(house).receive(forwarded())
    (found,) = [one.suggestion for one in [only(house)] if one.suggestion]
    letter, note = found.text.split("\n-- \n")
    assert letter == "VB: Trasig lampa\nLampan utanför skolan är trasig. Kan ni laga den?"
    assert "den här kom till mig" in note


def test_promises_run_from_the_day_the_letter_reached_a_colleague(house: SmallHouse) -> None:
    take_in(house).receive(forwarded())
    for wrong, why in ((date(2026, 11, 27), "redan den 26 november 2026"), (date(2025, 11, 23), "Kontrollera året")):
        with pytest.raises(NotAllowed, match=why):
            say(house, BERIT, arrived=wrong)
    case = say(house, BERIT, arrived=date(2026, 11, 23))
    assert local_day(case.received_at) == date(2026, 11, 23)
    # Three working days after that Monday, not after the Thursday of the mailbox.
    assert case.deadline(PromiseKind.ANSWER).due == date(2026, 11, 26)
    assert "Brevet kom till kommunen den 23 november 2026" in only(house).events[-2].text


def test_the_model_reads_the_citizens_words_too(house: SmallHouse) -> None:
    seen: list[str] = []
    suggest = house.model.suggest
    house.model.suggest = lambda subject, body: seen.append(body) or suggest(subject, body)  # type: ignore[method-assign]
    take_in(house).receive(forwarded())
    assert "Lampan utanför skolan är trasig." in seen[0]
    assert "den här kom till mig" in seen[0]


def test_the_queue_shows_the_citizens_words(house: SmallHouse) -> None:
    take_in(house).receive(forwarded(body=FORWARDED[FORWARDED.index("-----") :]))
    with house.store.read() as tx:
        (line,) = tx.lines(ListKind.TO_ROUTE, SYSTEM, ListFilter())
    assert line.excerpt.startswith("Lampan utanför skolan")


def test_the_receipt_leaves_once_the_sender_is_confirmed(house: SmallHouse) -> None:
    take_in(house).receive(forwarded())
    case = say(house, BERIT)
    file = only(house)
    assert case.sender_doubt == ""
    assert file.case.forwarded_by == "hans@ekdala.example"
    receipt = next(e for e in file.letters if e.letter.kind is LetterKind.MOTTAGNING)
    assert receipt.recipient == "berit@mejl.example"
    assert EventKind.SENDER_CONFIRMED in events(file)
    say(house, BERIT)
    assert kinds(only(house)).count(LetterKind.MOTTAGNING) == 1


@pytest.mark.parametrize("passed_on", [True, False])
def test_what_the_colleague_who_passed_it_on_writes_next_is_not_the_citizens(
    house: SmallHouse, passed_on: bool
) -> None:
    """Once their letter was in the case, their own words counted as the sender's, and could lift it to the chef."""
    take_in(house).receive(forwarded())
    say(house, BERIT)
    body = forwarded().decode().partition("\r\n\r\n")[2] if passed_on else "Kan ni skynda på?"
    headers = {
        "Authentication_Results": PASS,
        "In_Reply_To": "<v1@ekdala.example>",
        "message_id": "<v5@ekdala.example>",
    }
    house.receive(mail(f"{body}\n", sender="Hans Vik <hans@ekdala.example>", subject="VB: Lampan", **headers))
    file = only(house)
    assert file.messages[-1].outsider
    why = "vidarebefordrat av en medarbetare" if passed_on else "annan adress"
    assert why in next(e.text for e in file.events if e.kind is EventKind.REPLY_RECEIVED)


def test_a_registrator_may_put_the_sender_right(house: SmallHouse) -> None:
    nameless = FORWARDED.replace("Berit Alm <berit@mejl.example>", "Berit Alm")
    take_in(house).receive(forwarded(body=nameless))
    assert only(house).case.sender == Party("Berit Alm")
    say(house, Party(" Berit Alm ", "berit.alm@post.example", phone="070-174 06 05"))
    file = only(house)
    assert file.case.sender == Party("Berit Alm", "berit.alm@post.example", phone="070-174 06 05")
    assert next(e for e in file.letters if not e.internal).recipient == "berit.alm@post.example"
    assert "rättad" in file.events[-2].text + file.events[-1].text


def test_an_anonymous_sender_may_be_confirmed_and_gets_nothing(house: SmallHouse) -> None:
    take_in(house).receive(forwarded())
    say(house, Party("Berit Alm", "berit@mejl.example", anonymous=True))
    file = only(house)
    assert file.case.sender == Party(anonymous=True)
    assert LetterKind.MOTTAGNING not in kinds(file)


@pytest.mark.parametrize("email", ["berit", "berit@", "@mejl.example", "a b@mejl.example", "feedback@ekdala.example"])
def test_an_address_that_is_none_or_ours_is_refused(house: SmallHouse, email: str) -> None:
    take_in(house).receive(forwarded())
    with pytest.raises(NotAllowed):
        say(house, Party("Berit", email))
    assert only(house).case.sender_doubt


def test_only_a_registrator_confirms_and_never_over_somebody_elses_change(house: SmallHouse) -> None:
    take_in(house).receive(forwarded())
    case = only(house).case
    with house.store.begin() as tx:
        tx.save_case(replace(case, unit_id="gata", status=CaseStatus.ROUTED))
    with pytest.raises(NotAllowed):
        say(house, BERIT, by=house.handlaggare)
    case = only(house).case
    with house.store.begin() as tx, pytest.raises(StaleVersion):
        confirm_sender(tx, case.id, case.version + 1, BERIT, house.registrator, house.office, house.now)


def test_a_person_cannot_answer_a_sender_in_doubt(house: SmallHouse) -> None:
    take_in(house).receive(forwarded())
    case = only(house).case
    verdict = permit(case, LetterKind.SVAR, automatic=False)
    assert verdict.verdict is Verdict.WITHHOLD
    assert "registrator" in verdict.reason


def test_a_colleague_of_an_internal_domain_is_staff_without_an_account(house: SmallHouse) -> None:
    house.office = replace(house.office, internal_domains=frozenset({"ekdala.example"}))
    take_in(house).receive(forwarded("Eva Ny <eva.ny@ekdala.example>"))
    assert only(house).case.forwarded_by == "eva.ny@ekdala.example"


def test_a_citizen_who_passes_something_on_is_the_sender(house: SmallHouse) -> None:
    take_in(house).receive(forwarded("Dana <dana@mejl.example>", verdict="mx.ekdala.example; dmarc=pass"))
    case = only(house).case
    assert (case.sender.email, case.sender_doubt, case.forwarded_by) == ("dana@mejl.example", "", "")


def test_who_only_pretends_to_be_staff_passes_nothing_on(house: SmallHouse) -> None:
    take_in(house).receive(forwarded(verdict=FAIL))
    file = only(house)
    assert (file.case.sender.email, file.case.forwarded_by) == ("hans@ekdala.example", "")
    assert "DMARC" in file.case.mail_refused
    assert LetterKind.MOTTAGNING not in kinds(file)


def test_our_own_letter_that_comes_back_is_no_citizens(house: SmallHouse) -> None:
    ours = FORWARDED.replace("Berit Alm <berit@mejl.example>", "Ekdala kommun <feedback@ekdala.example>")
    take_in(house).receive(forwarded(body=ours))
    assert only(house).case.sender.email == "hans@ekdala.example"


def test_a_form_gives_the_case_its_citizen_channel_and_receipt(house: SmallHouse) -> None:
    take_in(house, forms=(WEB, APP)).receive(raw("table.eml"))
    file = only(house)
    assert file.case.sender == Party("Berit Alm", "berit@mejl.example", "070-174 06 05")
    assert (file.case.channel, file.case.sender_doubt) == (Channel.WEB, "")
    receipt = next(e for e in file.letters if e.letter.kind is LetterKind.MOTTAGNING)
    assert receipt.recipient == "berit@mejl.example"
    assert file.messages[0].message.from_addr == "noreply@e-tjanster.ekdala.example"
    assert file.messages[0].message.form.place == "Skolgatan 3"


def test_a_form_may_send_from_the_mailboxs_own_address(house: SmallHouse) -> None:
    own = replace(WEB, senders=frozenset({"feedback@ekdala.example"}))
    letter = raw("lines.eml").replace(b"noreply@e-tjanster.ekdala.example", b"feedback@ekdala.example")
    take_in(house, forms=(own,)).receive(letter.replace(b"header.from=e-tjanster.", b"header.from="))
    house.receive(mail("Eko", message_id="<e@ekdala.example>", sender="feedback@ekdala.example"))
    assert only(house).case.sender.email == "olle@mejl.example"


def test_our_own_address_typed_into_a_form_is_no_correspondent(house: SmallHouse) -> None:
    take_in(house, forms=(WEB,)).receive(raw("table.eml").replace(b"berit@mejl.example", b"feedback@ekdala.example"))
    assert only(house).case.sender == Party("Berit Alm", "", "070-174 06 05")


def test_an_anonymous_form_leaves_no_address_and_gets_no_letter(house: SmallHouse) -> None:
    take_in(house, forms=(WEB, APP)).receive(raw("service-xml.eml"))
    file = only(house)
    assert file.case.sender == Party(anonymous=True)
    assert kinds(file) == [LetterKind.TILL_REGISTRATOR]


def test_who_wants_no_answer_gets_none(house: SmallHouse) -> None:
    take_in(house, forms=(WEB, APP)).receive(raw("lines.eml"))
    file = only(house)
    assert file.case.sender.email == "olle@mejl.example"
    assert kinds(file) == [LetterKind.TILL_REGISTRATOR]


def test_a_form_nobody_vouches_for_sets_no_correspondent_silently(house: SmallHouse) -> None:
    unknown = raw("table.eml").replace(b"dmarc=pass", b"dmarc=none").replace(b"203.0.113.20", b"198.51.100.7")
    take_in(house, forms=(WEB, APP)).receive(unknown)
    file = only(house)
    assert "inte bekräftas" in file.case.sender_doubt
    assert kinds(file) == [LetterKind.TILL_REGISTRATOR]
    say(house, file.case.sender)
    assert LetterKind.MOTTAGNING in kinds(only(house))


def test_a_forged_form_is_an_ordinary_letter_that_nobody_answers(house: SmallHouse) -> None:
    take_in(house, forms=(WEB, APP)).receive(raw("lines.eml").replace(b"dmarc=pass", b"dmarc=fail"))
    file = only(house)
    assert file.case.sender.email == "noreply@e-tjanster.ekdala.example"
    assert "DMARC" in file.case.mail_refused
    assert file.case.channel is Channel.EMAIL


def test_a_changed_form_is_a_case_without_a_sender(house: SmallHouse) -> None:
    take_in(house, forms=(WEB, APP)).receive(raw("changed.eml"))
    file = only(house)
    assert file.case.sender == Party()
    assert "kändes igen" in file.case.sender_doubt


def test_a_number_in_a_forms_subject_opens_nobodys_case(house: SmallHouse) -> None:
    take_in(house, forms=(WEB, APP)).receive(raw("table.eml"))
    other = raw("below.eml").replace(b"Subject: Ny synpunkt", b"Subject: Ny synpunkt EK-2026-00001")
    house.receive(other)
    first, second = files(house)
    assert len(first.messages) == len(second.messages) == 1
    assert [line.number for line in second.linked] == ["EK-2026-00001"]


def test_a_reply_that_fails_dmarc_is_an_outsiders(house: SmallHouse) -> None:
    take_in(house).receive(mail())
    receipt = only(house).letters[0]
    house.receive(
        mail(
            "Jag flyttar. Skriv till son@x.example.",
            message_id="<m2@x.example>",
            In_Reply_To=receipt.message_id,
            Authentication_Results=FAIL,
        )
    )
    file = only(house)
    assert file.messages[1].outsider
    assert "DMARC" in next(e.text for e in file.events if e.kind is EventKind.REPLY_RECEIVED)


def test_a_forged_number_in_the_subject_joins_no_case(house: SmallHouse) -> None:
    take_in(house).receive(mail())
    house.receive(mail("Avsluta!", subject="EK-2026-00001", message_id="<m2@x.example>", Authentication_Results=FAIL))
    assert [len(file.messages) for file in files(house)] == [1, 1]


def test_spam_that_a_person_adopts_is_not_answered_where_dmarc_failed(house: SmallHouse) -> None:
    take_in(house).receive(mail(X_Kommun_Filter="skrap; 9.1", Authentication_Results=FAIL))
    assert files(house) == []
    with house.store.begin() as tx:
        (loose,) = tx.loose_messages()
        adopt(tx, loose.id, house.registrator, house.office, house.now)
    house.run()
    file = only(house)
    assert "DMARC" in file.case.mail_refused
    assert LetterKind.MOTTAGNING not in kinds(file)


def test_a_letter_in_the_outbox_stays_there_where_its_sender_came_in_doubt(house: SmallHouse) -> None:
    take_in(house).receive(mail())
    file = only(house)
    with house.store.begin() as tx:
        tx.save_case(replace(file.case, sender_doubt="Någon tvivlar."))
        assert may_leave(tx, file.letters[0], house.office).verdict is Verdict.WITHHOLD


def test_a_read_receipt_is_noted_and_wakes_nobody(house: SmallHouse) -> None:
    take_in(house).receive(mail())
    receipt = only(house).letters[0]
    report = "\r\n".join(
        [
            "From: berit@mejl.example",
            "Subject: Lest: Vi har fatt ditt brev",
            "Message-ID: <mdn@mejl.example>",
            "MIME-Version: 1.0",
            "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
            "",
            "--b",
            "Content-Type: message/disposition-notification",
            "",
            f"Original-Message-ID: {receipt.message_id}",
            "Disposition: automatic-action/MDN-sent-automatically; displayed",
            "--b--",
            "",
        ]
    )
    house.receive(report.encode())
    file = only(house)
    assert EventKind.READ_RECEIPT in events(file)
    assert kinds(file) == [LetterKind.MOTTAGNING, LetterKind.TILL_REGISTRATOR]
    assert file.case.status is CaseStatus.SUGGESTED


def test_an_infected_file_cannot_be_had_and_its_letter_is_a_case(house: SmallHouse) -> None:
    said = {b"SJUK": ScanState.INFECTED, b"OVISS": ScanState.UNCHECKED}
    take_in(house, scan=said).post(with_files(b"FRISK", b"SJUK", b"OVISS"))
    house.later(minutes=5)
    house.run()
    file = only(house)
    assert [a.scan for a in file.attachments] == [ScanState.CLEAN, ScanState.INFECTED, ScanState.UNCHECKED]
    assert [a.scan for a in file.messages[0].message.attachments] == [a.scan for a in file.attachments]
    assert kinds(file) == [LetterKind.MOTTAGNING, LetterKind.TILL_REGISTRATOR]
    with house.store.read() as tx:
        assert b"FRISK" in tx.attachment(file.attachments[0].id, SYSTEM).content
        assert b"OVISS" in tx.attachment(file.attachments[2].id, SYSTEM).content
        with pytest.raises(NotAllowed, match="virus"):
            tx.attachment(file.attachments[1].id, SYSTEM)
    found = next(e for e in file.events if e.kind is EventKind.VIRUS)
    assert ("virus" in found.text, found.at) == (True, house.now)
    assert any("inte är kontrollerade" in e.text for e in file.events)
    # What was found in the letter stands behind the line that says it came.
    assert events(file)[0] is EventKind.RECEIVED


def test_confirming_before_a_suggestion_sends_nothing_yet(house: SmallHouse) -> None:
    take_in(house).post(forwarded())
    house.stages.read(house.now)
    say(house, BERIT)
    assert kinds(only(house)) == []
    house.stages.suggest(house.now)
    assert LetterKind.MOTTAGNING in kinds(only(house))
