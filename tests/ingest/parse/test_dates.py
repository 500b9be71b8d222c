"""Dates as programs write them that never read the standard."""

import pytest

from ingest.reading.dates import read_date

EIGHT = "2026-11-03T08:00:00"
DATES = {
    "Tue, 3 Nov 2026 08:00:00 +0100": f"{EIGHT}+01:00",
    "Tue, 3 Nov 2026 08:00:00 +01:00": f"{EIGHT}+01:00",
    "Tue, 3 Nov 2026 08:00:00 GMT+0100": f"{EIGHT}+01:00",
    "Tue, 3 Nov 2026 08:00:00 GMT-03:30": f"{EIGHT}-03:30",
    "Tue, 3 Nov 2026 08:00:00 CEST": f"{EIGHT}+02:00",
    'Tue, 3 Nov 2026 08:00:00 "CET"': f"{EIGHT}+01:00",
    "Tue Nov  3 08:00:00 CET 2026": f"{EIGHT}+01:00",
    "Tue, 3 Nov 2026 08:00:00.123 +0100": f"{EIGHT}+01:00",
    "Tue, 3 Nov 2026 08:00:00 EST": f"{EIGHT}-05:00",
    # A remark does not move the clock, and neither does a zone that nobody knows.
    "Tue, 3 Nov 2026 08:00:00 +0000 (CET)": f"{EIGHT}+00:00",
    "Tue, 3 Nov 2026 08:00:00 XYZ": f"{EIGHT}+00:00",
    "Tue, 3 Nov 2026 08:00:00 EAT": f"{EIGHT}+03:00",
    "Tue, 3 Nov 2026 08:00:00 +01": f"{EIGHT}+01:00",
    "2026-11-03 08:00:00+01": f"{EIGHT}+01:00",
    "tis, 3 nov 2026 08:00:00 +0100": f"{EIGHT}+01:00",
    "ti, 3 marras 2026 08:00:00 +0200": f"{EIGHT}+02:00",
    "mar., 3 févr. 2026 08:00:00 +0100": "2026-02-03T08:00:00+01:00",
    "Вт, 3 ноя 2026 08:00:00 +0300": f"{EIGHT}+03:00",
    "2026-11-03 08:00:00": f"{EIGHT}+00:00",
    "20261103T080000Z": f"{EIGHT}+00:00",
    "3.11.2026 08:00": f"{EIGHT}+00:00",
    "11/3/2026 8:00 AM": f"{EIGHT}+00:00",
    "Tue, 11/03/2026 08:00:00 +0100": f"{EIGHT}+01:00",
    "23/11/2026 8:00": "2026-11-23T08:00:00+00:00",
    "Tue, 3 Nov 2026 08:00:00 GMT+1": f"{EIGHT}+01:00",
    "Tue, Nov 3, 2026 8:00:00 AM +0100": f"{EIGHT}+01:00",
    "Tue, Nov 3, 2026 8:00:00 p.m. +0100": "2026-11-03T20:00:00+01:00",
    "Nov 3, 2026 12:30 AM": "2026-11-03T00:30:00+00:00",
    # Windows' names of zones, which the day tells winter from summer of, and places.
    "Tue, 3 Nov 2026 08:00:00 W. Europe Standard Time": f"{EIGHT}+01:00",
    "Fri, 3 Jul 2026 08:00:00 (Romance Standard Time)": "2026-07-03T08:00:00+02:00",
    "Tue, 3 Nov 2026 08:00:00 FLE Standard Time": f"{EIGHT}+02:00",
    "Tue, 3 Nov 2026 08:00:00 Eastern Standard Time": f"{EIGHT}-05:00",
    "Tue, 3 Nov 2026 08:00:00 +0000 (W. Europe Standard Time)": f"{EIGHT}+00:00",
    "2026-11-03T08:00:00 Europe/Stockholm": f"{EIGHT}+01:00",
    "3-Nov-2026 08:00:00 MEZ": f"{EIGHT}+01:00",
    "3 listopada 2026 08:00:00 +0100": f"{EIGHT}+01:00",
    "3. marraskuuta 2026 8.00": f"{EIGHT}+00:00",
    "3 ноября 2026 г. 08:00:00 +0300": f"{EIGHT}+03:00",
    "3 kasım 2026 08:00:00 +0300": f"{EIGHT}+03:00",
    "den 3 november 2026 kl. 08:00:00": f"{EIGHT}+00:00",
}


@pytest.mark.parametrize("written", DATES)
def test_a_date(written):
    found = read_date(written)
    assert found is not None
    assert found.isoformat() == DATES[written]


@pytest.mark.parametrize("written", ["", "i går", "Tue, 31 Nov 2026 08:00:00 +0100", "31/11/2026 8:00"])
def test_what_is_no_date(written):
    assert read_date(written) is None


def test_a_date_written_as_usual_is_the_one_it_is_when_read_thoroughly():
    days = ("Tue, 3 Nov 2026", "31 Nov 2026", "3 Maj 2026", "1 Jan 1969", "03 Dec 2026")
    clocks = ("08:00:00", "23:59:60", "24:00:00")
    zones = ("+0100", "-0000", "-0530", "+2400", "+0200 (CEST)")
    for written in (f"{day} {clock} {zone}" for day in days for clock in clocks for zone in zones):
        assert read_date(written) == read_date(f" {written}"), written
