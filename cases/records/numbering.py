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


def belongs(number: str, pattern: str, series: str) -> bool:
    """Whether a number is of this diary: it has its pattern, with or without a plan code, or begins with its series.

    The pattern may have been another when the number was given, and ``KSN`` is not the series ``KS``.
    """
    bare = pattern.replace("{plan}", "").strip()
    of_pattern = any(number_regex(one).fullmatch(number) for one in (pattern, bare))
    return of_pattern or re.match(rf"{re.escape(series)}(?![^\W\d_])", number) is not None


_BEFORE = " Tidigare diarienummer: "


def entry_text(number: str, earlier: str = "") -> str:
    """What the journal says of a number in a diary; one from another diary stays named as a cross-reference."""
    return f"{number}.{_BEFORE}{earlier}." if earlier else f"{number}."


def number_entered(text: str) -> str:
    """The number that such a line of the journal tells of."""
    return text.partition(_BEFORE)[0].removesuffix(".")


def find_numbers(pattern: str, text: str) -> list[str]:
    """Every number of the pattern in the text, upper case, in order, without repeats."""
    return list(dict.fromkeys(m.group(0).upper() for m in number_regex(pattern).finditer(text)))
