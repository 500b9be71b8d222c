"""Which signs bytes stand for, in texts and headers."""
