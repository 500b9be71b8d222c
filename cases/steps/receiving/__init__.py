"""What comes in, by mail, on paper, by telephone or from another system, finds its place."""
