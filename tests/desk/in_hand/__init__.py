"""Tests of ``desk.views.in_hand`` and ``desk.case``: one case and what is done in it."""
