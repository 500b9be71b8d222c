"""Tests; a package so that tests.storage never shadows storage."""
