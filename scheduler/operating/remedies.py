"""What to do about a delivery that does not go, did not go, or may have gone: one sentence for a tired person.

Pure. The cause is read from the note that the ledger keeps; the same words are on the command line and in the API.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from ..domain.delivery import State
from ..domain.ledger import Delivery
from ..domain.words import local_words

_STATUS = re.compile(r"\b([45]\d\d)\b")


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known besides. ``next_try_at``: of the call that waits. ``ask_at``: when the provider is asked about a
    doubt next; None: never again. ``runs``: whether a process sends now; None: that cannot be known here."""

    now: datetime
    zone: str
    next_try_at: datetime | None = None
    ask_at: datetime | None = None
    runs: bool | None = None

    def words(self, at: datetime) -> str:
        return local_words(at, self.zone)


#: What the note of a call that waits holds -> what somebody can do. The first that fits.
_WAITING: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("name was not found",),
        "look at this machine's network, at its DNS, and at base_url in config/channels.toml (`doctor --online`)",
    ),
    (
        ("(TLS)", "encrypt", "certificate"),
        "see that the clock is right, certificates are up to date and no proxy is between (`doctor --online`)",
    ),
    (
        ("no connection", "line broke", "line was closed"),
        "look at this machine's network and firewall, and at the provider's status page (`doctor --online`)",
    ),
    (("429", "waits until", "too many"), "nothing: the provider takes no more calls for now"),
)

#: What stands in the way of something that is due -> what somebody can do.
_REFUSED: tuple[tuple[tuple[str, ...], str], ...] = (
    (("held by",), "`resume` lifts the hold and lists what fell due"),
    (("is not armed",), "arm --by NAME allows live sends this season"),
    (("spending limit",), "raise channels.{channel}.spending_limit in config/channels.toml, or leave it out"),
    (("not set up, or is switched off",), "set the channel up in config/channels.toml, or leave the item out"),
    (("cannot be read",), "`check` lists every problem of the files; correct them"),
    (("approve", "asks for changes"), "read it (show {item}), then: approve {item} --by NAME"),
    (("not signed", "sign"), "`check` says what has to be signed; then: sign"),
    (("could not be written", "last check was not possible"), "see what keeps the database from being written"),
)


def what_to_do(delivery: Delivery, seen: Seen) -> str:
    """One sentence, without a full stop at its end; empty where nothing has to be said."""
    note, number = delivery.note, delivery.id
    settle = f"look at {delivery.channel} whether it is there, then: resolve {number} --as sent, or --as not-sent"
    if delivery.was_restored:
        return settle
    if delivery.state is State.UNKNOWN or delivery.counts.unknown:
        if seen.ask_at is not None and seen.ask_at > seen.now:
            return f"its provider's records are asked at {seen.words(seen.ask_at)}; to settle it yourself, {settle}"
        return settle
    if delivery.state is State.FAILED or delivery.counts.failed:
        return f"{_why_failed(delivery)}; {_once_more(delivery, seen)}"
    if delivery.state is State.MISSED or (delivery.counts.missed and not delivery.counts.waiting):
        return "nothing goes out late: see to the reason, before the next day"
    if delivery.needs_money:
        return f"top up the balance or the plan of {delivery.channel}{_by_itself(delivery, seen)}"
    if delivery.state is State.HELD:
        item = delivery.item
        return f"decide: resume --send {item}, --skip {item}, or --move {item}=DATE"
    return _of_what_waits(delivery, note, seen)


def _of_what_waits(delivery: Delivery, note: str, seen: Seen) -> str:
    for needles, words in _REFUSED:
        if any(needle in note for needle in needles):
            return words.format(item=delivery.item, channel=delivery.channel) + _by_itself(delivery, seen)
    for needles, words in _WAITING:
        if any(needle in note for needle in needles):
            return words + _by_itself(delivery, seen)
    if seen.runs is False:
        return "no process sends now: `start` does, or `tick`"
    if note:
        return f"`doctor` says more{_by_itself(delivery, seen)}"
    return "it goes at the next pass" if seen.runs else "see that `start` runs, or that `tick` is called"


def _why_failed(delivery: Delivery) -> str:
    note = delivery.note
    status = _STATUS.search(note)
    code = int(status[1]) if status else 0
    if "set aside" in note:
        return f"the program stopped each time it prepared this; look at it (show {delivery.item}) and correct it"
    if code in (401, 530, 535) or "login" in note.lower():
        return (
            f"{delivery.channel} does not take the keys: make new ones there, set them (config/env.example names "
            "them), and start again"
        )
    if code == 403:
        return f"{delivery.channel} forbids it: look at the account there and at what the keys may do"
    return f"{delivery.channel} refuses it as it is: correct it (show {delivery.item}) and approve it again"


def _once_more(delivery: Delivery, seen: Seen) -> str:
    if delivery.expires_at <= seen.now:
        return "its day is over, so it does not go out any more"
    return f"then: retry {delivery.id}, until {seen.words(delivery.expires_at)}"


def _by_itself(delivery: Delivery, seen: Seen) -> str:
    """When the program tries again without anybody."""
    until = f"until {seen.words(delivery.expires_at)}"
    if seen.runs is False:
        return f"; no process sends now: `start` does, or `tick`; it can go out {until}"
    if seen.next_try_at is not None and seen.next_try_at > seen.now:
        return f"; it is tried again by itself at {seen.words(seen.next_try_at)}, {until}"
    return f"; then it goes by itself, {until}"
