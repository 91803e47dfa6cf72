"""The JSON API below /api/v1: for programs, by keys. The pages' sign-in does not open it, and no cookie counts."""

from .dispatch import RequestLimits, add_api
from .document import document

__all__ = ["RequestLimits", "add_api", "document"]
