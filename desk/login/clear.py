"""Words that are read aloud and typed from paper."""

from hashlib import sha512

# Neither 0 and o nor 1, i and l.
_CLEAR = "abcdefghjkmnpqrstuvwxyz23456789"


def clear_word(seed: str, parts: int, length: int) -> str:
    """So many parts of so many clear characters, ``k7fm-29xp``; the same for the same seed, which is long and secret.

    Five bits a character, from 512: at most forty characters, each as likely as the next.
    """
    number, letters = int.from_bytes(sha512(seed.encode()).digest(), "big"), ""
    for _ in range(parts * length):
        number, at = divmod(number, len(_CLEAR))
        letters += _CLEAR[at]
    return "-".join(letters[i : i + length] for i in range(0, len(letters), length))
