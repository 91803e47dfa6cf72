"""Observance: plans, rehearses, approves and sends an awareness month, once."""

VERSION = "0.1.0"
