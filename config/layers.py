"""Finding, reading and laying configuration files on top of each other."""

import os
import pwd
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import resources
from pathlib import Path

from cases.faults import os_words
from config.lines import lines_of
from config.naming import Tree, holder, identity, paths, tables
from config.problems import MISSING, InvalidSettings, Problem, Written, shown
from config.syntax import told

PROFILES = ("osby", "rattvik", "demo")
"""The profiles that come with Lyhörd."""
EXTENDS = "extends"
"""The key, above all tables, that names what a file builds on."""
_MAX_LAYERS = 8


@dataclass(frozen=True, slots=True)
class Layered:
    """The merged tree of a file and all it builds on; ``origins`` tells where each dotted key was written."""

    file: str
    base: Path
    profile: str
    tree: Tree
    origins: dict[str, Written]


def read_layers(path: Path | str) -> Layered:
    """Read a profile by name or a file, and what it ``extends``. Raises InvalidSettings with the one fault found."""
    source = str(path)
    base = Path.cwd() if source in PROFILES else Path(path).absolute().parent
    layers = _chain(source)
    tree: Tree = {}
    origins: dict[str, Written] = {}
    for name, layer, lines in reversed(layers):
        tree = merge(tree, layer)
        origins |= {key: Written(name, _line(lines, key)) for key in paths(layer)}
    profile = next((name for name, *_ in reversed(layers) if name in PROFILES), "")
    return Layered(source, base, profile, tree, origins)


def _line(lines: Mapping[str, int], key: str) -> int:
    """The line of a key, or of the table in which it stands on one line with others; 0 where none is known."""
    while key and key not in lines:
        key = holder(key)
    return lines.get(key, 0)


def profile_text(name: str) -> str:
    """The TOML of a shipped profile."""
    return resources.files("config").joinpath("profiles", f"{name}.toml").read_text(encoding="utf-8")


def merge(under: Tree, over: Tree) -> Tree:
    """Lay one tree on another: tables are joined, tables in arrays by identity, all else replaced.

    A table in an array with ``remove = true`` takes away the one below. A secret's ``_env`` replaces its ``_file`` and
    the other way round.
    """
    merged = {key: value for key, value in under.items() if _other_spelling(key) not in over}
    for key, value in over.items():
        below = merged.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            merged[key] = merge(below, value)
        elif isinstance(below, list) and tables(below) and tables(value):
            merged[key] = _merge_items(below, value)
        else:
            merged[key] = value
    return merged


def _merge_items(under: list[Tree], over: list[Tree]) -> list[Tree]:
    merged = list(under)
    places = {identity(item): place for place, item in enumerate(under) if identity(item)}
    removed = set()
    for item in over:
        # Each is used once, so that an id written twice in one file is seen as the fault it is.
        place = places.pop(identity(item), None)
        if place is None:
            merged.append(item)
        elif item.get("remove") is True:
            removed.add(place)
        else:
            merged[place] = merge(merged[place], item)
    return [item for place, item in enumerate(merged) if place not in removed]


def _other_spelling(key: str) -> str:
    if key.endswith("_env"):
        return key.removesuffix("_env") + "_file"
    return key.removesuffix("_file") + "_env" if key.endswith("_file") else ""


def _chain(source: str) -> list[tuple[str, Tree, dict[str, int]]]:
    layers: list[tuple[str, Tree, dict[str, int]]] = []
    while source:
        if source in (name for name, *_ in layers) or len(layers) == _MAX_LAYERS:
            raise _fault(layers[-1][0], EXTENDS, source, "Filerna bygger på varandra i en ring.", "Ta bort en extends.")
        tree, lines = _read(source, layers[-1][0] if layers else "")
        following = tree.pop(EXTENDS, "")
        if not isinstance(following, str):
            raise _fault(source, EXTENDS, following, "Här ska det stå en text.", f"Välj bland {', '.join(PROFILES)}.")
        layers.append((source, tree, lines))
        source = _beside(source, following)
    return layers


def _beside(source: str, following: str) -> str:
    if not following or following in PROFILES or source in PROFILES:
        return following
    return str(Path(source).parent / following)


def _read(source: str, asked_by: str) -> tuple[Tree, dict[str, int]]:
    """What a file says and on which lines; of a profile, which nobody edits, none."""
    try:
        text = profile_text(source) if source in PROFILES else _text(source)
        tree = tomllib.loads(text)
        return tree, {} if source in PROFILES else lines_of(text, tree)
    except tomllib.TOMLDecodeError as error:
        key, what, remedy = told(str(error), text)
        raise _fault(source, key, MISSING, what, remedy) from error
    except RecursionError as error:
        raise _fault(source, "", MISSING, "Filen är för djupt nästlad.", "Ta bort nästlade listor.") from error
    except (OSError, ValueError) as error:
        key, place = (EXTENDS, asked_by) if asked_by else ("", source)
        what, remedy = _unread(source, error)
        raise _fault(place, key, source if asked_by else MISSING, what, remedy) from error


def _text(source: str) -> str:
    content = Path(source).read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        what = f"Filen är inte skriven i UTF-8 (rad {line})."
        raise _fault(source, "", MISSING, what, "Spara om den som UTF-8.") from error


def _unread(source: str, error: OSError | ValueError) -> tuple[str, str]:
    # A name no file can have is a ValueError.
    if isinstance(error, ValueError | FileNotFoundError):
        return "Filen finns inte.", _find_it(source)
    if isinstance(error, IsADirectoryError):
        return "Det är en mapp.", f"Ange filen i den, till exempel {Path(source) / 'lyhord.toml'}."
    return unreadable(error), "Kör som den användare som filen är till för, eller ge den rätt att läsa filen."


def unreadable(error: OSError) -> str:
    """Why a file that is there was not read: this user may not, or the system's own words."""
    if isinstance(error, PermissionError):
        return f"Filen får inte läsas av {_who()}."
    return f"Filen går inte att läsa ({os_words(error)})."


def _who() -> str:
    # pwd is asked and not the environment, which says who logged in and not as whom we run.
    try:
        return f"användaren {pwd.getpwuid(os.geteuid()).pw_name}"
    except KeyError:
        return f"användaren med nummer {os.geteuid()}"


def _find_it(source: str) -> str:
    near = get_close_matches(Path(source).stem.lower(), PROFILES, n=1)
    hint = f" Menade du profilen {near[0]}?" if near else ""
    return f"Ange en fil som finns eller en profil: {', '.join(PROFILES)}.{hint}"


def _fault(file: str, key: str, value: object, what: str, remedy: str) -> InvalidSettings:
    return InvalidSettings((Problem(file, key, shown(value), what, remedy),))
