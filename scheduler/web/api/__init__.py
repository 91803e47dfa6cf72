"""The JSON API below /api/v1: for programs, by keys. The pages' sign-in does not open it, and no cookie counts."""

from .document import document
from .serve import Limits, add_api

__all__ = ["Limits", "add_api", "document"]
