"""Tests of ``service.installation``."""
