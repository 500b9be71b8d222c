"""The page Modell: numbers in plain words, nothing of any letter, and the way back for administrators alone."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from cases.errors import NotAllowed
from cases.routing.agreement import Share, agreements, corrections, drift, none_fitted, stability
from cases.routing.areas import Area
from cases.routing.learning import ChampionEvent, ModelState, RoutedCase, SuggestedArea
from desk.app import create_app
from tests.cases.builders import NOW
from tests.desk import house as h
from tests.desk.conftest import Surfer
from tests.desk.kept_pages import with_kept_pages
from tests.desk.steps import routed

SCORES = {"locked": 0.84, "locked_before": 0.83, "recent": 0.9, "recent_before": 0.8}


@dataclass
class Keeper:
    """A keeper with one local champion, until somebody goes back."""

    now: object
    back: list[tuple[str, object]] = field(default_factory=list)

    def state(self) -> ModelState:
        history = (
            ChampionEvent(self.now, "crowned", "lokal-2", "system", "", SCORES),
            ChampionEvent(self.now, "refused", "lokal-1", "system", "Den missade mer.", SCORES),
        )
        champion = "" if self.back else "lokal-2"
        return ModelState(champion or "s1", learns=True, champion=champion, letters=70, earlier="", history=history)

    def rollback(self, by: str, now) -> str:
        if self.back:
            raise NotAllowed("Det finns ingen tidigare modell att gå tillbaka till.")
        self.back.append((by, now))
        return "Nu föreslår den medföljande modellen igen."


@pytest.fixture
def keeper(clock):
    return Keeper(clock())


@pytest.fixture
def surf(house, keeper):
    settings = replace(h.settings(), model=keeper)
    app = create_app(store=house.store, office=house.office, classifier=None, clock=house.clock, settings=settings)
    with_kept_pages(app)
    return lambda who="": Surfer(app, who)


def test_it_tells_how_suggestions_fared_and_nothing_of_the_letters(house, surf) -> None:
    case = routed(house, h.lamp(house))
    routed(house, h.school(house))
    for who in ("registrator", "admin"):
        text = surf(who).get("/modell").text
        assert "2 av 2" in text
        assert "Inga förslag</dd>" in text
        assert "0 av 0" not in text
        assert "Det är för få brev ännu" in text
        assert "lokal-1: tog inte över" in text
        assert "Låsta delen 84 % mot 83 %. Senaste bekräftelserna 90 % mot 80 %." in text
        for secret in (case.number, case.subject, "Lingonstigen", "rasten", "Berit", "berit@mejl.example"):
            assert secret not in text


def test_an_administrator_goes_back_with_one_click_and_a_registrator_only_looks(surf, keeper) -> None:
    assert "/modell/tillbaka" not in surf("registrator").get("/modell").text
    page = surf("admin")
    assert "Gå tillbaka till den medföljande modellen" in page.get("/modell").text
    text = page.follow(page.post("/modell/tillbaka", modell="lokal-2")).text
    assert "Nu föreslår den medföljande modellen igen." in text
    assert [by for by, _ in keeper.back] == ["admin"]


def test_what_somebody_else_changed_meanwhile_is_not_undone(surf, keeper) -> None:
    page = surf("admin")
    page.get("/modell")
    assert "redan bytts" in page.follow(page.post("/modell/tillbaka", modell="lokal-1")).text
    assert keeper.back == []


def test_without_a_token_nothing_happens(surf, keeper) -> None:
    page = surf("admin")
    page.get("/modell")
    page.token = "fel"
    assert page.post("/modell/tillbaka", modell="lokal-2").status_code == 403
    assert keeper.back == []


def case(days: float, suggested: str, chosen: str) -> RoutedCase:
    return RoutedCase(NOW - timedelta(days=days), suggested, chosen)


def test_none_of_the_suggestions_is_a_disagreement_and_counted() -> None:
    one = RoutedCase(NOW, "kansli", "kansli", none_fits=True)
    assert not one.agreed
    assert none_fitted([one, RoutedCase(NOW, "va", "va")]) == Share(1, 2)


def test_agreement_by_unit_and_week() -> None:
    # NOW is a Thursday.
    found = agreements(
        [case(0, "gata", "gata"), case(4, "gata", "kost"), case(5, "kost", "kost"), case(60, "gata", "gata")], NOW, 2
    )
    assert [day.isoformat() for day in found.weeks] == ["2026-11-16", "2026-11-23"]
    assert [(u.unit_id, u.total.hits, u.total.count) for u in found.units] == [("kost", 1, 2), ("gata", 1, 1)]
    assert [(w.hits, w.count) for w in found.whole.weeks] == [(1, 2), (1, 1)]


def test_the_usual_corrections_come_first_and_single_ones_not_at_all() -> None:
    routed_cases = (
        [case(1, "gata", "kost")] * 3 + [case(1, "kost", "gata")] * 2 + [case(1, "a", "b"), case(1, "a", "a")]
    )
    assert [(c.suggested_unit, c.unit_id, c.count) for c in corrections(routed_cases)] == [
        ("gata", "kost", 3),
        ("kost", "gata", 2),
    ]


def suggested(days: int, area: Area, confidence: float = 0.9, count: int = 60) -> list[SuggestedArea]:
    return [SuggestedArea(NOW - timedelta(days=days), area, confidence)] * count


def test_drift_is_told_in_plain_words() -> None:
    before = suggested(60, Area.KOST) + suggested(60, Area.IFO)
    assert drift(before, NOW).index is None
    same = drift(before + suggested(5, Area.KOST) + suggested(5, Area.IFO), NOW)
    assert (same.words, same.moved) == ("Breven handlar om ungefär samma saker som förut.", False)
    other = drift(before + suggested(5, Area.GATA_PARK, 0.3), NOW)
    assert other.words == "Breven handlar om tydligt annat än förut. Modellen är oftare osäker än förut."
    assert other.moved
    assert (other.unsure.hits, other.unsure_before.hits) == (60, 0)
    some = suggested(5, Area.KOST, count=80) + suggested(5, Area.IFO, count=40)
    assert 0.1 <= stability(some, before) < 0.25
    assert drift(before + some, NOW).words == "Breven handlar till en del om annat än förut."
