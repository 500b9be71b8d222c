"""The person who looks after the quarantine: has each letter that nothing is wrong with read again."""

from datetime import datetime

from storage import SqlStore
from storage.search.analyse import analyse

GIFT = b"X-Gift"


def put_back(url: str, tried: set[str], now: datetime) -> int:
    """Give letters put aside their tries anew, those without a gift and not ``tried`` before; how many, noted there.

    One that was in three passes whose reader was killed is put aside though it was not why, and must then be read.
    """
    store = SqlStore(url, analyser=analyse)
    try:
        with store.begin() as tx:
            aside = [one.raw_id for one in tx.quarantined() if one.raw_id not in tried]
            whole = [raw_id for raw_id in aside if GIFT not in tx.raw_content(raw_id)]
            for raw_id in whole:
                tx.retry_quarantined(raw_id, now)
    finally:
        store.close()
    tried.update(whole)
    return len(whole)
