"""Changing a campaign's texts and records in the browser."""

from .edit_pages import add_editing

__all__ = ["add_editing"]
