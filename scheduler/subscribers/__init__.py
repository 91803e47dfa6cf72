"""Readers: import and tokens. May import domain and below; no address leaves it but in the ledger's rows."""
