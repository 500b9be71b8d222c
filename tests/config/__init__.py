"""Tests of the settings and the municipality profiles."""
