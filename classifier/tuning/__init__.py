"""Tunes the bundled encoder to citizens' letters; needs torch (extra ``tune``) and two hours of a core."""
