"""A case in a unit's hands: who has it, who stands in for them, and what they note and wish."""
