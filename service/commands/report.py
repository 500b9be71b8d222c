"""``lyhord report``: a half-year's or a year's compilation as a file."""

import argparse
from pathlib import Path

from cases.calendar import local_day
from cases.compilations.periods import latest_period, read_period
from cases.errors import ConfigError
from service.commands.common import add_config, settings_of, write_out
from service.commands.opening import opened
from service.report_rules import report_rules
from service.reports import FILES, whole_report


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which compilation, as what, where to."""
    add_config(parser)
    parser.add_argument("--period", metavar="PERIOD", default="", help="ett år (2026) eller ett halvår (2026-H1)")
    parser.add_argument(
        "--unit", metavar="ENHET", default="", help="bara en enhet, förvaltning eller nämnd, med det id den har i filen"
    )
    parser.add_argument(
        "--format",
        choices=sorted(FILES),
        help="tal är siffrorna som CSV, csv är listan; annars som filens namn slutar, eller pdf",
    )
    parser.add_argument("--out", metavar="FIL", type=Path, required=True, help="filen att skriva")


def run(asked: argparse.Namespace) -> int:
    """Write the file, and say on the terminal what is missing in it."""
    kind = asked.format or _by_name(asked.out)
    with opened(settings_of(asked)) as house:
        today = local_day(house.clock())
        period = read_period(asked.period) if asked.period else latest_period(report_rules(house.settings), today)
        report = whole_report(house, period, asked.unit)
    write_out(asked.out, FILES[kind].write(report))
    print(f"{report.title}, {report.scope}: {asked.out}")
    for gap in report.gaps:
        print(f"  {gap}")
    return 0


def _by_name(out: Path) -> str:
    """The kind that the file's name says. Raises ConfigError for an ending that would promise another."""
    ending = out.suffix.lower().removeprefix(".")
    if ending and ending not in FILES:
        kinds = ", ".join(dict.fromkeys(f".{kind.ending}" for kind in FILES.values()))
        raise ConfigError(
            f"{out}: .{ending} skrivs inte. Välj {kinds} i namnet, eller säg med --format vad det ska vara."
        )
    return ending or "pdf"
