"""The channels: a folder for each, and what they share. May import ports, settings, domain and below."""
