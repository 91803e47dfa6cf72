"""The coordinator's pages: each act ends in the ledger under the person's name, or says at its form why it does not."""

from __future__ import annotations

import html
import re
import shutil
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from scheduler.content.codes import CODES
from scheduler.domain.delivery import State
from scheduler.domain.delivery_words import why
from scheduler.domain.finding import Finding, Severity, Where
from scheduler.domain.message import Message, PostBody
from scheduler.domain.packet_record import edition_hash
from scheduler.domain.post_picture import PostPicture
from scheduler.domain.reason import HoldReason, ReasonCode, because
from scheduler.domain.reason import to_text as reasons_to_text
from scheduler.domain.records import SOMETHING_TERRIBLE, Wanted
from scheduler.domain.role import form_token
from scheduler.domain.season_key import SeasonKey
from scheduler.engine.heartbeat import this_process
from scheduler.review.causes import causes_of
from scheduler.review.message_state import state_of_message
from scheduler.review.report_files import report_html
from scheduler.services import holds
from scheduler.services.context import Actor, Context
from scheduler.services.doctor import examine_project
from scheduler.services.report import report_on
from scheduler.services.seasons import plan_season, read_campaign, rehearse, season_of
from scheduler.services.senders import who_sends
from scheduler.services.status import season_status
from scheduler.web.outlook_cache import GOOD_FOR
from scheduler.web.security.guard import COOKIE, FORM_FIELD
from scheduler.web.staff import deliveries
from scheduler.web.staff.form_actions import FLASH_MESSAGES
from scheduler.web.staff.history import WORDS
from scheduler.wiring import whereabouts_of
from tests.support.networks import ALT, CARD, with_picture
from tests.support.review_desk import desk_of
from tests.support.web_factory import PUBLIC_URL
from tests.support.world import a_post
from tests.unit.test_roles_routes import CAMPAIGN, House

PROGRAM = Path(__file__).parents[2] / "scheduler"

ITEM = "why-january"
ADA = "Person coordinator"


class Desk(House):
    """A house, a coordinator in it, and the forms as their browser would send them."""

    def __init__(self, folder: Path, *, ledger_url: str = "") -> None:
        super().__init__(folder, ledger_url=ledger_url)
        self.clock.jump(datetime(2026, 12, 28, 15, tzinfo=UTC))
        self.token = self.session("coordinator")
        self.browser = self.app.test_client()
        self.browser.set_cookie(COOKIE, self.token)

    def get(self, path: str) -> str:
        answer = self.browser.get(path)
        assert 200 == answer.status_code, path
        return answer.get_data(as_text=True)

    def post(self, path: str, **form: Any) -> TestResponse:
        return self.browser.post(path, data={FORM_FIELD: form_token(self.token), **form})

    def later(self, at: datetime) -> None:
        """Another time, and a sign-in that is good then."""
        self.clock.jump(at)
        self.token = self.session("coordinator")
        self.browser.set_cookie(COOKIE, self.token)

    def as_(self, role: str) -> tuple[FlaskClient, dict[str, str]]:
        token = self.session(role)
        client = self.app.test_client()
        client.set_cookie(COOKIE, token)
        return client, {FORM_FIELD: form_token(token)}

    def said(self, *kinds: str) -> list[tuple[str, str]]:
        return [(e.kind, e.who) for e in self.ledger.events.of_kinds(*kinds)]

    def seen(self, path: str) -> list[str]:
        return re.findall(r'name="seen" value="([^"]*)"', self.get(path))

    def plan(self) -> None:
        """The ledger as `start` fills it."""
        messages = rehearse(self.project, CAMPAIGN, 2027, ledger=self.ledger).everything
        wanted = [Wanted(m.item, m.channel, _kind(m), m.on, m.due_at, m.expires_at) for m in messages]
        self.ledger.deliveries.follow_plan("live", SeasonKey(CAMPAIGN, 2027), wanted, now=self.clock.now())

    def delivery(self, item: str = ITEM, channel: str = "x"):
        found = self.ledger.deliveries.of_season("live", SeasonKey(CAMPAIGN, 2027))
        return next(d for d in found if (d.item, d.channel) == (item, channel))


def _kind(message: Message) -> str:
    return "post" if isinstance(message.body, PostBody) else "email"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.close()


def words(answer: TestResponse) -> str:
    return html.unescape(answer.get_data(as_text=True))


# -- items ----------------------------------------------------------------------------------------------


def test_what_is_approved_is_what_was_on_the_page(desk: Desk) -> None:
    """The digests come along; both messages, or the one that is ticked; under the person's name and role."""
    both = desk.seen(f"/items/{ITEM}")
    assert {"x", "email"} == {value.partition(":")[0] for value in both}
    only_x = [value for value in both if value.startswith("x:")]
    answer = desk.post(f"/items/{ITEM}/approve", seen=only_x, comment="Good.")
    assert (303, f"/items/{ITEM}") == (answer.status_code, answer.headers["Location"])
    (given,) = desk.ledger.approvals.of_season(SeasonKey(CAMPAIGN, 2027)).all
    assert ("x", only_x[0].partition(":")[2], ADA, "coordinator") == (
        given.channel,
        given.digest,
        given.person,
        given.role,
    )
    assert "Approved." in desk.get(f"/items/{ITEM}")
    desk.post(f"/items/{ITEM}/approve", seen=both)
    assert "Approved." in desk.get(f"/items/{ITEM}")
    desk.post(f"/items/{ITEM}/approve", seen=both)
    assert "You had approved exactly this before." in desk.get(f"/items/{ITEM}")


def test_a_page_says_that_something_was_done_once_and_only_after_it_was_done(desk: Desk) -> None:
    """No address makes it say so, nor a cookie of one's own making, nor another page, nor a second look."""
    for word in FLASH_MESSAGES:
        for address in (f"/items/{ITEM}", "/holds", "/deliveries", "/calendar/2027", "/claims", "/you", "/"):
            assert 'class="done"' not in desk.get(f"{address}?done={word}"), (address, word)
    desk.browser.set_cookie("observance-flash", "eyJmbGFzaCI6WyIvaG9sZHMiLCJoZWxkIl19.AAAA.AAAA")
    assert 'class="done"' not in desk.get("/holds")
    desk.post(f"/items/{ITEM}/approve", seen=desk.seen(f"/items/{ITEM}"))
    assert 'class="done"' in desk.get(f"/items/{ITEM}")
    assert 'class="done"' not in desk.get(f"/items/{ITEM}")
    desk.post(f"/items/{ITEM}/approve", seen=desk.seen(f"/items/{ITEM}"))
    assert 'class="done"' not in desk.get("/holds")
    assert 'class="done"' not in desk.get(f"/items/{ITEM}")


def test_what_has_gone_is_not_offered_for_approval(desk: Desk) -> None:
    """One message that is still to go is ticked alone; when none is, there is a comment and no more."""
    desk.plan()
    desk.post(f"/items/{ITEM}/skip", delivery=str(desk.delivery().id), reason="x")
    page = desk.get(f"/items/{ITEM}")
    ticked = re.findall(r'name="seen" value="(\w+):[0-9a-f]+" id="seen-\d"( checked)?', page)
    assert [("x", ""), ("email", " checked")] == ticked
    desk.post(f"/items/{ITEM}/skip", delivery=str(desk.delivery(channel="email").id), reason="x")
    page = desk.get(f"/items/{ITEM}")
    assert ("Approve exactly this" in page, "Comment only" in page) == (False, True)


def test_a_text_that_changed_under_ones_eyes_is_not_approved(desk: Desk) -> None:
    """The page says so, keeps what was typed, and shows the new form."""
    both = desk.seen(f"/items/{ITEM}")
    file = desk.project.root / "campaigns" / CAMPAIGN / "items" / "01-why-january.md"
    file.write_text(file.read_text(encoding="utf-8").replace("January", "This month", 3), encoding="utf-8")
    answer = desk.post(f"/items/{ITEM}/approve", seen=both, comment="It reads <well> now.")
    assert 409 == answer.status_code
    assert "changed while you were reading; nothing was approved" in words(answer)
    assert "It reads &lt;well&gt; now." in answer.get_data(as_text=True)
    assert () == desk.ledger.approvals.of_season(SeasonKey(CAMPAIGN, 2027)).all
    assert set(desk.seen(f"/items/{ITEM}")) != set(both)
    answer = desk.post(f"/items/{ITEM}/request-changes", seen=both, comment="Shorter, please.")
    assert (409, True) == (answer.status_code, "nothing was asked for" in words(answer))
    assert "Shorter, please.</textarea>" in words(answer)
    assert () == desk.ledger.change_requests.of_season(SeasonKey(CAMPAIGN, 2027))


def test_changes_are_asked_for_with_a_reason_and_taken_back_or_settled(desk: Desk) -> None:
    """Without words nothing is asked; a coordinator settles what a reviewer asked for."""
    both = desk.seen(f"/items/{ITEM}")
    empty = desk.post(f"/items/{ITEM}/request-changes", seen=both, comment="  ")
    assert (409, True) == (empty.status_code, "The comment is empty" in words(empty))
    assert "--comment" not in words(empty)
    assert 303 == desk.post(f"/items/{ITEM}/request-changes", seen=both, comment="Shorter, please.").status_code
    assert 2 == len(desk.ledger.change_requests.of_season(SeasonKey(CAMPAIGN, 2027)))
    assert "Shorter, please." in desk.get(f"/items/{ITEM}")
    desk.post(f"/items/{ITEM}/withdraw-request")
    assert () == desk.ledger.change_requests.of_season(SeasonKey(CAMPAIGN, 2027))
    client, form = desk.as_("fact-reviewer")
    client.post(f"/items/{ITEM}/request-changes", data={**form, "seen": both[:1], "comment": "Which year?"})
    refused = client.post(f"/items/{ITEM}/settle-requests", data={**form, "reason": "x"})
    assert (409, True) == (refused.status_code, "cannot settle another person's request" in words(refused))
    assert 303 == desk.post(f"/items/{ITEM}/settle-requests", reason="The year is there now.").status_code
    assert () == desk.ledger.change_requests.of_season(SeasonKey(CAMPAIGN, 2027))
    assert ("changes.settled", ADA) in desk.said("changes.settled")


def test_comments_are_a_thread_and_stay_out_of_the_history(desk: Desk) -> None:
    """A board viewer may write one, too, and nothing else; markup is text."""
    client, form = desk.as_("board-viewer")
    assert (
        303 == client.post(f"/items/{ITEM}/comments", data={**form, "comment": "<script>x</script> Why?"}).status_code
    )
    (first,) = desk.ledger.comments.of_season(SeasonKey(CAMPAIGN, 2027))
    desk.post(f"/items/{ITEM}/comments", comment="Because.", answers=str(first.id))
    page = desk.get(f"/items/{ITEM}")
    assert "&lt;script&gt;x&lt;/script&gt; Why?" in page
    assert "<script" not in page
    assert 'class="depth-1"' in page
    assert [first.id] == [c.answers for c in desk.ledger.comments.of_season(SeasonKey(CAMPAIGN, 2027)) if c.answers]
    assert "Because." not in str([dict(e.data) for e in desk.ledger.events.newest()])
    assert "Approve exactly this" not in client.get(f"/items/{ITEM}").get_data(as_text=True)
    other = desk.post("/items/awareness-day/comments", comment="Here?", answers=str(first.id))
    assert 409 == other.status_code


def test_what_is_left_out_says_why_and_by_whom(desk: Desk) -> None:
    """Without a reason nothing is; what has gone cannot be left out any more."""
    desk.plan()
    one = desk.delivery()
    refused = desk.post(f"/items/{ITEM}/skip", delivery=str(one.id), reason=" ")
    assert (409, State.SCHEDULED) == (refused.status_code, desk.delivery().state)
    desk.post(f"/items/{ITEM}/skip", delivery=str(one.id), reason="The museum asked us to wait.")
    assert State.SKIPPED is desk.delivery().state
    assert f"skipped by {ADA}: The museum asked us to wait." == why(desk.delivery())
    assert State.SCHEDULED is desk.delivery(channel="email").state
    assert 409 == desk.post(f"/items/{ITEM}/skip", delivery=str(one.id), reason="again").status_code
    assert "left it out" in desk.get(f"/items/{ITEM}")


def test_an_item_of_another_item_is_not_skipped_by_its_number(desk: Desk) -> None:
    """A form about one item does nothing to another one."""
    desk.plan()
    other = desk.delivery("awareness-day")
    assert 409 == desk.post(f"/items/{ITEM}/skip", delivery=str(other.id), reason="x").status_code
    assert State.SCHEDULED is desk.delivery("awareness-day").state


def test_a_day_leads_to_its_item(desk: Desk) -> None:
    """So that a link can be made of a date."""
    assert f"/items/{ITEM}" == desk.browser.get("/items/2027-01-01").headers["Location"]
    assert 404 == desk.browser.get("/items/2027-03-01").status_code


@pytest.mark.parametrize(
    "path", ["/items/nothing-of-that-name", "/items/%3Cscript%3E", "/calendar/1999", "/?campaign=none", "/?season=x"]
)
def test_what_is_not_there_is_not_found(desk: Desk, path: str) -> None:
    """In the pages' own words, and with a way back."""
    answer = desk.browser.get(path)
    assert (404, True) == (answer.status_code, "There is no such page" in words(answer))
    assert "<script" not in answer.get_data(as_text=True)


# -- weeks ----------------------------------------------------------------------------------------------


def week_form(desk: Desk, week: int) -> str | None:
    found = re.search(
        rf'weeks/{week}/approve.*?name="fingerprint" value="([^"]*)"', desk.get("/calendar/2027"), re.DOTALL
    )
    return found[1] if found else None


def test_a_week_with_something_to_look_at_is_approved_day_by_day(desk: Desk) -> None:
    """No button, and a form that is sent all the same is refused with the reasons."""
    assert None is week_form(desk, 1)
    fingerprint = edition_hash(desk_of(desk.project, desk.ledger, CAMPAIGN, 2027).week(1))
    answer = desk.post("/calendar/2027/weeks/1/approve", fingerprint=fingerprint)
    assert (409, True) == (answer.status_code, "Week 1 was not approved" in words(answer))
    assert () == desk.ledger.approvals.of_season(SeasonKey(CAMPAIGN, 2027)).all


def test_a_quiet_week_is_approved_in_one_go_as_it_was_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """With nothing found against it; a change in between voids the form."""
    monkeypatch.setattr("scheduler.services.context.SeasonContext.findings_of", lambda *_: [])
    fingerprint = week_form(desk, 1)
    stale = desk.post("/calendar/2027/weeks/1/approve", fingerprint="0" * 64)
    assert (409, True) == (stale.status_code, "changed while you were reading" in words(stale))
    assert () == desk.ledger.approvals.of_season(SeasonKey(CAMPAIGN, 2027)).all
    answer = desk.post("/calendar/2027/weeks/1/approve", fingerprint=fingerprint)
    assert (303, "/calendar/2027#week-1") == (answer.status_code, answer.headers["Location"])
    given = desk.ledger.approvals.of_season(SeasonKey(CAMPAIGN, 2027)).all
    assert {"why-january", "digest-frame"} <= {a.item for a in given}
    assert not [a.item for a in given if a.item.startswith("digest-2")]  # they are made of what was approved
    assert {ADA} == {a.person for a in given}


def test_the_frame_of_the_digests_shows_a_subject_and_no_pattern(desk: Desk) -> None:
    """That of the first digest, in the inbox; the pattern is told of once, beside it."""
    page = desk.get("/items/digest-frame")
    inbox = page.partition('<div class="inbox">')[2].partition("</div>")[0]
    assert "<b>January 1: Why January, and what you&#39;ll get</b>" in inbox
    assert 1 == page.count("{dates}")


def test_what_one_change_altered_alike_is_approved_with_one_act(desk: Desk) -> None:
    """A help line has other hours: the first page counts what it concerns, and approves it by its digests; a digest of
    before approves nothing."""
    desk_of(desk.project, desk.ledger, CAMPAIGN, 2027).approve(None, person=ADA, role="coordinator")
    assert "changed in the same way" not in desk.get("/")
    path = desk.project.root / "campaigns" / CAMPAIGN / "contacts.toml"
    text = path.read_text(encoding="utf-8")
    hours = 'hours = "24 hours a day, every day"'
    assert hours in text
    path.write_text(text.replace(hours, 'hours = "day and night, every day"'), encoding="utf-8")
    shown = desk.get("/").partition("changed in the same way")
    assert shown[1]
    box = shown[2].partition('<ul class="needs">')[0]
    assert box.count("Approve all ") == box.count('<article class="changes"><h3>Email</h3>')
    assert "day and night" in box.casefold()
    concerned = set(re.findall(r'name="seen" value="(\S+)', desk.get("/")))
    assert concerned == set(re.findall(r'href="[^"]*/items/([^"?]+)', box))
    before = len(desk.ledger.approvals.of_season(SeasonKey(CAMPAIGN, 2027)).all)
    seen = re.findall(r'name="seen" value="([^"]*)"', desk.get("/"))
    stale = desk.post("/approve-alike", seen=[value[:-64] + "0" * 64 for value in seen])
    assert (409, True) == (stale.status_code, "changed while you were reading" in words(stale))
    assert 409 == desk.post("/approve-alike", seen=["x", "x y"]).status_code
    answer = desk.post("/approve-alike", seen=seen)
    assert (303, "/") == (answer.status_code, answer.headers["Location"])
    assert before + len(seen) == len(desk.ledger.approvals.of_season(SeasonKey(CAMPAIGN, 2027)).all)
    assert "changed in the same way" not in desk.get("/").replace("Approved, all alike", "")


# -- claims and help lines ------------------------------------------------------------------------------


@pytest.mark.parametrize(("subject", "kind"), [("claims", "claim"), ("contacts", "contact")])
def test_a_record_is_signed_as_it_was_on_the_page(desk: Desk, subject: str, kind: str) -> None:
    """By its hash: a record that changed since is not signed."""
    found = re.search(
        rf'/{subject}/([\w-]+)/sign.*?name="seen" value="([0-9a-f]+)"', desk.get(f"/{subject}"), re.DOTALL
    )
    assert found is not None
    record, seen = found.groups()
    refused = desk.post(f"/{subject}/{record}/sign", seen="0" * 64)
    assert (409, True) == (refused.status_code, "nothing was signed" in words(refused))
    assert () == desk.ledger.signatures.of_campaign(CAMPAIGN).all
    unread = desk.post(f"/{subject}/{record}/sign", seen=seen)
    assert (409, True) == (unread.status_code, "says that its source was opened" in words(unread))
    assert 303 == desk.post(f"/{subject}/{record}/sign", seen=seen, opened="yes").status_code
    (made,) = desk.ledger.signatures.of_campaign(CAMPAIGN).all
    assert (kind, record, seen, ADA, "coordinator") == (
        made.subject,
        made.subject_id,
        made.record_hash,
        made.person,
        made.role,
    )
    assert f"/{subject}/{record}/sign" not in desk.get(f"/{subject}")


# -- deliveries -----------------------------------------------------------------------------------------


def in_doubt(desk: Desk) -> int:
    """A post whose call ended without an answer."""
    import sqlite3

    desk.plan()
    one = desk.delivery()
    desk.ledger.close()
    with sqlite3.connect(desk.file) as connection:
        connection.execute("UPDATE deliveries SET state = 'unknown', opened_at = due_at WHERE id = ?", (one.id,))
        connection.execute(
            "INSERT INTO batches (delivery_id, number, size, state, send_id, not_before_at) "
            "SELECT id, 1, 1, 'unknown', 'send-1', due_at FROM deliveries WHERE id = ?",
            (one.id,),
        )
    connection.close()
    return one.id


@pytest.mark.parametrize(("verdict", "state", "done"), [("sent", "sent", "sent"), ("not-sent", "scheduled", "again")])
def test_a_doubt_is_settled_by_the_person_who_looked(desk: Desk, verdict: str, state: str, done: str) -> None:
    """It stands on top until then; the history has the name; without an answer nothing is settled."""
    number = in_doubt(desk)
    page = desk.get("/deliveries")
    assert page.index("We can’t tell") < page.index(">All</h2>")
    undecided = desk.post(f"/deliveries/{number}/resolve", reference="178901")
    assert (409, True) == (undecided.status_code, 'value="178901"' in words(undecided))
    assert State.UNKNOWN is desk.delivery().state
    answer = desk.post(f"/deliveries/{number}/resolve", verdict=verdict, reference="178901")
    assert "/deliveries" == answer.headers["Location"]
    assert FLASH_MESSAGES[done] in desk.get("/deliveries")
    assert state == desk.delivery().state.value
    assert (f"batch.found-{verdict}", ADA) in desk.said(f"batch.found-{verdict}")
    late = desk.post(f"/deliveries/{number}/resolve", verdict=verdict)
    assert (409, True) == (late.status_code, "Nothing is in doubt" in words(late))


def test_a_number_of_another_season_is_not_settled_here(desk: Desk) -> None:
    """A form about one season does nothing to another one."""
    desk.plan()
    assert 404 == desk.post("/deliveries/999999/resolve", verdict="sent").status_code


# -- holds ----------------------------------------------------------------------------------------------


def test_one_button_stops_everything_and_wants_a_word_first(desk: Desk) -> None:
    """A reason and a tick; what was typed stays. Every page then says so, with who and why."""
    for form in (
        {"reason": "The line moves."},
        {"sure": "yes", "reason": " "},
        {"reason": "x", "sure": "yes", "channel": "fax"},
    ):
        answer = desk.post("/holds", **form)
        assert 409 == answer.status_code
        assert () == desk.ledger.holds.in_force()
    assert 'value="The line moves."' in words(desk.post("/holds", reason="The line moves."))
    assert 303 == desk.post("/holds", channel="*", reason="The line moves.", sure="yes").status_code
    (hold,) = desk.ledger.holds.in_force()
    assert ("*", ADA, "The line moves.") == (hold.channel, hold.who, hold.why)
    for path in ("/", "/calendar/2027", f"/items/{ITEM}", "/report", "/you"):
        assert ("Held: everything." in desk.get(path)) == (path != "/you"), path


def test_on_a_terrible_day_one_step_stops_everything_and_shows_what_comes(desk: Desk) -> None:
    """The reason stands ready; what comes stands below with its words; a gentle item takes a day that may give way."""
    desk.later(datetime(2027, 1, 11, 16, tzinfo=UTC))  # the item of the 11th has gone
    assert "What would go out next" not in desk.get("/holds")
    assert "Something terrible happened" in desk.get("/holds")
    assert 409 == desk.post("/holds", terrible="yes").status_code
    assert 303 == desk.post("/holds", terrible="yes", sure="yes").status_code
    (hold,) = desk.ledger.holds.in_force()
    assert ("*", ADA, SOMETHING_TERRIBLE) == (hold.channel, hold.who, hold.why)
    assert HoldReason.SOMETHING_TERRIBLE is hold.reason, "by which others are told at once"
    comes = rehearse(desk.project, CAMPAIGN, 2027)
    on = date(2027, 1, 12)
    (planned,) = (p for p in comes.plan.items if p.on == on)
    page = html.unescape(desk.get("/holds"))
    assert planned.item.title in page
    (post,) = (m for m in comes.messages if m.item == planned.item.id and m.channel == "x")
    assert " ".join(post.body.text.split())[:60] in page
    (gentle,) = holds.gentle_spares(comes)
    assert 409 == desk.post("/holds/gentle", item=planned.item.id, to=str(on)).status_code
    assert 409 == desk.post("/holds/gentle", item=gentle.id, to="2027-01-11").status_code
    assert 303 == desk.post("/holds/gentle", item=gentle.id, to=str(on)).status_code
    after = rehearse(desk.project, CAMPAIGN, 2027)
    assert [gentle.id] == [p.item.id for p in after.plan.items if p.on == on]
    assert (hold,) == desk.ledger.holds.in_force()


def test_what_is_to_be_typed_names_the_campaign_where_there_are_several(desk: Desk) -> None:
    """On the pages, in `status` and in `doctor`: each command works as it is shown; with one campaign none is named."""
    desk.plan()
    desk.later(desk.delivery(ITEM).due_at + timedelta(minutes=10))
    key = SeasonKey(CAMPAIGN, 2027)

    def shown() -> str:
        acting = Context(desk.project, desk.ledger, desk.clock, Actor(ADA))
        told = season_status(acting, key).to_do.values()
        lines = examine_project(desk.project, desk.project.campaigns()[:1], 2027)
        return " ".join([*told, *(line.to_do for line in lines), desk.get("/")])

    reasons = (because(ReasonCode.APPROVAL_MISSING, needs="approval", says="nobody has approved it"),)
    desk.ledger.deliveries.note(desk.delivery(ITEM).id, reasons, detail="", now=desk.clock.now())
    assert f"approve {ITEM} --by NAME" in shown()
    assert "--campaign" not in shown()
    shutil.copytree(desk.project.root / "campaigns" / CAMPAIGN, desk.project.root / "campaigns" / "the-other")
    assert f"approve {ITEM} --campaign {CAMPAIGN} --by NAME" in shown()
    assert f"sign contact ID --campaign {CAMPAIGN} --by NAME" in shown()


def test_a_campaign_that_the_running_process_does_not_send_is_named_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After `start CAMPAIGN` the other's pages are read all the same, and do not look as if it were sent."""
    monkeypatch.setattr("scheduler.services.senders._locked", lambda project: None)
    shutil.copytree(desk.project.root / "campaigns" / CAMPAIGN, desk.project.root / "campaigns" / "the-other")
    assert "no running process sends it" not in desk.get("/")
    now = desk.clock.now()
    mine = this_process("start", mode="rehearsal", settings_fingerprint="", campaigns=(CAMPAIGN,), now=now)
    desk.ledger.senders.keep(mine)
    assert "The other (no running process sends it)</a>" in desk.get("/")
    assert "The other (no running process sends it)</b>" in desk.get("/?campaign=the-other")
    assert f"for {CAMPAIGN} alone" in str(who_sends(desk.project, desk.ledger, CAMPAIGN))
    assert "" == who_sends(desk.project, desk.ledger, "the-other")
    desk.ledger.senders.keep(replace(mine, campaigns=(CAMPAIGN, "the-other")))
    assert "no running process sends it" not in desk.get("/")
    assert "alone" not in str(who_sends(desk.project, desk.ledger))


def test_one_campaign_is_held_by_its_name_and_no_page_of_another_says_so(desk: Desk) -> None:
    """Where there are several the form asks which; its hold is named wherever it is shown, and ends by its name."""
    assert 'name="campaign"' not in desk.get("/holds")
    shutil.copytree(desk.project.root / "campaigns" / CAMPAIGN, desk.project.root / "campaigns" / "the-other")
    assert '<option value="the-other">Only The other</option>' in desk.get("/holds")
    assert 409 == desk.post("/holds", channel="*", campaign="none", reason="x", sure="yes").status_code
    assert 303 == desk.post("/holds", channel="*", campaign="the-other", reason="A storm.", sure="yes").status_code
    (hold,) = desk.ledger.holds.in_force()
    assert "the-other" == hold.campaign
    assert "Held: " not in desk.get("/")
    assert "Held: everything of The other." in desk.get("/?campaign=the-other")
    assert "Everything of The other" in desk.get("/holds")
    desk.post("/holds", channel="x", reason="A wrong number.", sure="yes")
    assert "Those of The other" in desk.get("/holds")
    desk.post("/holds/resume", channel="*", campaign="", sure="yes")
    assert [hold] == list(desk.ledger.holds.in_force())
    desk.post("/holds/resume", channel="*", campaign="the-other", sure="yes")
    assert () == desk.ledger.holds.in_force()
    assert "stopped everything of the-other" in desk.get("/audit")
    assert "held everything of The other on" in desk.get("/holds")


def test_going_on_sends_nothing_and_asks_for_each_thing(desk: Desk) -> None:
    """Send, move or leave out; each under the person's name."""
    item = "what-trafficking-is"  # of the pool: a special day's item stays on its day
    desk.plan()
    desk.post("/holds", channel="*", reason="The line moves.", sure="yes")
    one = desk.delivery(item)
    desk.later(one.due_at + timedelta(minutes=10))
    assert 409 == desk.post("/holds/resume", channel="*").status_code
    assert 1 == len(desk.ledger.holds.in_force())
    answer = desk.post("/holds/resume", channel="*", sure="yes")
    assert "/holds" == answer.headers["Location"]
    assert () == desk.ledger.holds.in_force()
    assert State.HELD is desk.delivery(item).state
    page = desk.get("/holds")
    assert FLASH_MESSAGES["resumed"] in page
    assert "What was passed over" in page
    assert f"/holds/passed-over/{one.id}" in page
    assert 0 < page.index('id="hold-channel"') < page.index('id="passed"'), "the stop comes first"
    assert 409 == desk.post(f"/holds/passed-over/{one.id}").status_code
    assert "/holds" == desk.post(f"/holds/passed-over/{one.id}", what="send").headers["Location"]
    assert FLASH_MESSAGES["let-go"] in desk.get("/holds")
    assert State.SCHEDULED is desk.delivery(item).state
    mail = desk.delivery(item, "email")
    assert 409 == desk.post(f"/holds/passed-over/{mail.id}", what="move", to="yesterday").status_code
    assert "/holds" == desk.post(f"/holds/passed-over/{mail.id}", what="move", to="2027-01-12").headers["Location"]
    assert date(2027, 1, 12) == plan_season(desk.project, *_campaign(desk))[0].of(item).on
    assert 404 == desk.post(f"/holds/passed-over/{mail.id}", what="skip").status_code


def _campaign(desk: Desk):
    campaign, _ = read_campaign(desk.project, CAMPAIGN)
    return campaign, season_of(desk.project, campaign, 2027)


def test_what_is_too_late_is_not_let_go(desk: Desk) -> None:
    """Its window has closed: it is moved or left out."""
    desk.plan()
    desk.post("/holds", channel="x", reason="The line moves.", sure="yes")
    one = desk.delivery()
    desk.later(one.due_at + timedelta(minutes=10))
    desk.post("/holds/resume", channel="x", sure="yes")
    desk.later(one.expires_at)
    answer = desk.post(f"/holds/passed-over/{one.id}", what="send")
    assert (409, True) == (answer.status_code, "its window has closed" in words(answer))
    assert State.HELD is desk.delivery().state
    desk.post(f"/holds/passed-over/{one.id}", what="skip")
    assert (State.SKIPPED, f"skipped by {ADA}: passed over during a hold") == (
        desk.delivery().state,
        why(desk.delivery()),
    )


# -- reviewers ------------------------------------------------------------------------------------------


def test_a_link_for_a_reviewer_is_shown_once(desk: Desk) -> None:
    """In the answer to the form and nowhere else; it ends with a press."""
    desk.project.settings = replace(desk.project.settings, public_url="https://news.harbour.internal")
    answer = desk.post("/invitations", name="Rosa Lind", role="fact-reviewer", lasts="7d")
    found = re.search(r"https://news\.harbour\.internal/r/([\w-]{43})", words(answer))
    assert found is not None
    assert f"http://localhost/r/{found[1]}" in words(answer)
    assert "no-store" == answer.headers["Cache-Control"]
    (made,) = desk.ledger.invitations.of_season(SeasonKey(CAMPAIGN, 2027))
    assert ("Rosa Lind", "fact-reviewer", ADA) == (made.name, made.role, made.invited_by)
    assert timedelta(days=7) == made.expires_at - made.invited_at
    assert found[1] not in desk.get("/invitations")
    desk.post("/invitations/revoke", name="Rosa Lind")
    assert None is desk.ledger.invitations.find(found[1], now=desk.clock.now())


def test_no_link_for_a_reviewer_stands_at_an_address_that_is_nobodys(desk: Desk) -> None:
    """Then the page gives the one that works where it is read, and says what is missing."""
    answer = desk.post("/invitations", name="Rosa Lind", role="fact-reviewer", lasts="7d")
    assert f"{PUBLIC_URL}/r/" not in words(answer)
    assert 1 == len(re.findall(r"http://localhost/r/[\w-]{43}", words(answer)))
    assert "is still an example" in words(answer)


@pytest.mark.parametrize(
    "form", [{"name": "rosa@readers.test"}, {"name": " "}, {"role": "queen"}, {"lasts": "9y"}], ids=str
)
def test_an_invitation_that_cannot_be_made_says_why(desk: Desk, form: dict[str, str]) -> None:
    """And makes none; what was typed stays."""
    answer = desk.post("/invitations", **{"name": "Rosa Lind", "role": "fact-reviewer", "lasts": "7d", **form})
    assert (409, True) == (answer.status_code, "What to do" in words(answer))
    assert () == desk.ledger.invitations.of_season(SeasonKey(CAMPAIGN, 2027))


# -- numbers, report, history ---------------------------------------------------------------------------


def test_no_page_shows_a_reader(desk: Desk) -> None:
    """Not to a coordinator either: numbers only."""
    desk.add_test_subscribers(3, CAMPAIGN)
    desk.plan()
    for path in (
        "/",
        "/subscribers",
        "/deliveries",
        "/report",
        "/report/file.html",
        "/report/file.csv",
        "/audit?who=all",
        "/audit/file.csv",
    ):
        page = desk.get(path)
        assert "readers.test" not in page, path
        assert "Robin" not in page, path
    assert "<b>3</b> written to" in desk.get("/subscribers")


def test_the_report_and_the_history_are_taken_along(desk: Desk) -> None:
    """As files, in the season's name; a board viewer may have the report and not the history."""
    desk.plan()
    desk.post("/holds", channel="*", reason="The line moves.", sure="yes")
    csv = desk.browser.get("/report/file.csv")
    assert f'attachment; filename="report-{CAMPAIGN}-2027.csv"' == csv.headers["Content-Disposition"]
    assert "hold.set" in desk.get("/audit/file.csv")
    assert f"<b>{ADA}</b> stopped everything: The line moves." in desk.get("/audit")
    client, _ = desk.as_("board-viewer")
    assert (200, 403) == (client.get("/report/file.html").status_code, client.get("/audit/file.csv").status_code)
    assert 404 == desk.browser.get("/report/file.exe").status_code


def test_the_history_leads_to_its_older_lines_and_back(desk: Desk) -> None:
    """To all of them, each once; also where a page holds nothing that a person did."""
    for n in range(450):
        desk.ledger.events.record("test", who="Ada" if n < 3 else "tick", now=desk.clock.now(), number=n)
    address, numbers, pages = "/audit?who=all", [], 0
    while address and pages < 9:
        page, pages = desk.get(address), pages + 1
        numbers += [int(number) for number in re.findall(r"no\. (\d+)</span>", page)]
        older = re.search(r'href="([^"]+)">Older<', page)
        address = html.unescape(older[1]) if older else ""
    last = desk.ledger.events.newest(limit=1)[0].id
    assert (list(range(last, 0, -1)), -(-last // 200)) == (numbers, pages)
    assert "Newest</a>" in page
    assert "Nothing among these lines." in desk.get("/audit?before=1")
    assert "<b>Ada</b>" in desk.get("/audit?before=abc")


def test_the_history_names_what_it_is_about(desk: Desk) -> None:
    """By their words, with the id behind them; what was done with a delivery by its item, once; of another season's, by
    its number; of another campaign's records, by their ids."""
    desk.plan()
    campaign = rehearse(desk.project, CAMPAIGN, 2027, ledger=desk.ledger).plan.campaign
    line, title = next(iter(campaign.contacts.values())), campaign.items[ITEM].title
    of_it: dict[str, Any] = {"subject": "contact", "subject_id": line.id}
    edited = {"record": "contact", "name": line.id, "fields": ["verified_on"]}
    for of in (CAMPAIGN, "the-other"):
        desk.ledger.events.record("campaign.edited", who="Bo", now=desk.clock.now(), campaign=of, **edited)
        desk.ledger.events.record("record.signed", who="Bo", now=desk.clock.now(), campaign=of, **of_it)
    desk.ledger.events.record(
        "item.moved", who="Bo", now=desk.clock.now(), campaign=CAMPAIGN, item=ITEM, on="2027-01-09"
    )
    called = f"the help line “{line.value}, {line.label}” ({line.id})"
    for words_of_line in (
        f"signed {called}<",
        f"changed {called} in the browser (Last verified on)<",
        f"signed contact {line.id}<",
        f"moved “{title}” ({ITEM}) to 2027-01-09<",
    ):
        assert f"<b>Bo</b> {words_of_line}" in html.unescape(desk.get("/audit"))
    one = desk.delivery()
    desk.ledger.deliveries.hold(one.id, who="Bo", why="The line moves.", now=desk.clock.now())
    wanted = [Wanted("elsewhere", "x", "post", date(2028, 1, 3), one.due_at, one.expires_at)]
    desk.ledger.deliveries.follow_plan("live", SeasonKey(CAMPAIGN, 2028), wanted, now=desk.clock.now())
    (other,) = desk.ledger.deliveries.of_season("live", SeasonKey(CAMPAIGN, 2028))
    desk.ledger.deliveries.hold(other.id, who="Bo", why="The line moves.", now=desk.clock.now())
    page = desk.get("/audit")
    assert f"<b>Bo</b> held it (“{title}” ({ITEM}), X): The line moves.</li>" in html.unescape(page)
    assert f"<b>Bo</b> held it (delivery {other.id}): The line moves.</li>" in page
    assert "<b>Bo</b> held it: The line moves.</li>" in desk.get(f"/items/{ITEM}")


def test_a_sentence_that_somebody_wrote_ends_once(desk: Desk) -> None:
    """Whether they put the full stop or not; and a state is not said twice."""
    desk.plan()
    desk.post("/holds", channel="*", reason="The line moves.", sure="yes")
    pages = [desk.get("/"), desk.get("/holds")]
    desk.later(desk.delivery().due_at + timedelta(minutes=5))
    desk.post("/holds/resume", channel="*", sure="yes")
    pages += [desk.get("/"), desk.get("/holds"), desk.get("/report")]
    assert 5 * [True] == ["The line moves." in page for page in pages]
    assert [] == [page for page in pages if "moves.." in page]
    assert "held: held" not in pages[-1]


# -- which season ---------------------------------------------------------------------------------------


def test_several_campaigns_and_seasons_are_chosen_by_the_address(desk: Desk) -> None:
    """Each link of a page stays with what the page is about; an act changes that one alone."""
    folder = desk.project.root / "campaigns"
    shutil.copytree(folder / CAMPAIGN, folder / "zz-second")
    file = folder / "zz-second" / "campaign.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(f'"{CAMPAIGN}"', '"zz-second"'), encoding="utf-8")
    whole = desk.get(f"/items/{ITEM}?campaign=zz-second&season=2028")
    page = re.sub(r'<section class="line .*?</section>', "", whole, flags=re.DOTALL)  # it is about the season that runs
    leads = set(re.findall(r'(?:href|action)="(/(?!you|sign-out)[^"#]*)', page))
    assert leads
    strays = {
        to for to in leads if "campaign=zz-second" not in to or ("season=2028" not in to and "/calendar/2028" not in to)
    }
    assert {f"/?campaign={CAMPAIGN}"} == strays  # the way to the other one
    seen = re.findall(r'name="seen" value="([^"]*)"', page)
    assert 303 == desk.post(f"/items/{ITEM}/approve?campaign=zz-second&season=2028", seen=seen).status_code
    assert () == desk.ledger.approvals.of_season(SeasonKey(CAMPAIGN, 2028)).all
    assert 2 == len(desk.ledger.approvals.of_season(SeasonKey("zz-second", 2028)).all)


def test_a_campaign_that_cannot_be_read_says_what_is_wrong(desk: Desk) -> None:
    """To those who can do something about it."""
    file = desk.project.root / "campaigns" / CAMPAIGN / "campaign.toml"
    file.write_text("organisation = ", encoding="utf-8")
    answer = desk.browser.get("/")
    assert (503, True) == (answer.status_code, "campaign.toml" in words(answer))
    assert 200 == desk.browser.get("/you").status_code
    client = desk.app.test_client()
    assert "campaign.toml" not in words(client.get("/"))


@pytest.mark.parametrize(
    ("file", "text"),
    [(f"campaigns/{CAMPAIGN}/campaign.toml", "organisation = "), ("config/review.toml", "approvalz = 3\n")],
)
def test_what_cannot_be_read_keeps_nobody_from_stopping_everything(desk: Desk, file: str, text: str) -> None:
    """The page says what is wrong, and has the button; who may not hold has none. Nothing else is done meanwhile."""
    (desk.project.root / file).write_text(text, encoding="utf-8")
    shown = desk.browser.get("/holds?campaign=" + CAMPAIGN)
    assert (503, True) == (shown.status_code, file in words(shown))
    assert f'action="/holds?campaign={CAMPAIGN}"' in words(shown)
    viewer, form = desk.as_("board-viewer")
    assert "Hold</button>" not in words(viewer.get("/holds"))
    assert 403 == viewer.post("/holds", data={**form, "reason": "x", "sure": "yes"}).status_code
    unsure = desk.post("/holds", reason="The line moves.")
    assert (409, True) == (unsure.status_code, 'value="The line moves."' in words(unsure))
    assert "the confirmation is not ticked" in words(unsure)
    assert () == desk.ledger.holds.in_force()
    client, form = desk.as_("hold-holder")
    answer = client.post("/holds", data={**form, "channel": "*", "reason": "The line moves.", "sure": "yes"})
    assert (303, "/holds") == (answer.status_code, answer.location)
    assert ["*"] == [h.channel for h in desk.ledger.holds.in_force()]
    assert "by Person hold-holder since" in words(client.get(answer.location))
    assert 503 == desk.post(f"/items/{ITEM}/skip", reason="x").status_code


def test_a_form_that_is_sent_twice_is_done_once(desk: Desk) -> None:
    """As by a double click, or the button for going back: one comment, one request for changes, one hold. What is said
    again after something else was said is said again."""
    both = desk.seen(f"/items/{ITEM}")

    def twice(path: str, **form: Any) -> None:
        assert [303, 303] == [desk.post(path, **form).status_code for _ in range(2)]

    def said() -> list[str]:
        return [c.text for c in desk.ledger.comments.of_season(SeasonKey(CAMPAIGN, 2027))]

    twice(f"/items/{ITEM}/comments", comment="Which year?")
    assert ["Which year?"] == said()
    twice(f"/items/{ITEM}/request-changes", seen=both, comment="Say ada@example.org the year.")
    assert (2, 2) == (len(said()), len(desk.ledger.change_requests.of_season(SeasonKey(CAMPAIGN, 2027))))
    assert 2 == len(desk.said("changes.asked"))
    assert [] == desk.said("changes.withdrawn")
    desk.post(f"/items/{ITEM}/comments", comment="Which year?")
    assert 3 == len(said())
    twice("/holds", channel="*", reason="The line moves.", sure="yes")
    assert 1 == len(desk.ledger.holds.in_force())
    desk.post(f"/items/{ITEM}/withdraw-request")
    again = desk.post(f"/items/{ITEM}/withdraw-request")
    assert (409, False) == (again.status_code, "review status" in words(again))


@pytest.mark.parametrize("sign", ["x", "年", "\U0001f642"])
def test_a_long_comment_is_taken_in_any_alphabet(desk: Desk, sign: str) -> None:
    """A browser writes up to twelve bytes for one sign. What is too long is said at the form, with what was typed."""
    assert 303 == desk.post(f"/items/{ITEM}/comments", comment=sign * 10_000).status_code
    over = desk.post(f"/items/{ITEM}/comments", comment=sign * 10_001)
    assert (409, True) == (over.status_code, sign * 10_001 in words(over))
    assert 303 == desk.post(f"/items/{ITEM}/comments", comment="x", answers="9" * 5000).status_code


def test_a_remark_keeps_its_letters(desk: Desk) -> None:
    """Spaces that do not break and joiners belong to words and emoji; what shows a line in another order is refused."""
    typed = "10\u00a0000\u202fkm, \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645, \U0001f469\u200d\U0001f467"
    desk.post(f"/items/{ITEM}/comments", comment=f"{typed}\r\n.")
    assert 409 == desk.post(f"/items/{ITEM}/comments", comment=f"{typed} \u202eline").status_code
    assert [f"{typed}\n."] == [c.text for c in desk.ledger.comments.of_season(SeasonKey(CAMPAIGN, 2027))]


# -- every page -----------------------------------------------------------------------------------------

PAGES = (
    "/",
    "/calendar/2027",
    f"/items/{ITEM}",
    "/items/digest-2027-01-04",
    "/claims",
    "/contacts",
    "/deliveries",
    "/holds",
    "/subscribers",
    "/invitations",
    "/report",
    "/audit",
    "/you",
)


def test_looking_changes_nothing(desk: Desk) -> None:
    """Every page, GET and HEAD: the ledger and the files stay as they are."""
    desk.plan()
    before = desk.dump()
    for path in PAGES:
        if path.startswith("/items/digest"):
            continue
        assert 200 == desk.browser.head(path).status_code
        desk.get(path)
    assert before == desk.dump()


def test_what_to_do_can_be_done_on_a_page(desk: Desk) -> None:
    """Who reads in a browser signs there: no command stands in what was found."""
    for path, way in {
        "/": "sign it",
        f"/items/{ITEM}": "Read and sign",
        "/claims": "sign it",
        "/contacts": "sign it",
    }.items():
        page = desk.get(path)
        assert (True, False) == (way in page, "--role" in page), path
    leads = [desk.get(path).count("(on the page") for path in ("/", "/claims", "/contacts")]
    assert (True, [0, 0]) == (leads[0] > 0, leads[1:]), "a page that signs it leads to no other"


def test_the_registers_say_only_what_a_person_stands_for(desk: Desk) -> None:
    """Nobody has read an original or tried a help line of the first campaign, and the pages say so."""
    claims, contacts = desk.get("/claims"), desk.get("/contacts")
    assert (False, True) == ("The original was read" in claims, "put their name to having read the original" in claims)
    assert "as reported by <a" in claims
    assert "Needs a decision" in claims
    assert 9 == contacts.count("not verified yet</span>")
    assert "</span>active<" not in contacts


@pytest.mark.parametrize("path", [p for p in PAGES if "digest" not in p])
def test_a_private_page_is_nobody_elses(desk: Desk, path: str) -> None:
    """Not kept, not indexed, not framed; no script, no other server; styles by their fingerprints, none in attributes."""
    answer = desk.browser.get(path)
    page = answer.get_data(as_text=True)
    assert "no-store" == answer.headers["Cache-Control"]
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "same-origin" == answer.headers["Referrer-Policy"]
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "<script" not in page
    assert not re.search(r"<[^>]+ style=", page)
    assert not re.search(r"<[^>]+ (?:src|data)=\"(?!data:|/(?!/))", page)


def test_every_page_says_at_its_head_that_the_ledger_is_a_copy(
    desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """In red, with the command; and no more once it is settled."""
    state = tmp_path_factory.mktemp("state")
    desk.project.env["OBSERVANCE_STATE"] = str(state)  # type: ignore[index]
    whereabouts_of(desk.project, desk.ledger).settle(now=desk.clock.now())
    for path in ("/", "/deliveries"):
        assert "it is a copy" not in desk.get(path)
    (mark,) = state.glob("*.home")  # beside what is kept of texts
    whole = mark.read_text(encoding="utf-8")
    mark.write_text(whole.replace(str(desk.file.resolve()), "/srv/other.db"), encoding="utf-8")
    desk.clock.advance(GOOD_FOR)
    for path in ("/", "/deliveries"):
        page = desk.get(path)
        assert "it is a copy, from which nothing is sent" in page
        assert "db moved --by NAME" in page
    mark.write_text(whole, encoding="utf-8")
    desk.clock.advance(GOOD_FOR)
    assert "it is a copy" not in desk.get("/deliveries")


def to_post(desk: Desk) -> int:
    """A post that a person was asked to make."""
    import sqlite3

    number = in_doubt(desk)
    asked = because(ReasonCode.WAITS_FOR_PERSON, person=ADA, until_at=desk.delivery().expires_at)
    with sqlite3.connect(desk.file) as connection:
        for table, key in (("deliveries", "id"), ("batches", "delivery_id")):
            connection.execute(f"UPDATE {table} SET reasons = ? WHERE {key} = ?", (reasons_to_text([asked]), number))
    connection.close()
    return number


def name_the_poster(desk: Desk, number: int, person: str) -> int:
    """The same, waiting for another person."""
    import sqlite3

    asked = because(ReasonCode.WAITS_FOR_PERSON, person=person, until_at=desk.delivery().expires_at)
    with sqlite3.connect(desk.file) as connection:
        connection.execute("UPDATE deliveries SET reasons = ? WHERE id = ?", (reasons_to_text([asked]), number))
    connection.close()
    return number


def test_the_page_to_post_from_marks_nothing_by_itself(desk: Desk) -> None:
    """It shows the text and for whom it waits, and its button says that it is posted; GET and HEAD change nothing."""
    number = to_post(desk)
    before = desk.ledger.events.newest(limit=1000)
    answer = desk.browser.get(f"/to-post/{number}")
    page = answer.get_data(as_text=True)
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"], "the script that copies the text runs"
    text = rehearse(desk.project, CAMPAIGN, 2027).message(desk.delivery().item, "x").body.text
    assert html.escape(text.splitlines()[0], quote=False) in page.replace("&#39;", "'").replace("&#34;", '"')
    assert f"waits for {ADA} until" in page
    assert "If nobody marks it before" in page
    assert 200 == desk.browser.head(f"/to-post/{number}").status_code
    assert (State.UNKNOWN, before) == (desk.delivery().state, desk.ledger.events.newest(limit=1000))
    answer = desk.post(f"/to-post/{number}", reference="https://social.example/1")
    assert (303, f"/to-post/{number}", State.SENT) == (
        answer.status_code,
        answer.headers["Location"],
        desk.delivery().state,
    )
    page = desk.get(f"/to-post/{number}")
    assert FLASH_MESSAGES["sent"] in page
    assert "Nothing is left to do here." in page
    late = desk.post(f"/to-post/{number}", reference="https://social.example/2")
    assert (409, True) == (late.status_code, "Nothing is in doubt" in words(late))
    assert "https://social.example/1" == desk.delivery().reference
    assert 404 == desk.browser.get("/to-post/999999").status_code


def test_the_page_to_post_from_gives_the_picture_and_its_words(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shown, as a file, and its alternative text to copy; one that is drawn otherwise here is none of these."""
    number, drawn = to_post(desk), {"content": CARD}
    body: Any = with_picture(a_post()).body

    def bytes_of(picture: PostPicture) -> bytes:
        if drawn["content"] is not CARD:
            raise ValueError
        return CARD

    monkeypatch.setattr(deliveries, "_body", lambda page, delivery: body)
    monkeypatch.setattr(deliveries, "bytes_of", bytes_of)
    monkeypatch.setattr("scheduler.cards.drawing.bytes_of", bytes_of)
    page = desk.get(f"/to-post/{number}")
    assert b64encode(CARD).decode() in page
    assert f'id="alt" tabindex="0" role="region" aria-labelledby="alt-title" lang="en">{ALT}<' in page
    size = f"{body.picture.width}x{body.picture.height}"
    file = desk.browser.get(f"/to-post/{number}/picture/{size}")
    assert (200, CARD, "image/png") == (file.status_code, file.data, file.mimetype)
    assert file.headers["Content-Disposition"].startswith("attachment; filename=")
    drawn["content"] = b"else"
    page = desk.get(f"/to-post/{number}")
    assert "Download the picture" not in page
    assert "draws the picture in another way" in page
    assert 404 == desk.browser.get(f"/to-post/{number}/picture/{size}").status_code


def test_it_gives_the_sizes_of_the_items_other_posts_once_they_are_approved(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network that a person posts to may want another one. What nobody has approved is not given away, nor is what
    belongs to another item."""
    message = with_picture(a_post())
    body = message.body
    assert isinstance(body, PostBody)
    upright = replace(message, body=replace(body, picture=replace(body.picture, width=1080, height=1350)))
    tall = replace(message, item="another", body=replace(body, picture=replace(body.picture, width=1080, height=1920)))
    monkeypatch.setattr(deliveries, "_body", lambda page, delivery: body)
    own, key = f"{body.picture.width}x{body.picture.height}", SeasonKey(message.campaign, message.season)

    def sizes(*missing: str, season: SeasonKey = key) -> list[str]:
        rehearsal = SimpleNamespace(
            plan=SimpleNamespace(key=season), messages=(message, upright, tall), missing=lambda m: missing
        )
        delivery: Any = SimpleNamespace(item=message.item, season_key=key)
        return sorted(deliveries._pictures(SimpleNamespace(rehearsal=rehearsal), delivery))  # type: ignore[arg-type]

    assert sorted(["1080x1350", own]) == sizes()
    assert [own] == sizes("anybody")
    assert [own] == sizes(season=SeasonKey(message.campaign, message.season - 1))


def test_who_is_named_marks_a_post_in_whatever_role_they_sign_in(desk: Desk) -> None:
    """Nobody else does who does not run the campaign; and only what waits for them."""
    viewer, token = desk.as_("board-viewer")
    number = to_post(desk)
    assert "It is posted" not in viewer.get(f"/to-post/{number}").get_data(as_text=True)
    assert 403 == viewer.post(f"/to-post/{number}", data=token).status_code
    assert State.UNKNOWN is desk.delivery().state
    assert 404 == viewer.post(f"/to-post/{desk.delivery(channel='email').id}", data=token).status_code
    number = name_the_poster(desk, number, "  person BOARD-viewer ")
    assert "It is posted" in viewer.get(f"/to-post/{number}").get_data(as_text=True)
    assert 303 == viewer.post(f"/to-post/{number}", data=token).status_code
    assert State.SENT is desk.delivery().state
    assert ("batch.found-sent", "Person board-viewer") in desk.said("batch.found-sent")
    assert 409 == viewer.post(f"/to-post/{number}", data=token).status_code, "it waits for nobody any more"


def test_a_post_that_waits_for_its_person_is_no_doubt(desk: Desk) -> None:
    """Today leads to the page to post from; among the doubts, which somebody has to find out about, it is not."""
    number = to_post(desk)
    assert f'href="/to-post/{number}">Post it</a>' in desk.get("/")
    page = desk.get("/deliveries")
    assert "We can’t tell" not in page
    assert f"waits for {ADA} until" in page


def test_deliveries_begin_with_today(desk: Desk) -> None:
    """As on the command line: what was due before is behind a link, but for what waits for a person."""
    desk.plan()
    desk.later(datetime(2027, 1, 11, 15, tzinfo=UTC))
    deliveries = desk.ledger.deliveries.of_season("live", SeasonKey(CAMPAIGN, 2027))
    from_now = [d for d in deliveries if d.on >= desk.clock.now().date()]
    current, everything = len(from_now), len(deliveries)
    assert 0 < current < everything

    def rows(path: str) -> int:
        return desk.get(path).count("<tr><td>")

    of_items = len({d.item for d in from_now}), len({d.item for d in deliveries})
    assert of_items == (rows("/deliveries"), rows("/deliveries?state=all"))
    assert f'<b aria-current="true">{current} from today on</b>' in desk.get("/deliveries")
    assert f'href="/deliveries?state=all">all {everything}</a>' in desk.get("/deliveries")
    assert (of_items[1], 0) == (rows("/deliveries?state=scheduled"), rows("/deliveries?state=sent"))


def test_one_message_stands_alike_on_every_page(desk: Desk) -> None:
    """The worst first, with its cause: where something has to be signed, no page says that it is scheduled."""
    desk.plan()
    rehearsal = rehearse(desk.project, CAMPAIGN, 2027, ledger=desk.ledger)
    message = next(m for m in rehearsal.messages if (m.item, m.channel) == (ITEM, "x"))
    state = state_of_message(rehearsal, message)
    assert ("waiting", "not signed") == (state.badge.kind, state.badge.word)
    pages = {path: desk.get(path) for path in ("/calendar/2027", "/deliveries", f"/items/{ITEM}")}
    day = re.search(
        r'/items/why-january">.*?badge (\w+)"><[^>]*>[^<]*</span>([^<]*)', pages["/calendar/2027"], re.DOTALL
    )
    row = re.search(
        r'/items/why-january">.*?badge (\w+)"><[^>]*>[^<]*</span>([^<]*).*?</tr>', pages["/deliveries"], re.DOTALL
    )
    assert day is not None
    assert row is not None
    assert (state.badge.kind, state.badge.word) == day.groups() == row.groups()
    week = re.search(r'id="week-1".*?(\d+) messages: not signed', pages["/calendar/2027"], re.DOTALL)
    alike = [m for m in desk_of(desk.project, desk.ledger, CAMPAIGN, 2027).week(1) if m in rehearsal.messages]
    assert week is not None
    assert sum(state_of_message(rehearsal, m).badge == state.badge for m in alike) == int(week[1])
    assert state.because in row[0]
    assert state.because in pages[f"/items/{ITEM}"]
    mistake = Finding("C001", Severity.RED, "it is too long", Where("x"), item=ITEM)
    worse = state_of_message(replace(rehearsal, findings=(*rehearsal.findings, mistake)), message)
    assert ("blocked", True) == (worse.badge.word, worse.because.startswith("it is too long, and "))


def test_only_what_nobody_can_tell_is_unknown(desk: Desk) -> None:
    """Who has not answered yet is waited for by name; the one grave state stands first."""
    in_doubt(desk)
    review = desk_of(desk.project, desk.ledger, CAMPAIGN, 2027)
    review.invite("Rosa Lind", "fact-reviewer", by="Ada", lasts=timedelta(days=60))
    for path in ("/", "/calendar/2027", f"/items/{ITEM}", "/invitations", "/claims", "/report"):
        said = re.findall(r'badge unknown[^"]*"><span[^>]*>[^<]*</span>([^<]*)', desk.get(path))
        assert set(said) <= {"unknown", "may have gone out", "1", "1 message: unknown"}, path
    desk.later(datetime(2027, 1, 1, 17, tzinfo=UTC))
    today = desk.get("/")
    assert 0 < today.index("we can’t tell whether it went out") < today.index("not signed")
    assert "waiting for Rosa Lind" in today
    assert "yours to sign" in today  # the coordinator may


def test_what_the_whole_campaign_waits_for_is_told_without_alarm(desk: Desk) -> None:
    """Example values of the settings stand in no text that an author could correct; one in a text does."""
    made = rehearse(desk.project, CAMPAIGN, 2027, ledger=desk.ledger)
    example = next(f for f in made.findings if f.code == "S101")
    words = []
    for finding in (example, replace(example, item=ITEM)):
        (cause,) = causes_of(replace(made, findings=(finding,)), made.messages)
        words.append(cause.badge.word)
    assert ["waits", "blocked"] == words


def test_open_questions_are_one_cause_with_one_sign(desk: Desk) -> None:
    """In the beginning of their words, whether the whole campaign waits for the answer or one item."""
    made = rehearse(desk.project, CAMPAIGN, 2027, ledger=desk.ledger)
    asked = 'a person decides first on the month\'s name: "Which is it? Until then the messages say the old name."'
    question = CODES["D201"].at(Where("campaign.toml"), asked)
    waits = replace(made, findings=(question,))
    (cause,) = causes_of(waits, made.messages)
    assert ("decision open", 'a person decides first on the month\'s name: "Which is it?"') == (
        cause.badge.word,
        cause.words,
    )
    both = replace(made, findings=(question, replace(question, message="another one", item=ITEM)))
    (cause,) = causes_of(both, made.messages)
    assert "2 questions are open that a person decides" == cause.words


def test_the_report_does_not_call_a_doubt_not_sent(desk: Desk) -> None:
    in_doubt(desk)
    report = report_on(desk.project, desk.ledger, rehearse(desk.project, CAMPAIGN, 2027, ledger=desk.ledger))
    (total,) = (t for t in report.totals if t.channel == "x")
    assert (1, {}) == (total.unknown, total.not_sent)
    assert [ITEM] == [line.item for line in report.gone_wrong], (
        "nobody can tell: it is listed, with no reason of its own"
    )
    assert '<td data-label="Not known">' in desk.get("/report")
    assert ">Not known<" in report_html(report)


def test_one_cause_has_one_badge_on_the_page_of_its_item(desk: Desk) -> None:
    """How both messages stand is said on top; what that rests on, once, where it can be signed."""
    page = desk.get(f"/items/{ITEM}")
    above, beneath = page.split('<div class="shown-item">')
    assert ["not signed"] == re.findall(r'class="badge waiting"><span[^>]*>[^<]*</span>([^<]*)', above)
    causes = re.search(r'<section aria-labelledby="found">.*?</section>', beneath, re.DOTALL)
    assert causes is not None
    badges = re.findall(r'class="badge[^"]*"><span[^>]*>[^<]*</span>([^<]*)', beneath.replace(causes[0], ""))
    assert not {"not signed", "not verified yet"} & set(badges)
    assert "not signed" in causes[0]


def test_what_one_person_asked_for_is_one_row_on_today(desk: Desk) -> None:
    """Also where one of its messages has begun to go out: that stands in a line of its own."""
    assert (
        303 == desk.post(f"/items/{ITEM}/request-changes", seen=desk.seen(f"/items/{ITEM}"), comment="No.").status_code
    )
    in_doubt(desk)
    desk.later(datetime(2027, 1, 1, 17, tzinfo=UTC))
    today = desk.get("/")
    needs = re.search(r'<ul class="needs">.*?</ul>', today, re.DOTALL)
    assert needs is not None
    assert 1 == needs[0].count("asked for a change")
    assert "Email and X: Person coordinator" in needs[0]
    assert "we can’t tell whether it went out" in needs[0]


def test_a_kind_has_its_icon_in_the_key_and_beside_its_word(desk: Desk) -> None:
    """Color alone tells nothing to whoever does not see it; the key and a day show the same sign."""
    page = desk.get("/calendar/2027")
    sign = r'<path d="([^"]+)"/></svg>'
    key = dict(re.findall(rf'class="swatch[^>]*>.*?{sign}</span> ([^<]+)</li>', page, re.DOTALL))
    days = re.findall(rf'<div class="kind">.*?{sign} ([a-z ]+)', page, re.DOTALL)
    assert {(path, word.strip()) for path, word in days} <= set(key.items())
    assert len(days) >= 32
    assert len(key) == len(set(key.values())) > 1


def test_the_history_of_an_item_tells_what_was_new_in_each_form(desk: Desk) -> None:
    """Each form that somebody approved, against the one before; who approves the same once more tells nothing new."""

    def approve() -> str:
        assert 303 == desk.post(f"/items/{ITEM}/approve", seen=desk.seen(f"/items/{ITEM}")).status_code
        return desk.get(f"/items/{ITEM}").partition('<h2 id="happened">')[2]

    assert "What was new in it" not in approve()
    file = next((desk.project.root / "campaigns" / CAMPAIGN / "items").glob(f"*{ITEM}*"))
    file.write_text(file.read_text(encoding="utf-8").replace("January", "This month", 3), encoding="utf-8")
    history = approve()
    assert history.count("What was new in it") == len(set(re.findall(r"approved it \((\w+)\)", history))) == 2
    assert "put in: </span>This month" in history  # said, not only colored


def test_the_history_has_words_for_each_kind_of_event() -> None:
    """Whatever the program writes down is told as a person would; the kind's own name is for programs."""
    written = {
        kind
        for part in ("store", "engine", "services", "domain")
        for path in (PROGRAM / part).rglob("*.py")
        for kind in re.findall(r'(?:kind=|kind = |record\(|append\(\s*)"([a-z-]+\.[a-z_-]+)"', path.read_text())
    }
    assert {"subscriber.bounced", "channel.paused", "secret-key.rotated"} <= written
    assert set() == written - WORDS.keys()


def test_words_of_a_campaign_leave_room_beside_them() -> None:
    """A claim is as long as its author likes: as wide as it, a column left none for what was decided about it."""
    assert "max-content" not in (PROGRAM / "web" / "pages" / "desk.css").read_text()
