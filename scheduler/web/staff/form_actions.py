"""What happens when a person presses a button: the act, and where it leads; or what stood in its way, at the form."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from flask import make_response, request
from werkzeug.wrappers import Response as AnyResponse

from ...domain.finding import Finding
from ...domain.hidden import refuse_hidden
from ...errors import CannotWrite, NeedsAPerson, ObservanceError, UsageError
from ...light_dataclass import dataclass
from ..flash import redirect_with_flash, take_flash
from ..refusals import what_to_do
from .page_context import link, resolve

#: What a form's field is called in a sentence.
_FIELDS = {name: f"the {name}" for name in ("answer", "comment", "reason", "name", "reference")}

#: What an act ends with -> the sentence at the top of the next page.
WRONG_PASSWORDS = "wrong-passwords"
FLASH_MESSAGES = {
    WRONG_PASSWORDS: "Before you signed in, a wrong password was typed for your name. If that was not you, follow your "
    "name above: there it says how often, and there you choose another password.",
    "approved": "Approved. The approval is for exactly these words; any change voids it.",
    "approved-alike": "Approved, all alike. Each approval is for exactly these words.",
    "lost-seen": "Seen. It is off this page until something else is lost; the deliveries and the report keep it.",
    "lost-seen-before": "Somebody had seen that before. Nothing was changed.",
    "records-seen": "Noted. Your approvals stand as they were.",
    "already": "You had approved exactly this before. Nothing was changed.",
    "asked": "Changes asked for. It does not go out before your request is answered.",
    "asked-part": "Changes asked for. What of it went out stays as it is; the rest does not go out before your request "
    "is answered.",
    "withdrawn": "Your request for changes is taken back.",
    "taken-back": "Your approval is taken back.",
    "answered": "They will see your answer with what changed, and are asked for their word.",
    "settled": "The request for changes is settled.",
    "commented": "Your comment is there.",
    "skipped": "Left out. It does not go out any more.",
    "decided": "Answered. Your answer stands with your name below, and in the packet.",
    "signed": "Signed, in the form that stands here.",
    "signed-before": "You had signed exactly this before. Nothing was changed.",
    "sent": "It stands as sent, and never goes out again.",
    "again": "It goes out again at the next pass, while its window is open.",
    "over": "Its window has closed, so it does not go out any more; it stands as missed.",
    "held": "Everything named is held. Nothing of it goes out before somebody resumes.",
    "held-terrible": "Everything named is held, and nothing of it goes out before somebody resumes. Take the time you "
    "need. What would have gone out next stands below.",
    "gentle": "The gentle item has that day now. It has to be approved before it goes out.",
    "resumed": "The hold has ended. What fell due meanwhile waits below for a word from you.",
    "nothing-held": "Nothing was on hold any more. Nothing was changed.",
    "resumed-clear": "The hold has ended. Nothing fell due meanwhile.",
    "let-go": "It goes out at the next pass, while its window is open.",
    "moved": "Moved. Its date has changed, so it has to be approved again.",
    "moved-fewer-channels": "Moved. It goes out on fewer channels than before, since the others are on other weekdays; "
    "its date has changed, so it has to be approved again.",
    "revoked": "The link no longer works. What was approved with it stays approved.",
    "password": "Your new password is kept. You are signed out everywhere else.",
    "signed-out-elsewhere": "You are signed out everywhere else.",
}


def flash_message() -> tuple[str, bool]:
    """The sentence of the act that led to this page, and whether it is a warning."""
    words = take_flash()
    return "".join(FLASH_MESSAGES.get(word, "") for word in words), WRONG_PASSWORDS in words


@dataclass(frozen=True)
class ActionError:
    """Why an act was not done: what happened, and what to do. Nothing was changed."""

    what: str
    hint: str = ""
    findings: tuple[Finding, ...] = ()
    form: str = ""  # which form of the page it belongs to
    code: str = ""  # of a refusal


def action(
    to: str, again: Callable[..., str], *, form: str = "", at: str = "", **address: str
) -> Callable[[Callable[..., str]], Callable[..., AnyResponse]]:
    """A form of a page about a season. The act is given the page and what stands in the form's address, and returns a
    key of :data:`FLASH_MESSAGES`.

    ``to``: the page to go on to, with ``address`` and the place ``at`` on it. ``again`` gives the page once more, with
    the trouble and with what was typed in ``form``. In these texts stand names of what is in the form's address.
    """

    def decorate(act: Callable[..., str]) -> Callable[..., AnyResponse]:
        @wraps(act)
        def view(**ids: Any) -> AnyResponse:
            page = resolve(ids.get("season"))
            return run_action(
                partial(act, page, **ids),
                to=lambda: link(to, **{k: v.format(**ids) for k, v in address.items()}) + at.format(**ids),
                again=lambda trouble: again(page, trouble, **ids),
                form=form.format(**ids),
            )

        return view

    return decorate


def run_action(
    act: Callable[[], str], *, to: Callable[[], str], again: Callable[[ActionError], str], form: str = ""
) -> AnyResponse:
    """Do an act, and go on; or show the page once more, with what stood in its way."""
    try:
        for name, texts in request.form.lists():
            for text in () if name.startswith("password") else texts:  # passwords nobody reads
                refuse_hidden(text, _FIELDS.get(name, "what you wrote"))
        done = act()
    except (UsageError, NeedsAPerson, CannotWrite) as problem:
        findings, code = tuple(getattr(problem, "findings", ())), getattr(problem, "code", "")
        trouble = ActionError(sentence(problem.message), what_to_do(problem), findings, form, code)
        return make_response(again(trouble), 409)
    except ObservanceError:
        what = "The database could not be used just now, and nothing was changed"
        return make_response(again(ActionError(what, "try again in a minute")), 503)
    return redirect_with_flash(to(), done)


def sentence(text: str) -> str:
    """The first line of a message, as a sentence of its own."""
    first = text.splitlines()[0].rstrip(".") if text else ""
    return first[:1].upper() + first[1:]
