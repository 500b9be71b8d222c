"""Routing without a person: only where it is switched on, sure, of a chosen area, and nothing speaks against it."""

from dataclasses import replace

import pytest

from cases.case import CaseStatus
from cases.errors import NotFound
from cases.inbound.documents import DocumentText
from cases.letters.letter import LetterKind, OutboxStatus
from cases.people.access import SYSTEM
from cases.routing.areas import Area
from cases.routing.flags import FlagKind
from cases.routing.learning import AUTOMATIC
from cases.routing.rules import Conditions, RoutingRule
from cases.routing.suggestion import CaseType, Severity, SpokenRule
from cases.routing.tracks import SuggestedTrack, Track
from cases.steps.routing.automatic import may_route
from cases.steps.working.work import opened
from cases.store.views import ListFilter, ListKind
from service.stages import Stages
from tests.steps.house import SmallHouse, mail


@pytest.fixture
def sure(house: SmallHouse) -> SmallHouse:
    """The house where street letters of 80 per cent go by themselves; the scripted model says 80."""
    house.office = replace(house.office, auto_confirm_areas=frozenset({Area.GATA_PARK}), auto_confirm_confidence=0.8)
    house.stages = Stages(house.store, house.office, house.stages.parse, lambda: house.model)
    return house


def only_file(house: SmallHouse):
    with house.store.read() as tx:
        return tx.case_file(tx.case_by_number("EK-2026-00001"), SYSTEM)


def test_a_sure_letter_goes_to_its_unit_and_everybody_can_see_that_no_person_decided(sure) -> None:
    sure.receive(mail())
    file = only_file(sure)
    assert (file.case.status, file.case.unit_id) == (CaseStatus.ROUTED, "gata")
    assert file.case.opened_at is None
    decision = file.decisions[-1]
    assert (decision.decided_by, decision.agreed) == (AUTOMATIC, True)
    said = next(e for e in file.events if e.kind == "confirmed")
    assert said.actor == AUTOMATIC
    assert "Automatiskt, utan att en människa har bekräftat: 80 % säkert, gränsen är 80 %." in said.text
    letters = {entry.letter.kind: entry.status for entry in file.letters}
    assert letters[LetterKind.TILL_REGISTRATOR] is OutboxStatus.CANCELLED
    assert letters[LetterKind.TILL_ENHETSREGISTRATOR] is OutboxStatus.QUEUED
    assert letters[LetterKind.MOTTAGNING] is OutboxStatus.QUEUED


def test_it_is_off_until_somebody_chooses_areas(house) -> None:
    house.receive(mail())
    assert only_file(house).case.status is CaseStatus.SUGGESTED


def test_never_with_a_flag_of_any_kind(sure) -> None:
    for number, kind in enumerate(FlagKind):
        sure.model.flags = (kind,)
        sure.receive(mail(sender=f"Nils <n{number}@post.example>", message_id=f"<m{number}@post.example>"))
    with sure.store.read() as tx:
        cases = [tx.get_case(line.id, SYSTEM) for line in tx.lines(ListKind.ALL, SYSTEM, ListFilter())]
    assert [case.status for case in cases] == [CaseStatus.SUGGESTED] * len(FlagKind)


@pytest.mark.parametrize(
    ("what", "value"),
    [("area", Area.ALDREOMSORG), ("severity", Severity.ALLVARLIG), ("type", CaseType.OVRIGT)],
)
def test_never_another_area_a_serious_letter_or_what_may_be_no_case(sure, what: str, value: object) -> None:
    setattr(sure.model, what, value)
    sure.receive(mail())
    assert only_file(sure).case.status is CaseStatus.SUGGESTED


def test_never_below_the_limit(sure) -> None:
    sure.office = replace(sure.office, auto_confirm_confidence=0.81)
    sure.stages = Stages(sure.store, sure.office, sure.stages.parse, lambda: sure.model)
    sure.receive(mail())
    assert only_file(sure).case.status is CaseStatus.SUGGESTED


def test_what_cannot_be_routed_by_itself_keeps_its_suggestion_and_waits(sure, monkeypatch) -> None:
    def fail(*_arguments):
        raise NotFound("Enheten finns inte.")

    monkeypatch.setattr("service.stages.automatic.route_surely", fail)
    sure.receive(mail())
    assert only_file(sure).case.status is CaseStatus.SUGGESTED
    assert only_file(sure).suggestion is not None


def test_never_where_a_rule_of_the_municipality_speaks(sure) -> None:
    with sure.store.begin() as tx:
        asks = Conditions(words=("lampan",))
        tx.save_routing_rule(RoutingRule("r1", 1, "Lampor", "gata", True, asks, sure.now, "rut"))
    sure.receive(mail())
    file = only_file(sure)
    assert file.suggestion.rule == SpokenRule("r1", "Lampor", "gata")
    assert file.case.status is CaseStatus.SUGGESTED
    assert may_route(file.case, replace(file.suggestion, rule=None), sure.office)
    assert "Regel: Lampor. Föreslår Gatuenheten." in [event.text for event in file.events]


def test_never_once_a_person_has_opened_it(sure) -> None:
    sure.model.area = Area.ALDREOMSORG
    sure.receive(mail())
    file, office = only_file(sure), replace(sure.office, auto_confirm_areas=frozenset({Area.ALDREOMSORG}))
    assert may_route(file.case, file.suggestion, office)
    with sure.store.begin() as tx:
        opened(tx, file.case.id, sure.registrator, sure.office, sure.now)
    assert not may_route(only_file(sure).case, file.suggestion, office)


WITH_DOCUMENT = b"""From: Berit Alm <berit@mejl.example>\r
To: feedback@ekdala.example\r
Subject: Trasig lampa\r
Message-ID: <m1@mejl.example>\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=b\r
\r
--b\r
Content-Type: text/plain; charset=utf-8\r
\r
%s\r
--b\r
Content-Type: application/pdf; name="brev.pdf"\r
Content-Disposition: attachment; filename="brev.pdf"\r
Content-Transfer-Encoding: base64\r
\r
JVBERi0xLjQK\r
--b--\r
""" % ("Lampan utanför skolan är trasig och det är mörkt på vägen hem. " * 8).encode()


@pytest.mark.parametrize("flags", [(), (FlagKind.HALSA,)])
def test_an_attached_document_is_read_first(sure, flags) -> None:
    sure.receive(WITH_DOCUMENT)
    assert only_file(sure).case.status is CaseStatus.SUGGESTED
    sure.model.flags = flags
    with sure.store.begin() as tx:
        document = tx.claim_document(sure.now, sure.now)
        tx.add_document(document.attachment_id, DocumentText("Lampan vid skolan."), sure.now)
    sure.run()
    assert only_file(sure).case.status is (CaseStatus.SUGGESTED if flags else CaseStatus.ROUTED)


def test_a_document_only_a_person_can_read_is_left_to_them(sure) -> None:
    sure.receive(WITH_DOCUMENT)
    with sure.store.begin() as tx:
        document = tx.claim_document(sure.now, sure.now)
        tx.add_document(document.attachment_id, DocumentText("", machine_read=False, note="Krypterad."), sure.now)
    sure.run()
    assert only_file(sure).case.status is CaseStatus.SUGGESTED


def test_never_on_a_track_that_wants_a_person_or_where_no_area_may_be_right(sure) -> None:
    sure.receive(mail())
    file = only_file(sure)
    waiting = replace(file.case, status=CaseStatus.SUGGESTED, unit_id="")
    assert may_route(waiting, file.suggestion, sure.office)
    ordinary = SuggestedTrack(Track.FELANMALAN, "trasig", 0, 6, 0.9)
    assert may_route(waiting, replace(file.suggestion, tracks=(ordinary,)), sure.office), (
        "it follows from type and unit"
    )
    track = SuggestedTrack(Track.OVERKLAGANDE, "överklagar", 0, 10, 0.9)
    assert not may_route(waiting, replace(file.suggestion, tracks=(ordinary, track)), sure.office)
    assert not may_route(waiting, replace(file.suggestion, tracks=(track,)), sure.office)
    assert not may_route(replace(waiting, track="Överklagande"), file.suggestion, sure.office)
    assert not may_route(waiting, replace(file.suggestion, doubt="Inget ämne sticker ut."), sure.office)
    assert not may_route(replace(waiting, sender_doubt="Okänd"), file.suggestion, sure.office)
    assert not may_route(waiting, replace(file.suggestion, unit_id="parkering"), sure.office)
