"""How full a mailbox is, in the words of check, doctor and alarm."""

from cases.numerals import size_words
from ingest.quota import Room
from service.checks.line import CheckLine


def room_line(mailbox: str, done: str, room: Room) -> CheckLine:
    """Whether there is room for more in a mailbox whose fetched letters lie in the folder ``done``."""
    name, text = f"Brevlådan {mailbox}, utrymme", f"{room.percent} % av {size_words(room.limit)} är fyllt"
    if not room.short:
        return CheckLine(name, True, text)
    remedy = (
        f"Låt den som sköter e-posten höja gränsen, eller flytta undan det i mappen {done} som är äldre än er äldsta "
        "säkerhetskopia: allt finns i Lyhörd."
    )
    return CheckLine(name, False, f"{text}, och ett brev till en full brevlåda studsar", remedy)
