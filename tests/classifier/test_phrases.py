"""Phrases teach words the letters lack, each its own head alone, and a wrong line is named."""

import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from cases.errors import ModelError
from cases.routing.areas import Area
from cases.routing.flags import FlagKind
from classifier.folder import LETTERS
from classifier.heads.labels import AREAS, FLAGS, digest
from classifier.heads.phrases import FOLDER, Phrase, area_goals, flag_goals, flag_shares, read_phrases
from classifier.heads.weights import AREA_AT, FLAG_AT, TYPE_AT
from classifier.model import blank_pipeline
from classifier.training import Course, give_encoder
from classifier.views import look
from tests.classifier.tiny import HashEncoder


def written(folder, **files: str):
    (folder / FOLDER).mkdir()
    for name, text in files.items():
        (folder / FOLDER / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def test_lines_become_phrases(tmp_path) -> None:
    folder = written(
        tmp_path, areas="kost: ärtsoppa; önskekost;\n\n", flags="hot_vald barn: Akta dig: du\n-: Akta halkan\n"
    )
    assert read_phrases(folder) == [
        Phrase("ärtsoppa", area=Area.KOST),
        Phrase("önskekost", area=Area.KOST),
        Phrase("Akta dig: du", flags=frozenset({FlagKind.HOT_VALD, FlagKind.BARN})),
        Phrase("Akta halkan", flags=frozenset()),
    ]
    assert read_phrases(tmp_path / "none") == []


@pytest.mark.parametrize("line", ["kosten: soppa", "kost", "kost:", ": soppa"])
def test_a_wrong_line_is_named(tmp_path, line: str) -> None:
    with pytest.raises(ModelError, match=r"areas\.txt rad 2"):
        read_phrases(written(tmp_path, areas=f"kost: soppa\n{line}\n"))


def test_each_phrase_counts_for_its_own_head_alone() -> None:
    phrases = [
        Phrase("a", area=Area.KOST),
        Phrase("b", flags=frozenset({FlagKind.BARN})),
        Phrase("c", flags=frozenset()),
    ]
    assert (area_goals(phrases).sum(axis=1) > 0).tolist() == [True, False, False]
    assert area_goals(phrases)[0].argmax() == AREAS.index(Area.KOST)
    assert flag_goals(phrases).argmax(axis=1)[1] == FLAGS.index(FlagKind.BARN)
    assert flag_goals(phrases).sum() == 1
    assert (flag_shares(phrases).min(axis=1) > 0).tolist() == [False, True, True]
    assert area_goals([]).shape == (0, len(AREAS))


def test_a_word_no_letter_has_is_learnt_from_a_phrase_and_moves_no_other_head(tmp_path, sample) -> None:
    shutil.copy(sample, tmp_path / "letters.jsonl")
    nlp = blank_pipeline()
    give_encoder(nlp, HashEncoder())
    said = look(nlp, [Phrase("Fladdermusinventering")])
    first = scores(Course.read(nlp, written(tmp_path, areas="miljo_halsa: fladdermusinventering\n")), said)
    shutil.rmtree(tmp_path / FOLDER)
    other = scores(Course.read(nlp, written(tmp_path, areas="kost: fladdermusinventering\n")), said)
    assert [AREAS[found[AREA_AT].argmax()] for found in (first, other)] == [Area.MILJO_HALSA, Area.KOST]
    assert np.allclose(first[TYPE_AT], other[TYPE_AT], atol=0.02)
    assert np.allclose(first[FLAG_AT], other[FLAG_AT], atol=0.02)


def scores(course: Course, said):
    views, heads = course.learn()
    return heads(views.tables(said))[0]


def test_the_shipped_phrases_are_fit_to_use() -> None:
    phrases = read_phrases(LETTERS)
    assert {p.area for p in phrases if p.area} == set(AREAS)
    texts = [p.text.casefold() for p in phrases]
    doubles = {text for text in texts if texts.count(text) > 1}
    assert not {(p.text, p.area) for p in phrases if p.text.casefold() in doubles and p.flags is not None}
    assert len([p for p in phrases if p.flags]) > 100
    assert len([p for p in phrases if p.flags == frozenset()]) > 100


def test_the_same_phrases_name_the_same_model_in_every_process() -> None:
    """Python shuffles sets of texts anew in each process, and the model got another name each time it was built."""
    program = (
        "from classifier.heads.labels import digest; from classifier.heads.phrases import Phrase; "
        "from cases.routing.flags import FlagKind;"
        "print(digest([], [Phrase('hot och barn', flags=frozenset(FlagKind)).plain()]))"
    )
    there = os.environ | {"PYTHONHASHSEED": "1"}
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=there)
    assert said.stdout.strip() == digest([], [Phrase("hot och barn", flags=frozenset(FlagKind)).plain()])
