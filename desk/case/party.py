"""The correspondent as a person writes them down in a form."""

from collections.abc import Collection

from cases.case import Party
from desk.forms import Posted, flatten


def read_party(form: Posted, kinds: Collection[str] = ()) -> Party:
    """Who wrote or told it; of one who wants to be anonymous nothing is kept, whatever stands in the fields.

    ``kinds`` are the kinds of sender that the form offered.
    """
    kind = form.text("slag") if form.text("slag") in kinds else ""
    if form.ticked("anonym"):
        return Party(anonymous=True, kind=kind)
    email = flatten([form.text("epost")])[:254]
    if email and not _like_address(email):
        raise form.refusal("epost", f"E-postadressen ”{email}” ser inte rätt ut. Rätta den eller lämna fältet tomt.")
    name, phone = flatten([form.text("namn")])[:200], flatten([form.text("telefon")])[:60]
    return Party(name=name, email=email, phone=phone, address=form.text("adress")[:500], kind=kind)


def _like_address(text: str) -> bool:
    name, at, host = text.partition("@")
    return bool(name and at and "." in host) and not any(c.isspace() or c in '<>,;"' for c in text)
