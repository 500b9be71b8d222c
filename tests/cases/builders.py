"""Small builders of ground-floor objects for tests."""

from datetime import UTC, datetime
from typing import Any

from cases.calendar import WorkingCalendar
from cases.case import Case, CaseStatus, Channel, Party
from cases.office import Office
from cases.people.organisation import Authority, Department, Official, Organisation, Unit
from cases.routing.areas import Area
from cases.routing.flags import ConfidentialityFlag, FlagKind, FlagState

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


def a_case(**changes: Any) -> Case:
    values: dict[str, Any] = {
        "id": "c" * 32,
        "number": "EK-2026-00001",
        "token": "t" * 26,
        "status": CaseStatus.SUGGESTED,
        "received_at": NOW,
        "channel": Channel.EMAIL,
        "sender": Party("Berit Alm", "berit@mejl.example"),
        "subject": "Lampan är trasig",
        "authority_id": "ks",
    }
    return Case(**{**values, **changes})


def flagged(*kinds: FlagKind, state: FlagState = FlagState.SUGGESTED) -> tuple[ConfidentialityFlag, ...]:
    return tuple(ConfidentialityFlag(kind, state) for kind in kinds)


def an_organisation() -> Organisation:
    def boss(name: str) -> Official:
        return Official(name, "enhetschef", f"{name.split(maxsplit=1)[0].lower()}@ekdala.example")

    return Organisation(
        name="Ekdala kommun",
        authorities={
            "ks": Authority("ks", "Kommunstyrelsen", "KS", "KS/{year}:{serial}"),
            "son": Authority("son", "Socialnämnden", "SN", "SN/{year}:{serial}"),
        },
        departments={
            "klf": Department("klf", "Kommunledningsförvaltningen", "ks", boss("Karin Ek")),
            "sof": Department("sof", "Socialförvaltningen", "son", boss("Sara Dal")),
        },
        units={
            "kansli": Unit("kansli", "Kansliet", "klf", boss("Klara By"), ("kansli@ekdala.example",)),
            "gata": Unit("gata", "Gatuenheten", "klf", boss("Gustav Vik"), ("gata@ekdala.example",)),
            "hemtjanst": Unit("hemtjanst", "Hemtjänsten", "sof", boss("Hanna Å")),
        },
        area_units={Area.GATA_PARK: "gata", Area.ALDREOMSORG: "hemtjanst"},
        home_authority="ks",
        central_unit="kansli",
        central_registrators=("registrator@ekdala.example",),
    )


def an_office(**changes: Any) -> Office:
    """An office that writes no letter: it has no templates."""
    values: dict[str, Any] = {
        "organisation": an_organisation(),
        "promises": (),
        "calendar": WorkingCalendar(lambda _year: frozenset()),
        "renderer": None,
        "new_id": str,
        "case_pattern": "EK-{year}-{serial:05d}",
        "mail_domain": "ekdala.example",
        "desk_url": "https://lyhord.ekdala.example",
    }
    return Office(**{**values, **changes})
