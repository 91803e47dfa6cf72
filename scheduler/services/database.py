"""The ledger looked after: backup, upgrade, keys, a copy put back or moved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..channels.registry import spec_of
from ..errors import NeedsAPerson, ObservanceError, OutOfReach, UsageError
from ..key_files import read_keys, rotate
from ..settings import Mode
from ..wiring import UNNOTED_KEY, open_ledger, signing_keys, way_out, whereabouts_of
from .outside import may_ask
from .seasons import rehearse
from .senders import who_holds
from .subscriber_links import preferences_url, unsubscribe_url

if TYPE_CHECKING:
    from ..channels.spec import Transport
    from ..domain.records import Delivery
    from ..engine.whereabouts import Displaced
    from ..project import Project
    from ..store import Ledger
    from ..store.backup import Backup
    from ..store.migrate import Upgraded
    from .ask_providers import About, Asked, Question


#: By so many readers' mails a provider is asked about a call to a thousand.
_ASKED_BY = 10


def back_up(project: Project, target: Path) -> Backup:
    """Copy a SQLite ledger while it is in use, and write down that it was done."""
    from ..store.backup import back_up

    made = back_up(project.settings.database_url, target, now=project.clock.now())
    try:
        ledger = open_ledger(project)
    except ObservanceError:  # from an earlier release: it is copied before it is upgraded
        return made
    try:
        ledger.events.record("ledger.copied", who=project.login_name(), now=made.copied_at, bytes=made.size)
    finally:
        ledger.close()
    return made


def mark_restored(project: Project, copied_at: datetime, by: str) -> tuple[Asked, ...]:
    """Say that the database was put back from a copy made at ``copied_at`` by other means than ``back_up``.

    Returns what the providers say of what may have gone out since.
    """
    from .ask_providers import ask_providers

    with _ledger_at_rest(project) as ledger:
        ledger.backups.mark_as_copy(copied_at=copied_at, who=by, now=project.clock.now())
        with _state_folder_in_words(project, ledger):
            whereabouts_of(project, ledger).restored(who=by, now=project.clock.now())
        now = project.clock.now()
        ways: dict[str, Transport] = {}
        abouts = [_about(project, ledger, d, ways) for d in ledger.backups.may_have_gone(Mode.LIVE.value, now=now)]
    return ask_providers(abouts, now=now)


def _about(project: Project, ledger: Ledger, delivery: Delivery, ways: dict[str, Transport]) -> About:
    """What the provider can be asked about a delivery. ``ways``: the ways out that are open already."""
    from .ask_providers import About, NotAsked

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


def _calls_of(project: Project, ledger: Ledger, delivery: Delivery, way: Transport) -> Iterator[Question]:
    """The calls that a delivery has made, or would have made."""
    from ..domain.message import from_item
    from ..domain.outcome import UnusableRecipients
    from .ask_providers import Question

    message = ledger.lookups.sent_message(delivery.digest) if delivery.digest else None
    if message is None:
        try:
            season = rehearse(project, delivery.campaign, delivery.season, ledger=ledger)
        except ObservanceError:  # its files cannot be read; `check` says why
            return
        message = season.message(delivery.item, delivery.channel)
    if message is None:
        return
    now, leave, choose = (
        project.clock.now(),
        unsubscribe_url(project, delivery.campaign),
        preferences_url(project, delivery.campaign),
    )
    limit = max(1, way.batch_limit)
    for batch, readers in ledger.recipients.would_be_batches(
        delivery.id, batch_limit=limit, readers=_ASKED_BY, now=now
    ):
        called = [
            replace(r, unsubscribe_url=leave(r.subscriber_id), preferences_url=choose(r.subscriber_id)) for r in readers
        ]
        if batch.not_before_at > now or (delivery.kind == "email" and not called):
            continue
        with suppress(UnusableRecipients):
            request = way.build(from_item(message, batch.first_item), send_id=batch.send_id, recipients=called)
            yield Question(way, request, batch.started_at or max(batch.not_before_at, delivery.due_at))


def unmarked_ledger(project: Project) -> tuple[str, datetime] | None:
    """A ledger that has sent, and does not know where it is at home: where it is, and when its last call was."""
    if not project.ledger_exists():
        return None
    with closing(open_ledger(project)) as ledger:
        home = ledger.attempts.home()
        return (ledger.where, home.last_at) if not home.home and home.last_at is not None else None


def mark_moved(project: Project, by: str) -> Displaced | None:
    """Say that the ledger is at home here now. Returns what is in the way all the same."""
    with _ledger_at_rest(project) as ledger, _state_folder_in_words(project, ledger):
        return whereabouts_of(project, ledger).moved(who=by, now=project.clock.now())


@contextmanager
def _ledger_at_rest(project: Project) -> Iterator[Ledger]:
    """The ledger, while no process sends from it."""
    holder = who_holds(project, project.database_file())
    if holder:
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


@dataclass(frozen=True, slots=True)
class UpgradeDone:
    """What was done. ``copy``: the copy that was made first; None where there was nothing to change, or on a server."""

    upgraded: Upgraded
    copy: Backup | None = None


def upgrade_database(project: Project, *, dumped: bool = False, others_stopped: bool = False) -> UpgradeDone:
    """Bring the ledger to this release's schema, all or nothing.

    ``dumped``: a person says that a copy was made (PostgreSQL; of SQLite one is made here). ``others_stopped``:
    a person says that whatever else is connected (PostgreSQL) sends nothing.
    """
    from ..store import schema_of, upgrade_database
    from ..store.backup import back_up

    url, file = project.settings.database_url, project.database_file()
    with _nobody_sends(project, file):
        found = schema_of(url)
        if found.is_empty or found.is_newest:
            return UpgradeDone(upgrade_database(url))
        copy = None
        if file is not None:
            copy = back_up(url, _name_of_copy(project, file), now=project.clock.now())
        elif not dumped:
            raise NeedsAPerson(
                f"the ledger has {found.in_words}; a copy has to be there before it is changed, and none is known",
                hint="make one with pg_dump, keep it, then: `db upgrade --dumped`",
            )
        done = UpgradeDone(upgrade_database(url, others_stopped=others_stopped), copy)
        open_ledger(project).close()  # which notes the keys that are there
        return done


def rotate_key(project: Project, *, by: str) -> Path:
    """Sign with a new key from now on; the present one stays good. Returns where the old ones are kept."""

    with _nobody_sends(project, project.database_file()):
        signing_keys(project)  # an old key that is missing now would be missed for good
        kept = rotate(project.root, project.settings)
        with closing(open_ledger(project)) as ledger:
            ledger.events.record("secret-key.rotated", who=by, now=project.clock.now())
    return kept


def give_up_keys(project: Project, *, by: str) -> tuple[int, int]:
    """A person says that the keys which are missing are lost for good. How many, and how many addresses barred by
    hashes may not be known again."""
    from ..subscribers.tokens import fingerprint, token_key

    with _nobody_sends(project, project.database_file()):
        with closing(open_ledger(project)) as ledger:
            given = {fingerprint(token_key(key)) for key in read_keys(project.root, project.settings) or ()}
            lost = ledger.secret_keys.all() - given
            if not given and ledger.secret_keys.has_used_another_key():
                lost = frozenset({UNNOTED_KEY})
            if not lost:
                raise UsageError("no key that this ledger needs is missing; nothing was changed")
            ledger.secret_keys.give_up(lost, who=by, now=project.clock.now())
            barred = ledger.secret_keys.barred_by_lost_keys()
        open_ledger(project).close()  # where there is no key at all now, one is made
    return len(lost), barred


def _name_of_copy(project: Project, file: Path) -> Path:
    at = f"{project.clock.now().astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return file.with_name(f"{file.stem}-before-upgrade-{at}{file.suffix}")


@contextmanager
def _nobody_sends(project: Project, file: Path | None) -> Iterator[None]:
    from ..engine.process_lock import HeldByAnother, lock_database

    try:
        with lock_database(file, now=project.clock.now()):
            yield
    except HeldByAnother as held:
        raise NeedsAPerson(
            f"{held.message}; nothing was changed",
            hint="stop what runs (`start`, a timer with `tick`), then `db upgrade` again",
        ) from None
