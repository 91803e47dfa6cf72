"""Bluesky: one post a call, over plain HTTP to the server that holds the account's repository (PDS).

A call is made once. What became of a doubtful one is read in that repository, under the key that the call named: it
is there, or it is certainly not. https://docs.bsky.app/docs/api/com-atproto-repo-put-record
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime
from urllib.parse import urlsplit

from requests import Response

from ...domain.outcome import Evidence, Outcome, OutcomeKind, Request, Verdict
from ...domain.post_picture import AttachedPicture
from ...domain.reason import ReasonCode, because
from ...errors import ConfigurationError
from ...light_dataclass import dataclass
from ...settings.values import is_loopback, web_address
from ..http import HttpSession, HttpTransport, NoWholeAnswer, ended
from ..picture_upload import NotUploaded, send_with_picture
from ..spec import ChannelContext, UploadsFirst
from ..status_mapping import RETRY_LIMIT, document, kind_of, latest_reset, of_question, reasons_of, safe, said
from .build import COLLECTION, blob_of, without_picture

CREATE_SESSION = "/xrpc/com.atproto.server.createSession"
GET_SESSION = "/xrpc/com.atproto.server.getSession"
GET_RECORD = "/xrpc/com.atproto.repo.getRecord"
UPLOAD_BLOB = "/xrpc/com.atproto.repo.uploadBlob"

#: A session that is over, or that the server does not know any more.
_OVER = frozenset(("ExpiredToken", "InvalidToken"))
#: Refusals of the account, whatever their status.
_ACCOUNT = frozenset(("AccountDeactivated", "AccountSuspended", "AccountTakedown", "AuthFactorTokenRequired"))


def outcome_of(status: int, headers: Mapping[str, str], body: bytes, *, now: datetime, uri: str = "") -> Outcome:
    """What the server's answer means. ``uri``: of the record that the call was to make; empty for what comes before
    that call: then nothing is a doubt."""
    outcome = _meaning(status, headers, body, now, uri)
    return outcome if uri else of_question(outcome)


def _meaning(status: int, headers: Mapping[str, str], body: bytes, now: datetime, uri: str = "") -> Outcome:
    answer = document(body)
    name, words = str(answer.get("error") or ""), said(answer)
    detail = safe(f"{status}: {words}" if words else f"{status}")
    kind, reasons = kind_of(status), reasons_of(status)
    if kind is OutcomeKind.ACCEPTED:
        if uri and answer.get("uri") == uri:
            return Outcome(kind, reference=uri, status=status)
        kind, detail = OutcomeKind.UNKNOWN, f"{status} without what was asked for"
        reasons = (because(ReasonCode.STRANGE_ANSWER, status=status),)
    elif name == "InvalidSwap":  # there is a record of this key already, and it is another one
        kind, reasons = OutcomeKind.UNKNOWN, (because(ReasonCode.DUPLICATE, status=status),)
    elif kind is OutcomeKind.FINAL and name in _OVER | _ACCOUNT:
        reasons = (because(ReasonCode.KEYS_REFUSED, status=status),)
    resets = [headers.get("ratelimit-reset")]
    retry_at = latest_reset(resets, now=now, otherwise=RETRY_LIMIT) if kind is OutcomeKind.LATER else None
    return Outcome(kind, detail=detail, reasons=reasons, status=status, retry_at=retry_at)


@dataclass(frozen=True)
class _Session:
    did: str  # the account's name that never changes
    headers: Mapping[str, str] = field(repr=False)
    server: HttpSession = field(repr=False)


#: A request with a session.
_Call = Callable[[_Session], Response]


class BlueskyTransport(HttpTransport, UploadsFirst):
    """Posts to one account by an app password. A session is made when one is needed, and lives in memory alone."""

    def __init__(self, context: ChannelContext) -> None:
        context.secret_values()  # what is missing is said now
        if not context.settings.options.get("handle"):
            raise ConfigurationError(
                f"channel {context.settings.name}: handle is not set",
                hint='name the account in config/channels.toml, as: handle = "example.bsky.social"',
            )
        super().__init__(context)
        self._connections = {"": self._line}
        self._tell_time: Callable[[datetime], None] = lambda date: None
        self._session: _Session | None = None

    def tell_time_to(self, listener: Callable[[datetime], None]) -> None:
        """Let somebody know what time it is at the server, with each answer."""
        self._tell_time = listener
        for connection in self._connections.values():
            connection.on_date = listener

    def close(self) -> None:
        """Close the kept connections."""
        for connection in self._connections.values():
            connection.close()

    def send_after_upload(self, request: Request, *, now: datetime, may_go_on: Callable[[], bool]) -> Outcome:
        """One call. Never raises."""

        def upload(picture: AttachedPicture, content: bytes) -> object:
            return self._upload(picture, content, now)

        def post(blob: object) -> Outcome:
            body = dict(request.body)
            if blob is None and isinstance(record := body.get("record"), Mapping):
                body["record"] = without_picture(record)
            try:
                content = json.dumps(body, ensure_ascii=False).encode()
            except (TypeError, ValueError):
                return Outcome(OutcomeKind.FINAL, reasons=(because(ReasonCode.UNREADABLE_CALL),))
            answer = self._called(request.path, content, "application/json", now)
            if isinstance(answer, Outcome):
                return answer
            response, session = answer
            uri = _uri(session, request)
            return outcome_of(response.status_code, response.headers, response.content, uri=uri, now=now)

        return send_with_picture(self._context, request, upload, post, now=now, may_go_on=may_go_on)

    def _upload(self, picture: AttachedPicture, content: bytes, now: datetime) -> object:
        """How a record names the picture, as the server has it: as the record in hand already does. A picture that no
        record names is dropped there by and by."""
        answer = self._called(UPLOAD_BLOB, content, picture.picture.media_type, now)
        if isinstance(answer, Outcome):
            raise NotUploaded(answer)
        response, _ = answer
        expected = blob_of(picture.picture)
        if response.status_code != 200 or document(response.content).get("blob") != expected:
            raise NotUploaded(_meaning(response.status_code, response.headers, response.content, now))
        return expected

    def _called(self, path: str, content: bytes, media_type: str, now: datetime) -> tuple[Response, _Session] | Outcome:
        def call(session: _Session) -> Response:
            headers = {**session.headers, "Content-Type": media_type}
            return session.server.request("POST", path, data=content, headers=headers)

        return ended(lambda: self._as_the_account(call, now), now=now)

    def ask(self, *, now: datetime) -> Outcome | None:
        """Whether the server is there, knows the account and takes its password."""

        def get(session: _Session) -> Response:
            return session.server.request("GET", GET_SESSION, headers=session.headers)

        answer = ended(lambda: self._as_the_account(get, now), now=now)
        if isinstance(answer, Outcome):
            return answer
        response, _ = answer
        if response.status_code == 200:
            return Outcome(OutcomeKind.ACCEPTED, status=200)
        return outcome_of(response.status_code, response.headers, response.content, now=now)

    def look_up(self, request: Request, *, since: datetime, now: datetime) -> Evidence:
        """Read the record of the call's own key where it is kept: what is absent there was not sent. Never raises."""
        key = request.fingerprint.rpartition("/")[2]

        def get(session: _Session) -> Response:
            wanted = {"repo": session.did, "collection": COLLECTION, "rkey": key}
            return session.server.request("GET", GET_RECORD, params=wanted, headers=session.headers)

        answer = ended(lambda: self._as_the_account(get, now), now=now)
        if isinstance(answer, Outcome):
            why = answer.detail or ", ".join(reason.code for reason in answer.reasons)
            return Evidence(Verdict.CANNOT_TELL, detail=f"the record could not be read ({why})")
        response, session = answer
        found, uri = document(response.content), _uri(session, request)
        if response.status_code == 400 and found.get("error") == "RecordNotFound":
            return Evidence(Verdict.NOT_SENT, detail="no record of its key is in the account's repository")
        if response.status_code != 200 or found.get("uri") != uri:
            return Evidence(Verdict.CANNOT_TELL, detail=f"asked for the record, it answered {response.status_code}")
        record, there = request.body.get("record"), found.get("value")
        if there == record:
            return Evidence(Verdict.SENT, reference=uri, detail="found in the account's repository")
        may_lack = request.picture is not None and request.picture.may_lack
        if may_lack and isinstance(record, Mapping) and there == without_picture(record):
            return Evidence(
                Verdict.SENT, reference=uri, detail="found in the account's repository, without its picture"
            )
        return Evidence(Verdict.CANNOT_TELL, detail="another record has its key")

    # -- the session ------------------------------------------------------------------------------------

    def _as_the_account(self, call: _Call, now: datetime) -> tuple[Response, _Session] | Outcome:
        """Make a request with a session. One that is over is refused before anything is done, so it is made anew,
        once, and the request with it. All of it together has the time of one call."""
        with HttpSession.within(self._seconds):
            kept = self._session
            session = kept or self._sign_in(now)
            if isinstance(session, Outcome):
                return session
            answer = call(session)
            if kept is not None and _is_over(answer):
                session = self._sign_in(now)
                if isinstance(session, Outcome):
                    return session
                answer = call(session)
            if _is_over(answer):
                self._session = None
            return answer, session

    def _sign_in(self, now: datetime) -> _Session | Outcome:
        """A new session; or how it ended without one: then nothing was called."""
        (password,) = self._context.secret_values()
        who = {"identifier": str(self._context.settings.options["handle"]), "password": password}
        try:
            answer = self._line.request("POST", CREATE_SESSION, json=who)
        except NoWholeAnswer as error:
            return Outcome(OutcomeKind.LATER, detail=str(error), reasons=(because(ReasonCode.LINE_BROKE),))
        made = document(answer.content)
        did, token = made.get("did"), made.get("accessJwt")
        if answer.status_code == 200 and isinstance(did, str) and isinstance(token, str):
            server = self._server_of(made.get("didDoc"))
            self._session = _Session(did, {"Authorization": f"Bearer {token}"}, server)
            return self._session
        return outcome_of(answer.status_code, answer.headers, answer.content, now=now)

    def _server_of(self, described: object) -> HttpSession:
        """The connection to the server that holds the repository: who signs accounts in may be another one, and says
        where that is. A stand-in's word leads nowhere but to this machine."""
        url = _repository_in(described)
        here = self._context.settings.is_loopback
        if not (is_loopback(urlsplit(url).hostname or "") if here else url.startswith("https://")):
            url = ""
        if url not in self._connections:
            self._connections[url] = HttpSession(url, self._seconds)
            self._connections[url].on_date = self._tell_time
        return self._connections[url]


def _uri(session: _Session, request: Request) -> str:
    return f"at://{session.did}/{request.fingerprint}"


def _is_over(answer: Response) -> bool:
    """Whether it was refused for its session."""
    is_named = answer.status_code == 400 and document(answer.content).get("error") in _OVER
    return is_named or answer.status_code == 401


def _repository_in(described: object) -> str:
    """From an account's DID document, where its repository is kept; empty where it does not say so."""
    services = described.get("service") if isinstance(described, dict) else None
    for service in services if isinstance(services, list) else []:
        if isinstance(service, dict) and str(service.get("id")).endswith("#atproto_pds"):
            url = str(service.get("serviceEndpoint") or "")
            return url if web_address(url) == "" else ""
    return ""
