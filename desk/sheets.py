"""Spreadsheet files as text that no spreadsheet takes for anything else."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from starlette.responses import Response

from cases.calendar import STOCKHOLM
from desk.security import disposition


def download(name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """The rows as a file to keep, of that name and ``.csv``."""
    headers = {"Content-Disposition": disposition(f"{name}.csv")}
    return Response(csv_file(columns, rows), media_type="text/csv", headers=headers)


def csv_file(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The rows below their headings, as a Swedish spreadsheet opens them: semicolons, UTF-8 with its mark."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(text) for text in row] for row in rows)
    # The byte order mark tells a Swedish Excel that this is UTF-8.
    return out.getvalue().encode("utf-8-sig")


def stamp(at: datetime) -> str:
    """A point of time as a spreadsheet can sort it: Swedish time, year first."""
    return at.astimezone(STOCKHOLM).isoformat(" ", "seconds")[:19]


def _cell(text: str) -> str:
    """A cell no spreadsheet takes for a formula (CWE-1236)."""
    flat = " ".join(text.split())
    return f"'{flat}" if flat.startswith(("=", "+", "-", "@")) else flat
