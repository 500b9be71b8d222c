"""The other systems that events are sent to: which of them have missed some, for page, alarms and figures alike."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cases.numerals import count_words
from cases.ports import Tx
from cases.webhooks import DeliveryState, Webhook
from service.bootstrap import House
from service.checks.line import CheckLine

_UNSENT = (DeliveryState.WAITING, DeliveryState.DEAD)
_LOOKED_AT = 200
_REMEDY = (
    "Låt den som har hand om systemet rätta mottagningen, och skicka om på sidan Andra system. Behövs det inte längre, "
    "sluta skicka dit."
)


@dataclass(frozen=True, slots=True)
class FailingHook:
    """A receiver that did not take an event: of its webhook ``id`` this is told; ``dead`` events were given up."""

    id: str
    line: CheckLine
    dead: int


def _hooks(tx: Tx, house: House) -> Sequence[Webhook]:
    return tx.webhooks() if house.settings.api.enabled else ()


def failing_hooks(tx: Tx, house: House) -> Iterator[FailingHook]:
    """Those that have missed events of the last 30 days or take none just now; none where the API is switched off."""
    for hook in _hooks(tx, house):
        failed = next((one for one in tx.deliveries(hook.id, _UNSENT, _LOOKED_AT) if one.error), None)
        if failed is None:
            continue
        counts = tx.delivery_counts(hook.id)
        dead, waiting = counts[DeliveryState.DEAD], counts[DeliveryState.WAITING]
        given_up = count_words(dead, "en händelse är uppgiven", "händelser är uppgivna")
        text = f"{given_up}, {count_words(waiting, 'en', 'fler')} väntar; felet är: {failed.error}"
        yield FailingHook(hook.id, CheckLine(f"Systemet {tx.client(hook.client_id).name}", False, text, _REMEDY), dead)


def unsent_events(tx: Tx, house: House) -> dict[str, float]:
    """How many events wait and how many were given up, of all receivers together."""
    found: Counter[DeliveryState] = Counter(dict.fromkeys(_UNSENT, 0))
    for hook in _hooks(tx, house):
        counts = tx.delivery_counts(hook.id)
        found.update({state: counts[state] for state in _UNSENT})
    return {str(state): float(count) for state, count in found.items()}
