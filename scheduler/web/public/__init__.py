"""The pages for readers: signing up, confirming, choosing, and the mails that have gone out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...services.public_pages import FrontAtHand, make_letter_box
from ...services.subscriber_links import recipient_of
from ..security import RoutesWithRoles
from .archive import add_archive
from .preferences import add_preferences
from .sign_up import add_sign_up

if TYPE_CHECKING:
    from ...engine.transactional_mail import TransactionalMailer
    from ...project import Project
    from ...store import Ledger

__all__ = ["add_public"]


def add_public(app: RoutesWithRoles, project: Project, ledger: Ledger, bar_css: str) -> TransactionalMailer:
    """Add the routes. Returns where their letters wait; close it at the end. ``bar_css``: of the bar above a mail."""
    front, letters = FrontAtHand(project), make_letter_box(project, ledger)
    add_sign_up(app, project, ledger, front, letters)
    add_preferences(app, project, ledger, front, recipient_of(project, ledger.health.campaigns, "preferences"))
    add_archive(app, project, ledger, bar_css)
    return letters
