"""What is shown once, a password or a key: the same form gets the same again, so a double click or reload loses none.

Nothing of it is kept: it follows from the page's own form, the person and the secret of the installation.
"""

import secrets
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta

from desk.context import Asked
from desk.forms import Posted

_AGAIN = timedelta(minutes=10)


def form_seed(person: Asked, form: Posted) -> str:
    """256 bits as text for addresses, which no other form and nobody else gets; new each time for a form without id."""
    once = form.once(person.user.id)
    if not once:
        return secrets.token_urlsafe(32)
    digest = bytes.fromhex(person.desk.sealer.digest("shown once", once))
    return urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def shown_again(made_at: datetime, now: datetime) -> bool:
    """Whether what was made then is still shown to who sends the same form again."""
    return now - made_at < _AGAIN
