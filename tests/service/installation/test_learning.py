"""Learning from confirmations: who takes over and who does not, back again, and what is erased is forgotten."""

import stat
from dataclasses import replace
from datetime import timedelta

import pytest

from cases.errors import ModelError
from cases.people.organisation import Unit
from cases.routing.areas import Area
from cases.routing.learning import ConfirmedLetter
from cases.routing.suggestion import CaseType, Severity
from classifier.heads.labels import read_letters
from classifier.local.model import Workshop
from classifier.local.shelf import Record, Shelf
from service.installation.learning import LEAST_LETTERS, case_digest, labelled
from service.installation.live_model import LiveModel
from tests.cases.builders import NOW, an_organisation
from tests.service import learned
from tests.steps.house import SmallHouse

ASKED = ("Fråga", "Hur är det med krumelurerna?")


@pytest.fixture(scope="module")
def workshop(tmp_path_factory):
    return learned.workshop(tmp_path_factory.mktemp("workshop"))


@pytest.fixture
def house(sqlite_store) -> SmallHouse:
    return SmallHouse(sqlite_store)


@pytest.fixture(scope="module")
def baselines():
    """What shelf after shelf would find out anew: the shipped model's answers to the locked letters."""
    return {}


@pytest.fixture
def shelf(tmp_path, baselines):
    class Remembering(Shelf):
        def kept(self, name, make):
            return baselines.setdefault(name, make()) if name not in baselines else baselines[name]

    return Remembering(tmp_path / "modeller")


def live(shelf, workshop) -> LiveModel:
    return LiveModel(
        shelf, shipped=lambda: workshop.load(workshop.shipped_model), local=workshop.load, base=lambda: workshop.base
    )


def unit_said(model, house) -> str:
    said = model.suggest(*ASKED)
    return house.office.organisation.unit_meant(said.areas[0].area, said.unit_id).id


def test_a_better_challenger_takes_over_and_forgets_an_erased_letter_and_can_be_taken_back(
    house, workshop, shelf, sqlite_store
) -> None:
    ids = learned.routed(house, ((body, "hemtjanst") for body in learned.letters_about("krumelurerna", 76)))
    model, student = live(shelf, workshop), learned.learner(house, workshop, shelf)
    before = model.version
    first = student.learn(house.now)
    assert (first.what, first.by) == ("crowned", "system")
    assert first.scores["recent"] > first.scores["recent_before"]
    assert model.version == first.name != before
    assert unit_said(model, house) == "hemtjanst"
    record = shelf.record(first.name)
    assert set(record.cases) == {case_digest(one) for one in ids[:-20]}
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (shelf.folder, *shelf.folder.rglob("*"))}
    assert modes == {0o700, 0o600}
    with sqlite_store.begin() as tx:
        tx.erase_case(ids[0], "t" * 26, house.now)
    second = student.learn(house.now)
    assert [one.what for one in shelf.history()] == ["crowned", "forgotten", "crowned"]
    assert not shelf.path(first.name).exists()
    assert case_digest(ids[0]) not in shelf.record(second.name).cases
    assert case_digest(ids[1]) in shelf.record(second.name).cases
    assert model.version == second.name
    assert not any(ids[0] in path.read_text(errors="replace") for path in shelf.folder.rglob("*.json*"))
    assert shelf.step_back(house.now) == ""
    assert model.version == before
    house.later(days=6)
    assert student.learn(house.now).what == "skipped"
    assert [one.what for one in shelf.history()] == ["skipped", "crowned", "forgotten", "crowned"]


def test_a_challenger_does_not_take_over_from_what_somebody_went_back_to_meanwhile(
    house, workshop, shelf, monkeypatch
) -> None:
    """It is minutes under way, and whether somebody went back was asked before it began alone."""
    learned.routed(house, ((body, "hemtjanst") for body in learned.letters_about("krumelurerna", 75)))
    teach = Workshop.teach_units

    def and_meanwhile(*given):
        shelf.place(shelf.path(".making-x/other"), "other", Record(workshop.base))
        shelf.crown("other")
        shelf.step_back(house.now)
        return teach(*given)

    monkeypatch.setattr(Workshop, "teach_units", and_meanwhile)
    student = learned.learner(house, workshop, shelf)
    (shelf.folder / ".making-x/other").mkdir(parents=True)
    monkeypatch.setattr(shelf, "room", lambda _: shelf.folder / ".making-x")
    event = student.learn(house.now)
    assert (event.what, event.why) == ("refused", "Någon bytte modell för hand medan den tränades.")
    assert shelf.standing().name == ""


def test_a_challenger_that_lost_what_the_shipped_model_knew_does_not_take_over(house, workshop, shelf) -> None:
    known = [letter.text.partition("\n")[2] for letter in read_letters(workshop.shipped_letters)]
    wrong = [(text, "hemtjanst") for text in known[:130]]
    learned.routed(house, wrong + [(body, "hemtjanst") for body in learned.letters_about("krumelurerna", 30)])
    event = learned.learner(house, workshop, shelf).learn(house.now)
    assert event.what == "refused"
    assert "i den låsta delen" in event.why
    assert event.scores["locked"] < event.scores["locked_before"]
    assert shelf.standing().name == ""
    assert shelf.names() == []


def test_few_letters_teach_nothing(house, workshop, shelf) -> None:
    learned.routed(house, ((body, "hemtjanst") for body in learned.letters_about("krumelurerna", 3)))
    learned.learner(house, workshop, shelf).learn(house.now)
    house.later(days=1)
    event = learned.learner(house, workshop, shelf).learn(house.now)
    assert shelf.history() == [event]
    assert (event.what, event.why) == (
        "skipped",
        f"Det finns 3 bekräftade brev att lära av. Det behövs {LEAST_LETTERS}.",
    )


def test_a_unit_without_an_area_is_learnt_though_the_heads_became_worse(house, workshop, shelf) -> None:
    tree = house.office.organisation
    lots = Unit("parkering", "Parkeringen", "klf", tree.units["gata"].manager)
    house.office = replace(house.office, organisation=replace(tree, units={**tree.units, "parkering": lots}))
    known = [letter.text.partition("\n")[2] for letter in read_letters(workshop.shipped_letters)]
    wrong = [(text, "hemtjanst") for text in known[:80]]
    own = [(body, "parkering") for body in learned.letters_about("krumelurerna", 80)]
    learned.routed(house, [pair for pairs in zip(wrong, own, strict=True) for pair in pairs])
    event = learned.learner(house, workshop, shelf).learn(house.now)
    assert event.what == "crowned", event.why
    assert shelf.record(event.name).units == ("parkering",)
    model, before = live(shelf, workshop), workshop.load(workshop.shipped_model)
    said = model.suggest("Trasig lampa", own[0][0])
    assert (said.unit_id, said.model_version) == ("parkering", event.name)
    assert said.unit_confidence > 0.75
    letters = [("Trasig lampa", text) for text in known[80:]]
    made, same = model.suggest_many(letters), before.suggest_many(letters)
    assert [one.areas for one in made] == [one.areas for one in same]
    assert [one.unit_id for one in made].count("") >= 0.9 * len(made)


def test_a_champion_for_another_shipped_model_or_damaged_gives_way(tmp_path) -> None:
    shelf = Shelf(tmp_path)
    for name, base in (("gammal", "1"), ("trasig", "2")):
        shelf.place(shelf.room("x"), name, Record(base))
    shipped = object()

    def broken(_folder):
        raise ModelError("trasig")

    model = LiveModel(shelf, shipped=lambda: shipped, local=broken, base=lambda: "2")
    shelf.crown("gammal")
    assert model.current() is shipped
    shelf.crown("trasig")
    assert model.current() is shipped


def a_letter(unit: str, area: Area, *, agreed: bool = True, areas: tuple[Area, ...] = tuple(Area)) -> ConfirmedLetter:
    return ConfirmedLetter(
        "c1", "n@post.example", NOW, "Rubrik\nText", areas, unit, area, CaseType.FRAGA, Severity.LAG, "sv", agreed
    )


def test_the_area_follows_from_the_unit_that_was_chosen() -> None:
    tree = an_organisation()
    assert labelled(a_letter("hemtjanst", Area.GATA_PARK), tree).area is Area.ALDREOMSORG
    assert labelled(a_letter("kansli", Area.KOST), tree).area is Area.KOST
    assert labelled(a_letter("kansli", Area.GATA_PARK, areas=(Area.GATA_PARK, Area.IFO)), tree).area is Area.IFO


def test_after_a_reorganisation_old_confirmations_count_for_the_new_unit() -> None:
    tree = replace(an_organisation(), renamed={"gata_norr": "gata_hela", "gata_hela": "gata", "a": "b", "b": "a"})
    found = labelled(a_letter("gata_norr", Area.GATA_PARK, agreed=False), tree)
    assert (found.unit_id, found.area) == ("gata", Area.GATA_PARK)
    assert labelled(a_letter("borta", Area.GATA_PARK, agreed=False), tree) is None
    assert labelled(a_letter("borta", Area.GATA_PARK), tree).unit_id == "gata"
    assert labelled(a_letter("a", Area.GATA_PARK, agreed=False), tree) is None


def test_the_shelf_keeps_the_last_few_and_forgets_the_rest(tmp_path) -> None:
    shelf = Shelf(tmp_path / "modeller")
    for number in range(9):
        shelf.place(shelf.room("x"), f"m{number}", Record("1"))
        shelf.crown(f"m{number}")
    assert shelf.names() == ["m3", "m4", "m5", "m6", "m7", "m8"]
    assert shelf.step_back(NOW) == "m7"
    shelf.forget("m7")
    assert (shelf.standing().name, shelf.standing().before[-1]) == ("", "m6")
    assert shelf.standing().rolled_back_at == NOW
    assert shelf.step_back(NOW + timedelta(days=1)) == "m6"
