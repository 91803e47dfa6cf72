"""Keys of the JSON API in the ledger: hashed, scoped, ended by time or by a person, and named in the history."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from scheduler.domain.api_key import KEY_PREFIX, ApiKey, Scope, is_a_key_name, looks_like_a_key
from scheduler.store import Ledger

NOW = datetime(2027, 1, 4, 12, tzinfo=UTC)
EXPIRES = NOW + timedelta(days=90)


def make(ledger: Ledger, name: str = "phone", scope: Scope = Scope.REVIEW, *, at: datetime = NOW) -> str:
    token = ledger.api_keys.add(
        name, scope, person="Ben Example", role="fact-reviewer", expires_at=at + timedelta(days=90), who="Ada", now=at
    )
    assert token is not None
    return token


def found(ledger: Ledger, token: str, *, at: datetime = NOW) -> ApiKey:
    key = ledger.api_keys.find(token, now=at)
    assert key is not None
    return key


def everything(ledger: Ledger) -> str:
    """All rows of the tables that a key could have been written to."""
    with ledger._database.read() as connection:
        rows = [row for table in ("api_keys", "events") for row in connection.execute(text(f"SELECT * FROM {table}"))]
    return repr(rows)


def test_a_key_is_kept_as_its_hash_alone(ledger: Ledger) -> None:
    """Whoever reads the database cannot use it: neither the key nor a part of it is there, the history included."""
    token = make(ledger)
    kept = everything(ledger)
    assert hashlib.sha256(token.encode()).hexdigest() in kept
    assert [] == [part for part in (token, token.removeprefix(KEY_PREFIX), token[-12:]) if part in kept]


def test_a_key_is_long_random_and_recognisable(ledger: Ledger) -> None:
    """256 random bits behind a prefix that scanners for secrets can look for."""
    one, other = make(ledger, "one"), make(ledger, "other")
    assert one != other
    assert [True, True] == [looks_like_a_key(one), looks_like_a_key(other)]
    assert 4 + 43 == len(one)


def test_a_good_key_says_who_and_what_for(ledger: Ledger) -> None:
    """Name, scope, person, role, maker and end come back as they were given."""
    key = found(ledger, make(ledger))
    assert ("phone", Scope.REVIEW, "Ben Example", "fact-reviewer", "Ada", EXPIRES) == (
        key.name,
        key.scope,
        key.person,
        key.role,
        key.made_by,
        key.expires_at,
    )


def test_a_key_ends_at_its_instant(ledger: Ledger) -> None:
    """Good until the last microsecond before, not at it."""
    token = make(ledger)
    assert found(ledger, token, at=EXPIRES - timedelta(microseconds=1)).is_good(NOW)
    assert None is ledger.api_keys.find(token, now=EXPIRES)


def test_a_revoked_key_ends_at_once_for_everybody(open_it: Callable[[], Ledger]) -> None:
    """Another process that has the ledger open does not believe it any more. Twice is as good as once."""
    one, other = open_it(), open_it()
    token = make(one)
    assert found(other, token)
    assert [True, False] == [one.api_keys.revoke("phone", who="Ada", now=NOW) for _ in range(2)]
    assert None is other.api_keys.find(token, now=NOW)
    assert ("revoked", "Ada") == (other.api_keys.all()[0].state(NOW), other.api_keys.all()[0].revoked_by)


@pytest.mark.parametrize("how", ["cut", "longer", "prefix", "case", "empty", "odd", "surrogate"])
def test_what_is_no_key_finds_none(ledger: Ledger, how: str) -> None:
    """Nothing near a key is one."""
    token = make(ledger)
    forged = {
        "cut": token[:-1],
        "longer": token + "A",
        "prefix": token.removeprefix(KEY_PREFIX),
        "case": token.swapcase(),
        "empty": "",
        "odd": token + "\n",
        "surrogate": "obs_\ud800",
    }[how]
    assert None is ledger.api_keys.find(forged, now=NOW)


def test_a_name_is_given_once(ledger: Ledger) -> None:
    """Of a revoked key too: the history names keys, and must not mean two."""
    make(ledger)
    ledger.api_keys.revoke("phone", who="Ada", now=NOW)
    again = ledger.api_keys.add("phone", Scope.READ, person="Ben", role="", expires_at=EXPIRES, who="Ada", now=NOW)
    assert (None, 1) == (again, len(ledger.api_keys.all()))


def test_the_day_of_the_last_use_is_kept_and_written_once_a_day(ledger: Ledger) -> None:
    """The day alone: when in the day somebody worked is nobody's business. Reading is no line of the history."""
    token, lines = make(ledger), ledger.events.version()
    ledger.api_keys.note_use(found(ledger, token), now=NOW)
    ledger.api_keys.note_use(found(ledger, token), now=NOW + timedelta(hours=3))
    assert date(2027, 1, 4) == ledger.api_keys.all()[0].last_used_on
    ledger.api_keys.note_use(found(ledger, token), now=NOW + timedelta(days=1))
    ledger.api_keys.note_use(found(ledger, token), now=NOW)  # a process whose look is older
    assert (date(2027, 1, 5), lines) == (ledger.api_keys.all()[0].last_used_on, ledger.events.version())


def test_making_and_revoking_stand_in_the_history(ledger: Ledger) -> None:
    """Who, when, for whom; and the chain is whole."""
    make(ledger)
    ledger.api_keys.revoke("phone", who="Cleo Example", now=NOW)
    revoked, made = ledger.events.newest(limit=2)
    assert ("key.made", "Ada", "phone", "review", "Ben Example") == (
        made.kind,
        made.who,
        made.data["name"],
        made.data["scope"],
        made.data["person"],
    )
    assert ("key.revoked", "Cleo Example", "phone") == (revoked.kind, revoked.who, revoked.data["name"])
    assert ledger.events.verify().is_whole


def test_what_is_done_by_a_key_says_so_in_the_history(ledger: Ledger) -> None:
    """The person acts; the key by which they did stands beside them, in the line of the act itself."""
    key = found(ledger, make(ledger))
    with ledger.api_keys.acting_by(key):
        ledger.holds.set("x", who=key.person, why="a doubt", now=NOW)
    ledger.holds.set("email", who=key.person, why="at the keyboard", now=NOW)
    at_the_keyboard, by_key = ledger.events.newest(limit=2)
    assert ("Ben Example", "phone") == (by_key.who, by_key.data["key"])
    assert "key" not in at_the_keyboard.data
    assert ledger.events.verify().is_whole
    assert "phone" in json.dumps(dict(by_key.data))


def test_an_act_that_fails_leaves_no_key_behind(ledger: Ledger) -> None:
    """The next line of the same thread is not taken for the key's."""
    key = found(ledger, make(ledger))
    with pytest.raises(ZeroDivisionError), ledger.api_keys.acting_by(key):
        raise ZeroDivisionError
    ledger.holds.set("x", who="Ada", why="a doubt", now=NOW)
    assert "key" not in ledger.events.newest(limit=1)[0].data


@pytest.mark.parametrize("scope", list(Scope))
def test_every_scope_of_the_code_is_one_of_the_database(ledger: Ledger, scope: Scope) -> None:
    """And comes back as it was."""
    assert scope is found(ledger, make(ledger, scope=scope)).scope


def test_what_a_scope_allows() -> None:
    """All read; to review and to operate are two things, and neither contains the other."""
    allowed = {have: {need for need in Scope if have.allows(need)} for have in Scope}
    assert {
        Scope.READ: {Scope.READ},
        Scope.REVIEW: {Scope.READ, Scope.REVIEW},
        Scope.OPERATE: {Scope.READ, Scope.OPERATE},
    } == allowed


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("phone", True),
        ("board-2027.x", True),
        ("", False),
        ("Phone", False),
        ("a b", False),
        ("-a", False),
        ("a\n", False),
        ("a" * 64, True),
        ("a" * 65, False),
        ("ä", False),
    ],
)
def test_what_a_key_may_be_called(name: str, good: bool) -> None:
    """Small letters, digits and single signs, so that no two names look alike."""
    assert good is is_a_key_name(name)
