"""The ledger's history in sentences: who did what, when.

``/audit``: everything that was done, by whom; whether the history is whole; and the history as a file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import chain

from flask import Response, render_template, request

from ...domain.formatting import channel_words
from ...domain.reason import from_data
from ...domain.reason_words import in_words as reasons_in_words
from ...domain.records import Delivery, Event, held_words
from ...domain.redact import without_addresses
from ...domain.role import Right
from ...domain.word_diff import shown
from ...light_dataclass import dataclass
from ...review.audit_csv import audit_rows
from ...review.item_view import Since, since_then
from ...review.record_words import RecordWords, field_words
from ...services.losses import SEEN, named_in
from ..routing import get
from .page_context import PageContext, resolve

_SHOWN = 200
_AT_ONCE = 1_000
#: Of so many forms of an item, the newest, its page tells what was new in each.
_VERSIONS = 10
#: Kind of event -> what is said of it. ``{channel}``, ``{name}`` and the like are filled from its data.
WORDS: Mapping[str, str] = {
    "campaign.edited": "changed {named} in the browser ({fields})",
    "campaign.edit_failed": "the change of {named} could not be written; the file is as it was",
    "approval.given": "approved {item} ({channel})",
    "approval.withdrawn": "took back the approval of {item} ({channel})",
    "records.seen": "has seen that records changed behind what they approved; nothing readers get changed",
    "changes.asked": "asked for changes of {item} ({channel})",
    "changes.approved": "approved a newer form of {item} ({channel}), which answers the request for changes",
    "changes.answered": "told {asked_by} that {item} ({channel}) was changed",
    "changes.withdrawn": "took back the request for changes of {item} ({channel})",
    "changes.settled": "settled the request for changes of {item} ({channel}) by {asked_by}",
    "comment.added": "wrote a comment on {item}",
    "item.moved": "moved {item} to {on}",
    "item.copied": "made {item}, a copy of {of}",
    "delivery.planned": "planned it for {channel}",
    "delivery.opened": "began to send",
    "delivery.moved": "gave it another time",
    "delivery.waits": "it waits",
    "delivery.hold": "held it",
    "delivery.release": "let it go",
    "delivery.skip": "left it out",
    "delivery.retry": "had it tried once more",
    "delivery.missed": "its window closed before it could go",
    "delivery.expire": "its window closed before it could go",
    "delivery.cancelled": "took it out of the plan",
    "delivery.cancel": "took it out of the plan",
    "delivery.reinstated": "put it back into the plan",
    "delivery.found-sent": "said that it had gone out",
    "delivery.found-not-sent": "said that it had not gone out",
    "delivery.changed": "gave it another form",
    "delivery.part-missed": "the day of some readers was over",
    "losses.seen": "saw that it could not go out any more: {items}",
    "batch.postpone": "it is tried again a little later",
    "batch.set-aside": "set it aside: it stopped the program several times",
    "batch.doubt": "nobody can tell whether it went out",
    "batch.needs-a-person": "the provider's records do not tell either; a person has to look",
    "batch.found-sent": "found that it had gone out",
    "batch.found-not-sent": "found that it had not gone out",
    "attempt.begun": "called the provider",
    "attempt.accepted": "the provider accepted it",
    "attempt.later": "not sent; tried again a little later",
    "attempt.final": "the provider refused it",
    "attempt.unknown": "the call ended without an answer",
    "attempt.too-late": "an answer came when it was settled already",
    "recipients.skipped": "left readers out who had gone",
    "record.signed": "signed {named}",
    "question.answered": "{named}",
    "season.rolled-forward": "began season {season}: {signatures} signatures ended with season {before}",
    "hold.set": "stopped {channel}",
    "hold.released": "ended the hold of {channel}",
    "season.armed": "allowed live sends",
    "season.disarmed": "forbade live sends",
    "reviewer.invited": "invited {name} as {role}",
    "reviewer.revoked": "ended the link of {name}",
    "reviewer.declined": "said that they can't review as {role}",
    "reviewer.mail-off": "wants no more emails about what waits for them",
    "reviewer.mail-on": "wants emails about what waits for them again",
    "reviewer-mail.sent": "told {name} by email what waits for them",
    "reviewer-mail.unknown": "an email to {name} about what waits for them may not have arrived",
    "reviewer-mail.not-sent": "an email to {name} about what waits for them was not sent",
    "reviewer.took-up": "said that they can review after all, as {role}",
    "packet.made": "made a packet",
    "person.added": "let {name} sign in as {role}",
    "person.removed": "took {name} off the list of those who may sign in",
    "person.link_made": "made a link to sign in for {name}",
    "person.password_set": "chose a new password for {name}",
    "person.signed_in": "signed in",
    "person.sign_in_failed": "a wrong password was typed",
    "person.signed_out": "signed out",
    "key.made": "made a key of the API",
    "key.revoked": "ended a key of the API",
    "subscriber.added": "added a reader",
    "subscriber.agreed-again": "wrote down that a reader agreed again",
    "subscriber.left": "a reader left",
    "subscriber.confirmed": "a reader confirmed",
    "subscriber.address-changed": "a reader took another address",
    "subscriber.bounced": "nothing is sent to a reader any more",
    "subscriber.cadence": "a reader chose another rhythm: {after}",
    "subscriber.came-back": "a reader came back",
    "subscriber.discreet": "a reader chose how the emails look in the inbox",
    "subscriber.erased": "a reader was erased",
    "subscriber.not-theirs": "somebody said that they had not signed up",
    "subscriber.one-a-day": "a reader chose how many emails a day come",
    "subscriber.paused": "a reader paused",
    "subscriber.resumed": "a reader went on after a pause",
    "subscriber.switched": "a reader went to another edition",
    "subscribers.exported": "wrote a list of readers to a file",
    "season.list-closed": "closed the list of readers of season {season}: {deleted} deleted, {kept} kept",
    "recipients.failed": "some readers could not be written to",
    "delivery.corrected": "gave the rest another form while it went out",
    "delivery.reopened": "scheduled it again: a clock had been ahead",
    "batch.split": "sends to its readers in two parts",
    "attempt.mixed": "the provider took it for some readers only",
    "message.tested": "sent one as a test, to one address",
    "channel.paused": "paused {channel}: it was in trouble several times in a row",
    "channel.resumed": "sends on {channel} again",
    "channel.pause-ended": "ended the pause of {channel}",
    "account.changed": "the account at the provider changed: {what}",
    "tracking.found": "found tracking at the provider",
    "letter.not-sent": "an email about signing up was not sent",
    "letter.unknown": "an email about signing up may not have arrived",
    "leave-page.asked": "asked whether readers can leave",
    "leave-page.confirmed": "said that readers can leave",
    "clock.wrong": "the clock of {host} is wrong",
    "clock.right": "the clock of {host} is right again",
    "alarm.started": "began to tell of trouble",
    "alarm.stopped": "the trouble is over",
    "notice.told": "told those who run the campaign",
    "counts.mended": "counted readers and deliveries anew, and corrected numbers that were kept",
    "settings.taken-up": "goes by changed settings",
    "secret-key.rotated": "made a new secret key",
    "secret-key.given-up": "gave up a secret key that is lost",
    "ledger.at-home": "let this ledger send from here",
    "ledger.moved": "said that the ledger has moved to this machine",
    "ledger.marked-as-copy": "named the ledger a copy that was put back",
    "ledger.copied": "made a backup",
    "ledger.restored": "put back a backup",
}
#: Kinds of events that name their item.
_OF_AN_ITEM = [kind for kind in WORDS if kind.startswith(("approval.", "changes.", "comment.", "item."))]
#: Parts of the program that act by themselves.
_PROGRAM = frozenset({"tick", "plan", "evidence", "start", "notices", "letters", "clock", "receipts", "review packet"})
#: What readers do is told as "a reader left", by nobody's name.
_UNNAMED = _PROGRAM | {"reader"}


@dataclass(frozen=True)
class HistoryEntry:
    """One line of the history as people read it."""

    at: datetime
    who: str  # a person's name; empty: the program itself
    words: str
    why: str
    event: int
    new: Since | None = None  # in the form that it is about, against the one before


def history_of_item(page: PageContext, item_id: str) -> list[HistoryEntry]:
    """What was done with one item, oldest first."""
    ids = {d.id for d in page.deliveries if d.item == item_id}
    about = (page.campaign.id, page.year, item_id)
    events: dict[int, Event] = {}
    for delivery_id in ids:
        events |= {e.id: e for e in page.ledger.events.newest(delivery_id=delivery_id)}
    for event in page.ledger.events.of_kinds(*_OF_AN_ITEM):
        data = event.data
        if (data.get("campaign"), data.get("season"), data.get("item")) == about:
            events[event.id] = event
    for event in page.ledger.events.of_kinds(SEEN):
        if ids.intersection(named_in(event)):
            events[event.id] = event
    for event in page.ledger.events.of_kinds("campaign.edited", "campaign.edit_failed"):
        data = event.data  # a change of the file holds for every season
        if (data.get("campaign"), data.get("record"), data.get("name")) == (page.campaign.id, "item", item_id):
            events[event.id] = event
    in_order = sorted(events.values(), key=lambda e: e.id)
    new = _versions(page, in_order)
    lines = in_words(in_order, item="it", called=_called(page))
    return [replace(entry, new=new.get(entry.event)) for entry in lines]


def _called(page: PageContext) -> RecordWords:
    return RecordWords(page.campaign, page.titles)


def _versions(page: PageContext, events: Iterable[Event]) -> dict[int, Since]:
    """What was new in each form that somebody approved or wanted changed, by the event that first names it."""
    last: dict[str, str] = {}
    pairs: dict[int, tuple[str, str]] = {}
    for event in (e for e in events if e.kind in ("approval.given", "changes.asked")):
        channel, digest = str(event.data.get("channel")), str(event.data.get("digest"))
        if (before := last.get(channel, digest)) != digest:
            pairs[event.id] = before, digest
        last[channel] = digest
    found: dict[int, Since] = {}
    for number, both in list(pairs.items())[-_VERSIONS:]:
        earlier, later = map(page.ledger.lookups.sent_message, both)
        if earlier is not None and later is not None:
            since = since_then("", earlier, later)
            folded = tuple(replace(c, pieces=shown(c.pieces)) for c in since.difference)
            found[number] = replace(since, difference=folded)
    return found


def in_words(
    events: Iterable[Event],
    *,
    item: str = "",
    deliveries: Iterable[Delivery] = (),
    called: RecordWords = RecordWords(),  # noqa: B008 - it never changes
) -> list[HistoryEntry]:
    """``item``: what the item is called, where the page is about one. Elsewhere what was done with a delivery names
    it, by its item where it is one of ``deliveries``. ``called``: what records and items are called."""
    names = {d.id: f"{called.item(d.item)}, {channel_words(d.channel)}" for d in deliveries}
    return [_one(event, item, names, called.for_line(event.data)) for event in events]


def _one(event: Event, item: str, names: Mapping[int, str], called: RecordWords) -> HistoryEntry:
    known = {k: v for k, v in event.data.items() if v is not None}
    data = {k: ", ".join(map(str, v)) if isinstance(v, list) else str(v) for k, v in known.items()}
    data |= _in_names(event, item, called)
    of_one = data.get("campaign", "") if event.kind.startswith("hold.") else ""
    data["channel"] = held_words(data.get("channel", ""), of_one, named=channel_words) or "all channels"
    if "role" in data:
        data["role"] = data["role"].replace("-", " ")
    template = WORDS.get(event.kind, event.kind.replace(".", " ").replace("_", " ").replace("-", " "))
    words = template.format_map(defaultdict(str, data))
    if event.delivery_id is not None and not item:
        words += f" ({names.get(event.delivery_id, f'delivery {event.delivery_id}')})"
    reasons, detail = event.data.get("reasons"), str(event.data.get("detail") or "")
    why = str(event.data.get("why") or event.data.get("note") or detail)  # in lines from before there were codes
    if isinstance(reasons, list):
        why = reasons_in_words(from_data(reasons), detail)
    why = why.removeprefix(f"held by {event.who}: ")  # that it is held, and by whom, was just said
    who = "" if event.who in _UNNAMED else event.who
    return HistoryEntry(event.at, who, without_addresses(words), without_addresses(why), event.id)


def _in_names(event: Event, item: str, called: RecordWords) -> dict[str, str]:
    """What a line is about, by the words of it. ``item``: what the page's own item is called."""
    data = event.data
    named = {name: called.item(str(data[name])) for name in ("item", "of") if data.get(name)}
    if item and "item" in named:
        named["item"] = item
    if isinstance(items := data.get("items"), list):
        named["items"] = ", ".join(called.item(str(one)) for one in items)
    match event.kind:
        case "record.signed":
            named["named"] = called.record(str(data["subject"]), str(data["subject_id"]))
        case "question.answered":
            named["named"] = called.answered(data)
        case "campaign.edited" | "campaign.edit_failed":
            kind, fields = str(data["record"]), data.get("fields")
            named["named"] = item or called.record(kind, str(data["name"]))
            named["fields"] = field_words(kind, fields if isinstance(fields, list) else ())
    return named


@get("/audit", who=Right.RUN)
def audit_page() -> str:
    page = resolve()
    people_only, before = request.args.get("who") != "all", request.args.get("before", type=int)
    events = page.ledger.events.newest(limit=_SHOWN * (5 if people_only else 1), before=before)
    shown = [e for e in events if not people_only or e.who not in _PROGRAM][:_SHOWN]
    last = shown[-1] if len(shown) == _SHOWN else events[-1] if events else None
    return render_template(
        "staff/audit.html",
        report=page.ledger.events.verify_newest(now=page.context.now()),
        lines=in_words(shown, deliveries=page.deliveries, called=_called(page)),
        people_only=people_only,
        before=before,
        older=last.id if last is not None and last.id > 1 else None,
    )


@get("/audit/file.csv", who=Right.RUN)
def audit_file() -> Response:
    ledger = resolve().ledger

    def in_order(after: int = 0) -> Iterator[Event]:
        while part := ledger.events.in_order(after=after, limit=_AT_ONCE):
            yield from part
            after = part[-1].id

    # With the mark that spreadsheets want; line by line, because a history can be long.
    rows = (row.encode() for row in chain(("\ufeff",), audit_rows(in_order())))
    return Response(rows, mimetype="text/csv", headers={"Content-Disposition": 'attachment; filename="history.csv"'})
