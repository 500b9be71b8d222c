"""Tests of ``cases.steps.answering``."""
