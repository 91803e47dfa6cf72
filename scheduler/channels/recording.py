"""The way out in rehearsal mode: the same request is built, then written to a folder; nothing leaves the machine."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from ..domain.outcome import Evidence, Outcome, OutcomeKind, Request, Verdict
from ..domain.reason import ReasonCode, because
from .spec import ChannelContext, Transport
from .status_mapping import unreached

_NAMES_READERS = frozenset({"to", "cc", "bcc", "recipients"})


class RecordingTransport(Transport):
    """Builds as the channel does and keeps each call as a JSON file in ``folder``.

    A file names no reader by address: it holds their number and their ids. A call made twice leaves two files, so
    that a rehearsal shows what the live road would have doubled.
    """

    def __init__(self, context: ChannelContext, folder: Path) -> None:
        super().__init__(context)
        self._folder = folder

    def send(self, request: Request, *, now: datetime) -> Outcome:
        """Write the call down. Never raises; what cannot be written was certainly not sent."""
        name = _name(request)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            path = next(p for p in self._paths(name) if not p.exists())
            text = json.dumps({"at": now.isoformat(), **recorded(request)}, ensure_ascii=False, indent=2)
            half = path.with_suffix(f".{os.getpid()}.part")
            half.write_text(text + "\n", encoding="utf-8")
            half.replace(path)
        except Exception as error:
            why = getattr(error, "strerror", None) or type(error).__name__
            detail = f"the rehearsal could not be written ({why})"
            return unreached(ReasonCode.NOT_WRITTEN, now=now, detail=detail)
        rehearsed = (because(ReasonCode.REHEARSED),)
        return Outcome(OutcomeKind.ACCEPTED, reference=f"rehearsal-{path.stem}", reasons=rehearsed)

    def settle_after(self) -> timedelta:
        """The folder can be believed at once."""
        return timedelta(0)

    def look_up(self, request: Request, *, since: datetime, now: datetime) -> Evidence:
        """The folder is all there is, so what is not in it was not sent. Never raises."""
        path = next(self._paths(_name(request)))
        try:
            if path.exists():
                reference = f"rehearsal-{path.stem}"
                return Evidence(Verdict.SENT, reference=reference, detail="found among the rehearsed calls")
        except OSError as error:
            return Evidence(Verdict.CANNOT_TELL, detail=f"the rehearsal could not be read ({type(error).__name__})")
        return Evidence(Verdict.NOT_SENT, detail="not among the rehearsed calls")

    def _paths(self, name: str) -> Iterator[Path]:
        """``name.json``, ``name.2.json``, ``name.3.json``, ..."""
        for number in count(1):
            yield self._folder / (f"{name}.json" if number == 1 else f"{name}.{number}.json")


def recorded(request: Request) -> dict[str, object]:
    """The call as it may be kept: bodies as they are, readers by number and id, bytes by length and digest."""
    body = {name: value for name, value in request.body.items() if name not in _NAMES_READERS}
    kept: dict[str, object] = {"method": request.method, "path": request.path, "fingerprint": request.fingerprint}
    if (attached := request.picture) is not None:
        picture = attached.picture
        kept["picture"] = {"bytes": picture.byte_length, "sha256": picture.sha256, "alt_text": attached.alt_text}
    envelopes = body.pop("personalizations", request.body.get("recipients"))
    if isinstance(envelopes, list):
        kept["recipients"] = len(envelopes)
        named = (e.get("custom_args", e) if isinstance(e, Mapping) else {} for e in envelopes)
        kept["subscriber_ids"] = [ids.get("subscriber_id", "") for ids in named]
    kept["body"] = {
        name: {"bytes": len(value), "sha256": hashlib.sha256(value).hexdigest()} if isinstance(value, bytes) else value
        for name, value in body.items()  # bytes are a MIME message, which names its reader
    }
    return kept


def _name(request: Request) -> str:
    """A file name from the fingerprint: readable, the same on every system, never leaving the folder."""
    readable = re.sub(r"[^A-Za-z0-9_-]+", "-", request.fingerprint)[:60].strip("-")
    digest = hashlib.sha256(f"{request.method} {request.path} {request.fingerprint}".encode()).hexdigest()[:10]
    return f"{readable or 'call'}-{digest}"
