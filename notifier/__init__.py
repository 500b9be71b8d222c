"""Letters out: render, outbox, SMTP."""
