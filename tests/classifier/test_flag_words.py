"""Flags told in plain words, and how often the wordings alone are right on letters they were not written from."""

import json

import pytest

from cases.routing.flags import FlagKind
from classifier.folder import LETTERS
from classifier.words.flags import find_flag_words
from classifier.words.wordings import lower

WRITTEN_FROM = {f"set{number:02d}" for number in range(1, 7)}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("orosanmalan", "Jag är orolig för en pojke i vår trapp."),
        ("orosanmalan", "Pappa dricker varje dag och vi vågar inte gå hem."),
        ("orosanmalan", "Säg inte att det var jag som ringde."),
        ("orosanmalan", "Jag vill inte leva längre."),
        ("orosanmalan", "Snart hoppar jag från bron."),
        ("orosanmalan", "Det vore bäst om jag försvann."),
        ("orosanmalan", "Jag har bestämt mig för att avsluta allt på fredag."),
        ("orosanmalan", "Mamma säger att hon ska ta alla tabletterna på en gång."),
        ("orosanmalan", "Mina föräldrar vill skicka mig till hemlandet för att gifta mig."),
        ("orosanmalan", "Min kompis skär sig."),
        ("orosanmalan", "Ett barn på min avdelning har brännmärken."),
        ("orosanmalan", "Barnen på våningen under far illa."),
        ("orosanmalan", "Min bror far illa, och hemtjänsten ser det."),
        ("orosanmalan", "Hundra barn far illa."),
        ("orosanmalan", "I don't want to live anymore."),
        ("orosanmalan", "Nie chcę już żyć."),
        ("orosanmalan", "لا أريد أن أعيش"),
        ("orosanmalan", "En halua enää elää."),
        ("orosanmalan", "I am worried about the children next door."),
        ("hot_vald", "I will find you and make you pay."),
        ("hot_vald", "Gå och häng er allihop."),
        ("hot_vald", "Er handläggare kan börja se sig över axeln."),
        ("hot_vald", "Grabbarna på torget hotar äldre."),
        ("hot_vald", "Igår slog han mig."),
        ("hot_vald", "Jag ska döda handläggaren Karin."),
        ("hot_vald", "Jag tänker spränga kommunhuset."),
        ("hot_vald", "Kommer han hit igen står jag på\nbron med  bössan laddad."),
        ("skyddad_identitet", "Vi är skyddsplacerade och behöver skolskjuts."),
        ("skyddad_identitet", "Dottern är placerad med hemlig vistelseort."),
        ("skyddad_identitet", "Ni får under inga omständigheter tala om för min far var jag bor."),
        ("skyddad_identitet", "Våra adresser ska hållas dolda."),
        ("skyddad_identitet", "Jag har fingerade personuppgifter."),
        ("skyddad_identitet", "My ex must not find out where we live."),
        ("skyddad_identitet", "عنواني سري ويجب ألا يعرف زوجي السابق أين نسكن"),
        ("skyddad_identitet", "آدرس من محرمانه است"),
        ("skyddad_identitet", "Mój adres jest tajny."),
        ("skyddad_identitet", "Cinwaankayga waa sir."),
        ("skyddad_identitet", "Osoitteeni on salainen."),
        ("skyddad_identitet", "Мой адрес засекречен."),
        ("skyddad_identitet", "Наша адреса таємна."),
        ("osl_18_sakerhet", "Wifi-lösenordet på förskolan är Kommun2024."),
        ("osl_18_sakerhet", "Koden till soprummet är 7-7-1-2."),
        ("osl_18_sakerhet", "Vakten går sin runda klockan 22."),
        ("osl_18_sakerhet", "Nyckeln ligger under krukan."),
        ("osl_18_sakerhet", "Dörren till pumphuset står olåst."),
        ("hot_vald", "Kommer han en gång till står jag på bron med bössan laddad."),
        ("hot_vald", "Jag vet vilken bil hon kör och var hon bor."),
        ("hot_vald", "En kille drog kniv i korridoren."),
        ("skyddad_identitet", "Vi bor på en plats som ingen får känna till."),
        ("skyddad_identitet", "Han letar efter oss."),
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
        "Ingen har hotat mig, tvärtom.",
        "Ni ska döda mördarsniglarna, och vill skjuta på beslutet.",
        "Jag slog mig på ishalkan utanför vårdcentralen.",
        "Måsarna skriker varje natt.",
        "Jag är orolig för barnens skolväg.",
        "Mina rosor far illa av saltet, och katterna far illa av bullret.",
        "Ingen far illa, tvärtom.",
        "Jag har gift mig och bytt efternamn.",
        "Förskolan har bytt namn till Solen.",
        "Ni hotar med inkasso.",
        "Jag vet inte var han bor.",
        "Knivarna är slöa, någon skär sig på dem.",
        "Jag dör av skratt. Han vill dö av skam.",
        "Får jag hoppa från bron vid badet?",
        "Vad är lösenordet till gästnätet?",
        "Jag vill avsluta allt mitt engagemang i föreningen.",
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
    ],
)
def test_right_on_letters_it_was_not_written_from(others, kind, precision, recall):
    said = {row["id"] for row, found in others if FlagKind(kind) in found}
    true = {row["id"] for row, _ in others if kind in row["flags"]}
    assert len(said & true) >= precision * len(said)
    assert len(said & true) >= recall * len(true)


def test_lower_case_moves_no_sign():
    assert lower("İSTANBUL Å") == "İstanbul å"
