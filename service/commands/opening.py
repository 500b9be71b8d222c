"""The house for the length of one command."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from config import Settings
from service.bootstrap import House, build
from service.database import check_shape
from service.whose import check_ours


@contextmanager
def opened(settings: Settings) -> Iterator[House]:
    """The house on its database, closed afterwards. Raises ConfigError where that is not fit, or another's."""
    check_shape(settings)
    house = build(settings)
    with closing(house.store):
        check_ours(house)
        yield house
