"""Tests of ``service.commands``."""
