"""Tests of ``desk.external``: the interface for other systems, and what anybody sees."""
