"""Changing a campaign's texts and records in the browser."""
