"""The spaCy pipeline that suggests unit, type, flags and severity, with reasons."""
