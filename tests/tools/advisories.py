"""``make audit ADVISORIES=…``: the pinned packages against a copy of an advisory database that lies on this machine.

The copy is a folder or zip with records in the OSV form (ossf.github.io/osv-schema), JSON or YAML: a checkout of
pypa/advisory-database or github/advisory-database, or PyPI/all.zip as OSV hands it out. pip-audit asks servers alone.
"""

import json
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

STALE_DAYS = 30
"""A copy whose newest record is older than this is told of: what was found since is not in it."""
Record = Mapping[str, Any]
_Events = Iterable[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Finding:
    """A pinned package that a record says is weak, and the versions that mend it."""

    package: str
    version: Version
    record: str
    fixed: tuple[str, ...]


def pins(text: str) -> dict[str, Version]:
    """Name and version of each ``name==version`` in a requirements file; hashes and comments are passed by."""
    named = (line.partition("\\")[0].strip() for line in text.splitlines() if line[:1].isalnum())
    found = (Requirement(line.partition(" --hash")[0]) for line in named)
    return {canonicalize_name(one.name): Version(next(iter(one.specifier)).version) for one in found}


def records(place: Path) -> Iterator[Record]:
    """Every record in a folder or zip, but for those that were withdrawn."""
    for name, raw in _zipped(place) if place.is_file() else _laid_out(place):
        # YAML's dates become dates; JSON's stay text, and both begin with the day.
        record = json.loads(raw) if name.endswith(".json") else yaml.load(raw, yaml.CSafeLoader)
        if isinstance(record, dict) and "affected" in record and not record.get("withdrawn"):
            yield record


def _zipped(place: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(place) as packed:
        yield from ((name, packed.read(name)) for name in packed.namelist() if name.endswith((".json", ".yaml")))


def _laid_out(place: Path) -> Iterator[tuple[str, bytes]]:
    for file in chain(place.rglob("*.json"), place.rglob("*.yaml")):
        yield file.name, file.read_bytes()


def findings(known: Iterable[Record], pinned: Mapping[str, Version]) -> Iterator[Finding]:
    """What the records say of the pinned versions."""
    for record in known:
        for affected in record["affected"]:
            package = affected.get("package", {})
            name = canonicalize_name(package.get("name", ""))
            if package.get("ecosystem") == "PyPI" and name in pinned and touches(affected, pinned[name]):
                events = (event for span in affected.get("ranges", ()) for event in span["events"])
                fixed = tuple(event["fixed"] for event in events if "fixed" in event)
                yield Finding(name, pinned[name], "/".join([record["id"], *record.get("aliases", ())]), fixed)


def touches(affected: Record, version: Version) -> bool:
    """Whether a version is listed, or lies in a range of versions (commits are not compared)."""
    spans = (span["events"] for span in affected.get("ranges", ()) if span["type"] == "ECOSYSTEM")
    listed = (_version(text) for text in affected.get("versions", ()))
    return version in listed or any(_within(events, version) for events in spans)


def _within(events: _Events, version: Version) -> bool:
    # OSV's own rule: the last event at or below the version decides; last_affected counts the version itself in.
    steps = sorted((_version(text), kind) for event in events for kind, text in event.items())
    inside = False
    for step, kind in steps:
        if step < version or (step == version and kind != "last_affected"):
            inside = kind == "introduced"
    return inside


def _version(text: str) -> Version:
    try:
        return Version(text)
    except InvalidVersion:
        # Old and odd numbers were never ours: below all.
        return Version("0.dev0")


def main(words: Sequence[str], today: date) -> int:
    """Print what was read and what was found; 1 where a package is weak, 2 where nothing was there to read."""
    place, files = Path(words[0]), [Path(word) for word in words[1:]]
    if not place.exists() or not (known := list(records(place))):
        _say(f"There are no advisories in {place}. Give a checkout of pypa/advisory-database, or OSV's PyPI/all.zip.")
        return 2
    pinned = {name: version for file in files for name, version in pins(file.read_text()).items()}
    weak = sorted(set(findings(known, pinned)), key=lambda one: (one.package, one.record))
    for one in weak:
        _say(f"{one.package} {one.version}: {one.record}; mended in {', '.join(one.fixed) or 'no version'}")
    newest = max(str(record.get("modified", ""))[:10] for record in known)
    _say(f"{len(pinned)} packages, {len(known)} advisories, the newest of {newest}: {len(weak)} found.")
    if (today - date.fromisoformat(newest)).days > STALE_DAYS:
        _say("The copy is old: what has been found since is not in it.")
    return 1 if weak else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], datetime.now(UTC).date()))
