"""Tunes the bundled encoder to citizens' letters; needs torch (extra ``tune``) and half a day of two cores."""
