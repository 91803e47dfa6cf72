"""Changing a campaign's files in the browser: what is shown, saved, refused, brought together, and remembered."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from scheduler.domain.edit_form import CLAIM_FIELDS, CONTACT_FIELDS, DISCREET_FIELDS, ITEM_FIELDS
from scheduler.domain.role import form_token
from scheduler.errors import OutOfReach
from scheduler.services.seasons import rehearse
from scheduler.store.edits import EditRepository
from scheduler.web.security.guard import FORM_FIELD
from tests.support.editing_site import ADA, ADDRESS, ITEM, EditingSite, fields_of
from tests.support.reading_site import BEN, CAMPAIGN, FACTS, NOW, SEASON
from tests.support.review_desk import sign_all

CLAIM, CONTACT = "/claims/held-2025/edit", "/contacts/line-phone/edit"
DISCREET = f"/discreet/{CAMPAIGN}/edit"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[EditingSite]:
    made = EditingSite(tmp_path)
    yield made
    made.ledger.close()


def words(answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


# -- looking --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "fields"),
    [(ADDRESS, ITEM_FIELDS), (CLAIM, CLAIM_FIELDS), (CONTACT, CONTACT_FIELDS), (DISCREET, DISCREET_FIELDS)],
)
def test_each_field_is_there_with_its_label_and_what_the_file_says(site: EditingSite, address: str, fields) -> None:
    """Sent back as it is, it changes nothing: no byte, no line of the history."""
    page = site.client.get(address)
    assert 200 == page.status_code
    for field in fields:
        assert f">{field.label}</label>" in page.get_data(as_text=True)
    files = {p: p.read_bytes() for p in (site.folder / "campaigns").rglob("*") if p.is_file()}
    version = site.ledger.events.version()
    answer = site.submit(fields_of(page), address=address)
    assert 303 == answer.status_code
    assert "Nothing was changed" in words(site.client.get(answer.headers["Location"]))
    assert files == {p: p.read_bytes() for p in (site.folder / "campaigns").rglob("*") if p.is_file()}
    assert version == site.ledger.events.version()


def test_a_look_writes_nothing_and_tells_lengths_findings_and_how_it_will_look(site: EditingSite) -> None:
    """The post as the network counts it, emoji too; what stands in its way; the message itself."""
    before, version = site.path().read_bytes(), site.ledger.events.version()
    form = {**site.opened(), "f.post": "A family: 👩‍👩‍👧‍👦. " + "Long. " * 60}
    page = site.submit(form, "preview")
    assert 200 == page.status_code
    count = re.search(r"counted as the network counts: (\d+) of 280", words(page))
    assert count is not None
    without = site.submit({**form, "f.post": "A family: . " + "Long. " * 60}, "preview")
    plain = re.search(r"counted as the network counts: (\d+) of 280", words(without))
    assert plain is not None
    assert int(plain[1]) + 2 == int(count[1])  # one emoji counts two, however many people it shows
    assert "too long" in words(page)
    assert "Not saved yet." in words(page)
    assert "A family: 👩‍👩‍👧‍👦. Long." in words(page)
    assert (before, version) == (site.path().read_bytes(), site.ledger.events.version())


def test_findings_about_what_it_rests_on_stand_apart_from_those_of_the_text(site: EditingSite) -> None:
    """A claim that nobody signed blocks the item, and no other wording settles it."""
    shared = [f for f in site.desk().rehearsal.findings if ITEM in f.items]
    assert shared
    whole = site.client.get(ADDRESS)
    page = words(whole)
    assert f"{len(shared)} finding{'s'[: len(shared) > 1]} about what it rests on" in page
    assert ("The text is fine." in page, "Nothing here blocks it" in page) == (True, False)
    assert all(f.message.replace("`", "")[1:] in page.replace("`", "") for f in shared)
    html = whole.get_data(as_text=True)
    assert (1, 1) == (html.count('<a href="#rests-on">See which</a>'), html.count('id="rests-on"'))


def test_what_the_script_asks_for_is_only_the_parts_that_change(site: EditingSite) -> None:
    """Lengths, findings and their sum; the whole page is not made for a key that was pressed."""
    answer = site.submit({**site.opened(), "f.subject": "x" * 55}, "look")
    text = answer.get_data(as_text=True)
    assert "<form" not in text
    ids = re.findall(r'id="(live-[a-z-]+)"', text)
    assert ids == re.findall(r'id="(live-[a-z-]+)"', text)
    assert {
        "live-count-post",
        "live-count-email",
        "live-count-subject",
        "live-count-preheader",
        "live-found",
        "live-sum",
    } == set(ids)
    assert "subject line: 55 more may be cut off on a phone (40 are shown)" in words(answer)


def test_only_these_pages_run_a_script_and_it_is_ours(site: EditingSite) -> None:
    """From this server, asking this server; no other private page runs any."""
    policy = site.client.get(ADDRESS).headers["Content-Security-Policy"]
    assert policy.endswith("; script-src 'self'; connect-src 'self'")
    assert "default-src 'none'" in policy
    assert 1 == site.client.get(ADDRESS).get_data(as_text=True).count("<script")
    assert "script-src" not in site.client.get(f"/items/{ITEM}").headers["Content-Security-Policy"]
    assert "text/javascript; charset=utf-8" == site.client.get("/editing.js").headers["Content-Type"]


def test_what_was_typed_is_words_and_never_a_piece_of_the_page(site: EditingSite) -> None:
    """Tags, quotes, ends of fields: shown again as they were typed."""
    text = "</textarea><script>alert(1)</script>\"'>&amp;"
    page = site.submit({**site.opened(), "f.post": text, "f.author": text}, "preview")
    assert "<script>alert" not in page.get_data(as_text=True)
    assert (text, text) == tuple(fields_of(page)[name] for name in ("f.post", "f.author"))


@pytest.mark.parametrize(
    "address",
    ["/items/no-such/edit", "/claims/no-such/edit", "/contacts/..%2Fx/edit", "/items/A/edit", "/discreet/another/edit"],
)
def test_there_is_no_form_for_what_is_not_there(site: EditingSite, address: str) -> None:
    """Nor a hint of what is."""
    assert 404 == site.client.get(address).status_code


# -- saving ---------------------------------------------------------------------------------------------


def test_a_save_changes_the_field_and_says_whose_approvals_ended(site: EditingSite) -> None:
    """One line of the file; who, which file and its fingerprints in the history, and none of the words."""
    site.desk().approve([ITEM], person=BEN, role=FACTS)
    before = site.path().read_text()
    answer = site.save(post="Quite other words for the post.")
    assert 303 == answer.status_code
    page = site.client.get(answer.headers["Location"])
    assert "Saved." in words(page)
    assert f"these approvals have ended: {BEN}: the X message" in words(page)
    assert "Email message" not in words(page).split("these approvals")[1].split("Headline")[0]
    after = site.path().read_text()
    assert after == before.replace(
        before.split("# Post\n")[1].split("\n\n# Email")[0], "Quite other words for the post."
    )
    event = site.ledger.events.newest(limit=1)[0]
    assert ("campaign.edited", ADA) == (event.kind, event.who)
    assert {"campaign": CAMPAIGN, "record": "item", "name": ITEM, "fields": ["post"]}.items() <= event.data.items()
    assert event.data["before"] != event.data["after"]
    assert "Quite other" not in str(event)
    assert "changed it in the browser (Post)" in words(site.client.get(f"/items/{ITEM}"))


def test_a_look_says_beforehand_which_approvals_would_end(site: EditingSite) -> None:
    """And a change that no message shows ends none."""
    site.desk().approve([ITEM], person=BEN, role=FACTS)
    assert f"ends these approvals, because what they approved will have changed: {BEN}: the X" in words(
        site.submit({**site.opened(), "f.post": "Other words."}, "preview")
    )
    assert "ends these approvals" not in words(site.submit({**site.opened(), "f.author": "Cy"}, "preview"))


def test_a_claim_and_a_help_line_are_saved_in_their_registers(site: EditingSite) -> None:
    """Their sign-offs end by it, which a look says beforehand."""
    sign_all(site.project, site.ledger, CAMPAIGN, "claim", person=BEN, role=FACTS)
    claims = re.findall(r'id = "([a-z0-9-]+)"', site.path("claims.toml").read_text())
    address = f"/claims/{claims[0]}/edit"
    looked = site.submit({**site.opened(address), "f.source.locator": "p. 44"}, "preview", address)
    assert f"Saving it ends the sign-off of {BEN}" in words(looked)
    assert 303 == site.save(address, source__locator="p. 44").status_code
    assert 'locator = "p. 44"' in site.path("claims.toml").read_text()
    contacts = re.findall(r'id = "([a-z0-9-]+)"', site.path("contacts.toml").read_text())
    assert 303 == site.save(f"/contacts/{contacts[0]}/edit", verified_on="2026-12-19", verified_by="Cy").status_code
    assert "verified_on = 2026-12-19" in site.path("contacts.toml").read_text()
    assert [("claim", claims[0]), ("contact", contacts[0])] == [
        (e.kind, e.record) for e in site.ledger.edits.all(CAMPAIGN)
    ]


def test_the_discreet_head_is_found_from_the_calendar_seen_beside_the_usual_one_and_saved(site: EditingSite) -> None:
    """Approvals of emails end by it; a word that tells what they are about is told; left empty, the program's own words
    stand again."""
    site.desk().approve([ITEM], person=BEN, role=FACTS)
    assert f'href="{DISCREET}"' in site.client.get("/calendar", follow_redirects=True).get_data(as_text=True)
    assert f'href="{DISCREET}"' in site.client.get(ADDRESS).get_data(as_text=True)
    looked = words(site.submit({**site.opened(DISCREET), "f.discreet.from_name": "A friend"}, "preview", DISCREET))
    assert re.search(r"Discreet, in the list of an inbox A friend Your note for", looked)
    assert f"ends these approvals, because what they approved will have changed: {BEN}: the Email" in looked
    assert 303 == site.save(DISCREET, discreet__from_name="A friend", discreet__subject="For {date}").status_code
    text = site.path("campaign.toml").read_text()
    assert 'discreet = { from_name = "A friend", subject = "For {date}" }\n' in text
    assert {"from_name": "A friend", "subject": "For {date}"} == tomllib.loads(text)["discreet"]
    bad = words(site.submit({**site.opened(DISCREET), "f.discreet.preheader": "On trafficking"}, "preview", DISCREET))
    assert "tells what the emails are about" in bad
    assert 303 == site.save(DISCREET, discreet__from_name="", discreet__subject="").status_code
    assert "discreet" not in tomllib.loads(site.path("campaign.toml").read_text())


def test_what_cannot_be_saved_is_said_and_what_was_typed_stays(site: EditingSite) -> None:
    """The finding with its file and line, and every field as it was typed."""
    before = site.path().read_bytes()
    answer = site.save(post="One.\r\n# Two\r\nThree.", author="Cy")
    assert 409 == answer.status_code
    assert "This cannot be saved yet" in words(answer)
    assert 'there is no section "Two"' in words(answer)
    assert f"campaigns/{CAMPAIGN}/items/01-{ITEM}.md:16" in words(answer)
    assert "Nothing here blocks it" not in words(answer)
    assert "of 280" not in words(answer)
    assert ("One.\r\n# Two\r\nThree.", "Cy") == tuple(fields_of(answer)[n] for n in ("f.post", "f.author"))
    assert before == site.path().read_bytes()
    assert () == site.ledger.edits.all(CAMPAIGN)


def test_a_form_that_came_incomplete_changes_nothing_that_it_does_not_name(site: EditingSite) -> None:
    """A box that is not ticked counts where the page had it; else it stays as it is."""
    assert 303 == site.save(about_signs="yes").status_code
    assert "about_signs = true" in site.path().read_text()
    opened = site.opened()
    assert 303 == site.submit({"fingerprint": opened["fingerprint"], "f.title": "Alone"}).status_code
    assert "about_signs = true" in site.path().read_text()
    opened = site.opened()
    del opened["f.about_signs"]
    site.submit(opened)
    assert "about_signs = false" in site.path().read_text()


def test_a_database_out_of_reach_keeps_the_file_and_what_was_typed(
    site: EditingSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change of which the history knows nothing is not made."""
    before, form = site.path().read_bytes(), site.opened()

    def refuse(self: object, edit: object) -> int:
        raise OutOfReach("no route to it")

    monkeypatch.setattr(EditRepository, "record", refuse)
    answer = site.submit({**form, "f.title": "Mine"})
    assert 503 == answer.status_code
    assert "nothing was saved" in words(answer)
    assert "Mine" == fields_of(answer)["f.title"]
    assert before == site.path().read_bytes()


def test_a_file_that_cannot_take_its_place_is_told_and_its_author_forgotten(
    site: EditingSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The history keeps both: that somebody would have, and that it failed."""
    before, form = site.path().read_bytes(), site.opened()

    def refuse(*paths: object) -> None:
        raise OSError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    answer = site.submit({**form, "f.title": "Mine"})
    assert 409 == answer.status_code
    assert "the file is as it was" in words(answer)
    assert (before, ()) == (site.path().read_bytes(), site.ledger.edits.all(CAMPAIGN))
    assert ["campaign.edit_failed", "campaign.edited"] == [e.kind for e in site.ledger.events.newest(limit=2)]


def test_a_long_text_is_taken_and_an_endless_one_is_not(site: EditingSite) -> None:
    """An email of 100,000 characters is looked at; more than a form of that size may hold is refused unread."""
    form = site.opened()
    assert 200 == site.submit({**form, "f.email": "Wörter. " * 12_500}, "preview").status_code
    assert 413 == site.submit({**form, "f.email": "x" * 1_100_000}, "preview").status_code


def test_where_files_may_only_be_read_it_says_so_and_offers_no_save(
    site: EditingSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change can still be tried out."""
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    page = site.client.get(ADDRESS)
    assert "Nothing can be saved here" in words(page)
    assert 'value="save"' not in page.get_data(as_text=True)
    assert 200 == site.submit({**fields_of(page), "f.title": "Mine"}, "preview").status_code


# -- two people -----------------------------------------------------------------------------------------


def test_two_peoples_changes_are_brought_together_before_anything_is_saved(site: EditingSite) -> None:
    """What I typed stays, what I had not touched is theirs, and where both changed one field both are shown."""
    mine = {**site.opened(), "f.title": "My headline", "f.post": "My post."}
    site.save(title="Her headline", preheader="Her line.")
    hers = site.path().read_bytes()
    answer = site.submit(mine)
    assert 409 == answer.status_code
    assert "Nothing was saved, and nothing of yours is lost" in words(answer)
    assert hers == site.path().read_bytes()
    again = fields_of(answer)
    assert ("My headline", "My post.", "Her line.") == tuple(again[f"f.{k}"] for k in ("title", "post", "preheader"))
    page = answer.get_data(as_text=True)
    assert "<del>Her</del>" in page.replace(" </del>", "</del>")
    assert ">Her headline</pre>" in page
    assert 1 == page.count("You both changed this")
    assert 1 == page.count("Changed by somebody else meanwhile")
    assert 303 == site.submit(again).status_code
    text = site.path().read_text()
    assert all(part in text for part in ('title = "My headline"', "\nMy post.\n", 'preheader = "Her line."'))


def test_a_save_that_is_sent_twice_is_no_quarrel(site: EditingSite) -> None:
    """The second says what the first would have said; a page on which nothing was touched says that nothing changed."""
    before = site.opened()
    mine = {**before, "f.title": "My headline"}
    first, second = site.submit(mine), site.submit(mine)
    assert (303, 303) == (first.status_code, second.status_code)
    assert first.location == second.location
    assert 1 == site.history().count("campaign.edited")
    assert "Nothing was changed" in words(site.client.get(site.submit(before).location))


def test_a_look_at_a_file_that_changed_brings_both_together_too(site: EditingSite) -> None:
    """And the script is told, so that a person learns of it while typing."""
    mine = {**site.opened(), "f.title": "My headline"}
    site.save(title="Her headline")
    assert 409 == site.submit(mine, "preview").status_code
    told = site.submit(mine, "look")
    assert (200, True) == (told.status_code, "The file was changed meanwhile" in words(told))


def test_a_file_that_breaks_meanwhile_gives_back_what_was_typed(site: EditingSite) -> None:
    """There is no form for it any more; the words are shown to be copied."""
    mine = {**site.opened(), "f.post": "My precious words."}
    site.path().write_text("+++\nthis is not TOML\n+++\n")
    answer = site.submit(mine)
    assert 409 == answer.status_code
    assert "My precious words." in words(answer)


def test_a_browser_that_was_left_open_invites_nobody(site: EditingSite) -> None:
    """Half an hour after the sign-in it has to be told once more who is there; what was typed stays."""
    site.clock.jump(NOW + timedelta(minutes=31))
    form = {FORM_FIELD: form_token(site.session), "name": "Cy Example", "role": "deputy", "lasts": "7d"}
    late = site.client.post("/invitations", data=form)
    assert (409, True) == (
        late.status_code,
        "This needs a sign-in of the last 30 minutes" in late.get_data(as_text=True),
    )
    assert 'value="Cy Example"' in late.get_data(as_text=True)


# -- who wrote it ---------------------------------------------------------------------------------------


def test_who_changed_the_text_here_is_not_the_only_one_who_approves_it(tmp_path: Path) -> None:
    """Where authors must not be alone. The author in the file stays who it is."""
    site = EditingSite(tmp_path, policy="approvals = 2\n")
    assert 303 == site.save(author="Cy Example").status_code
    site.save(post="Other words for the post.")
    assert "Cy Example" == site.opened()["f.author"]
    site.desk().approve([ITEM], person=ADA, role="coordinator")
    message = site.desk().rehearsal.message(ITEM, "x")
    assert message is not None
    assert ["1 of 2 approvals", f"only {ADA}, who changed its text, has approved it"] == [
        m.words for m in rehearse(site.project, CAMPAIGN, SEASON, ledger=site.ledger).missing(message)
    ]
    site.desk().approve([ITEM], person=BEN, role=FACTS)
    assert () == rehearse(site.project, CAMPAIGN, SEASON, ledger=site.ledger).missing(message)
    site.ledger.close()


def test_an_item_without_a_day_can_be_changed_and_looked_at(site: EditingSite) -> None:
    """As on the first day of the season, which the page says."""
    spare = next(i for i in site.desk().rehearsal.plan.campaign.items if site.desk().rehearsal.plan.of(i) is None)
    address = f"/items/{spare}/edit"
    page = site.submit({**site.opened(address), "f.title": "Quite new"}, "preview", address)
    assert 200 == page.status_code
    assert "No day of season 2027 has this item" in words(page)
    assert "Quite new" in words(page)
    assert "of 280" in words(page)
    assert address in site.client.get("/calendar/2027").get_data(as_text=True)
