"""What somebody wants about their emails beyond how often: back, at another address, not at all, and what is held."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler.domain.subscriber import NewSubscriber, SubscriberState
from scheduler.settings import Mode
from scheduler.wiring import unsubscribe_url
from tests.support.public_factory import ADDRESS, CAMPAIGN, PUBLIC_URL, ReadersSite

HOUR = timedelta(hours=1)
OTHER = "second-month"
NEW = "new.place@readers.example"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[ReadersSite]:
    made = ReadersSite(tmp_path)
    yield made
    made.close()


@pytest.fixture
def rehearsing(tmp_path: Path) -> Iterator[ReadersSite]:
    """Mails are recorded here as they go out; no provider is asked."""
    made = ReadersSite(tmp_path, mode=Mode.REHEARSAL)
    yield made
    made.close()


def state(site: ReadersSite, campaign: str = CAMPAIGN, address: str = ADDRESS) -> SubscriberState | None:
    found = site.ledger.subscribers.find(campaign, address)
    return found.state if found is not None else None


def leave_link(site: ReadersSite, reader: str) -> str:
    return unsubscribe_url(site.project, CAMPAIGN)(reader).removeprefix(PUBLIC_URL)


# -- back again -----------------------------------------------------------------------------------------


def test_leaving_is_taken_back_by_the_button_on_the_page_that_says_it_is_done(site: ReadersSite) -> None:
    reader = site.confirmed()
    link = leave_link(site, reader)
    page = site.client.post(link)
    assert SubscriberState.LEFT is state(site)
    assert f'action="{link}/undo"' in page.text
    assert "The emails go on" in site.client.post(f"{link}/undo").text
    assert SubscriberState.ACTIVE is state(site)
    again = site.ledger.subscribers.add_many(CAMPAIGN, [NewSubscriber(ADDRESS)], now=site.clock.now())
    assert (0,) == again.already_there, "nothing bars the address any more"


def test_who_comes_to_the_button_again_sees_how_it_stands(site: ReadersSite) -> None:
    """By Back, or by the address in the browser: no dead end, and nothing changes."""
    link = leave_link(site, site.confirmed())
    site.client.post(link)
    before = site.dump()
    again = site.client.get(f"{link}/undo")
    assert (200, True) == (again.status_code, "The emails have stopped" in again.text)
    assert f'action="{link}/undo"' in again.text
    assert before == site.dump()
    site.client.post(f"{link}/undo")
    assert "The emails go on" in site.client.get(f"{link}/undo").text
    assert 404 == site.client.get(f"{link[:-1]}/undo").status_code


def test_the_address_of_a_staff_button_leads_to_its_page(site: ReadersSite) -> None:
    """And one for programs stays what it is."""
    for button, page in (
        ("/items/some-item/approve", "/items/some-item"),
        ("/holds/resume", "/holds"),
        ("/calendar/2027/weeks/2/approve", "/calendar/2027"),
        ("/sign-out", "/"),
    ):
        answer = site.client.get(button)
        assert (303, page) == (answer.status_code, answer.headers["Location"])
    assert 405 == site.client.get("/webhooks/sendgrid").status_code


def test_after_an_hour_it_takes_the_form(site: ReadersSite) -> None:
    reader = site.confirmed()
    link = leave_link(site, reader)
    site.client.post(link)
    site.clock.advance(HOUR + timedelta(seconds=1))
    assert "That is not possible any more" in site.client.post(f"{link}/undo").text
    assert SubscriberState.LEFT is state(site)


def test_who_left_by_mistake_need_not_wait_a_day_for_the_form(site: ReadersSite) -> None:
    reader = site.confirmed()
    site.client.post(leave_link(site, reader))
    site.clock.advance(2 * HOUR)
    assert reader == site.confirmed()
    assert SubscriberState.ACTIVE is state(site)


def test_who_did_not_leave_cannot_be_brought_onto_a_list_by_that_button(site: ReadersSite) -> None:
    """The way out passes through many hands: it lets nobody in who was not there."""
    reader = site.confirmed()
    site.ledger.subscribers.erase(ADDRESS, who="Ada", now=site.clock.now())
    assert "That is not possible any more" in site.client.post(f"{leave_link(site, reader)}/undo").text


def test_a_dead_address_is_not_brought_back(site: ReadersSite) -> None:
    """It bounced, its reader left, and took that back: no mail went there since that proves that it lives."""
    from tests.support.web_factory import event

    reader = site.confirmed()
    from scheduler.channels.sendgrid.receipts import read_events

    bounced = {**event("bounce", None, type="bounce", status="5.1.1"), "email": ADDRESS, "subscriber_id": reader}
    site.ledger.receipts.record(read_events(json.dumps([bounced]).encode(), now=site.clock.now()), now=site.clock.now())
    assert SubscriberState.BOUNCED is state(site)
    link = leave_link(site, reader)
    site.client.post(link)
    assert "That is not possible any more" in site.client.post(f"{link}/undo").text


# -- all lists ------------------------------------------------------------------------------------------


def on_two_lists(site: ReadersSite) -> str:
    reader = site.confirmed()
    site.ledger.subscribers.add_many(OTHER, [NewSubscriber(ADDRESS)], now=site.clock.now())
    return reader


def test_a_link_of_this_release_leaves_one_campaign_and_an_old_one_all(site: ReadersSite) -> None:
    reader = on_two_lists(site)
    link = leave_link(site, reader)
    site.client.post(link)
    assert (SubscriberState.LEFT, SubscriberState.ACTIVE) == (state(site), state(site, OTHER))
    old = f"/u/{link.rpartition('/')[2]}"
    site.client.post(old)
    assert (SubscriberState.LEFT, SubscriberState.LEFT) == (state(site), state(site, OTHER))
    site.client.post(f"{old}/undo")
    assert (SubscriberState.ACTIVE, SubscriberState.ACTIVE) == (state(site), state(site, OTHER))


def test_the_page_of_choices_leaves_all_lists_of_somebody_who_is_on_several(site: ReadersSite) -> None:
    reader = site.confirmed()
    choices = site.choices(reader)
    assert 'value="leave-all"' not in site.client.get(choices).text
    on_two = site.ledger.subscribers.add_many(OTHER, [NewSubscriber(ADDRESS)], now=site.clock.now())
    assert not on_two.suppressed
    assert "Leave both lists" in site.client.get(choices).text
    left = site.client.post(choices, data={"act": "leave-all"})
    assert (SubscriberState.LEFT, SubscriberState.LEFT) == (state(site), state(site, OTHER))
    assert f'action="{choices}"' in left.text
    site.client.post(choices, data={"act": "come-back-to-all"})
    assert (SubscriberState.ACTIVE, SubscriberState.ACTIVE) == (state(site), state(site, OTHER))


# -- another address ------------------------------------------------------------------------------------


def test_the_address_is_changed_by_the_link_that_went_to_the_new_one(site: ReadersSite) -> None:
    reader = on_two_lists(site)
    choices = site.choices(reader)
    answer = site.client.post(choices, data={"act": "address", "email": NEW})
    assert "An email is on its way to the new address, if it can be used." in answer.text
    (mail,) = site.letters()
    assert (NEW, "letter-new-address") == (mail.to, mail.item)
    assert ADDRESS not in mail.text
    link = mail.link("/c/c7w4mkp/confirm/")
    assert "Do you want your emails at this address?" in site.client.get(link).text
    assert SubscriberState.ACTIVE is state(site), "looking changes nothing"
    assert "From now on the emails come to this address" in site.client.post(link).text
    assert (None, None) == (state(site), state(site, OTHER))
    assert (SubscriberState.ACTIVE, SubscriberState.ACTIVE) == (state(site, CAMPAIGN, NEW), state(site, OTHER, NEW))
    found = site.ledger.subscribers.find(CAMPAIGN, NEW)
    assert found is not None
    assert reader == found.subscriber.id, "links in mails that are out keep working"
    assert "From now on the emails come to this address" in site.client.post(link).text, "a second press"
    assert not [line for line in site.dump() if ADDRESS in line]


def test_the_way_out_of_that_letter_ends_nothing_that_the_reader_gets(site: ReadersSite) -> None:
    """A stranger whose address was typed in by mistake has nothing to do with the reader's emails."""
    reader = site.confirmed()
    site.client.post(site.choices(reader), data={"act": "address", "email": NEW})
    (mail,) = site.letters()
    way_out = mail.headers["List-Unsubscribe"].strip("<>").removeprefix(PUBLIC_URL)
    assert way_out.startswith("/c/c7w4mkp/not-me/")
    assert 200 == site.client.post(way_out, data={"List-Unsubscribe": "One-Click"}).status_code
    assert SubscriberState.ACTIVE is state(site)
    assert 404 == site.client.post(mail.link("/c/c7w4mkp/confirm/")).status_code
    assert not [line for line in site.dump() if NEW in line]


@pytest.mark.parametrize("typed", ["nobody", ADDRESS, "taken@readers.example", "erased@readers.example"])
def test_an_address_that_cannot_be_used_gets_no_letter_and_nobody_learns_why(site: ReadersSite, typed: str) -> None:
    reader = site.confirmed()
    site.confirmed("taken@readers.example")
    site.ledger.subscribers.erase("erased@readers.example", who="Ada", now=site.clock.now())
    answer = site.client.post(site.choices(reader), data={"act": "address", "email": typed})
    assert [] == site.letters()
    if typed == "nobody":
        assert (422, True) == (answer.status_code, "Look at the email address" in answer.text)
    else:
        assert "An email is on its way to the new address, if it can be used." in answer.text


# -- I did not sign up ----------------------------------------------------------------------------------


def test_who_did_not_sign_up_says_so_by_a_button_and_nothing_is_kept(site: ReadersSite) -> None:
    site.fill_in()
    (mail,) = site.letters()
    page = site.client.get(mail.link("/c/c7w4mkp/confirm/")).text
    not_me = mail.link("/c/c7w4mkp/not-me/")
    assert f'href="{not_me}"' in page
    assert 200 == site.client.get(not_me).status_code
    assert SubscriberState.PENDING is state(site), "looking changes nothing"
    assert "What was typed into the form is deleted" in site.client.post(not_me).text
    assert state(site) is None
    assert not [line for line in site.dump() if ADDRESS in line]
    assert 404 == site.client.post(mail.link("/c/c7w4mkp/confirm/")).status_code
    site.fill_in()
    assert [] == site.letters(), "whoever typed it in cannot do so again at once"


def test_that_button_does_nothing_to_somebody_who_has_confirmed(site: ReadersSite) -> None:
    site.fill_in()
    (mail,) = site.letters()
    site.client.post(mail.link("/c/c7w4mkp/confirm/"))
    site.client.post(mail.link("/c/c7w4mkp/not-me/"))
    assert SubscriberState.ACTIVE is state(site)


# -- what is held ---------------------------------------------------------------------------------------


def test_what_is_held_about_a_reader_is_one_page_and_a_file(rehearsing: ReadersSite) -> None:
    site, now = rehearsing, rehearsing.clock.now()
    reader = site.ledger.subscribers.add(
        CAMPAIGN, NewSubscriber(ADDRESS, "Robin Example"), who="Ada", now=now
    ).subscriber_id
    site.send_days(site.clock.now().replace(day=11, hour=15, minute=1), 1)
    choices = site.choices(reader)
    assert f'href="{choices}/known"' in site.client.get(choices).text
    page = site.client.get(f"{choices}/known").text
    for held in (
        "Robin Example",
        reader,
        "r\u2022\u2022\u2022@readers.example",
        "asked to be on the list",
        "1 email was meant for you",
    ):
        assert held in page
    assert ADDRESS not in page
    assert "traffick" not in page.casefold(), "it does not tell what the emails are about"
    file = site.client.get(f"{choices}/known.json")
    assert "attachment" in file.headers["Content-Disposition"]
    held = file.get_json()
    assert ("Robin Example", reader, ["c7w4mkp"]) == (
        held["name"],
        held["number"],
        [x["list"] for x in held["lists"]],
    )
    assert ["sent"] == [mail["state"] for mail in held["mails"]]
    assert ["added"] == [line["how"] for line in held["agreed"]]
