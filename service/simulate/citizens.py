"""What citizens of a simulated year do about a letter they got: people, dead addresses, and machines that answer."""

from datetime import timedelta
from functools import partial

from cases.letters.letter import FINAL, LetterKind
from service.simulate import mails
from service.simulate.chance import Matter
from service.simulate.records import Left
from service.simulate.world import World

_K = LetterKind


class Citizens:
    """Everybody who wrote, and their mailboxes."""

    def __init__(self, world: World) -> None:
        self.world, self.chance = world, world.chance

    def mail_arrives(self, left: Left) -> None:
        """A letter has left; its receiver, a person or a machine, may do something about it."""
        world = self.world
        matter = next((m for m in [self._by_case(left)] if m is not None and m.email == left.to), None)
        if matter is None:
            self._machine(left)
        elif matter.dead:
            raw = mails.bounce(left, world.address, next(world.numbers))
            world.later(world.now + timedelta(minutes=10), partial(world.post, raw))
        elif matter.vacation:
            self._vacation(left, matter)
        elif left.kind == _K.KOMPLETTERA and self.chance.chance(0.7):
            self._writes(left, "Det gäller platsen vid skolan.", self.chance.hours(20))
        elif left.kind in FINAL and matter.unhappy and left.kind != _K.BEROM:
            self._writes(left, "Jag är inte nöjd med svaret. Det stämmer inte.", self.chance.hours(30))
        elif left.kind == _K.MOTTAGNING and matter.adds:
            self._writes(left, "Jag glömde att säga att det är värst på morgonen.", self.chance.hours(8))

    def _by_case(self, left: Left) -> Matter | None:
        world = self.world
        with world.store.read() as tx:
            case_id = tx.case_by_number(left.case) if left.case else ""
        return world.matter(world.case(case_id)) if case_id else None

    def _writes(self, left: Left, text: str, hours: float) -> None:
        world = self.world
        raw = mails.reply(left, left.to, text, next(world.numbers))
        world.later(world.now + timedelta(hours=hours), partial(world.post, raw))

    def _machine(self, left: Left) -> None:
        """A machine that wrote to us and was answered answers again, to see whether that ever ends."""
        if any(m.email == left.to and m.vacation == "unmarked" for m in self.world.matters.values()):
            raw = mails.vacation(left, left.to, next(self.world.numbers), marked=False)
            self.world.later(self.world.now + timedelta(minutes=1), partial(self.world.post, raw))

    def _vacation(self, left: Left, matter: Matter) -> None:
        raw = mails.vacation(left, left.to, next(self.world.numbers), marked=matter.vacation == "marked")
        self.world.later(self.world.now + timedelta(minutes=1), partial(self.world.post, raw))
