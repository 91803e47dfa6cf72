"""Two campaigns that overlap: each reader got exactly what they agreed to, with the frame, links and end that belong to
it, and each archive shows its own mails."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from scheduler.domain.season_key import SeasonKey
from scheduler.domain.subscriber import SubscriberState
from scheduler.services import archive
from scheduler.store import barring, one_a_day, subscriber_list
from scheduler.store import recipients as freezing
from scheduler.store import subscribers as one_by_one
from scheduler.store.one_a_day import Wishes
from scheduler.store.subscribers import SubscriberRepository
from scheduler.store.subscriptions import transition_subscriptions
from scheduler.store.tables import subscribers, subscriptions
from scheduler.wiring import preferences_url, unsubscribe_url
from tests.contract import overlap_run
from tests.contract.noticing import Watch
from tests.contract.overlap_facts import LOOK_AT, MONTHS, OVER, A, B, Month, due_at, people_of
from tests.contract.overlap_oracle import Got, Reader, walk
from tests.contract.overlap_run import OverlapRun, mails_of
from tests.support.long_form import FULL, many

#: So many readers on each list of the large season, a fifth of them on both; 5,000 in the long form.
EACH = min(int(os.environ.get("OBSERVANCE_READERS") or many(200, 5_000)), 5_000)

#: Small seasons: so many people on each list, of whom so many on both, drawn from a seed.
SEASONS = ((20, 13, 5), (20, 13, 6), *((60, 40, seed) for seed in (5, 6, 7)))

#: In which a broken rule shows today, where it is not the first; where the program's ways have changed, in another.
SHOWN_IN = {
    "a_cadence_is_for_both_lists": (20, 13, 6),
    "an_erasure_ends_one_list": (20, 13, 6),
    "what_was_agreed_to_has_no_end": (30, 20, 5),
    "who_wants_every_mail_again_loses_what_is_owed": (60, 40, 5),
}

#: How the ledger calls where somebody is.
_STATES = {SubscriberState.ACTIVE: "on", SubscriberState.PAUSED: "on", SubscriberState.ERASED: "unknown"}


def differences(run: OverlapRun) -> list[str]:
    """All that is not as the rules say: mails, places on the lists, frames and links, archives."""
    found, addresses = run.post_room.faults[:20], {month.id: dict[str, str]() for month in MONTHS}
    for person in run.people:
        should, me = walk(person)
        had = run.post_room.got[person.number]
        if Counter(should) != Counter(had):
            lacks, besides = Counter(should) - Counter(had), Counter(had) - Counter(should)
            found.append(f"lacks {_in_words(lacks)}; had besides {_in_words(besides)}: {person}")
        for of, state in places(me).items():
            addresses[of][person.address(moved=me.moved)] = state
    for month in MONTHS:
        listed = {s.subscriber.address: _state(s.state) for s in run.ledger.subscribers.each(month.id)}
        here = {address: state for address, state in listed.items() if state != "unknown"}
        for address, state in sorted(here.items() ^ addresses[month.id].items())[:20]:
            found.append(f"{address} on the list of {month.name}: {state} in one of the two alone")
    return [*found, *_wrong_archives(run), *([] if run.left_alone else ["the end of one list changed the other"])]


def _state(state: SubscriberState) -> str:
    return _STATES.get(state, str(state))


def places(me: Reader) -> dict[str, str]:
    """Where somebody is in the end. Who never said yes is forgotten."""
    return {of: place.state for of, place in me.places.items() if place.state not in ("unknown", "pending")}


def _in_words(mails: Counter[Got]) -> str:
    words = (f"{m.of} {'+'.join(str(d) for d in m.days)} at {m.at:%d %H:%M} to {m.address}" for m in mails.elements())
    return ", ".join(words) or "nothing"


def _wrong_archives(run: OverlapRun) -> Iterator[str]:
    """Both archives in mid-season, and when all is over: the mails that have gone out, each its own."""
    for at in (LOOK_AT, OVER):
        for month in MONTHS:
            gone = [day for day in month.dates if due_at(day) < at]
            pages = [f"{day}{more}" for day in gone for more in ("", "-digest")[: 1 + (day in month.digests)]]
            should = {(f"/c/{month.slug}/archive/{page}", month.name) for page in pages}
            if should != set(run.archived[at][month.slug]):
                yield f"the archive of {month.name} on {at:%d %B}: {should ^ set(run.archived[at][month.slug])}"


@pytest.fixture(scope="module")
def season() -> Iterator[OverlapRun]:
    """The large one, once for all that is asked of it."""
    run = OverlapRun(people_of(EACH, EACH // 5))
    run.run()
    yield run
    run.ledger.close()


def test_each_reader_of_two_campaigns_got_what_they_agreed_to(season: OverlapRun) -> None:
    """Hundreds on each list, in the long form thousands: to the instant, to the item, with frame, links, archive, end."""
    found = differences(season)
    assert not found, f"{len(found)}:\n" + "\n".join(found[:6])


def test_all_that_can_happen_happened_in_it(season: OverlapRun) -> None:
    """A season in which nobody leaves would say nothing about leaving."""
    deeds = Counter(deed.what for person in season.people for deed in person.deeds)
    assert {"import", "form", "confirm", "add", "add-back", "switch", "pause", "resume", "keep"} <= set(deeds)
    assert {"leave", "leave-all", "erase", "address", "yes", "one-a-day", "not-one-a-day"} <= set(deeds)
    assert {"bounce", "spamreport", "unsubscribe"} == {p.trouble.word for p in season.people if p.trouble}
    assert len(season.moved) > EACH // 200
    both = [p for p in season.people if {A.id, B.id} == {got.of for got in season.post_room.got[p.number]}]
    assert len(both) > EACH // 7
    ends = Counter(d.ends_on for p in season.people for d in p.deeds if d.what == "form")
    assert len(ends) > 10
    assert season.ledger.events.verify().is_whole
    assert "readers.example" not in repr(season.ledger.events.newest(limit=100_000))
    assert 0 < sum(season.ledger.subscribers.count(A.id).get(state, 0) for state in ("active", "paused")) < EACH // 10


def test_it_holds_on_both_databases(ledger_url: str) -> None:
    """Fewer people, who do more; in the long form as many as in the large one."""
    people = people_of(many(24, EACH), many(12, EACH // 5), seed=2, busy=not FULL)
    run = OverlapRun(people, ledger_url)
    try:
        run.run()
        found = differences(run)
    finally:
        run.ledger.close()
    assert not found, "\n".join(found[:6])


# -- the oracle notices ---------------------------------------------------------------------------------

Break = Callable[[pytest.MonkeyPatch], None]
WRONG: dict[str, Break] = {}


def wrong(break_it: Break) -> Break:
    WRONG[break_it.__name__] = break_it
    return break_it


def _both(act: Callable[..., Any]) -> Callable[..., Any]:
    """What is asked for one list is done to both."""

    def twice(self: Any, of: str, *rest: Any, **more: Any) -> Any:
        first, _ = (act(self, month.id, *rest, **more) for month in MONTHS)
        return first

    return twice


@wrong
def who_leaves_one_list_leaves_both(m: pytest.MonkeyPatch) -> None:
    m.setattr(SubscriberRepository, "unsubscribe", _both(SubscriberRepository.unsubscribe))


@wrong
def who_leaves_all_lists_leaves_one(m: pytest.MonkeyPatch) -> None:
    leave = SubscriberRepository.unsubscribe
    m.setattr(
        SubscriberRepository, "unsubscribe", lambda self, of, *rest, **more: leave(self, of or A.id, *rest, **more)
    )


@wrong
def a_cadence_is_for_both_lists(m: pytest.MonkeyPatch) -> None:
    m.setattr(SubscriberRepository, "set_cadence", _both(SubscriberRepository.set_cadence))


@wrong
def a_pause_is_for_both_lists(m: pytest.MonkeyPatch) -> None:
    m.setattr(SubscriberRepository, "pause", _both(SubscriberRepository.pause))


@wrong
def a_mail_goes_to_the_list_of_the_other_campaign(m: pytest.MonkeyPatch) -> None:
    who: Any = freezing._who
    m.setattr(freezing, "_who", lambda row, audience: who({**row, "campaign": _other(row["campaign"]).id}, audience))


@wrong
def what_was_agreed_to_has_no_end(m: pytest.MonkeyPatch) -> None:

    def without_the_end(row: Any, audience: Any) -> Any:
        of_list, may_be, _, wanted = freezing_who(row, audience)
        return of_list, may_be, wanted

    freezing_who = freezing._who
    m.setattr(freezing, "_who", without_the_end)


@wrong
def a_form_for_one_list_changes_the_other(m: pytest.MonkeyPatch) -> None:
    sign_up = SubscriberRepository.sign_up

    def changes_both(self: Any, of: str, new: Any, *, now: Any, **more: Any) -> Any:
        end, subscriber = sign_up(self, of, new, now=now, **more)
        self.set_cadence(_other(of).id, subscriber, new.cadence, now=now)
        return end, subscriber

    m.setattr(SubscriberRepository, "sign_up", changes_both)


@wrong
def a_yes_to_one_list_brings_back_to_the_other(m: pytest.MonkeyPatch) -> None:
    confirm = SubscriberRepository.confirm

    def to_both(self: Any, token: str, *, now: Any) -> Any:
        done = confirm(self, token, now=now)
        if done is not None and not done.is_address:
            left = (subscriptions.c.subscriber_id == done.subscriber_id, subscriptions.c.state == "left")
            with self._database.write("both") as connection:
                connection.execute(subscriptions.update().where(*left).values(state="active"))
        return done

    m.setattr(SubscriberRepository, "confirm", to_both)


@wrong
def a_dead_address_ends_one_list(m: pytest.MonkeyPatch) -> None:
    _of_one_list(m, barring, transition_subscriptions)


@wrong
def an_erasure_ends_one_list(m: pytest.MonkeyPatch) -> None:
    m.setattr(SubscriberRepository, "erase", lambda self, address, *, who, now: self._leave_one(address, now))
    m.setattr(SubscriberRepository, "_leave_one", _leaves_one, raising=False)


def _leaves_one(self: Any, address: str, now: Any) -> None:
    found = self.find(A.id, address)
    if found is not None:
        self.unsubscribe(A.id, found.subscriber.id, reason="erased", now=now)


def _of_one_list(m: pytest.MonkeyPatch, module: Any, move: Callable[..., int]) -> None:
    m.setattr(module, "transition_subscriptions", lambda c, verb, of, *a, **k: move(c, verb, of or A.id, *a, **k))


@wrong
def another_address_is_never_used(m: pytest.MonkeyPatch) -> None:
    m.setattr(one_by_one, "address_key", lambda address: address.replace("-elsewhere", ""))


@wrong
def the_end_of_one_list_ends_both(m: pytest.MonkeyPatch) -> None:
    close = SubscriberRepository.close_season

    def close_both(self: Any, key: Any, **more: Any) -> Any:
        first, _ = (close(self, SeasonKey(month.id, key.season), **more) for month in MONTHS)
        return first

    m.setattr(SubscriberRepository, "close_season", close_both)


@wrong
def the_end_of_one_list_deletes_the_people(m: pytest.MonkeyPatch) -> None:
    m.setattr(subscriber_list, "forget_people", _forget_everybody)


def _forget_everybody(connection: Any, ids: Any) -> None:
    for table, column in ((subscriptions, subscriptions.c.subscriber_id), (subscribers, subscribers.c.id)):
        connection.execute(table.delete().where(column.in_(ids)))


@wrong
def links_to_leave_are_of_the_other_campaign(m: pytest.MonkeyPatch) -> None:
    m.setattr(overlap_run, "unsubscribe_url", lambda project, of: unsubscribe_url(project, _other(of).id))


@wrong
def links_to_choose_by_are_somebody_elses(m: pytest.MonkeyPatch) -> None:
    m.setattr(overlap_run, "preferences_url", lambda project, of: lambda _: preferences_url(project, of)("0" * 32))


def _other(of: str) -> Month:
    return B if of == A.id else A


@wrong
def a_mail_names_the_page_of_the_other_campaign(m: pytest.MonkeyPatch) -> None:
    _instead(m, lambda text, month: text.replace(f"/c/{month.slug}/", f"/c/{_other(month.id).slug}/"))


@wrong
def a_mail_has_the_end_of_the_other_campaign(m: pytest.MonkeyPatch) -> None:
    _instead(m, lambda text, month: text.replace(month.ends, _other(month.id).ends))


@wrong
def a_mail_has_the_name_of_the_other_campaign(m: pytest.MonkeyPatch) -> None:
    _instead(m, lambda text, month: text.replace(month.name, _other(month.id).name))


def _instead(m: pytest.MonkeyPatch, other: Callable[[str, Month], str]) -> None:
    """The program makes its mails with one thing of the other campaign."""
    made = mails_of

    def made_wrong(month: Month) -> Any:
        plan, mails, headlines = made(month)
        bodies = [replace(mail.body, text=other(mail.body.text, month)) for mail in mails]
        return plan, tuple(replace(mail, body=b) for mail, b in zip(mails, bodies, strict=True)), headlines

    m.setattr(overlap_run, "mails_of", made_wrong)


@wrong
def an_archive_shows_the_mails_of_both(m: pytest.MonkeyPatch) -> None:
    sent = archive.sent_mails

    def of_both(project: Any, ledger: Any, _: str) -> Any:
        return tuple(mail for month in MONTHS for mail in sent(project, ledger, month.id))

    m.setattr(archive, "sent_mails", of_both)


@wrong
def one_mail_a_day_is_not_kept(m: pytest.MonkeyPatch) -> None:
    m.setattr(freezing, "wishes", lambda *_: Wishes(frozenset(), frozenset()))


@wrong
def another_mail_of_the_day_does_not_count(m: pytest.MonkeyPatch) -> None:
    m.setattr(freezing, "had_mail", lambda *_: frozenset())


@wrong
def a_digest_that_owes_waits_like_any_mail(m: pytest.MonkeyPatch) -> None:
    m.setattr(freezing, "claimed", lambda *_: {})


@wrong
def what_was_withheld_is_never_told(m: pytest.MonkeyPatch) -> None:
    m.setattr(freezing, "owed", lambda *_: {})


@wrong
def what_was_withheld_is_told_again(m: pytest.MonkeyPatch) -> None:
    owed, before = one_a_day.owed, dict[tuple[str, str], dict[str, Any]]()

    def again(connection: Any, row: Any) -> Any:
        for reader, items in owed(connection, row).items():
            before.setdefault((row["campaign"], reader), {}).update(items)
        return {reader: items for (of, reader), items in before.items() if of == row["campaign"]}

    m.setattr(freezing, "owed", again)


@wrong
def who_wants_every_mail_again_loses_what_is_owed(m: pytest.MonkeyPatch) -> None:
    m.setattr(freezing, "has_a_wish", lambda: one_a_day._READER.in_(one_a_day._WANTING))


@pytest.mark.parametrize("name", WRONG)
def test_the_oracle_notices_when(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each rule, broken in the program, is a difference for somebody in one of a few small seasons."""
    WRONG[name](monkeypatch)
    seasons = (SHOWN_IN.get(name, SEASONS[0]), *SEASONS)
    assert any(_a_small_season(*season) for season in dict.fromkeys(seasons))


def test_and_finds_nothing_when_all_is_right() -> None:
    """The first of those seasons, by the rules."""
    assert [] == _a_small_season(*SEASONS[0])


def _a_small_season(each: int, shared: int, seed: int) -> list[str]:
    """Until there is a difference."""
    people = people_of(each, shared, seed=seed, busy=True)
    run = OverlapRun(people, watch=Watch({person.number: walk(person)[0] for person in people}))
    try:
        return differences(run) if run.run() else ["seen while the season was played"]
    finally:
        run.ledger.close()
