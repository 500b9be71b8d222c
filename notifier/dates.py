"""A Swedish date as another language writes it."""

from cases.calendar import english_date, read_swedish_date

# Figures are understood where month names would have to be inflected.
_FIGURES = {"so": "{d:02}/{m:02}/{y}", "ar": "{y}-{m:02}-{d:02}"}


def in_language(value: str, language: str = "sv") -> str:
    """``21 november 2026`` as the language writes it; what is no Swedish date is left as it stands."""
    day = read_swedish_date(str(value))
    if day is None or language == "sv":
        return value
    if language == "en":
        return english_date(day)
    return _FIGURES.get(language, "{d}.{m}.{y}").format(d=day.day, m=day.month, y=day.year)
