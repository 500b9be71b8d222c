"""Which unit has a case, and which letters are one case: suggested, decided by a person or a rule, taken back."""
