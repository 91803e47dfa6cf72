"""All that can be done with one project folder."""

from __future__ import annotations

from .operating import Operating
from .reviewing import Reviewing


class Project(Reviewing, Operating):
    """One project folder with its settings and a clock."""
