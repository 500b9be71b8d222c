"""The model's room in the house: which model suggests, the nightly training, and going back to an earlier model."""

import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url

from cases.calendar import STOCKHOLM, local_day
from cases.errors import ModelError, NotAllowed
from cases.ports import Store
from cases.routing.learning import ChampionEvent, ModelState
from cases.routing.suggestion import Classifier
from classifier.folder import DEFAULT_FOLDER, shipped_version
from classifier.local.shelf import Shelf
from config import Settings
from service.installation.live_model import LiveModel, champion_name

LOG = logging.getLogger("lyhord.model")
NIGHT = range(1, 5)
"""The hours in which a challenger may be trained, when nobody waits for a suggestion."""
_POLL_SECONDS = 1.0
_TRAINED = "learning:"
_FOLDER = "modeller"

Command = Sequence[str]


def model_folder(settings: Settings) -> Path:
    """The municipality's own model, or the shipped one."""
    return Path(settings.classifier.model_folder or DEFAULT_FOLDER)


def local_folder(settings: Settings) -> Path:
    """Where the municipality's own models are kept: as the profile says, else beside the SQLite database."""
    if settings.classifier.local_folder:
        return Path(settings.classifier.local_folder)
    # With PostgreSQL the folder must be given (config.references), so what follows is an SQLite file's path.
    return Path(make_url(settings.database.url.reveal()).database or "").parent / _FOLDER


class ModelRoom:
    """Keeps the model that suggests; a `cases.routing.learning.ModelKeeper` for the desk.

    ``shipped`` is the folder of the model everything builds on, ``load_shipped`` loads it. ``run`` runs a command to
    its end, or until the event is set, and returns its status.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        shipped: Path,
        load_shipped: Callable[[], Classifier],
        load_local: Callable[[Path], Classifier],
        *,
        run: Callable[[Command, threading.Event], int] | None = None,
    ) -> None:
        self.learns = settings.classifier.local_training
        self.shelf = Shelf(local_folder(settings))
        self._store = store
        self._source = settings.source
        self._shipped = shipped
        self._stop = threading.Event()
        self._run = run or run_quietly
        self.live = LiveModel(
            self.shelf if self.learns else None, shipped=load_shipped, local=load_local, base=self._base
        )

    def _base(self) -> str:
        return shipped_version(self._shipped)

    def train(self, now: datetime) -> bool:
        """Once a night, where the municipality has switched it on: a challenger in a process of its own.

        A training takes minutes of processor and a gigabyte: apart from the service it takes nothing from it, and gives
        all back. Several daemons on one database train once together.
        """
        if not self.learns or now.astimezone(STOCKHOLM).hour not in NIGHT:
            return False
        with self._store.begin() as tx:
            if not tx.claim_setting(f"{_TRAINED}{local_day(now).isoformat()}", now.isoformat()):
                return False
        status = self._run(training_command(self._source), self._stop)
        if status:
            LOG.error("the nightly training ended with status %d", status)
        return not status

    def stop(self) -> None:
        """End a running training; the champion stays as it was."""
        self._stop.set()

    def state(self) -> ModelState:
        """How it stands now."""
        standing = self.shelf.standing()
        name = champion_name(self.shelf, self._version) if self.learns else ""
        record = self.shelf.record(name)
        return ModelState(
            version=name or self._version(),
            learns=self.learns,
            champion=name,
            letters=record.letters if record else 0,
            units=record.units if record else (),
            earlier=_earlier(standing.name, standing.before) if self.learns else None,
            history=tuple(self.shelf.history()),
        )

    def _version(self) -> str:
        try:
            return self._base()
        except ModelError:
            return ""

    def rollback(self, by: str, now: datetime) -> str:
        """Go back to the champion before this one. Raises NotAllowed."""
        if not self.learns:
            raise NotAllowed("Modellen lär inte av kommunens egna brev, så det finns ingen att gå tillbaka till.")
        left, to = self.shelf.standing().name, self.shelf.step_back(now)
        if to is None:
            raise NotAllowed("Det finns ingen tidigare modell att gå tillbaka till.")
        why = f"Från {left or 'den medföljande modellen'}. Ingen ny modell tar över av sig själv på en vecka."
        self.shelf.note(ChampionEvent(now, "rolled_back", to, by, why))
        return (
            f"Nu föreslår {to or 'den medföljande modellen'} igen. Ingen ny modell tar över av sig själv på en vecka."
        )


def _earlier(name: str, before: Sequence[str]) -> str | None:
    if before:
        return before[-1]
    return "" if name else None


def training_command(source: str) -> Command:
    """`lyhord train --local` as a process of its own."""
    program = "import sys; from service.cli import main; sys.exit(main())"
    return (sys.executable, "-c", program, "train", "--local", "--nightly", "--config", source)


def run_quietly(command: Command, stop: threading.Event) -> int:
    """Run a command to its end; where it must stop before, -1. What it prints goes to the log of errors alone."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as child:  # noqa: S603 - our own program
        while child.poll() is None:
            if stop.wait(_POLL_SECONDS):
                child.terminate()
                child.wait()
                return -1
        return child.returncode


def outcome_words(event: ChampionEvent) -> str:
    """What came of a round of training, for the terminal."""
    if event.what == "crowned":
        return f"{event.name} tog över. {score_words(event.scores)}"
    if event.what == "refused":
        return f"{event.name} tog inte över. {event.why} {score_words(event.scores)}"
    return event.why


def score_words(scores: Mapping[str, float]) -> str:
    """The scores of a contest in words; empty where there was none."""
    if not scores:
        return ""
    locked, before, recent, past = (
        f"{100 * scores[name]:.1f}".replace(".", ",") for name in ("locked", "locked_before", "recent", "recent_before")
    )
    return f"Rätt ämne i den låsta delen: {locked} % mot {before} %. Rätt enhet nyligen: {recent} % mot {past} %."
