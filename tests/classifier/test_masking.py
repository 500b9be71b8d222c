"""Names, addresses and numbers are found where they stand, and ordinary words left alone."""

import json
import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from personnummer import personnummer

from cases.records.masking import STAND_INS, PersonalKind
from classifier.folder import LETTERS
from classifier.personal.masking import LetterMasker

MASKER = LetterMasker()
MOST_LETTERS = 4  # that look like digits, in one number
KINDS = {kind.name: kind for kind in PersonalKind}


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("Hej\nmvh anna", "NAME", "anna"),
        ("Hål i vägen\nLaga det.\n\nHälsningar\nAnna Svensson", "NAME", "Anna Svensson"),
        ("min son elias går i tvåan", "NAME", "elias"),
        ("Läraren Conny Rask skriker", "NAME", "Conny Rask"),
        ("hon heter Xhevahire och är snäll", "NAME", "Xhevahire"),
        ("Jag pratade med B. Tornander i går", "NAME", "B. Tornander"),
        ("Det var Annas cykel", "NAME", "Annas"),
        ("Tack. / Hanna och Mehmet", "NAME", "Mehmet"),
        ("Hej\nBra jobbat\n/Mirjam", "NAME", "Mirjam"),
        ("Vi träffade Per Lagergren på torget", "NAME", "Per Lagergren"),
        ("K-G Bergström ringde", "NAME", "K-G Bergström"),
        ("Jag träffade Johanssons på gatan", "NAME", "Johanssons"),
        ("O'Connor ringde mig", "NAME", "O'Connor"),
        ("Mitt namn är Wijdan Alkhatib", "NAME", "Wijdan Alkhatib"),
        ("My name is Chukwuemeka Obi and I am ill", "NAME", "Chukwuemeka Obi"),
        ("Ich heiße Dieter Maurer", "NAME", "Dieter Maurer"),
        ("Nazywam się Zbigniew Nowak", "NAME", "Zbigniew Nowak"),
        ("Меня зовут Иван Смирнов.", "NAME", "Иван Смирнов"),
        ("اسمي ليلى الخطيب.", "NAME", "ليلى الخطيب"),
        ("Tack. Z poważaniem, Małgorzata Kowalczyk", "NAME", "Małgorzata Kowalczyk"),
        ("jag heter lisa strand å bor här", "NAME", "lisa strand"),
        ("Persson svarar aldrig", "NAME", "Persson"),
        ("Rehman Siddiqui klagar på sophämtningen", "NAME", "Rehman Siddiqui"),
        ("Fråga från Fatuma Abdirahman om skolskjuts", "NAME", "Fatuma Abdirahman"),
        ("min son Tim fick en smäll", "NAME", "Tim"),
        ("Tack från familjen Strand.", "NAME", "Strand"),
        ("hos paret lindgren intill", "NAME", "lindgren"),
        ("Min dotter (Saga, 8 år) vågar inte", "NAME", "Saga"),
        ("vår assistent Priscilla är bra", "NAME", "Priscilla"),
        ("Mit freundlichen Grüßen, Jürgen Pohl", "NAME", "Jürgen Pohl"),
        ("Hej. Det var Per som skottade gården.", "NAME", "Per"),
        ("Björn på tekniska lovade ringa", "NAME", "Björn"),
        ("det var kaj som körde plogen", "NAME", "kaj"),
        ("jag pratade med lasse i receptionen", "NAME", "lasse"),
        ("Från: Muhammed Cicek\nÄmne: Hål", "NAME", "Muhammed Cicek"),
        ("Jag söker Nguyen Van Minh på SFI", "NAME", "Nguyen Van Minh"),
        ("Vi såg Wiktor och Brzeczyk där", "NAME", "Brzeczyk"),
        ("sonen Xheladin går i 3B", "NAME", "Xheladin"),
        ("Min son Vide är åtta. I går grät Vide.", "NAME", "Vide"),
        ("Hej Youssouf,\nTack för svaret.", "NAME", "Youssouf"),
        ("My wife Grace is ill and the bus is not here", "NAME", "Grace"),
        ("Der Lehrer und mein Sohn Lukas sind nicht da", "NAME", "Lukas"),
        ("مع الشكر، خالد العلي", "NAME", "خالد العلي"),
        ("Namn: chukwuemeka okafor\nE-post: x", "NAME", "chukwuemeka okafor"),
        ("skrev Quach Bao Zjung <q@mejl.example>:", "NAME", "Quach Bao Zjung"),
        ("Bifogar foto_anders_nilsson_hus.jpg", "NAME", "anders_nilsson"),
        ("Följ @ekdala_ronja99 så ser du", "NAME", "@ekdala_ronja99"),
        ("se linkedin.com/in/mona-persson-4412 där", "NAME", "linkedin.com/in/mona-persson-4412"),
        ("född 1947-05-12 i Ekdala", "IDENTITY_NUMBER", "1947-05-12"),
        ("född den tredje mars nittonhundrafemtiotvå", "IDENTITY_NUMBER", "tredje mars nittonhundrafemtiotvå"),
        ("JAG BOR PÅ PARKVÄGEN 22 LGH 1203 OCH", "ADDRESS", "PARKVÄGEN 22 LGH 1203"),
        ("bor på Nygatan tolv", "ADDRESS", "Nygatan tolv"),
        ("Lindgatan 8 A, 78133 Ekdala", "ADDRESS", "78133 Ekdala"),
        ("asun osoitteessa Koivukuja 5.", "ADDRESS", "Koivukuja 5"),
        ("https://k.example/?adress=Hagvägen+2", "ADDRESS", "Hagvägen+2"),
        ("konto 8327-9, 994 123 456-7 tack", "NUMBER", "8327-9, 994 123 456-7"),
        ("ring (070) 555 12 12", "PHONE", "(070) 555 12 12"),
        ("mejla olof (snabel-a) post.example", "EMAIL", "olof (snabel-a) post.example"),
        ("eller olof.ek [at] post [dot] example", "EMAIL", "olof.ek [at] post [dot] example"),
        ("eller olof.ek @ post.example", "EMAIL", "olof.ek @ post.example"),
        ("640823-TF12 är tillfälligt", "IDENTITY_NUMBER", "640823-TF12"),
        ("nr 640823 xxxx", "IDENTITY_NUMBER", "640823 xxxx"),
        ("född 640823 i Ekdala", "IDENTITY_NUMBER", "640823"),
        ("sista fyra siffrorna 3234", "IDENTITY_NUMBER", "3234"),
        ("bilen mlb39k stod där", "PLATE", "mlb39k"),
        ("vid Esplanaden 4 är det mörkt", "ADDRESS", "Esplanaden 4"),
        ("jag bor på Kyrkbyn 12", "ADDRESS", "Kyrkbyn 12"),
        ("tfn 12345", "PHONE", "12345"),
        ("ring 070.123.45.67 tack", "PHONE", "070.123.45.67"),
        ("ring 070\u2011174 06 28", "PHONE", "070\u2011174 06 28"),
        ("jag bor på Tallundavägen 31 B här", "ADDRESS", "Tallundavägen 31 B"),
        ("Norra Vägen 12, 283 31 Osby", "ADDRESS", "283 31 Osby"),
        ("Ekdala kommun, 590 00 Ekdala\nTelefon 0490-100 00", "ADDRESS", "590 00 Ekdala"),
        ("590 00 Ekdala Telefon 0490-100 00", "ADDRESS", "590 00 Ekdala"),
        ("590 00 Norra Ekdala", "ADDRESS", "590 00 Norra Ekdala"),
        ("vi bor på Stenhuggargatan sedan i maj", "ADDRESS", "Stenhuggargatan"),
        ("ring 070-174 06 28 efter tre", "PHONE", "070-174 06 28"),
        ("ring +46 70 174 06 28", "PHONE", "+46 70 174 06 28"),
        ("0701740628 är numret", "PHONE", "0701740628"),
        ("skriv till anna.b@exempel.example tack", "EMAIL", "anna.b@exempel.example"),
        ("Numret är 190425-2391 om ni vill", "IDENTITY_NUMBER", "190425-2391"),
        ("född 19900101-1234", "IDENTITY_NUMBER", "19900101-1234"),
        ("masten på Stensjö 4:12 ska rivas", "PROPERTY", "Stensjö 4:12"),
        ("grannen på fastigheten Tallen 7 eldar", "PROPERTY", "fastigheten Tallen 7"),
        ("en röd bil, ABC 123, stod där", "PLATE", "ABC 123"),
        ("regnr abc12d körde för fort", "PLATE", "abc12d"),
        ("kontot 8327-9 944 231 102", "NUMBER", "8327-9 944 231 102"),
    ],
)
def test_finds(text, kind, found):
    assert (KINDS[kind], found) in [(s.kind, text[s.start : s.end]) for s in MASKER.find(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Hans bil stod kvar. Per månad kostar det 400 kr. Mina barn är sjuka.",
        "Finns det lediga platser? Alla säger det. Dag ut och dag in.",
        "Bussen går 07.15 och 14:30, den 1 maj 2026.",
        "Lex Sarah ska följas.",
        "Brf Kastanjen, 769612-3456, ärende 2026-004512. Namn: Ekdala kommun",
        "Namn: får ej anges här\nAnmälare: klasslärare\nHon bärs upp i tre trappor.",
        "Karl Johans gata och Sankta Maria kyrka. Statyn av Karl XII. Ring Svensson Bygg AB.",
        "Der Müll ist seit Wochen im Park und die Straßenlaterne am Gehweg ist kaputt.",
        "Wir bitten um eine Erklärung\nÖlfilm am See\nder Badesteg des Campingplatzes",
        "Tie on huonossa kunnossa. Auraus ei toimi.\nKiitos avusta",
        "den tor går inte, bara andre vagn. Frysen tina. Boendet Linden är bra.",
        "Sten i vägen. Björn i skogen.",
        "Skolan heter Klockarskogsskolan.",
        "Det är 01.02.2026, och tallen ringen 3:4 syns inte. Vi bor 3 km bort.",
        "Kommunen har 290 000 kronor i budget för 2025-2026.",
        "Hål i vägen vid Konsum. Sanda gatan, väldigt halt.",
        "Rektorn\nVille bara säga tack. Hjälp genom LSS, kan vaktmästaren sanda?",
        "Papperskorgen vid Stora Torget. Bilen var 100 meter bort. Ses @ torget.",
        "Hej\nJag väntar fortfarande på svar.\nTrött på riktigt",
    ],
)
def test_leaves_alone(text):
    assert MASKER.find(text) == []


def test_masked_text_reads_on():
    masked = MASKER.mask("Min granne Lars Ek, Storgatan 3, ringde 070-174 06 28.")
    assert masked == "Min granne [namn], [adress], ringde [telefon]."


def test_masking_twice_changes_nothing():
    once = MASKER.mask("Hej\nAnna Svensson ringde 070-174 06 28.\nMvh Elias")
    assert MASKER.mask(once) == once


@given(st.text(max_size=300))
def test_any_text_has_its_spans_in_order_and_apart(text):
    spans = MASKER.find(text)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(0 <= s.start < s.end <= len(text) for s in spans)


def check_digit(nine: str) -> int:
    doubled = [int(digit) * (2 - at % 2) for at, digit in enumerate(nine)]
    return -sum(digit // 10 + digit % 10 for digit in doubled) % 10


FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
ABOUT = [
    "Mitt nr är {}.",
    "kopia-{}.pdf",
    "kopia_{}.pdf",
    "{}@mejl.example",
    "Ang {}\nHej",
    "pnr:{}",
    "> {} skrev",
    "({})",
]


@given(
    st.dates(date(1930, 1, 1), date(2020, 12, 31)),
    st.integers(1, 999).map("{:03d}".format),
    st.booleans(),
    st.sampled_from(["-", "–", "\u2212", " - ", "-\n", "_", " ", ""]),
    st.sampled_from([str.maketrans("", ""), str.maketrans("0", "O"), FULL_WIDTH]),
    st.sampled_from(ABOUT),
)
def test_a_valid_identity_number_is_gone_however_it_is_written(born, serial, coordination, sign, written, about):
    nine = f"{born:%y%m}{born.day + 60 * coordination:02d}{serial}"
    number = f"{born:%Y%m}{nine[4:6]}{sign}{serial}{check_digit(nine)}"
    assert personnummer.valid(
        number.replace("\n", "").replace("_", "-").translate(str.maketrans("–\u2212", "--")).replace(" ", "")
    )
    plain = number if number.count("0") > MOST_LETTERS else number.translate(written)
    masked = MASKER.mask(about.format(plain))
    assert plain[-4:] not in masked
    assert plain[:6] not in masked


def test_every_kind_has_its_stand_in():
    assert set(STAND_INS) == set(PersonalKind)


def test_letters_marked_by_hand_keep_few_secrets():
    """173 letters (personal_letters.jsonl); docs/classifier.md has the figures. The floors are a little below them."""
    letters = {row["id"]: row for row in map(json.loads, (LETTERS / "train.jsonl").read_text("utf-8").splitlines())}
    left, marks = 0, 0
    for line in (Path(__file__).parent / "personal_letters.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        letter = letters[row["id"]]
        masked = MASKER.mask(f"{letter['subject']}\n{letter['body']}")
        marks += len(row["marks"])
        left += sum(1 for _, words in row["marks"] if re.search(rf"(?<!\w){re.escape(words)}(?!\w)", masked))
    assert marks > 140
    assert left <= 0.06 * marks


def test_a_register_keeps_the_street_and_loses_the_person():
    text = "Lampan vid Storgatan 3 som Anna Ek ringde om, 070-174 06 28"
    assert MASKER.mask_people(text) == "Lampan vid Storgatan 3 som [namn] ringde om, [telefon]"


def test_of_a_long_text_all_is_masked_and_not_its_ends_alone():
    said = "Ring Anna Ek, 070-174 06 28. "
    text = f"{said}{'skolan är bra ' * 1500}{said}{'-' * 25_000} {said}"
    spans = MASKER.find(text)
    assert [text[span.start : span.end] for span in spans] == ["Anna Ek", "070-174 06 28"] * 3
    assert MASKER.mask(text).count("Ring [namn], [telefon].") == 3
