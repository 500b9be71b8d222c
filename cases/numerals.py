"""Numbers as Swedish text has them: small ones as words, shares as whole percent."""

_SMALL = ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")


def count_words(count: int, one: str, many: str) -> str:
    """``inga ärenden``, ``ett ärende``, ``tre ärenden``, ``14 ärenden``; ``one`` comes with its article."""
    if count == 0:
        return f"inga {many}"
    if count == 1:
        return one
    return f"{_SMALL[count] if count < len(_SMALL) else count} {many}"


NEARLY_NONE, NEARLY_ALL = "under 1 %", "över 99 %"
_SUREST = 0.99


def percent_words(share: float) -> str:
    """A share, 0 to 1, as ``12 %``, half of one up; `NEARLY_NONE` or `NEARLY_ALL` where none or all would be untrue.

    One broken promise of 500 is not nought.
    """
    # 0.145 is a little less in binary.
    whole = int(share * 100 + 0.5 + 1e-9)
    if whole == 0 and share > 0:
        return NEARLY_NONE
    return NEARLY_ALL if whole == 100 and share < 1 else f"{whole} %"


def sureness_words(confidence: float) -> str:
    """A confidence, 0 to 1, as ``87 %``: never a hundred for what is only nearly sure."""
    return percent_words(min(confidence, _SUREST))


def size_words(size: int) -> str:
    """Bytes as ``12 kB``, ``3,4 MB``, ``65,9 GB``: by thousands, as letters, disks and everything else say them."""
    if size < 1000:
        return f"{size} byte"
    if round(size / 1000) < 1000:
        return f"{round(size / 1000)} kB"
    unit, name = (1_000_000, "MB") if round(size / 100_000) < 10_000 else (1_000_000_000, "GB")
    return f"{size / unit:.1f} {name}".replace(".", ",")
