"""Every test of this room may have the watched house, on SQLite or on either database, and its clock."""

from tests.service.watched import clock, either, house

__all__ = ["clock", "either", "house"]
