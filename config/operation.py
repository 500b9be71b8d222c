"""The keys of running it for years: backups, watching, alarms, days when something ends, and the probe letter."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from config.kinds import BOOLEAN, DATE, FILE, LINE, PLACE, SECRET, SLUG, choice, integer, list_of, optional
from config.places import EMAIL, NETWORK, SECURE_URL, WEB_PROXY
from config.schema import Key
from config.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupSettings:
    """Where ``lyhord backup`` writes, whom it encrypts for, and how many copies are kept."""

    folder: Annotated[
        Path | Literal[""],
        Key(
            optional(PLACE),
            "Mappen för säkerhetskopior, helst på en annan disk; tomt betyder att den anges på kommandoraden.",
            default="",
            example="/srv/lyhord-kopior",
        ),
    ]
    recipients: Annotated[
        tuple[str, ...],
        Key(
            list_of(LINE),
            "Publika nycklar (age1…) som kopian krypteras för. De hemliga nycklarna ska inte ligga på servern.",
            default=(),
        ),
    ]
    keep: Annotated[int, Key(integer(1, 3650, "kopior"), "Hur många kopior som sparas; äldre tas bort.", default=14)]
    with_secrets: Annotated[
        bool, Key(BOOLEAN, "Ta med hemligheterna (lösenord och nycklar) som inställningarna pekar på.", default=False)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchSettings:
    """Who may read the figures at ``/metrics``, and the form of the log."""

    metrics_networks: Annotated[
        tuple[str, ...],
        Key(
            list_of(NETWORK),
            "Adresser som får läsa mätvärdena på /metrics utan nyckel; tomt betyder ingen.",
            default=(),
            example=["127.0.0.1", "10.20.0.5"],
        ),
    ]
    metrics_token: Annotated[
        Secret | None,
        Key(
            SECRET,
            "Nyckel (Authorization: Bearer …) som ger rätt att läsa /metrics från andra adresser.",
            default=None,
            example="LYHORD_METRICS_TOKEN",
        ),
    ]
    log_format: Annotated[
        Literal["text", "json"],
        Key(choice("text", "json"), "Loggens form: text för människor, json för ett loggsystem.", default="text"),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmSettings:
    """Who is told when the service does not do well, and what counts as that."""

    mail_to: Annotated[
        tuple[str, ...],
        Key(
            list_of(EMAIL),
            "Adresser som får driftlarm. Inga personuppgifter står i dem.",
            default=(),
            example=["drift@kommunen.example"],
        ),
    ]
    webhook: Annotated[
        str,
        Key(
            optional(SECURE_URL),
            "Adress som får driftlarm som JSON, också när e-posten inte går.",
            default="",
            example="https://larm.kommunen.example/lyhord",
        ),
    ]
    ca_file: Annotated[
        Path | Literal[""],
        Key(
            optional(FILE),
            "Egen utgivares certifikat (PEM), om den som tar emot larmen inte har ett allmänt.",
            default="",
        ),
    ]
    proxy: Annotated[str, WEB_PROXY]
    poll_minutes: Annotated[
        int,
        Key(
            integer(5, 1440, "minuter"),
            "Larma när en brevlåda inte har lästs, eller skannerns mapp inte har tagits om hand, på så länge.",
            default=40,
        ),
    ]
    queue_minutes: Annotated[
        int, Key(integer(5, 1440, "minuter"), "Larma när ett brev har väntat så länge på att läsas.", default=30)
    ]
    outbox_minutes: Annotated[
        int, Key(integer(5, 1440, "minuter"), "Larma när ett brev ut har väntat så länge på att gå.", default=60)
    ]
    disk_mebibytes: Annotated[
        int, Key(integer(100, 1_000_000, "MiB"), "Larma när mindre än så är ledigt på databasens disk.", default=2048)
    ]
    backup_hours: Annotated[
        int,
        Key(
            integer(0, 8760, "timmar"),
            "Larma när den senaste säkerhetskopian är äldre än så, eller har misslyckats; 0 larmar aldrig. Gäller där "
            "backup.folder är satt eller lyhord backup någon gång har körts.",
            default=48,
        ),
    ]
    expiry_days: Annotated[
        int, Key(integer(1, 365, "dagar"), "Larma så långt innan något i [[expiries]] går ut.", default=30)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpirySettings:
    """A certificate, an app's secret or the like that stops working on a known day."""

    id: Annotated[str, Key(SLUG, "Id.", example="m365")]
    name: Annotated[str, Key(LINE, "Vad det är, som larmet säger det.", example="Appens hemlighet i Entra ID")]
    day: Annotated[date, Key(DATE, "Sista dagen det gäller.", example="2027-11-30")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeSettings:
    """A letter mailed to ourselves on a schedule, to see that letters become cases."""

    enabled: Annotated[
        bool, Key(BOOLEAN, "Skicka provbrev till brevlådan och larma om de inte blir ärenden.", default=False)
    ]
    from_address: Annotated[
        str,
        Key(
            optional(EMAIL),
            "Provbrevens avsändare: en adress som börjar med noreply, som SMTP-servern får skicka från och som ingen "
            "läser. Krävs med enabled.",
            default="",
            example="noreply-prov@kommunen.example",
        ),
    ]
    every_minutes: Annotated[int, Key(integer(10, 1440, "minuter"), "Hur ofta ett provbrev skickas.", default=60)]
    within_minutes: Annotated[
        int, Key(integer(2, 240, "minuter"), "Larma om provbrevet inte har blivit ett ärende på så länge.", default=15)
    ]
