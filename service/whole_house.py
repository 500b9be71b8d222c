"""The whole house: with the rooms where letters are read, those in the mailbox and those on paper."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from hashlib import sha256

from cases.inbound.messages import InboundMessage, ScanState
from cases.ports import Clock, NewId
from config import Settings
from config.intake import AntivirusSettings, FormMailSettings
from ingest.antivirus import Clamd
from ingest.forms.source import FIELDS, FormSource
from ingest.intake import Intake
from notifier.logo import Logo
from service import late
from service.bootstrap import House, build, swedish_days_off
from service.clock_and_ids import new_id, utc_now
from service.installation.paper_room import PaperRoom
from service.installation.paper_setup import paper_room
from service.stages import Stages


@dataclass(frozen=True, slots=True)
class WholeHouse(House):
    """One municipality's installation with all its rooms."""

    stages: Stages
    paper: PaperRoom


def build_whole(
    settings: Settings, *, clock: Clock = utc_now, new_id: NewId = new_id, always_in_service: bool = False
) -> WholeHouse:
    """As ``bootstrap.build``, with all the rooms."""
    house = build(settings, clock=clock, new_id=new_id, always_in_service=always_in_service)
    stages = Stages(house.store, house.office, reader(settings, house.renderer.logo), house.model.live.opened)
    paper = paper_room(settings, house.store, house.office, new_id)
    rooms = {one.name: getattr(house, one.name) for one in fields(house)}
    return WholeHouse(**rooms, stages=stages, paper=paper)


def reader(settings: Settings, logo: Logo | None = None) -> Callable[[bytes], InboundMessage]:
    """The reading of letters with this municipality's own servers, spam filter, forms, virus scanner and logo."""
    intake = settings.intake
    return Intake(
        own_servers=(*intake.own_servers, *intake.authserv_ids),
        spam_headers=intake.spam_headers,
        forms=tuple(_form(form) for form in settings.form_mails),
        scan=scanner(settings.antivirus),
        trusted_header=intake.trusted_header,
        own_files=frozenset({sha256(logo.png).hexdigest()} if logo else ()),
    )


def _form(form: FormMailSettings) -> FormSource:
    # The form's question for a heading is ``title`` in the file, where ``subject`` is the mail's.
    named = {name: getattr(form, "title" if name == "subject" else name) for name in FIELDS}
    return FormSource(
        id=form.id,
        senders=frozenset(sender.lower() for sender in form.senders),
        channel=form.channel_in,
        labels=named,
        subject=form.subject,
        machines=form.machines,
        ends=form.ends,
    )


def scanner(chosen: AntivirusSettings) -> Callable[[bytes], ScanState] | None:
    """What looks for viruses in a file; None where there is no scanner."""
    if not chosen.socket:
        return None
    return Clamd(chosen.socket, chosen.timeout_seconds, chosen.max_bytes, time.monotonic).scan


def warm_up() -> None:
    """Load word lists, calendars and the code of the model now.

    Their first use takes up to seconds, which it must not do in a transaction, nor in each of several processes.
    """
    late.load_all()
    swedish_days_off(utc_now().year)


def settle() -> None:
    """Let the garbage collector leave alone what stands now and stays: to look it through cost 5 % of a letter."""
    gc.collect()
    gc.freeze()
