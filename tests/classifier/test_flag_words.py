"""Flags told in plain words, and how often the wordings alone are right on letters they were not written from."""

import json

import pytest

from cases.flags import FlagKind
from classifier.flag_words import find_flag_words
from classifier.training import LETTERS
from classifier.wordings import lower

WRITTEN_FROM = {f"set{number:02d}" for number in range(1, 7)}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("orosanmalan", "Jag är orolig för en pojke i vår trapp."),
        ("orosanmalan", "Pappa dricker varje dag och vi vågar inte gå hem."),
        ("orosanmalan", "Säg inte att det var jag som ringde."),
        ("hot_vald", "Kommer han en gång till står jag på bron med bössan laddad."),
        ("hot_vald", "Jag vet vilken bil hon kör och var hon bor."),
        ("hot_vald", "En kille drog kniv i korridoren."),
        ("skyddad_identitet", "Vi bor på en plats som ingen får känna till."),
        ("skyddad_identitet", "Han letar efter oss."),
        ("visselblasning", "Jag jobbar på lagret. Chefen tar fakturor till sin svåger, ingen vågar säga något."),
        ("tredje_man", "Dennis Forsman i stuga 17 har varit på rättspsyk."),
    ],
)
def test_raises(kind, text):
    assert FlagKind(kind) in find_flag_words(text)


@pytest.mark.parametrize(
    "text",
    [
        "Jag är inte orolig för grannarna, bara för hålet i vägen.",
        "Jag vill inte ha någon parkering här. Det är inte ett hotell.",
        "De svarar inte i telefon.",
        "Vi letar efter en ny ledare till gymnastiken.",
        "Min dotter har fått sin adhd-diagnos och heter Anna Ek.",
        "Ni hotar att lägga ner biblioteket.",
        "Fakturan kom i efterhand.",
    ],
)
def test_stays_calm(text):
    assert find_flag_words(text) == {}


@pytest.fixture(scope="module")
def others():
    """The letters no wording was written from, with what the wordings say of each."""
    rows = [json.loads(line) for line in (LETTERS / "train.jsonl").read_text("utf-8").splitlines()]
    rows = [row for row in rows if row["source"] not in WRITTEN_FROM]
    return [(row, find_flag_words(f"{row['subject']}\n{row['body']}")) for row in rows]


@pytest.mark.parametrize(
    ("kind", "precision", "recall"),
    [
        ("orosanmalan", 0.6, 0.15),
        ("hot_vald", 0.6, 0.15),
        ("skyddad_identitet", 0.6, 0.15),
        ("visselblasning", 0.6, 0.2),
        ("tredje_man", 0.5, 0.08),
    ],
)
def test_right_on_letters_it_was_not_written_from(others, kind, precision, recall):
    said = {row["id"] for row, found in others if FlagKind(kind) in found}
    true = {row["id"] for row, _ in others if kind in row["flags"]}
    assert len(said & true) >= precision * len(said)
    assert len(said & true) >= recall * len(true)


def test_lower_case_moves_no_sign():
    assert lower("İSTANBUL Å") == "İstanbul å"
