"""What every part of the ledger uses: guarded moves, and rows as records."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, TypeVarTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Insert,
    Result,
    RowMapping,
    Select,
    Table,
    TextClause,
    Update,
    and_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.sql.selectable import FromClause, TypedReturnsRows

from ..domain.approval import Approval
from ..domain.comment import ChangeRequest
from ..domain.delivery import State, Verb, leads_to, may_come_from, whole
from ..domain.invitation import NOBODYS_HASH, same_hash, token_hash
from ..domain.message import Message
from ..domain.message import to_text as message_to_text
from ..domain.reason import Reason, ReasonCode, because, from_text, to_text
from ..domain.reason_words import stops
from ..domain.records import Delivery, last_call_at
from ..domain.redact import without_addresses
from ..domain.season_key import SeasonKey
from ..domain.subscriber import SubscriberState
from . import by_driver
from .database import Database, OnConnection
from .kept_counts import ALLOWED
from .plain_rows import as_batch as as_batch
from .plain_rows import as_delivery as as_delivery
from .plain_rows import counted as plainly_counted
from .plain_rows import parts_of as parts_of
from .plain_rows import row_to as row_to
from .reads import REST as REST
from .reads import Reads, last_day_over
from .tables import (
    batches,
    deliveries,
    ledger,
    messages,
    recipients,
    subscribers,
    subscriptions,
    suppressions,
)

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from ..domain.api_key import ApiKey
    from ..domain.invitation import Invitation
    from ..domain.role import Session
    from .plain_sql import Tables

T = TypeVar("T")
Each = TypeVar("Each")
A = ParamSpec("A")
S = TypeVar("S", bound="Repository")
Ts = TypeVarTuple("Ts")
R = TypeVar("R", bound="DataclassInstance")
G = TypeVar("G", bound="ApiKey | Invitation | Session")


class Repository(Reads):
    """A part of the ledger: the database it works on."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def look(self) -> Iterator[Tables]:
        with self._database.read() as connection:
            yield OnConnection(connection)

    def _read(self, query: TypedReturnsRows[*Ts]) -> Result[*Ts]:
        """What the database answers, read whole in a look of its own."""
        with self._database.read() as connection:
            return connection.execute(query).freeze()()

    def _ask(self, statement: Executable, **values: Any) -> list[Any]:
        """The rows that answer a statement which is made once and asked for each batch."""
        return self._database.ask(statement, values)

    def _is_any(self, *queries: Select[*tuple[Any, ...]]) -> bool:
        """Whether one of them has an answer."""
        with self._database.read() as connection:
            return any(connection.execute(query.limit(1)).first() is not None for query in queries)

    def _rows(self, statement: Executable, **values: Any) -> list[RowMapping]:
        """The rows of a statement which is made once and asked in each pass, by the names of their columns."""
        with self._database.read() as connection:
            return by_driver.rows(connection, statement, values)

    def _deliveries(self, query: TypedReturnsRows[*tuple[Any, ...]]) -> tuple[Delivery, ...]:
        with self._database.read() as connection:
            return with_counts(connection, query)

    def _first(self, make: Callable[[RowMapping], T], query: TypedReturnsRows[*tuple[Any, ...]]) -> T | None:
        row = self._read(query).mappings().first()
        return make(row) if row is not None else None

    def _all(self, make: Callable[[RowMapping], T], query: TypedReturnsRows[*tuple[Any, ...]]) -> tuple[T, ...]:
        """All rows of an answer, as the values that they stand for."""
        return tuple(map(make, self._read(query).mappings()))

    def _of_token(
        self, make: Callable[[RowMapping], G], table: Table, token: str, *, looks_right: bool, now: datetime
    ) -> G | None:
        """What a token stands for, while it is good. What is looked up is its hash, of which a stranger chooses no
        part; and the same steps are taken for every token, good or not."""
        wanted = token_hash(token)
        row = self._read(select(table).where(table.c.token_hash == wanted)).mappings().first()
        known = same_hash(row["token_hash"] if row is not None else NOBODYS_HASH, wanted)
        found = make(row) if row is not None else None
        good = found is not None and found.is_good(now)
        return found if known & looks_right & good else None


def transaction(
    name: str, *, alone: bool = True, together: bool = False
) -> Callable[[Callable[Concatenate[S, Connection, A], T]], Callable[Concatenate[S, A], T]]:
    """An act of a repository is one transaction: see :meth:`Database.write`. The act is given its connection.
    ``together``: it may share its commit with others that are asked for meanwhile, see
    :meth:`Database.write_together`."""

    def decorate(act: Callable[Concatenate[S, Connection, A], T]) -> Callable[Concatenate[S, A], T]:
        @wraps(act)
        def in_transaction(self: S, /, *args: A.args, **kwargs: A.kwargs) -> T:
            if together:
                return self._database.write_together(name, lambda connection: act(self, connection, *args, **kwargs))
            with self._database.write(name, alone=alone) as connection:
                return act(self, connection, *args, **kwargs)

        return in_transaction

    return decorate


def add_row(connection: Connection, table: Table, **values: Any) -> int:
    """Add a row. Returns its number. The statement is made once for each kind."""
    return by_driver.add(connection, _insert(table, tuple(values)), values)


@lru_cache(maxsize=64)
def _insert(table: Table, names: tuple[str, ...]) -> Insert:
    return table.insert().values({name: bindparam(name, type_=table.c[name].type) for name in names})


def rows_with(connection: Connection, table: Table, /, **values: Any) -> list[RowMapping]:
    """Rows with these values in their columns, and with nothing where None is given; see :func:`transition_row`."""
    asked = {name: value for name, value in values.items() if value is not None}
    empty = tuple(name for name in values if name not in asked)
    return by_driver.rows(connection, _select(table, tuple(asked), empty), asked)


@lru_cache(maxsize=64)
def _select(table: Table, asked: tuple[str, ...], empty: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    given = (table.c[name] == bindparam(name, type_=table.c[name].type) for name in asked)
    return select(table).where(*given, *(table.c[name].is_(None) for name in empty))


def first_row(connection: Connection, query: TypedReturnsRows[*tuple[Any, ...]]) -> RowMapping | None:
    return connection.execute(query).mappings().first()


def all_rows(connection: Connection, query: TypedReturnsRows[*tuple[Any, ...]]) -> Sequence[RowMapping]:
    return connection.execute(query).mappings().all()


def count(connection: Connection, table: Table, *where: ColumnElement[bool]) -> int:
    """How many rows there are."""
    return int(connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one())


def in_season(
    table: Table, key: SeasonKey | Message | Approval | ChangeRequest, item: str = "", channel: str = ""
) -> ColumnElement[bool]:
    """Rows of one season; of one item, and on one channel, where they are named."""
    about = [table.c[name] == value for name, value in (("item", item), ("channel", channel)) if value]
    return and_(table.c.campaign == key.campaign, table.c.season == key.season, *about)


def about_message(table: Table, about: Message | Approval | ChangeRequest) -> ColumnElement[bool]:
    """Rows of one item on one channel, whatever its words are."""
    return in_season(table, about, about.item, about.channel)


def names_of(about: Message | Approval | ChangeRequest) -> dict[str, Any]:
    """What names an item on a channel, in columns and in the history."""
    return {"campaign": about.campaign, "season": about.season, "item": about.item, "channel": about.channel}


def transition(connection: Connection, table: Table, verb: Verb, *where: ColumnElement[bool], **values: Any) -> int:
    """Move the rows that are in a state from which ``verb`` is allowed. Returns how many there were.

    This is how work is taken, on both databases alike: the row count says who won.
    """
    statement = (
        update(table)
        .where(table.c.state.in_([str(s) for s in may_come_from(verb)]), *where)
        .values(state=str(leads_to(verb)), **values)
    )
    return int(connection.execute(statement).rowcount)


def transition_row(connection: Connection, table: Table, verb: Verb, of: Mapping[str, Any], /, **values: Any) -> bool:
    """The same for one row, named by the columns ``of``: the statement is made once for each kind. Making it takes
    four times as long as carrying it out, and a batch has a dozen of them."""
    statement = _row_update(table, verb, tuple(of), tuple(values))
    bound = {f"of_{name}": value for name, value in of.items()} | {f"to_{name}": v for name, v in values.items()}
    return bool(by_driver.change(connection, statement, bound))


def change_row(connection: Connection, table: Table, of: Mapping[str, Any], /, **values: Any) -> None:
    """Write these columns of one row; see :func:`transition_row`."""
    statement = _row_update(table, None, tuple(of), tuple(values))
    bound = {f"of_{name}": value for name, value in of.items()} | {f"to_{name}": v for name, v in values.items()}
    by_driver.change(connection, statement, bound)


@lru_cache(maxsize=256)
def _row_update(table: Table, verb: Verb | None, of: tuple[str, ...], values: tuple[str, ...]) -> Update:
    mine = [table.c[name] == bindparam(f"of_{name}", type_=table.c[name].type) for name in of]
    to: dict[str, Any] = {name: bindparam(f"to_{name}", type_=table.c[name].type) for name in values}
    if verb is not None:
        mine.append(table.c.state.in_([str(s) for s in may_come_from(verb)]))
        to["state"] = str(leads_to(verb))
    return update(table).where(*mine).values(**to)


#: Whose reasons are said first where batches differ.
_WORST_FIRST = (
    State.UNKNOWN,
    State.FAILED,
    State.HELD,
    State.SCHEDULED,
    State.MISSED,
    State.SKIPPED,
    State.CANCELLED,
    State.SENT,
    State.SENDING,
)
#: Batches that are closed, and whose readers have not got the mail.
_CLOSED_UNSENT = (State.FAILED, State.MISSED, State.SKIPPED, State.CANCELLED)


def why(reasons: Iterable[Reason], detail: str = "", *, words: str = "detail") -> dict[str, str]:
    """Reasons as columns; ``words`` is the name of the column for the detail."""
    # A person's or a finding's words are fields of some reasons; no address stays in them.
    redacted = (
        Reason(reason.code, {k: without_addresses(v) if isinstance(v, str) else v for k, v in reason.fields.items()})
        for reason in reasons
    )
    return {"reasons": to_text(redacted), words: without_addresses(detail)}


#: Why readers who want one mail a day are not written to: nothing that has to be said of the mailing as a whole.
_WITHHELD = to_text([because(ReasonCode.ONE_A_DAY)])


#: By database: what stands for the reasons in the index of batches. A row of an index on PostgreSQL holds some 2,700
#: bytes, and reasons with people's words in them may be longer.
KEY_OF_REASONS = {"sqlite": "{}", "postgresql": "md5({})"}


def _kinds_of_batches(key: str) -> TextClause:
    """Each state with each reasons that a batch of a delivery has, and the detail of one of them. From one kind to the
    next in the order of an index: whatever the number of batches, it takes as many steps as there are kinds. What a
    batch says is looked up by its id: for a join PostgreSQL reads all batches that there are, at each step.

    ``key``: what stands for the reasons in that index.
    """

    def its(column: str) -> str:
        return f"(SELECT {column} FROM batches AS found WHERE found.id = kinds.id)"  # noqa: S608 - our words only

    one, same, other = (key.format(f"{of}.reasons") for of in ("batches", "same", "other"))
    state, last = its("state"), its(key.format("reasons"))
    return text(f"""
    WITH RECURSIVE kinds (id) AS (
        SELECT (SELECT id FROM batches WHERE delivery_id = :of ORDER BY state, {one}, id LIMIT 1)
        UNION ALL
        SELECT coalesce(
            (SELECT id FROM batches AS same
             WHERE same.delivery_id = :of AND same.state = {state} AND {same} > {last}
             ORDER BY {same}, same.id LIMIT 1),
            (SELECT id FROM batches AS other WHERE other.delivery_id = :of AND other.state > {state}
             ORDER BY other.state, {other}, other.id LIMIT 1))
        FROM kinds WHERE kinds.id IS NOT NULL)
    SELECT {state}, {its("reasons")}, {its("detail")} FROM kinds WHERE kinds.id IS NOT NULL
    """)  # noqa: S608 - our words only


_KINDS_OF_BATCHES = {dialect: _kinds_of_batches(key) for dialect, key in KEY_OF_REASONS.items()}
#: Whether readers of closed batches should have it and have it not.
_MISSING = (
    select(batches.c.id)
    .where(
        batches.c.delivery_id == bindparam("of"),
        batches.c.state.in_([str(state) for state in _CLOSED_UNSENT]),
        batches.c.size > batches.c.skipped,
    )
    .limit(1)
)


def refresh_delivery_state(
    connection: Connection,
    delivery_id: int,
    now: datetime,
    *,
    reasons: Iterable[Reason] | None = None,
    detail: str = "",
    row: RowMapping | None = None,
    kinds: Sequence[tuple[str, str, str]] | None = None,
    **values: Any,
) -> State:
    """Write the state of an opened delivery, from the states of its batches, and return it; ``reasons`` likewise,
    unless they are given. ``row``: the delivery, where it was read in this transaction; ``kinds``: state, reasons and
    detail of its batches, where these are known.

    What a person skipped stays skipped: a call that turns out not to have been made is not made after all.
    """
    row = row or read_delivery(connection, delivery_id)
    if row is not None and row["skipped_at"] is not None:
        transition(connection, batches, Verb.SKIP, batches.c.delivery_id == delivery_id)
    if kinds is None:
        kinds = by_driver.tuples(connection, _KINDS_OF_BATCHES[connection.dialect.name], {"of": delivery_id})
    if reasons is None:
        worst = sorted(
            ((State(name), text, words) for name, text, words in kinds if text not in ("", _WITHHELD)),
            key=lambda row: (_WORST_FIRST.index(row[0]), row[1]),
        )
        all_reasons = (
            reason
            for of, text, _ in worst
            for reason in (_kept(from_text(text)) if of is State.SENT else from_text(text))
        )
        reasons = tuple(dict.fromkeys(all_reasons))[:MOST_REASONS]
        detail = "; ".join(dict.fromkeys(filter(None, (words for _, _, words in worst[:2]))))
    else:
        reasons = tuple(reasons)
    there = {State(name) for name, _, _ in kinds}
    is_missing = not there.isdisjoint(_CLOSED_UNSENT) and connection.execute(_MISSING, {"of": delivery_id}).first()
    state = whole(dict.fromkeys(there, 1), missing=int(bool(is_missing)), stopped=stops(reasons))
    if state is State.SENT:
        reasons, detail = _kept(reasons), ""
    of_it = why(reasons, detail, words="note")
    change_row(connection, deliveries, {"id": delivery_id}, state=str(state), changed_at=now, **of_it, **values)
    return state


#: So many reasons are kept of a delivery or a batch.
MOST_REASONS = 6
#: What stays worth knowing of a delivery that everybody has.
_KEPT_WHEN_SENT = (
    ReasonCode.TOLD_WITHOUT,
    ReasonCode.PICTURE_LEFT_OUT,
    ReasonCode.REHEARSED,
    ReasonCode.SETTLED_SENT,
    ReasonCode.RESTORED,
)


def _kept(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Of a rehearsal also what a live send would have been refused for."""
    return reasons if reasons and reasons[0].code in _KEPT_WHEN_SENT else ()


def forget_reasons(
    connection: Connection, now: datetime, ended: Collection[ReasonCode], *where: ColumnElement[bool], **of: Any
) -> None:
    """A person has just taken away what stood in the way of waiting deliveries, those with the values ``of`` in their
    columns: these reasons do not hold any more. Where one holds still (a second approval is missing), the next pass
    writes it down again."""
    waiting = _waiting_with_reasons(tuple(of))
    for row in all_rows(connection, waiting.where(*where)) if where else by_driver.rows(connection, waiting, of):
        before = from_text(row["reasons"])
        left = tuple(reason for reason in before if reason.code not in ended)
        if left == before:
            continue
        detail = row["note"] if left else ""
        if row["opened_at"] is None:
            said = why(left, detail, words="note")
            connection.execute(update(deliveries).where(deliveries.c.id == row["id"]).values(**said, changed_at=now))
            continue
        mine = (batches.c.delivery_id == row["id"], batches.c.state == str(State.SCHEDULED), batches.c.reasons != "")
        for one in connection.execute(select(batches.c.id, batches.c.reasons).where(*mine)).all():
            still_true = [reason for reason in from_text(one.reasons) if reason.code not in ended]
            connection.execute(update(batches).where(batches.c.id == one.id).values(reasons=to_text(still_true)))
        refresh_delivery_state(connection, row["id"], now, reasons=left, detail=detail)


@lru_cache(maxsize=16)
def _waiting_with_reasons(names: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    columns = (deliveries.c.id, deliveries.c.opened_at, deliveries.c.reasons, deliveries.c.note)
    given = (deliveries.c[name] == bindparam(name, type_=deliveries.c[name].type) for name in names)
    return select(*columns).where(deliveries.c.reasons != "", waits_in(State.SCHEDULED), *given)


_MESSAGE = select(messages.c.body).where(messages.c.digest == bindparam("of"))
_ADD_MESSAGE = messages.insert().values(digest=bindparam("digest"), body=bindparam("body"))


def keep_message(connection: Connection, message: Message, digest: str = "") -> None:
    """Keep a message by its digest, so that a later form can be compared with it; with the records beneath it as they
    are now. ``digest``: another one by which it is known."""
    digest, body = digest or message.digest, _text_of(message)
    kept = by_driver.tuples(connection, _MESSAGE, {"of": digest})
    if not kept:
        by_driver.change(connection, _ADD_MESSAGE, {"digest": digest, "body": body})
    elif kept[0][0] != body:
        change_row(connection, messages, {"digest": digest}, body=body)


#: The messages that were written down last, with their texts: each batch of a mailing keeps the same one.
_texts: list[tuple[Message, str]] = []
_TEXTS = 4


def _text_of(message: Message) -> str:
    for known, body in _texts:
        if known is message:
            return body
    body = message_to_text(message)
    _texts[:] = [(message, body), *_texts[: _TEXTS - 1]]
    return body


def transition_all(
    connection: Connection,
    row: RowMapping,
    verb: Verb,
    now: datetime,
    *,
    reasons: Iterable[Reason] = (),
    detail: str = "",
    **values: Any,
) -> int:
    """Move a delivery (``row``) for these reasons: by itself while it is not opened, else through its batches.

    A delivery that was being frozen when the program stopped has batches already; they go along.
    """
    reasons = tuple(reasons)
    of_batches = why(reasons, detail)
    if row["opened_at"] is None:
        mine = deliveries.c.id == row["id"]
        columns = why(reasons, detail, words="note")
        moved = transition(connection, deliveries, verb, mine, changed_at=now, **columns, **values)
        if moved:
            transition(connection, batches, verb, batches.c.delivery_id == row["id"], **of_batches)
        return moved
    moved = transition(connection, batches, verb, batches.c.delivery_id == row["id"], **of_batches)
    if moved:
        refresh_delivery_state(connection, row["id"], now, reasons=reasons, detail=detail, **values)
    return moved


def may_be_written_to(at: datetime | ColumnElement[datetime] | None = None) -> ColumnElement[bool]:
    """Subscriptions whose reader is there; with ``at`` also those whose pause is over then. What bars an address has
    moved its subscriptions; right before a call :func:`is_barred` is asked as well."""
    there: ColumnElement[bool] = subscriptions.c.state == str(SubscriberState.ACTIVE)
    if at is None:
        return there
    is_paused = subscriptions.c.state == str(SubscriberState.PAUSED)
    return or_(there, and_(is_paused, subscriptions.c.paused_until_at <= at))


def agreement_is_over(now: datetime, table: FromClause = subscriptions) -> ColumnElement[bool]:
    """Subscriptions whose agreed end has passed, wherever that is, and whose reader did not ask to be kept. They get
    nothing, and whatever brings or counts readers takes them for gone, whether or not the list was closed."""
    is_over = func.coalesce(table.c.ends_on < last_day_over(now), false())  # no end was agreed to: not over
    return and_(is_over, table.c.asked_for_more_at.is_(None))


def is_barred(campaign: str | ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a person's address is suppressed, for that campaign or for all."""
    mine = suppressions.c.address_key == subscribers.c.address_key
    return exists().where(mine, bars(suppressions, campaign)).correlate(subscribers)


def bars(table: Table, campaign: str | ColumnElement[str] | None, family: Collection[str] = ()) -> ColumnElement[bool]:
    """Suppressions (of addresses, or of their hashes) that bar one from a campaign: its own, and those for all unless
    there is an exception. With None those of any campaign, of addresses that have come back to none.

    ``family``: the same campaign in other languages. Who left one of them is brought to no other by a list.
    """
    exception, key = table.alias("exception"), table.primary_key.columns[0].name
    is_allowed = exists().where(exception.c[key] == table.c[key], exception.c.reason == ALLOWED)
    if campaign is None:
        return and_(table.c.reason != ALLOWED, ~is_allowed)
    of_campaign = is_allowed.where(exception.c.campaign == campaign)
    return and_(table.c.campaign.in_(("", campaign, *family)), table.c.reason != ALLOWED, ~of_campaign)


def of_reader(
    table: Table, campaign: str | ColumnElement[str], subscriber_id: str | ColumnElement[str]
) -> ColumnElement[bool]:
    """Rows of one person on the list of one campaign."""
    return and_(table.c.campaign == campaign, table.c.subscriber_id == subscriber_id)


#: With the number of departures: in whatever order a transaction reads, they were counted before its readers were read.
_DELIVERY = select(
    deliveries,
    select(ledger.c.departures).scalar_subquery().label("departures"),
    select(ledger.c.ledger_id).scalar_subquery().label("ledger_id"),
).where(deliveries.c.id == bindparam("of"))
_BATCH = select(batches).where(batches.c.id == bindparam("of"))


def read_delivery(connection: Connection, delivery_id: int) -> RowMapping | None:
    return by_driver.row(connection, _DELIVERY, {"of": delivery_id})


def delivery_of(connection: Connection, batch: RowMapping) -> RowMapping:
    """A batch has its delivery, by a foreign key."""
    (row,) = by_driver.rows(connection, _DELIVERY, {"of": batch["delivery_id"]})
    return row


def read_batch(connection: Connection, batch_id: int) -> RowMapping | None:
    return by_driver.row(connection, _BATCH, {"of": batch_id})


def of_batch(batch: RowMapping) -> tuple[ColumnElement[bool], ...]:
    """The frozen readers of a batch: within one stretch of the table's own order."""
    return (
        recipients.c.delivery_id == batch["delivery_id"],
        recipients.c.subscriber_id.between(batch["first_subscriber"], batch["last_subscriber"]),
        recipients.c.batch_number == batch["number"],
    )


def has_batch_in(*states: State, where: Iterable[ColumnElement[bool]] = ()) -> ColumnElement[bool]:
    """Whether a delivery has a batch in one of these states."""
    mine = (batches.c.delivery_id == deliveries.c.id, batches.c.state.in_([str(state) for state in states]))
    return exists().where(*mine, *where)


def waits_in(*states: State) -> ColumnElement[bool]:
    """Whether a delivery is in one of these states and not opened, or a part of it is in one."""
    unopened = and_(deliveries.c.opened_at.is_(None), deliveries.c.state.in_([str(state) for state in states]))
    return or_(unopened, has_batch_in(*states))


def window_end(delivery: RowMapping, batch: RowMapping) -> datetime:
    """Until when a batch may be called for."""
    return last_call_at(delivery["expires_at"], batch["not_after_at"])


def is_open_at(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """Batches whose wave is not over; the delivery's own window is another question."""
    return or_(batches.c.not_after_at.is_(None), batches.c.not_after_at > now)


def counts_from(connection: Connection, campaign: str, now: datetime) -> datetime:
    """From when on a reader's choice counts that is made now: from the next mail on.

    That is now, unless the clock was set back: then it is right after the latest mail that was opened, or a digest
    would tell its readers again what they have had one by one.
    """
    is_live_mail = (deliveries.c.mode == "live", deliveries.c.kind == "email")
    opened = (deliveries.c.campaign == campaign, *is_live_mail, deliveries.c.frozen > 0)
    last = connection.execute(select(func.max(deliveries.c.due_at)).where(*opened)).scalar()
    return now if last is None or last < now else last + timedelta(microseconds=1)


def with_counts(connection: Connection, query: TypedReturnsRows[*tuple[Any, ...]]) -> tuple[Delivery, ...]:
    """Deliveries with the sums over their batches: one question for all of them."""
    return counted(connection, all_rows(connection, query))


def counted(connection: Connection, rows: Sequence[RowMapping]) -> tuple[Delivery, ...]:
    """These rows of deliveries with the sums over their batches."""
    return plainly_counted(OnConnection(connection), rows)


def by_due_time(delivery_ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    return select(deliveries).where(deliveries.c.id.in_(delivery_ids)).order_by(deliveries.c.due_at)
