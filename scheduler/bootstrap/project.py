"""All that can be done with one project folder."""

from __future__ import annotations

from .api_keys import ApiKeys
from .bounces import Bounces
from .editing import Editing
from .operating import Operating
from .reviewing import Reviewing
from .testing_mail import TestMails
from .upgrading import Upgrading


class Project(Reviewing, ApiKeys, Operating, TestMails, Editing, Bounces, Upgrading):
    """One project folder with its settings and a clock."""
