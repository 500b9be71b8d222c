"""A case in the hands of somebody who is away, and those who may stand in."""

from datetime import date

from cases.case import CaseStatus
from cases.errors import NotFound
from cases.letters.letter import LetterKind
from cases.people.access import Grant, Role, User
from cases.ports import Store
from cases.post.staff import queue_internal
from cases.routing.flags import FlagKind
from cases.steps.working.absence import name_substitute
from cases.steps.working.work import set_flags
from tests.steps.deciding import assigned, only
from tests.steps.house import mail
from tests.steps.mails import PASS, signing

FIRST, LAST = date(2026, 11, 26), date(2026, 12, 4)


class House:
    """The small house with an assigned case, its chef, a colleague and a stranger from another unit."""

    def __init__(self, store: Store, *flags: FlagKind) -> None:
        self.house = signing(store)
        house = self.house
        self.sub = house.person("siv@ekdala.example", "Siv Ros", Grant(Role.HANDLAGGARE, "gata"))
        self.stranger = house.person("sune@ekdala.example", "Sune Å", Grant(Role.HANDLAGGARE, "hemtjanst"))
        self.chef = house.person("gustav@ekdala.example", "Gustav Vik", Grant(Role.CHEF, "gata"))
        self.case_id = assigned(house).id
        if flags:
            with house.store.begin() as tx:
                version = only(house).case.version
                wanted = frozenset(flags)
                set_flags(tx, self.case_id, version, wanted, "", house.registrator, house.office, house.now)

    def away(self, by: User | None = None, to: User | None = None, first: date = FIRST, last: date = LAST) -> str:
        house = self.house
        with house.store.begin() as tx:
            absent = house.handlaggare
            made = name_substitute(tx, absent, to or self.sub, first, last, by or absent, house.office, house.now)
        return made.id

    def reads(self, user: User) -> bool:
        with self.house.store.read() as tx:
            try:
                tx.get_case(self.case_id, self.house.office.viewer(tx.user(user.id)))
            except NotFound:
                return False
            return True

    def tell(self) -> list[str]:
        """A mail to the handläggare now; whom it goes to."""
        house = self.house
        before = len(only(house).letters)
        with house.store.begin() as tx:
            case = only(house).case
            queue_internal(tx, house.office, case, LetterKind.SVAR_INKOMMET, [house.handlaggare.email], now=house.now)
        return [entry.recipient for entry in only(house).letters[before:]]

    def answer(self, sender: str, to: str, message_id: str = "<s1@ekdala.example>") -> CaseStatus:
        values = {"subject": "#svar [EK-2026-00001]", "message_id": message_id, "Authentication_Results": PASS}
        self.house.receive(mail(f"Lampan byts i morgon. {message_id[1:3]}", sender=sender, to=to, **values))
        return only(self.house).case.status

    def address_of(self, recipient: str) -> str:
        return [e.reply_to for e in only(self.house).letters if e.recipient == recipient and e.reply_to][-1]
