"""Speed, told as ratios in one run: ``make bench``."""
