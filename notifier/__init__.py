"""Letters out: render, outbox, SMTP."""

from notifier.renderer import TemplateRenderer

__all__ = ["TemplateRenderer"]
