"""Why a letter came back, in words: the enhanced status codes of RFC 3463."""

_DETAILS = {
    "1.2": "Mottagarens e-postserver finns inte.",
    "1.8": "Mottagarens server godtog inte vår adress.",
    "2.0": "Mottagarens brevlåda tog inte emot brevet.",
    "2.1": "Mottagarens brevlåda är stängd.",
    "2.2": "Mottagarens brevlåda är full.",
    "2.3": "Brevet var för stort för mottagarens brevlåda.",
    "3.4": "Brevet var för stort för mottagarens server.",
}
_SUBJECTS = {
    "1": "Adressen finns inte.",
    "2": "Mottagarens brevlåda tog inte emot brevet.",
    "3": "Mottagarens server tog inte emot brevet.",
    "4": "Mottagarens server gick inte att nå.",
    "5": "Servrarna förstod inte varandra.",
    "6": "Mottagarens server kunde inte läsa brevet.",
    "7": "Mottagarens server släppte inte in brevet.",
}


def bounce_words(status: str) -> str:
    """What a delivery report's status says to a person: ``5.2.2`` is *Mottagarens brevlåda är full (5.2.2).* in words.

    A code of none of ours says only that the letter did not arrive.
    """
    _, _, rest = status.partition(".")
    subject = rest.partition(".")[0]
    said = _DETAILS.get(rest) or _SUBJECTS.get(subject) or "Brevet kom inte fram."
    return f"{said[:-1]} ({status})." if status else said
