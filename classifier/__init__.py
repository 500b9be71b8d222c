"""The spaCy pipeline that suggests unit, type, flags and severity, with reasons."""

from classifier.model import SpacyClassifier

__all__ = ["SpacyClassifier"]
