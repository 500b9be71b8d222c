"""A handläggare answers by replying to a mail: what goes out, and what must not make anything go out."""

from dataclasses import replace
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from cases.case import CaseStatus, Outcome
from cases.errors import NotAllowed, TemplateError
from cases.journal import EventKind
from cases.letters.letter import Letter, LetterContext, LetterKind, OutboxStatus
from cases.people.access import Role
from cases.ports import Store
from cases.post.mail_answers import FORMS, form_in, read_answer
from cases.post.staff import queue_internal
from cases.promises import PromiseKind
from cases.routing.flags import FlagKind
from cases.steps.answering.closing import close
from cases.steps.working.work import set_flags
from tests.steps.by_mail import HANS, explained, internal, journal, kinds, reply, silent
from tests.steps.deciding import assigned, only
from tests.steps.house import START, SmallHouse, mail
from tests.steps.mails import FAIL, PASS, signing, take_in

ACTED = "Vad som görs:\nVi byter lampan.\n\nNär: i morgon\n\nVem:\nDriftgruppen\n"


@pytest.fixture
def house(store: Store) -> SmallHouse:
    house = signing(store)
    assigned(house)
    return house


def test_the_only_text_of_a_letter_is_what_was_newly_written(house: SmallHouse) -> None:
    body = "Lampan byts i morgon.\n\n> Du har fått ett ärende att ta hand om.\n"
    reply(house, body)
    file = only(house)
    letter = next(e for e in file.letters if e.letter.kind is LetterKind.SVAR)
    assert letter.recipient == "berit@mejl.example"
    assert "Lampan byts i morgon." in letter.letter.text
    assert "Hans Vik" in letter.letter.text
    assert "Du har fått ett ärende" not in letter.letter.text
    assert file.case.status is CaseStatus.ANSWERED
    assert file.case.assignee_id == house.handlaggare.id
    assert EventKind.ACCEPTED in [e.kind for e in file.events]
    copy = internal(house, LetterKind.MEJLSVAR_SKICKAT)
    assert copy.recipient == "hans@ekdala.example"
    assert "Svar på fråga" in copy.letter.text
    assert "Lampan" not in copy.letter.text + copy.letter.html


@pytest.mark.parametrize(
    ("beside", "told"),
    [("Anna <anna@post.example>", True), ("berit@mejl.example, hans@ekdala.example, feedback@ekdala.example", False)],
)
def test_whoever_puts_somebody_in_cc_is_told_that_they_got_no_letter(
    house: SmallHouse, beside: str, told: bool
) -> None:
    """Their own program sent the mail to everybody in it; who has the case or gets the letter lacks nothing."""
    reply(house, "Lampan byts i morgon.", Cc=beside)
    text = internal(house, LetterKind.MEJLSVAR_SKICKAT).letter.text
    assert ("har inte fått brevet" in text) is told
    assert "anna@post.example" not in text
    assert [e.recipient for e in only(house).letters if e.letter.kind is LetterKind.SVAR] == ["berit@mejl.example"]


def test_a_letter_of_several_parts_takes_them_from_their_headings(house: SmallHouse) -> None:
    reply(house, ACTED, "Re: #ATGARD")
    file = only(house)
    letter = next(e for e in file.letters if e.letter.kind is LetterKind.BESLUT_ATGARD).letter
    for words in ("Vi byter lampan.", "i morgon", "Driftgruppen"):
        assert words.lower() in letter.text.lower()
    assert file.case.outcome is Outcome.ACTED


def test_more_time_moves_the_day(house: SmallHouse) -> None:
    reply(house, "Ny dag: 2026-12-11\nVarför: Vi måste mäta ljuset.", "#mertid")
    assert only(house).case.status is CaseStatus.DELAYED
    letter = next(e for e in only(house).letters if e.letter.kind is LetterKind.LANGRE_TID).letter
    assert "11 december 2026" in letter.text


def test_not_mine_goes_back_to_be_routed(house: SmallHouse) -> None:
    reply(house, "Det är Trafikverkets väg.", "#intemin")
    assert only(house).case.status is CaseStatus.SUGGESTED
    assert "lämnat tillbaka" in internal(house, LetterKind.MEJLSVAR_SKICKAT).letter.text


def test_without_a_reply_address_the_thread_alone_serves(store: Store) -> None:
    house = take_in(SmallHouse(store, office_changes={"secret": b"ekdala" * 6, "reply_pattern": ""}))
    assigned(house)
    assert internal(house).reply_to == ""
    assert "#svar" in internal(house).letter.html
    assert "mailto:svar" not in internal(house).letter.html
    reply(house, "Klart.", to="feedback@ekdala.example", In_Reply_To=internal(house).message_id)
    assert LetterKind.SVAR in kinds(house)


def test_a_reply_without_a_code_is_kept_and_its_writer_told_that_nobody_got_it(house: SmallHouse) -> None:
    reply(house, "Jag tittar på det.", "Sv: Nytt ärende till dig")
    assert only(house).messages[-1].direction == "staff"
    explained(house, "I ämnesraden ska det stå en kod")
    reply(house, "Vi byter lampan.", "Sv: #svar #ingen", message_id="<h2@ekdala.example>")
    assert kinds(house).count(LetterKind.MEJLSVAR_STOPPAT) == 2
    reply(house, "Vi byter den i morgon.", message_id="<h3@ekdala.example>", to=internal(house).reply_to)
    assert LetterKind.SVAR in kinds(house)


@pytest.mark.parametrize(
    "changes",
    [
        {"Authentication_Results": FAIL},
        {"sender": "Berit Alm <berit@mejl.example>"},
        {"Auto_Submitted": "auto-replied"},
    ],
)
def test_a_reply_without_a_code_that_may_be_anothers_is_only_kept(house: SmallHouse, changes: dict[str, str]) -> None:
    reply(house, "Jag tittar på det.", "Sv: Nytt ärende till dig", **changes)
    assert "En medarbetare svarade" not in "".join(e.text for e in only(house).events)
    assert not {LetterKind.MEJLSVAR_SKICKAT, LetterKind.MEJLSVAR_STOPPAT} & set(kinds(house))


def test_thanks_for_a_receipt_of_ones_answer_are_only_noted(house: SmallHouse) -> None:
    reply(house, "Lampan byts i morgon.")
    receipt = internal(house, LetterKind.MEJLSVAR_SKICKAT).message_id
    reply(house, "Tack!", "Sv: Mottaget", to="feedback@ekdala.example", In_Reply_To=receipt, message_id="<t@e.example>")
    assert journal(house) == "En medarbetare svarade på ett internt brev."
    assert LetterKind.MEJLSVAR_STOPPAT not in kinds(house)


def test_each_mail_works_once(house: SmallHouse) -> None:
    reply(house, "Vi har beställt en lampa.\n", "#ingen")
    before = only(house)
    reply(house, "Vi har beställt en lampa.\n", "#ingen")
    assert only(house).letters == before.letters
    reply(house, "Något helt annat.", "#ingen")
    assert only(house).letters == before.letters
    assert "har kommit förut" in journal(house)
    reply(house, "Vi har beställt en lampa.\n", "#ingen", message_id="<h2@ekdala.example>")
    assert [e.letter.kind for e in only(house).letters[len(before.letters) :]] == [LetterKind.MEJLSVAR_STOPPAT]
    assert "Samma text" in journal(house)


def test_our_own_letter_left_in_the_text_goes_to_nobody(house: SmallHouse) -> None:
    reply(house, f"Klart.\n\nDu har fått ett ärende. Öppna ärendet: {house.office.desk_url}/arenden/1")
    explained(house, "Ta bort det")


def test_our_letter_is_known_by_its_lines_where_a_filter_changed_its_links(house: SmallHouse) -> None:
    ours = internal(house).letter.text
    filtered = ours.replace(house.office.desk_url, "https://filter.example/?url=https%3A%2F%2Fdesk")
    assert filtered != ours
    reply(house, f"Lampan byts.\n\n{filtered}")
    explained(house, "Ta bort det")
    line = next(line for line in ours.splitlines() if line.startswith("Du har fått ett ärende"))
    middle = line.index(" ", 40)
    reply(house, f"Lampan byts.\n\n{line[:middle]}\n{line[middle:]}", message_id="<h2@ekdala.example>")
    explained(house, "Ta bort det")
    reply(house, "Lampan byts.\n\nSkriv till Storgatan 1, 400 01 Ekdala.", message_id="<h3@ekdala.example>")
    assert LetterKind.SVAR in kinds(house)


def test_an_automatic_reply_does_nothing(house: SmallHouse) -> None:
    before = kinds(house)
    reply(house, "Jag är på semester.", "Autosvar: #svar", Auto_Submitted="auto-replied")
    # Nothing but the word to the unit's registrator that somebody is away.
    assert kinds(house) == [*before, LetterKind.FRANVARO]
    assert only(house).case.status is CaseStatus.ASSIGNED


def test_what_a_program_made_answers_nothing_though_it_looks_like_a_form_of_somebodys(house: SmallHouse) -> None:
    reply(house, "Klart.", Auto_Submitted="auto-generated", Reply_To="annan@mejl.example")
    silent(house, "automatiskt")


def test_an_older_letter_still_answers_a_case_that_was_opened_again(house: SmallHouse) -> None:
    first = internal(house).reply_to
    house.later(hours=1)
    reply(house, "Lampan byts.", to=first)
    house.later(days=1)
    house.receive(mail("Den lyser inte.", message_id="<m2@mejl.example>", In_Reply_To="<m1@mejl.example>"))
    reply(house, "Den byts i dag.", to=first, message_id="<h2@ekdala.example>")
    assert kinds(house).count(LetterKind.SVAR) == 2


def test_what_is_missing_is_said_by_its_heading(house: SmallHouse) -> None:
    reply(house, "Vad som görs:\nVi byter lampan.\n\nNär:\n\nVem: vi\n", "#atgard")
    explained(house, "Det här saknas: ”När:”")
    told = internal(house, LetterKind.MEJLSVAR_STOPPAT)
    assert "Vi byter lampan" not in told.letter.text
    reply(house, ACTED, "#atgard", to=told.reply_to, message_id="<h2@ekdala.example>")
    assert only(house).case.status is CaseStatus.ANSWERED


def test_a_protected_case_is_answered_on_the_desk(house: SmallHouse) -> None:
    case, by = only(house).case, house.handlaggare
    with house.store.begin() as tx:
        set_flags(tx, case.id, case.version, frozenset({FlagKind.HALSA}), "Vårduppgift", by, house.office, house.now)
        tx.add_reader(case.id, by.id, "Handlägger ärendet", house.now)
    reply(house, "Lampan byts.")
    explained(house, "skyddat")
    reply(house, "Lampan byts nu.", "Sv: Nytt ärende till dig", message_id="<h2@ekdala.example>")
    explained(house, "skyddat")
    assert "svara då på det här mejlet" not in internal(house, LetterKind.MEJLSVAR_STOPPAT).letter.text.lower()
    with house.store.begin() as tx:
        case = only(house).case
        queue_internal(tx, house.office, case, LetterKind.TILL_HANDLAGGARE, [by.email], now=house.now)
    told = internal(house).letter
    assert "Svara på ärendesidan" in told.text
    assert "#svar" not in told.text + told.html


def test_a_personnummer_never_leaves(house: SmallHouse) -> None:
    reply(house, "Du har personnummer 19121212-1212 hos oss.")
    explained(house, "Ta bort det innan du skickar")
    assert "1212" not in internal(house, LetterKind.MEJLSVAR_STOPPAT).letter.text
    for copied in ("19121212-\u200b1212", "1912\u00ad1212-1212", "19121212\u2060 1212", "\uff11\uff19121212-1212"):
        assert house.office.screen(copied), "a sign that nobody sees hides none"
    assert EventKind.ACCEPTED not in [e.kind for e in only(house).events]


def test_an_outcome_beyond_ones_mandate_undoes_the_whole_answer(store: Store) -> None:
    changes = {"secret": b"ekdala" * 6, "outcome_roles": {Outcome.ANSWERED: frozenset({Role.CHEF})}}
    house = take_in(SmallHouse(store, office_changes=changes))
    assigned(house)
    reply(house, "Lampan byts.")
    explained(house, "väljs av")


def test_a_machine_is_not_told_without_end(house: SmallHouse) -> None:
    for number in range(8):
        reply(house, f"När: dag {number}", "#atgard", message_id=f"<h{number}@ekdala.example>")
    assert kinds(house).count(LetterKind.MEJLSVAR_STOPPAT) == 5


def test_the_ready_made_replies_are_links_that_the_reader_understands(house: SmallHouse) -> None:
    entry = internal(house)
    links = [part.partition('"')[0] for part in entry.letter.html.split('href="')[1:]]
    mails = [urlsplit(link.replace("&amp;", "&")) for link in links if link.startswith("mailto:feedback+")]
    assert len(mails) == len(FORMS)
    for link, form in zip(mails, FORMS.values(), strict=True):
        asked = parse_qs(link.query)
        assert unquote(link.path) == entry.reply_to
        assert form_in(asked["subject"][0]) is form
        assert "EK-2026-00001" in asked["subject"][0]
        assert f"#{form.code}" in entry.letter.text
        if len(form.fields) > 1:
            with pytest.raises(NotAllowed, match="saknas"):
                read_answer(form, asked["body"][0], START)


def test_an_answer_that_fails_twice_holds_no_letter_behind_it_back(house: SmallHouse) -> None:
    """Neither the answer can be sent nor its writer told so, as where the case's unit has gone out of the profile."""
    good = house.office.renderer

    class Unable:
        missing = good.missing

        def render(self, kind: LetterKind, language: str, context: LetterContext) -> Letter:
            if kind is LetterKind.MEJLSVAR_STOPPAT:
                raise TemplateError("Mallen saknas.")
            return good.render(kind, language, context)

    house.office = replace(house.office, renderer=Unable())
    house.stages = replace(house.stages, office=house.office)
    to = internal(house).reply_to
    said = "Du har personnummer 19121212-1212 hos oss."
    house.post(mail(said, sender=HANS, to=to, subject="#svar", Authentication_Results=PASS, message_id="<h1@ekdala>"))
    house.post(mail("Bänken är trasig.", sender="Bo <bo@mejl.example>", message_id="<b1@mejl.example>"))
    house.run()
    with house.store.read() as tx:
        assert tx.case_by_message_ids(["b1@mejl.example"])
        assert tx.case_by_message_ids(["h1@ekdala"]) == ""
    for _ in range(2):
        house.later(hours=1)
        house.run()
    with house.store.read() as tx:
        assert len(tx.quarantined()) == 1


STATUS = "Vad som är gjort:\nLampan är beställd.\n\nVad som händer nu:\nVi byter den.\n"


def test_a_letter_that_moves_nothing_leaves_no_closed_case_either(house: SmallHouse) -> None:
    reply(house, "Vi byter lampan.")
    with house.store.begin() as tx:
        case = only(house).case
        close(tx, case.id, case.version, "", house.handlaggare, house.office, house.now)
    reply(house, STATUS, code="#status", message_id="<h2@ekdala.example>")
    assert LetterKind.STATUS not in kinds(house)
    assert "är avslutat, så brevet" in internal(house, LetterKind.MEJLSVAR_STOPPAT).letter.text


def test_nor_one_that_was_given_back_and_waits_to_be_routed(house: SmallHouse) -> None:
    reply(house, "Rör parken.", code="#intemin")
    reply(house, STATUS, code="#status", message_id="<h2@ekdala.example>")
    assert LetterKind.STATUS not in kinds(house)
    told = internal(house, LetterKind.MEJLSVAR_STOPPAT).letter.text
    assert "väntar på att fördelas, så brevet skickas inte. Den enhet som får det svarar." in told


def test_a_case_is_open_again_where_its_answer_by_mail_may_not_leave(house: SmallHouse) -> None:
    """A flag was raised while the mail server was down: nobody was told anything, though the case said so."""
    reply(house, "Vi byter lampan.")
    with house.store.begin() as tx:
        case = only(house).case
        flags = frozenset({FlagKind.SKYDDAD_IDENTITET})
        set_flags(tx, case.id, case.version, flags, "Ser det nu.", house.registrator, house.office, house.now)
    house.later(minutes=1)
    house.send()
    file = only(house)
    assert internal(house, LetterKind.SVAR).status is OutboxStatus.WITHHELD
    assert (file.case.status, file.case.outcome) == (CaseStatus.ASSIGNED, None)
    with house.store.read() as tx:
        (draft,) = tx.drafts_of(file.case.id, house.handlaggare.id)
    assert draft.typed == {"svar": "Vi byter lampan."}
    assert [d.met_at for d in file.case.deadlines if d.kind is not PromiseKind.RECEIPT] == [None, None]
