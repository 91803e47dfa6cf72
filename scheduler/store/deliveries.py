"""Deliveries: as the plan wants them, what is due of them, and what a person decides about one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    RowMapping,
    Select,
    Table,
    and_,
    bindparam,
    func,
    not_,
    or_,
    select,
    true,
    update,
)

from ..domain.approval import Approvals
from ..domain.audience import Audience
from ..domain.delivery import State, Verb
from ..domain.reason import Reason, ReasonCode, as_data, because, from_data, from_text
from ..domain.reason_words import stops
from ..domain.records import (
    ALL_CAMPAIGNS,
    ALL_CHANNELS,
    Batch,
    Delivery,
    DueFirst,
    LedgerHealth,
    PlanChanges,
    SendSnapshot,
    Wanted,
)
from ..domain.redact import person
from ..domain.season_key import SeasonKey
from . import by_driver
from .backup import close_what_may_have_gone
from .batches import newly_left
from .database import OnConnection
from .events import BY_OTHERS, append, newest_data
from .reads import (
    DeliveryReads,
    read_approvals,
    read_arming,
    read_holds,
    read_requests,
    read_standing_of_posts,
)
from .reopening import ReopeningRepository
from .repository import (
    REST,
    Repository,
    add_row,
    all_rows,
    as_batch,
    as_delivery,
    by_due_time,
    count,
    counted,
    delivery_of,
    has_batch_in,
    in_season,
    is_open_at,
    read_batch,
    read_delivery,
    refresh_delivery_state,
    transaction,
    transition,
    transition_all,
    waits_in,
    why,
    with_counts,
)
from .tables import approvals, armings, batches, change_requests, deliveries, holds, ledger

_WAITING = (State.SCHEDULED, State.HELD)
_OPEN = [str(state) for state in (*_WAITING, State.SENDING)]

_NOW: ColumnElement[datetime] = bindparam("now")
_MAY_GO = or_(batches.c.not_before_at <= _NOW, batches.c.number == REST)
_DUE = (
    select(deliveries)
    .where(
        deliveries.c.mode == bindparam("mode"),
        deliveries.c.campaign == bindparam("campaign"),
        deliveries.c.season == bindparam("season"),
        deliveries.c.due_at <= _NOW,
        deliveries.c.expires_at > _NOW,
        or_(
            and_(deliveries.c.opened_at.is_(None), deliveries.c.state == str(State.SCHEDULED)),
            # Also of one that is held: what a person held has no batch that waits to be sent.
            and_(
                deliveries.c.opened_at.is_not(None),
                deliveries.c.state.in_(_OPEN),
                has_batch_in(State.SCHEDULED, where=(_MAY_GO, is_open_at(_NOW))),
            ),
        ),
    )
    # A post is one call; it need not wait for a mail to many.
    .order_by(deliveries.c.due_at, deliveries.c.kind.desc(), deliveries.c.channel, deliveries.c.id)
)
_DUE_ON_A_CHANNEL = _DUE.where(deliveries.c.channel == bindparam("channel"))
_PRESSING = (
    select(deliveries.c.id)
    .where(deliveries.c.mode == bindparam("mode"), deliveries.c.state.in_(_OPEN), deliveries.c.due_at <= _NOW)
    .limit(1)
)
#: What waits past its window, as a whole and, of a mailing by time zones, a part of it.
_LATE = select(deliveries).where(
    deliveries.c.mode == bindparam("mode"), deliveries.c.expires_at <= _NOW, waits_in(*_WAITING)
)
_WAVE_OVER = (
    select(batches.c.delivery_id)
    .join(deliveries, deliveries.c.id == batches.c.delivery_id)
    .where(
        deliveries.c.mode == bindparam("mode"),
        deliveries.c.expires_at > _NOW,
        batches.c.state.in_([str(state) for state in _WAITING]),
        not_(is_open_at(_NOW)),
    )
    .distinct()
)
_HAS_NOT_BEGUN = (
    deliveries.c.mode == bindparam("mode"),
    deliveries.c.due_at <= _NOW,
    deliveries.c.expires_at > _NOW,
    deliveries.c.opened_at.is_(None),
    deliveries.c.state == str(State.SCHEDULED),
)
_OTHERS_DUE_FIRST = select(deliveries.c.id).where(*_HAS_NOT_BEGUN, deliveries.c.kind != "post").limit(1)
_MAILING = (
    select(deliveries.c.id)
    .where(
        deliveries.c.mode == bindparam("mode"),
        deliveries.c.campaign == bindparam("campaign"),
        deliveries.c.season == bindparam("season"),
        deliveries.c.kind == "email",
        deliveries.c.state.in_(_OPEN),
        deliveries.c.due_at <= bindparam("until"),
        deliveries.c.expires_at > _NOW,
    )
    .limit(1)
)


def _how_many(table: Table, *where: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count()).select_from(table).where(*where).correlate(deliveries).scalar_subquery()


def _of_delivery(table: Table, *names: str) -> tuple[ColumnElement[bool], ...]:
    return tuple(table.c[name] == deliveries.c[name] for name in names)


_NAMES = ("campaign", "season", "item", "channel")
#: What a post rests on, in numbers: where they are the same, and nobody has done anything since, so is all of it.
_MARK = (
    deliveries.c.due_at,
    deliveries.c.expires_at,
    _how_many(holds, holds.c.released_at.is_(None)).label("holding"),
    _how_many(armings, *_of_delivery(armings, "campaign", "season"), armings.c.disarmed_at.is_(None)).label("arming"),
    _how_many(approvals, *_of_delivery(approvals, *_NAMES), approvals.c.withdrawn_at.is_(None)).label("approving"),
    _how_many(change_requests, *_of_delivery(change_requests, *_NAMES), change_requests.c.ended_at.is_(None)).label(
        "asking"
    ),
)
_HOLDING = 2  # its place among these
_OF_BATCH = (
    *("id", "delivery_id", "number", "size", "skipped", "state", "send_id", "not_before_at", "not_after_at"),
    *("token", "attempt", "reasons", "left_out", "only_items"),
)
_DUE_POSTS = (
    select(deliveries, *_MARK[_HOLDING:], select(ledger.c.events).scalar_subquery().label("version"))
    .where(*_HAS_NOT_BEGUN, deliveries.c.kind == "post")
    .order_by(deliveries.c.due_at, deliveries.c.id)
)
_AS_KNOWN = (
    select(deliveries.c.id, *_MARK, BY_OTHERS.exists())
    .where(*_HAS_NOT_BEGUN, deliveries.c.kind == "post")
    .order_by(deliveries.c.due_at, deliveries.c.id)
)
_SINCE = (
    select(BY_OTHERS.exists(), *_MARK, *(batches.c[name] for name in _OF_BATCH))
    .join(batches, batches.c.delivery_id == deliveries.c.id)
    .where(batches.c.id == bindparam("batch"))
)


@cache
def _next_instants(of_all: bool) -> tuple[Select[datetime], Select[datetime]]:
    """The next instants at which a delivery becomes due, and those at which a batch of one may go; of a campaign, or
    ``of_all``."""
    mine = (
        deliveries.c.mode == bindparam("mode"),
        true() if of_all else deliveries.c.campaign == bindparam("campaign"),
    )
    is_first = (
        deliveries.c.state == str(State.SCHEDULED),
        deliveries.c.opened_at.is_(None),
        deliveries.c.due_at > _NOW,
    )
    may_go_again = (batches.c.state == str(State.SCHEDULED), batches.c.not_before_at > _NOW)
    first = select(deliveries.c.due_at).where(*mine, *is_first).order_by(deliveries.c.due_at)
    again = (
        select(batches.c.not_before_at)
        .join(deliveries, deliveries.c.id == batches.c.delivery_id)
        .where(*mine, *may_go_again)
        .order_by(batches.c.not_before_at)
    )
    most: ColumnElement[int] = bindparam("limit", type_=Integer)
    return first.distinct().limit(most), again.distinct().limit(most)


class DeliveryRepository(ReopeningRepository, DeliveryReads):
    """Each message of the plan on its way: what is due, what a person decided about it, what came of it."""

    def follow_plan(
        self, mode: str, key: SeasonKey, wanted: Sequence[Wanted], *, now: datetime, may_cancel: bool = True
    ) -> PlanChanges:
        """Make the waiting deliveries what the plan says. What has begun or ended is not touched.

        A delivery that was cancelled because its item had left the plan comes back with the item, while its window
        is open; one that was held then waits for a person as before. ``may_cancel`` False keeps what the plan does not
        name: for a plan that could not be read whole.
        """
        of_season = select(deliveries).where(deliveries.c.mode == mode, in_season(deliveries, key))
        known = _by_name(self._read(of_season).mappings())
        if not (any(_to_do(known, wanted, now)) or (may_cancel and _left_the_plan(known, wanted))):
            return PlanChanges()
        changes: Counter[str] = Counter()
        touched: list[int] = []
        with self._database.write("plan") as connection:
            known = _by_name(connection.execute(of_season).mappings())
            for change, row, w in _to_do(known, wanted, now):
                changes[change] += 1
                touched.append(
                    _follow(connection, row, w, now) if row is not None else _insert(connection, mode, key, w, now)
                )
            for row in _left_the_plan(known, wanted) if may_cancel else ():
                transition_all(connection, row, Verb.CANCEL, now, reasons=(because(ReasonCode.NOT_IN_PLAN),))
                before = {"held": as_data(from_text(row["reasons"]))} if State(row["state"]) is State.HELD else {}
                _tell(connection, now, "cancelled", row, **before)
                changes["cancelled"] += 1
            close_what_may_have_gone(connection, touched, now)
        return PlanChanges(**changes)

    def words_sent(self, delivery_id: int) -> tuple[tuple[str, datetime, int], ...]:
        """The words that went out of a delivery, or may have: their digest, since when, and to how many readers."""
        query = (
            select(batches.c.digest, func.min(batches.c.started_at), func.sum(batches.c.size - batches.c.skipped))
            .where(
                batches.c.delivery_id == delivery_id,
                batches.c.state.in_([str(State.SENT), str(State.UNKNOWN)]),
                batches.c.digest != "",
            )
            .group_by(batches.c.digest)
            .order_by(func.min(batches.c.started_at))
        )
        return tuple((digest, at, int(count)) for digest, at, count in self._read(query))

    def calls_of_season(self, mode: str, key: SeasonKey) -> dict[int, tuple[datetime, datetime]]:
        """Delivery -> when the first of its calls that were accepted began, and the last."""

        def at(which: Callable[[ColumnElement[datetime]], ColumnElement[datetime]]) -> ColumnElement[datetime]:
            of_it = (batches.c.delivery_id == deliveries.c.id, batches.c.state == str(State.SENT))
            return select(which(batches.c.started_at)).where(*of_it).scalar_subquery()

        query = select(deliveries.c.id, at(func.min), at(func.max))
        found = self._read(query.where(deliveries.c.mode == mode, in_season(deliveries, key)))
        return {delivery_id: (first, last) for delivery_id, first, last in found if first is not None}

    def of_day(self, mode: str, on: date) -> tuple[Delivery, ...]:
        """All deliveries of a day, of every campaign, with their counts."""
        of_the_day = select(deliveries).where(deliveries.c.mode == mode, deliveries.c.on_date == on)
        return self._deliveries(of_the_day.order_by(deliveries.c.due_at, deliveries.c.channel, deliveries.c.item))

    def find(self, delivery_id: int) -> Delivery | None:
        return next(iter(self._deliveries(select(deliveries).where(deliveries.c.id == delivery_id))), None)

    def calls_under_way(
        self, channel: str = ALL_CHANNELS, campaign: str = ALL_CAMPAIGNS
    ) -> tuple[tuple[Delivery, Batch], ...]:
        """Calls whose intent is written and whose end is not, on one channel or all, of one campaign or all: a hold
        comes too late for them."""
        query = select(batches).where(batches.c.state == str(State.SENDING)).order_by(batches.c.started_at)
        with self._database.read() as connection:
            calls = [(delivery_of(connection, row), row) for row in all_rows(connection, query)]
        wanted = [
            call
            for call in calls
            if channel in (ALL_CHANNELS, call[0]["channel"]) and campaign in (ALL_CAMPAIGNS, call[0]["campaign"])
        ]
        return tuple((as_delivery(delivery), as_batch(batch)) for delivery, batch in wanted)

    def due(self, mode: str, key: SeasonKey, *, now: datetime, channel: str = ALL_CHANNELS) -> tuple[Delivery, ...]:
        """Deliveries with something that may go now: due, inside the window, not held. Earliest first."""
        bound = {"mode": mode, **asdict(key), "now": now}
        with self._database.read() as connection:
            if channel == ALL_CHANNELS:
                return counted(connection, by_driver.rows(connection, _DUE, bound))
            return counted(connection, by_driver.rows(connection, _DUE_ON_A_CHANNEL, {**bound, "channel": channel}))

    def due_first(self, mode: str, *, now: datetime) -> DueFirst:
        """What is due and has not begun, of all campaigns: posts, with how each of them stands."""
        bound = {"mode": mode, "now": now}
        with self._database.read() as connection:
            has_others = bool(by_driver.tuples(connection, _OTHERS_DUE_FIRST, bound))
            rows = by_driver.rows(connection, _DUE_POSTS, bound)
            if not rows:
                return DueFirst((), has_others, 0)
            plain = OnConnection(connection)
            standing = read_standing_of_posts(plain, mode, now)
            posts: list[SendSnapshot] = []
            for one, row in zip(counted(connection, rows), rows, strict=True):
                names = (one.campaign, one.season, one.item, one.channel)
                posts.append(
                    SendSnapshot(
                        delivery=one,
                        batch=None,
                        armed=standing.armed.get(one.season_key),
                        holds=tuple(h for h in standing.holds if h.covers(one.channel, one.campaign)),
                        approvals=Approvals(tuple(standing.approvals.get(names, ()))),
                        requests=tuple(standing.requests.get(names, ())),
                        mark=(row["version"], *(row[column.name] for column in _MARK)),
                    )
                )
            return DueFirst(tuple(posts), has_others, rows[0]["version"])

    def is_due_as_known(self, known: DueFirst, mode: str, *, now: datetime) -> bool:
        """Whether just that is due by now which a look ahead has found, and stands as it did: told by numbers, as
        right before each call (:meth:`as_before`), in one statement for all."""
        bound = {"mode": mode, "now": now}
        if known.has_others or not known.posts:
            return False
        with self._database.read() as connection:
            if by_driver.tuples(connection, _OTHERS_DUE_FIRST, bound):
                return False
            found = by_driver.tuples(connection, _AS_KNOWN, {**bound, "after": known.version})
        as_known = [(one.delivery.id, *one.mark[1:], False) for one in known.posts]
        return [(*row[:-1], bool(row[-1])) for row in found] == as_known

    def is_pressing(self, mode: str, *, now: datetime) -> bool:
        """Whether anything is due, or closes, by ``now``: what a clock that is wrong would do harm to."""
        return bool(self._ask(_PRESSING, mode=mode, now=now))

    def is_mailing(self, mode: str, key: SeasonKey, *, now: datetime, until: datetime) -> bool:
        """Whether a mail of a season is due by ``until`` and can still go."""
        return bool(self._ask(_MAILING, mode=mode, **asdict(key), now=now, until=until))

    def next_instants(
        self, mode: str, *, now: datetime, limit: int = 64, campaign: str | None = None
    ) -> tuple[datetime, ...]:
        """The next instants after ``now`` at which something becomes due, of one campaign or all; earliest first."""
        bound = {"mode": mode, "now": now, "limit": limit, "campaign": campaign}
        with self._database.read() as connection:
            found = {
                at for query in _next_instants(campaign is None) for (at,) in by_driver.tuples(connection, query, bound)
            }
        return tuple(sorted(found))[:limit]

    def expire(self, mode: str, *, now: datetime) -> tuple[Delivery, ...]:
        """Close what waits past its window: missed. Returns the deliveries concerned."""
        asked = {"mode": mode, "now": now}
        if not self._ask(_LATE, **asked) and not self._ask(_WAVE_OVER, **asked):  # as in most passes
            return ()
        closed: list[int] = []
        with self._database.write("expire") as connection:
            for row in by_driver.rows(connection, _LATE, asked):
                before = from_text(row["reasons"]) or (because(ReasonCode.NOTHING_RAN),)
                closed_before = any(reason.code is ReasonCode.CLOSED_BEFORE_START for reason in before)
                reasons = before if closed_before else (because(ReasonCode.CLOSED_UNSENT), *before)
                held = _awaits_a_word(connection, row)
                if not transition_all(connection, row, Verb.EXPIRE, now, reasons=reasons, detail=row["note"]):
                    continue
                append(
                    connection,
                    at=now,
                    kind="delivery.missed",
                    who="tick",
                    delivery_id=row["id"],
                    item=row["item"],
                    channel=row["channel"],
                    expires_at=row["expires_at"],
                    reasons=as_data(reasons),
                    **({"held": True} if held else {}),
                )
                closed.append(row["id"])
            for (delivery_id,) in by_driver.tuples(connection, _WAVE_OVER, asked):
                of_wave = (batches.c.delivery_id == delivery_id, not_(is_open_at(now)))
                reasons = (because(ReasonCode.WAVE_MISSED),)
                missed = transition(connection, batches, Verb.EXPIRE, *of_wave, **why(reasons))
                refresh_delivery_state(connection, delivery_id, now)
                of_it = {"delivery_id": delivery_id, "batches": missed}
                append(connection, at=now, kind="delivery.part-missed", who="tick", **of_it)
                closed.append(delivery_id)
            return with_counts(connection, by_due_time(closed))

    def note(self, delivery_id: int, reasons: Sequence[Reason], *, detail: str = "", now: datetime) -> bool:
        """Why a delivery waits. False, and nothing is written, when it says so already."""
        columns = why(reasons, detail, words="note")
        with self._database.read() as connection:
            row = read_delivery(connection, delivery_id)
        if row is None or all(row[name] == value for name, value in columns.items()):
            return False
        with self._database.write("note") as connection:
            row = read_delivery(connection, delivery_id)
            if row is None or row["state"] not in _OPEN:
                return False
            if row["opened_at"] is not None:
                refresh_delivery_state(connection, delivery_id, now, reasons=reasons, detail=detail)
            else:
                mine = deliveries.c.id == delivery_id
                connection.execute(update(deliveries).where(mine).values(**columns, changed_at=now))
            if reasons:
                append(
                    connection,
                    at=now,
                    kind="delivery.waits",
                    who="tick",
                    delivery_id=delivery_id,
                    reasons=as_data(reasons),
                    detail=columns["note"],
                )
        return True

    # -- what a person decides about one -----------------------------------------------------------------------

    def hold(self, delivery_id: int, *, who: str, why: str, now: datetime) -> bool:
        return self._act(delivery_id, Verb.HOLD, who, (because(ReasonCode.HELD_BACK, who=person(who), why=why),), now)

    def release(self, delivery_id: int, *, who: str, now: datetime) -> bool:
        """Let a held delivery go, if its window is still open at the next pass."""
        return self._act(delivery_id, Verb.RELEASE, who, (), now)

    def skip(self, delivery_id: int, *, who: str, why: str, now: datetime) -> bool:
        """Leave out what has not gone yet of a delivery."""
        return self._act(delivery_id, Verb.SKIP, who, (because(ReasonCode.SKIPPED_BY, who=person(who), why=why),), now)

    def retry(self, delivery_id: int, *, who: str, now: datetime) -> bool:
        """Another try of what certainly did not go out, while its window is open."""
        with self._database.read() as connection:
            row = read_delivery(connection, delivery_id)
        if row is None or row["expires_at"] <= now:
            return False
        return self._act(delivery_id, Verb.RETRY, who, (), now)

    @transaction("act")
    def _act(
        self, connection: Connection, delivery_id: int, verb: Verb, who: str, reasons: tuple[Reason, ...], now: datetime
    ) -> bool:
        row = read_delivery(connection, delivery_id)
        if row is None:
            return False
        # Since when a person wants nothing more of it; another try that a person asks for is the newer word.
        since = {Verb.SKIP: now, Verb.RETRY: None}.get(verb, row["skipped_at"])
        mine = update(deliveries).where(deliveries.c.id == delivery_id)
        connection.execute(mine.values(skipped_at=since))
        if not transition_all(connection, row, verb, now, reasons=reasons):
            connection.execute(mine.values(skipped_at=row["skipped_at"]))
            return False
        if verb is Verb.RETRY:
            connection.execute(update(batches).where(batches.c.delivery_id == delivery_id).values(tries=0))
        append(connection, at=now, kind=f"delivery.{verb}", who=who, delivery_id=delivery_id, reasons=as_data(reasons))
        return True

    def snapshot(
        self, delivery_id: int, batch_id: int | None = None, departures: int | None = None
    ) -> SendSnapshot | None:
        """What the last check looks at, in one look. ``departures``: as many there had been when the batch's readers
        were read; who has left since is looked for where there are more."""
        with self._database.read() as connection:
            row = read_delivery(connection, delivery_id)
            if row is None:
                return None
            key = SeasonKey(row["campaign"], row["season"])
            batch = read_batch(connection, batch_id) if batch_id is not None else None
            told = [item for item, _ in Audience.from_text(row["audience"]).parts]
            if told:  # readers who want one mail a day are told of earlier ones, too
                mine = select(batches.c.only_items).where(batches.c.delivery_id == delivery_id).distinct()
                told = [
                    *told,
                    *{i for items in connection.execute(mine).scalars() for i in items.split()}.difference(told),
                ]
            may_have_left = row["kind"] == "email" and row["departures"] != departures
            plain = OnConnection(connection)
            about = "" if told else row["item"]  # a digest rests on what was said of its items and of its frame
            return SendSnapshot(
                delivery=as_delivery(row),
                batch=as_batch(batch) if batch is not None else None,
                armed=read_arming(plain, key),
                holds=tuple(h for h in read_holds(plain) if h.covers(row["channel"], row["campaign"])),
                approvals=read_approvals(plain, key, about, row["channel"]),
                requests=read_requests(plain, key, about, row["channel"]),
                kept_back=_kept_back(connection, row, told) if told else {},
                newly_left=newly_left(connection, row, batch) if batch is not None and may_have_left else 0,
            )

    def as_before(self, before: SendSnapshot, batch_id: int) -> SendSnapshot | None:
        """The same of a post that was looked at when it was found to be due, by one statement. None where it may stand
        otherwise by now, and is to be looked at as a whole: a hold anywhere, another time, arming, approval or request
        for changes, or somebody other than the program has done something since."""
        found = self._ask(_SINCE, batch=batch_id, after=before.mark[0])
        if not found:
            return None
        is_told_by_others, *rest = found[0]
        mark, of_batch = rest[: len(_MARK)], rest[len(_MARK) :]
        if is_told_by_others or mark[_HOLDING] or tuple(mark) != before.mark[1:]:
            return None
        return replace(before, batch=as_batch(dict(zip(_OF_BATCH, of_batch, strict=True))))


def _kept_back(connection: Connection, digest: RowMapping, items: Sequence[str]) -> dict[str, bool]:
    """Of these items those whose own mails a person holds back (False), or has left out or held until their time was
    over (True), with nobody who had them."""
    same = (deliveries.c[name] == digest[name] for name in ("mode", "campaign", "season", "channel"))
    rows = connection.execute(select(deliveries).where(*same, deliveries.c.item.in_(items))).mappings()
    found = {row["item"]: as_delivery(row) for row in rows}
    ends = {State.SKIPPED: (ReasonCode.SKIPPED_BY,), State.MISSED: (ReasonCode.HELD, ReasonCode.HELD_BACK)}
    left_out = {item for item, d in found.items() if d.has(*ends.get(d.state, ()))}
    return {item: item in left_out for item, d in found.items() if item in left_out or d.awaits_decision}


def _awaits_a_word(connection: Connection, row: RowMapping) -> bool:
    """Whether a person was to decide about it, or about a part of it."""
    if row["opened_at"] is None:
        return bool(row["state"] == State.HELD)
    return bool(count(connection, batches, batches.c.delivery_id == row["id"], batches.c.state == str(State.HELD)))


def _reasons_when_held(connection: Connection, delivery_id: int) -> tuple[Reason, ...] | None:
    """What stood beside a cancelled delivery that waited for a person's word when it left the plan; else None."""
    held = newest_data(connection, delivery_id, "delivery.cancelled").get("held")
    if isinstance(held, str):  # from a ledger before there were codes
        return (Reason(ReasonCode.UNCLASSIFIED),)
    return from_data(held) if held is not None else None


def _is_waiting(row: RowMapping) -> bool:
    """Whether the plan may still change it. What stands still halfway has begun."""
    if State(row["state"]) is State.HELD and row["opened_at"] is not None:
        return not stops(from_text(row["reasons"]))
    return State(row["state"]) in _WAITING


def _to_do(
    known: Mapping[tuple[str, str], RowMapping], wanted: Sequence[Wanted], now: datetime
) -> Iterator[tuple[str, RowMapping | None, Wanted]]:
    """What has to change for these to be as the plan wants them, each with the row that there is."""
    for w in wanted:
        row = known.get((w.item, w.channel))
        if row is None:
            yield "planned", None, w
        elif _is_waiting(row) and any(row[name] != value for name, value in _as_wanted(w, row).items()):
            yield "moved", row, w
        elif State(row["state"]) is State.CANCELLED and w.expires_at > now:
            yield "reinstated", row, w


def _left_the_plan(known: Mapping[tuple[str, str], RowMapping], wanted: Sequence[Wanted]) -> list[RowMapping]:
    names = {(w.item, w.channel) for w in wanted}
    return [row for name, row in known.items() if name not in names and _is_waiting(row)]


def _as_wanted(w: Wanted, row: RowMapping | None = None) -> dict[str, Any]:
    """What of a delivery follows the plan while it waits; who gets it, only until somebody was frozen into it."""
    values: dict[str, Any] = {"kind": w.kind, "on_date": w.on, "due_at": w.due_at, "expires_at": w.expires_at}
    if row is None or (row["opened_at"] is None and not row["frozen"]):
        values["audience"] = w.audience.to_text()
    return values


def _insert(connection: Connection, mode: str, key: SeasonKey, w: Wanted, now: datetime) -> int:
    names = {"mode": mode, **asdict(key), "item": w.item, "channel": w.channel}
    reasons = (because(ReasonCode.CLOSED_BEFORE_START),) if w.expires_at <= now else ()
    as_it_waits = {"state": str(State.SCHEDULED), "changed_at": now, **why(reasons, words="note")}
    delivery_id = add_row(connection, deliveries, **names, **_as_wanted(w), **as_it_waits)
    times = {"due_at": w.due_at, "expires_at": w.expires_at}
    append(connection, at=now, kind="delivery.planned", who="plan", delivery_id=delivery_id, **names, **times)
    return delivery_id


def _follow(connection: Connection, row: RowMapping, w: Wanted, now: datetime) -> int:
    """Make a delivery that waits, or was cancelled, what the plan says. Returns its id."""
    times = _as_wanted(w, row)
    if State(row["state"]) is not State.CANCELLED:
        connection.execute(update(deliveries).where(deliveries.c.id == row["id"]).values(**times, changed_at=now))
        is_moved = (row["due_at"], row["expires_at"]) != (w.due_at, w.expires_at)
        _tell(connection, now, "moved" if is_moved else "changed", row, from_at=row["due_at"], to_at=w.due_at)
    else:
        transition_all(connection, row, Verb.REINSTATE, now, **times)
        held = _reasons_when_held(connection, row["id"])
        if held is not None:
            transition_all(connection, row, Verb.HOLD, now, reasons=held)
        _tell(connection, now, "reinstated", row)
    return int(row["id"])


def _tell(connection: Connection, now: datetime, change: str, row: RowMapping, **more: Any) -> None:
    of_it = {"delivery_id": row["id"], "item": row["item"], "channel": row["channel"]}
    append(connection, at=now, kind=f"delivery.{change}", who="plan", **of_it, **more)


def _by_name(rows: Iterable[RowMapping]) -> dict[tuple[str, str], RowMapping]:
    return {(row["item"], row["channel"]): row for row in rows}


class HealthRepository(Repository):
    """Whether something is late, or in doubt for too long."""

    def counts(self, mode: str, *, now: datetime, tolerance: timedelta) -> LedgerHealth:
        """Counts deliveries of ``mode`` that should have gone ``tolerance`` ago, and batches in doubt that the
        provider's own records should have settled by then.

        What a person holds is not late. What is refused (not approved, not armed) is: it is due, and does not go.
        A delivery under way is late only when nothing about it has moved for as long.
        """
        before = now - tolerance
        stands_still = (
            deliveries.c.state.in_([str(State.SCHEDULED), str(State.SENDING)]),
            deliveries.c.opened_at.is_not(None),
            deliveries.c.changed_at <= before,
            has_batch_in(State.SCHEDULED, where=[batches.c.not_before_at <= before]),
        )
        unopened = and_(deliveries.c.state == str(State.SCHEDULED), deliveries.c.opened_at.is_(None))
        due = (deliveries.c.mode == mode, deliveries.c.due_at <= before)
        doubts = (
            select(func.count())
            .select_from(batches)
            .join(deliveries, deliveries.c.id == batches.c.delivery_id)
            .where(
                deliveries.c.mode == mode,
                batches.c.state == str(State.UNKNOWN),
                # Asked once without an answer, left to a person, or due to be asked and not asked.
                or_(batches.c.checks > 0, batches.c.check_at.is_(None), batches.c.check_at <= before),
            )
        )
        with self._database.read() as connection:
            overdue = count(connection, deliveries, *due, or_(unopened, and_(*stands_still)))
            return LedgerHealth(overdue=overdue, doubts=int(connection.execute(doubts).scalar_one()))

    def campaigns(self) -> tuple[str, ...]:
        """Campaigns that the ledger has deliveries of, this year's and earlier ones."""
        return tuple(self._read(select(deliveries.c.campaign).distinct().order_by("campaign")).scalars())
