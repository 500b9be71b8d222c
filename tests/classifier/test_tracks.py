"""Special tracks: plain wordings, look-alikes, and 375 letters labelled by hand (track_letters.tsv).

There ``?`` marks a track a good registrator might choose or not: it counts neither way. Area, type and severity are
those the letters are labelled with, so what is tried here is the rules; docs/classifier.md has the figures with heads.
"""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from cases.routing.areas import Area
from cases.routing.flags import FlagKind
from cases.routing.suggestion import CaseType, Evidence, Severity
from cases.routing.tracks import TRACK_RULES, SuggestedTrack, Track, foremost, selectable, track_of
from classifier.folder import LETTERS
from classifier.heads.calibration import Reading
from classifier.text import readable
from classifier.track_finder import Letter, find_tracks
from classifier.words.flags import find_flag_words

LABELS = Path(__file__).parent / "track_letters.tsv"


def letter(text, area="kansli", kind="fraga", severity="normal", flags=()):
    plain = readable(text)
    reading = Reading(
        {a: float(a == area) for a in Area},
        CaseType(kind),
        0.9,
        Severity(severity),
        {k: float(k in flags) for k in FlagKind},
        tuple(FlagKind(f) for f in flags),
    )
    return Letter(plain, reading, find_flag_words(plain), {}, (Evidence(0, 1, plain[:1], 1.0),))


def tracks(text, **known):
    return {one.track.value for one in find_tracks(letter(text, **known))}


@pytest.mark.parametrize(
    ("track", "text"),
    [
        ("overklagande", "Jag överklagar ert beslut om skolskjuts."),
        ("overklagande", "Jag nöjer mig inte med ert beslut om bygglovet."),
        ("overklagande", "Avslaget måste rivas upp, läkaren har ju skrivit intyg."),
        ("allman_handling", "Jag vill ta del av protokollet från nämnden i maj."),
        ("allman_handling", "Kan jag få kopior på ritningarna till huset?"),
        ("allman_handling", "Begär ut samtliga mejl mellan direktören och bolaget."),
        ("skadestand", "Jag begär ersättning för den trasiga fälgen."),
        ("gdpr", "Vilka personuppgifter har ni om mig? Jag vill ha ett registerutdrag."),
        ("gdpr", "Radera alla uppgifter om mig ur era system."),
        ("jo", "JO begär yttrande över bifogad anmälan."),
        ("jo", "Remiss från JO, dnr 1234-2026"),
        ("parkering", "Jag bestrider p-boten, skylten stod bakom en buske."),
        ("lex_sarah", "Detta måste rapporteras enligt Lex Sarah."),
        ("vardskada", "Pappa fick fel medicin i natt."),
        ("miljoanmalan", "Grannen eldar plast i trädgården varje kväll."),
        ("brott", "Det säljs knark bakom skolan varje fredag."),
        ("akut_fara", "Brunnslocket är borta mitt på gångvägen!"),
        ("akut_fara", "Det luktar gas i trapphuset."),
        ("overklagande", "Jag är inte nöjd med beslutet om färdtjänst."),
        ("overklagande", "Får jag klaga på beslutet att neka min son skolskjuts?"),
        ("overklagande", "Fullmäktiges beslut strider mot kommunallagen."),
        ("overklagande", "Härmed anför jag besvär över nämndens beslut."),
        ("overklagande", "I want to appeal the decision."),
        ("allman_handling", "Jag skulle vilja ha protokollet från nämnden."),
        ("allman_handling", "Skicka mig alla mejl mellan direktören och bolaget."),
        ("allman_handling", "Can I get a copy of the contract?"),
        ("skadestand", "Min bil fick en buckla av er grässklippare. Vem betalar?"),
        ("skadestand", "Jag vill ha pengar för mina trasiga glasögon."),
        ("skadestand", "Kommunen bör stå för saneringen av källaren."),
        ("gdpr", "Radera allt om mig."),
        ("gdpr", "Ni har skickat mitt beslut till fel person!"),
        ("gdpr", "Jag kräver ett utdrag enligt artikel 15."),
        ("jo", "JO dnr 4411-2026"),
        ("parkering", "Lapplisan gav mig 700 kronor fast jag lastade."),
        ("parkering", "Jag fick en lapp på rutan trots giltig biljett."),
        ("brott", "Någon har brutit sig in i vårt förråd."),
        ("brott", "Två cyklar stals utanför simhallen."),
        ("brott", "Han hotade receptionisten med kniv."),
        ("vardskada", "Farfar fick grannens insulin."),
        ("medborgarforslag", "Jag vill lämna ett medborgarförslag om gratis bussar."),
        ("akut_fara", "Brunnslocket på gångvägen är borta."),
        ("akut_fara", "En elkabel ligger naken på lekplatsen."),
        ("akut_fara", "Det ryker ur elcentralen på förskolan."),
        ("akut_fara", "Hjälp, en man ligger livlös i parken."),
        ("akut_fara", "Isen har brustit vid badplatsen."),
        ("akut_fara", "Trädet kan falla när som helst."),
        ("akut_fara", "Jag vill inte leva längre."),
        ("akut_fara", "I am going to kill myself tonight."),
        ("orosanmalan", "Jag är orolig för ett barn i huset. Säg inte att det är jag som skrivit."),
    ],
)
def test_said_plainly(track, text):
    found = {one.track.value: one for one in find_tracks(letter(text))}
    assert track in found
    assert text[found[track].start : found[track].end] == found[track].passage


@pytest.mark.parametrize(
    ("track", "text"),
    [
        ("overklagande", "Vi är gamla och orkar inte överklaga."),
        ("overklagande", "Överklagandetiden är tre veckor, står det."),
        ("overklagande", "Vägrar ni vill jag ha ett skriftligt beslut som går att överklaga."),
        ("allman_handling", "Jag har kopior på fakturorna hemma."),
        ("skadestand", "Jag har ansökt om sjukersättning och vill ha ersättning från kassan."),
        ("gdpr", "Jag lever med skyddade personuppgifter."),
        ("jo", "Jo, det är sant, jag har skrivit förr."),
        ("medborgarförslag", "Hur många namn krävs för ett medborgarförslag?"),
        ("krankning", "Plogbilen kränker min rätt att sova."),
        ("akut_fara", "Om det brinner hinner ni inte fram, tror jag."),
        ("parkering", "Sätt upp fler parkeringar vid badet."),
        ("overklagande", "Jag tänker inte överklaga, men vill ha en förklaring."),
        ("allman_handling", "Kan ni skicka brev i stället?"),
        ("allman_handling", "Vi vill ha protokollet ändrat."),
        ("skadestand", "Jag söker ersättning från Försäkringskassan."),
        ("brott", "Översvämning hotar källarna på Ågatan."),
        ("brott", "Den hotade tjädern häckar i skogen."),
        ("brott", "En föreläsning om stöldmärkning."),
        ("brott", "Ingen har hotat mig."),
        ("brott", "Ni hotar att lägga ner biblioteket."),
        ("akut_fara", "Locket till soptunnan är borta."),
        ("akut_fara", "Förra året luktade det gas i skolan."),
        ("akut_fara", "Jag vill inte leva på den här bekvämligheten."),
    ],
)
def test_meant_otherwise(track, text):
    assert track not in tracks(text)


@pytest.mark.parametrize(
    "text",
    [
        "Min bror låstes in på sitt rum.",
        "Personalen stal pengar ur plånboken.",
        "Hon låg i sin egen avföring i timmar.",
    ],
)
def test_a_wrong_in_care_is_lex_sarah_beside_care_alone(text):
    assert "lex_sarah" in tracks(text, area="funktionsstod", kind="klagomal")
    assert "lex_sarah" not in tracks(text, area="kultur_fritid", kind="klagomal")


@pytest.mark.parametrize(
    "text",
    [
        "En lärare drog min son i örat.",
        "Hon kallas tjockis varje dag.",
        "De andra hotar att slå honom.",
        "Ingen vill leka med vår dotter.",
    ],
)
def test_an_offence_is_one_beside_a_school_alone(text):
    assert "krankning" in tracks(text, area="grundskola", kind="klagomal")
    assert "krankning" not in tracks(text, area="gata_park", kind="klagomal")


def test_area_type_and_severity_tell_what_no_word_says():
    assert tracks("Läraren skäller.", area="grundskola", kind="klagomal") == {"skolklagomal"}
    assert tracks("Lampan är mörk.", area="gata_park", kind="felanmalan") == {"felanmalan"}
    assert "lex_sarah" in tracks("Hon låg så hela natten.", area="aldreomsorg", kind="klagomal", severity="allvarlig")
    assert "vardskada" in tracks("Såret läktes inte.", area="halso_sjukvard", kind="klagomal", severity="allvarlig")
    assert tracks("Hej på er", kind="berom") == set()


def _labelled():
    rows = {}
    for path in LETTERS.glob("*.jsonl"):
        rows |= {row["id"]: row for row in map(json.loads, path.read_text("utf-8").splitlines())}
    lines = (line.split("\t") for line in LABELS.read_text("utf-8").splitlines())
    return [(rows[key], labels.split()) for key, labels in lines]


@pytest.fixture(scope="module")
def counts():
    """Hits, how many there are, and how many were said, by track."""
    found = defaultdict(lambda: [0, 0, 0])
    for row, labels in _labelled():
        known = {"area": row["area"], "kind": row["type"], "severity": row["severity"]}
        said = tracks(
            f"{row['subject']}\n{row['body']}", flags=[f for f in row["flags"] if f == "orosanmalan"], **known
        )
        for track in {label for label in labels if label[0] != "?"}:
            found[track][0] += track in said
            found[track][1] += 1
        for track in said - {label[1:] for label in labels if label[0] == "?"}:
            found[track][2] += 1
    return found


@pytest.mark.parametrize(
    "track",
    [
        "overklagande",
        "allman_handling",
        "vardskada",
        "krankning",
        "felanmalan",
        "skolklagomal",
        "lex_sarah",
        "parkering",
    ],
)
def test_labelled_letters(counts, track):
    hits, there, said = counts[track]
    assert hits >= 0.75 * there, f"{track}: {hits} of {there} found"
    assert hits >= 0.8 * said, f"{track}: {hits} of {said} right"


def test_each_track_has_its_rule_and_name():
    assert set(TRACK_RULES) == set(Track)
    for track, rule in TRACK_RULES.items():
        assert track_of(rule.label) is track
        assert rule.do.endswith(".")
        assert rule.tell.endswith(".")


def test_the_law_on_jo_is_the_one_in_force():
    """Lag 2023:499 took the place of 1986:765 on 1 September 2023."""
    assert "2023:499" in TRACK_RULES[Track.JO].ground


def test_no_list_can_be_narrowed_to_peoples_secrets():
    assert {"Orosanmälan", "Visselblåsning", "Vårdskada", "Lex Sarah", "Kränkande behandling"}.isdisjoint(selectable())
    assert "Överklagande" in selectable()


def test_the_most_pressing_comes_first_and_the_ordinary_is_not_marked():
    made = [SuggestedTrack(Track(t), "", 0, 0, 0.9) for t in ("felanmalan", "overklagande", "akut_fara")]
    assert foremost(made) == "Akut fara"
    assert foremost(made[:1]) == ""
    assert foremost([]) == ""
