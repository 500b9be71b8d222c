"""One municipality's settings are refused at another's database; a municipality that changes its name is not."""

import signal
from collections.abc import Callable
from dataclasses import replace

import pytest

from cases.errors import ConfigError
from config import Settings, load
from service.commands.opening import opened
from service.processes.running import run_desk, run_until_stopped


def named(settings: Settings, name: str) -> Settings:
    return replace(settings, municipality=replace(settings.municipality, name=name))


def reading(settings: Settings, address: str) -> Settings:
    boxes = tuple(replace(box, addresses=(address,)) for box in settings.mailboxes)
    return replace(settings, mailboxes=boxes)


@pytest.fixture
def settings(environ: dict[str, str]) -> Settings:
    """Those of the municipality whose database it has become."""
    made = reading(named(load("demo", environ), "Ekdala kommun"), "synpunkt@ekdala.example")
    with opened(made):
        return made


BEGINNINGS: dict[str, Callable[[Settings], object]] = {
    "service": lambda settings: run_until_stopped(settings, daemon=True, desk=True),
    "desk": lambda settings: run_desk(settings, 2),
    "command": lambda settings: opened(settings).__enter__(),
}


@pytest.mark.parametrize("begins", BEGINNINGS.values(), ids=BEGINNINGS)
def test_another_municipality_is_refused(
    settings: Settings, begins: Callable[[Settings], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    other = reading(named(settings, "Askby kommun"), "kontakt@askby.example")
    with pytest.raises(ConfigError, match=r"Ekdala kommun \(synpunkt@ekdala\.example\).*för Askby kommun"):
        begins(other)


def test_a_new_name_and_then_a_new_address_are_known(settings: Settings) -> None:
    renamed = named(settings, "Ekdala stad")
    moved = reading(renamed, "Synpunkt@ekdalastad.example")
    for one in (renamed, moved, reading(moved, "synpunkt@ekdalastad.example")):
        with opened(one):
            pass
    with pytest.raises(ConfigError, match="för Ekdala kommun"), opened(settings):
        pass
