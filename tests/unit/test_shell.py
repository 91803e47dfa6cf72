"""What stands around each private page: the places, and the button that holds everything, for those who may."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from scheduler.domain.role import form_token
from scheduler.services.holds import told_of_a_hold
from scheduler.web.security.guard import FORM_FIELD
from tests.support.editing_site import EditingSite


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EditingSite]:
    made = EditingSite(tmp_path_factory.mktemp("site"))
    yield made
    made.ledger.close()


def test_the_bar_holds_everything_once_on_each_page_and_for_those_who_may(site: EditingSite) -> None:
    """A page that has the form itself leads to it; a board viewer has neither."""
    page = site.client.get("/claims").get_data(as_text=True)
    assert 1 == page.count('id="bar-reason"')
    assert told_of_a_hold(site.project.settings.notices) in page
    own = site.client.get("/holds").get_data(as_text=True)
    assert ('href="#hold-channel"' in own, 'id="bar-reason"' in own) == (True, False)
    board = site.client_of(site.sign_in("Vi Example", "board-viewer")).get("/claims").get_data(as_text=True)
    assert "Hold everything" not in board.replace("Hold<span", "Hold everything<span")
    form = {FORM_FIELD: form_token(site.session), "channel": "*", "reason": "A storm.", "sure": "yes"}
    assert 303 == site.client.post("/holds", data=form).status_code
    held = site.client.get("/claims").get_data(as_text=True)
    assert ("On hold" in held, 'id="bar-reason"' in held) == (True, False)
    site.ledger.holds.release("*", who="Ada", now=site.clock.now())


def test_who_learns_of_a_hold_is_said_by_what_is_set_up(site: EditingSite) -> None:
    notices = site.project.settings.notices
    set_up = replace(notices, webhook_url="https://hooks.internal/x")
    assert told_of_a_hold(replace(notices, webhook_url="", smtp_host="")).endswith("No message goes out about it.")
    assert "If it lasts 12 hours" in told_of_a_hold(replace(set_up, hold_hours=12))
    assert told_of_a_hold(replace(set_up, hold_hours=0)).endswith("Nobody gets a message about it.")


def test_each_place_is_there_at_the_side_and_behind_the_menu(site: EditingSite) -> None:
    """The page itself is marked in both; the text's form has the menu alone."""
    page = site.client.get("/claims").get_data(as_text=True)
    assert 2 == page.count('<a href="/claims" aria-current="page">')
    assert 2 == page.count('<a href="/report">')
    edit = site.client.get("/items/how-many/edit").get_data(as_text=True)
    assert ('class="side"' in edit, 'class="menu"' in edit) == (False, True)
