"""Tests of the letters out."""
