"""``/r/TOKEN``: the pages of an invited reviewer, who has no account and needs none."""

from .review_pages import add_reading

__all__ = ["add_reading"]
