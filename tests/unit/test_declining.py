"""Who can't review says so by their link, with why and who could; what lacks a reviewer is named until somebody is
invited in their place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.cli.output import standing_lines
from scheduler.domain.season_key import SeasonKey
from scheduler.review.review_status import ReviewStatus, standing_as_data
from scheduler.services.context import Actor, Context
from scheduler.services.status import season_status
from tests.support.reading_site import BEN, CAMPAIGN, FACTS, FIRST, ITEMS, SEASON, ReadingSite
from tests.unit.test_web_desk import Desk
from tests.unit.test_web_desk import desk as desk
from tests.unit.test_web_reading import reading

WHY, CY = "I am away until February.", "Cy Example"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[ReadingSite]:
    made = ReadingSite(tmp_path)
    yield made
    made.close()


def decline(site: ReadingSite, reason: str = WHY, instead: str = CY) -> int:
    form = {"act": "decline", "reason": reason, "instead": instead}
    return int(site.client.post(site.link, data=form).status_code)


def standing(site: ReadingSite) -> ReviewStatus:
    return site.desk().how_it_stands()


def test_who_declines_is_asked_no_more_and_can_go_on_reading(site: ReadingSite) -> None:
    assert "I can’t review these" in site.get().text
    assert 303 == decline(site)
    text = site.get().text
    assert "You said that you can’t review these." in text
    assert 0 == reading(site).left
    assert 200 == site.get(f"/items/{FIRST}").status_code
    (said,) = standing(site).declined
    assert (tuple(ITEMS), CY) == (said.items, said.invitation.handed_to)
    assert f"Ben Example (fact reviewer) can't review: {WHY} Who could instead, they say: {CY}." == said.in_words()
    assert not any(p.waits for p in standing(site).by_person)
    (line,) = site.ledger.events.of_kinds("reviewer.declined")
    assert (BEN, False) == (line.who, "February" in str(line.data) or CY in str(line.data))

    site.client.post(site.link, data={"act": "take-up"})
    assert len(ITEMS) == reading(site).left
    assert () == standing(site).declined


def test_what_lacks_a_reviewer_is_named_until_somebody_is_invited_or_the_link_ends(site: ReadingSite) -> None:
    decline(site)
    words = "\n".join(standing_lines(standing(site)))
    assert "CAN'T REVIEW: Ben Example (fact reviewer)" in words
    assert f"review invite '{CY}' --role {FACTS}" in words
    assert "Ben Example (fact reviewer): can't review" in words
    data = {"name": BEN, "role": FACTS, "lacks_reviewer": ITEMS}
    assert [data] == standing_as_data(standing(site))["declined"]
    context = Context(site.project, site.ledger, site.clock, Actor("Ada"))
    status = season_status(context, SeasonKey(CAMPAIGN, SEASON))
    assert status.reviewers is not None
    assert status.needs_a_person

    site.invite(CY, FACTS)
    assert () == standing(site).declined
    assert {CY} == {p.invitation.name for p in standing(site).by_person if p.waits}


def test_a_reason_is_asked_for_and_no_address_is_taken(site: ReadingSite) -> None:
    for reason, instead in (("  ", ""), ("x" * 501, ""), (WHY, "cy@readers.example")):
        assert 422 == decline(site, reason, instead)
        assert len(ITEMS) == reading(site).left
    form = {"act": "decline", "reason": WHY, "instead": "cy@readers.example"}
    assert f'value="{WHY}"' in site.client.post(site.link, data=form).text, "what was typed is still there"


def test_who_may_not_approve_has_nothing_to_decline(site: ReadingSite) -> None:
    link = site.invite("Di", "board-viewer")
    assert "can’t review" not in site.get(link=link).text
    assert 403 == site.client.post(link, data={"act": "decline", "reason": WHY}).status_code


def test_today_names_who_declined_and_leads_to_an_invitation(desk: Desk) -> None:
    made = desk.post("/invitations", name=BEN, role=FACTS, lasts="").get_data(as_text=True)
    token = made.partition("/r/")[2][:43]
    desk.app.test_client().post(f"/r/{token}", data={"act": "decline", "reason": WHY, "instead": CY})
    page = desk.get("/")
    assert "I am away until February." in page
    assert "No one else who was invited can approve" in page
    assert "name=Cy+Example&amp;role=fact-reviewer" in page
    assert f'value="{CY}"' in desk.get("/invitations?name=Cy+Example&role=fact-reviewer")
    assert "can’t review" in desk.get("/invitations")
    desk.post("/invitations/revoke", name=BEN)
    assert "I am away until February." not in desk.get("/")
