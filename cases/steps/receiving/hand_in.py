"""A letter that another system hands in over the API becomes a case, once, however often it is sent."""

from datetime import datetime

from cases.api import ApiClient, HandedIn
from cases.errors import NotAllowed, StaleVersion
from cases.office import Office
from cases.people.access import User
from cases.ports import Tx
from cases.steps.receiving.by_hand import Spoken, enter


def hand_in(
    tx: Tx, spoken: Spoken, client: ApiClient, key: str, digest: str, office: Office, now: datetime
) -> tuple[HandedIn, bool]:
    """The case of a letter, and whether it was there before; ``digest`` is of all that was sent under ``key``.

    Raises NotAllowed where the key was used for another letter, StaleVersion where another process takes the same
    letter in at this moment: undo all, and call again.
    """
    done = tx.handed_in(client.id, key)
    if done is not None:
        if done.digest != digest:
            raise NotAllowed("The Idempotency-Key was used for another letter.")
        return done, True
    case = enter(tx, spoken, User(client.actor, "", client.name, "", frozenset()), office, now, "Inlämnat genom")
    made = HandedIn(client.id, key, digest, case.id, case.number, case.received_at)
    if not tx.keep_handed_in(made):
        raise StaleVersion(f"The letter {key} is being taken in.")
    return made, False
