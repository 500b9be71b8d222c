"""Tests of ``desk.views.overview``: lists of cases, and what is done from them."""
