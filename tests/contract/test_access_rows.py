"""Who may sign in: the same over both stores. Tokens and passwords are kept as hashes, and are good for one thing."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.domain.role import (
    IDLE_SPAN,
    LINK_SPAN,
    LONGEST_SESSION,
    LOOK_STEP,
    TRIES_A_NAME,
    TRIES_A_NAME_AND_NETWORK,
    TRIES_A_NETWORK,
    TRY_WINDOW,
)
from scheduler.store import Ledger, open_ledger

NOW = datetime(2027, 1, 11, 15, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
WORDS = "lantern oyster ribbon nine"


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    made = open_ledger(ledger_url, address_hash=lambda text: f"h{sum(map(ord, text)):x}{len(text)}"[:64])
    made.accounts.add("Ada Example", "coordinator", who="the operator", now=NOW)
    yield made
    made.close()


def signed_in(ledger: Ledger, name: str = "Ada Example", now: datetime = NOW) -> str:
    link = ledger.accounts.make_sign_in_link(name, who="the operator", now=now)
    assert link is not None
    token = ledger.accounts.use_sign_in_link(link, now=now)
    assert token is not None
    return token


def everything(ledger: Ledger) -> str:
    """All that the history says, as one text."""
    return " ".join(f"{e.kind} {e.who} {dict(e.data)}" for e in ledger.events.in_order())


# -- people ---------------------------------------------------------------------------------------------


def test_a_name_is_one_person_however_it_is_written(ledger: Ledger) -> None:
    """A second person of a name is refused: acts are told apart by names alone."""
    assert None is ledger.accounts.add("  ada   EXAMPLE ", "deputy", who="Ada", now=NOW)
    assert [("Ada Example", "coordinator")] == [(p.name, p.role) for p in ledger.accounts.all()]


def test_one_who_was_removed_is_out_at_once_and_comes_back_with_nothing_of_before(ledger: Ledger) -> None:
    """Sessions and links end, the password is gone, and none of them is good again when the name returns."""
    ledger.accounts.set_password("Ada Example", WORDS, who="Ada", now=NOW)
    token = signed_in(ledger)
    link = ledger.accounts.make_sign_in_link("Ada Example", who="Ada", now=NOW) or ""
    assert ledger.accounts.remove("ada example", who="Bo", now=NOW)
    assert not ledger.accounts.remove("Ada Example", who="Bo", now=NOW)
    assert None is ledger.accounts.session_of(token, now=NOW)
    assert None is ledger.accounts.make_sign_in_link("Ada Example", who="Bo", now=NOW)
    assert None is ledger.accounts.sign_in("Ada Example", WORDS, network="n", now=NOW)
    ledger.accounts.add("Ada Example", "deputy", who="Bo", now=NOW)
    assert None is ledger.accounts.session_of(token, now=NOW)
    assert None is ledger.accounts.use_sign_in_link(link, now=NOW)
    assert None is ledger.accounts.sign_in("Ada Example", WORDS, network="n", now=NOW)
    assert [("deputy", False, True)] == [(p.role, p.has_password, p.is_active) for p in ledger.accounts.all()]


# -- links ----------------------------------------------------------------------------------------------


def test_a_link_signs_one_person_in_once(ledger: Ledger) -> None:
    """The second use finds nothing."""
    link = ledger.accounts.make_sign_in_link("Ada Example", who="the operator", now=NOW) or ""
    token = ledger.accounts.use_sign_in_link(link, now=NOW) or ""
    session = ledger.accounts.session_of(token, now=NOW)
    assert session is not None
    assert ("Ada Example", "coordinator") == (session.person.name, session.person.role)
    assert None is ledger.accounts.use_sign_in_link(link, now=NOW)


def test_a_link_ends_by_its_time_and_by_the_next_one(ledger: Ledger) -> None:
    """Half an hour; and who asks for another link has lost the first one."""
    link = ledger.accounts.make_sign_in_link("Ada Example", who="the operator", now=NOW) or ""
    assert None is ledger.accounts.use_sign_in_link(link, now=NOW + LINK_SPAN)
    first = ledger.accounts.make_sign_in_link("Ada Example", who="the operator", now=NOW) or ""
    second = ledger.accounts.make_sign_in_link("Ada Example", who="the operator", now=NOW) or ""
    assert None is ledger.accounts.use_sign_in_link(first, now=NOW)
    assert None is not ledger.accounts.use_sign_in_link(second, now=NOW + LINK_SPAN - MINUTE)


def test_two_presses_at_once_make_one_session(ledger: Ledger) -> None:
    """The row count says who used the link."""
    link = ledger.accounts.make_sign_in_link("Ada Example", who="the operator", now=NOW) or ""
    got: list[str | None] = []
    together = threading.Barrier(4)

    def press() -> None:
        together.wait()
        got.append(ledger.accounts.use_sign_in_link(link, now=NOW))

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 == sum(token is not None for token in got)


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "é" * 43, "\ud800", "A" * 5000])
def test_nonsense_is_no_link_and_no_session(ledger: Ledger, token: str) -> None:
    """Whatever stands in an address or a cookie is looked up like any other, and found nowhere."""
    assert None is ledger.accounts.use_sign_in_link(token, now=NOW)
    assert None is ledger.accounts.session_of(token, now=NOW)


# -- sessions -------------------------------------------------------------------------------------------


def test_a_session_ends_when_nobody_looks(ledger: Ledger) -> None:
    """Twelve hours after the last look; each look begins them anew."""
    token = signed_in(ledger)
    assert None is not ledger.accounts.session_of(token, now=NOW + IDLE_SPAN - MINUTE)
    assert None is not ledger.accounts.session_of(token, now=NOW + 2 * IDLE_SPAN - 2 * MINUTE)
    assert None is ledger.accounts.session_of(token, now=NOW + 3 * IDLE_SPAN)


def test_a_session_ends_after_a_week_whoever_looks(ledger: Ledger) -> None:
    """Looking again and again does not make it last for ever."""
    token = signed_in(ledger)
    at = NOW
    while at < NOW + LONGEST_SESSION - IDLE_SPAN:
        at += IDLE_SPAN / 2
        assert None is not ledger.accounts.session_of(token, now=at)
    assert None is not ledger.accounts.session_of(token, now=NOW + LONGEST_SESSION - MINUTE)
    assert None is ledger.accounts.session_of(token, now=NOW + LONGEST_SESSION)


def test_a_look_is_written_down_once_in_a_while(ledger: Ledger) -> None:
    """A page after a page costs no write; the last look is known to five minutes."""
    token = signed_in(ledger)
    for passed, written in ((LOOK_STEP - MINUTE, NOW), (LOOK_STEP, NOW + LOOK_STEP)):
        ledger.accounts.session_of(token, now=NOW + passed)
        assert written == ledger.accounts.all()[0].last_look_at


def test_signing_out_ends_one_session_or_all(ledger: Ledger) -> None:
    """One browser, or every one of them; what has ended once does not end again."""
    one, two = signed_in(ledger), signed_in(ledger)
    session = ledger.accounts.session_of(one, now=NOW)
    assert session is not None
    assert ledger.accounts.end_session(session.id, now=NOW)
    assert not ledger.accounts.end_session(session.id, now=NOW)
    assert (True, False) == (
        ledger.accounts.session_of(one, now=NOW) is None,
        ledger.accounts.session_of(two, now=NOW) is None,
    )
    assert 1 == ledger.accounts.sign_out_everywhere("ADA example", who="Bo", now=NOW)
    assert None is ledger.accounts.session_of(two, now=NOW)
    assert None is ledger.accounts.sign_out_everywhere("Nobody", who="Bo", now=NOW)


def test_sessions_are_not_kept_for_ever(ledger: Ledger) -> None:
    """A year after they ended nothing is left of them but the line in the history."""
    signed_in(ledger)
    signed_in(ledger, now=NOW + timedelta(days=300))
    assert 2 == _sessions(ledger)
    signed_in(ledger, now=NOW + timedelta(days=410))
    assert 2 == _sessions(ledger)


def _sessions(ledger: Ledger) -> int:
    from sqlalchemy import func, select

    from scheduler.store.tables import sessions

    with ledger._database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(sessions)).scalar_one())


# -- passwords ------------------------------------------------------------------------------------------


def test_a_password_signs_in_and_a_new_one_ends_what_the_old_one_began(ledger: Ledger) -> None:
    """But for the browser in which it was chosen; links that wait end too."""
    assert ledger.accounts.set_password("Ada Example", WORDS, who="Ada", now=NOW)
    assert not ledger.accounts.set_password("Nobody", WORDS, who="Ada", now=NOW)
    here = ledger.accounts.sign_in("ada  example", WORDS, network="n", now=NOW) or ""
    there = ledger.accounts.sign_in("Ada Example", WORDS, network="n", now=NOW) or ""
    link = ledger.accounts.make_sign_in_link("Ada Example", who="Ada", now=NOW) or ""
    mine = ledger.accounts.session_of(here, now=NOW)
    assert mine is not None
    ledger.accounts.set_password("Ada Example", WORDS + "!", who="Ada", keep_session=mine.id, now=NOW)
    assert (False, True) == (
        ledger.accounts.session_of(here, now=NOW) is None,
        ledger.accounts.session_of(there, now=NOW) is None,
    )
    assert None is ledger.accounts.use_sign_in_link(link, now=NOW)
    assert None is ledger.accounts.sign_in("Ada Example", WORDS, network="n", now=NOW)


def test_a_password_costs_what_the_library_recommends() -> None:
    """64 MiB, three times over (RFC 9106, low memory), in any process but this one, where tests make it cheap."""
    code = "from scheduler.store.passwords import hash_password; print(hash_password('four words of mine'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_without_a_password_none_is_right(ledger: Ledger) -> None:
    """Not an empty one either; and nobody's is no better."""
    for name, password in (("Ada Example", ""), ("Ada Example", WORDS), ("Nobody", ""), ("", "")):
        assert None is ledger.accounts.sign_in(name, password, network="n", now=NOW)


def test_a_password_typed_on_another_keyboard_is_the_same(ledger: Ledger) -> None:
    """Letters that look alike by Unicode's word are compared as one."""
    ledger.accounts.set_password("Ada Example", "caf\u00e9 lantern ribbon", who="Ada", now=NOW)
    assert None is not ledger.accounts.sign_in("Ada Example", "cafe\u0301 lantern ribbon", network="n", now=NOW)


@pytest.mark.parametrize(
    ("limit", "alike"), [(TRIES_A_NAME_AND_NETWORK, "both"), (TRIES_A_NAME, "name"), (TRIES_A_NETWORK, "network")]
)
def test_guessing_is_stopped_by_name_and_by_network(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, limit: int, alike: str
) -> None:
    """After so many wrong ones none is looked at, for a quarter of an hour; another name elsewhere is not concerned."""
    monkeypatch.setattr("scheduler.store.accounts.is_right", lambda password, kept: False)
    for n in range(limit):
        name = f"Someone{n:03}" if alike == "network" else "Ada"
        network = f"n{n:03}" if alike == "name" else "n"
        assert not ledger.accounts.too_many_tries(name, network, now=NOW)
        ledger.accounts.sign_in(name, "wrong", network=network, now=NOW)
    name, network = {"both": ("ADA", "n"), "name": ("ADA", "elsewhere"), "network": ("Bo", "n")}[alike]
    assert ledger.accounts.too_many_tries(name, network, now=NOW + TRY_WINDOW - MINUTE)
    assert not ledger.accounts.too_many_tries("Cleo", "far away", now=NOW)
    assert not ledger.accounts.too_many_tries(name, network, now=NOW + TRY_WINDOW)


def test_a_stranger_shuts_nobody_out(ledger: Ledger) -> None:
    """Who guesses at a name from one network, as often as they like, stops themselves; its owner signs in elsewhere."""
    ledger.accounts.set_password("Ada Example", WORDS, who="Ada", now=NOW)
    for _ in range(TRIES_A_NAME_AND_NETWORK):
        ledger.accounts.sign_in("Ada Example", "wrong", network="a stranger's", now=NOW)
    assert ledger.accounts.too_many_tries("Ada Example", "a stranger's", now=NOW)
    assert not ledger.accounts.too_many_tries("Ada Example", "her own", now=NOW)
    assert None is not ledger.accounts.sign_in("Ada Example", WORDS, network="her own", now=NOW)


@pytest.mark.parametrize("meanwhile", ["removed", "another password"])
def test_what_happens_while_a_password_is_looked_at_counts(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    """The look is slow; what counts is how things stand after it."""
    ledger.accounts.set_password("Ada Example", WORDS, who="Ada", now=NOW)

    def look(password: str, kept: str | None) -> bool:
        if meanwhile == "removed":
            ledger.accounts.remove("Ada Example", who="Bo", now=NOW)
        else:
            ledger.accounts.set_password("Ada Example", WORDS + "!", who="Ada", now=NOW)
        return True

    monkeypatch.setattr("scheduler.store.accounts.is_right", look)
    assert None is ledger.accounts.sign_in("Ada Example", WORDS, network="n", now=NOW)


def test_nobody_who_was_removed_has_a_good_session(ledger: Ledger) -> None:
    """Whatever their sessions say: the rule does not rest on each of them having been ended."""
    session = ledger.accounts.session_of(signed_in(ledger), now=NOW)
    assert session is not None
    assert session.is_good(NOW)
    assert not replace(session, person=replace(session.person, disabled_at=NOW)).is_good(NOW)


# -- what is kept ---------------------------------------------------------------------------------------


def test_the_history_says_who_signed_in_and_holds_nothing_to_sign_in_with(
    ledger: Ledger, all_rows: Callable[[Ledger], str]
) -> None:
    """Names and how; no token, no password, no hash. The tables hold neither a token nor a password."""
    ledger.accounts.set_password("Ada Example", WORDS, who="Ada", now=NOW)
    link = ledger.accounts.make_sign_in_link("Ada Example", who="the operator", now=NOW) or ""
    unused = link
    token = ledger.accounts.use_sign_in_link(link, now=NOW) or ""
    other = ledger.accounts.sign_in("Ada Example", WORDS, network="203.0.113.9", now=NOW) or ""
    ledger.accounts.sign_in("Ada Example", "not this one at all", network="203.0.113.9", now=NOW)
    rows = all_rows(ledger)
    said = everything(ledger)
    assert "person.signed_in Ada Example {'how': 'link'}" in said
    assert "person.signed_in Ada Example {'how': 'password'}" in said
    for secret in (WORDS, unused, token, other, "not this one at all", "203.0.113.9"):
        assert secret not in said
        assert secret not in rows
    assert "argon2" not in said
    assert "$argon2id$" in rows


@pytest.fixture
def all_rows() -> Callable[[Ledger], str]:
    from sqlalchemy import select

    from scheduler.store.tables import people, sessions, sign_in_links, sign_in_tries

    def read(ledger: Ledger) -> str:
        with ledger._database.read() as connection:
            return " ".join(
                str(tuple(row))
                for t in (people, sessions, sign_in_links, sign_in_tries)
                for row in connection.execute(select(t))
            )

    return read
