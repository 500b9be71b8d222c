"""The pages of the desk, one module for each matter; each holds a router of plain functions."""
