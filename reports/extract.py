"""A register extract as a ZIP: one file to read, one for machines, and what was attached."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from html import escape
from typing import Any

from cases.calendar import STOCKHOLM, swedish_time
from cases.records.personal_data import Extract

_STYLE = (
    "body{font:1rem/1.55 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1b2430}"
    "h1{line-height:1.2}h2{margin-top:2.5rem;border-top:1px solid #99a;padding-top:1.5rem}"
    "dt{font-weight:600}dd{margin:0 0 .6rem;white-space:pre-wrap;overflow-wrap:anywhere}"
    # What holds more within it, such as each letter, is set apart from what stands beside it.
    "dt:has(+dd>dl){font-size:1.25rem;margin-top:1.75rem}"
    "dd:has(>dl){margin:.6rem 0 1.4rem;padding-left:1rem;border-left:3px solid #99a;white-space:normal}"
    "dl{margin:0}"
)
_MASKED = (
    "Uppgifter om andra personer är ersatta med ord inom hakparentes, till exempel [namn]. Bilagor finns med som namn, "
    "eftersom de kan innehålla uppgifter om andra. Be kommunen om dem om du vill ha dem."
)


def extract_package(extract: Extract, municipality: str, now: datetime) -> bytes:
    """The ZIP: ``utdrag.html``, ``utdrag.json``, and ``bilagor/`` where files go along."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in _files(extract, municipality, now):
            stamp = now.astimezone(STOCKHOLM).timetuple()[:6]
            package.writestr(zipfile.ZipInfo(name, stamp), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _files(extract: Extract, municipality: str, now: datetime) -> Iterator[tuple[str, bytes]]:
    everything = {
        "kommun": municipality,
        "skrivet": swedish_time(now),
        "gäller": {"namn": extract.person.name, "e-post": extract.person.email},
        "andra personer maskerade": extract.masked,
        "om behandlingen": dict(extract.about),
        "ärenden": list(extract.cases),
    }
    yield "utdrag.html", _page(extract, municipality, now).encode()
    yield "utdrag.json", json.dumps(everything, ensure_ascii=False, indent=2).encode("utf-8", "replace")
    for name, content in extract.files.items():
        yield f"bilagor/{_safe(name)}", content


def _safe(name: str) -> str:
    """A path that stays where it is unpacked."""
    parts = name.replace("\\", "/").split("/")
    # What is taken out may leave dots alone.
    clean = ("".join(c for c in part if c.isprintable() and c not in ':*?"<>|').strip(". ")[:120] for part in parts)
    return "/".join(part for part in clean if part) or "fil"


def _page(extract: Extract, municipality: str, now: datetime) -> str:
    title = f"Utdrag ur ärenderegistret, {municipality}"
    who = " ".join(part for part in (extract.person.name, extract.person.email) if part)
    body = [
        f"<h1>{escape(title)}</h1>",
        f"<p>Gäller {escape(who)}. Skrivet {escape(swedish_time(now))}.</p>",
        f"<p>{_MASKED}</p>" if extract.masked else "",
        f"<h2>Så behandlas uppgifterna</h2>{_list(extract.about)}",
        *(
            f"<section><h2>Ärende {escape(str(case['ärendenummer']))}</h2>{_list(case)}</section>"
            for case in extract.cases
        ),
    ]
    return (
        f'<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><main>{''.join(body)}</main></body></html>"
    )


def _list(told: Mapping[str, Any]) -> str:
    return "<dl>" + "".join(_entry(name, value) for name, value in told.items() if value not in ("", [], {})) + "</dl>"


def _entry(name: str, value: object) -> str:
    label = escape(name[:1].upper() + name[1:])
    if isinstance(value, Mapping):
        return f"<dt>{label}</dt><dd>{_list(value)}</dd>"
    if isinstance(value, list):
        return f"<dt>{label}</dt>" + "".join(f"<dd>{_list(one)}</dd>" for one in value)
    return f"<dt>{label}</dt><dd>{escape(str(value))}</dd>"
