"""What to do about a refused act: on a page, and in an answer of the JSON API. No command and no option stands here.

Errors of the API are as RFC 9457 has them: what happened, where, and what to do. No secret, no path of a file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Response

from ..domain.refusals import Refusal, Refused
from ..errors import ObservanceError

#: What is left to do about something that went out.
_AS_A_NOTE = "leave a comment instead, for next year or for a correction; what you wrote is still below"

#: On a page; with the refusal's fields in it.
WHAT_TO_DO: Mapping[Refusal, str] = {
    Refusal.HIDDEN_CHARACTER: "delete it there, or paste the words again as plain text",
    Refusal.REASON_MISSING: "say why; everybody who looks will see it",
    Refusal.TEXT_TOO_LONG: "make it shorter",
    Refusal.COMMENT_MISSING: "say it in a few words",
    Refusal.ANSWER_MISSING: "say what you decide",
    Refusal.NAME_MISSING: "give the name of the person",
    Refusal.NAME_TOO_LONG: "at most {limit} letters, on one line",
    Refusal.NAME_IS_AN_ADDRESS: "give a name, and send the link yourself, to whom it is for",
    Refusal.NO_SUCH_ROLE: "roles: {known}",
    Refusal.ROLE_DOES_NOT_APPROVE: "comment, or ask for changes",
    Refusal.ROLE_DOES_NOT_SIGN: "ask somebody who may approve",
    Refusal.ROLE_DOES_NOT_DECIDE: "ask somebody who may approve",
    Refusal.ROLE_DOES_NOT_SETTLE: "ask somebody who may",
    Refusal.NO_SUCH_MESSAGE: "open the page again",
    Refusal.NO_SUCH_WEEK: "the season has the weeks {first} to {last}",
    Refusal.NO_SUCH_COMMENT: "open the page again",
    Refusal.NO_SUCH_REQUEST: "open the page again; it may be settled already",
    Refusal.NO_SUCH_RECORD: "open the page again",
    Refusal.NO_SUCH_QUESTION: "open the page again",
    Refusal.NOBODY_INVITED: "open the page again",
    Refusal.CHANGED_MEANWHILE: "read the new form, and decide on that",
    Refusal.TOO_LATE_TO_APPROVE: _AS_A_NOTE,
    Refusal.TOO_LATE_TO_ASK: _AS_A_NOTE,
    Refusal.TOO_LATE_TO_TAKE_BACK: _AS_A_NOTE,
    Refusal.NOTHING_TO_TAKE_BACK: "open the page again; it may be taken back already",
    Refusal.NOT_CHANGED_YET: "change it first, or say why it is not changed",
    Refusal.TOO_MANY_COMMENTS: "put what is left into one comment tomorrow, or call the coordinator",
    Refusal.WEEK_NEEDS_A_LOOK: "settle them, or approve item by item",
    Refusal.NOT_A_PACKET_HASH: "it stands on the cover, at the head of each page and on the sign-off sheet",
    Refusal.ANOTHER_PACKET: "print the new packet and have it signed",
    Refusal.DIGEST_IS_APPROVED_ALREADY: "approve its items, and the frame of the digests",
    Refusal.ENTERED_BY_THE_SIGNER: "approve it yourself",
    Refusal.NOTHING_LEFT_TO_APPROVE: "leave fewer items out",
    Refusal.SOURCE_NOT_OPENED: "open it, find there what the record says, and tick that you did",
    Refusal.SIGNATURE_WOULD_BE_OVER: "give the last day on which the sign-off holds",
    Refusal.SIGN_IN_AGAIN: "sign out and in again, and then do it once more",
    Refusal.OLD_PASSWORD_WRONG: "type the one that you sign in with. If it is lost, a coordinator can make you a link: "
    "after signing in by it you are not asked",
    Refusal.MAY_SIGN_IN_ALREADY: "open the page again",
    Refusal.NOBODY_SIGNS_IN_SO: "sign in again",
    Refusal.SIGNS_IN_NO_MORE: "ask a coordinator",
    Refusal.PASSWORDS_DIFFER: "type it twice",
    Refusal.WEAK_PASSWORD: "choose another one",
    Refusal.NOT_A_KEY_NAME: "small letters, digits, and single - . _ between them, at most 64",
    Refusal.KEY_NAME_TAKEN: "take another name",
    Refusal.NO_SUCH_KEY: "open the page again",
    Refusal.KEY_HAS_NO_ROLE: "leave the role out",
    Refusal.KEY_NEEDS_A_PERSON: "name the person and the role",
    Refusal.NO_SUCH_ZONE: "choose one of the time zones",
    Refusal.NO_SUCH_CADENCE: "choose how often",
    Refusal.PAUSE_IS_OVER: "choose a day after today",
    Refusal.PAUSE_TOO_LONG: "choose an earlier day, or leave the list",
    Refusal.ERASED_CANNOT_BE_KNOWN: "ask who runs the server",
    Refusal.SEASON_IS_OVER: "choose a season that is still to come",
    Refusal.NOTHING_OF_THAT_SEASON: "a list is closed after its season",
    Refusal.BOTH_KEPT_AND_DELETED: "choose one of the two",
    Refusal.SOME_ASKED_TO_STAY: "say whether they are kept",
    Refusal.NOT_THE_PAGES_CODE: "open {address} from another network, and type the code that it shows",
    Refusal.NO_SUCH_CAMPAIGN: "open the page again",
    Refusal.NO_SUCH_CHANNEL: "open the page again",
    Refusal.NO_SUCH_DELIVERY: "open the page again",
    Refusal.NOT_WAITING: "open the page again; somebody else may have decided",
    Refusal.WINDOW_CLOSED: "move it, or leave it out",
    Refusal.NOTHING_TO_SKIP: "open the page again, and tick what you mean",
    Refusal.NOTHING_IN_DOUBT: "open the page again; somebody else may have settled it",
    Refusal.SUBSCRIBER_NOT_IN_DOUBT: "open the page again",
    Refusal.MAY_HAVE_GONE: "look at the provider, and say what you found",
    Refusal.DID_NOT_FAIL: "only what has failed is tried again",
    Refusal.NOTHING_FAILED: "open the page again",
    Refusal.LOG_UNREADABLE: "name the log's file",
    Refusal.NO_SUCH_ITEM: "open the page again",
    Refusal.NOT_A_DAY_OF_THE_SEASON: "choose a day from {first} to {last}",
    Refusal.DAY_IS_OVER: "choose a day that is still to come",
    Refusal.STANDS_READY: "choose another item",
    Refusal.ID_IS_TAKEN: "choose another id",
    Refusal.CANNOT_BE_AN_ID: "use a-z, 0-9 and single hyphens",
    Refusal.ON_THAT_DAY_ALREADY: "choose another day",
    Refusal.BELONGS_TO_ITS_DAY: "{where} names that date: write fixed = false there if another day will do, or leave "
    "the item out",
    Refusal.TOLD_IN_A_DIGEST: "leave it on its day: leave it out, or send it while its window is open",
    Refusal.IS_GOING_OUT: "leave it on its day: leave out what has not gone, or send it while its window is open",
}

MEDIA_TYPE = "application/problem+json"
_TYPE = "urn:observance:problem:"

#: For what a web server answers by itself, before any route is reached: a name, what happened, what to do.
_PLAIN = {
    404: ("no-such-address", "There is no such address", "GET /api/v1/ names all of them"),
    405: ("no-such-method", "This address does not take such a request", "see the header Allow"),
    413: ("too-much", "More was sent than this address takes", "send less"),
    503: ("out-of-reach", "It did not work this time, and nothing was changed", "try again in a minute"),
}
_BROKEN = ("it-failed", "Something went wrong on our side", "the log of the server says what; try again later")


class Problem(Exception):
    """Raised by a route: what to answer with. ``more`` are members of the answer besides, such as ``findings``."""

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        *,
        detail: str = "",
        where: str = "",
        what_to_do: str = "",
        headers: Mapping[str, str] | None = None,
        **more: object,
    ) -> None:
        self.status, self.headers = status, dict(headers or {})
        always = {"type": _TYPE + code, "title": title, "status": status}
        texts = {"detail": detail, "where": where, "what_to_do": what_to_do}
        self.body: dict[str, object] = {**always, **{name: text for name, text in texts.items() if text}, **more}
        super().__init__(title)

    def answer(self) -> Response:
        response = Response(as_json(self.body), self.status, content_type=MEDIA_TYPE)
        response.headers.update(self.headers)
        return response


def plain_problem(status: int) -> Response:
    """The answer to what no route has answered."""
    code, title, what_to_do = _PLAIN.get(status, _BROKEN)
    return Problem(status, code, title, what_to_do=what_to_do).answer()


def as_json(value: object) -> str:
    """Dates and instants as ISO 8601 has them."""
    return json.dumps(value, ensure_ascii=False, default=_in_text)


def _in_text(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


#: Status, name and title of the problem, where it is another than what a body does not fit with.
_PROBLEMS: Mapping[Refusal, tuple[int, str, str]] = {
    Refusal.NO_SUCH_ROLE: (403, "role-gone", "The key's role is not in the review policy any more"),
    Refusal.ROLE_DOES_NOT_APPROVE: (403, "role-does-not-approve", "An approval in the key's role does not count"),
    Refusal.CHANGED_MEANWHILE: (409, "changed-meanwhile", "It is not what would go out now"),
    Refusal.TOO_LATE_TO_APPROVE: (409, "already-sent", "It went out already, and nothing was changed"),
    Refusal.TOO_LATE_TO_ASK: (409, "already-sent", "It went out already, and nothing was changed"),
    Refusal.NO_SUCH_DELIVERY: (404, "no-such-delivery", "There is no such delivery"),
    Refusal.NOTHING_IN_DOUBT: (409, "nothing-in-doubt", "Nothing was settled"),
    Refusal.WINDOW_CLOSED: (409, "nothing-in-doubt", "Nothing was settled"),
}
_AS_A_COMMENT = "write it as a comment on the item (POST /items/{{item}}/comments), for next year or for a correction"
#: In an answer of the API, where it is not what a page says.
_FOR_PROGRAMS: Mapping[Refusal, str] = {
    Refusal.NO_SUCH_CAMPAIGN: "name one of: {known}; or leave it out, for every campaign",
    Refusal.NO_SUCH_CHANNEL: "name one of: {known}; or leave it out, for all",
    Refusal.REASON_MISSING: "say why in a few words",
    Refusal.NO_SUCH_ROLE: "ask for a key in a role of the review policy",
    Refusal.ROLE_DOES_NOT_APPROVE: "comment or ask for changes; an approval needs a key in another role",
    Refusal.TOO_LATE_TO_APPROVE: _AS_A_COMMENT,
    Refusal.TOO_LATE_TO_ASK: _AS_A_COMMENT,
    Refusal.NOTHING_IN_DOUBT: "GET /api/v1/deliveries?state=unknown lists what is in doubt",
    Refusal.WINDOW_CLOSED: "GET /api/v1/deliveries?state=unknown lists what is in doubt",
}


def what_to_do(problem: ObservanceError) -> str:
    """On a page. Of what is refused by no act, the error itself says it."""
    return WHAT_TO_DO[problem.code].format_map(problem.fields) if isinstance(problem, Refused) else problem.hint


def problem_of(refused: Refused, digests: Mapping[str, str] | None = None) -> Problem:
    """The answer of the API to a refused act. ``digests``: by channel, of what would go out now."""
    code = refused.code
    status, name, title = _PROBLEMS.get(code, (422, "misfit", "It was refused, and nothing was changed"))
    hint = _FOR_PROGRAMS.get(code, WHAT_TO_DO[code]).format_map(refused.fields)
    more: dict[str, object] = {"refusal": code.value, **({"digests": digests} if digests else {})}
    return Problem(status, name, title, detail=refused.message, where="body", what_to_do=hint, headers=None, **more)
