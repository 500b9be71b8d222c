"""``lyhord demo``: everything embedded on sample letters, in a browser; ``--once`` without one."""

import argparse
import os
import signal
import tempfile
import threading
import webbrowser
from contextlib import ExitStack
from pathlib import Path

from service.demo.installation import Installation
from service.demo.letters import sample_letters
from service.demo.once import run_once
from service.demo.people import PASSWORD, PEOPLE
from service.demo.posting import post_letters
from service.demo.scenes import Stage, play
from service.demo.scoring import table


def arguments(parser: argparse.ArgumentParser) -> None:
    """How to show it."""
    parser.add_argument(
        "--once", action="store_true", help="kör utan webbläsare tills allt är klart och visa en tabell"
    )
    parser.add_argument(
        "--folder", type=Path, metavar="MAPP", help="mapp för databasen (annars en tillfällig, som tas bort efteråt)"
    )
    parser.add_argument("--port", type=int, default=0, metavar="TAL", help="skrivbordets port (annars en ledig)")
    parser.add_argument("--no-browser", action="store_true", help="öppna ingen webbläsare")


def run(asked: argparse.Namespace) -> int:
    """Show it until Ctrl-C, or once."""
    with ExitStack() as stack:
        folder = asked.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lyhord-demo-")))
        folder.mkdir(parents=True, exist_ok=True)
        if asked.once:
            result = run_once(folder)
            print(table(result))
            return 1 if result.problems else 0
        return _show(folder, asked)


def _show(folder: Path, asked: argparse.Namespace) -> int:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with Installation(folder, port=asked.port) as house:
        print(_welcome(house.url), flush=True)
        threading.Thread(target=_post, args=(house,), name="posting", daemon=True).start()
        playing = threading.Thread(target=_play, args=(house, stop), name="scenes", daemon=True)
        playing.start()
        if not asked.no_browser and (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            webbrowser.open(house.url)
        stop.wait()
        print("\nStänger ...", flush=True)
        playing.join()
    return 0


def _post(house: Installation) -> None:
    post_letters(house.post, sample_letters(), number_pattern=house.house.settings.numbering.case)


def _play(house: Installation, stop: threading.Event) -> None:
    play(Stage(house.house.store, house.house.office, house.house.clock), sample_letters(), stop)


def _welcome(url: str) -> str:
    people = "\n".join(f"    {p.email:34} {p.name}, {p.title}: {p.sees}" for p in PEOPLE)
    return (
        f"\nLyhörd i Ekdala kommun (påhittad). Exempelbreven kommer in nu.\n\n"
        f"  Skrivbordet             {url}\n"
        f"  Medborgarnas brevlådor  {url}/brevlador\n\n"
        f"  Logga in som (lösenord för alla: {PASSWORD})\n{people}\n\n"
        "  Redan på gång: Hassan har frågat en entreprenör om hålet i Storgatan och svarat Leif om snöröjningen.\n"
        "  Robert följer hålet. Regeln Biblioteken träffar ett brev i kön. Invånarna ser /oppet/arenden.\n\n"
        "Ctrl-C avslutar.\n"
    )
