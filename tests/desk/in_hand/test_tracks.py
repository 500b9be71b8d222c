"""Special tracks and *inget av förslagen*: shown first, accepted, changed, dropped, journalled and counted."""

import re

from cases.case import CaseStatus
from cases.journal import EventKind
from cases.people.access import SYSTEM
from cases.post.citizen import note
from cases.routing.areas import Area
from cases.routing.suggestion import CaseType, RankedArea, Severity
from cases.routing.tracks import SuggestedTrack, Track
from desk.app import create_app
from tests.desk import house as h
from tests.desk.conftest import Surfer
from tests.desk.steps import routed, step

APPEAL = (
    "Ni har nekat min dotter skolskjuts. Jag nöjer mig inte med ert beslut. Dessutom är lampan vid hållplatsen mörk."
)


def made(text, *tracks, confidence=0.9, **changes):
    found = []
    for track, passage in tracks:
        at = text.find(passage)
        found.append(SuggestedTrack(track, passage, at, at + len(passage), 0.9))
    return h.suggestion(text, Area.GRUNDSKOLA, confidence, tracks=tuple(found), **changes)


def appeal(house):
    tracks = ((Track.OVERKLAGANDE, "Jag nöjer mig inte med ert beslut."), (Track.FELANMALAN, "lampan"))
    return house.letter("Skolskjuts", APPEAL, made(APPEAL, *tracks))


def fields(text, **more):
    version = re.search(r'name="version" value="(\d+)"', text.split('id="fordela"')[1])[1]
    return {"version": version, "enhet": "skola", "typ": "klagomal", "allvar": "normal", "beslut": "unit", **more}


def journal(house, case):
    with house.store.read() as tx:
        return " ".join(event.text for event in tx.case_file(case.id, SYSTEM).events)


def test_what_to_do_stands_first_with_its_passage(house, surf) -> None:
    case = appeal(house)
    text = surf("registrator").get(f"/arenden/{case.id}").text
    note = text.index("Föreslagen ordning: Överklagande")
    assert note < text.index("Brev och svar")
    assert note < text.index("Föreslagen ordning: Felanmälan"), "the pressing one before the ordinary one"
    assert "(säker)" in text
    assert "Till den som beslutade, i dag" in text
    assert "Lämna till domstolen" in text and "3 december 2026. Förvaltningslagen 45 och 46 §§." in text
    assert "<q>Jag nöjer mig inte med ert beslut.</q>" in text
    assert 'href="#stalle-ordning-overklagande"' in text
    assert 'id="stalle-ordning-overklagande"' in text
    assert "<option selected>Överklagande</option>" in text
    assert "Föreslagen ordning: Överklagande." in journal(house, case)


def test_it_is_kept_by_confirming_and_shown_to_the_unit(house, surf) -> None:
    case = appeal(house)
    page = surf("registrator")
    text = page.get(f"/arenden/{case.id}").text
    assert page.post(f"/arenden/{case.id}/fordela", **fields(text, ordning="Överklagande")).status_code == 303
    assert house.case(case.id).track == "Överklagande"
    assert house.case(case.id).status is CaseStatus.ROUTED
    after = page.get(f"/arenden/{case.id}").text
    assert "Särskild ordning: Överklagande" in after
    assert "Föreslagen ordning" not in after.split("journalrubrik")[0]
    assert "Särskild ordning: Överklagande." in journal(house, case)


def test_what_a_later_letter_raises_is_suggested_until_a_registrator_or_chef_says(house, surf) -> None:
    case, worker, chef = routed(house, h.lamp(house)), surf("handlaggare"), surf("chef")
    assert "ordning: Överklagande" not in chef.get(f"/arenden/{case.id}").text
    with house.store.begin() as tx:
        tx.save_case(h.replace(tx.get_case(case.id, SYSTEM), track="Överklagande"))
        note(tx, house.office, case.id, EventKind.SUGGESTED, house.clock(), "Avsändarens svar kan höra till: ...")
    heard = "Föreslagen ordning: Överklagande"
    assert heard in worker.get(f"/arenden/{case.id}").text
    assert step(worker, house, case, "ordning", ordning="").status_code == 403
    assert heard in chef.get(f"/arenden/{case.id}").text
    assert step(chef, house, case, "ordning", form="ordning", ordning="Hittepå").status_code == 422
    assert step(chef, house, case, "ordning", ordning="Överklagande").status_code == 303
    text = worker.get(f"/arenden/{case.id}").text
    assert ("Särskild ordning: Överklagande" in text, heard in text) == (True, False)
    assert step(chef, house, case, "ordning", ordning="").status_code == 303
    assert "ordning: Överklagande</strong>" not in worker.get(f"/arenden/{case.id}").text
    assert "Ingen. Ordningen Överklagande gäller inte." in journal(house, case)


def test_it_is_dropped_and_the_journal_says_so(house, surf) -> None:
    case = appeal(house)
    page = surf("registrator")
    text = page.get(f"/arenden/{case.id}").text
    page.post(f"/arenden/{case.id}/fordela", **fields(text, ordning=""))
    assert house.case(case.id).track == ""
    assert "Ordningen Överklagande gäller inte." in journal(house, case)


def test_it_is_changed(house, surf) -> None:
    case = appeal(house)
    page = surf("registrator")
    text = page.get(f"/arenden/{case.id}").text
    page.post(f"/arenden/{case.id}/fordela", **fields(text, ordning="Skadestånd", beslut="special_track"))
    after = house.case(case.id)
    assert (after.track, after.status) == ("Skadestånd", CaseStatus.SPECIAL_TRACK)
    assert "Ordningen Överklagande gäller inte." in journal(house, case)


def test_the_queue_marks_it_filters_by_it_and_leaves_it_out_of_the_sure(house, surf) -> None:
    appeal(house)
    h.lamp(house)
    page = surf("registrator")
    text = page.get("/att-fordela?valj=sakra").text
    assert "#gavel" in text
    assert text.count(" checked") == 1, "the lamp alone"
    narrowed = page.get("/att-fordela?ordning=%C3%96verklagande").text
    assert "Skolskjuts" in narrowed
    assert "Släckt gatlykta" not in narrowed


def test_no_list_selects_people_by_a_sensitive_track(house, surf) -> None:
    text = "Jag är orolig för ett barn i vår trapp."
    house.letter("Orolig", text, made(text, (Track.OROSANMALAN, text), type=CaseType.FRAGA))
    h.lamp(house)
    page = surf("registrator")
    shown = page.get("/att-fordela?ordning=Orosanm%C3%A4lan").text
    assert "Orolig" in shown
    assert "Släckt gatlykta" in shown, "the filter is not honoured"
    assert "<option>Orosanmälan</option>" not in shown
    assert "<option>Orosanmälan</option>" not in page.get("/diarium").text


def test_none_of_the_suggestions_goes_to_the_chancery_and_counts_as_disagreement(house, surf) -> None:
    case = h.lamp(house)
    page = surf("registrator")
    text = page.get(f"/arenden/{case.id}?enhet=ingen").text
    assert 'value="ingen" checked' in text
    page.post(f"/arenden/{case.id}/fordela", **fields(text, enhet="ingen", typ="fraga"))
    assert house.case(case.id).unit_id == "kansli"
    with house.store.read() as tx:
        decision = tx.case_file(case.id, SYSTEM).decisions[0]
    assert decision.none_fits
    assert not decision.agreed


def test_none_of_the_suggestions_but_another_unit(house, surf) -> None:
    case = h.lamp(house)
    page = surf("registrator")
    text = page.get(f"/arenden/{case.id}").text
    page.post(f"/arenden/{case.id}/fordela", **fields(text, enhet="ingen", annan_enhet="va"))
    assert house.case(case.id).unit_id == "va"


def test_what_has_hardly_any_text_is_confirmed_unopened_by_nobody_however_sure_the_model_is(house, surf) -> None:
    """The queue said sure where the case said doubtful, and ticked it with all that are sure."""
    short = h.suggestion("Gatan", Area.GATA_PARK, 0.97, doubt="Brevet har nästan ingen text.")
    case, page = house.letter("Gatan", "Gatan", short), surf("registrator")
    lamp = h.lamp(house)
    queue = page.get("/att-fordela?valj=sakra").text
    line = queue[queue.index(f'id="b-{case.id}"') :].partition("</li>")[0]
    assert "inget av förslagen ser rätt ut" in line
    assert "97 %" not in line and "Bekräfta" not in line and "checked" not in line
    assert f'value="{lamp.id}:{lamp.version}" id="v-{lamp.id}" checked' in queue
    assert "säker 97 %" not in page.get(f"/arenden/{case.id}").text


def test_a_doubtful_letter_says_so_in_queue_and_case(house, surf) -> None:
    text = "asdf qwer zxcv"
    rest = tuple(RankedArea(area, 0.05) for area in Area if area is not Area.KANSLI)
    doubtful = h.suggestion(text, Area.KANSLI, 0.1, doubt="Brevet går knappt att läsa som text.")
    case = house.letter("hmm", text, h.replace(doubtful, areas=(RankedArea(Area.KANSLI, 0.1), *rest)))
    page = surf("registrator")
    queue = page.get("/att-fordela").text
    assert "Osäker: inget av förslagen ser rätt ut." in queue
    assert f"/arenden/{case.id}?enhet=ingen#fordela" in queue
    assert f"/arenden/{case.id}/bekrafta" not in queue, "a person opens it first"
    shown = page.get(f"/arenden/{case.id}").text
    assert "Brevet går knappt att läsa som text." in shown
    assert 'value="ingen" checked' in shown


def test_danger_is_serious_and_says_112(house, surf) -> None:
    text = "Brunnslocket är borta mitt på gångvägen!"
    serious = made(text, (Track.AKUT_FARA, text), severity=Severity.ALLVARLIG)
    case = house.letter("Lock", text, serious)
    shown = surf("registrator").get(f"/arenden/{case.id}").text
    assert "Ring 112" in shown
    assert "Allvarligt" in shown


def test_names_typed_into_the_register_subject_are_masked_and_the_journal_says_so(house, surf) -> None:
    case = h.lamp(house)
    page = surf("registrator")
    text = page.get(f"/arenden/{case.id}").text
    page.post(f"/arenden/{case.id}/fordela", **fields(text, rubrik="Lampa, klagan av Anna Ek"))
    assert house.case(case.id).register_subject == "Lampa, klagan av [namn]"
    assert "Personuppgifter i rubriken för diariet är ersatta." in journal(house, case)


class Hears:
    """A classifier that hears concern in everything."""

    version = "prov-1"

    def suggest(self, subject: str, body: str) -> h.Suggestion:
        return made(body, (Track.OROSANMALAN, body), type=CaseType.FRAGA)


def test_a_registrator_on_the_telephone_sees_the_track_while_typing(house) -> None:
    app = create_app(
        store=house.store, office=house.office, classifier=Hears(), clock=house.clock, settings=h.settings()
    )
    page = Surfer(app, "registrator")
    page.get("/nytt")
    shown = page.post("/nytt/forslag", text="Hon ringer om en pojke i sin trapp.").text
    assert "Orosanmälan" in shown
    assert "Lämna genast till socialnämnden" in shown
