"""Tests of ``desk.views.entrance`` and ``desk.login``: who gets in."""
