"""Tests of ``cases.steps.records``."""
