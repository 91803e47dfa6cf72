"""The one table that gives each reason its words and its advice, for the command line, the pages, the API and notices.

Nothing reads these words back: who acts on a reason looks at its code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from ..light_dataclass import dataclass
from .formatting import date_words, time_of_day
from .reason import Reason, Value
from .reason import ReasonCode as C


@dataclass(frozen=True)
class Words:
    """``says`` names the reason, with its fields in braces; ``to_do`` is what somebody can do, without a full stop at
    its end, with ``{item}``, ``{channel}``, ``{of}``, the campaign that the reason names, and ``{only}``, the
    option that names the campaign where there are several. ``stops``: it stands
    between a message and its sending, so that nothing more of it goes before it has gone away. ``waits``: it goes away
    without anybody. ``leads``: the reasons behind it explain it."""

    says: str
    to_do: str = ""
    stops: bool = False
    waits: bool = False
    leads: bool = False


_KEYS = (
    "{channel} does not take the keys: make new ones there, set them (config/env.example names them), start again, "
    "then: resume --channel {channel}"
)
_NETWORK = "look at this machine's network and firewall, and at the provider's status page (`doctor --online`)"
_APPROVE = "read it (show {item}{only}), then: approve {item}{only} --by NAME"
_DATABASE = "see what keeps the database from being written"

WORDS: Mapping[C, Words] = MappingProxyType(
    {
        C.UNCLASSIFIED: Words(""),
        # What stands in the way
        C.HELD: Words(
            "held{alone} by {who}{since}{why}", "`resume{of}` lifts the hold and lists what fell due", stops=True
        ),
        C.HELD_BACK: Words("held{alone} by {who}{why}"),
        C.NOT_DUE: Words("not due before {due_at}", stops=True, waits=True),
        C.WINDOW_CLOSED: Words("its window closed on {closed_at}", stops=True),
        C.WAVE_OVER: Words("the day of its readers is over", stops=True),
        C.NO_MESSAGE: Words(
            "the campaign's files hold no message for it any more",
            "`check` lists every problem of the files",
            stops=True,
        ),
        C.PLAN_MOVED: Words("the plan has it at another time", stops=True, waits=True),
        C.LEASE_SPENT: Words(
            "{seconds} s have passed since the intent; a call begun now might outlast its lease", stops=True, waits=True
        ),
        C.READERS_LEFT: Words("{count} left meanwhile", waits=True),
        C.FILES_CHANGED: Words("the files changed while it was being prepared", waits=True),
        C.READERS_CHANGED: Words("who gets it changed while it was being prepared", waits=True),
        C.NOT_LIVE: Words('the mode is "rehearsal"', 'set mode = "live" in config/settings.toml', stops=True),
        C.NOT_ARMED: Words(
            "season {season} is not armed", "arm{only} --by NAME allows live sends this season", stops=True
        ),
        C.TEXT_CHANGED: Words(
            "{what} changed while it went out; {have_it} the earlier words",
            f"{_APPROVE}; then the others get the new words, and nobody gets it twice",
            stops=True,
        ),
        C.APPROVAL_MISSING: Words("{says}", _APPROVE, stops=True),
        C.CHANGES_REQUESTED: Words("{says}", _APPROVE, stops=True),
        C.FINDING: Words("{finding}: {says}", "`check` lists every problem of the files; correct them", stops=True),
        C.UNSIGNED: Words("{finding}: {says}", "`check` says what has to be signed; then: sign", stops=True),
        C.UNDECIDED: Words(
            "{finding}: {says}",
            "`decide` lists the open questions; then: decide item ID --answer TEXT --by NAME",
            stops=True,
        ),
        C.ITEM_KEPT_BACK: Words(
            "{item}, of which it tells, is held back or was left out", "decide what becomes of {item}", waits=True
        ),
        C.TOLD_WITHOUT: Words("it went without {items}: not approved, held back or left out"),
        C.NOTHING_TO_TELL: Words("nothing that it would tell them was approved or sent"),
        C.ONE_A_DAY: Words("its readers want one email a day and have another one; the next digest tells them of it"),
        C.CHANNEL_OFF: Words(
            "the channel {channel} is not set up, or is switched off",
            "set the channel up in config/channels.toml, or leave the item out",
            stops=True,
        ),
        C.CHANNEL_PAUSED: Words(
            "{channel} is paused until {until_at}, after {calls} calls in a row that failed",
            "look at the provider's status page; `resume --channel {channel}` tries at once",
            waits=True,
        ),
        C.CALL_LIMIT: Words(
            "waits until {until_at}: {calls} calls in {minutes} minutes are the limit of {channel}",
            "nothing: the provider takes no more calls for now",
            waits=True,
        ),
        C.PROVIDER_LIMIT: Words(
            "waits until {until_at}: {channel} said of an earlier call that it was one too many (429)",
            "nothing: the provider takes no more calls for now",
            waits=True,
        ),
        C.SPENDING_LIMIT: Words(
            "the spending limit of {limit} for {channel} would be passed: about {spent} is spent this season, and this "
            "post costs {price}",
            "raise channels.{channel}.spending_limit in config/channels.toml, or leave it out",
            stops=True,
        ),
        C.LEDGER_ELSEWHERE: Words(
            "this ledger is a copy, or was moved: nothing is sent from it", "`doctor` says what to do", stops=True
        ),
        C.LEDGER_OLD: Words(
            "this ledger is older than what went out: nothing is sent from it", "`doctor` says what to do", stops=True
        ),
        C.NO_STATE_FOLDER: Words(
            "the state folder cannot be written", "let it be written to, or set OBSERVANCE_STATE", stops=True
        ),
        C.ACCEPTED_BEFORE: Words(
            "batch {batch} waits, though the history says that it went out; it is not called again",
            "somebody set it back past the program: `audit verify` names it",
            stops=True,
        ),
        C.CAMPAIGN_UNREADABLE: Words(
            "the campaign cannot be read", "`check` lists every problem of the files; correct them", stops=True
        ),
        C.FILES_UNWATCHED: Words("{says}", "let `start` run beside the campaign's files", stops=True),
        C.NOT_WRITTEN: Words("not sent: the intent could not be written", _DATABASE, waits=True),
        C.LAST_CHECK_FAILED: Words("not sent: the last check was not possible", _DATABASE, waits=True),
        C.PROGRAM_ERROR: Words("not sent: the program failed before the call ({kind})", "`doctor` says more"),
        C.SET_ASIDE: Words(
            "set aside: it stopped the program {tries} times before the call; nothing was sent",
            "the program stopped each time it prepared this; look at it (show {item}{only}) and correct it",
        ),
        C.TOO_LATE_TO_RETRY: Words("it may be tried again only after its window has closed", leads=True),
        C.DELIVERY_GONE: Words("not sent: the delivery is gone"),
        C.CLOCK_WRONG: Words(
            "this machine's clock and the providers' differ",
            "set the clock right (timedatectl set-ntp true)",
            stops=True,
        ),
        C.CLOCK_BEHIND: Words(
            "the clock is behind the ledger",
            "set the clock right; if it is right now and was ahead before: db clock-was-ahead --by NAME",
            stops=True,
        ),
        C.LEAVE_PAGE_DOWN: Words(
            "its unsubscribe links do not work: {says}",
            "see that `start` runs and that public_url leads to it (`links check`)",
            stops=True,
        ),
        C.LEAVE_PAGE_UNSEEN: Words(
            "nobody knows whether its unsubscribe links work: public_url cannot be reached from here, {says}",
            "`links check` says which page to open on a phone without Wi-Fi; then: links confirm CODE{only} --by NAME",
            stops=True,
        ),
        # How a call ended
        C.REHEARSED: Words("rehearsed, not sent"),
        C.NEEDS_MONEY: Words("needs money: {channel} says", "top up the balance or the plan of {channel}"),
        C.RATE_LIMITED: Words("too many calls", "nothing: the provider takes no more calls for now", waits=True),
        C.NAME_NOT_FOUND: Words(
            "not sent: the server's name was not found",
            "look at this machine's network, at its DNS, and at base_url in config/channels.toml (`doctor --online`)",
        ),
        C.NOT_ENCRYPTED: Words(
            "not sent: no encrypted connection",
            "see that the clock is right, certificates are up to date and no proxy is between (`doctor --online`)",
        ),
        C.NO_CONNECTION: Words("not sent: no connection", _NETWORK),
        C.LINE_BROKE: Words("not sent: the line broke before the mail's content left", _NETWORK),
        C.NOT_BEGUN: Words("not begun: the call has taken long", waits=True),
        C.BUSY: Words("not now", "nothing: the provider asks for another try later", waits=True),
        C.TAKES_NONE: Words("it takes nothing from anybody now", _NETWORK, waits=True),
        C.KEYS_REFUSED: Words("the keys are refused", _KEYS),
        C.FORBIDDEN: Words("forbidden", "{channel} forbids it: look at the account there and at what the keys may do"),
        C.TOO_LARGE: Words(
            "too large", "{channel} finds it too large: shorten it (show {item}{only}) and approve it again"
        ),
        C.REFUSED: Words(
            "refused", "{channel} refuses it as it is: correct it (show {item}{only}) and approve it again"
        ),
        C.UNREADABLE_CALL: Words("not sent: the call could not be read"),
        C.SPOILT_BY_READERS: Words("not sent: the records of some readers are refused; they are left out", waits=True),
        C.MIXED: Words("{mixed}"),
        C.ALLOWS_LESS: Words(
            "it allows posts of {allows} characters, and {is_set} are set",
            "set channels.{channel}.character_limit to what it allows, and see what `check` says then",
        ),
        C.SMALLER_PICTURES: Words(
            "it allows pictures of {allows} bytes, and {is_set} are set",
            "set channels.{channel}.picture_bytes to what it allows, and see what `check` says then",
        ),
        C.PICTURE_NOT_MADE: Words(
            "not sent: this machine does not draw the picture as it was approved",
            "install the locked packages (requirements.lock), or approve the pictures as they are drawn now",
        ),
        C.PICTURE_REFUSED: Words(
            "not sent: {channel} refuses the picture",
            'correct the picture (show {item}{only}), or write picture_missing = "without" in its file, and approve it '
            "again",
        ),
        C.PICTURE_STUCK: Words("not sent: the picture did not arrive", _NETWORK, waits=True),
        C.PICTURE_LEFT_OUT: Words("it went without its picture"),
        # Why nobody knows
        C.NO_ANSWER: Words("may have been sent: no whole answer came"),
        C.STRANGE_ANSWER: Words("may have been sent: the answer is not how it is accepted"),
        C.SERVER_ERROR: Words("may have been sent: the provider failed"),
        C.DUPLICATE: Words("may have been sent: the provider says that the same words are there already"),
        C.CHANNEL_ERROR: Words("may have been sent: the channel's code failed ({kind})"),
        C.PROGRAM_STOPPED: Words("the program stopped before the answer was written down; it may have gone out"),
        C.STOPPED_BEFORE: Words("not sent: the program stopped before it", waits=True),
        C.NOT_SAID: Words("the channel did not say how it ended for this reader"),
        C.WAITS_FOR_PERSON: Words("waits for {person} until {until_at}"),
        C.NOBODY_TO_ASK: Words("there is nobody to ask"),
        C.DOUBTED_TOO_OFTEN: Words("it ended in doubt three times; a person has to look"),
        # How a doubt was settled
        C.FOUND_SENT: Words("found at the provider"),
        C.FOUND_NOT_SENT: Words("not found at the provider, whose view is whole"),
        C.SETTLED_SENT: Words("settled by {who}: it went out{named}"),
        C.SETTLED_NOT_SENT: Words("settled by {who}: it did not go out"),
        C.PROVEN_BY_REPORTS: Words("the provider's own reports say that it went out"),
        # Ended without a call
        C.CLOSED_UNSENT: Words("its window closed before it could go", leads=True),
        C.WAVE_MISSED: Words("for some readers the day was over before it could go"),
        C.NOTHING_RAN: Words("nothing ran, or nothing could be sent, while it was open"),
        C.CLOSED_BEFORE_START: Words("the window had closed before the season was started here"),
        C.RESTORED: Words("restored from a backup of {copied_at}: it may have gone out already"),
        C.NOT_IN_PLAN: Words("the plan does not hold it any more"),
        C.NO_READERS: Words("there were no readers"),
        C.ALL_LEFT: Words("everybody in it had left"),
        C.SKIPPED_BY: Words("skipped by {who}{why}"),
        # Why one reader was left out
        C.LEFT: Words("left"),
        C.ERASED: Words("erased"),
        C.PAUSED: Words("paused"),
        C.CAME_BACK: Words("left and came back meanwhile: gets the next item"),
        C.NOT_CONFIRMED: Words("has not confirmed yet"),
        C.BARRED: Words("the address is barred ({bar})"),
        C.ADDRESS_DEAD: Words("the address does not exist any more"),
        C.ADDRESS_REFUSED: Words("the address is refused"),
        C.UNUSABLE_RECORD: Words("the record cannot be made into a mail"),
    }
)

#: At most so many reasons are said in one sentence.
_MOST = 4


def in_words(reasons: Sequence[Reason], detail: str = "", *, zone: str = "UTC", channel: str = "") -> str:
    """Why, in one line without a full stop at its end; empty for no reason. Instants are told in ``zone``."""
    if len(reasons) > 1 and (reasons[0].code is C.REHEARSED or WORDS[reasons[0].code].leads):
        lead = "live would have refused" if reasons[0].code is C.REHEARSED else _one(reasons[0], zone, channel)
        return f"{lead}: {in_words(reasons[1:], detail, zone=zone, channel=channel)}"
    said = [words for reason in reasons if (words := _one(reason, zone, channel))]
    said = list(dict.fromkeys(said))
    more = [f"and {len(said) - _MOST} more"] if len(said) > _MOST else []
    return ": ".join(filter(None, ("; ".join([*said[:_MOST], *more]), detail)))


def advice(reasons: Iterable[Reason], *, item: str, channel: str, only: str = "") -> str:
    """What somebody can do about the first of them that anything can be done about. ``only``: " --campaign ID", where a
    command has to name it."""
    for reason in reasons:
        if to_do := WORDS[reason.code].to_do:
            of = f" {reason.fields['campaign']}" if "campaign" in reason.fields else ""
            return to_do.format(item=item, channel=channel, of=of, only=only)
    return ""


def stops(reasons: Iterable[Reason]) -> bool:
    """Whether one of them stands between a message and its sending."""
    return any(WORDS[reason.code].stops for reason in reasons)


def _one(reason: Reason, zone: str, channel: str) -> str:
    fields = {name: _told(name, value, zone) for name, value in reason.fields.items()}
    if reason.code is C.HELD:
        fields["since"] = f" since {fields.pop('since_at')}" if "since_at" in fields else ""
    if reason.code is C.SETTLED_SENT:
        fields["named"] = f" (reference {fields['reference']})" if fields.get("reference") else ""
    if reason.code in (C.HELD, C.HELD_BACK):
        fields["alone"] = f" for {fields['campaign']} alone" if "campaign" in fields else ""
    if reason.code in (C.HELD, C.HELD_BACK, C.SKIPPED_BY):
        fields["why"] = f": {fields['why']}" if fields.get("why") else ""
    for name, one, more in (("have_it", "reader has", "readers have"), ("count", "reader", "readers")):
        if isinstance(number := reason.fields.get(name), int):
            fields[name] = f"{number:,} {one if number == 1 else more}"
    if reason.code is C.WAITS_FOR_PERSON and isinstance(until := reason.fields.get("until_at"), datetime):
        fields["until_at"] = "midnight" if (at := time_of_day(until.astimezone(ZoneInfo(zone)))) == "12:00 AM" else at
    if reason.code is C.MIXED:
        fields["mixed"] = _mixed(reason.fields)
    return WORDS[reason.code].says.format_map(_Known({"channel": channel or "the channel", **fields}))


def _mixed(fields: Mapping[str, Value]) -> str:
    words = {"accepted": "accepted", "failed": "refused", "later": "to be tried again", "unknown": "may have gone out"}
    return ", ".join(f"{fields[name]} {said}" for name, said in words.items() if fields.get(name))


def _told(name: str, value: Value, zone: str) -> str:
    if isinstance(value, datetime):
        local = value.astimezone(ZoneInfo(zone))
        return f"{date_words(local.date())}, {time_of_day(local)} {'UTC' if zone == 'UTC' else ''}".rstrip()
    if isinstance(value, date):
        return date_words(value)
    return f"${value:.3f}".removesuffix("0") if name in ("limit", "spent", "price") else str(value)


class _Known(dict[str, str]):
    """A field that is not known is a word that says so, not an error: the sentence is for a person."""

    def __missing__(self, key: str) -> str:
        return "somebody" if key == "who" else "?"
