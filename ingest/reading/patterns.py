"""Building the long patterns of many languages from lists that can be read."""

import re


def alternatives(text: str) -> str:
    r"""Return the alternatives of a pattern, written on lines of their own or with ``|`` between them, as one.

    A line that ends with a backslash goes on in the next. Keep every alternative bounded: the patterns built from it
    must stay linear.
    """
    joined = re.sub(r"\\\n\s*", "", text.strip())
    lines = (line.strip().strip("|") for line in joined.splitlines())
    return "|".join(line for line in lines if line)
