"""The pipeline's components, each a small spaCy factory; importing this package makes them known to spaCy."""

from classifier.pipes import embedding, evidence, flag_rules, frames, heads, language, tokenizer, tracks, words

__all__ = ["embedding", "evidence", "flag_rules", "frames", "heads", "language", "tokenizer", "tracks", "words"]
