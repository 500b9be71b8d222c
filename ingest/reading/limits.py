"""How much of one mail is read at most, so that no mail can take the machine with it."""

MAX_HEADERS = 2_000
"""Header fields read of one block; real mails have under 200, mailing loops some hundred."""

MAX_HEADER_BYTES = 256 * 1024
"""Bytes read of one header field; longer ones are cut with a defect."""

MAX_BLOCK_BYTES = 4 * 1024 * 1024
"""Bytes searched for the end of a header block."""

MAX_PARTS = 500
"""MIME parts read of one mail; further ones are left unread with a defect."""

MAX_DEPTH = 25
"""Multiparts inside multiparts (and mails inside mails) that are opened."""

MAX_DECODED_BYTES = 100 * 1024 * 1024
"""Decoded bytes of all parts together; a mail server seldom lets 50 MB through."""

MAX_TEXT_BYTES = 2 * 1024 * 1024
"""Bytes of text read of one body part; nobody writes more, machines do."""

MAX_TEXTS_BYTES = 4 * 1024 * 1024
"""Bytes of text read of all parts together: laying out HTML takes half a second a megabyte."""

MAX_TEXT_CHARS = 4_000_000
"""Characters of ``text`` in all."""

MAX_LINES = 50_000
"""Lines looked at one by one for quotes; nobody writes so many, and what is behind them is kept as it stands."""

MAX_SIGNS = 50
"""Lines of two dashes that are looked at for the sign of a signature."""

MAX_LINES_QUOTED = 2_000
"""Lines searched for the beginning of a quote; beyond them only quote signs tell it."""

MAX_ADDRESSES = 1_000
"""Addresses read of one header."""

MAX_TOKENS = 20_000
"""Words and signs read of one address header."""

MAX_NAME_CHARS = 180
"""Characters of an attachment's name; file systems take 255 bytes."""

MAX_DEFECTS = 50
"""Defects noted of one mail; the rest would only repeat them."""
