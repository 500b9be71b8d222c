"""The house for the length of one command."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from config import Settings
from service.bootstrap import House, build
from service.database import check_shape


@contextmanager
def opened(settings: Settings) -> Iterator[House]:
    """The house on its database, which is closed afterwards. Raises ConfigError where the database is not fit."""
    check_shape(settings)
    house = build(settings)
    with closing(house.store):
        yield house
