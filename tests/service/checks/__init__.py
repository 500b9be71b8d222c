"""Tests of ``service.checks``."""
