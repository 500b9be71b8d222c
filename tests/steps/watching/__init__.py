"""Tests of ``cases.steps.watching``."""
