"""Why an act is refused: a code, and what happened in a sentence that holds at every edge.

What to do about it is said by the edge, because a person at a page has no options to type: ``cli/refusals.py`` and
``web/refusals.py``, by the same codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from ..errors import UsageError


class Refusal(StrEnum):
    """A code; ``said``: what happened, with the refusal's fields in it; ``exit_status``: of the command line."""

    said: str
    exit_status: int

    def __new__(cls, code: str, said: str, exit_status: int = 2) -> Refusal:
        member = str.__new__(cls, code)
        member._value_ = code
        member.said, member.exit_status = said, exit_status
        return member

    # words and names
    HIDDEN_CHARACTER = "hidden-character", "{what} holds a hidden character: {character}"
    REASON_MISSING = "reason-missing", "a reason is missing, and nothing was changed"
    TEXT_TOO_LONG = "text-too-long", "{what} is longer than {limit:,} characters"
    COMMENT_MISSING = "comment-missing", "the comment is empty"
    ANSWER_MISSING = "answer-missing", "the answer is empty"
    NAME_MISSING = "name-missing", "a name is missing"
    NAME_TOO_LONG = "name-too-long", "that is not a person's name: it is longer than {limit} characters"
    NAME_IS_AN_ADDRESS = "name-is-an-address", "a person needs a name, not an address"
    NO_SUCH_ROLE = "no-such-role", "there is no role {role!r}"
    # reviewing
    ROLE_DOES_NOT_APPROVE = "role-does-not-approve", "an approval as {role} does not count"
    ROLE_DOES_NOT_SIGN = "role-does-not-sign", "a signature as {role} does not count"
    ROLE_DOES_NOT_DECIDE = "role-does-not-decide", "an answer as {role} does not count"
    ROLE_DOES_NOT_SETTLE = "role-does-not-settle", "a {role} cannot settle another person's request"
    NO_SUCH_MESSAGE = "no-such-message", "there is no message for {item!r}"
    NO_SUCH_WEEK = "no-such-week", "there is no week {week}"
    NO_SUCH_COMMENT = "no-such-comment", "there is no comment {comment} on {item}"
    NO_SUCH_REQUEST = "no-such-request", "no request for changes of {item} stands that could be {how}"
    NO_SUCH_RECORD = "no-such-record", "there is no {subject} {record!r} in campaigns/{campaign}"
    NO_SUCH_QUESTION = "no-such-question", "no question about the {subject} {record!r} is open"
    NOBODY_INVITED = "nobody-invited", "nobody called {name!r} was invited"
    CHANGED_MEANWHILE = "changed-meanwhile", "{what} changed while you were reading; {undone}", 1
    TOO_LATE_TO_APPROVE = "too-late-to-approve", "{when}: an approval changes nothing any more", 1
    TOO_LATE_TO_ASK = (
        "too-late-to-ask",
        "{when}: a request for changes would hold nothing back, and nothing was asked for",
        1,
    )
    TOO_LATE_TO_TAKE_BACK = "too-late-to-take-back", "{when}: a yes to it can no longer be taken back", 1
    NOTHING_TO_TAKE_BACK = "nothing-to-take-back", "{who} has not approved {item} as it is now", 1
    NOT_CHANGED_YET = "not-changed-yet", "{item} is still as it was when a change was asked for", 1
    TOO_MANY_COMMENTS = "too-many-comments", "{who} has written {limit} comments on {item} within a day", 1
    WEEK_NEEDS_A_LOOK = (
        "week-needs-a-look",
        "week {week} was not approved: {number} things in it are blocked or need a look",
        1,
    )
    NOT_A_PACKET_HASH = "not-a-packet-hash", "a packet is named by its hash, or at least its first 12 characters"
    ANOTHER_PACKET = (
        "another-packet",
        "the sheet is for packet {packet}, and the campaign is at {edition}; nothing was approved.\n{detail}",
        1,
    )
    DIGEST_IS_APPROVED_ALREADY = (
        "digest-is-approved-already",
        "{item} needs no approval of its own: its items and the frame of the digests are approved",
    )
    ENTERED_BY_THE_SIGNER = (
        "entered-by-the-signer",
        "a sheet that {who} signed is entered by somebody else; nothing was approved",
    )
    NOTHING_LEFT_TO_APPROVE = "nothing-left-to-approve", "every item is excepted; nothing is left to approve"
    SOURCE_NOT_OPENED = (
        "source-not-opened",
        "a signature says that its source was opened; nothing was signed for {record}",
    )
    SIGNATURE_WOULD_BE_OVER = "signature-would-be-over", "{day} is past: the sign-off would not hold for a day"
    # accounts and keys
    SIGN_IN_AGAIN = "sign-in-again", "this needs a sign-in of the last {minutes} minutes; nothing was changed"
    OLD_PASSWORD_WRONG = "old-password-wrong", "the password that you have now is another one; nothing was changed"
    MAY_SIGN_IN_ALREADY = "may-sign-in-already", "{name} may sign in already"
    NOBODY_SIGNS_IN_SO = "nobody-signs-in-so", "there is nobody called {name!r}"
    SIGNS_IN_NO_MORE = "signs-in-no-more", "{name} may not sign in any more"
    PASSWORDS_DIFFER = "passwords-differ", "the two are not the same; nothing was changed"
    WEAK_PASSWORD = "weak-password", "{problem}; nothing was changed"
    NOT_A_KEY_NAME = "not-a-key-name", "{name!r} cannot be the name of a key"
    KEY_NAME_TAKEN = (
        "key-name-taken",
        "there is, or was, a key called {name!r}; a name is given once, because the history names keys",
    )
    NO_SUCH_KEY = "no-such-key", "there is no key called {name!r}"
    KEY_HAS_NO_ROLE = "key-has-no-role", "a key to {scope} has no role"
    KEY_NEEDS_A_PERSON = (
        "key-needs-a-person",
        "a key to review belongs to one person in one role: whose approvals will they be, and as what?",
    )
    # subscribers
    NO_SUCH_ZONE = "no-such-zone", "the time zone is unknown"
    NO_SUCH_CADENCE = "no-such-cadence", "that is not one of the ways to get the emails"
    PAUSE_IS_OVER = "pause-is-over", "{day} has begun already"
    PAUSE_TOO_LONG = "pause-too-long", "{day} is more than a year off"
    ERASED_CANNOT_BE_KNOWN = (
        "erased-cannot-be-known",
        "{number} addresses were erased or barred under a lost secret key, and may be in this file; nobody was added",
        1,
    )
    SEASON_IS_OVER = "season-is-over", "season {season} of {campaign} ended on {day}; nothing was changed"
    NOTHING_OF_THAT_SEASON = (
        "nothing-of-that-season",
        "this ledger has nothing of {campaign} {season}; nothing was deleted",
    )
    BOTH_KEPT_AND_DELETED = "both-kept-and-deleted", "those who asked cannot be kept and deleted; nothing was deleted"
    SOME_ASKED_TO_STAY = "some-asked-to-stay", "{number} readers asked to hear of the next season; nothing was deleted"
    NOT_THE_PAGES_CODE = (
        "not-the-pages-code",
        "{typed!r} is not the code that this ledger's page shows, so nothing was written down",
    )
    # campaigns and channels
    NO_SUCH_CAMPAIGN = "no-such-campaign", "there is no campaign {campaign!r}"
    NO_SUCH_CHANNEL = "no-such-channel", "there is no channel {channel!r}"
    # deliveries
    NO_SUCH_DELIVERY = "no-such-delivery", "there is no delivery {delivery}"
    NOT_WAITING = "not-waiting", "delivery {delivery} does not wait for anybody's decision"
    WINDOW_CLOSED = (
        "window-closed",
        "delivery {delivery} ({item} on {channel}) cannot go out any more: its window is closed",
        1,
    )
    NOTHING_TO_SKIP = "nothing-to-skip", "nothing was left out: nothing was chosen, or it has gone meanwhile"
    NOTHING_IN_DOUBT = "nothing-in-doubt", "nothing is in doubt about {part} ({item} on {channel}): it is {state}"
    SUBSCRIBER_NOT_IN_DOUBT = (
        "subscriber-not-in-doubt",
        "nothing is in doubt about reader {subscriber} in delivery {delivery}",
    )
    MAY_HAVE_GONE = "may-have-gone", "delivery {delivery} ({item} on {channel}) may have gone out"
    DID_NOT_FAIL = "did-not-fail", "delivery {delivery} ({item} on {channel}) is {state}"
    NOTHING_FAILED = "nothing-failed", "delivery {delivery} ({item} on {channel}) has nothing that failed"
    LOG_UNREADABLE = "log-unreadable", "{file} cannot be read: {problem}"
    # moving an item to another day
    NO_SUCH_ITEM = "no-such-item", "season {season} has no item {item!r}"
    NOT_A_DAY_OF_THE_SEASON = "not-a-day-of-the-season", "{day} is not a day of the season"
    DAY_IS_OVER = "day-is-over", "{day} is over"
    STANDS_READY = "stands-ready", "{item} stands ready for {day} already, beside {other}"
    ID_IS_TAKEN = "id-is-taken", "there is an item {item} already"
    CANNOT_BE_AN_ID = "cannot-be-an-id", "{item!r} cannot be the id of an item: it {why}"
    ON_THAT_DAY_ALREADY = "on-that-day-already", "{item} is on {day} already"
    BELONGS_TO_ITS_DAY = "belongs-to-its-day", "{item} belongs to {day} and cannot be moved"
    TOLD_IN_A_DIGEST = ("told-in-a-digest", "{item} was told in a digest already; its readers would get it twice")
    IS_GOING_OUT = "is-going-out", "{item} is going out: its other readers would never get it on another day"


class Refused(UsageError):
    """An act was refused. Nothing was changed."""

    def __init__(self, code: Refusal, **fields: object) -> None:
        self.code = code
        self.fields: Mapping[str, object] = fields
        super().__init__(code.said.format_map(fields))
        self.exit_status = code.exit_status
