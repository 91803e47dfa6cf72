"""A post with its picture: the bytes are made and checked, then uploaded, and then the one call that posts is made.

An upload sends nothing. However it ends, the post was not begun, so nothing is in doubt: it waits, and next time all of
it is done anew, since what a provider gave for an upload is good for hours at most. Only where a picture is refused for
what it is, or cannot be made, and the item allows it, does the post go with its words alone, and says so by a code.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from ..domain.outcome import Outcome, OutcomeKind, Request
from ..domain.post_picture import AttachedPicture
from ..domain.reason import ReasonCode, because
from .http import HttpSession, ended
from .spec import ChannelContext

#: What a provider gives for an upload: an id, or a reference.
_T = TypeVar("_T")
#: A post without its picture, for one of these reasons, may be posted all the same.
_FOR_GOOD = frozenset({ReasonCode.PICTURE_NOT_MADE, ReasonCode.PICTURE_REFUSED})


class NotUploaded(Exception):
    """How an upload ended, by the answer."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        super().__init__(outcome.detail)


def send_with_picture(
    context: ChannelContext,
    request: Request,
    upload: Callable[[AttachedPicture, bytes], _T],
    post: Callable[[_T | None], Outcome],
    *,
    now: datetime,
    may_go_on: Callable[[], bool],
) -> Outcome:
    """One call. ``upload`` gives what the post names its picture by, or raises :class:`NotUploaded`; it has half of the
    call's time. ``post`` posts, unless ``may_go_on`` says no after the upload. Never raises, as long as ``post`` does
    not."""
    attached = request.picture
    with HttpSession.within(context.settings.timeout_seconds):
        if attached is None:
            return post(None)
        with HttpSession.within(context.settings.timeout_seconds / 2):
            uploaded = _uploaded(context, attached, upload, now)
        if isinstance(uploaded, Outcome):
            is_refused = any(reason.code in _FOR_GOOD for reason in uploaded.reasons)
            if not is_refused or not attached.may_lack:
                return uploaded
        if not may_go_on():  # a hold has come meanwhile
            return Outcome(OutcomeKind.LATER, reasons=(because(ReasonCode.NOT_BEGUN),), retry_at=now)
        if not isinstance(uploaded, Outcome):
            return post(uploaded)
        outcome = post(None)
        without = because(ReasonCode.PICTURE_LEFT_OUT, status=uploaded.status)
        is_over = outcome.kind in (OutcomeKind.LATER, OutcomeKind.FINAL)
        return outcome if is_over else replace(outcome, reasons=(*outcome.reasons, without))


def _uploaded(
    context: ChannelContext, attached: AttachedPicture, upload: Callable[[AttachedPicture, bytes], _T], now: datetime
) -> _T | Outcome:
    try:
        content = context.draw(attached.picture) if context.draw is not None else b""
        if hashlib.sha256(content).hexdigest() != attached.picture.sha256:
            raise ValueError("other bytes")
    except Exception as problem:
        not_made = because(ReasonCode.PICTURE_NOT_MADE, kind=type(problem).__name__)
        return Outcome(OutcomeKind.LATER, reasons=(not_made,))

    def call() -> _T | Outcome:
        try:
            return upload(attached, content)
        except NotUploaded as refusal:
            return refusal.outcome

    answer = ended(call, now=now)
    return of_upload(answer) if isinstance(answer, Outcome) else answer


def of_upload(outcome: Outcome) -> Outcome:
    """The end of an upload: the post waits, and what stood in the way of the picture is said of the picture. Keys and
    limits are what they are."""
    if outcome.kind is OutcomeKind.LATER:
        return outcome
    codes = {reason.code for reason in outcome.reasons}
    if ReasonCode.KEYS_REFUSED in codes:
        return replace(outcome, kind=OutcomeKind.LATER)
    is_refused = outcome.kind is OutcomeKind.FINAL
    code = ReasonCode.PICTURE_REFUSED if is_refused else ReasonCode.PICTURE_STUCK
    why = because(code, status=outcome.status)
    return Outcome(OutcomeKind.LATER, detail=outcome.detail, reasons=(why,), status=outcome.status)
