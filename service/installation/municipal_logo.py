"""The municipality's logo, read from its file."""

from cases.faults import os_words
from config import Settings
from notifier.logo import Logo, LogoError, read_logo


def municipal_logo(settings: Settings) -> Logo | None:
    """The logo, or None where none is named. Raises LogoError, which names the file."""
    file = settings.municipality.logo
    if not file:
        return None
    try:
        return read_logo(file.read_bytes())
    except OSError as error:
        raise LogoError(f"Logotypen {file} går inte att läsa ({os_words(error)}). Rätta municipality.logo.") from error
    except LogoError as error:
        raise LogoError(f"{file}: {error}") from error
