"""Every key with type, default and meaning, read off the schema, and the administrator's page made of them."""

from collections.abc import Iterator
from typing import NamedTuple

from config.kinds import SECRET
from config.layers import PROFILES
from config.schema import REQUIRED, Key, Slot, Table, slots
from config.settings import ConfigFile
from config.writing import to_toml


class KeyDoc(NamedTuple):
    """One key as a reader meets it; ``rules`` are the rows of the routines that it carries."""

    key: str
    type: str
    default: str
    meaning: str
    rules: str = ""


_EXTENDS = KeyDoc(
    "extends", "profil eller fil", '""', "Profilen eller filen som den här bygger på; det som står här går före."
)


def describe() -> list[KeyDoc]:
    """Every key of the file, in the order of the template; ``[]`` marks an array of tables."""
    return [_EXTENDS, *(doc for slot in slots(ConfigFile) for doc in _docs(slot, ""))]


def reference_markdown() -> str:
    """The page ``docs/admin/configuration.md``."""
    parts = [_HEAD]
    for slot in slots(ConfigFile):
        if isinstance(slot.what, Table):
            many = slot.what.many
            title = f"[[{slot.name}]]" if many else f"[{slot.name}]"
            parts.append(
                f"\n## `{title}`\n\n{slot.what.meaning}{_told_apart(slot.what) if many else ''}\n\n{_TABLE_HEAD}"
            )
            parts += [_row(doc, slot.name) for doc in _docs(slot, "")]
    parts.append(f"\n## Rutinernas regler\n\n{_RULES_HEAD}")
    parts += [f"| {rule} | {', '.join(f'`{key}`' for key in keys)} |\n" for rule, keys in _by_rule().items()]
    return "".join(parts)


def default_text(key: Key) -> str:
    """What a reader is told of a key that is left out."""
    if key.when is not None:
        return f"krävs när {key.when[0]} = {key.when[1]}"
    if key.default is REQUIRED:
        return "krävs"
    return "ingen" if key.default is None else to_toml(key.default)


def _docs(slot: Slot, prefix: str) -> Iterator[KeyDoc]:
    what = slot.what
    if isinstance(what, Table):
        inner = f"{prefix}{slot.name}{'[]' if what.many else ''}."
        for following in slots(what.holds):
            yield from _docs(following, inner)
    elif what.kind is SECRET:
        variable, file = slot.spellings
        yield KeyDoc(
            f"{prefix}{variable}",
            "miljövariabels namn",
            default_text(what),
            f"{what.meaning} Var den står.",
            what.rules,
        )
        yield KeyDoc(f"{prefix}{file}", "fil", "i stället", f"{what.meaning} Filen den står i.", what.rules)
    else:
        yield KeyDoc(f"{prefix}{slot.name}", what.kind.name, default_text(what), what.meaning, what.rules)


def _told_apart(table: Table) -> str:
    return f" En tabell för var och en; de skiljs åt på `{table.identity}`."


def _row(doc: KeyDoc, table: str) -> str:
    key = doc.key.removeprefix(table).lstrip("[].")
    plain = doc.default.startswith(("krävs", "ingen", "i stället"))
    default = doc.default if plain else f"`{doc.default}`"
    return f"| `{key}` | {doc.type} | {default} | {doc.meaning} | {doc.rules} |\n"


def _by_rule() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for doc in describe():
        for rule in filter(None, doc.rules.split(", ")):
            found.setdefault(rule, []).append(doc.key)
    return dict(sorted(found.items(), key=lambda item: (item[0][0], int(item[0][1:]))))


_TABLE_HEAD = "| nyckel | typ | förval | betydelse | regel |\n| --- | --- | --- | --- | --- |\n"
_RULES_HEAD = (
    "O är Osbys rutin och R är Rättviks. Regler som inte står här bärs av Lyhörd självt och går inte att stänga av.\n\n"
    "| regel | nycklar |\n| --- | --- |\n"
)
_HEAD = f"""# Inställningar

<!-- Sidan görs av config.reference_markdown(); ändra i config/ och gör om den. -->

En kommun har en fil i TOML. `lyhord init` skriver en med alla nycklar, och `lyhord check` säger allt som är fel på en
gång: fil, nyckel, värde och hur du rättar det. Okända nycklar är fel, så att en felstavning inte går förbi.

**Profiler.** Med Lyhörd följer {", ".join(f"`{name}`" for name in PROFILES)}. Skriv `extends = "rattvik"`
överst, så gäller profilen och din fil behöver bara det som skiljer: tabeller slås ihop nyckel för nyckel, tabeller i
listor (`[[units]]`) efter sitt id, och `remove = true` tar bort en sådan. Andra listor byts ut hela. `extends` kan
också vara en fil, räknad från din fils mapp.

**Miljövariabler.** I varje text, utom i en hemlighet, blir `${{NAMN}}` miljövariabelns värde och `${{NAMN:-värde}}`
värdet efter `:-` när variabeln saknas eller är tom. `$${{` betyder tecknen själva. Tal och true/false får då stå som
text.

**Hemligheter** står aldrig i filen. Skriv `..._env` med namnet på en miljövariabel, eller `..._file` med en fil (till
exempel `/run/secrets/imap`), inte båda. De läses när Lyhörd startar: saknas en så startar det inte, och felet säger
vilken.

**Sökvägar** räknas från inställningsfilens mapp, en SQLite-fils också: `sqlite:///data/lyhord.sqlite`. Fyra snedstreck
börjar en hel sökväg.
"""
