"""Documents as the law has them: handed out, refused, appealed, compiled, corrected, reviewed, erased."""
