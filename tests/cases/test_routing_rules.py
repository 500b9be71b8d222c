"""What a routing rule asks of a letter, what may be asked at all, and of which letters none speaks."""

from dataclasses import replace
from time import process_time

import pytest

from cases.errors import NotAllowed
from cases.inbound.messages import Mailaddress
from cases.people.access import Grant, Role, User
from cases.routing.areas import Area
from cases.routing.flags import FlagKind
from cases.routing.rules import Conditions, RoutingRule
from cases.routing.tracks import SuggestedTrack, Track
from cases.steps.routing.rules_speak import spoken, with_rule
from cases.steps.settings.routing_rules import TypedRule, keep_rule, read_rule
from storage.search.analyse import analyse
from tests.cases.builders import NOW, an_office
from tests.desk import house as h

BODA = "Mörkt på gatan\n\nHej! Tre gatlampor är trasiga på Lingonstigen i Boda. När lagas de?"
LAMP = {"words": ("gatlampa", "lykta"), "places": ("Boda",)}
ADA = User("admin", "ada@ekdala.example", "Ada Gran", "", frozenset({Grant(Role.ADMIN)}))


def office():
    return an_office(analyse=analyse)


def says(text=BODA, area=Area.GATA_PARK, unit="kansli", sent=None, asks=None, **changes):
    rule = RoutingRule("r1", 1, "Boda", unit, True, Conditions(**(LAMP if asks is None else asks)), NOW, "admin")
    message = h.inbound("Mörkt på gatan", text, 1, **(sent or {}))
    said = spoken([rule], h.suggestion(text, area, 0.9, **changes), message, office())
    return said.unit_id if said else ""


@pytest.mark.parametrize(
    ("asks", "text", "hits"),
    [
        (LAMP, BODA, True),
        (LAMP, "Lampan i Byn är trasig, och lyktan med.", False),
        ({"words": ("lampa",)}, BODA, True),
        ({"words": ("trasig lampa",)}, "Trasiga lampor i Boda.", True),
        ({"words": ("trasig gatulampa",)}, BODA, False),
        ({"words": ("Gatulampor",)}, BODA, True),
        ({"words": ("lampan är trasig",)}, "Gatlampan är trasig.", True),
        ({"words": ("lampa trasig",)}, "Gatlampan är trasig.", False),
        ({"words": ("bad",)}, "Han bad om hjälp.", True),
        ({"places": ("lingonstigen",)}, BODA, True),
        ({"places": ("Bod",)}, BODA, False),
        ({"places": ("Boda",)}, "Bodas lekplats.", True),
        ({"places": ("Boda",)}, "Bodavägen är hal, liksom boden.", False),
        ({"places": ("Stora torget",)}, "Bänken vid Stora\nTorgets fontän.", True),
        ({"places": ("Stora torget",)}, "Torget är stora torg.", False),
        ({"places": ("Lingonstigen 4",)}, "Det rör Lingonstigen 4.", True),
        ({"areas": (Area.KOST, Area.GATA_PARK)}, BODA, True),
        ({"areas": (Area.KOST,)}, BODA, False),
        ({**LAMP, "areas": (Area.KOST,)}, BODA, False),
    ],
)
def test_every_condition_must_hold_and_one_of_its_list_is_enough(asks, text, hits) -> None:
    assert says(text, asks=asks) == ("kansli" if hits else "")


@pytest.mark.parametrize(
    ("asks", "text", "found"),
    [
        (LAMP, BODA, ["gatlampor", "Boda"]),
        (
            {"words": ("trasig lampa",)},
            "Hej! Trasiga\nlampor i Boda, och en trasig lampa till.",
            ["Trasiga\nlampor", "trasig lampa"],
        ),
        ({"places": ("Boda",)}, "Bodavägen i Bodas by.", ["Bodas"]),
        ({"words": ("lampa",)}, "Kafe\u0301et har en lampa.", []),
        ({"domains": ("mejl.example",)}, BODA, []),
    ],
)
def test_what_a_rule_found_is_the_evidence_in_place_of_the_models(asks, text, found) -> None:
    rule = RoutingRule("r1", 1, "Boda", "kansli", True, Conditions(**asks), NOW, "admin")
    made = h.suggestion(text, Area.GATA_PARK, 0.9, words=("en",))
    with_it = with_rule([rule], made, h.inbound("Hej", text, 1), office())
    assert [one.text for one in with_it.evidence] == found
    assert all(text[one.start : one.end] == one.text for one in with_it.evidence)
    assert with_rule([replace(rule, active=False)], made, h.inbound("Hej", text, 1), office()) == made


def to(*addresses):
    return tuple(Mailaddress("", one) for one in addresses)


@pytest.mark.parametrize(
    ("asks", "sent", "hits"),
    [
        ({"domains": ("skolan.example",)}, {"from_addr": "Eva@info.SKOLAN.example"}, True),
        ({"domains": ("skolan.example",)}, {"from_addr": "eva@enskolan.example"}, False),
        ({"domains": ("skolan.example",)}, {"from_addr": ""}, False),
        (
            {"domains": ("skolan.example",)},
            {"from_addr": "maja@ekdala.example", "forwarded_from": Mailaddress("Eva", "eva@skolan.example")},
            True,
        ),
        ({"addresses": ("gata@ekdala.example",)}, {"to": to("x@ekdala.example", "Gata@Ekdala.example")}, True),
        ({"addresses": ("gata@ekdala.example",)}, {"delivered_to": ("gata@ekdala.example",)}, True),
        ({"addresses": ("gata@ekdala.example",)}, {"to": to("x@ekdala.example")}, False),
    ],
)
def test_by_who_wrote_and_where_to(asks, sent, hits) -> None:
    assert bool(says(asks=asks, sent=sent)) is hits


def test_no_rule_speaks_of_a_whistle_blowers_letter_or_one_on_a_special_track() -> None:
    assert says(tracks=(SuggestedTrack(Track.OROSANMALAN, "Boda", 0, 4, 0.9),)) == ""
    assert says(tracks=(SuggestedTrack(Track.FELANMALAN, "Boda", 0, 4, 0.9),)) == "kansli"
    assert says(flags=((FlagKind.VISSELBLASNING, "Boda"),)) == ""


def test_no_rule_takes_what_may_be_protected_to_another_namnd() -> None:
    flags = ((FlagKind.HALSA, "trasiga"),)
    assert says(unit="hemtjanst", flags=flags) == ""
    assert says(unit="hemtjanst") == "hemtjanst"
    assert says(unit="kansli", flags=flags) == "kansli"
    assert says(unit="hemtjanst", area=Area.ALDREOMSORG, flags=flags) == "hemtjanst"


def typed(**changes):
    lists = {"words": "", "places": "", "domains": "", "addresses": ""}
    lists.update({name: changes.pop(name) for name in list(changes) if name in lists})
    values = {"name": "Trasig lampa", "unit_id": "gata", "active": True, "areas": frozenset(), **changes}
    return TypedRule(lists=lists, **values)


def test_lists_are_read_with_commas_or_lines_and_each_once() -> None:
    said = typed(
        words="gatlampa,  trasig   lampa;gatlampa\nlykta, ", domains="@Skolan.Example", addresses="G@E.example"
    )
    kept = read_rule(said, None, ADA, office(), NOW).conditions
    assert kept == Conditions(("gatlampa", "trasig lampa", "lykta"), (), ("skolan.example",), ("g@e.example",))


@pytest.mark.parametrize(
    ("changes", "said", "part"),
    [
        ({"name": " "}, "Ge regeln ett namn", "name"),
        ({"name": "x" * 61}, "högst 60 tecken", "name"),
        ({"name": "Om 121212-1212"}, "personnummer", "name"),
        ({"unit_id": "borta"}, "Välj en enhet", "unit"),
        ({"words": ""}, "minst ett villkor", "words"),
        ({"words": "..., lampa"}, "är inget ord", "words"),
        ({"words": "121212-1212"}, "personnummer", "words"),
        ({"words": ", ".join(f"ord{n}" for n in range(21))}, "högst 20", "words"),
        ({"places": "y" * 61}, "längre än 60 tecken", "places"),
        ({"domains": "skolan"}, "ingen domän", "domains"),
        ({"addresses": "gata"}, "ingen e-postadress", "addresses"),
    ],
)
def test_what_is_missing_or_too_much_is_refused_at_its_field(changes, said, part) -> None:
    with pytest.raises(NotAllowed, match=said) as refused:
        read_rule(typed(**{"words": "lampa", **changes}), None, ADA, an_office(screen=h.screen), NOW)
    assert refused.value.part == part


def test_nobody_else_writes_rules() -> None:
    gun = User("gun", "gun@ekdala.example", "Gun Ask", "", frozenset({Grant(Role.REGISTRATOR, "gata")}))
    with pytest.raises(NotAllowed, match="kommunens registrator"):
        read_rule(typed(words="lampa"), None, gun, office(), NOW)


def test_a_letter_of_one_word_a_million_times_costs_no_more_than_it_is_long() -> None:
    assert says("lampa " * 200_000, asks={"words": ("lampa " * 10 + "lykta",)}) == ""


def test_many_long_rules_cost_little_with_a_letter_of_nothing_but_their_words() -> None:
    """It took 17 seconds, and takes a tenth of one."""
    asks = Conditions(tuple("a " * 28 + f"b{n}" for n in range(20)))
    rules = [RoutingRule(f"r{n}", n, "Lång", "kansli", True, asks, NOW, "admin") for n in range(50)]
    text = "a " * 5_000
    began = process_time()
    assert spoken(rules, h.suggestion(text, Area.GATA_PARK, 0.9), h.inbound("Hej", text, 1), office()) is None
    assert process_time() - began < 3


class Kept:
    """As many rules as one has."""

    def __init__(self, count: int) -> None:
        asks = Conditions(("bod",))
        self.rules = [RoutingRule(f"r{n}", n, "Boda", "gata", True, asks, NOW, "admin") for n in range(count)]

    def routing_rules(self):
        return self.rules

    def save_routing_rule(self, rule) -> None:
        self.rules.append(rule)


def test_there_are_no_more_than_fifty_and_a_new_one_comes_last() -> None:
    kept = Kept(49)
    new = read_rule(typed(words="lampa"), None, ADA, an_office(new_id=lambda: "new"), NOW)
    keep_rule(kept, new, None)
    assert kept.rules[-1] == replace(new, position=49)
    with pytest.raises(NotAllowed, match="redan 50 regler"):
        keep_rule(kept, new, None)
    keep_rule(kept, replace(new, name="Ny"), new)
