"""What to do about a refused act: on a page, and in an answer of the JSON API. No command and no option stands here."""

from __future__ import annotations

from collections.abc import Mapping

from ..domain.refusals import Refusal, Refused
from .problem_details import Problem

#: On a page; with the refusal's fields in it.
WHAT_TO_DO: Mapping[Refusal, str] = {
    Refusal.REASON_MISSING: "say why; everybody who looks will see it",
    Refusal.TEXT_TOO_LONG: "make it shorter",
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
    Refusal.ON_THAT_DAY_ALREADY: "choose another day",
    Refusal.BELONGS_TO_ITS_DAY: "a day that the calendar names by its date is kept, or left out",
    Refusal.TOLD_IN_A_DIGEST: "leave it on its day: leave it out, or send it while its window is open",
    Refusal.IS_GOING_OUT: "leave it on its day: leave out what has not gone, or send it while its window is open",
}

#: Status, name and title of the problem, where it is another than what a body does not fit with.
_PROBLEMS: Mapping[Refusal, tuple[int, str, str]] = {
    Refusal.NO_SUCH_DELIVERY: (404, "no-such-delivery", "There is no such delivery"),
    Refusal.NOTHING_IN_DOUBT: (409, "nothing-in-doubt", "Nothing was settled"),
    Refusal.WINDOW_CLOSED: (409, "nothing-in-doubt", "Nothing was settled"),
}
#: In an answer of the API, where it is not what a page says.
_FOR_PROGRAMS: Mapping[Refusal, str] = {
    Refusal.NO_SUCH_CHANNEL: "name one of: {known}; or leave it out, for all",
    Refusal.REASON_MISSING: "say why in a few words",
    Refusal.NOTHING_IN_DOUBT: "GET /api/v1/deliveries?state=unknown lists what is in doubt",
    Refusal.WINDOW_CLOSED: "GET /api/v1/deliveries?state=unknown lists what is in doubt",
}


def what_to_do(refused: Refused) -> str:
    """On a page."""
    return WHAT_TO_DO[refused.code].format_map(refused.fields)


def problem_of(refused: Refused, *, where: str = "body") -> Problem:
    """The answer of the API to a refused act."""
    code = refused.code
    status, name, title = _PROBLEMS.get(code, (422, "misfit", "It was refused, and nothing was changed"))
    hint = _FOR_PROGRAMS.get(code, WHAT_TO_DO[code]).format_map(refused.fields)
    return Problem(status, name, title, detail=refused.message, where=where, what_to_do=hint, refusal=code.value)
