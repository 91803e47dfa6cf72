"""Readers: import, tokens, suppression. May import ports, domain and below."""
