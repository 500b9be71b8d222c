"""Backup and restore: one encrypted file, read back and counted, and what is found again after it came back."""
