"""Tests of ``cases.steps.receiving``."""
