"""The simulated year and its checker."""
