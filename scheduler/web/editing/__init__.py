"""Changing a campaign's texts and records in the browser."""

from .routes import add_editing

__all__ = ["add_editing"]
