"""Bluesky: one record a post, over plain HTTP, under a key of our own choosing."""
