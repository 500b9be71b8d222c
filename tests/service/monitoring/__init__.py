"""Tests of ``service.monitoring``."""
