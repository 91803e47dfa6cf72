"""Handing a post over to a person. See docs/decisions/0022.

Nothing is sent: that it waits for a person is a doubt that the person settles, by the page or by `resolve`. A doubt is
never sent again by itself; when the window has closed without a word, it was not posted.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ...domain.outcome import Evidence, Outcome, OutcomeKind, Request, Verdict
from ...domain.reason import ReasonCode, because
from ...errors import ConfigurationError
from ..picture_upload import send_with_picture
from ..spec import ChannelContext, UploadsFirst
from ..status_mapping import unforeseen


class ByHandTransport(UploadsFirst):
    """A person."""

    def __init__(self, context: ChannelContext) -> None:
        if not context.settings.options.get("person"):
            raise ConfigurationError(
                f"channel {context.settings.name}: nobody is named who posts",
                hint=f"set channels.{context.settings.name}.person to a name",
            )
        super().__init__(context)

    def send_after_upload(self, request: Request, *, now: datetime, may_go_on: Callable[[], bool]) -> Outcome:
        """From now on it waits for the person, who is told with the notices; with a picture, once it is sure that this
        machine can give it to them. Never raises."""

        def ask(_: object) -> Outcome:
            try:
                until = datetime.fromisoformat(str(request.body["until"]))
                asked = because(ReasonCode.WAITS_FOR_PERSON, person=str(request.body["person"]), until_at=until)
                return Outcome(OutcomeKind.UNKNOWN, reasons=(asked,))
            except Exception as error:
                return unforeseen(error)

        def upload(picture: object, content: bytes) -> bool:
            return True

        return send_with_picture(self._context, request, upload, ask, now=now, may_go_on=may_go_on)

    def look_up(self, request: Request, *, since: datetime, now: datetime) -> Evidence:
        """Nobody is asked: while the window is open the person may still say so. Never raises."""
        try:
            until = datetime.fromisoformat(str(request.body["until"]))
        except (KeyError, ValueError):
            return Evidence(Verdict.CANNOT_TELL, detail="until when it was to be posted is not known")
        if now < until:
            return Evidence(Verdict.CANNOT_TELL, detail="its window is still open", again_at=until)
        return Evidence(Verdict.NOT_SENT, detail="nobody marked it as posted")
