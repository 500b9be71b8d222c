"""Case numbers and registry numbers: a pattern per series, filled in and recognised again."""

import re
from functools import lru_cache


def format_number(pattern: str, *, year: int, serial: int, plan: str = "") -> str:
    """Fill a pattern such as ``EK-{year}-{serial:05d}`` or ``KS/{year}:{serial} {plan}``."""
    return pattern.format(year=year, serial=serial, plan=plan).strip()


@lru_cache(maxsize=64)
def number_regex(pattern: str) -> re.Pattern[str]:
    """A linear pattern that finds such numbers in a subject line, whatever their case."""
    piece = {"year": r"\d{4}", "serial": r"\d{1,9}", "plan": r"[\w.]{1,12}"}
    parts = re.split(r"\{(\w+)(?::[^}]*)?\}", pattern)
    body = "".join(re.escape(part) if i % 2 == 0 else piece[part] for i, part in enumerate(parts))
    return re.compile(rf"(?<!\w){body}(?!\w)", re.IGNORECASE)


def find_numbers(pattern: str, text: str) -> list[str]:
    """Every number of the pattern in the text, upper case, in order, without repeats."""
    return list(dict.fromkeys(m.group(0).upper() for m in number_regex(pattern).finditer(text)))
