"""The pictures of posts and emails, as anybody may fetch them: each under the name of its bytes, the same for all.

Only those of messages that were approved or have gone out are there. Nobody is told who asks, and nothing is counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

from ..cards.drawing import bytes_of
from ..clock import stopwatch
from ..domain.message import Message, consents_of, from_text, pictures_of
from .archive import may_be_told

if TYPE_CHECKING:
    from ..project import Project
    from ..store import Ledger
    from .public_pages import FrontsAtHand

#: Seconds for which a picture that was seen is shown again: a mailing is opened by many at once.
ASK_AGAIN = 10.0
_MOST_SHOWN = 50
_NAME = re.compile(r"[0-9a-f]{64}")
_DRAWN = '"drawing":'  # in the text of a message with a picture


class Pictures:
    """Which messages have which picture is read from the ledger once for each message."""

    def __init__(self, project: Project, ledger: Ledger, fronts: FrontsAtHand) -> None:
        self._project, self._ledger, self._fronts = project, ledger, fronts
        self._read: frozenset[str] = frozenset()  # the messages that were looked at
        self._of: dict[str, tuple[str, ...]] = {}  # the name of a picture -> messages that have it
        self._version: object = None
        self._shown: dict[str, tuple[bytes, Callable[[], float]]] = {}  # with how long ago it was asked for
        self._reading = Lock()

    def find(self, name: str) -> bytes | None:
        """The bytes of the picture of that name (their SHA-256); None: there is none that may be seen."""
        if not _NAME.fullmatch(name):
            return None
        shown = self._shown.get(name)
        if shown is not None and shown[1]() < ASK_AGAIN:
            return shown[0]
        with self._reading:
            content = self._look(name)
            if content is None and self._has_read_more():
                content = self._look(name)
            self._shown.pop(name, None)
            if content is not None:
                if len(self._shown) >= _MOST_SHOWN:
                    self._shown.clear()
                self._shown[name] = content, stopwatch()
        return content

    def _look(self, name: str) -> bytes | None:
        return next(filter(None, (self._if_public(name, digest) for digest in self._of.get(name, ()))), None)

    def _if_public(self, name: str, digest: str) -> bytes | None:
        """The picture of a message, if that may be seen."""
        lookups = self._ledger.lookups
        message = lookups.sent_message(digest)
        if message is None or not self._fronts.serves(message.campaign):
            return None
        if not lookups.may_be_seen(self._project.settings.mode.value, message.digests):
            return None
        return _drawn(message, name) if may_be_told(self._project, message.campaign, consents_of(message)) else None

    def _has_read_more(self) -> bool:
        """Whether the ledger has changed since it was last asked for messages; then they are read."""
        version = self._ledger.events.version()
        if version == self._version:
            return False
        there = self._ledger.lookups.kept_messages()
        for digest in there - self._read:
            text = self._ledger.lookups.text_of_message(digest)
            if _DRAWN in text:
                for picture in pictures_of(from_text(text)):
                    self._of[picture.sha256] = (*self._of.get(picture.sha256, ()), digest)
        self._read, self._version = there, version
        return True


def _drawn(message: Message, name: str) -> bytes | None:
    try:
        return next(bytes_of(picture) for picture in pictures_of(message) if picture.sha256 == name)
    except ValueError:  # this machine draws it in another way than it was approved
        return None
