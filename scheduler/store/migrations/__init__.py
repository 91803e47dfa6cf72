"""Migrations of the ledger's tables, oldest first. A released one is never edited."""
