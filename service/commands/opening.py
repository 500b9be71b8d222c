"""The house for the length of one command."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import TypeVar

from config import Settings
from service.bootstrap import House, build
from service.database import check_shape
from service.whose import check_ours

H = TypeVar("H", bound=House)


def opened(settings: Settings) -> AbstractContextManager[House]:
    """The house on its database, closed afterwards. Raises ConfigError where that is not fit, or another's."""
    return opened_as(build, settings)


@contextmanager
def opened_as(build: Callable[[Settings], H], settings: Settings) -> Iterator[H]:
    """As ``opened``, the house that ``build`` puts together."""
    check_shape(settings)
    house = build(settings)
    with closing(house.store):
        check_ours(house)
        yield house
