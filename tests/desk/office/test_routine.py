"""What the settings say of the municipality's routine, as the desk and the public pages show it."""

import pytest

from cases.case import CaseStatus, Channel
from cases.routing.flags import FlagKind, FlagState
from config import RoutineSettings as Adopted
from desk.outside import PublicSettings
from desk.settings import RoutineSettings
from service.installation.words import adopted_sentence
from tests.desk import house as h
from tests.desk.conftest import Surfer, make_app
from tests.desk.external.outside import flag

REASONS = ("Allmänt samtal om samhället", "Skrivet i andra sociala medier")
POLICY = "https://intra.ekdala.example/hot-och-vald"
ROUTINE = RoutineSettings(
    channels=(Channel.LETTER, Channel.PHONE),
    refused=("andra sociala medier",),
    sender_kinds=("Boende",),
    no_case_reasons=REASONS,
    adopted="Rutinen är antagen.",
    threat_policy=POLICY,
)


@pytest.fixture
def page(house) -> Surfer:
    return Surfer(make_app(house, routine=ROUTINE), "registrator")


def test_a_new_case_comes_by_the_ways_in_of_the_municipality_alone(house, page) -> None:
    text = page.get("/nytt").text
    assert text.index('value="phone"') < text.index('value="letter"'), "as they come to a desk"
    assert 'value="visit"' not in text
    assert "Blir inget ärende: andra sociala medier." in text
    refused = page.post("/nytt", kanal="visit", text="Lampan är trasig.", slag="Boende")
    assert refused.status_code == 422
    assert "Besök är ingen väg in i er kommun." in refused.text
    done = page.post("/nytt", kanal="phone", text="Lampan är trasig.", slag="Boende")
    case = house.case(done.headers["location"].rpartition("/")[2])
    assert (case.channel, case.sender.kind) == (Channel.PHONE, "Boende")


def test_a_kind_of_sender_that_was_not_offered_is_not_kept(house, page) -> None:
    page.get("/nytt")
    done = page.post("/nytt", kanal="phone", text="Lampan är trasig.", slag="Besökare")
    assert house.case(done.headers["location"].rpartition("/")[2]).sender.kind == ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"skal": REASONS[0]}, REASONS[0]),
        ({"skal": REASONS[1], "orsak": "På Storgatans sida."}, f"{REASONS[1]}. På Storgatans sida."),
        ({"skal": "", "orsak": "Det är reklam."}, "Det är reklam."),
        ({"skal": "Eget påhitt", "orsak": "Det är reklam."}, "Det är reklam."),
    ],
)
def test_a_letter_is_no_case_for_a_reason_of_the_routine_or_ones_own(house, page, typed, kept) -> None:
    case = h.lamp(house)
    assert all(f"<option>{reason}</option>" in page.get(f"/arenden/{case.id}").text for reason in REASONS)
    choice = {"beslut": "not_a_case", "enhet": "gata", "typ": "ovrigt", "version": house.case(case.id).version}
    assert page.post(f"/arenden/{case.id}/fordela", **choice, **typed).status_code == 303
    with house.store.read() as tx:
        assert tx.case_file(case.id, house.office.viewer(h.PEOPLE["registrator"])).decisions[-1].reason == kept
    assert house.case(case.id).status is CaseStatus.NOT_A_CASE


def test_several_letters_are_put_away_for_the_same_reasons(house, page) -> None:
    val = [f"{one.id}:{one.version}" for one in (h.lamp(house), h.lamp(house))]
    page.get("/att-fordela")
    shown = page.post("/flera", val=val, sida="/att-fordela").text
    assert all(f"<option>{reason}</option>" in shown for reason in REASONS)
    queue = {"sida": "/att-fordela", "gor": "inget", "form": "inget"}
    assert page.post("/flera", val=val, skal="Eget påhitt", **queue).status_code == 422
    assert page.post("/flera", val=val, skal=REASONS[0], **queue).status_code == 303
    with house.store.read() as tx:
        decided = [tx.case_file(one.partition(":")[0], h.SYSTEM).decisions[-1].reason for one in val]
    assert decided == [REASONS[0]] * 2


def test_no_reason_at_all_is_asked_for(house, page) -> None:
    case = h.lamp(house)
    page.get(f"/arenden/{case.id}")
    choice = {"beslut": "not_a_case", "enhet": "gata", "typ": "ovrigt", "version": house.case(case.id).version}
    assert page.post(f"/arenden/{case.id}/fordela", **choice, skal="").status_code == 422


def test_help_tells_of_the_routine_and_a_threat_leads_to_its_policy(house, page) -> None:
    text = page.get("/hjalp").text
    assert "Rutinen är antagen." in text
    assert f'href="{POLICY}"' in text
    case = h.lamp(house)
    assert POLICY not in page.get(f"/arenden/{case.id}").text
    flag(house, case, FlagKind.HOT_VALD, FlagState.CONFIRMED)
    assert f'href="{POLICY}"' in page.get(f"/arenden/{case.id}").text


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, ""),
        ({"adopted_by": "Kommunfullmäktige"}, "Rutinen ”Synpunkter” antogs av Kommunfullmäktige."),
        ({"reference": "KS/2016:597"}, "Rutinen ”Synpunkter” har diarienummer KS/2016:597."),
    ],
)
def test_what_is_known_of_the_adoption_is_one_sentence(said, sentence) -> None:
    known = {"adopted_by": "", "adopted_on": "", "reference": "", **said}
    assert adopted_sentence(Adopted(name="Synpunkter", review_month=1, **known)) == sentence


def test_the_foot_of_a_public_page_tells_what_is_set_and_leaves_the_rest_out(house) -> None:
    bare = Surfer(make_app(house, public=PublicSettings(register=True))).get("/oppet/arenden").text
    assert 'href=""' not in bare
    assert "organisationsnummer" not in bare
    links = {name: f"https://www.ekdala.example/{name}" for name in ("fault_report", "privacy", "accessibility")}
    told = PublicSettings(
        register=True,
        organisation_number="212000-0000",
        dpo_name="Vårt dataskyddsombud",
        dpo_contact="dataskydd@ekdala.example",
        **links,
    )
    text = Surfer(make_app(house, public=told)).get("/oppet/arenden").text
    assert all(f'href="{address}"' in text for address in links.values())
    assert 'Vårt dataskyddsombud: <a href="mailto:dataskydd@ekdala.example">' in text
    assert "organisationsnummer 212000-0000" in text
