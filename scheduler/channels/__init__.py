"""The channels: a folder for each, and what they share. May import settings, domain and below."""
