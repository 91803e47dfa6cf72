"""Quantities in words and digits: how they are read, and which of them need a claim."""
