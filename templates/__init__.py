"""Templates of letters and pages; no code."""
