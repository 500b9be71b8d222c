"""Reading a TOML tree against the schema: every value checked, every fault noted, nothing built until all is well."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from config.interpolation import BrokenReference, UnsetVariable, interpolate
from config.kinds import SECRET, Wrong
from config.layers import EXTENDS, unreadable
from config.naming import Tree, item_path
from config.places import DATABASE_URL
from config.problems import HIDDEN, MISSING, Problems
from config.schema import REQUIRED, Key, Slot, Table, slots
from config.secret import Secret, read_secret

_BROKEN = object()
"""Stands for a value whose fault is noted already."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading needs besides the tree: the environment, the folder paths start from, and where faults are noted."""

    environ: Mapping[str, str]
    base: Path
    problems: Problems


def fill(value: Any, path: str, reading: Reading) -> Any:  # noqa: ANN401 - any TOML value
    """The value with every ``${NAME}`` in its texts filled; faults are noted at their key."""
    if isinstance(value, dict):
        return {key: fill(item, f"{path}.{key}" if path else key, reading) for key, item in value.items()}
    if isinstance(value, list):
        return [fill(item, item_path(path, item, index), reading) for index, item in enumerate(value)]
    return _fill_text(value, path, reading) if isinstance(value, str) else value


def _fill_text(text: str, path: str, reading: Reading) -> object:
    try:
        return interpolate(text, reading.environ)
    except UnsetVariable as error:
        what = f"Miljövariabeln {error.name} är inte satt."
        reading.problems.add(path, text, what, f"Sätt den, eller skriv ett förval: ${{{error.name}:-värde}}.")
    except BrokenReference:
        reading.problems.add(
            path, text, "En hänvisning ${ är inte hel.", "Skriv ${NAMN}, eller $${ för tecknen själva."
        )
    return _BROKEN


def read_table(holder: type, tree: object, path: str, reading: Reading) -> Tree:
    """The checked values of a table's keys, defaults filled in; a key at fault is missing from what is returned."""
    if not isinstance(tree, dict):
        if tree is not _BROKEN:
            reading.problems.add(path, tree, "Här ska det stå en tabell.", f"Skriv [{path}] och nycklarna under.")
        return {}
    _refuse_unknown(holder, tree, path, reading)
    values: Tree = {}
    for slot in slots(holder):
        value = _read_slot(slot, tree, path, reading)
        if value is not _BROKEN:
            values[slot.name] = value
    return values


def build(holder: type, values: Tree) -> Any:  # noqa: ANN401 - an instance of the holder
    """The dataclass of a table from its checked values, with those of the tables in it."""
    built = {}
    for slot in slots(holder):
        value = values[slot.name]
        if isinstance(slot.what, Table) and value is not None:
            inner = slot.what.holds
            value = tuple(build(inner, item) for item in value) if slot.what.many else build(inner, value)
        built[slot.name] = value
    return holder(**built)


def _refuse_unknown(holder: type, tree: Tree, path: str, reading: Reading) -> None:
    known = [spelling for slot in slots(holder) for spelling in slot.spellings]
    plain_secrets = {slot.name for slot in slots(holder) if slot.name not in slot.spellings}
    # A misspelt password's key tells its value as little as the right one.
    hide = bool(plain_secrets)
    for key in sorted(tree.keys() - set(known) - plain_secrets):
        hint = _meant(key, known, path)
        value = HIDDEN if hide or "pass" in key.lower() or "secret" in key.lower() else tree[key]
        reading.problems.add(_join(path, key), _plain(value), "Nyckeln är okänd.", f"{hint} Ta annars bort den.")


def _meant(key: str, known: list[str], path: str) -> str:
    if key == EXTENDS:
        return f"{EXTENDS} står överst i filen, före den första [tabellen]."
    near = get_close_matches(key, known if path else [*known, EXTENDS], n=1, cutoff=0.6)
    return f"Menade du {near[0]}?" if near else f"Här finns {', '.join(known)}."


def _read_slot(slot: Slot, tree: Tree, path: str, reading: Reading) -> Any:  # noqa: ANN401
    if not _wanted(slot.what, tree) and not _written_out(slot, tree):
        return None
    if isinstance(slot.what, Table):
        return _read_inner(slot, slot.what, tree, path, reading)
    if slot.what.kind is SECRET:
        return _read_secret(slot, slot.what, tree, path, reading)
    return _read_value(slot.what, tree.get(slot.name, MISSING), _join(path, slot.name), reading)


def _wanted(what: Key | Table, tree: Tree) -> bool:
    if what.when is None:
        return True
    chosen = tree.get(what.when[0], what.when[2])
    return isinstance(chosen, str) and chosen.strip() == what.when[1]


def _written_out(slot: Slot, tree: Tree) -> bool:
    """Whether a secret itself stands in the file, which is refused whether or not it would be read."""
    return slot.name in tree and slot.name not in slot.spellings


def _read_value(key: Key, value: object, path: str, reading: Reading) -> Any:  # noqa: ANN401
    if value is MISSING:
        return _absent(key, path, reading)
    if _touches_broken(value):
        return _BROKEN
    try:
        return key.kind.read(value, reading.base)
    except Wrong as error:
        # An address of a database may hold a password, also where it is wrong.
        hide = key.kind is DATABASE_URL and isinstance(value, str) and "@" in value
        reading.problems.add(path, HIDDEN if hide else value, error.what, error.remedy)
        return _BROKEN


def _absent(key: Key, path: str, reading: Reading) -> Any:  # noqa: ANN401
    if key.default is not REQUIRED:
        return key.default
    example = f" Till exempel {key.example!r}." if key.example else ""
    reading.problems.add(path, MISSING, "Nyckeln saknas.", f"Lägg till den: {key.meaning}{example}")
    return _BROKEN


def _read_inner(slot: Slot, table: Table, tree: Tree, path: str, reading: Reading) -> Any:  # noqa: ANN401
    here = _join(path, slot.name)
    if table.many:
        return _read_items(table, tree.get(slot.name, []), here, reading)
    if table.when is not None and slot.name not in tree:
        reading.problems.add(here, MISSING, "Tabellen saknas.", f"Lägg till den: {table.meaning}")
        return _BROKEN
    return read_table(table.holds, tree.get(slot.name, {}), here, reading)


def _read_items(table: Table, items: object, path: str, reading: Reading) -> list[Tree]:
    if not isinstance(items, list):
        reading.problems.add(
            path, _plain(items), "Här ska det stå en lista av tabeller.", f"Skriv [[{path}]] för var och en."
        )
        return []
    if len(items) < table.least:
        reading.problems.add(path, MISSING, "Det finns ingen.", f"Lägg till minst en: [[{path}]]. {table.meaning}")
    values = [read_table(table.holds, item, item_path(path, item, index), reading) for index, item in enumerate(items)]
    seen: set[object] = set()
    for value in values:
        identity = value.get(table.identity)
        if identity is not None and identity in seen:
            what = f"{table.identity} står på två tabeller."
            reading.problems.add(
                f"{path}[{identity}].{table.identity}", str(identity), what, "Byt det ena, eller ta bort det."
            )
        seen.add(identity)
    return values


def _read_secret(slot: Slot, key: Key, tree: Tree, path: str, reading: Reading) -> Any:  # noqa: ANN401
    variable, file = (_join(path, spelling) for spelling in slot.spellings)
    if slot.name in tree:
        what = "Hemligheter får inte stå i filen."
        remedy = (
            f"Ta bort den och skriv {slot.spellings[0]} (en miljövariabels namn) eller {slot.spellings[1]} (en fil)."
        )
        reading.problems.add(_join(path, slot.name), HIDDEN, what, remedy)
        return _BROKEN
    given = [spelling for spelling in slot.spellings if spelling in tree]
    if len(given) == len(slot.spellings):
        reading.problems.add(file, _plain(tree[given[1]]), f"{given[0]} står här också.", "Låt den ena stå.")
        return _BROKEN
    if not given:
        must = key.default is REQUIRED or key.when is not None
        return _absent(Key(key.kind, key.meaning, example=key.example), variable, reading) if must else key.default
    from_variable = given[0] == slot.spellings[0]
    return (
        _from_environ(tree[given[0]], variable, reading) if from_variable else _from_file(tree[given[0]], file, reading)
    )


def _from_environ(name: object, path: str, reading: Reading) -> object:
    text = _read_value(Key(SECRET, ""), name, path, reading)
    if text is _BROKEN:
        return _BROKEN
    if not reading.environ.get(text):
        reading.problems.add(
            path, text, f"Miljövariabeln {text} är inte satt eller är tom.", "Sätt den där Lyhörd startas."
        )
        return _BROKEN
    return Secret(reading.environ[text], f"miljövariabeln {text}")


def _from_file(name: object, path: str, reading: Reading) -> object:
    text = _read_value(Key(SECRET, ""), name, path, reading)
    if text is _BROKEN:
        return _BROKEN
    file = reading.base / text
    try:
        secret = read_secret(file)
    except UnicodeDecodeError:
        reading.problems.add(path, text, "Filen är inte skriven i UTF-8.", "Spara om den som UTF-8.")
    except (OSError, ValueError) as error:
        reading.problems.add(path, text, *_unread_secret(file, error))
    else:
        if secret:
            return Secret(secret, f"filen {text}", file)
        reading.problems.add(path, text, f"Filen {file} är tom.", "Skriv hemligheten i den, och inget annat.")
    return _BROKEN


def _unread_secret(file: Path, error: OSError | ValueError) -> tuple[str, str]:
    if isinstance(error, ValueError | FileNotFoundError):
        return f"Filen {file} finns inte.", "Skapa den med hemligheten, läsbar för den som Lyhörd kör som."
    return unreadable(error), f"Ge den rätten: chgrp lyhord {file} && chmod 0640 {file}."


def _touches_broken(value: object) -> bool:
    return value is _BROKEN or (isinstance(value, list) and any(_touches_broken(item) for item in value))


def _plain(value: object) -> object:
    return "…" if _touches_broken(value) else value


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
