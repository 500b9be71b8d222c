"""Tests of the whole desk against those who mean harm: every route, form and page."""
