"""The heads: what each is asked, what they look at, and how they are fitted, calibrated, mixed and measured."""
