"""Tests of ``service.processes``."""
