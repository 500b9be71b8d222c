"""Mails that a web form, an e-service or an app writes in a citizen's name."""
