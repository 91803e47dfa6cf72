"""All that can be done with one project folder."""

from __future__ import annotations

from .api_keys import ApiKeys
from .editing import Editing
from .operating import Operating
from .public import Public
from .reviewing import Reviewing


class Project(Reviewing, ApiKeys, Operating, Public, Editing):
    """One project folder with its settings and a clock."""
