"""Mailboxes and the reading of mail."""
