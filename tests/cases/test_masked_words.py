"""Words are masked however they are written."""

import re
from dataclasses import replace

import pytest

from cases.disclosure.censor import Censor, Masking
from cases.disclosure.documents import GROUNDS, CaseDocument, proposals
from cases.disclosure.municipal import Municipal
from cases.disclosure.near import Haystack, Needle, folded
from cases.records.masking import PersonalKind
from cases.store.views import CaseFile
from classifier.personal.masking import LetterMasker
from tests.cases.builders import a_case
from tests.desk import house as h

HYPHENS = "\u2010\u2011\u2212\u2014"


def test_whole_names_and_numbers_however_written_are_the_municipalitys() -> None:
    municipal = Municipal.of(h.office(), h.PEOPLE.values())
    assert municipal.owns("Maja  EK", PersonalKind.NAME)
    assert municipal.owns("Ekdala", PersonalKind.NAME), "the name of the place, in a signature"
    assert not municipal.owns("Maja", PersonalKind.NAME), "many bear a first name"
    assert replace(municipal, domains=frozenset({"ek.example"})).owns("ny@EK.example", PersonalKind.EMAIL)
    assert municipal.owns("+46 400 123600", PersonalKind.PHONE)
    assert not municipal.owns("0400-12 36 01", PersonalKind.PHONE)
    hall = replace(municipal, told=("Storgatan 12, 400 01 Ekdala",))
    homes = ("Storgatan 12", "storgatan  12", "Storgatan 1", "Norra Storgatan 12", "gatan 12")
    owned = [hall.owns(one, PersonalKind.ADDRESS) for one in homes]
    assert owned == [True, True, False, False, False], "whose home is at number 1 is no town hall at number 12"
    assert not municipal.owns("maja@post.example", PersonalKind.EMAIL)


@pytest.mark.parametrize(
    ("words", "text", "left"),
    [
        (
            "Berit Alm",
            "Berit  Alm, BERIT\nALM och berits alm.",
            "[maskat 21:1], [maskat 21:1] och [maskat 21:1] [maskat 21:1].",
        ),
        ("Bo", "Bo bor i Bodens kommun. Bos hus.", "[maskat 21:1] bor i Bodens kommun. [maskat 21:1] hus."),
        ("070-174 06 05", "Ring 070-174\n06 05!", "Ring [maskat 21:1]!"),
        ("Ek\u00adskolan", "Ek\u00adskolan, Ekskolan", "[maskat 21:1], [maskat 21:1]"),
        ("Kalle", "Ka\u200dlle och Kal\u202ale", "[maskat 21:1] och [maskat 21:1]"),
        ("Åsa", "A\u030asa går", "[maskat 21:1] går"),
        *(("070-174 06 05", f"Ring 070{hyphen}174 06 05!", "Ring [maskat 21:1]!") for hyphen in HYPHENS),
        *((f"070{hyphen}174 06 05", "Ring 070-174 06 05!", "Ring [maskat 21:1]!") for hyphen in HYPHENS),
        *(("Eva-Lo", f"Hälsar Eva{hyphen}Lo", "Hälsar [maskat 21:1]") for hyphen in HYPHENS[:3]),
        ("Ros-Marie Ek", "Ros-\nMarie Ek och Ros-Marie  Ek", "[maskat 21:1] och [maskat 21:1]"),
        (
            "Lingonstigen 4",
            "Min mam- \n ma bor på Lingon-\nstigen 4, Lin-\ngon-\nstigen 4 och Lingonstigen 4-\nungefär",
            "Min mam- \n ma bor på [maskat 21:1], [maskat 21:1] och [maskat 21:1]-\nungefär",
        ),
        ("a.b(c", "a.b(c och axb", "[maskat 21:1] och axb"),
        ("Kalle Ros", "intyg_Kalle_Ros.pdf", "intyg_[maskat 21:1].pdf"),
        ("Kalle Ros", "KalleRos2.pdf, Kalle%20Ros.pdf", "[maskat 21:1]2.pdf, [maskat 21:1].pdf"),
        ("Kalle Ros", "intygKalle_v2.docx", "intyg[maskat 21:1]_v2.docx"),
        ("Bo Ek", "Turboekonomi på Boeken", "Turboekonomi på Boeken"),
        ("Anna Maria Berit Alm", "Berit ringde.", "[maskat 21:1] ringde."),
        ("070-174 06 05", "0701740605 +46701740605", "[maskat 21:1] [maskat 21:1]"),
        ("070-174 06 05", "+46 (0)70-174 06 05, 0046 70 1740605", "[maskat 21:1], [maskat 21:1]"),
        ("+46701740605", "070-174 06 05", "[maskat 21:1]"),
        ("20121212-1212", "121212-1212, 20121212 1212", "[maskat 21:1], [maskat 21:1]"),
        ("121212-1212", "201212121212 men 1201212121212", "[maskat 21:1] men 1201212121212"),
        ("123 45 Ekdala", "12345 EKDALA", "[maskat 21:1]"),
        ("Kim Alm", f"{'Straßen ﬀ. ' * 40}Kim{' ' * 400}Alm", f"{'Straßen ﬀ. ' * 40}[maskat 21:1]"),
        ("070-174 06 05", f"{'nej. ' * 90}+46 (0)70{'.' * 90}174 06 05!", f"{'nej. ' * 90}[maskat 21:1]!"),
    ],
)
def test_words_are_taken_away_however_they_are_written(words: str, text: str, left: str) -> None:
    assert Censor([Masking(words, "21:1")])(text) == left


def test_of_many_maskings_only_those_a_text_may_hold_are_looked_for() -> None:
    """Three hundred in forty letters took over six seconds; a pattern is made when it is first needed."""
    many = [Masking(f"Nils{'abcdefghij'[n % 10]} Ros{n}", "21:1", name=True) for n in range(300)]
    censor = Censor([*many, Masking("0490-100 00", "21:1"), Masking("KALLE ILIN", "26:1")])
    assert (
        censor("Ring +46 490 10000, hälsar Kal\u200ble_\u0131l\u0131n.") == "Ring [maskat 21:1], hälsar [maskat 26:1]."
    )
    assert sum(one._made is not None for one in censor._finders) < 9


def test_in_a_long_text_what_is_masked_is_looked_for_where_it_may_stand_alone() -> None:
    """A thousand names took five minutes in a megabyte, each looked for in all of it."""
    hay = Haystack("Ingen kom. " * 9_000 + "Nils Ros, 0701-740 605.\n" + "Ingen kom. " * 9_000)
    wanted = (Needle("nils", 9, 1), Needle("740605", 15, 15, number=True), Needle("berit", 5, 0))
    near = [[hay.plain[start:end] for start, end in hay.near(one)] for one in wanted]
    assert ["Nils Ros" in near[0][0], "0701-740 605." in near[1][0], near[2]] == [True, True, []]
    assert len(near[0]) == len(near[1]) == 1 and len(near[0][0] + near[1][0]) < 200


@pytest.mark.parametrize("letter", "iIıİsSſkKåÅßẞéµ")
def test_letters_that_a_pattern_takes_for_the_same_are_folded_to_the_same(letter: str) -> None:
    """Or a text that holds what is masked would be passed over."""
    every = "".join(chr(code) for code in range(0x30000) if not 0xD800 <= code < 0xE000)
    alike = re.findall(re.escape(letter), every, re.IGNORECASE)
    assert {folded(one) for one in alike} == {folded(letter)}


def test_what_overlaps_is_taken_away_whole() -> None:
    both = Censor([Masking("bor på Lingonstigen", "21:3"), Masking("Lingonstigen 47", "21:1"), Masking("47 b", "26:1")])
    assert both("Hon bor på Lingonstigen 47 b i byn.") == "Hon [maskat 21:3] i byn."
    assert both.counts == {"21:3": 1}
    assert both.holds("Lingonstigen 47")


def test_a_name_in_small_letters_is_a_name_too() -> None:
    assert Censor([Masking("nils ros", "21:1", name=True)])("Hälsar Nils") == "Hälsar [maskat 21:1]"
    mother = Censor([Masking("Mamma till Kalle", "21:1", name=True)])
    assert mother("Kalle går till skolan med min mamma") == "[maskat 21:1] går till skolan med min [maskat 21:1]"


def test_a_name_of_two_letters_is_known_by_its_capital() -> None:
    censor = Censor([Masking("Bo Ek", "21:1", name=True)])
    text = "Vi vill bo kvar vid eken i Boden. Hälsar Bo. Svara BO, Bos adress eller EK! Turbo_Ek på ek."
    masked = "[maskat 21:1]"
    left = f"Vi vill bo kvar vid eken i Boden. Hälsar {masked}. Svara {masked}, {masked} adress eller {masked}! "
    assert censor(text) == f"{left}Turbo_{masked} på ek."
    small = Censor([Masking("bo ek", "21:1", name=True)])
    assert small("Bo vill bo kvar. Hälsar bo ek") == f"Bo vill bo kvar. Hälsar {masked}"


def test_of_several_words_each_is_masked_alone_where_all_have_a_capital_or_are_a_name() -> None:
    assert Censor([Masking("Lisa på Ekvägen", "21:1")])("Lisa kom.") == "Lisa kom."
    assert Censor([Masking("Anna Von Rosen", "21:1", name=True)])("Anna kom von Rosen.") == (
        "[maskat 21:1] kom von [maskat 21:1]."
    )
    assert Censor([Masking("ABC123", "21:1")])("ABC123, ABC1234, XABC123") == "[maskat 21:1], ABC1234, XABC123"


def test_every_provision_that_calls_for_masking_can_be_chosen() -> None:
    """domain.md §4, without what is no ground here (22:1, 32:1, 40:5) or may not be in force (40:7g)."""
    asked = (
        "21:1 21:3 21:3a 21:5 21:7 23:1 23:5 25:1 26:1 26:5 29:6 40:3 26:11 18:8 18:13 19:1 19:3 19:9 31:16 39:1 39:3"
    )
    assert set(asked.split()) | {"32:3b", "17:3b"} <= set(GROUNDS)


def test_nothing_is_masked_where_nothing_was_chosen() -> None:
    censor = Censor([Masking(" ", "21:1")])
    assert censor("Hej alla") == "Hej alla"
    assert censor.counts == {}


@pytest.mark.parametrize("gap", ["Vägen har inte plogats.\n", "Plogas inte? ", "x"])
def test_what_stands_in_the_middle_of_a_long_document_is_proposed_too(gap: str) -> None:
    far = gap * (25_000 // len(gap))
    case = a_case()
    document = CaseDocument("d", "Bilaga", case.received_at, (), f"{far} Ring 070-174 06 05. {far}")
    found = proposals(CaseFile(case, (), (), (), (), None, ()), [document], LetterMasker())
    assert "070-174 06 05" in [one.words for one in found]
