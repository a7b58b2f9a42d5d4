"""Punctuality: who is late, when, how long, and whether chance alone would do it."""
