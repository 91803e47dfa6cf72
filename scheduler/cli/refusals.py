"""What to do about a refused act, for somebody who types commands."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from string import Formatter
from typing import Any

from ..domain.refusals import Refusal, Refused
from ..errors import ObservanceError

#: With the refusal's fields in it.
WHAT_TO_DO: Mapping[Refusal, str] = {
    Refusal.HIDDEN_CHARACTER: "delete it there, or paste the words again as plain text",
    Refusal.REASON_MISSING: "say why in a few words: --reason TEXT",
    Refusal.TEXT_TOO_LONG: "make it shorter",
    Refusal.COMMENT_MISSING: "say it in a few words: --comment TEXT (in `comment`: --text TEXT)",
    Refusal.ANSWER_MISSING: "say what you decide: --answer TEXT",
    Refusal.NAME_MISSING: "give the name of the person: --by NAME",
    Refusal.NAME_TOO_LONG: "at most {limit} letters, on one line",
    Refusal.NAME_IS_AN_ADDRESS: "give the name that the history shall carry; send a link yourself, to whom it is for",
    Refusal.NO_SUCH_ROLE: "roles: {known}",
    Refusal.ROLE_DOES_NOT_APPROVE: "roles that may approve: {known}",
    Refusal.ROLE_DOES_NOT_SIGN: "roles that may sign: {known}",
    Refusal.ROLE_DOES_NOT_DECIDE: "roles that may answer: {known}",
    Refusal.ROLE_DOES_NOT_SETTLE: "roles that may: {known}",
    Refusal.NO_SUCH_MESSAGE: "`plan` lists the items and their days",
    Refusal.NO_SUCH_WEEK: "the season has the weeks {first} to {last}",
    Refusal.NO_SUCH_COMMENT: "`comments {item}` lists them",
    Refusal.NO_SUCH_REQUEST: "`review status` lists those that stand",
    Refusal.NO_SUCH_RECORD: "there are: {known} ...",
    Refusal.NO_SUCH_QUESTION: "`decide` lists the open questions",
    Refusal.NOBODY_INVITED: "`review invite NAME --role ROLE` makes a private link",
    Refusal.CHANGED_MEANWHILE: "read the new form, and decide on that",
    Refusal.TOO_LATE_TO_APPROVE: "leave a comment: `comment ITEM --text TEXT`",
    Refusal.TOO_LATE_TO_ASK: "leave it as a note for next year, or for a correction: "
    "`comment {item} --by {who!q} --role {role} --text {comment!q}`",
    Refusal.TOO_LATE_TO_TAKE_BACK: "leave a note for next year, or for a correction: "
    "`comment ITEM --text TEXT --by NAME --role ROLE`",
    Refusal.NOTHING_TO_TAKE_BACK: "see who approved what: `review status`",
    Refusal.NOT_CHANGED_YET: "change it first, or settle the request: `request-changes ITEM --settle --comment TEXT`",
    Refusal.TOO_MANY_COMMENTS: "put what is left into one comment tomorrow",
    Refusal.WEEK_NEEDS_A_LOOK: "settle them, or approve item by item: `approve ITEM --by NAME`",
    Refusal.NOT_A_PACKET_HASH: "it stands on the cover, at the head of each page and on the sign-off sheet",
    Refusal.ANOTHER_PACKET: "print the new packet (`review packet`) and have it signed, or approve the unchanged items "
    "by name",
    Refusal.DIGEST_IS_APPROVED_ALREADY: "approve its items and digest-frame; `review` says what is missing",
    Refusal.ENTERED_BY_THE_SIGNER: "name who enters it with --entered-by, or approve it yourself: "
    "`approve ITEM --by {who!q}`",
    Refusal.NOTHING_LEFT_TO_APPROVE: "leave fewer items out",
    Refusal.SOURCE_NOT_OPENED: "open it, and find there what the record says; then sign again with --opened (at a "
    "terminal you are asked)",
    Refusal.SIGNATURE_WOULD_BE_OVER: "give the last day on which the sign-off holds",
    Refusal.SIGN_IN_AGAIN: "sign in again",
    Refusal.OLD_PASSWORD_WRONG: "type the one that you sign in with",
    Refusal.MAY_SIGN_IN_ALREADY: "people remove {name!r} first, to change the role",
    Refusal.NOBODY_SIGNS_IN_SO: "there are: {known} (people add NAME --role R adds one)",
    Refusal.SIGNS_IN_NO_MORE: "there are: {known} (people add NAME --role R adds one)",
    Refusal.PASSWORDS_DIFFER: "run the command again",
    Refusal.WEAK_PASSWORD: "run the command again with another one",
    Refusal.NOT_A_KEY_NAME: "small letters, digits, and single - . _ between them, at most 64: board-calendar",
    Refusal.KEY_NAME_TAKEN: "take another name; `keys list` shows all of them",
    Refusal.NO_SUCH_KEY: "`keys list` shows all of them",
    Refusal.KEY_HAS_NO_ROLE: "leave --role out; it goes with --scope review",
    Refusal.KEY_NEEDS_A_PERSON: 'add --person "Ben Example" --role fact-reviewer',
    Refusal.NO_SUCH_ZONE: "use a name from the IANA list, such as America/Chicago",
    Refusal.NO_SUCH_CADENCE: "one of daily, digest, key-days",
    Refusal.PAUSE_IS_OVER: "choose a day after today",
    Refusal.PAUSE_TOO_LONG: "choose an earlier day, or leave the list",
    Refusal.ERASED_CANNOT_BE_KNOWN: "take those out who asked to be erased or not to be written to; then the same with "
    "--despite-lost-key",
    Refusal.SEASON_IS_OVER: "leave out --season for the season that comes next, or name a later one",
    Refusal.NOTHING_OF_THAT_SEASON: "a list is closed after its season; to take one reader out use erase",
    Refusal.BOTH_KEPT_AND_DELETED: "give one of --keep-who-asked and --all",
    Refusal.SOME_ASKED_TO_STAY: "--keep-who-asked keeps them, --all deletes them with the others",
    Refusal.NOT_THE_PAGES_CODE: "open {address} on a phone without Wi-Fi. Another code there means that another "
    "program answers, or one that was started with another public_url",
    Refusal.NO_SUCH_CAMPAIGN: "campaigns: {known}",
    Refusal.NO_SUCH_CHANNEL: "channels: {known}",
    Refusal.NO_SUCH_DELIVERY: "`deliveries` lists them with their numbers",
    Refusal.NOT_WAITING: "`deliveries` shows where it stands",
    Refusal.WINDOW_CLOSED: "leave it as it is",
    Refusal.NOTHING_TO_SKIP: "`deliveries` shows where each stands",
    Refusal.NOTHING_IN_DOUBT: "only what is unknown is settled; `deliveries --state unknown` lists it",
    Refusal.SUBSCRIBER_NOT_IN_DOUBT: "resolve {delivery} --doubts lists the readers in doubt",
    Refusal.MAY_HAVE_GONE: "look there, then: resolve {delivery} --as sent, or --as not-sent",
    Refusal.DID_NOT_FAIL: "only what has failed is tried again",
    Refusal.NOTHING_FAILED: "`deliveries` shows where it stands",
    Refusal.LOG_UNREADABLE: "name the log's file",
    Refusal.NO_SUCH_ITEM: "`plan` lists the items",
    Refusal.NOT_A_DAY_OF_THE_SEASON: "the window runs from {first} to {last}",
    Refusal.DAY_IS_OVER: "name a day that is still to come",
    Refusal.STANDS_READY: "take it out of that line of calendar.toml first",
    Refusal.ID_IS_TAKEN: "choose another id",
    Refusal.CANNOT_BE_AN_ID: "a-z, 0-9 and single hyphens",
    Refusal.ON_THAT_DAY_ALREADY: "name another day",
    Refusal.BELONGS_TO_ITS_DAY: "{where} names that date: if another day will do, write fixed = false in that [[day]] "
    "and try again; an item that fell due during a hold can be left out with resume --skip",
    Refusal.TOLD_IN_A_DIGEST: "leave it on its day: --skip, or --send while its window is open",
    Refusal.IS_GOING_OUT: "leave it on its day: --skip what has not gone, or --send while its window is open",
}


class _Typed(Formatter):
    """``{name!q}``: quoted as a shell takes it."""

    def convert_field(self, value: Any, conversion: Any) -> Any:
        return shlex.quote(str(value)) if conversion == "q" else super().convert_field(value, conversion)


def what_to_do(problem: ObservanceError) -> str:
    """Empty where nobody has to be told."""
    if not isinstance(problem, Refused):
        return problem.hint
    if problem.fields.get("near"):
        return f"did you mean {problem.fields['near']}?"
    return _Typed().vformat(WHAT_TO_DO[problem.code], (), problem.fields)
