"""The commented file that ``lyhord init`` writes: every key, its meaning, and the profile's value or the default."""

import textwrap
import tomllib
from collections.abc import Iterator
from difflib import get_close_matches

from cases.errors import NotFound
from config.kinds import SECRET
from config.layers import PROFILES, profile_text
from config.naming import Tree
from config.reference import default_text
from config.schema import REQUIRED, Key, Slot, Table, slots
from config.settings import ConfigFile
from config.writing import to_toml

_HEAD = """\
Inställningar för Lyhörd, från profilen {profile}.

Varje nyckel har sin betydelse ovanför. En rad som börjar med "# nyckel =" visar förvalet eller ett exempel; ta bort
# för att ändra det. Personer, adresser och servrar är påhittade: byt ut dem mot era egna.
Hemligheter står aldrig här, utan i miljövariabler (..._env) eller filer (..._file).
${{NAMN}} i en text byts mot miljövariabeln NAMN, och ${{NAMN:-värde}} mot värdet om den saknas.
Kontrollera filen med: lyhord check"""
_WIDTH = 118


def template(profile: str) -> str:
    """The complete, commented TOML of a profile for a municipality to change. Raises NotFound for another name."""
    if profile not in PROFILES:
        near = get_close_matches(profile, PROFILES, n=1)
        hint = f" Menade du {near[0]}?" if near else ""
        raise NotFound(f"Det finns ingen profil {profile!r}; välj bland {', '.join(PROFILES)}.{hint}")
    tree = tomllib.loads(profile_text(profile))
    lines = [*_comment(_HEAD.format(profile=profile))]
    for slot in slots(ConfigFile):
        if isinstance(slot.what, Table):
            lines += ["", *_comment(f"--- {slot.what.meaning}"), *_section(slot.name, slot.what, tree.get(slot.name))]
    return "\n".join(lines) + "\n"


def _section(name: str, table: Table, value: Tree | list[Tree] | None) -> Iterator[str]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from ([""] if index else [])
            yield f"[[{name}]]"
            yield from _body(name, table.holds, item, told=index > 0)
    else:
        # An empty array of tables is one that need not be: its head is a comment too.
        yield f"# [[{name}]]" if table.many else f"[{name}]"
        yield from _body(name, table.holds, value or {}, told=False)


def _body(name: str, holder: type, tree: Tree, *, told: bool) -> Iterator[str]:
    """The keys of one table; where the meanings are ``told`` already only what differs from the default."""
    apart = []
    for slot in slots(holder):
        if isinstance(slot.what, Table) and slot.what.when is not None:
            apart.append((slot, slot.what))
        elif isinstance(slot.what, Table):
            yield from _inline(slot, slot.what, tree, told=told)
        else:
            yield from _key(slot, slot.what, tree, told=told)
    # A table of its own ends the keys of the one around it, so it comes last.
    for slot, table in apart:
        yield from _apart(f"{name}.{slot.name}", table, tree.get(slot.name), told=told)


def _key(slot: Slot, key: Key, tree: Tree, *, told: bool) -> Iterator[str]:
    if not told:
        yield from _comment(f"{key.meaning} ({_facts(slot, key)})")
    written = [spelling for spelling in slot.spellings if spelling in tree]
    if written:
        yield f"{written[0]} = {to_toml(tree[written[0]])}"
    elif not told:
        yield f"# {slot.spellings[0]} = {to_toml(_shown_value(key))}"


def _shown_value(key: Key) -> object:
    unset = key.default is REQUIRED or key.default is None or key.default in ("", ())
    return key.example if unset and key.example is not None else key.default


def _facts(slot: Slot, key: Key) -> str:
    default = default_text(key)
    plain = default.startswith(("krävs", "ingen"))
    facts = [key.kind.name.replace("`", "").replace("\\|", "|"), default if plain else f"förval {default}"]
    if key.kind is SECRET:
        facts.append(f"eller {slot.spellings[1]}")
    return "; ".join([*facts, *([key.rules] if key.rules else [])])


def _inline(slot: Slot, table: Table, tree: Tree, *, told: bool) -> Iterator[str]:
    if not told:
        inner = "; ".join(f"{each.name}: {each.what.meaning}" for each in slots(table.holds))
        yield from _comment(f"{table.meaning} {inner}")
    yield f"{slot.name} = {to_toml(tree[slot.name])}"


def _apart(name: str, table: Table, tree: Tree | None, *, told: bool) -> Iterator[str]:
    yield from _comment(table.meaning)
    mark = "" if tree is not None else "# "
    yield f"{mark}[{name}]"
    yield from _body(name, table.holds, tree or {}, told=told)


def _comment(text: str) -> list[str]:
    lines = [line for part in text.split("\n") for line in textwrap.wrap(part, _WIDTH, break_on_hyphens=False) or [""]]
    return [f"# {line}".rstrip() for line in lines]
