"""What a service does once before it works for months."""

import gc

from service.bootstrap import settle


def test_what_stands_at_the_start_is_not_looked_through_again() -> None:
    before = gc.get_freeze_count()
    settle()
    try:
        assert gc.get_freeze_count() > before + 10_000
        assert len(gc.get_objects()) < 10_000
    finally:
        gc.unfreeze()
