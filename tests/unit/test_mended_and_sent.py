"""What was mended comes back to whoever asked for it; what went out says so everywhere, and cannot be held back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from scheduler.cli.refusals import what_to_do
from scheduler.domain.delivery import State
from scheduler.domain.formatting import moment_words
from scheduler.domain.records import Counts, Delivery
from scheduler.domain.refusals import Refusal, Refused
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.sent import sent_by_message, sent_of
from scheduler.domain.standing_request import StandingRequest, WaitsFor, standing_requests
from scheduler.review.reminder import NO_LINK, items_that_wait, reminder
from scheduler.review.review_status import standing_as_data
from scheduler.review.reviewer_queue import QueueStatus
from scheduler.services.approvals import MOST_COMMENTS, AlreadySent
from tests.support.reading_site import BEN, CAMPAIGN, FACTS, FIRST, ITEMS, SEASON, SECOND, THIRD, ReadingSite
from tests.unit.test_web_reading import approvals, reading, stand

OLD, NEW = "A debt is not a contract.", "A debt is no contract."
DUE = datetime(2027, 1, 4, 15, tzinfo=UTC)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[ReadingSite]:
    made = ReadingSite(tmp_path)
    made.link = made.invite(BEN, FACTS, lasts=timedelta(days=60))
    yield made
    made.close()


def standing(site: ReadingSite) -> list[StandingRequest]:
    return list(standing_requests(site.desk().rehearsal_now()))


def waits(site: ReadingSite, name: str = BEN) -> set[str]:
    (person,) = [p for p in site.desk().how_it_stands().by_person if p.invitation.name == name]
    return {m.item for m in person.waits}


def reminded(site: ReadingSite) -> str:
    desk = site.desk()
    now, invitation = desk.rehearsal_now(), desk.invitations()[-1]
    waiting = items_that_wait(now, invitation, site.clock.now())
    return reminder(now, invitation, waits=waiting, link=NO_LINK, expires_at=invitation.expires_at).text


# -- what was mended comes back ---------------------------------------------------------------------------


def test_a_request_waits_for_its_change_and_then_for_whoever_asked(site: ReadingSite) -> None:
    """Until then it waits for nobody's reading; after it the link leads to it, counts it and shows what changed, and
    lists, reminders and status say the same."""
    site.act(FIRST, "changes", "Say it plainer.")
    assert QueueStatus.ASKED is stand(site, FIRST)
    assert FIRST not in waits(site)
    assert {WaitsFor.CHANGE} == {r.waits_for for r in standing(site)}
    assert "it waits to be changed" in standing(site)[0].in_words("America/New_York")
    assert "1 of 5" in site.get().text
    for item in ITEMS[1:]:
        site.act(item, "approve")
    assert site.get("/finish").text.count("Thank you") > 0

    site.edit(FIRST, OLD, NEW)
    assert QueueStatus.WAITS is stand(site, FIRST)
    assert {FIRST} == waits(site)
    assert site.client.post(site.link).headers["Location"].endswith(f"/items/{FIRST}"), "Go on reading leads to it"
    assert FIRST == reading(site).next_after(THIRD).item
    overview = site.get().text
    assert "4 of 5" in overview
    assert "1 waits for you, 1 of them changed since you asked" in overview
    assert "changed since you asked" in overview.partition("All items")[2]
    assert "1 item waits for you, changed since you asked" in reminded(site)
    told_of = {r.request.channel: r.in_words("America/New_York") for r in standing(site)}
    words, other = told_of["x"], told_of["email"]
    assert "it waits to be changed" in other, "the mail says what it said"
    assert (
        "Ben Example (fact reviewer) asked for a change on Sunday, December 20, 12:00 PM; it has changed since; waits for "
        "Ben Example's answer"
    ) == words
    page = site.item(FIRST)
    assert "Changed since you asked" in page
    assert "Say it plainer." in page.partition('id="said"')[0], "what was asked stands above the text"
    assert "What changed since you asked for changes" in page
    data = standing_as_data(site.desk().how_it_stands())
    told = {(r["waits_for"], r["words"]) for r in data["requests"]}  # type: ignore[attr-defined]
    assert {("answer", words), ("change", other)} == told

    site.act(FIRST, "approve")
    assert [] == standing(site)
    assert QueueStatus.APPROVED is stand(site, FIRST)
    assert "5 of 5" in site.get().text


def test_the_change_is_shown_in_words_alone(site: ReadingSite) -> None:
    """Not once more as the source of the mail; what else changed is named."""
    site.act(FIRST, "changes", "Say it plainer.")
    site.edit(FIRST, OLD, NEW)
    for since in reading(site).since(FIRST).values():
        assert {"text"} == {c.field for c in since.difference}
        assert () == since.beside
    page = site.item(FIRST)
    assert "HTML part</dt>" not in page
    assert "&lt;p" not in page.partition('class="changes"')[2].partition("</dl>")[0]


def test_what_was_asked_and_answered_stands_first_with_its_change(site: ReadingSite) -> None:
    """Ben's own words, Ada's answer and the words that changed, once, above the item; and his word is asked for. Before
    it was changed she cannot say that it was; and what is not changed comes back with her reason."""
    ada = {"person": "Ada", "role": "coordinator"}
    site.act(FIRST, "changes", "Say it plainer.")
    with pytest.raises(Refused, match="still as it was") as refused:
        site.desk().answer_requests(FIRST, comment="Done.", **ada)
    assert Refusal.NOT_CHANGED_YET is refused.value.code
    site.edit(FIRST, OLD, NEW)
    assert 2 >= len(site.desk().answer_requests(FIRST, comment="Done, thank you.", **ada)) >= 1
    assert QueueStatus.WAITS is stand(site, FIRST)
    page = site.item(FIRST)
    places = [page.index(words) for words in ("Say it plainer.", "Done, thank you.", 'id="changed"', 'class="read"')]
    assert places == sorted(places)
    assert 1 == page.count('class="changes"')
    assert '<span class="hidden">put in: </span>' in page
    assert '<span class="hidden">taken out: </span>' in page
    site.act(FIRST, "changes", "Plainer still.")
    site.desk().settle_requests(FIRST, comment="The source says so.", **ada)
    page = site.item(FIRST).partition('class="read"')[0]
    assert "Plainer still." in page
    assert "not changed, because" in page
    assert "The source says so." in page
    assert QueueStatus.WAITS is stand(site, FIRST), "he is told, and asked again"


def test_a_yes_can_be_taken_back_until_it_is_sent(site: ReadingSite) -> None:
    """The next page offers it beside the result; then the item waits again, and sending refuses it. Once it is out,
    it stays."""
    answer = site.act(FIRST, "approve")
    following = site.client.get(answer.headers["Location"]).text
    assert f"You can undo it until it is sent, {moment_words(DUE, 'America/New_York')}." in following
    assert f'action="{site.link}/items/{FIRST}"><button name="act" value="undo">' in following
    answer = site.act(FIRST, "undo", seen={})
    assert answer.headers["Location"].endswith(f"/items/{FIRST}")
    assert "You took back your approval of" in site.client.get(answer.headers["Location"]).text
    assert QueueStatus.WAITS is stand(site, FIRST)
    assert "approval.withdrawn" in site.history()
    assert {FIRST} <= {one.message.item for one in site.desk().how_it_stands().lacking}
    again = site.act(FIRST, "undo", seen={})
    assert (422, True) == (again.status_code, 'data-refusal="nothing-to-take-back"' in again.text)
    site.act(FIRST, "approve")
    site.clock.advance(DUE - site.clock.now())
    site.send(FIRST, "x")
    site.send(FIRST, "email", readers=2, batches=2)
    with pytest.raises(AlreadySent, match="can no longer be taken back"):
        site.desk().take_back(FIRST, person=BEN, role=FACTS)
    assert 2 == len([a for a in approvals(site) if a[0] == FIRST])


def test_one_person_cannot_flood_an_item(site: ReadingSite) -> None:
    """So many comments a day, and no more; the others can still write."""
    for number in range(MOST_COMMENTS):
        site.desk().comment(FIRST, person=BEN, role=FACTS, text=f"Word {number}")
    answer = site.act(FIRST, "comment", "And one more.")
    assert (422, True) == (answer.status_code, "And one more.</textarea>" in answer.text)
    site.desk().comment(FIRST, person="Cara", role=FACTS, text="Me too.")
    site.clock.advance(timedelta(days=1, minutes=1))
    assert 303 == site.act(FIRST, "comment", "And one more.").status_code
    newest, earlier = site.item(FIRST), site.get(f"/items/{FIRST}?said=1").text
    assert ("Word 0<" in newest, "And one more.<" in newest) == (False, True)
    assert ("Word 0<" in earlier, "And one more.<" in earlier) == (True, False)
    assert f'href="{site.link}/items/{FIRST}?said=1#said"' in newest


def test_words_that_are_as_before_wait_to_be_changed_again(site: ReadingSite) -> None:
    """The very form that was read: nothing has come of the request."""
    site.act(FIRST, "changes", "Say it plainer.")
    site.edit(FIRST, OLD, NEW)
    site.edit(FIRST, NEW, OLD)
    assert QueueStatus.ASKED is stand(site, FIRST)
    assert FIRST not in waits(site)


def test_a_record_beneath_that_changed_is_told_as_that(site: ReadingSite) -> None:
    """The request may have been about it: it comes back, and nobody says that the words were changed."""
    site.act(FIRST, "changes", "Is that the newest figure?")
    path = site.folder / "campaigns" / CAMPAIGN / "claims.toml"
    (claim,) = {c for m in site.desk().messages([FIRST]) for c in m.claims[:1]}
    text = path.read_text(encoding="utf-8")
    at = text.index("retrieved_on", text.index(claim))
    path.write_text(text[:at] + "retrieved_on = 2026-12-01" + text[text.index("\n", at) :], encoding="utf-8")
    assert QueueStatus.WAITS is stand(site, FIRST)
    assert all(r.same_words for r in standing(site))
    assert "its words are the same, but what it rests on" in standing(site)[0].in_words("America/New_York")
    page = site.item(FIRST)
    assert "Its words are the same. Changed: what it rests on (the record of “" in page
    assert claim not in page


def test_each_who_asked_is_waited_for_alone(site: ReadingSite) -> None:
    """Ben's answer does not stand in for Cara's; and Cara, who has no link any more, is said to have none."""
    cara = site.invite("Cara Example", "safety-reviewer")
    site.act(FIRST, "changes", "Plainer.")
    site.act(FIRST, "changes", "Kinder.", link=cara)
    site.edit(FIRST, OLD, NEW)
    assert {QueueStatus.WAITS} == {stand(site, FIRST), stand(site, FIRST, cara)}
    site.act(FIRST, "approve")
    assert QueueStatus.APPROVED is stand(site, FIRST)
    assert QueueStatus.WAITS is stand(site, FIRST, cara)
    assert {"Cara Example"} == {r.request.person for r in standing(site)}
    assert {""} == {r.to_do for r in standing(site)}
    site.desk().revoke("Cara Example", by="Ada")
    (to_do,) = {r.to_do for r in standing(site) if r.waits_for is WaitsFor.ANSWER}
    assert "Cara Example has no link that works: make a new one, or settle the request" == to_do
    site.ledger.accounts.add("Cara Example", "coordinator", who="Ada", now=site.clock.now())
    assert {""} == {r.to_do for r in standing(site)}, "she may sign in"


def test_a_request_on_one_channel_brings_the_item_back_when_that_changes(site: ReadingSite) -> None:
    """Until then the item is not asked for a second time by way of its other channel."""
    site.desk().request_changes(FIRST, person=BEN, role=FACTS, comment="Shorter.", channel="x")
    assert QueueStatus.ASKED is stand(site, FIRST)
    assert FIRST not in waits(site)
    site.edit(FIRST, OLD, NEW)
    assert QueueStatus.WAITS is stand(site, FIRST)


def test_what_was_asked_can_be_taken_back_on_the_link(site: ReadingSite) -> None:
    """Also by a viewer, who has no other answer to give."""
    for link, ask in ((site.link, FACTS), (site.invite("Dot", "board-viewer"), "board-viewer")):
        name = BEN if ask == FACTS else "Dot"
        site.desk().request_changes(FIRST, person=name, role=ask, comment="Hm.")
        assert "Take back what you asked for" in site.item(FIRST, link=link)
        assert 303 == site.act(FIRST, "withdraw", link=link).status_code
        assert [] == standing(site)
        assert 422 == site.act(FIRST, "withdraw", link=link).status_code


def test_what_is_settled_waits_for_nobody(site: ReadingSite) -> None:
    """A coordinator has answered it."""
    site.desk().approve(None, person="Ada", role="coordinator")
    site.act(FIRST, "changes", "Plainer.")
    site.edit(FIRST, OLD, NEW)
    site.desk().settle_requests(FIRST, person="Ada", role="coordinator", comment="As the source says.")
    site.desk().approve([FIRST], person="Ada", role="coordinator")
    assert QueueStatus.FREE is stand(site, FIRST)
    assert set() == waits(site)


# -- what went out ------------------------------------------------------------------------------------------


def test_days_that_pass_take_nothing_of_what_was_read(site: ReadingSite) -> None:
    """Neither a mail that goes out nor a window that closes sets the count back."""
    for item in ITEMS:
        site.act(item, "approve")
    site.clock.advance(DUE - site.clock.now())
    site.send(FIRST, "x")
    site.send(FIRST, "email", readers=2, batches=2)
    assert "5 of 5" in site.get().text
    site.clock.advance(timedelta(days=3))
    assert {QueueStatus.SENT, QueueStatus.OVER, QueueStatus.APPROVED} == {one.stand for one in reading(site).items}
    assert "5 of 5" in site.get().text


def test_what_went_out_says_so_and_takes_a_note_alone(site: ReadingSite) -> None:
    """On the link's list and item; what was typed on a page from before comes back; and nothing is held."""
    seen = site.seen(FIRST)
    site.clock.advance(DUE - site.clock.now())
    site.send(FIRST, "x")
    site.send(FIRST, "email", readers=2, batches=2)
    assert QueueStatus.SENT is stand(site, FIRST)
    page = site.item(FIRST)
    assert "It was sent on Monday, January 4, 2027, 10:00 AM (New York), to 2 readers" in page
    assert "Goes out" not in page.partition('id="said"')[0]
    for act in ("approve", "changes"):
        assert f'value="{act}"' not in page
        answer = site.act(FIRST, act, "Too late & dear", seen=seen)
        assert 409 == answer.status_code
        assert "was sent on Monday, January 4, 2027, 10:00 AM (New York)" in answer.text
        assert "Too late &amp; dear</textarea>" in answer.text
    assert "Leave it as a note" in page
    assert "sent" in site.get().text.partition(FIRST)[2][:400]
    assert [] == approvals(site)
    assert [] == standing(site)
    assert 303 == site.act(FIRST, "comment", "Next year earlier.").status_code
    with pytest.raises(AlreadySent, match="nothing was asked for") as refused:
        site.desk().request_changes(FIRST, person=BEN, role=FACTS, comment="It's late")
    assert "comment how-many --by 'Ben Example' --role fact-reviewer --text 'It'\"'\"'s late'" in what_to_do(
        refused.value
    )
    stood = site.desk().how_it_stands()
    assert FIRST not in {one.message.item for one in stood.lacking}
    assert 8 == stood.messages


def test_a_request_holds_back_what_has_not_gone(site: ReadingSite) -> None:
    """The post is out, the mail is not: the mail stops, and both are said."""
    site.clock.advance(DUE - site.clock.now())
    site.send(FIRST, "x")
    assert "X: sent" in site.item(FIRST)
    answer = site.act(FIRST, "changes", "Not so.")
    assert 303 == answer.status_code
    assert {"email"} == {r.request.channel for r in standing(site)}
    assert "Its X message: sent." in site.client.get(answer.headers["Location"]).text
    asked = site.desk().request_changes(FIRST, person="Cara", role=FACTS, comment="Nor so.")
    assert [("x", True)] == [(s.channel, s.is_over) for s in asked.sent]
    done = site.desk().approve([FIRST], person="Ada", role="coordinator")
    assert ["email"] == [m.channel for m in done.messages]
    assert ["x"] == [s.channel for s in done.sent]


def test_a_request_of_a_mailing_under_way_stops_the_rest_and_says_so(site: ReadingSite) -> None:
    """Two of five readers have it."""
    site.clock.advance(DUE - site.clock.now())
    site.send(FIRST, "x")
    site.send(FIRST, "email", readers=5, batches=2)
    asked = site.desk().request_changes(FIRST, person=BEN, role=FACTS, comment="Stop.")
    assert ["email"] == [r.channel for r in asked.requests]
    assert {("x", 1, 1), ("email", 2, 5)} == {(s.channel, s.have_it, s.of) for s in asked.sent}
    (one,) = standing(site)
    assert "to 2 of 5 readers; the rest does not go out before that is answered" in one.in_words("America/New_York")
    (standing_delivery,) = [
        d for d in site.ledger.deliveries.of_season("live", SeasonKey(CAMPAIGN, SEASON)) if d.channel == "email"
    ]
    known = site.ledger.deliveries.snapshot(standing_delivery.id)
    assert known is not None
    assert [BEN] == [r.person for r in known.requests], "the last check sees it"


def test_a_request_of_what_went_out_all_the_same_holds_nothing_and_is_not_waited_for(site: ReadingSite) -> None:
    """As when the call was under way: no list says that it keeps something from going out."""
    site.act(SECOND, "changes", "Wait.")
    site.send(SECOND, "x")
    site.send(SECOND, "email", readers=1)
    stood = site.desk().how_it_stands()
    assert () == stood.requests
    assert {WaitsFor.NOBODY} == {r.waits_for for r in stood.too_late}
    assert "nothing is held back" in stood.too_late[0].in_words("America/New_York")
    assert QueueStatus.SENT is stand(site, SECOND)


@pytest.mark.parametrize(
    ("state", "counts", "badge", "is_over"),
    [
        (State.SCHEDULED, Counts(10, waiting=10), None, None),
        (State.HELD, Counts(), None, None),
        (State.FAILED, Counts(10, failed=10), None, None),
        (State.MISSED, Counts(10, skipped=10, missed=10), None, None),
        (State.SKIPPED, Counts(), None, None),
        (State.SENT, Counts(10, accepted=10), "sent", True),
        (State.SENT, Counts(10, accepted=8, skipped=2), "sent", True),
        (State.SENT, Counts(), "sent", True),
        (
            State.PARTLY_SENT,
            Counts(10_000, accepted=1_000, failed=9_000),
            "partly sent, 1,000 of 10,000 have it",
            False,
        ),
        (State.HELD, Counts(10_000, accepted=4_000, waiting=6_000), "held, 4,000 of 10,000 have it", False),
        (State.SENDING, Counts(10, accepted=4, waiting=6), "sending, 4 of 10 have it", False),
        (State.MISSED, Counts(10, accepted=4, skipped=6, missed=6), "missed, 4 of 10 have it", False),
        (State.UNKNOWN, Counts(10, accepted=4, unknown=6), "unknown, 4 of 10 have it", False),
        (State.UNKNOWN, Counts(1, unknown=1), "may have gone out", False),
        (State.SENDING, Counts(1, waiting=1), "may have gone out", False),
    ],
    ids=str,
)
def test_how_far_a_delivery_is(state: State, counts: Counts, badge: str | None, is_over: bool | None) -> None:
    """Who has it, of how many who should; readers who left are none of these. A rehearsed call reached nobody."""
    delivery = Delivery(
        1, "live", CAMPAIGN, SEASON, FIRST, "email", "email", date(2027, 1, 4), DUE, DUE, state, counts=counts
    )
    sent = sent_of(delivery)
    assert (badge, is_over) == ((sent.badge, sent.is_over) if sent else (None, None))
    assert {} == sent_by_message([replace(delivery, mode="rehearsal")])
