"""The ledger looked after: backup, upgrade, keys, a copy put back or moved."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import field, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from ..channels.registry import spec_of
from ..channels.spec import Transport
from ..domain.message import cut_to
from ..domain.outcome import Evidence, Request, UnusableRecipients, Verdict
from ..domain.records import Delivery
from ..engine.process_lock import HeldByAnother, lock_database
from ..engine.whereabouts import Displaced
from ..errors import NeedsAPerson, ObservanceError, OutOfReach, UsageError
from ..key_files import read_keys, rotate
from ..light_dataclass import dataclass
from ..project import Project
from ..settings import Mode
from ..store import Ledger, schema_of
from ..store import upgrade_database as upgrade_schema
from ..store.backup import Backup
from ..store.backup import back_up as copy_ledger
from ..store.migrate import Lists, Upgraded
from ..store.recount import CountDifference
from ..subscribers.tokens import fingerprint, token_key
from ..wiring import UNNOTED_KEY, open_ledger, preferences_url, signing_keys, unsubscribe_url, way_out, whereabouts_of
from . import subscribers
from .outside import may_ask
from .seasons import rehearse
from .senders import who_holds

#: By so many readers' mails a provider is asked about a call to a thousand.
_ASKED_BY = 10


def back_up(project: Project, target: Path) -> Backup:
    """Copy a SQLite ledger while it is in use, and write down that it was done."""
    made = copy_ledger(project.settings.database_url, target, now=project.clock.now())
    try:
        ledger = open_ledger(project)
    except ObservanceError:  # from an earlier release: it is copied before it is upgraded
        return made
    with closing(ledger):
        ledger.events.record("ledger.copied", who=project.login_name(), now=made.copied_at, bytes=made.size)
    return made


def mark_restored(project: Project, copied_at: datetime, by: str) -> tuple[ProviderAnswer, ...]:
    """Say that the database was put back from a copy made at ``copied_at`` by other means than ``back_up``.

    Returns what the providers say of what may have gone out since.
    """
    ways: dict[str, Transport] = {}
    with _ledger_at_rest(project) as ledger:
        ledger.backups.mark_as_copy(copied_at=copied_at, who=by, now=project.clock.now())
        with _state_folder_in_words(project, ledger):
            whereabouts_of(project, ledger).restored(who=by, now=project.clock.now())
        now = project.clock.now()
        abouts = [_about(project, ledger, d, ways) for d in ledger.backups.may_have_gone(Mode.LIVE.value, now=now)]
    return ask_providers(abouts, now=now)


def _about(project: Project, ledger: Ledger, delivery: Delivery, ways: dict[str, Transport]) -> About:
    """What the provider can be asked about a delivery. ``ways``: the ways out that are open already."""
    channel = project.settings.channels.get(delivery.channel)
    if channel is None or not channel.enabled:
        return About(delivery, delivery.channel, why_not=NotAsked.NO_CHANNEL)
    if spec_of(channel).evidence == "none":
        return About(delivery, channel.transport, why_not=NotAsked.CANNOT_BE)
    if project.settings.mode is not Mode.LIVE or not may_ask(project, channel.base_url):
        return About(delivery, channel.transport, why_not=NotAsked.STAYS_HERE)
    try:
        way = ways.get(delivery.channel) or way_out(project, channel)
    except ObservanceError:  # its keys are not there; `doctor` says which
        return About(delivery, channel.transport, why_not=NotAsked.NO_CHANNEL)
    ways[delivery.channel] = way
    return About(delivery, channel.transport, tuple(_calls_of(project, ledger, delivery, way)))


def _calls_of(project: Project, ledger: Ledger, delivery: Delivery, way: Transport) -> Iterator[DoubtfulCall]:
    """The calls that a delivery has made, or would have made."""
    message = ledger.lookups.sent_message(delivery.digest) if delivery.digest else None
    if message is None:
        try:
            season = rehearse(project, delivery.campaign, delivery.season, ledger=ledger)
        except ObservanceError:  # its files cannot be read; `check` says why
            return
        message = season.message(delivery.item, delivery.channel)
    if message is None:
        return
    now, limit = project.clock.now(), max(1, way.batch_limit)
    leave, choose = unsubscribe_url(project, delivery.campaign), preferences_url(project, delivery.campaign)
    for batch, readers in ledger.recipients.would_be_batches(
        delivery.id, batch_limit=limit, readers=_ASKED_BY, now=now
    ):
        ids = ((reader, reader.subscriber_id) for reader in readers)
        called = [replace(reader, unsubscribe_url=leave(i), preferences_url=choose(i)) for reader, i in ids]
        if batch.not_before_at > now or (delivery.kind == "email" and not called):
            continue
        with suppress(UnusableRecipients):
            yield DoubtfulCall(
                way,
                way.build(
                    cut_to(message, batch.first_item, batch.left_out, only=batch.only_items),
                    send_id=batch.send_id,
                    recipients=called,
                ),
                batch.started_at or max(batch.not_before_at, delivery.due_at),
            )


def unmarked_ledger(project: Project) -> tuple[str, datetime] | None:
    """A ledger that has sent, and does not know where it is at home: where it is, and when its last call was."""
    if not project.ledger_exists():
        return None
    with closing(open_ledger(project)) as ledger:
        home = ledger.attempts.home()
        return (ledger.where, home.last_at) if not home.home and home.last_at is not None else None


def lists_without_folder(project: Project) -> Mapping[str, int]:
    """Campaigns that readers are on the list of, and that have no folder here; how many readers."""
    if not project.ledger_exists():
        return {}
    with closing(open_ledger(project)) as ledger:
        return subscribers.lists_without_folder(project, ledger)


def mark_moved(project: Project, by: str) -> Displaced | None:
    """Say that the ledger is at home here now. Returns what is in the way all the same."""
    with _ledger_at_rest(project) as ledger, _state_folder_in_words(project, ledger):
        return whereabouts_of(project, ledger).moved(who=by, now=project.clock.now())


def recount(project: Project, by: str) -> tuple[CountDifference, ...]:
    """Count anew what the ledger keeps in numbers. Returns what was not so; it is now."""
    with closing(open_ledger(project)) as ledger:
        return ledger.counts.recount(who=by, now=project.clock.now())


@contextmanager
def _ledger_at_rest(project: Project) -> Iterator[Ledger]:
    """The ledger, while no process sends from it."""
    if holder := who_holds(project):
        raise NeedsAPerson(f"the database is in use: {holder}; nothing was changed", hint="stop that process first")
    with closing(open_ledger(project)) as ledger:
        yield ledger


@contextmanager
def _state_folder_in_words(project: Project, ledger: Ledger) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise OutOfReach(
            f"{whereabouts_of(project, ledger).mark_path} cannot be written: {problem.strerror}",
            hint="let it be written to, or set OBSERVANCE_STATE to a folder outside the project that can be",
        ) from None


def upgrade_database(
    project: Project,
    *,
    dumped: bool = False,
    others_stopped: bool = False,
    rest: str = "",
    agree: Callable[[Mapping[str, int]], None] = lambda lists: None,
) -> tuple[Upgraded, Backup | None]:
    """Bring the ledger to this release's schema, all or nothing. Returns what was done, and the copy that was made
    first: none where there was nothing to change, or on a server.

    ``dumped``: a person says that a copy was made (PostgreSQL; of SQLite one is made here). ``others_stopped``:
    a person says that whatever else is connected (PostgreSQL) sends nothing. ``rest``: the campaign whose list they
    come to that no mail shows it of; ``agree`` is told how many come to each list, and may refuse by raising.
    """
    url, file, copy = project.settings.database_url, project.database_file(), None
    with _nobody_sends(project):
        found = schema_of(url)
        if found.is_empty or found.is_newest:
            return upgrade_schema(url), None
        if file is not None:
            now = project.clock.now()
            copy = copy_ledger(
                url,
                file.with_name(f"{file.stem}-before-upgrade-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}{file.suffix}"),
                now=now,
            )
        elif not dumped:
            raise NeedsAPerson(
                f"the ledger has {found.in_words}; a copy has to be there before it is changed, and none is known",
                hint="make one with pg_dump, keep it, then: `db upgrade --dumped`",
            )
        lists = Lists(tuple(project.campaigns()), project.campaign_id(rest) if rest else "")
        try:
            upgraded = upgrade_schema(url, lists=lists, agree=agree, others_stopped=others_stopped)
        except NeedsAPerson:  # nothing was changed, so no copy is needed; it holds addresses
            if copy is not None:
                copy.path.unlink(missing_ok=True)
            raise
        open_ledger(project).close()  # which notes the keys that are there
        return upgraded, copy


def rotate_key(project: Project, *, by: str) -> Path:
    """Sign with a new key from now on; the present one stays good. Returns where the old ones are kept."""
    with _nobody_sends(project):
        signing_keys(project)  # an old key that is missing now would be missed for good
        kept = rotate(project.settings)
        with closing(open_ledger(project)) as ledger:
            ledger.events.record("secret-key.rotated", who=by, now=project.clock.now())
    return kept


def give_up_keys(project: Project, *, by: str) -> tuple[int, int]:
    """A person says that the keys which are missing are lost for good. How many, and how many addresses barred by
    hashes may not be known again."""
    with _nobody_sends(project):
        with closing(open_ledger(project)) as ledger:
            given = {fingerprint(token_key(key)) for key in read_keys(project.settings)}
            lost = ledger.secret_keys.all() - given
            if not given and ledger.secret_keys.has_used_another_key():
                lost = frozenset({UNNOTED_KEY})
            if not lost:
                raise UsageError("no key that this ledger needs is missing; nothing was changed")
            ledger.secret_keys.give_up(lost, who=by, now=project.clock.now())
            barred = ledger.secret_keys.barred_by_lost_keys()
        open_ledger(project).close()  # where there is no key at all now, one is made
    return len(lost), barred


@contextmanager
def _nobody_sends(project: Project) -> Iterator[None]:

    try:
        with lock_database(project.database_file(), now=project.clock.now()):
            yield
    except HeldByAnother as held:
        raise NeedsAPerson(
            f"{held.message}; nothing was changed",
            hint="stop what runs (`start`, a timer with `tick`), then `db upgrade` again",
        ) from None


#: How long all questions together may take.
SECONDS = 30.0


class NotAsked(StrEnum):
    """Why a provider was not asked."""

    CANNOT_BE = "cannot-be-asked"  # a mail server
    STAYS_HERE = "stays-here"  # a rehearsal, a sandbox, a pretended day
    NO_CHANNEL = "no-channel"  # switched off, or its keys are not there
    NOT_KNOWN = "not-known"  # nothing is known of its calls: the message is not there any more, or nobody to get it
    NO_TIME = "no-time"


@dataclass(frozen=True)
class DoubtfulCall:
    """One call that may have been made."""

    transport: Transport
    request: Request
    since: datetime


@dataclass(frozen=True)
class ProviderAnswer:
    """What a provider says of one delivery. Without ``why_not`` it was asked about at least one of its calls."""

    delivery: Delivery
    provider: str  # "x" | "sendgrid" | "smtp"
    calls: int = 0
    asked: int = 0
    known: int = 0  # of these, the calls that the provider knows
    reference: str = ""
    detail: str = ""  # what else was said
    why_not: NotAsked | None = None


@dataclass(frozen=True)
class About:
    """One delivery with what can be asked about it."""

    delivery: Delivery
    provider: str
    questions: Sequence[DoubtfulCall] = field(default_factory=tuple)
    why_not: NotAsked | None = None


def ask_providers(abouts: Sequence[About], *, now: datetime, seconds: float = SECONDS) -> tuple[ProviderAnswer, ...]:
    """Ask, each channel by itself, and each delivery's first call before anybody's second. Raises nothing."""
    lines: dict[str, list[tuple[int, int]]] = {}
    for number, who in sorted((n, who) for who, about in enumerate(abouts) for n in range(len(about.questions))):
        lines.setdefault(abouts[who].delivery.channel, []).append((who, number))
    found: dict[tuple[int, int], Evidence] = {}
    over = threading.Event()

    def ask(places: Iterable[tuple[int, int]]) -> None:
        for who, number in places:
            if over.is_set():
                return
            question = abouts[who].questions[number]
            found[who, number] = question.transport.look_up(question.request, since=question.since, now=now)

    until = time.monotonic() + seconds
    threads = [threading.Thread(target=ask, args=(places,), daemon=True) for places in lines.values()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    over.set()  # whoever still waits for an answer ends with this process
    answers = dict(found)
    asked = []
    for who, about in enumerate(abouts):
        evidence = [one for (whose, _), one in sorted(answers.items()) if whose == who]
        sent = [one for one in evidence if one.verdict is Verdict.SENT]
        others = (one.detail for one in evidence if one.verdict is not Verdict.SENT)
        none_asked = NotAsked.NO_TIME if about.questions else NotAsked.NOT_KNOWN
        asked.append(
            ProviderAnswer(
                about.delivery,
                about.provider,
                len(about.questions),
                len(evidence),
                len(sent),
                next((one.reference for one in sent if one.reference), ""),
                next(others, ""),
                about.why_not or (None if evidence else none_asked),
            )
        )
    return tuple(asked)
