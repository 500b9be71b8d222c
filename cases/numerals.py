"""Small numbers as words, as Swedish text has them."""

_SMALL = ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")


def count_words(count: int, one: str, many: str) -> str:
    """``inga ärenden``, ``ett ärende``, ``tre ärenden``, ``14 ärenden``; ``one`` comes with its article."""
    if count == 0:
        return f"inga {many}"
    if count == 1:
        return one
    return f"{_SMALL[count] if count < len(_SMALL) else count} {many}"
