"""Old mails under a new one, and mails passed on."""
