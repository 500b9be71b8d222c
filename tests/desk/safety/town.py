"""A town whose every text was written by somebody who means harm, with a case in most states and what hangs on it."""

from dataclasses import dataclass, field, replace

from cases.case import CaseStatus
from cases.inbound.messages import Mailaddress
from cases.letters.letter import OutboxStatus
from cases.people.access import SYSTEM, Grant, Role, User
from cases.records.retention import RetentionRule, RetentionRules
from cases.routing.flags import FlagKind
from cases.steps.joining import linking
from cases.steps.routing.merge import merge
from desk.outside import PublicSettings
from tests.desk import house as h
from tests.desk.asking import API
from tests.desk.conftest import make_app
from tests.desk.in_hand.test_incident import marked
from tests.desk.steps import routed

WRONG = "r" * 32
STRANGER = User("xq7", "xq7@ekdala.example", "", "", frozenset({Grant(Role.HANDLAGGARE, "va")}), "")


@dataclass
class Town:
    """The cases by what they are, and the whole desk over them with everything switched on."""

    house: h.House
    text: str
    address: str
    cases: dict[str, str] = field(default_factory=dict)

    def desk(self):
        """The app."""
        rules = RetentionRules((RetentionRule("övriga", 2, "KS 2026/9"),))
        public = PublicSettings(register=True, case_page=True, url="https://arenden.ekdala.example")
        return make_app(self.house, public=public, api=API, retention=rules, demo_banner=self.text)

    def letter(self, name: str, area: h.Area = h.Area.GATA_PARK, flag: FlagKind | None = None, **changes: object):
        """A letter with the text in every field somebody else fills."""
        text = self.text
        body = f"Hej {text} slut\n\n> {text}\n-- \n{text}"
        flags = ((flag, text),) if flag else ()
        made = h.suggestion(body, area, 0.9, words=(text,), flags=flags)
        files = (replace(h.picture(), name=text), replace(h.attached(text, text, b"%PDF-1.4\n")))
        values = {"from_name": text, "from_addr": self.address, "attachments": files, "html": f"<p>{text}"}
        values |= {"signature": text, "reply_to": self.address, "references": (text,)}
        values |= {"message_id": f"<{name} {text}@ond.example>"}
        case = self.house.letter(text, body, made, **{**values, **changes})
        self.cases[name] = case.id
        return case

    def change(self, name: str, **changes: object) -> None:
        """A case as some steps would leave it."""
        with self.house.store.begin() as tx:
            tx.save_case(replace(tx.get_case(self.cases[name], SYSTEM), **changes))


def furnish(house: h.House, text: str, address: str = "") -> Town:
    """The town, every text of it this one, and every letter from an address that has it too or from this one."""
    tree = house.office.organisation
    units = {key: replace(unit, name=f"{unit.name} {text}") for key, unit in tree.units.items()}
    house.office = replace(house.office, organisation=replace(tree, units=units))
    town = Town(house, text, address or f"{text}@ond.example")
    _people(town)
    for name, flag in (("waiting", None), ("held", FlagKind.HOT_VALD), ("hidden", FlagKind.SKYDDAD_IDENTITET)):
        town.letter(name, flag=flag)
    town.letter("whistle", flag=FlagKind.VISSELBLASNING)
    for name in ("mine", "closed", "lifted", "unhappy", "failed", "main", "like"):
        routed(house, town.letter(name))
    routed(house, town.letter("school", h.Area.GRUNDSKOLA, FlagKind.SKOLA))
    passed_on = {"forwarded_text": text, "forwarded_from": Mailaddress(text, f"{text}@ond.example")}
    town.letter("doubt", from_addr="handlaggare@ekdala.example", message=text, **passed_on)
    _states(town)
    _mailroom(town)
    return town


def _people(town: Town) -> None:
    with town.house.store.begin() as tx:
        tx.add_user(replace(STRANGER, name=town.text, title=town.text))
        for user in h.PEOPLE.values():
            tx.add_user(replace(user, name=f"{user.name} {town.text}", title=town.text))


def _states(town: Town) -> None:
    for name in ("mine", "unhappy", "main", "failed"):
        town.change(name, assignee_id="handlaggare", status=CaseStatus.IN_PROGRESS)
    town.change("closed", status=CaseStatus.CLOSED, closed_at=town.house.clock(), improvement=town.text)
    town.change("lifted", status=CaseStatus.ESCALATED)
    house = town.house
    first, second = (marked(house, house.case(town.cases[name])) for name in ("main", "like"))
    with house.store.begin() as tx:
        who = h.PEOPLE["registrator"]
        linking.link(tx, town.cases["mine"], town.cases["lifted"], who, house.office, house.clock())
        merge(tx, second.id, second.version, first.id, who, house.office, house.clock())
    marked(house, house.case(town.cases["mine"]))
    marked(house, house.case(town.cases["waiting"]))


def _mailroom(town: Town) -> None:
    house, text = town.house, town.text
    house.letter(text, text, None, from_name=text, kind=h.MessageKind.SPAM)
    raw = h.RawMessage("synpunkter", "INBOX", 1, 999, house.clock(), text.encode(), "f" * 64)
    with house.store.begin() as tx:
        tx.keep_raw(raw, WRONG, house.clock())
        tx.mark_unreadable(WRONG, text, 3, None)
        entry = next(e for e in tx.letters_of(town.cases["failed"]) if not e.internal)
        tx.update_entry(replace(entry, status=OutboxStatus.UNCERTAIN, error=text))
