"""By hand: a named person posts, and says so."""
