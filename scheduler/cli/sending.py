"""What goes out: the ledger's deliveries, what a person settles of them, one real mail as a test."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

from ..domain.delivery import State
from ..domain.delivery_words import count_words, state_words, told, told_in_full
from ..domain.formatting import counted, day_words, local_words
from ..domain.reason_words import in_words
from ..domain.records import Batch, Delivery
from ..domain.season_key import SeasonKey
from ..errors import UsageError
from ..services import losses, reconcile
from ..services.context import Context
from ..services.ledger_data import batch_as_data, delivery_as_data, doubts_first, from_today
from ..services.seasons import read_campaign, season_in_view
from ..wiring import open_ledger
from .arguments import MODE, OF_A_CAMPAIGN, argument, by, campaign, command, shows_each
from .command_context import CommandContext
from .output import table

_BY = by("who says so")


@command(
    "deliveries",
    OF_A_CAMPAIGN,
    shows_each(),
    argument(
        "campaign_word",
        nargs="?",
        metavar="CAMPAIGN|ID",
        help="the same as --campaign NAME, or the number of one delivery",
    ),
    argument("--all", action="store_true", help="also what was due before today"),
    argument("--state", choices=[s.value for s in State], help="only those in this state"),
    MODE,
    examples="""examples:
  run.py deliveries
  run.py deliveries --state unknown
  run.py deliveries 21                each call of delivery 21: its number, its send id, its state and the reason""",
)
def deliveries(context: CommandContext, options: argparse.Namespace) -> int:
    """The ledger: each delivery with its state, its counts and the reason; one of them with each of its calls."""
    if (options.campaign_word or "").isdecimal():
        return _one_delivery(context, int(options.campaign_word))
    project, campaign = context.project, context.campaign_id
    read, mode = read_campaign(project, campaign)[0], options.mode or project.settings.mode.value
    with closing(open_ledger(project)) as ledger:
        season = season_in_view(project, read, options.season, ledger, mode)
        found = ledger.deliveries.of_season(mode, SeasonKey(campaign, season.year))
    every = [d for d in doubts_first(found) if options.state in (None, d.state.value)]  # doubts need a person
    zone = read.time_zone
    shown, today = every, project.clock.now().astimezone(ZoneInfo(zone)).date()
    if not (options.all or options.state):
        shown = list(from_today(every, today))
    left = len(every) - len(shown)
    rows = [(d.id, d.on, d.channel, d.item, state_words(d.state), count_words(d.counts), told(d, zone)) for d in shown]
    which = f"are {state_words(State(options.state))}" if options.state else "yet"
    lines = [
        table(("id", "date", "channel", "item", "state", "accepted", "note"), rows),
        f"From today on; {counted(left, 'earlier one')} with --all." if left else None,
    ]
    return context.answer(
        [delivery_as_data(d, zone) for d in every],
        *(lines if every else [f"No {mode} deliveries of season {season.year} {which}."]),
        status=int(any(d.state is State.UNKNOWN for d in every)),
    )


def _one_delivery(context: CommandContext, delivery_id: int) -> int:
    with closing(open_ledger(context.project)) as ledger:
        delivery = ledger.deliveries.find(delivery_id)
        if delivery is None:
            raise UsageError(f"there is no delivery {delivery_id}", hint="`deliveries` lists them with their numbers")
        batches = ledger.deliveries.batches(delivery_id)
        reports = ledger.receipts.reports_by_batch(delivery_id) if delivery.kind == "email" else {}
        words = ledger.deliveries.words_sent(delivery_id)
    zone, own = read_campaign(context.project, delivery.campaign)[0].time_zone, delivery.counts.left_out
    note = told_in_full(delivery, zone)
    rows = [
        (b.number, state_words(b.state), b.called_for, b.attempt, b.send_id, in_words(b.reasons, b.detail, zone=zone))
        for b in batches
    ]
    words_lines = ["It went out in different words:"] + [
        f"  {counted(count, 'reader')}, from {local_words(since, zone)} on: {digest[:12]}"
        for digest, since, count in words
    ]
    return context.answer(
        {
            **delivery_as_data(delivery, zone),
            "batches": [{**batch_as_data(b, zone), "reported": reports.get(b.number, 0)} for b in batches],
            "words": [{"digest": digest, "since": since, "readers": count} for digest, since, count in words],
        },
        f"{delivery.item} on {delivery.channel}, due {local_words(delivery.due_at, zone)}: "
        f"{state_words(delivery.state)}.",
        f"{note}." if note else None,
        f"Left out for a reason of their own (left, paused, barred, erased, or the address is dead): {own:,}."
        if own
        else None,
        table(("batch", "state", "readers", "calls", "send id", "why"), rows) if rows else "No call has been made yet.",
        *(words_lines if len(words) > 1 else ()),
        *_evidence(delivery, batches, reports),
        status=int(bool(delivery.counts.unknown)),
    )


def _evidence(delivery: Delivery, batches: tuple[Batch, ...], reports: dict[int, int]) -> list[str]:
    """Beside each doubt of a mailing what a person can judge by: how many mails the provider has reported on."""
    if delivery.kind != "email":
        return []
    others = [b for b in batches if b.state is State.SENT]
    known, sent = sum(reports.get(b.number, 0) for b in others), sum(b.called_for for b in others)
    rest = f"; of the batches that are known to have gone {known:,} of {sent:,} have one" if sent else ""
    return [
        f"Batch {b.number} is in doubt: {reports.get(b.number, 0):,} of its {b.called_for:,} readers have any report "
        f"by the provider{rest}. To settle it: resolve {delivery.id} --batch {b.number} --as sent, or --as not-sent."
        for b in batches
        if b.state is State.UNKNOWN
    ]


@command(
    "resolve",
    argument("id", type=int, metavar="ID", help="the delivery's number, as `deliveries` shows it"),
    argument("--as", dest="verdict", choices=("sent", "not-sent"), help="what you found"),
    argument("--reference", default="", metavar="R", help="the provider's id of it, where you found one"),
    argument("--batch", type=int, metavar="N", help="only this batch of a mailing (default: all in doubt)"),
    argument("--reader", default="", metavar="READER", help="only this reader's mail, by the reader's id"),
    argument("--mail-log", default="", metavar="FILE", help="settle what this log of Postfix proves"),
    argument("--doubts", action="store_true", help="list what is in doubt: batch, send id, reader"),
    _BY,
    examples="""examples:
  run.py resolve 21 --as sent --reference 1789012345678901234 --by "Ada Example"
  run.py resolve 21 --as not-sent --by "Ada Example"
  run.py resolve 22 --doubts
  run.py resolve 22 --reader 5f1c --as sent --by "Ada Example"
  run.py resolve 22 --mail-log /var/log/mail.log --by "Ada Example"
Look first: at the account on the network, or in the mail provider's records. The number is that of `deliveries`.""",
)
def resolve(context: CommandContext, options: argparse.Namespace) -> int:
    """Settle a delivery that is unknown: a person has looked at the provider, and says whether it went out.

    Of a mailing by SMTP a reader alone may be in doubt: --doubts lists them, --reader settles one, and --mail-log
    settles what the mail server's log (Postfix) proves.
    sent: it stands as sent and never goes out again. not-sent: it goes out again, if its window is open.
    """
    acting, delivery_id, reader = context.acting(), options.id, options.reader
    who, sent = acting.actor.name, options.verdict == "sent"
    went = "it went out" if sent else "it did not go out"
    if options.doubts:
        return _doubts(context, acting, delivery_id)
    if options.mail_log:
        verdict = reconcile.resolve_by_log(acting, delivery_id, Path(options.mail_log))
        return context.answer(
            {"sent": list(verdict.sent), "not_sent": list(verdict.not_sent), "open": dict(verdict.open), "by": who},
            f"Settled by {who}, by the log: {len(verdict.sent)} went out, {len(verdict.not_sent)} did not.",
            *(
                f"Not settled: reader {subscriber}: {words}. Then: resolve {delivery_id} --reader {subscriber} --as ..."
                for subscriber, words in verdict.open.items()
            ),
            status=int(bool(verdict.open)),
        )
    if options.verdict is None:
        hint = "or --mail-log FILE, or --doubts to see them"
        raise UsageError("resolve needs --as sent or --as not-sent", hint=hint)
    if reader:
        reconcile.resolve_subscriber(acting, delivery_id, reader, sent=sent)
        return context.answer(
            {"delivery": delivery_id, "reader": reader, "sent": sent, "by": who},
            f"Settled by {who}: reader {reader}: {went}.",
        )
    settled = reconcile.resolve(acting, delivery_id, sent=sent, reference=options.reference, batch=options.batch)
    delivery = settled.delivery
    if context.json:  # it is settled, whether or not the campaign's files can be read
        return context.answer(reconcile.settled_as_data(settled, by=who))
    if sent:
        lines = ["It stands as sent, and never goes out again."]
    elif settled.goes_out_again:
        zone = read_campaign(context.project, delivery.campaign)[0].time_zone
        lines = [
            f"It goes out again at the next pass: its window is open until {local_words(delivery.expires_at, zone)}.",
            "To keep it from going: hold --reason '...'",
        ]
    else:
        lines = ["Its window has closed, so it does not go out any more; it will stand as missed."]
    what = f"{delivery.item} on {delivery.channel}, {day_words(delivery.on)}"
    context.say(f"Settled by {who}: {what}: {went}.", *lines)
    return 0


def _doubts(context: CommandContext, acting: Context, delivery_id: int) -> int:
    rows = reconcile.in_doubt(acting, delivery_id)
    lines = [
        table(("batch", "send id", "process", "reader"), rows),
        "The Message-ID of a mail begins with its send id and reader: SEND-ID.READER@...",
        "The journal of a process that was killed is read by the next start on its machine.",
    ]
    names = ("batch", "send_id", "process", "reader")
    return context.answer(
        [dict(zip(names, row, strict=True)) for row in rows],
        *(lines if rows else [f"Nothing is in doubt about delivery {delivery_id}."]),
        status=int(bool(rows)),
    )


@command(
    "retry",
    argument("id", type=int, metavar="ID", help="the delivery's number, as `status` shows it"),
    _BY,
    examples="""example:
  run.py retry 21 --by "Ada Example"
`status` says what has failed and why. What is unknown may have gone out: that is settled with resolve.""",
)
def retry(context: CommandContext, options: argparse.Namespace) -> int:
    """Another try of what certainly did not go out: keys were renewed, or a message that was refused was corrected.

    It goes at the next pass, while its window is open, and only when everything that a live send needs holds.
    """
    acting = context.acting()
    delivery, who = reconcile.retry(acting, options.id), acting.actor.name
    zone = read_campaign(context.project, delivery.campaign)[0].time_zone
    return context.answer(
        delivery_as_data(delivery, zone),
        f"Asked for by {who}: another try of {delivery.item} on {delivery.channel}, {day_words(delivery.on)}.",
        f"It goes at the next pass, until {local_words(delivery.expires_at, zone)}.",
    )


@command(
    "send-test",
    argument("item", metavar="ITEM", help="an item's id, its date, a digest (digest-2027-01-04) or a letter"),
    argument("--to", required=True, metavar="ADDRESS", help="where the one mail goes"),
    OF_A_CAMPAIGN,
    argument("--via", default="", metavar="CHANNEL", help="through this channel, in rehearsal mode too"),
    argument("--discreet", action="store_true", help="with the head for readers whose inbox others see"),
    by("who sends it"),
    examples="""examples:
  run.py send-test awareness-day --to ada@example.org
  run.py send-test letter-welcome --to ada@example.org --via email     (in rehearsal mode)""",
)
def send_test(context: CommandContext, options: argparse.Namespace) -> int:
    """Send one real mail to one address, marked TEST: the last look before readers get it.

    Its links lead to pages that know no such link, so nothing can be pressed by mistake. No delivery is touched; the
    history keeps who sent which mail, not where to. In rehearsal mode nothing leaves this machine unless --via says so.
    """
    from ..domain.outcome import OutcomeKind
    from ..services import send_test

    tested = send_test.send_test(
        context.acting(),
        context.campaign_id,
        options.season,
        options.item,
        to=options.to,
        via=options.via.strip(),
        discreet=options.discreet,
    )
    outcome, item = tested.outcome, tested.message.item
    status, words = {
        OutcomeKind.ACCEPTED: (0, "It was accepted: look into the mailbox, and among the unwanted mail."),
        OutcomeKind.UNKNOWN: (1, "It may have gone out: look into the mailbox before you send another."),
        OutcomeKind.LATER: (4, "It was not sent; try again later."),
        OutcomeKind.FINAL: (4, "It was not sent."),
    }[outcome.kind]
    return context.answer(
        {
            "item": item,
            "channel": tested.channel,
            "digest": tested.message.digest,
            "outcome": str(outcome.kind),
            "reference": outcome.reference,
            "detail": outcome.detail,
        },
        f"{item} went to {tested.channel}, to one address, marked TEST. {words}",
        "Its header picture cannot be fetched yet: it can once the email is approved."
        if tested.lacks_picture
        else None,
        None if outcome.kind is OutcomeKind.ACCEPTED else f"The provider says: {outcome.detail}.",
        "No delivery was touched.",
        status=status,
    )


@command(
    "acknowledge",
    campaign,
    _BY,
    examples="""example:
  run.py acknowledge --by "Ada Example"
What can still go out is not acknowledged: `status` says what to do about it.""",
)
def acknowledge(context: CommandContext, options: argparse.Namespace) -> int:
    """Say that you have seen what did not go out and cannot any more. `status` and the page Today stop listing it.

    The history keeps who has seen what, and when; `deliveries` and `report` go on showing it. What is lost later is
    listed again.
    """
    acting = context.acting()
    read = read_campaign(context.project, context.campaign_id)[0]
    season = season_in_view(context.project, read, options.season, acting.ledger)
    found = losses.acknowledge(acting, SeasonKey(read.id, season.year))
    names = [f"  {d.id}: {d.item} on {d.channel}, {day_words(d.on)}" for d in found]
    return context.answer(
        {"seen": [delivery_as_data(d, read.time_zone) for d in found], "by": acting.actor.name},
        f"Seen by {acting.actor.name}: {counted(len(found), 'delivery', 'deliveries')} that did not go out."
        if found
        else "Nothing is lost that nobody had seen. Nothing was changed.",
        *names,
    )
