"""The outbox pass against a real store and a real mail server: once each, whatever breaks."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import DeliveryError
from cases.journal import EventKind
from cases.letters.letter import LetterKind, OutboxStatus
from cases.letters.permit import Permit, Verdict
from cases.people.access import SYSTEM
from cases.routing.flags import ConfidentialityFlag, FlagKind, FlagState
from notifier.fates import HandedOver, recall
from notifier.retry import WAITS, retry_at
from notifier.smtp import SmtpSender, SmtpServer
from tests.notifier.conftest import CASE, IDENTITY, NOW, entry
from tests.notifier.outbox import check, events, look, queue, run, statuses
from tests.storage.samples import claim_all

S = OutboxStatus


def test_what_is_due_is_sent_once_and_noted(store, post, sender, ids):
    queue(store, *(entry(n) for n in (1, 2, 3)), entry(4, not_before=NOW + timedelta(hours=1)))
    assert run(store, sender, ids).sent == 3
    assert run(store, sender, ids).claimed == 0
    assert post.recipients() == ["bo1@mejl.example", "bo2@mejl.example", "bo3@mejl.example"]
    done = look(store)
    assert (done.status, done.attempts, done.sent_at, done.error) == (S.SENT, 1, NOW, "")
    assert statuses(store, 4) == [S.QUEUED]
    assert run(store, sender, ids, now=NOW + timedelta(hours=1)).sent == 1


def test_the_journal_tells_what_was_sent(with_case, sender, ids):
    queue(with_case, entry(case_id=CASE))
    run(with_case, sender, ids, check=check)
    assert events(with_case) == [(EventKind.LETTER_SENT, "Svar på fråga")]


def test_a_flag_raised_since_it_was_queued_withholds_the_letter(with_case, post, sender, ids):
    queue(with_case, entry(1, case_id=CASE), entry(2, LetterKind.MOTTAGNING, case_id=CASE))
    with with_case.begin() as tx:
        case = tx.get_case(CASE, SYSTEM)
        tx.save_case(replace(case, flags=(ConfidentialityFlag(FlagKind.SOCIALTJANST, FlagState.SUGGESTED),)))
    report = run(with_case, sender, ids, check=check)
    assert (report.sent, report.withheld) == (1, 1)
    assert [m["Subject"] for m in post.mails()] == [entry(2, LetterKind.MOTTAGNING).letter.subject]
    held = look(with_case)
    assert held.status is S.WITHHELD
    assert "neutrala meddelandet" in held.error
    assert (EventKind.LETTER_WITHHELD, f"Svar på fråga: {held.error}") in events(with_case)
    assert run(with_case, sender, ids, check=check).claimed == 0


def test_a_letter_that_cannot_be_checked_is_held_and_not_the_next(with_case, post, sender, ids):
    def choosy(tx, one) -> Permit:
        return check(tx, one if one.recipient.startswith("bo2@") else replace(one, case_id="finns inte"))

    queue(with_case, entry(1, case_id=CASE), entry(2, case_id=CASE))
    report = run(with_case, sender, ids, check=choosy)
    assert (report.withheld, report.sent) == (1, 1)
    assert post.recipients() == ["bo2@mejl.example"]
    assert "Det gick inte att kontrollera" in look(with_case).error


def test_a_letter_that_cannot_be_withheld_holds_back_no_other(with_case, post, sender, ids):
    """It was the first to be taken up at each pass, and no letter left any more."""

    def broken(tx, one) -> None:
        tx.save_setting("half", "done")
        raise RuntimeError(one.id)

    def choosy(tx, one) -> Permit:
        return Permit(Verdict.WITHHOLD, "nej") if one.id == entry(1).id else Permit(Verdict.SEND)

    queue(with_case, entry(1, case_id=CASE), entry(2, case_id=CASE))
    report = run(with_case, sender, ids, check=choosy, never_left=broken)
    assert (report.retried, report.sent, post.recipients()) == (1, 1, ["bo2@mejl.example"])
    waiting = look(with_case)
    assert (waiting.status, waiting.attempts, waiting.retry_at) == (S.AWAITING_RETRY, 1, NOW + timedelta(minutes=1))
    with with_case.read() as tx:
        assert not tx.setting("half")
    later = NOW
    while look(with_case).status is S.AWAITING_RETRY:
        later = look(with_case).retry_at
        run(with_case, sender, ids, now=later, check=choosy, never_left=broken)
    assert later > NOW + timedelta(days=1)
    assert look(with_case).status is S.WITHHELD
    assert (EventKind.LETTER_WITHHELD, f"Svar på fråga: {look(with_case).error}") in events(with_case)
    assert len(post.mails()) == 1


def test_a_soft_refusal_waits_and_is_tried_again_under_the_same_id(store, post, sender, ids):
    queue(store, entry(1), entry(2))
    post.at_rcpt.append("451 4.3.0 Later")
    report = run(store, sender, ids)
    assert (report.retried, report.sent) == (1, 1)
    waiting = look(store)
    assert (waiting.status, waiting.attempts, waiting.retry_at) == (S.AWAITING_RETRY, 1, NOW + timedelta(minutes=1))
    assert "451" in waiting.error
    assert run(store, sender, ids).claimed == 0
    assert run(store, sender, ids, now=NOW + timedelta(minutes=1)).sent == 1
    assert [m["Message-ID"] for m in post.mails()] == [entry(2).message_id, entry(1).message_id]
    assert look(store).attempts == 2


def test_an_address_put_right_while_the_letter_was_refused_is_where_it_goes_then(with_case, ids):
    sent = []

    class Busy:
        """A server that refuses the first letter for now, while a registrator puts the address right."""

        def send(self, one, files=()):
            sent.append(one.recipient)
            if len(sent) > 1:
                return "250 OK"
            with with_case.begin() as tx:
                case = tx.get_case(CASE, SYSTEM)
                tx.save_case(replace(case, sender=replace(case.sender, email="ek@mejl.example")))
            raise DeliveryError("451 4.7.1 Greylisted", retryable=True)

    queue(with_case, entry(case_id=CASE, recipient="bo@mejl.example"))
    for minutes in (0, 1):
        run(with_case, Busy(), ids, now=NOW + timedelta(minutes=minutes), check=check)
    assert sent == ["bo@mejl.example", "ek@mejl.example"]
    assert (look(with_case).status, look(with_case).recipient) == (S.SENT, "ek@mejl.example")


def test_a_letter_to_staff_that_was_refused_is_never_sent_on_to_the_citizen(with_case, ids):
    sent = []

    class Busy:
        """A server that refuses the first letter for now."""

        def send(self, one, files=()):
            sent.append(one.recipient)
            if len(sent) == 1:
                raise DeliveryError("451 4.7.1 Greylisted", retryable=True)

    queue(with_case, entry(1, LetterKind.TILL_HANDLAGGARE, case_id=CASE, recipient="hans@ekdala.example"))
    for minutes in (0, 1):
        run(with_case, Busy(), ids, now=NOW + timedelta(minutes=minutes), check=check)
    assert sent == ["hans@ekdala.example"] * 2


def test_a_letter_to_staff_that_is_refused_for_good_is_not_tried_again(store, post, sender, ids):
    queue(store, entry(1, LetterKind.TILL_HANDLAGGARE))
    post.at_data.append("550 5.7.1 No")
    assert run(store, sender, ids).failed == 1


def test_a_hard_refusal_fails_visibly_and_spares_the_next(with_case, post, sender, ids):
    queue(with_case, entry(1, case_id=CASE), entry(2, case_id=CASE))
    post.at_data.append("550 5.7.1 No")
    report = run(with_case, sender, ids, check=check)
    assert (report.failed, report.sent) == (1, 1)
    assert look(with_case).status is S.FAILED
    assert (EventKind.LETTER_FAILED, "Svar på fråga: Brevet avvisades: 550 5.7.1 No") in events(with_case)


def test_a_soft_refusal_fails_after_two_days(store, post, sender, ids):
    queue(store, entry())
    now, tries = NOW, 0
    while look(store).status is not S.FAILED:
        post.at_rcpt.append("450 4.2.1 Busy")
        run(store, sender, ids, now=now)
        tries += 1
        now = look(store).retry_at or now
    assert tries == len(WAITS) + 1
    assert timedelta(days=2) <= now - NOW <= timedelta(days=2, hours=12)


@pytest.mark.parametrize(
    ("kind", "status"), [(LetterKind.SVAR, S.UNCERTAIN), (LetterKind.TILL_HANDLAGGARE, S.AWAITING_RETRY)]
)
def test_a_line_lost_after_the_text_waits_for_a_person_unless_it_is_staffs(store, post, sender, ids, kind, status):
    queue(store, entry(1, kind), entry(2))
    post.at_data.append("keep and drop")
    assert run(store, sender, ids).sent == 1
    assert look(store).status is status
    later = run(store, sender, ids, now=NOW + timedelta(days=3))
    assert later.sent == (status is S.AWAITING_RETRY)
    assert {m["Message-ID"] for m in post.mails()} == {entry(1).message_id, entry(2).message_id}


def test_an_unexpected_fault_does_not_stop_the_next(store, post, sender, ids):
    class Broken:
        def send(self, one, files=()):
            if one.recipient.startswith("bo1@"):
                raise ValueError("oväntat")
            return sender.send(one)

    queue(store, entry(1), entry(2))
    report = run(store, Broken(), ids)
    assert (report.uncertain, report.sent) == (1, 1)
    assert post.recipients() == ["bo2@mejl.example"]


def test_a_dead_server_stops_the_pass_and_uses_up_no_tries(store, post, ids):
    queue(store, *(entry(n) for n in (1, 2, 3)))
    with SmtpSender(SmtpServer("127.0.0.1", 1, tls="none", timeout=2), IDENTITY, lambda: NOW) as nobody:
        report = run(store, nobody, ids)
    assert "går inte att nå" in report.server_down
    assert report.claimed == 1
    assert statuses(store, 1, 2, 3) == [S.AWAITING_RETRY, S.QUEUED, S.QUEUED]
    now = NOW + timedelta(minutes=1)
    assert (look(store).attempts, look(store).retry_at) == (0, now)
    with SmtpSender(SmtpServer("127.0.0.1", post.port, tls="none", timeout=5), IDENTITY, lambda: now) as back:
        assert run(store, back, ids, now=now).sent == 3


def test_what_a_dead_sender_left_behind(with_case, post, sender, ids):
    """Rulings: a citizen's letter waits for a person, one to staff goes again with the same Message-ID."""
    queue(with_case, entry(1, case_id=CASE), entry(2, LetterKind.TILL_REGISTRATOR, case_id=CASE))
    with with_case.begin() as tx:
        assert len(claim_all(tx, 2, NOW)) == 2
    assert run(with_case, sender, ids, now=NOW + timedelta(minutes=14)).recovered == 0
    late = NOW + timedelta(minutes=16)
    report = run(with_case, sender, ids, now=late, check=check)
    assert (report.recovered, report.sent) == (2, 1)
    assert statuses(with_case, 1, 2) == [S.UNCERTAIN, S.SENT]
    assert [m["Message-ID"] for m in post.mails()] == [entry(2).message_id]
    assert EventKind.LETTER_UNCERTAIN in [kind for kind, _ in events(with_case)]


def test_what_the_database_lost_of_letters_that_went_is_told_to_it_and_none_goes_twice(with_case, post, sender, ids):
    """A standby that took over lacked the last commits, and citizens got their receipts a second time."""
    ours = {"handed": HandedOver()}
    queue(with_case, *(entry(n, case_id=CASE) for n in (1, 2, 3)))
    post.at_data = ["ok", "keep and drop"]
    assert run(with_case, sender, ids, **ours).sent == 2
    assert statuses(with_case, 1, 2, 3) == [S.SENT, S.UNCERTAIN, S.SENT]

    def lose(*numbers, **as_it_stood):
        with with_case.begin() as tx:
            for number in numbers:
                tx.update_entry(entry(number, **as_it_stood))

    lose(1, 2, case_id=CASE)
    lose(3, case_id=CASE, status=S.INFLIGHT, claimed_at=NOW)
    later = NOW + timedelta(seconds=3)
    run(with_case, sender, ids, now=later, **ours)
    assert statuses(with_case, 1, 2, 3) == [S.SENT, S.UNCERTAIN, S.SENT]
    lose(1, 2, case_id=CASE)
    lose(3, case_id=CASE, status=S.INFLIGHT, claimed_at=NOW)
    tools = {"clock": lambda: later, "new_id": ids}
    assert recall(with_case, HandedOver(), now=later, **tools) == 0
    assert recall(with_case, ours["handed"], now=later, **tools) == 3
    assert statuses(with_case, 1, 2, 3) == [S.SENT, S.UNCERTAIN, S.SENT]
    assert len(post.taken) == 3
    # A person sends it once more.
    lose(2, case_id=CASE, not_before=later)
    assert run(with_case, sender, ids, now=later, **ours).sent == 1
    assert len(post.taken) == 4


def test_the_latest_letters_that_went_are_remembered_each_with_its_address():
    handed = HandedOver(most=2)
    gone = [replace(entry(n), status=S.SENT, attempts=1, sent_at=NOW) for n in (1, 2, 3)]
    for one in (*gone, replace(entry(4), status=S.FAILED)):
        handed.note(one)
    assert [handed.fate(entry(n)) for n in (1, 2, 3, 4)] == [None, *gone[1:], None]
    waiting = entry(3, status=S.AWAITING_RETRY, retry_at=NOW)
    assert handed.fate(waiting) == gone[2]
    assert handed.fate(replace(waiting, recipient="bo.ny@mejl.example")) is None


def test_who_was_taken_for_dead_may_still_tell_of_success_but_not_of_failure(store, sender, ids):
    class Slow:
        """While it sends, another process decides that its sender died."""

        def __init__(self, answer):
            self.answer = answer

        def send(self, _entry, files=()):
            with store.begin() as tx:
                tx.update_entry(replace(tx.get_entry(f"{1:032x}"), status=S.UNCERTAIN, error="tagen för död"))
            if isinstance(self.answer, Exception):
                raise self.answer
            return self.answer

    queue(store, entry())
    run(store, Slow(DeliveryError("nej", retryable=True)), ids)
    assert look(store).status is S.UNCERTAIN
    with store.begin() as tx:
        tx.update_entry(replace(look(store), status=S.QUEUED))
    run(store, Slow("250 OK"), ids)
    assert look(store).status is S.SENT


def test_a_letter_that_came_back_before_its_sender_could_say_so_stays_so_and_the_journal_tells_both(with_case, ids):
    class Quick:
        """A server that takes the letter, and whose report of it is read before we have said that it left."""

        def send(self, _entry, files=()):
            with with_case.begin() as tx:
                tx.update_entry(replace(tx.get_entry(f"{1:032x}"), status=S.BOUNCED, error="Adressen finns inte."))
            return "250 OK"

    queue(with_case, entry(case_id=CASE))
    run(with_case, Quick(), ids)
    assert look(with_case).status is S.BOUNCED
    assert EventKind.LETTER_SENT in [kind for kind, _ in events(with_case)]


def test_the_log_names_nobody(store, post, sender, ids, caplog):
    caplog.set_level(logging.DEBUG)
    queue(store, *(entry(n) for n in (1, 2, 3)))
    post.at_rcpt.extend(["ok", "550 5.1.1 <bo2@mejl.example> unknown", "450 bo3@mejl.example busy"])
    run(store, sender, ids)
    told = " ".join(record.getMessage() for record in caplog.records if record.name.startswith("lyhord"))
    assert "1 sent, 1 to retry, 1 failed" in told
    assert "@" not in told
    assert "Lyktan" not in told


def test_the_limit_bounds_a_pass(store, sender, ids):
    queue(store, *(entry(n) for n in range(1, 6)))
    assert run(store, sender, ids, limit=2).sent == 2


def test_waits_grow_for_about_two_days():
    waits = [retry_at(n, DeliveryError("", retryable=True), NOW) - NOW for n in range(1, len(WAITS) + 1)]
    assert [w.total_seconds() / 60 for w in waits[:5]] == [1, 5, 15, 60, 240]
    assert waits == sorted(waits)
    assert timedelta(days=2) <= sum(waits, timedelta()) <= timedelta(days=2, hours=12)


@given(st.integers(-5, 100), st.booleans(), st.booleans())
def test_only_what_is_soft_and_certain_is_tried_again(attempts, retryable, uncertain):
    at = retry_at(attempts, DeliveryError("", retryable=retryable, uncertain=uncertain), NOW)
    assert (at is not None) == (retryable and not uncertain and 1 <= attempts <= len(WAITS))
    assert at is None or at > NOW
