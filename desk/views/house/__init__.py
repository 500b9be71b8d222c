"""The house: people, units, rules, texts, the model, other systems, and how all of it is."""
