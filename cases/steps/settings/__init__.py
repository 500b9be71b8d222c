"""What the municipality keeps for itself: rules, texts, lists, and keys of other systems."""
