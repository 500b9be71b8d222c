"""Words said to everybody about everything: whatever they add to a score, they are nobody's reason."""

_SAID_TEXT = """
hej hejsan hallå tjena goddag mvh hälsning hälsningar hälsar vänlig vänliga vänligen tack tacksam snälla hello
"""
COURTESIES = frozenset(_SAID_TEXT.split())
"""Greetings and thanks, lower case."""

_SIGNED_TEXT = """
med bästa varma glada förhand regards best kind thanks från skickat min iphone android allt gott kram kramar på
"""
SIGNING = COURTESIES | frozenset(_SIGNED_TEXT.split())
"""Those, and what else stands about a signature."""
