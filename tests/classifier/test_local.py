"""A municipality's letters before they are learnt from: what is blanked, who is held out, and what counts as worse."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cases.errors import ModelError
from cases.routing.areas import Area
from cases.routing.suggestion import CaseType, Severity
from classifier.heads.labels import read_letters
from classifier.local.contest import Sheet, better, is_locked, worse
from classifier.local.letters import LocalLetter, blanked, fit_to_learn, locked_part, words_of, write_training
from classifier.local.model import SharedEncoder
from classifier.local.unit_head import UnitExample, UnitHead, learnable
from classifier.personal.masking import LetterMasker
from tests.classifier.tiny import HashEncoder

KNOWN = frozenset({"lampan", "vid", "är", "trasig"})


def a_letter(text: str, sender: str, **changes: object) -> LocalLetter:
    made = LocalLetter("1", sender, text, Area.KOST, "kost", CaseType.FRAGA, Severity.LAG, "sv")
    return replace(made, **changes)


def plain(text: str) -> str:
    return text


def texts(*letters: LocalLetter) -> list[str]:
    return [one.text for one in fit_to_learn(letters, KNOWN, plain)]


def test_a_word_is_learnt_once_three_senders_have_written_it() -> None:
    word = "Lampan vid Lingonstigen är trasig"
    two = [a_letter(word, "a"), a_letter(word, "a"), a_letter(word, "b")]
    assert texts(*two) == ["Lampan vid … är trasig"] * 3
    assert texts(*two, a_letter("LINGONSTIGEN", "c")) == [word] * 3 + ["LINGONSTIGEN"]


def test_all_who_are_anonymous_are_one_sender() -> None:
    assert texts(*[a_letter("Lingonstigen", "")] * 9) == ["…"] * 9


def test_a_name_inside_a_longer_word_is_no_way_round() -> None:
    assert texts(a_letter("Anna-Karin_Ek är trasig", "a")) == ["…-…_… är trasig"]


@pytest.mark.parametrize(
    "secret",
    [
        "19811228-9874",
        "070-123 45 67",
        "berit@mejl.example",
        "https://x.example/berit",
        "www.berit.example",
        "12A",
        "[namn]",
    ],
)
def test_numbers_and_addresses_are_blanked_whatever_the_masker_missed(secret: str) -> None:
    assert secret not in blanked(f"Skriv till {secret} om lampan", plain)
    assert "lampan" in blanked(f"Skriv till {secret} om lampan", plain)


def test_the_house_masker_takes_names_and_its_stand_ins_are_no_words_to_learn() -> None:
    said = blanked("Hej! Jag heter Berit Alm och bor på Storgatan 4. Hälsningar Berit Alm", LetterMasker().mask)
    assert "Berit" not in said
    assert "[" not in said


def test_the_training_holds_no_locked_letter_and_no_letter_without_an_area(sample, tmp_path) -> None:
    local = [a_letter("Rubrik\nLampan är trasig", "a"), a_letter("Lampan", "b", id="2", area=None)]
    assert write_training(tmp_path / "letters", sample, local) == 1
    found = read_letters(tmp_path / "letters")
    locked = locked_part(read_letters(sample))
    assert 5 < len(locked) < 40
    assert len(found) == len(read_letters(sample)) - len(locked) + 1
    assert not any(is_locked(letter.id) for letter in found if letter.source != "local")
    own = next(letter for letter in found if letter.source == "local")
    assert (own.text, own.area, own.flags) == ("Rubrik\nLampan är trasig", Area.KOST, frozenset())
    rows = (tmp_path / "letters" / "local.jsonl").read_text(encoding="utf-8").splitlines()
    assert "sender" not in json.loads(rows[0])


def a_sheet(**changes: str) -> Sheet:
    same = {"area": "1111100000", "type": "1111100000", "severity": "11111", "flags": "111", "critical": "11"}
    return Sheet(**{**same, **changes})


def test_worse_is_more_than_chance_would_do_and_for_the_critical_flags_any_loss() -> None:
    assert worse(a_sheet(), a_sheet()) == ""
    assert worse(a_sheet(area="1111000000"), a_sheet()) == ""
    assert "rätt ämne" in worse(a_sheet(area="1110000000"), a_sheet())
    assert worse(a_sheet(area="0111110000"), a_sheet()) == ""
    assert "allvar" in worse(a_sheet(severity="00111"), a_sheet())
    assert "viktigaste" in worse(a_sheet(critical="10"), a_sheet())


def test_better_is_more_right_and_not_as_many() -> None:
    assert better("1110", "1100")
    assert not better("1010", "1100")


def examples(unit: str, count: int, at: int, chance) -> list[UnitExample]:
    areas = np.eye(19)[3]
    made = []
    for number in range(count):
        vector = chance.normal(size=12) * 0.1
        vector[at] += 1
        made.append(UnitExample(vector, areas, unit, f"s{number}"))
    return made


def test_a_unit_is_told_by_its_letters_and_others_are_left_alone(tmp_path) -> None:
    chance = np.random.default_rng(4)
    seen = [*examples("parkering", 20, 0, chance), *examples("hamnen", 20, 1, chance), *examples("", 60, 2, chance)]
    head = UnitHead.learn(seen)
    assert head.told == ("hamnen", "parkering")
    new = [*examples("parkering", 9, 0, chance), *examples("hamnen", 9, 1, chance), *examples("", 9, 2, chance)]
    assert [head.suggest(one.vector, one.areas)[0] for one in new] == [one.unit_id for one in new]
    head.save(tmp_path)
    again = UnitHead.load(tmp_path)
    assert again.suggest(new[0].vector, new[0].areas) == head.suggest(new[0].vector, new[0].areas)
    assert UnitHead.load(tmp_path / "ingen") is None


def test_a_unit_that_cannot_be_told_is_not_suggested() -> None:
    chance = np.random.default_rng(4)
    mixed = [*examples("parkering", 20, 0, chance), *examples("", 60, 0, chance)]
    assert UnitHead.learn(mixed) is None


def test_few_letters_or_few_senders_teach_no_unit() -> None:
    chance = np.random.default_rng(4)
    other = examples("", 60, 2, chance)
    assert UnitHead.learn([*examples("parkering", 7, 0, chance), *other]) is None
    two = [replace(one, sender=f"s{i % 2}") for i, one in enumerate(examples("parkering", 20, 0, chance))]
    assert learnable([*two, *other]) == ()
    assert UnitHead.learn([*two, *other]) is None


def test_an_encoder_shared_by_two_models_encodes_a_batch_once() -> None:
    class Counting(HashEncoder):
        asked = 0

        def embed(self, texts):
            self.asked += len(texts)
            return super().embed(texts)

    inner = Counting()
    shared = SharedEncoder(inner)
    first = list(shared.embed(["a b", "c", "a b"]))
    again = list(shared.embed(["c", "a b"]))
    assert inner.asked == 2
    assert (again[1].vector == first[0].vector).all()
    assert shared.dimension == inner.dimension
    list(shared.embed([]))


def test_words_are_compared_in_lower_case() -> None:
    assert words_of(["Åh, NEJ 12a"]) == {"åh", "nej", "a"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ett brev om hål".encode("latin-1"), "rad 2 är inte UTF-8"),
        (b'["ett brev"]', "rad 2: TypeError"),
        (b"{}", "rad 2: KeyError('id')"),
        (b"brev", "rad 2: JSONDecodeError"),
    ],
)
def test_a_line_that_is_no_letter_is_named(tmp_path: Path, sample: Path, line: bytes, said: str) -> None:
    file = sample if sample.is_file() else min(sample.glob("*.jsonl"))
    whole = next(iter(file.read_bytes().splitlines()))
    (tmp_path / "egna.jsonl").write_bytes(whole + b"\n" + line)
    with pytest.raises(ModelError, match=re.escape(said)):
        read_letters(tmp_path / "egna.jsonl")
