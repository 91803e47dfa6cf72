"""Observance: plans, rehearses, approves and sends an awareness month, once."""
