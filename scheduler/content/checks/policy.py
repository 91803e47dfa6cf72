"""What the review policy says of how many people look."""

from __future__ import annotations

from collections.abc import Iterator

from ...domain.finding import Finding, Where
from ...domain.review_policy import FEWEST_PEOPLE, ReviewPolicy
from ..codes import CODES

_WHERE = Where("config/review.toml")


def findings_about(policy: ReviewPolicy) -> Iterator[Finding]:
    """S107 and S108."""
    if policy.alone:
        yield CODES["S107"].at(_WHERE, policy.alone.words)
    elif policy.approvals < FEWEST_PEOPLE:
        said = f"approvals = {policy.approvals}, and each message needs {FEWEST_PEOPLE} people; none goes out on fewer"
        yield CODES["S108"].at(_WHERE, said)
