"""Building the long patterns of many languages from lists that can be read."""


def alternatives(text: str) -> str:
    """Return the alternatives of a pattern, written on lines of their own or with ``|`` between them, as one.

    Keep every alternative bounded: the patterns built from it must stay linear.
    """
    lines = (line.strip().strip("|") for line in text.strip().splitlines())
    return "|".join(line for line in lines if line)
