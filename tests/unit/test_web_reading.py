"""``/r/TOKEN``: what an invited reviewer sees, may do, and may not; and what no link gives away."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scheduler.domain.campaign import Kind
from scheduler.domain.formatting import moment_words
from scheduler.domain.invitation import new_token
from scheduler.domain.season_key import SeasonKey
from scheduler.review.reviewer_queue import QueueStatus, ReviewerQueue
from scheduler.web.rehearsal_cache import FormsShown
from scheduler.wiring import unsubscribe_url
from tests.support.reading_site import BEN, CAMPAIGN, FACTS, FIRST, ITEMS, NOW, SEASON, SECOND, THIRD, ReadingSite

PLACES = ["", f"/items/{FIRST}", "/finish", "/claims"]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[ReadingSite]:
    made = ReadingSite(tmp_path)
    yield made
    made.close()


def dump(site: ReadingSite) -> list[str]:
    with sqlite3.connect(site.folder / "var" / "observance.db") as connection:
        lines = list(connection.iterdump())
    connection.close()
    return lines


def approvals(site: ReadingSite) -> list[tuple[str, str, str, str]]:
    return sorted(
        (a.item, a.channel, a.person, a.role) for a in site.ledger.approvals.of_season(SeasonKey(CAMPAIGN, SEASON)).all
    )


def reading(site: ReadingSite, link: str = "") -> ReviewerQueue:
    token = (link or site.link).rpartition("/")[2]
    invitation = site.ledger.invitations.find(token, now=site.clock.now())
    assert invitation is not None
    return ReviewerQueue(site.desk().rehearsal_now(), site.ledger, invitation, now=site.clock.now())


def stand(site: ReadingSite, item: str, link: str = "") -> QueueStatus:
    one = reading(site, link).of(item)
    assert one is not None
    return one.stand


# -- who gets in ----------------------------------------------------------------------------------------


def test_every_link_that_is_not_good_looks_alike(site: ReadingSite, tmp_path: Path) -> None:
    """Unknown, cut off, expired, revoked, made for something else: one status, one body, the same headers."""
    expired = site.invite("Cara", FACTS, lasts=timedelta(hours=1))
    revoked = site.invite("Dan", FACTS)
    site.desk().revoke("Dan", by="Ada")
    site.clock.advance(timedelta(hours=1))
    leaving = unsubscribe_url(site.project, CAMPAIGN)("0" * 32).rpartition("/")[2]
    bad = [expired, revoked, f"/r/{new_token()}", site.link[:-1], f"/r/{leaving}", "/r/x", "/r/%F0%9F%99%82"]
    told = set()
    for link in bad:
        for place in PLACES:
            for answer in (site.get(place, link=link), site.client.post(link + place, data={"act": "approve"})):
                if answer.status_code != 405:  # there is no form at /finish, whoever asks
                    headers = sorted((k, v) for k, v in answer.headers if k not in ("Date", "Content-Length"))
                    told.add((answer.status_code, answer.text, str(headers)))
    ((status, text, _),) = told
    assert 404 == status
    assert "This link does not work" in text
    assert 200 == site.get().status_code, "a good one does"


def test_a_link_that_ends_while_somebody_writes_gives_the_words_back(site: ReadingSite) -> None:
    """As any bad link does; not what another site's page has sent."""
    seen = site.seen(FIRST)
    site.desk().revoke(BEN, by="Ada")
    for link in (site.link, f"/r/{new_token()}"):
        answer = site.act(FIRST, "comment", "年は<b>?", seen=seen, link=link)
        assert 404 == answer.status_code
        assert "年は&lt;b&gt;?</textarea>" in answer.text
    foreign = site.client.post(
        f"{site.link}/items/{FIRST}", data={"act": "comment", "words": "Buy!"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert "Buy!" not in foreign.text


def test_a_link_of_a_campaign_that_is_gone_is_as_one_that_never_was(site: ReadingSite) -> None:
    """Nobody learns from a link that a campaign was here."""
    token = site.ledger.invitations.add(
        SeasonKey("gone", SEASON), BEN, FACTS, expires_at=NOW + timedelta(days=1), who="Ada", now=NOW
    )
    assert site.get(link=f"/r/{token}").text == site.get(link="/r/x").text


def test_reading_changes_nothing(site: ReadingSite) -> None:
    """A program that follows each link on each page leaves the ledger byte for byte as it was."""
    before = dump(site)
    waiting, met = [site.link], set()
    while waiting:
        path = waiting.pop()
        met.add(path)
        answer = site.client.get(path)
        assert 200 == answer.status_code, path
        site.client.head(path)
        found = {a.partition("#")[0] for a in re.findall(r'href="(/r/[^"]*)"', answer.text.replace("&amp;", "&"))}
        waiting += sorted(found - met - set(waiting) - {""})
    assert len(met) >= len(PLACES) + len(ITEMS) - 1
    assert before == dump(site)


def test_the_look_is_noted_by_the_first_form(site: ReadingSite) -> None:
    """Whoever presses "Start reading" is there; that is no line of the history."""
    assert "invited" == site.desk().invitations()[0].state(NOW)
    before = site.history()
    answer = site.client.post(site.link)
    assert (303, f"{site.link}/items/{FIRST}") == (answer.status_code, answer.headers["Location"])
    assert "has looked" == site.desk().invitations()[0].state(NOW)
    assert before == site.history()


@pytest.mark.parametrize("place", PLACES)
def test_a_page_is_kept_from_others(site: ReadingSite, place: str) -> None:
    """Not kept, not indexed, not framed, not told to anybody, no cookie; no style but those that are named."""
    answer = site.get(place)
    assert "no-store" == answer.headers["Cache-Control"]
    assert "noindex, nofollow, noarchive" == answer.headers["X-Robots-Tag"]
    assert "no-referrer" == answer.headers["Referrer-Policy"]
    assert "Set-Cookie" not in answer.headers
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    allowed = set(re.findall(r"'sha256-([^']+)'", policy))
    styles = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert allowed == {base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in styles}
    assert not re.search(r"<[^>]*\sstyle=", answer.text)
    assert "<script" not in answer.text


def test_the_pages_stand_under_a_path_too(site: ReadingSite) -> None:
    """Where the public address has a path, every link and form keeps it."""
    answer = site.client.get(f"{site.link}/items/{FIRST}", base_url="http://localhost/news")
    inner = re.findall(r'(?:href|action)="(/[^"]*)"', answer.text)
    assert 4 == len(inner)
    assert all(address.startswith(f"/news{site.link}") for address in inner)


# -- what there is to read --------------------------------------------------------------------------------


def test_the_first_page_says_what_is_asked_of_whom(site: ReadingSite) -> None:
    """Name, role, what the role looks at, how far they are, and a link to each item of the season; nothing else's."""
    text = site.get().text
    assert "Ben Example" in text
    assert "<b>fact reviewer</b>: claims and quotations" in text
    assert "<b>0 of 5</b> items read by you; 5 wait for you." in text
    listed = text.partition("All items")[2]
    assert [f"{site.link}/items/{item}" for item in ITEMS] == re.findall(rf'href="({site.link}/items/[^"]+)"', listed)


def test_only_items_of_the_season_can_be_read(site: ReadingSite) -> None:
    """An item that waits in the pool is nobody's to approve, and neither is one that does not exist."""
    for item in ("quiet-day", "no-such-item"):
        assert 404 == site.get(f"/items/{item}").status_code
        assert 404 == site.client.post(f"{site.link}/items/{item}", data={"act": "approve"}).status_code
    assert [] == approvals(site)


def test_an_item_is_shown_whole(site: ReadingSite) -> None:
    """Post, mail in its views, claims with their sources, and what has been said; no code and no file."""
    site.desk().comment(FIRST, person="Cara", role="safety-reviewer", text="Is <b>this</b> & that right?")
    text = site.item(FIRST)
    assert "3.5 million people are held for a debt" in text
    assert 3 == text.count('<template shadowrootmode="open">')
    assert "Bondage Report" in text
    assert "<code" not in text
    assert ".toml" not in text
    assert "Is &lt;b&gt;this&lt;/b&gt; &amp; that right?" in text
    assert "safety reviewer" in text


# -- the three acts ---------------------------------------------------------------------------------------


def test_a_yes_is_for_what_was_shown_and_leads_on(site: ReadingSite) -> None:
    """Both channels of the item, in the reader's name and role; then the next item, which says so."""
    answer = site.act(FIRST, "approve", "Checked.")
    assert 303 == answer.status_code
    assert [(FIRST, "email", BEN, FACTS), (FIRST, "x", BEN, FACTS)] == approvals(site)
    assert answer.headers["Location"].endswith(f"{site.link}/items/{SECOND}")
    following = site.client.get(answer.headers["Location"]).text
    assert "You approved “How many people are held for a debt”." in following
    assert "<b>1 of 5</b> reviewed</span> <span>4 left for you</span>" in following
    text = site.item(FIRST)
    assert "You have approved exactly this form." in text
    assert 'value="approve"' not in text
    assert 1 == text.count("Checked.")


def test_nothing_is_approved_that_was_not_seen(site: ReadingSite) -> None:
    """It changed meanwhile: nothing happens, the change is shown, and what was typed is still there."""
    seen = site.seen(FIRST)
    site.edit(FIRST, "A debt is not a contract.", "A debt is no contract.")
    for act in ("approve", "changes"):
        answer = site.act(FIRST, act, "My long <thought>", seen=seen)
        assert 409 == answer.status_code
        assert "It changed while you were reading. Nothing was decided." in answer.text
        assert "What changed while you were reading" in answer.text
        assert re.search(r"<del>.*not a.*</del>", answer.text)
        assert "My long &lt;thought&gt;" in answer.text
        assert set(site.seen(FIRST).items()) <= set(re.findall(r'name="(seen\.[^"]+)" value="([^"]+)"', answer.text))
    assert [] == approvals(site)
    assert not site.ledger.change_requests.of_season(SeasonKey(CAMPAIGN, SEASON))
    assert 303 == site.act(FIRST, "approve").status_code, "the new form can be approved"


def test_a_message_that_was_not_shown_is_not_approved(site: ReadingSite) -> None:
    """A form that names one channel, another digest, or a channel that is none: nothing of the item is approved."""
    seen = site.seen(FIRST)
    for wrong in (
        {"seen.x": seen["seen.x"]},
        {**seen, "seen.email": seen["seen.x"]},
        {**seen, "seen.fax": seen["seen.x"]},
    ):
        assert 409 == site.act(FIRST, "approve", seen=wrong).status_code
    assert [] == approvals(site)


def test_a_form_without_what_was_seen_is_no_form(site: ReadingSite) -> None:
    """As is one without an act, or with an unknown one."""
    assert 400 == site.act(FIRST, "approve", seen={}).status_code
    assert 400 == site.act(FIRST, "").status_code
    assert 400 == site.act(FIRST, "erase").status_code
    assert [] == approvals(site)


def test_after_a_restart_a_change_is_told_without_its_words(site: ReadingSite) -> None:
    """The forms that were shown are remembered in the process; without them nothing is approved all the same."""
    seen = site.seen(FIRST)
    site.edit(FIRST, "A debt is not a contract.", "A debt is no contract.")
    from scheduler.web.app import make_app

    site.client = make_app(site.project, site.ledger).test_client()
    answer = site.act(FIRST, "approve", "Still here", seen=seen)
    assert 409 == answer.status_code
    assert "Still here" in answer.text
    assert [] == approvals(site)


def test_asking_for_changes_needs_words(site: ReadingSite) -> None:
    """Without them nothing happens, and the page says what is missing."""
    answer = site.act(FIRST, "changes", "   ")
    assert 422 == answer.status_code
    assert "That did not work: the comment is empty." in answer.text
    assert not site.ledger.change_requests.of_season(SeasonKey(CAMPAIGN, SEASON))


def test_asking_for_changes_stops_the_item(site: ReadingSite) -> None:
    """Each of its messages, with the words in the thread; an earlier yes is taken back; a later yes answers it."""
    site.act(FIRST, "approve")
    assert 303 == site.act(FIRST, "changes", "Say where the figure is from.").status_code
    assert {"x", "email"} == {r.channel for r in site.ledger.change_requests.of_season(SeasonKey(CAMPAIGN, SEASON))}
    assert [] == approvals(site)
    text = site.item(FIRST)
    assert "Say where the figure is from." in text
    assert "asking for changes" in text
    assert "you asked for changes" in text
    site.act(FIRST, "approve")
    assert not site.ledger.change_requests.of_season(SeasonKey(CAMPAIGN, SEASON))
    assert 2 == len(approvals(site))


def test_a_comment_stays_with_the_item(site: ReadingSite) -> None:
    """It decides nothing, may answer another one, and shows where it was written."""
    first = site.desk().comment(FIRST, person="Cara", role="safety-reviewer", text="Who says so?")
    page = site.get(f"/items/{FIRST}?answers={first.id}").text
    assert f'name="answers" value="{first.id}"' in page
    answer = site.act(FIRST, "comment", "The institute.", answers=str(first.id))
    assert answer.headers["Location"].endswith(f"/items/{FIRST}#said")
    assert "Your comment was added to" in site.get(f"/items/{FIRST}").text
    thread = site.desk().comments(FIRST)[FIRST]
    assert [(0, "Who says so?"), (1, "The institute.")] == [(depth, c.text) for depth, c in thread]
    assert [] == approvals(site)
    assert 422 == site.act(FIRST, "comment", "x", answers="999").status_code
    for strange in ("9" * 19, "9" * 5000, "²", "-1"):
        assert 303 == site.act(FIRST, "comment", f"Words {strange[-2:]}", answers=strange).status_code
    assert 422 == site.act(SECOND, "comment", "x", answers=str(first.id)).status_code, "of another item"


def test_a_long_comment_is_taken_and_an_endless_one_is_not(site: ReadingSite) -> None:
    """10,000 characters of any alphabet; more is told, and what was typed is there; far more is refused unread."""
    longest = "語" * 10_000
    assert 303 == site.act(FIRST, "comment", longest).status_code
    answer = site.act(FIRST, "comment", "a" * 10_001)
    assert 422 == answer.status_code
    assert "a" * 10_001 in answer.text
    assert 413 == site.act(FIRST, "comment", "a" * 200_000).status_code


def test_after_its_time_nothing_can_be_decided(site: ReadingSite) -> None:
    """The day is over: no buttons; an old form does nothing; a comment is still a comment."""
    site.link = site.invite(BEN, FACTS, lasts=timedelta(days=60))
    seen, week = site.seen(FIRST), week_form(site)
    site.clock.advance(datetime(2027, 1, 6, 12, tzinfo=UTC) - site.clock.now())
    text = site.item(FIRST)
    assert 'value="approve"' not in text
    assert "Its time has passed" in text
    refused = [site.act(FIRST, "approve", seen=seen)]
    refused += [site.client.post(f"{site.link}/weeks/{n}", data={**week, "act": "approve"}) for n in (1, 99)]
    for answer in refused:
        assert (422, True) == (answer.status_code, "has passed, and nothing can be decided about it" in answer.text)
    assert "Nothing of this week waits for you." in refused[-1].text
    assert "Below stands what waits now." not in refused[-1].text
    assert [] == approvals(site)
    assert 303 == site.act(FIRST, "comment", "Next year.").status_code


# -- roles and other sites --------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["approve", "changes"])
def test_a_viewer_reads_and_comments(site: ReadingSite, act: str) -> None:
    """The board's viewer sees no button to decide with, and a form that decides is refused."""
    link = site.invite("Board", "board-viewer")
    text = site.item(FIRST, link=link)
    assert 'value="comment"' in text
    assert f'value="{act}"' not in text
    assert 403 == site.act(FIRST, act, "no", link=link).status_code
    assert 403 == site.client.post(f"{link}/claims", data={"sign": "claim held-2025 0"}).status_code
    assert [] == approvals(site)
    assert not site.ledger.change_requests.of_season(SeasonKey(CAMPAIGN, SEASON))
    assert 303 == site.act(FIRST, "comment", "Well done.", link=link).status_code
    for place in PLACES:
        assert 200 == site.get(place, link=link).status_code


def test_a_role_that_is_no_more_only_reads(site: ReadingSite) -> None:
    """The policy had it when the link was made."""
    token = site.ledger.invitations.add(
        SeasonKey(CAMPAIGN, SEASON), "Eve", "legal-reviewer", expires_at=NOW + timedelta(days=1), who="Ada", now=NOW
    )
    link = f"/r/{token}"
    assert "<textarea" not in site.item(FIRST, link=link)
    for act in ("approve", "changes", "comment"):
        assert 403 == site.act(FIRST, act, "x", link=link).status_code


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "https://elsewhere.test"}, 403),
        ({"Origin": "https://news.safe-week.test.elsewhere.test"}, 403),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "https://news.safe-week.test"}, 303),
        ({"Origin": "http://localhost"}, 303),
        ({}, 303),
    ],
    ids=str,
)
def test_a_form_comes_from_our_own_page(site: ReadingSite, headers: dict[str, str], status: int) -> None:
    """Even somebody who knew a link could not have it used by another site's page."""
    data = {**site.seen(FIRST), "act": "approve"}
    before = dump(site)
    answer = site.client.post(f"{site.link}/items/{FIRST}", data=data, headers=headers)
    assert status == answer.status_code
    assert (status == 403) == (before == dump(site))


def test_each_signs_in_their_own_name(site: ReadingSite) -> None:
    """Nothing in a form says who acts: the link does."""
    cara = site.invite("Cara Example", "safety-reviewer")
    site.act(FIRST, "approve", link=cara, person=BEN, role="coordinator")
    assert {("Cara Example", "safety-reviewer")} == {(who, role) for _, _, who, role in approvals(site)}
    assert "approved by you" not in site.get().text


# -- where one stands -------------------------------------------------------------------------------------


def test_one_is_led_through_all_that_waits(site: ReadingSite) -> None:
    """From the middle on to the end, then from the beginning; at last the page that says thanks."""
    way, item = [], THIRD
    for _ in ITEMS:
        place = site.act(item, "approve").headers["Location"].partition("?")[0]
        item = place.rpartition("/")[2]
        way.append(item)
    assert [*ITEMS[3:], *ITEMS[:2], "finish"] == way
    text = site.get("/finish").text
    assert "Thank you" in text
    assert "Approved by you: 5" in text
    assert "Open: 0" in text


def test_what_others_have_settled_does_not_wait(tmp_path: Path) -> None:
    """One yes is enough by this policy, but a fact reviewer has to see what quotes somebody."""
    site = ReadingSite(tmp_path, policy='[[rule]]\nwhen = "quotation"\nroles = ["fact-reviewer"]\n')
    try:
        site.desk().approve(None, person="Ada", role="coordinator")
        waits = reading(site).at(QueueStatus.WAITS)
        assert ["in-her-words"] == [one.item for one in waits]
        assert "1 waits for you" in site.get().text
        assert "nothing needed from you" in site.get().text
    finally:
        site.close()


def test_one_who_has_two_roles_says_yes_in_each(tmp_path: Path) -> None:
    """A yes as fact reviewer is none as safety reviewer: the item waits for them again, with a button, and for the
    second role the reminder counts it. After that yes it waits no more, also when it came too late to count."""
    rule = 'late_approvals = false\n[[rule]]\nwhen = "claim"\nroles = ["fact-reviewer", "safety-reviewer"]\n'
    site = ReadingSite(tmp_path, policy=rule)
    try:
        site.act(FIRST, "approve")
        assert QueueStatus.APPROVED is stand(site, FIRST)
        link = site.invite(BEN, "safety-reviewer", lasts=timedelta(days=90))
        assert QueueStatus.WAITS is stand(site, FIRST, link)
        (ben,) = site.desk().how_it_stands().by_person
        assert FIRST in {m.item for m in ben.waits}
        assert "Approve this" in site.item(FIRST, link=link)
        site.act(FIRST, "approve", link=link)
        assert QueueStatus.APPROVED is stand(site, FIRST, link)
        assert [] == [m for m in site.desk().how_it_stands().lacking if m.message.item == FIRST]
        due_at = max(m.due_at for m in site.desk().messages([SECOND]))
        site.clock.jump(due_at + timedelta(minutes=1))
        site.act(SECOND, "approve", link=link)
        assert QueueStatus.APPROVED is stand(site, SECOND, link)
    finally:
        site.close()


def test_the_change_is_told_from_ones_own_last_word(site: ReadingSite) -> None:
    """Not from that of somebody who read a later form."""
    site.act(FIRST, "approve")
    site.edit(FIRST, "A debt is not a contract.", "A debt is no contract.")
    site.desk().approve([FIRST], person="Ada", role="coordinator")
    site.edit(FIRST, "A debt is no contract.", "Debts are no contracts.")
    since = reading(site).since(FIRST)
    assert {"What changed since you approved it"} == {s.words for s in since.values()}
    (text,) = [c for c in since["x"].difference if c.field == "text"]
    assert "is not a" in "".join(p.words for p in text.pieces if p.mark == "removed")
    page = site.item(FIRST)
    assert "What changed since you approved it" in page
    assert "changed since you spoke of it" in page


def test_one_who_asked_for_changes_sees_what_became_of_it(site: ReadingSite) -> None:
    """The change since the form that they wanted changed."""
    site.act(FIRST, "changes", "Shorter, please.")
    site.edit(FIRST, " A debt is not a contract.", "")
    assert "What changed since you asked for changes" in site.item(FIRST)


def test_who_has_not_spoken_yet_sees_no_change_of_their_own(site: ReadingSite) -> None:
    """There is no form that they know."""
    assert {} == reading(site).since(FIRST)
    assert "you approved it" not in site.item(FIRST)


def test_forms_that_were_shown_are_forgotten_in_turn(site: ReadingSite) -> None:
    """The memory has an end; the newest stay, and a digest of another channel finds nothing."""
    messages = site.desk().rehearsal.messages[:3]
    forms = FormsShown(most=2)
    forms.remember(messages)
    kept = [bool(forms.of({m.channel: m.digest})) for m in messages]
    assert [False, True, True] == kept
    other = "x" if messages[2].channel != "x" else "email"
    assert {} == forms.of({other: messages[2].digest})


# -- several at once --------------------------------------------------------------------------------------


def week_form(site: ReadingSite, week: int = 1) -> dict[str, list[str]]:
    text = site.get(f"/weeks/{week}").text
    return {
        "seen": re.findall(r'name="seen" value="([^"]+)"', text),
        "item": re.findall(r'name="item" value="([^"]+)" checked', text),
    }


def test_a_week_is_read_and_approved_at_once(site: ReadingSite) -> None:
    """Its words stand on the page; one form approves what is ticked, in the form that was shown; then it can be taken
    back. What somebody asked about wants a look of its own."""
    site.act(SECOND, "changes", "Shorter.")
    form = week_form(site)
    assert set(ITEMS) - {SECOND} == set(form["item"])
    left = [item for item in form["item"] if item != THIRD]
    answer = site.client.post(f"{site.link}/weeks/1", data={**form, "item": left, "act": "approve"})
    assert 303 == answer.status_code
    assert {(i, c, BEN, FACTS) for i in left for c in ("x", "email")} == set(approvals(site))
    finish = site.client.get(answer.headers["Location"]).text
    assert f"You approved {len(left)} items." in finish
    undo = {"act": "undo", "item": re.findall(r'type="hidden" name="item" value="([^"]+)"', finish)}
    assert left == undo["item"]
    with_another = {**undo, "item": [THIRD, *left]}  # of which there is nothing to take back: no reason for the others
    assert 303 == site.client.post(f"{site.link}/weeks/1", data=with_another).status_code
    assert f"You took back your approval of {len(left)} items." in site.get("/weeks/1").text
    assert [] == approvals(site)


def test_a_week_that_changed_meanwhile_is_not_approved(site: ReadingSite) -> None:
    """Not one item of it; nor is anything without a tick, or that was not shown."""
    form = week_form(site)
    site.edit(FIRST, "A debt is not a contract.", "A debt is no contract.")
    answer = site.client.post(f"{site.link}/weeks/1", data={**form, "act": "approve"})
    assert (409, True) == (answer.status_code, 'data-refusal="changed-meanwhile"' in answer.text)
    one_of_it = reading(site).of(FIRST)
    assert one_of_it
    told = html.unescape(answer.text).partition("<p><b>")[2].partition("</b>")[0]
    assert re.search(rf"{re.escape(one_of_it.title)}” \((?:X|Email)\)[^<]* changed while you were reading", told), told
    assert 422 == site.client.post(f"{site.link}/weeks/1", data={"act": "approve"}).status_code
    one = {"seen": form["seen"][2:4], "item": form["item"][:2], "act": "approve"}
    assert 400 == site.client.post(f"{site.link}/weeks/1", data=one).status_code
    assert [] == approvals(site)


def test_one_change_that_altered_many_in_the_same_way_takes_one_tap(site: ReadingSite) -> None:
    """A help line has other hours: each item that shows it waits again, and one form approves them all. An item that
    changed in another way besides is not among them."""
    for item in ITEMS:
        site.act(item, "approve")
    path = site.folder / "campaigns" / CAMPAIGN / "contacts.toml"
    text = path.read_text(encoding="utf-8")
    assert text.count('hours = "24 hours a day"')
    path.write_text(text.replace('hours = "24 hours a day"', 'hours = "24 hours, daily"'), encoding="utf-8")
    site.edit(FIRST, "A debt is not a contract.", "A debt is no contract.")
    (together,) = reading(site).alike
    alike = [one.item for one in together]
    assert FIRST not in alike
    assert len(alike) >= 2
    text = site.get().text
    assert f"{len(alike)} items changed in the same way" in text
    form = text.partition("changed in the same way")[2].partition("</form>")[0]
    fields = {name: re.findall(rf'name="{name}" value="([^"]+)"', form) for name in ("item", "seen")}
    assert alike == fields["item"]
    place = re.findall(r'<form method="post" action="([^"]+)"', form)[0]
    assert 303 == site.client.post(place, data={**fields, "act": "approve"}).status_code
    assert {QueueStatus.APPROVED} == {stand(site, item) for item in alike}
    assert QueueStatus.WAITS is stand(site, FIRST)


def test_what_is_refused_is_told_in_titles_and_no_page_shows_an_id(site: ReadingSite) -> None:
    """As words; in addresses and fields of forms they stay."""
    one = reading(site).of(FIRST)
    assert one
    for act in ("undo", "withdraw"):
        told = html.unescape(site.act(FIRST, act, "Mine.").text)
        assert f"“{one.title}”" in told.partition("That did not work: ")[2].partition("</b>")[0]
    kinds = "|".join(kind.value for kind in Kind)
    for page in (site.get("/claims").text, site.item(FIRST), site.get().text):
        assert not re.search(rf"<code>|</span>(?:{kinds})</span>", page)


# -- claims and help lines --------------------------------------------------------------------------------


def ticks(site: ReadingSite) -> dict[str, str]:
    """Record -> the value of its box."""
    values = re.findall(r'name="sign" value="([^"]+)"', site.get("/claims").text)
    return {value.split(" ")[1]: value for value in values}


def test_a_claim_is_signed_as_it_stands_by_who_opened_its_source(site: ReadingSite) -> None:
    """One by one, by the hash that was shown, in the reader's name and role."""
    boxes = ticks(site)
    assert {"held-2025", "held-1999", "made-up", "someone-known", "line-phone", "line-text"} <= set(boxes)
    assert "nobody-knows" not in boxes, "no message states it"
    for record in ("held-2025", "line-phone"):
        assert 422 == site.client.post(f"{site.link}/claims", data={"sign": boxes[record]}).status_code
        answer = site.client.post(f"{site.link}/claims", data={"sign": boxes[record], "opened": "yes"})
        assert answer.headers["Location"].partition("#")[0].endswith("/claims")
    signed = site.ledger.signatures.of_campaign(CAMPAIGN).all
    assert {("claim", "held-2025", BEN, FACTS, "link"), ("contact", "line-phone", BEN, FACTS, "link")} == {
        (s.subject, s.subject_id, s.person, s.role, s.via) for s in signed
    }
    assert ">✓</span> Signed.</p>" in site.get("/claims").text
    assert ">✓</span> Signed.</p>" not in site.get("/claims?signed=9").text
    assert "held-2025" not in ticks(site)


def test_a_record_that_changed_meanwhile_is_not_signed(site: ReadingSite) -> None:
    """What is there now is shown in its place; a form that names nothing is told of."""
    boxes = ticks(site)
    path = site.folder / "campaigns" / CAMPAIGN / "claims.toml"
    path.write_text(path.read_text().replace("p. 4", "p. 5"))
    for value in (boxes["held-2025"], "claim no-such 0", "claim", "", "fax line-phone 0"):
        answer = site.client.post(f"{site.link}/claims", data={"sign": value, "opened": "yes"})
        assert 409 == answer.status_code
        assert "nothing was signed" in answer.text
    assert () == site.ledger.signatures.of_campaign(CAMPAIGN).all
    assert boxes["held-2025"] not in answer.text


def test_the_first_page_says_by_when_what_waits_is_needed(site: ReadingSite) -> None:
    """The soonest first, at the campaign's place. What waits no more is not in it; what is late already says so."""
    need = reading(site).by_need
    assert [one.item for _, one in need] == ITEMS
    first = min(m.due_at for m in reading(site).items[0].messages)
    assert first == need[0][0]
    words = moment_words(first, "America/New_York")
    shown = site.get().text.partition("Needed first")[2].partition("</ol>")[0]
    assert shown.index(f"by {words}") < shown.index(f"/items/{SECOND}")
    site.act(FIRST, "approve")
    assert [one.item for _, one in reading(site).by_need] == ITEMS[1:]
    second = reading(site).by_need[0][0]
    site.clock.jump(second + timedelta(minutes=1))
    link = site.invite(BEN, FACTS)
    assert f"now: it was to go out {moment_words(second, 'America/New_York')}" in site.get(link=link).text
    for item in ITEMS[1:]:
        site.act(item, "approve", link=link)
    assert "Needed first" not in site.get(link=link).text
