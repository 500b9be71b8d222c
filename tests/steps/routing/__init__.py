"""Tests of ``cases.steps.routing``."""
