"""What `status` and a dry run ask the ledger, in plain SQL and asked in one way only.

Each class is the looking half of the repository of its noun, which adds to it what changes something. Over SQLite's own
driver they stand alone (:mod:`.plain_ledger`): a command that only looks does not load SQLAlchemy, which takes longer
than all that it asks.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from ..domain.approval import Approval, Approvals
from ..domain.claim import Signature, Signatures
from ..domain.clock_state import BY_THE_CLOCK_ALONE, RIGHT
from ..domain.comment import ChangeRequest
from ..domain.delivery import State
from ..domain.file_edit import FileEdit
from ..domain.invitation import Invitation
from ..domain.pause import ChannelPause
from ..domain.question import GUARDED, Question, Questions
from ..domain.reason import HoldReason, ReasonCode, from_text
from ..domain.records import Arming, Batch, Delivery, Event, Hold, LedgerHome, PricedCall
from ..domain.role import Person
from ..domain.season_key import SeasonKey
from ..domain.sender import ArmedSeason, Sender
from ..domain.stored_rehearsal import Reading
from ..domain.subscriber import ON_THE_LIST, DeadAddresses, SubscriberState
from ..domain.transactional_email import LettersStanding, LetterState
from .plain_rows import as_batch, counted, listed, parts_of, row_to, rows_of, tuples_of, value_of
from .plain_sql import instant

if TYPE_CHECKING:
    from .plain_sql import Tables

#: The number of the batch that stands for the readers of a delivery who are not frozen yet. It waits, is held and is
#: closed like its neighbors, so that the delivery is as they all are; nobody calls for it. Gone when all are frozen.
REST = 0


class NotInPlainSql(Exception):
    """What has to be asked now is known to the whole ledger alone."""


class Reads:
    """A part of the ledger that is looked at."""

    def look(self) -> AbstractContextManager[Tables]:
        """A consistent look; nothing is written."""
        raise NotImplementedError


def of_season(
    connection: Tables, table: str, key: SeasonKey, item: str = "", channel: str = "", *, where: str = ""
) -> list[dict[str, Any]]:
    """Rows of a season, oldest first; of one item, and on one channel, where they are named."""
    named = {"campaign": key.campaign, "season": key.season, "item": item, "channel": channel}
    given = {name: value for name, value in named.items() if value != ""}
    which = " AND ".join([*(f"{name} = :{name}" for name in given), *([where] if where else [])])
    return rows_of(connection, f"SELECT * FROM {table} WHERE {which} ORDER BY id", **given)


# -- what people said -------------------------------------------------------------------------------------------


def records_from_text(text: str) -> dict[str, str]:
    """None are written down in an approval of an earlier release."""
    return dict(json.loads(text)) if text else {}


_as_approval = row_to(Approval, rests_on=records_from_text)
as_request = row_to(ChangeRequest, {"comment": "comment_id"})
_as_signature = row_to(Signature)
_as_invitation = row_to(Invitation)
_as_question = row_to(Question)
_GUARDED = f"({', '.join(map(repr, GUARDED))})"
_as_edit = row_to(FileEdit, fields=lambda stored: tuple(stored.split()))
as_person = row_to(Person, {"has_password": "password"}, has_password=lambda stored: stored is not None)


def read_approvals(connection: Tables, key: SeasonKey, item: str = "", channel: str = "") -> Approvals:
    rows = of_season(connection, "approvals", key, item, channel, where="withdrawn_at IS NULL")
    return Approvals(tuple(map(_as_approval, rows)))


def read_requests(
    connection: Tables, key: SeasonKey, item: str = "", channel: str = "", *, ended: bool = False
) -> tuple[ChangeRequest, ...]:
    """Standing requests for changes, oldest first; with ``ended`` also those that have ended."""
    rows = of_season(connection, "change_requests", key, item, channel, where="" if ended else "ended_at IS NULL")
    return tuple(map(as_request, rows))


class ApprovalReads(Reads):
    def of_season(self, key: SeasonKey) -> Approvals:
        with self.look() as connection:
            return read_approvals(connection, key)


class ChangeRequestReads(Reads):
    def of_season(self, key: SeasonKey, *, ended: bool = False) -> tuple[ChangeRequest, ...]:
        """Standing requests for changes, oldest first; with ``ended`` also those that have ended."""
        with self.look() as connection:
            return read_requests(connection, key, ended=ended)


class SignatureReads(Reads):
    def of_campaign(self, *campaigns: str) -> Signatures:
        which, named = listed(campaigns, "campaign")
        with self.look() as connection:
            rows = rows_of(connection, f"SELECT * FROM signatures WHERE campaign IN {which} ORDER BY id", **named)
        return Signatures(tuple(map(_as_signature, rows)))


class InvitationReads(Reads):
    def of_season(self, key: SeasonKey) -> tuple[Invitation, ...]:
        """All of them, revoked and expired ones too, oldest first."""
        with self.look() as connection:
            return tuple(map(_as_invitation, of_season(connection, "invitations", key)))


#: Of a season, and what guarded the last one before it, but for what this one has in the same words.
_QUESTIONS = f"""
SELECT * FROM questions AS q WHERE campaign = :campaign AND (season = :season OR (
  season = (SELECT max(season) FROM questions
    WHERE campaign = :campaign AND season < :season AND subject IN {_GUARDED} AND answered_at IS NULL)
  AND subject IN {_GUARDED} AND answered_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM questions AS own WHERE own.campaign = :campaign AND own.season = :season
    AND own.subject = q.subject AND own.subject_id = q.subject_id AND own.text_hash = q.text_hash)
)) ORDER BY id
"""


def _said_of_guards(connection: Tables, key: SeasonKey) -> dict[tuple[Any, ...], str]:
    """What had become of each guard when somebody answered for it; the history has it alone."""
    answered = map(as_event, rows_of(connection, "SELECT * FROM events WHERE kind = 'question.answered'"))
    of_it = ((e, e.data) for e in answered if (e.data["campaign"], e.data["season"]) == (key.campaign, key.season))
    return {
        (data["subject"], data["subject_id"], event.at): str(data["text"])
        for event, data in of_it
        if data["subject"] in GUARDED
    }


class QuestionReads(Reads):
    def of_season(self, key: SeasonKey) -> Questions:
        with self.look() as connection:
            found = [*map(_as_question, rows_of(connection, _QUESTIONS, campaign=key.campaign, season=key.season))]
            if any(q.is_answered and q.subject in GUARDED for q in found):
                said = _said_of_guards(connection, key)
                found = [replace(q, said=said.get((q.subject, q.subject_id, q.answered_at), "")) for q in found]
        of_it, before = (tuple(q for q in found if (q.season == key.season) is own) for own in (True, False))
        return Questions(of_it, before)


class EditReads(Reads):
    def all(self, campaign: str, kind: str = "", record: str = "") -> tuple[FileEdit, ...]:
        """Oldest first; of one kind of record, or of one record, when it is named."""
        named = {"campaign": campaign, "kind": kind, "record": record}
        given = {name: value for name, value in named.items() if value or name == "campaign"}
        which = " AND ".join(f"{name} = :{name}" for name in given)
        with self.look() as connection:
            rows = rows_of(connection, f"SELECT * FROM file_edits WHERE {which} ORDER BY id", **given)
        return tuple(map(_as_edit, rows))


class AccountReads(Reads):
    def all(self) -> tuple[Person, ...]:
        """All of them, removed ones too, by name."""
        last = "(SELECT max(last_look_at) FROM sessions WHERE sessions.person_id = people.id) AS last_look_at"
        with self.look() as connection:
            rows = rows_of(connection, f"SELECT people.*, {last} FROM people ORDER BY people.name_key")
        return tuple(map(as_person, rows))


# -- what goes, and what stops it -------------------------------------------------------------------------------

_as_hold = row_to(Hold, reason=HoldReason)
as_pause = row_to(ChannelPause, reasons=from_text)
_TO_COME = f"({', '.join(repr(str(state)) for state in (State.SCHEDULED, State.HELD, State.SENDING))})"
_MAY_HAVE_GONE = f"({', '.join(repr(str(state)) for state in (State.SENT, State.UNKNOWN, State.SENDING))})"


def read_holds(connection: Tables, *, released: bool = False) -> tuple[Hold, ...]:
    """Holds in force; with ``released`` also those that were lifted."""
    which = "" if released else " WHERE released_at IS NULL"
    return tuple(map(_as_hold, rows_of(connection, f"SELECT * FROM holds{which} ORDER BY id")))


def read_arming(connection: Tables, key: SeasonKey) -> Arming | None:
    rows = of_season(connection, "armings", key, where="disarmed_at IS NULL")
    return Arming(key.campaign, key.season, rows[0]["who"], rows[0]["armed_at"]) if rows else None


class StandingOfPosts(NamedTuple):
    """What people have said of the posts that are due and have not begun, of all campaigns."""

    holds: tuple[Hold, ...]
    armed: dict[SeasonKey, Arming]
    approvals: dict[tuple[Any, ...], list[Approval]]  # by campaign, season, item, channel
    requests: dict[tuple[Any, ...], list[ChangeRequest]]


def read_standing_of_posts(connection: Tables, mode: str, now: datetime) -> StandingOfPosts:
    """The same as for one of them (:func:`read_approvals` and the like), in one statement each for all."""
    armed = "SELECT campaign, season, who, armed_at FROM armings WHERE disarmed_at IS NULL ORDER BY id DESC"
    seasons = (Arming(**row) for row in rows_of(connection, armed))

    def about(table: str, where: str) -> dict[tuple[Any, ...], list[dict[str, Any]]]:
        same = " AND ".join(f"deliveries.{name} = {table}.{name}" for name in ("campaign", "season", "item", "channel"))
        query = (
            f"SELECT {table}.* FROM deliveries JOIN {table} ON {same} "
            "WHERE deliveries.mode = :mode AND deliveries.due_at <= :now AND deliveries.expires_at > :now "
            f"AND deliveries.opened_at IS NULL AND deliveries.state = '{State.SCHEDULED}' "
            f"AND deliveries.kind = 'post' AND {table}.{where} ORDER BY {table}.id"
        )
        found: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        for row in rows_of(connection, query, mode=mode, now=instant(connection, now)):
            found.setdefault((row["campaign"], row["season"], row["item"], row["channel"]), []).append(row)
        return found

    approvals = {key: [*map(_as_approval, rows)] for key, rows in about("approvals", "withdrawn_at IS NULL").items()}
    requests = {key: [*map(as_request, rows)] for key, rows in about("change_requests", "ended_at IS NULL").items()}
    of_season = {SeasonKey(one.campaign, one.season): one for one in seasons}  # the first of each, as for one
    return StandingOfPosts(read_holds(connection), of_season, approvals, requests)


class HoldReads(Reads):
    def in_force(self, *, released: bool = False) -> tuple[Hold, ...]:
        """Holds in force; with ``released`` also those that were lifted."""
        with self.look() as connection:
            return read_holds(connection, released=released)


class ArmingReads(Reads):
    def find(self, key: SeasonKey) -> Arming | None:
        with self.look() as connection:
            return read_arming(connection, key)


class PauseReads(Reads):
    def in_force(self, mode: str, *, now: datetime) -> tuple[ChannelPause, ...]:
        """Channels that pause, or whose provider is about to be tried again, by name."""
        paused = "SELECT * FROM channel_pauses WHERE mode = :mode AND until_at IS NOT NULL ORDER BY channel"
        with self.look() as connection:
            pauses = [as_pause(row) for row in rows_of(connection, paused, mode=mode)]
        return tuple(replace(pause, waiting=self.waiting(mode, pause.channel, now)) for pause in pauses)

    def waiting(self, mode: str, channel: str, now: datetime) -> int:
        """Deliveries of a channel that are due, and of which something waits."""
        raise NotInPlainSql


class DeliveryReads(Reads):
    def of_season(self, mode: str, key: SeasonKey) -> tuple[Delivery, ...]:
        """All deliveries of a season with their counts, by due time, then channel."""
        mine = "mode = :mode AND campaign = :campaign AND season = :season"
        query = f"SELECT * FROM deliveries WHERE {mine} ORDER BY due_at, channel, item"
        with self.look() as connection:
            return counted(connection, rows_of(connection, query, mode=mode, campaign=key.campaign, season=key.season))

    def batches(self, delivery_id: int) -> tuple[Batch, ...]:
        mine = "delivery_id = :delivery_id AND number != :rest"
        with self.look() as connection:
            query = f"SELECT * FROM batches WHERE {mine} ORDER BY number"
            return tuple(map(as_batch, rows_of(connection, query, delivery_id=delivery_id, rest=REST)))


class CallReads(Reads):
    def priced(self, mode: str, key: SeasonKey, channel: str) -> tuple[PricedCall, ...]:
        """Calls for posts of a season that were accepted, or may have been. What was found not to have gone is free."""
        query = (
            "SELECT deliveries.id, attempts.digest FROM deliveries "
            "JOIN batches ON batches.delivery_id = deliveries.id JOIN attempts ON attempts.batch_id = batches.id "
            "WHERE deliveries.mode = :mode AND deliveries.campaign = :campaign AND deliveries.season = :season "
            "AND deliveries.channel = :channel "
            "AND deliveries.kind = 'post' "  # nobody charges for a mail by the call, and there are thousands
            "AND (attempts.outcome = 'accepted' "
            f"OR (attempts.token = batches.token AND batches.state IN {_MAY_HAVE_GONE}))"
        )
        named = {"mode": mode, "campaign": key.campaign, "season": key.season, "channel": channel}
        with self.look() as connection:
            return tuple(PricedCall(*row) for row in tuples_of(connection, query, **named))


class AttemptReads(Reads):
    def ledger_id(self) -> str:
        """What names this ledger, and each copy of it."""
        with self.look() as connection:
            return str(value_of(connection, "SELECT ledger_id FROM ledger"))

    def missing(self, tokens: Sequence[str]) -> tuple[str, ...]:
        """Those of these attempts that the ledger has never heard of."""
        known: set[str] = set()
        for part in parts_of(tokens):
            which, named = listed(part, "token")
            with self.look() as connection:
                rows = tuples_of(connection, f"SELECT token FROM attempts WHERE token IN {which}", **named)
            known.update(token for (token,) in rows)
        return tuple(token for token in tokens if token not in known)

    def home(self) -> LedgerHome:
        """Where it says that it is at home, and what it has sent."""
        last = (  # asked of the latest first, in place of joining all of them
            "SELECT started_at FROM attempts WHERE EXISTS (SELECT 1 FROM batches, deliveries "
            "WHERE batches.id = attempts.batch_id AND deliveries.id = batches.delivery_id "
            "AND deliveries.mode = 'live') ORDER BY started_at DESC LIMIT 1"
        )
        with self.look() as connection:
            ((home, answered_at),) = tuples_of(connection, "SELECT home, answered_at FROM ledger")
            last_at = value_of(connection, last)
        return LedgerHome(home, answered_at, last_at is not None, last_at)

    def place(self) -> str:
        """What names a server's database, this one and no copy of it; empty for a file."""
        with self.look() as connection:
            return "" if connection.is_sqlite else str(value_of(connection, _IDENTITY))


#: The cluster's identifier, its timeline (a new one after it was put back to an instant, or a copy took over), and the
#: database's own number (another one where a dump was read in).
_IDENTITY = (
    "SELECT (SELECT system_identifier FROM pg_control_system()) || '/' || "
    "(CASE WHEN pg_is_in_recovery() THEN '-' ELSE substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END)"
    " || '/' || (SELECT oid FROM pg_database WHERE datname = current_database())"
)


# -- the processes, and the ledger itself -----------------------------------------------------------------------


def _as_words(stored: str) -> tuple[str, ...]:
    return tuple(json.loads(stored))


as_sender = row_to(Sender, {"key": "sender_key"}, campaigns=_as_words, pinned=_as_words, restart_for=_as_words)
as_reading = row_to(Reading)
_HEAD_OF_READING = ", ".join(field.name for field in fields(Reading))
as_event = row_to(Event, data=json.loads)


class SenderReads(Reads):
    def all(self) -> tuple[Sender, ...]:
        """The processes that send, and those that did within the last days; the latest started first."""
        with self.look() as connection:
            query = "SELECT * FROM senders ORDER BY started_at DESC, id DESC"
            return tuple(map(as_sender, rows_of(connection, query)))

    def armed_to_come(self, mode: str, *, now: datetime) -> tuple[ArmedSeason, ...]:
        """Armed seasons of which deliveries of ``mode`` are still to come, the earliest first."""
        query = (
            "SELECT campaign, season, min(due_at) AS first_due_at FROM deliveries "
            f"WHERE mode = :mode AND state IN {_TO_COME} AND expires_at > :now "
            "AND EXISTS (SELECT 1 FROM armings WHERE armings.campaign = deliveries.campaign "
            "AND armings.season = deliveries.season AND armings.disarmed_at IS NULL) "
            "GROUP BY campaign, season ORDER BY first_due_at, campaign"
        )
        with self.look() as connection:
            rows = rows_of(connection, query, mode=mode, now=instant(connection, now))
        return tuple(ArmedSeason(**row) for row in rows)


class SecretKeyReads(Reads):
    def all(self) -> frozenset[str]:
        """Fingerprints of the keys that this ledger needs: all that were noted, but for those given up."""
        with self.look() as connection:
            rows = tuples_of(connection, "SELECT fingerprint FROM secret_keys WHERE given_up_at IS NULL")
        return frozenset(fingerprint for (fingerprint,) in rows)


class BackupReads(Reads):
    def copied_at(self) -> datetime | None:
        """When this copy was made, while it is a backup that nothing has been sent from yet."""
        with self.look() as connection:
            at: datetime | None = value_of(connection, "SELECT copied_at FROM ledger")
        return at


class EventReads(Reads):
    def of_kinds(self, *kinds: str, since: datetime | None = None) -> tuple[Event, ...]:
        """Events of these kinds, oldest first."""
        which, named = listed(kinds, "kind")
        query = f"SELECT * FROM events WHERE kind IN {which}{'' if since is None else ' AND at >= :since'} ORDER BY id"
        with self.look() as connection:
            more = {} if since is None else {"since": instant(connection, since)}
            return tuple(map(as_event, rows_of(connection, query, **named, **more)))

    def newest_at(self) -> datetime | None:
        """The latest instant at which something happened. What the clock alone brought about does not count, nor what
        was written before the clock was found to be right: it may have been ahead."""
        with self.look() as connection:
            at: datetime | None = value_of(connection, NEWEST_AT)
        return at


#: From the latest on: the first that counts is found after a few lines, however long the history is. The plus keeps
#: SQLite from going through the history by number.
NEWEST_AT = (
    f"SELECT at FROM events WHERE +id >= coalesce((SELECT max(id) FROM events WHERE kind = '{RIGHT}'), 0) "
    f"AND kind NOT IN ({', '.join(map(repr, BY_THE_CLOCK_ALONE))}) ORDER BY at DESC LIMIT 1"
)


class RehearsalReads(Reads):
    def reading(self, mode: str, key: SeasonKey) -> Reading | None:
        """The newest of a season, without what was read."""
        mine = "mode = :mode AND campaign = :campaign AND season = :season"
        query = f"SELECT {_HEAD_OF_READING} FROM stored_rehearsals WHERE {mine}"
        with self.look() as connection:
            rows = rows_of(connection, query, mode=mode, campaign=key.campaign, season=key.season)
        return as_reading(rows[0]) if rows else None


class TransactionalEmailReads(Reads):
    def status(self) -> LettersStanding:
        """How many wait, and how many of the last days did not go, or may not have."""
        query = "SELECT state, count(*), min(asked_at) AS oldest_at FROM letters GROUP BY state"
        with self.look() as connection:
            by_state = {state: (number, oldest_at) for state, number, oldest_at in tuples_of(connection, query)}
        waiting, oldest_at = by_state.get(LetterState.WAITING, (0, None))
        unknown, given_up = (by_state.get(s, (0, None))[0] for s in (LetterState.UNKNOWN, LetterState.GIVEN_UP))
        return LettersStanding(waiting, oldest_at, unknown, given_up)


# -- readers, in numbers that are kept --------------------------------------------------------------------------

ACTIVE = str(SubscriberState.ACTIVE)
#: In numbers of readers: still on a list, and past the end that was agreed to.
ENDED = "ended"
#: In place of a day: no end was agreed to.
NO_END = date(9999, 12, 31)
#: By so much is a day's end later than in UTC, wherever the campaign is.
_A_DAY = timedelta(days=1)


class Group(NamedTuple):
    """Subscriptions that are alike in all that anybody counts by. Without a campaign: persons, each once, who have a
    subscription in that state; only those whose address is dead are counted so."""

    campaign: str
    state: str
    cadence: str = ""
    zone: str = ""
    ends_on: date = NO_END
    asked: int = 0  # 1: to be kept for the next season


class BarGroup(NamedTuple):
    """Addresses that are barred from a campaign by a line of its own, less those for which what bars them from all
    campaigns (without a campaign) says the same, or does not hold. ``campaign`` "*": barred from any, and back in none.
    """

    campaign: str


#: What is barred from any campaign, of addresses that have come back to none. No campaign is called so.
ANYWHERE = BarGroup("*")
#: Persons whose address does not exist any more.
DEAD = Group("", str(SubscriberState.BOUNCED))


def last_day_over(now: datetime) -> date:
    """The day before which an end is over, wherever the campaign is."""
    return (now - _A_DAY).date()


def is_over(group: Group, now: datetime) -> bool:
    """As :func:`.repository.agreement_is_over`, of those who are on the list."""
    return group.state in ON_THE_LIST and not group.asked and group.ends_on < last_day_over(now)


def kept_groups(connection: Tables, campaign: str | None = None) -> list[tuple[Group, int]]:
    """The subscriptions of a campaign, of all campaigns with None."""
    mine, named = ("campaign != ''", {}) if campaign is None else ("campaign = :campaign", {"campaign": campaign})
    columns = ", ".join(Group._fields)
    query = f"SELECT {columns}, number FROM subscriber_counts WHERE {mine} AND number > 0"
    return [(Group._make(of), int(number)) for *of, number in tuples_of(connection, query, **named)]


def kept_dead(connection: Tables) -> int:
    """Persons whose address does not exist any more."""
    query = "SELECT number FROM subscriber_counts WHERE campaign = :campaign AND state = :state"
    return int(value_of(connection, query, campaign=DEAD.campaign, state=DEAD.state) or 0)


def kept_bars(connection: Tables, campaign: str | None = None) -> int:
    """Addresses that are barred from a campaign; with None from any, and back in none."""
    which, named = listed((ANYWHERE.campaign,) if campaign is None else ("", campaign), "campaign")
    query = f"SELECT coalesce(sum(number), 0) FROM suppression_counts WHERE campaign IN {which}"
    return int(value_of(connection, query, **named))


#: As the small index has it, for a value that is bound would not lead to it.
_WITHHELD = f"SELECT 1 FROM recipients WHERE reason = '{ReasonCode.ONE_A_DAY}' LIMIT 1"


class SubscriberReads(Reads):
    def count(self, campaign: str | None = None, *, now: datetime | None = None) -> Mapping[str, int]:
        """A campaign's readers by state; of all campaigns with None. ``active`` are those who will be written to,
        ``suppressed`` all barred addresses. With ``now`` those on the list whose agreed end is over are ``ended``."""
        counts: Counter[str] = Counter()
        with self.look() as connection:
            for group, number in kept_groups(connection, campaign):
                counts[ENDED if now is not None and is_over(group, now) else group.state] += number
            barred = kept_bars(connection, campaign)
        return {ACTIVE: 0} | dict(sorted(counts.items())) | {"suppressed": barred}

    def dead_addresses(self) -> DeadAddresses:
        """Readers whose addresses do not exist any more, and since when the latest of them is barred."""
        with self.look() as connection:
            number = kept_dead(connection)
        return DeadAddresses(number, self.latest_dead_at()) if number else DeadAddresses()

    def latest_dead_at(self) -> datetime | None:
        """When the latest address of a reader turned out not to exist any more."""
        raise NotInPlainSql

    def owed_by(self, mode: str, key: SeasonKey, *, today: date, now: datetime) -> int:
        """How many want one mail a day and are owed something that a digest of that season is to tell."""
        with self.look() as connection:
            is_any = value_of(connection, _WITHHELD) is not None
        return self.owed_now(mode, key, today=today, now=now) if is_any else 0

    def owed_now(self, mode: str, key: SeasonKey, *, today: date, now: datetime) -> int:
        """The same, where anybody is owed anything."""
        raise NotInPlainSql

    def campaigns(self) -> tuple[str, ...]:
        """The campaigns that anybody is, or was, on the list of; each found by the one before, without a walk over all
        readers."""
        found: list[str] = []
        query = "SELECT min(campaign) FROM subscriptions WHERE campaign > :last"
        with self.look() as connection:
            while (following := value_of(connection, query, last=found[-1] if found else "")) is not None:
                found.append(str(following))
        return tuple(found)

    def lists_without_folder(self, known: Collection[str]) -> Mapping[str, int]:
        """Lists of campaigns that are not ``known``, with how many readers are on each; empty lists are left out."""
        counts = {campaign: self.on_the_list(campaign) for campaign in self.campaigns() if campaign not in known}
        return {campaign: readers for campaign, readers in counts.items() if readers}

    def on_the_list(self, campaign: str, *, asked: Collection[int] = (0, 1)) -> int:
        """How many are on it; ``asked``: whether they asked to be kept for the next season."""
        with self.look() as connection:
            groups = kept_groups(connection, campaign)
        return sum(number for group, number in groups if group.state in ON_THE_LIST and group.asked in asked)
