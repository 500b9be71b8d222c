"""One round of learning: forget what was erased, train a challenger, let it meet the champion, and note how it went."""

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from cases.people.organisation import Organisation
from cases.ports import NewId, Store
from cases.routing.areas import Area
from cases.routing.learning import AUTOMATIC, ChampionEvent, ConfirmedLetter
from cases.routing.suggestion import Classifier
from classifier.heads.labels import TrainingLetter, read_letters
from classifier.local.contest import Sheet, better, bits, share, worse
from classifier.local.letters import LocalLetter, Mask, fit_to_learn, locked_part, words_of
from classifier.local.model import LocalClassifier, Workshop
from classifier.local.shelf import Record, Shelf, Standing

MOST_LETTERS = 5_000
"""The newest confirmations learnt from: more would outweigh the shipped letters."""
LEAST_LETTERS = 60
LEAST_RECENT, MOST_RECENT = 20, 300
_RECENT_SHARE = 0.2
REST = timedelta(days=7)
"""After a person has gone back to an earlier model, no challenger takes over by itself for so long."""


def labelled(letter: ConfirmedLetter, tree: Organisation) -> LocalLetter | None:
    """The letter with the area of the unit it was sent to, as the units are today; None where that cannot be told.

    Of a unit's areas the one the registrator chose is taken, else the one suggested highest. A unit that answers for
    no area leaves the area open.
    """
    unit, area = tree.unit_now(letter.unit_id), letter.area
    if unit not in tree.units:
        if not letter.agreed:
            return None
        unit = tree.unit_for(area).id
    own = [one for one in Area if tree.unit_for(one).id == unit]
    chosen = next((one for one in (area, *letter.areas) if one in own), None)
    return LocalLetter(
        id=case_digest(letter.case_id),
        sender=letter.sender,
        text=letter.text,
        area=chosen,
        unit_id=unit,
        type=letter.type,
        severity=letter.severity,
        language=letter.language,
    )


def case_digest(case_id: str) -> str:
    """What stands for a case in a model's record."""
    return hashlib.sha256(case_id.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model in the making; ``sheet`` where its answers to the locked letters are known already."""

    path: Path
    name: str
    record: Record
    model: LocalClassifier
    sheet: Sheet | None = None


@dataclass(frozen=True, slots=True)
class Ring:
    """What candidates are measured with: the locked letters, the recent confirmations, and what is to be beaten.

    ``standing`` is who was champion then.
    """

    locked: Sequence[TrainingLetter]
    recent: Sequence[LocalLetter]
    baseline: Sheet
    champion: Sheet
    champion_recent: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Learner:
    """Learns from one municipality's store; reads it, writes to the shelf alone."""

    store: Store
    tree: Organisation
    shelf: Shelf
    workshop: Workshop
    mask: Mask
    new_id: NewId

    def learn(self, now: datetime, by: str = AUTOMATIC, *, asked: bool = False) -> ChampionEvent:
        """One round; what came of it, as it stands in the history. ``asked`` for by a person, it needs no rest."""
        event = self._round(now, by, asked=asked)
        self.shelf.note(event)
        return event

    def _round(self, now: datetime, by: str, *, asked: bool) -> ChampionEvent:
        with self.store.read() as tx:
            there, confirmed = tx.confirmed_cases(), tx.confirmed_letters(MOST_LETTERS)
        self.forget(frozenset(map(case_digest, there)), now)
        letters = [found for one in confirmed if (found := labelled(one, self.tree)) is not None]
        rested = self.shelf.standing().rolled_back_at
        if rested is not None and now - rested < REST and not asked:
            return ChampionEvent(now, "skipped", "", by, "Modellen byttes tillbaka för hand, så den får stå en vecka.")
        if len(letters) < LEAST_LETTERS:
            why = f"Det finns {len(letters)} bekräftade brev att lära av. Det behövs {LEAST_LETTERS}."
            return ChampionEvent(now, "skipped", "", by, why)
        count = min(MOST_RECENT, max(LEAST_RECENT, round(_RECENT_SHARE * len(letters))))
        return self._contest(letters[:-count], letters[-count:], now, by)

    def forget(self, there: frozenset[str], now: datetime) -> None:
        """Take away each model that learnt from a letter no longer there, or that builds on another shipped model."""
        for name in self.shelf.names():
            record = self.shelf.record(name)
            if record is None or record.base != self.workshop.base:
                why = "Den byggde på en äldre version av den medföljande modellen."
            elif set(record.cases) - there:
                why = "Ett brev den hade lärt av är gallrat, eller har fått en sekretessmarkering."
            else:
                continue
            self.shelf.forget(name)
            self.shelf.note(ChampionEvent(now, "forgotten", name, AUTOMATIC, why))

    def _contest(
        self, older: Sequence[LocalLetter], recent: Sequence[LocalLetter], now: datetime, by: str
    ) -> ChampionEvent:
        shipped = read_letters(self.workshop.shipped_letters)
        learnt = fit_to_learn(older, words_of(letter.text for letter in shipped), self.mask)
        room = self.shelf.room(self.new_id()[-8:])
        try:
            ring = self._ring(locked_part(shipped), recent, room)
            event = self._meet(self._challenger(learnt, room, now), ring, now, by)
            if event.what == "refused" and any(letter.area is None for letter in learnt):
                other = self._meet(self._with_new_units(learnt, ring, room, now), ring, now, by)
                event = other if other.what == "crowned" else event
            return event
        finally:
            shutil.rmtree(room, ignore_errors=True)

    def _ring(self, locked: Sequence[TrainingLetter], recent: Sequence[LocalLetter], room: Path) -> Ring:
        kept = self.shelf.kept(f"baseline-{self.workshop.base}", lambda: self._baseline(locked, room).as_dict())
        baseline = Sheet(**kept) if isinstance(kept, dict) else self._baseline(locked, room)
        standing = self.shelf.standing()
        record = self.shelf.record(standing.name)
        champion = Sheet(**record.locked) if record else baseline
        model = self.workshop.load(self._champion_path())
        return Ring(locked, recent, baseline, champion, self._right(model, recent), standing)

    def _baseline(self, locked: Sequence[TrainingLetter], room: Path) -> Sheet:
        """How the shipped model would do, had it not learnt from the locked letters: what is known must be fair."""
        self.workshop.train([], room / "baseline", "baseline")
        return Sheet.of(self.workshop.load(room / "baseline"), locked)

    def _champion_path(self) -> Path:
        name = self.shelf.standing().name
        return self.shelf.path(name) if self.shelf.has(name) else self.workshop.shipped_model

    def _right(self, model: Classifier, recent: Sequence[LocalLetter]) -> str:
        """Which of the recent letters the model would send to the unit that a person chose."""
        parts = [letter.text.partition("\n") for letter in recent]
        made = model.suggest_many([(subject, body) for subject, _, body in parts])
        meant = [self.tree.unit_meant(said.areas[0].area, said.unit_id).id for said in made]
        return bits([unit == letter.unit_id for unit, letter in zip(meant, recent, strict=True)])

    def _challenger(self, learnt: Sequence[LocalLetter], room: Path, now: datetime) -> Candidate:
        """Shipped and local letters together, and the units beside them."""
        name = self._name(now)
        self.workshop.train(learnt, room / name, name)
        return self._taught(learnt, room / name, name, ())

    def _with_new_units(self, learnt: Sequence[LocalLetter], ring: Ring, room: Path, now: datetime) -> Candidate:
        """The champion as it is, with the units learnt anew: its areas cannot have become worse."""
        name, record = self._name(now), self.shelf.record(self.shelf.standing().name)
        self.workshop.copy(self._champion_path(), room / name, name)
        made = self._taught(learnt, room / name, name, record.cases if record else ())
        # The shipped model has seen the locked letters, so asking it again would flatter it.
        return replace(made, sheet=ring.champion)

    def _taught(self, learnt: Sequence[LocalLetter], path: Path, name: str, before: tuple[str, ...]) -> Candidate:
        model = self.workshop.load(path)
        model.head = self.workshop.teach_units(model, learnt, path)
        cases = tuple(sorted({*(letter.id for letter in learnt), *before}))
        units = model.head.told if model.head else ()
        return Candidate(path, name, Record(self.workshop.base, len(cases), cases, units=units), model)

    def _name(self, now: datetime) -> str:
        return f"lokal-{now:%Y%m%d}-{self.new_id()[-6:]}"

    def _meet(self, made: Candidate, ring: Ring, now: datetime, by: str) -> ChampionEvent:
        sheet, recent = made.sheet or Sheet.of(made.model, ring.locked), self._right(made.model, ring.recent)
        scores = {
            "locked": share(sheet.area),
            "locked_before": share(ring.champion.area),
            "recent": share(recent),
            "recent_before": share(ring.champion_recent),
        }
        why = worse(sheet, ring.champion) or worse(sheet, ring.baseline)
        if not why and not better(recent, ring.champion_recent):
            hits, before = recent.count("1"), ring.champion_recent.count("1")
            why = f"Den fick inte fler av de {len(recent)} senast bekräftade breven rätt: {hits} mot {before}."
        if not why and self.shelf.standing() != ring.standing:
            why = "Någon bytte modell för hand medan den tränades."
        if why:
            return ChampionEvent(now, "refused", made.name, by, why, scores)
        self.shelf.place(made.path, made.name, replace(made.record, locked=sheet.as_dict()))
        self.shelf.crown(made.name)
        return ChampionEvent(now, "crowned", made.name, by, "", scores)
