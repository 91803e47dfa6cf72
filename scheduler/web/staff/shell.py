"""What stands around each private page: the one line with the way on, and the button that holds everything."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from flask import g, url_for

from ...domain.finding import Finding
from ...domain.outlook import Answer, Outlook
from ...domain.reason import ReasonCode
from ...domain.records import ALL_CAMPAIGNS, ALL_CHANNELS
from ...domain.role import Right
from ...review.causes import Cause
from ...review.finding_words import on_a_page
from ...review.message_state import BLOCKED, GOOD, NEEDS_YOU, NOTE, UNKNOWN, Badge, approval_badge
from ...services.holds import told_of_a_hold
from ..routing import site
from ..security.guard import visitor
from .page_context import PageContext, link


class AnswerSign(NamedTuple):
    """Color and shape of an answer; its word stands in the line."""

    kind: str
    shape: str


#: The one sign of a hold.
HELD = "‖"

LOOKS: Mapping[Answer, AnswerSign] = MappingProxyType(
    {
        Answer.YES: AnswerSign(GOOD, "✓"),
        Answer.NOTHING_DUE: AnswerSign(NOTE, "–"),
        Answer.NOT_YET: AnswerSign(NEEDS_YOU, "!"),
        Answer.NO: AnswerSign(BLOCKED, "✕"),
        Answer.HELD: AnswerSign(NEEDS_YOU, HELD),
        Answer.REHEARSAL: AnswerSign(NOTE, "–"),
        Answer.PARTLY: AnswerSign(NEEDS_YOU, "!"),
        Answer.CANNOT_TELL: AnswerSign(UNKNOWN, "?"),
    }
)


class Way(NamedTuple):
    """Where somebody goes who wants to settle it."""

    words: str
    address: str


def way_on(outlook: Outlook) -> Way | None:
    """By the code of what stands in the way. None: there is no page for it; the line says what to do."""
    stop = outlook.stop
    item = next((one.item for one in outlook.coming if one.stop is not None), "")
    match stop.code if stop else "":
        case ReasonCode.HELD:
            return Way("To the hold", _address(outlook, "holds_page"))
        case ReasonCode.HELD_BACK:
            return Way("Decide", _address(outlook, "holds_page"))
        case ReasonCode.APPROVAL_MISSING | ReasonCode.CHANGES_REQUESTED:
            return Way("To the item", _address(outlook, "item_page", item_id=item))
        case ReasonCode.UNDECIDED:
            return Way("Answer it", _address(outlook, "questions_page"))
        case ReasonCode.UNSIGNED if stop is not None:
            page = "contacts_page" if stop.finding.startswith("H") else "claims_page"
            return Way("Sign it", _address(outlook, page))
        case ReasonCode.FINDING | ReasonCode.CAMPAIGN_UNREADABLE:
            return Way("See what is blocked", _address(outlook, "today_page") + "#needs")
    return None


def way_of(cause: Cause) -> Way | None:
    """Where one cause is settled, at the first of its records. None: a file is corrected, or its item is edited."""
    match cause.reason:
        case ReasonCode.UNDECIDED:
            return Way("Answer", link("questions_page"))
        case ReasonCode.UNSIGNED:
            page = "contacts_page" if cause.findings[0].code.startswith("H") else "claims_page"
            anchor = f"#{cause.records[0].id}" if cause.records else ""
            return Way("Read and sign", link(page) + anchor)
    return None


def cause_badge(cause: Cause) -> Badge:
    """Of signatures: that they are the visitor's to give, or who was invited and could give them."""
    if cause.reason != ReasonCode.UNSIGNED:
        return cause.badge
    if visitor().may(Right.REVIEW):
        return Badge(NEEDS_YOU, "yours to sign")
    page: PageContext = g.page
    invited = (p.invitation for p in page.standing.by_person if p.invitation.declined_at is None)
    names = tuple(dict.fromkeys(i.name for i in invited if page.rehearsal.policy.may_approve(i.role)))
    return approval_badge(names) if names else cause.badge


def words_of_finding(finding: Finding) -> str:
    """What a finding says, in words of the campaign that this page is about."""
    page: PageContext | None = g.get("page")
    return on_a_page(finding, page.campaign) if page is not None else finding.message


def _address(outlook: Outlook, endpoint: str, **values: Any) -> str:
    """Of the season that the line is about, which need not be that of the page."""
    page: PageContext = g.page
    campaign = None if page.is_first_campaign else outlook.campaign
    return url_for(endpoint, campaign=campaign, **values)


def is_all_held() -> bool:
    """Whether a hold stops every channel of every campaign."""
    page: PageContext | None = g.get("page")
    holds = page.every_hold if page is not None else ()
    return any((hold.channel, hold.campaign) == (ALL_CHANNELS, ALL_CAMPAIGNS) for hold in holds)


def told_now() -> str:
    """Who learns of a hold that is set now."""
    return told_of_a_hold(site().project.settings.notices)
