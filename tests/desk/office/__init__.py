"""Tests of ``desk.views.house``: what an office sets, writes and looks after."""
