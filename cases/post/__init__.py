"""From a reason to write to a letter in the outbox, to citizens and to staff, and the ready-made replies of staff."""
