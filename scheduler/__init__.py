"""Observance: plans, rehearses, approves and sends an awareness month, once."""

NAME = "observance"
VERSION = "0.1.0"
