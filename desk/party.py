"""The correspondent as a person writes them down in a form."""

from cases.case import Party
from cases.errors import NotAllowed
from desk.forms import Posted, flatten

SENDER_KINDS = ("Invånare", "Anhörig", "Företag", "Förening", "Myndighet", "Besökare")


def read_party(form: Posted) -> Party:
    """Who wrote or told it; of one who wants to be anonymous nothing is kept, whatever stands in the fields."""
    kind = form.text("slag") if form.text("slag") in SENDER_KINDS else ""
    if form.ticked("anonym"):
        return Party(anonymous=True, kind=kind)
    email = flatten([form.text("epost")])[:254]
    if email and not _like_address(email):
        raise NotAllowed(f"E-postadressen ”{email}” ser inte rätt ut. Rätta den eller lämna fältet tomt.")
    name, phone = flatten([form.text("namn")])[:200], flatten([form.text("telefon")])[:60]
    return Party(name=name, email=email, phone=phone, address=form.text("adress")[:500], kind=kind)


def _like_address(text: str) -> bool:
    name, at, host = text.partition("@")
    return bool(name and at and "." in host) and not any(c.isspace() or c in '<>,;"' for c in text)
