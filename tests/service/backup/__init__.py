"""Tests of ``service.backup``."""
