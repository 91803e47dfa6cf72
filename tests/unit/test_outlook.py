"""Will it go out? The page, `status` and health say the same, by one code, in every state that a season gets into."""

from __future__ import annotations

import html
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler.domain.outlook import Answer, Coming, Outlook, Stop, in_words
from scheduler.domain.season_key import SeasonKey
from scheduler.engine.heartbeat import this_process
from scheduler.services.context import Actor, Context
from scheduler.services.status import season_status, status_as_data
from scheduler.settings import Mode
from scheduler.web.staff.shell import LOOKS
from scheduler.wiring import whereabouts_of
from tests.support.editing_site import EditingSite
from tests.support.reading_site import CAMPAIGN, ITEMS, SEASON
from tests.support.review_desk import sign_all

KEY = SeasonKey(CAMPAIGN, SEASON)
THE_DAY_BEFORE = datetime(2027, 1, 3, 17, tzinfo=UTC)


class Asked(EditingSite):
    """A small season, live, signed, approved, armed and with a process that sends: everything in order."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.project.settings = replace(self.project.settings, mode=Mode.LIVE)
        self.project.env["OBSERVANCE_STATE"] = str(folder / "state")  # type: ignore[index]
        whereabouts_of(self.project, self.ledger).settle(now=self.clock.now())
        self.clock.jump(THE_DAY_BEFORE)
        for subject in ("claim", "contact"):
            for person, role in (("Ben", "subject-expert"), ("Cleo", "safety-reviewer")):
                sign_all(self.project, self.ledger, CAMPAIGN, subject, person=person, role=role)
        self.desk().approve(None, person="Ben", role="fact-reviewer")
        self.ledger.armings.arm(KEY, who="Ada", now=self.clock.now())
        self.run()
        self.come_in()

    def run(self, *campaigns: str) -> None:
        now, those = self.clock.now(), campaigns or (CAMPAIGN,)
        made = this_process("start", mode="live", settings_fingerprint="", campaigns=those, now=now)
        self.ledger.senders.keep(made)

    def come_in(self) -> None:
        link = self.ledger.accounts.make_sign_in_link("Ada Example", who="the operator", now=self.clock.now())
        self.session = self.ledger.accounts.use_sign_in_link(link or "", now=self.clock.now()) or ""
        self.client = self.client_of(self.session)

    def said(self, campaign: str = CAMPAIGN) -> tuple[str, str]:
        """Answer and code, which are the same wherever they are asked; and the line on a page is that of `status`."""
        acting = Context(self.project, self.ledger, self.clock, Actor("Ada"))
        status = season_status(acting, SeasonKey(campaign, SEASON))
        of_status: Any = status_as_data(status)["outlook"]
        said = (str(of_status["answer"]), of_status["code"] or "")
        self.come_in()
        page = html.unescape(self.client.get("/claims", query_string={"campaign": campaign}).get_data(as_text=True))
        words = in_words(status.outlook)
        assert f"<b>{words.question} {words.head}</b>" in page
        assert words.rest.replace("`", "") in page.replace("<code>", "").replace("</code>", "")
        health = self.client.get("/readyz").get_json()["next"]
        assert said in [(one["answer"], one["code"] or "") for one in health]
        assert not {"says", "title", "item", "campaign"} & set(health[0])
        return said


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    monkeypatch.setattr("scheduler.services.senders._locked", lambda project: None)
    made = Asked(tmp_path)
    yield made
    made.ledger.close()


def _take_back(site: Asked) -> None:
    site.desk().take_back(ITEMS[0], person="Ben", role="fact-reviewer")


def _ask_for_changes(site: Asked) -> None:
    site.desk().request_changes(ITEMS[0], person="Cleo", role="safety-reviewer", comment="Which year?")


def _leave_a_question(site: Asked) -> None:
    text = site.path().read_text(encoding="utf-8")
    site.path().write_text(text.replace("+++\n", '+++\nneeds_decision = "Whose figure?"\n', 1), encoding="utf-8")


def _run_another(site: Asked) -> None:
    site.clock.advance(timedelta(minutes=5))
    site.run("another")


STATES: dict[str, tuple[Callable[[Asked], object], tuple[str, str]]] = {
    "in order": (lambda site: None, ("yes", "")),
    "nothing by tomorrow": (
        lambda site: site.clock.jump(THE_DAY_BEFORE - timedelta(hours=24)),
        ("nothing-due", "clock"),
    ),
    "held": (lambda site: site.ledger.holds.set("*", who="Bo", why="A storm.", now=site.clock.now()), ("held", "held")),
    "one channel held": (
        lambda site: site.ledger.holds.set("email", who="Bo", why="A storm.", now=site.clock.now()),
        ("partly", "held"),
    ),
    "not armed": (
        lambda site: site.ledger.armings.disarm(KEY, who="Bo", now=site.clock.now()),
        ("not-yet", "not-armed"),
    ),
    "not approved": (_take_back, ("not-yet", "approval-missing")),
    "changes asked": (_ask_for_changes, ("not-yet", "changes-requested")),
    "nothing runs": (lambda site: site.clock.advance(timedelta(minutes=5)), ("no", "no-process")),
    "another runs": (_run_another, ("no", "no-process")),
    "a rehearsal": (
        lambda site: setattr(site.project, "settings", replace(site.project.settings, mode=Mode.REHEARSAL)),
        ("rehearsal", "not-live"),
    ),
    "a question is open": (_leave_a_question, ("not-yet", "undecided")),
}


@pytest.mark.parametrize("state", STATES)
def test_page_status_and_health_say_the_same(site: Asked, state: str) -> None:
    do, expected = STATES[state]
    do(site)
    assert expected == site.said()


def test_a_campaign_that_cannot_be_read_can_be_told_nothing_of(site: Asked) -> None:
    """Its page says what is wrong instead; health is well all the same, and does not read it again at each question."""
    site.path("campaign.toml").write_text("name = ", encoding="utf-8")
    told = site.client.get("/readyz").get_json()
    assert ["cannot-tell"] == [one["answer"] for one in told["next"]]
    assert 503 == site.client.get("/").status_code
    assert "on hold" not in site.client.get("/").get_data(as_text=True)


def test_each_campaign_has_its_own_line(site: Asked) -> None:
    """A hold of one says nothing about the other; health has a line for each."""
    shutil.copytree(site.folder / "campaigns" / CAMPAIGN, site.folder / "campaigns" / "the-other")
    site.ledger.holds.set("*", who="Bo", why="A storm.", now=site.clock.now(), campaign="the-other")
    assert ("held", "held") == site.said("the-other")
    assert "held" != site.said(CAMPAIGN)[0]
    assert 2 == len(site.client.get("/readyz").get_json()["next"])


def test_an_act_is_in_the_line_at_once_and_a_process_within_a_minute(site: Asked) -> None:
    """The pages keep the answer while nothing happens; what happens is not waited for."""
    assert ("yes", "") == site.said()
    site.ledger.holds.set("*", who="Bo", why="A storm.", now=site.clock.now())
    assert ("held", "held") == site.said()
    site.ledger.holds.release("*", who="Bo", now=site.clock.now())
    assert ("yes", "") == site.said()
    site.clock.advance(timedelta(minutes=3))
    assert ("no", "no-process") == site.said()


def test_a_process_that_keeps_old_settings_is_told_of_and_sends_all_the_same(site: Asked) -> None:
    now = site.clock.now()
    (mine,) = site.ledger.senders.all()
    site.ledger.senders.keep(replace(mine, settings_problem="mode must be one of two", last_seen_at=now))
    site.clock.advance(timedelta(minutes=1))
    assert ("yes", "") == site.said()
    assert "goes on with its earlier settings" in site.client.get("/claims").get_data(as_text=True)


# -- in words ---------------------------------------------------------------------------------------------

TEN = datetime(2027, 1, 10, 15, tzinfo=UTC)


def line(*stops: Stop | None, today: int = 9, readers: int | None = None) -> str:
    """Of one item, by a channel for each stop."""
    coming = tuple(
        Coming("talk", "One talk", channel, TEN, stop) for channel, stop in zip(("x", "email"), stops, strict=False)
    )
    stop = next((s for s in stops if s is not None), None)
    on = TEN.date().replace(day=today)
    return in_words(Outlook("a", "America/New_York", on, TEN, coming, stop, readers)).line


def test_the_line_in_words() -> None:
    """A question, a word, and what is to be known besides."""
    lacks = Stop("approval-missing", "nobody has approved it")
    assert "Will it go out tomorrow at 10:00 AM? Yes. \u201cOne talk\u201d on X and Email, to 1,200 readers." == line(
        None, None, readers=1200
    )
    assert line(None, today=10).startswith("Will it go out today at 10:00 AM? Yes.")
    assert (
        "Will it go out tomorrow? Nothing is due tomorrow. The next is due Sunday, January 10, 2027, 10:00 AM (New York), "
        "and nothing stands in its way." == line(None, today=5)
    )
    assert line(lacks, today=5).endswith("and would not go out as it stands: nobody has approved it.")
    assert line(lacks, lacks).endswith("Not yet. \u201cOne talk\u201d on X: nobody has approved it.")
    assert line(None, lacks).endswith(
        "Only in part. \u201cOne talk\u201d on X will. \u201cOne talk\u201d on Email will not: nobody has approved it."
    )
    found = Stop("finding", "H105: nobody has signed it", finding="H105", more=2)
    assert line(found).endswith("No. \u201cOne talk\u201d on X: H105: nobody has signed it, and 2 more.")
    assert line(Stop("held", "held by Bo: A storm.")).endswith("No, it is on hold. Held by Bo: A storm.")
    assert line() == "Will it go out tomorrow? Nothing is due any more."
    asked = line(Stop("undecided", "word " * 99, more=2))
    assert asked.endswith("word \u2026, and 2 more.")
    assert len(asked) < 250


def test_each_answer_has_a_shape_of_its_own_color() -> None:
    """And each state of good, attention, blocked and unknown is used."""
    assert set(Answer) == set(LOOKS)
    assert {"good", "needs-you", "blocked", "unknown", "note"} == {look.kind for look in LOOKS.values()}
