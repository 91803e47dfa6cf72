"""The only package that knows every concrete class. It puts the parts together and hands them to each other.

One module for each noun; :class:`Project` is all of them over one folder. Heavy parts (the ledger, the providers'
libraries, the alarm) are imported when they are first needed, so that a dry run pays for none of them.
"""

from __future__ import annotations

from .opening import open_project, sandbox_clock
from .planning import CampaignUnusable
from .project import Project

__all__ = ["CampaignUnusable", "Project", "open_project", "sandbox_clock"]
