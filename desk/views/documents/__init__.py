"""Documents as the law has them: handed out, refused, appealed, corrected, erased, and who read what."""
