"""Every road by which a word can come, walked by one person and by two: a season goes live by two, or by one who says
so."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from unittest import mock

import pytest

from scheduler.cli.main import main
from scheduler.domain.api_key import Scope
from scheduler.domain.question import Asked
from scheduler.domain.role import form_token
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.via import people
from scheduler.services import arming
from scheduler.web.security.guard import FORM_FIELD
from scheduler.web.staff.history import in_words
from tests.support.editing_site import ADA, EditingSite
from tests.support.reading_site import CAMPAIGN, FIRST, ITEMS, SECOND
from tests.support.two_people import ALONE_LINE, signing

BEN = "Ben Example"
EVE = datetime(2026, 12, 29, 17, tzinfo=UTC)


class House(EditingSite):
    """Ada has the machine; the season is signed, and its questions are answered."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, policy="approvals = 2\n")
        self.clock.jump(EVE)  # the help lines were tried on the day before
        self.session = self.sign_in(ADA, "coordinator")
        for words in signing(self.folder, CAMPAIGN, ADA):
            assert 0 == self.run(*words)[0]

    def run(self, *words: str) -> tuple[int, str]:
        """One command on Ada's machine."""
        out = io.StringIO()
        environment = {
            "OBSERVANCE_PROJECT": str(self.folder),
            "OBSERVANCE_PRETEND_NOW": EVE.isoformat(),
            "OBSERVANCE_SECRET_KEY": "not-a-secret-only-a-test",
        }
        with mock.patch.dict(os.environ, environment), redirect_stdout(out), redirect_stderr(out):
            return main(list(words)), out.getvalue()

    def arm(self) -> str:
        """What it is told."""
        status, said = self.run("arm", "--by", ADA)
        assert (status == 0) == ("Armed by" in said), said
        return said

    def by_link(self, name: str, *items: str) -> None:
        link = self.invite(name, "coordinator")
        for item in items:
            self.act(item, "approve", link=link)

    def by_page(self, name: str, *items: str) -> None:
        session = self.session if name == ADA else self.sign_in(name, "coordinator")
        client, about = self.client_of(session), self.desk()
        for item in items:
            seen = [f"{m.channel}:{m.digest}" for m in about.messages([item])]
            assert (
                303
                == client.post(
                    f"/items/{item}/approve", data={FORM_FIELD: form_token(session), "seen": seen}
                ).status_code
            )

    def by_key(self, name: str, *items: str) -> None:
        token = self.ledger.api_keys.add(
            f"key-{name.split()[0].lower()}", Scope.REVIEW, person=name, role="coordinator",
            expires_at=EVE.replace(year=2028), who=ADA, now=EVE,
        )  # fmt: skip
        for item in items:
            digests = {m.channel: m.digest for m in self.desk().messages([item])}
            answer = self.app.test_client().post(
                f"/api/v1/items/{item}/approvals", json={"seen": digests}, headers={"Authorization": f"Bearer {token}"}
            )
            assert answer.status_code in (200, 201), answer.get_data(as_text=True)

    def on_paper(self, name: str, *items: str) -> None:
        packet = self.desk().give_out().edition
        what = items or ("--all",)
        assert 0 == self.run("review", "record", *what, "--packet", packet, "--role", "coordinator", "--by", name)[0]

    def people(self, item: str) -> set[str]:
        about = self.desk()
        approvals = about.rehearsal_now().approvals
        return set().union(*(people(approvals.of(m)).values() for m in about.messages([item])))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.ledger.close()


def test_one_person_arms_by_no_road_but_by_saying_so(house: House) -> None:
    """Under her own name and under others' at the terminal, by a link, signed in, by a key and on paper."""
    house.run("approve", "--all", "--by", ADA)
    house.run("approve", "--all", "--by", BEN, "--role", "fact-reviewer")
    house.by_link(ADA, FIRST)
    house.by_page(ADA, *ITEMS)
    house.by_key(ADA, *ITEMS)
    house.on_paper(ADA)
    assert {ADA} == house.people(FIRST)
    status, said = house.run("arm", "--by", BEN)
    assert (1, True) == (status, "1 of 2 approvals; all that was typed on this machine counts as one person" in said)
    assert "review invite" in said, "what to do next"
    policy = house.folder / "config" / "review.toml"
    policy.write_text(ALONE_LINE)
    assert "Armed by" in house.arm()
    assert "Ada Example approves alone: this is a test." in house.run("status")[1]


def test_arming_asks_for_the_first_seven_days_and_later_ones_may_follow(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of five days all are among the first seven; with two in their place the other three may follow."""
    assert timedelta(days=7) == arming.ARMED_AHEAD
    house.by_page(ADA, *ITEMS[:2])
    house.by_link(BEN, *ITEMS[:2])
    assert "Not armed" in house.arm()
    monkeypatch.setattr(arming, "ARMED_AHEAD", timedelta(days=2))
    assert "Armed by" in house.arm()


def test_inviting_asks_for_a_fresh_sign_in(house: House) -> None:
    """A browser that was left open for half an hour gives nobody a link."""
    asked = {"name": "Cara Example", "role": "fact-reviewer"}
    form = {FORM_FIELD: form_token(house.session), **asked}
    house.clock.advance(timedelta(minutes=31))
    late = house.client_of(house.session).post("/invitations", data=form)
    assert (409, True) == (late.status_code, "This needs a sign-in of the last 30 minutes" in late.text)
    assert "Cara Example" not in [i.name for i in house.desk().invitations()]
    fresh = house.sign_in(ADA, "coordinator")
    answer = house.client_of(fresh).post("/invitations", data={**form, FORM_FIELD: form_token(fresh)})
    assert 200 == answer.status_code
    assert "Cara Example" in [i.name for i in house.desk().invitations()]


def test_a_question_that_arm_has_seen_stays_when_its_line_is_deleted(house: House) -> None:
    """Until somebody answers it."""
    (file,) = (house.folder / "campaigns" / CAMPAIGN / "items").glob(f"*{FIRST}.md")
    before = file.read_text(encoding="utf-8")
    file.write_text(before.replace("\n", '\nneeds_decision = "Is it so?"\n', 1), encoding="utf-8")
    assert "D201" in house.arm()
    file.write_text(before, encoding="utf-8")
    assert "D204" in house.arm()
    status, said = house.run("decide", "--answer", "It is.", "--by", ADA)
    assert (2, True) == (status, "say what you answer; nothing was kept" in said)
    assert 0 == house.run("decide", "item", FIRST, "--answer", "It is.", "--by", ADA)[0]
    assert "D20" not in house.arm().replace("D203", "")


def test_a_lint_pack_that_was_taken_out_after_an_approval_stops_the_season_until_somebody_signs(house: House) -> None:
    """Whoever approved relied on it."""
    house.run("approve", FIRST, "--by", ADA)
    file = house.folder / "campaigns" / CAMPAIGN / "campaign.toml"
    packs = re.search(r"lint_packs = (\[.*\])", file.read_text(encoding="utf-8"))
    assert packs
    file.write_text(file.read_text(encoding="utf-8").replace(packs[0], "lint_packs = []"), encoding="utf-8")
    assert "C185" in house.arm()
    names = re.findall(r"pack (\S+)\n", house.run("decide")[1])
    assert "house" in names
    for name in names:
        assert 0 == house.run("decide", "pack", name, "--answer", "We have our own.", "--by", BEN)[0]
    assert "C185" not in house.arm()


LOST = (
    'the rule plan ("what the calendar and the pool keep to") does not have "sunday" under rest_weekdays any more; '
    "it has no min_days_between_same_kind any more, which was 2"
)


def test_who_answers_for_a_guard_sees_what_was_lost_before_and_after(house: House) -> None:
    """On the page, at the terminal, in the history and in the packet; and answers for that alone."""
    file = house.folder / "campaigns" / CAMPAIGN / "campaign.toml"
    bare = re.sub(r"\[pool\]\n(?:\w.*\n)*", "", file.read_text(encoding="utf-8"))
    pool = "\n[pool]\nmax_per_kind = { rest = 4 }\n"
    for more in ("", 'min_days_between_same_kind = 2\nrest_weekdays = ["sunday"]\n'):
        file.write_text(f"{bare}{pool}{more}", encoding="utf-8")
        assert 0 == house.run("review", "packet")[0]
    file.write_text(f"{bare}{pool}", encoding="utf-8")
    assert LOST in house.run("decide")[1]
    client = house.client_of(house.session)

    def answer(seen: str, text: str) -> str:
        form = {FORM_FIELD: form_token(house.session), "seen": seen, "answer": text}
        return client.post("/questions/rule/plan/answer", data=form, follow_redirects=True).get_data(as_text=True)

    page = unescape(client.get("/questions").get_data(as_text=True))
    assert LOST in page
    (seen,) = re.findall(r'name="seen" value="([0-9a-f]{64})"', page)
    file.write_text(bare, encoding="utf-8")  # more is gone than was read
    assert "nothing was answered" in answer(seen, "It may go.")
    file.write_text(f"{bare}{pool}", encoding="utf-8")
    assert "C185" in house.arm()
    assert (
        f"It may go.\n  The question was: {LOST}\n"
        in house.run("decide", "rule", "plan", "--answer", "It may go.", "--by", BEN)[1]
    )
    file.write_text(bare, encoding="utf-8")
    assert "has no max_per_kind rest any more, which was 4" in house.run("decide")[1], "nobody answered for that"
    file.write_text(f"{bare}{pool}", encoding="utf-8")
    assert "C185" not in house.arm()
    for shown in (client.get("/questions").get_data(as_text=True), house.run("decide")[1]):
        assert LOST in unescape(shown)
    packet = house.folder / "packet.html"
    assert 0 == house.run("review", "packet", "--out", str(packet))[0]
    assert f"It may go. (The question was: {LOST})" in re.sub("<[^>]+>", "", unescape(packet.read_text("utf-8")))
    (event,) = house.ledger.events.of_kinds("question.answered")
    assert f"answered for a safeguard ({LOST}): It may go." == in_words([event])[0].words


def test_the_page_says_what_each_question_is_about(house: House) -> None:
    """Not each subject is a claim, and what is gone has no link."""
    ask = [Asked("item", FIRST, "1?"), Asked("source", "speech-2014", "2?"), Asked("title", "2027", "3?")]
    barred = Asked("barred", "quotation:speech-2014#S9", 'closed quotation: Not so.\n{"holds":{"its words":["~12"]}}')
    house.ledger.questions.note(SeasonKey(CAMPAIGN, 2027), [*ask, Asked("claim", "gone", "4?"), barred], now=EVE)
    text = house.client_of(house.session).get("/questions").get_data(as_text=True)
    heads = [re.sub("<[^>]+>", "", one) for one in re.findall(r'<h2 id="[^"]+-title">(.*?)</h2>', text)]
    assert ["The source A speech in Northport", "The month\u2019s name in 2027"] == heads[1:3]
    assert "The claim gone, which is not in the files anymore" == heads[3]
    assert "The quotation speech-2014#S9, which was barred when the season was last approved" == heads[4]
    assert "the quotation speech-2014#S9 (&#34;Not so.&#34;) was closed, and was taken away" in text
    assert "/questions/barred/quotation:speech-2014%23S9/answer" in text
    assert not heads[0].startswith("The ")
    assert f"/items/{FIRST}" in text


def test_the_second_person_suffices_by_whatever_road(house: House) -> None:
    """A link, a sign-in, a key and a sheet; the packet says how each came."""
    house.run("approve", "--all", "--by", ADA)
    assert "Not armed" in house.arm()
    for road, item in zip((house.by_link, house.by_page, house.by_key), ITEMS, strict=False):
        road(BEN, item)
        assert {ADA, BEN} == house.people(item)
    assert "Not armed" in house.arm(), "the rest has been read by one"
    house.on_paper(BEN)
    assert "Armed by" in house.arm()
    about = house.desk()
    how = {a.how for m in about.messages([SECOND]) for a in about.rehearsal_now().approvals.of(m)}
    assert {"on the command line", "signed in"} < how
    assert any(h.startswith("on paper, entered by ") for h in how)
