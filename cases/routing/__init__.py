"""What a letter is about and where it goes: areas, flags, special tracks, what is suggested and what is decided."""
