"""Coverage-guided fuzzing of what reads hostile bytes: ``make fuzz``; needs the package atheris (Linux)."""
