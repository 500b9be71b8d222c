"""The parts of an installation as its settings want them, which bootstrap puts together."""
