"""Tests of ``cases.steps.working``."""
