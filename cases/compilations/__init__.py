"""Compilations (sammanställningar): which period they cover, what is asked for them, counted and withheld."""
