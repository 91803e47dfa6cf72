"""What reviewers can do at the desk, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from scheduler.clock import VirtualClock
from scheduler.domain.approval import Approvals
from scheduler.domain.audience import Audience
from scheduler.domain.finding import Finding, Severity, Where
from scheduler.domain.message import DIGEST, FRAME, EmailBody, Message, Piece
from scheduler.domain.refusals import Refused
from scheduler.domain.rehearsal import Rehearsal
from scheduler.domain.review_policy import ROLES, ReviewPolicy, Role, Rule
from scheduler.services.approvals import NotThisWeek
from scheduler.store import Ledger
from tests.support.rehearsal_factory import claim
from tests.support.review_desk import ReviewDesk, desk_over
from tests.support.two_people import ALONE
from tests.support.world import A_MONTH, a_post, a_rehearsal, an_email

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
HERE = Where("campaigns/a-month/items/day-1.md", 3)


class Season:
    """Three days with a post and a mail each, the third in the second week; what is in the files can be changed."""

    def __init__(self, ledger: Ledger, policy: ReviewPolicy | None = None) -> None:
        self.ledger, self.policy = ledger, policy or ALONE
        self.messages = [
            make(f"day-{n}", on=date(2027, 1, day))
            for n, day in ((1, 1), (2, 2), (3, 9))
            for make in (a_post, an_email)
        ]
        self.findings: list[Finding] = []
        self.digests: list[Message] = []
        self.frames: list[Message] = []
        self.claims: dict = {}
        self.now = NOW

    def rehearse(self) -> Rehearsal:
        made = a_rehearsal(self.messages, self.findings)
        items = tuple(replace(p, week=(p.day_number - 1) // 7 + 1) for p in made.plan.items)
        campaign = replace(made.plan.campaign, claims=self.claims)
        return replace(
            made,
            plan=replace(made.plan, items=items, campaign=campaign),
            digests=tuple(self.digests),
            frames=tuple(self.frames),
            approvals=self.ledger.approvals.of_season(A_MONTH),
            requests=self.ledger.change_requests.of_season(A_MONTH),
            policy=self.policy,
        )

    def desk(self) -> ReviewDesk:
        return desk_over(self.ledger, self.rehearse, self.policy, VirtualClock(self.now), "https://news.example.org/")

    def approved(self) -> set[str]:
        rehearsal = self.rehearse()
        return {f"{m.item}/{m.channel}" for m in rehearsal.all_to_read if not rehearsal.missing(m)}


@pytest.fixture
def season(ledger: Ledger) -> Season:
    return Season(ledger)


def found(severity: Severity, where: Where = HERE, **about: Any) -> Finding:
    return Finding("L01", severity, "a word", where, **about)


ADA: dict[str, Any] = {"person": "Ada", "role": "coordinator"}
BEN = {"person": "Ben", "role": "fact-reviewer"}


# -- approving ------------------------------------------------------------------------------------------


def test_items_dates_channels_and_everything_can_be_approved(season: Season) -> None:
    """Exactly those; a second time there is nothing to do."""
    assert 1 == len(season.desk().approve(["day-1"], channel="x", **ADA).messages)
    assert {"day-1/x"} == season.approved()
    assert 2 == len(season.desk().approve(["2027-01-02"], **ADA).messages)
    again = season.desk().approve(None, **ADA)
    assert (3, 3) == (len(again.messages), again.already)
    assert 6 == len(season.approved())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"items": ["day-9"]}, "no message for 'day-9'"),
        ({"items": None, "channel": "fax"}, "no channel 'fax'"),
        ({"items": None, "role": "editor"}, "no role 'editor'"),
        ({"items": None, "role": "board-viewer"}, "does not count"),
        ({"items": None, "person": "  "}, "a name is missing"),
        ({"items": None, "person": "A\nB\x00"}, "hidden character"),
        ({"items": None, "comment": "x" * 10_001}, "longer than 10,000"),
    ],
)
def test_what_cannot_be_approved_is_refused_before_anything_is(season: Season, arguments: dict, said: str) -> None:
    """In words, and with nothing half done."""
    with pytest.raises(Refused, match=said):
        season.desk().approve(**{**ADA, **arguments})
    assert set() == season.approved()


def test_what_was_read_must_be_what_is_approved(season: Season) -> None:
    """A page that was open while somebody edited approves nothing, and says what changed."""
    seen = {(m.item, m.channel): m.digest for m in season.messages if m.item == "day-1"}
    season.messages[0] = a_post("day-1", text="Edited.")
    with pytest.raises(Refused, match=r"“day-1” \(X\) changed while you were reading"):
        season.desk().approve(["day-1"], seen=seen, **ADA)
    with pytest.raises(Refused, match=r"day-9 \(X\)"):
        season.desk().approve(["day-1"], seen={("day-9", "x"): "0" * 64}, **ADA)
    assert set() == season.approved()
    seen["day-1", "x"] = season.messages[0].digest
    del seen["day-1", "email"]
    season.desk().approve(["day-1"], seen=seen, **ADA)
    assert {"day-1/x"} == season.approved(), "only what was read"


def test_all_lists_what_is_amber_in_what_was_approved(season: Season) -> None:
    """Approving is a person's answer to amber; it is shown, and nothing of other items."""
    season.findings = [
        found(Severity.AMBER, item="day-1"),
        found(Severity.AMBER, item="day-2"),
        found(Severity.INFO, item="day-1"),
        found(Severity.AMBER, item="day-1", channel="email"),
    ]
    done = season.desk().approve(["day-1"], channel="x", **ADA)
    assert [("day-1", "")] == [(f.item, f.channel) for f in done.ambers]


@pytest.mark.parametrize("severity", [Severity.RED, Severity.AMBER])
@pytest.mark.parametrize("of_a_record", [False, True])
def test_a_week_is_approved_at_once_only_when_nothing_in_it_is_amber_or_red(
    season: Season, severity: Severity, of_a_record: bool
) -> None:
    """A finding about a record counts in the weeks that state it; another week goes, and so does a mere note."""
    season.claims = {"c": claim("c")}
    season.messages[0] = replace(season.messages[0], claims=("c",))
    season.findings = [
        found(severity, season.claims["c"].where) if of_a_record else found(severity, item="day-1", channel="x"),
        found(Severity.INFO, item="day-3"),
        found(severity, Where("config/settings.toml")),
    ]
    with pytest.raises(NotThisWeek) as refused:
        season.desk().approve_week(1, **ADA)
    assert [severity] == [f.severity for f in refused.value.findings]
    assert set() == season.approved()
    season.desk().approve_week(2, **ADA)
    assert {"day-3/x", "day-3/email"} == season.approved()
    season.findings = []
    season.desk().approve_week(1, **ADA)
    assert 6 == len(season.approved())


def test_a_week_is_approved_with_the_frame_of_its_first_digest_and_without_digests(season: Season) -> None:
    """What a digest tells of was approved with its items: it is in no week, and cannot be approved by itself."""
    season.frames.append(replace(an_email(FRAME, on=date(2027, 1, 2)), kind=FRAME))
    for day, held in ((2, ("day-1", "day-2")), (9, ("day-2", "day-3"))):
        mail = an_email(f"digest-{day}", on=date(2027, 1, day))
        parts = tuple((item, mail.due_at) for item in held)
        assert isinstance(mail.body, EmailBody)
        body = replace(mail.body, pieces=tuple(Piece(item, "2027-01-01", item, 0, 0, 0, 0) for item in held))
        season.digests.append(replace(mail, kind=DIGEST, body=body, audience=Audience(parts=parts)))
    season.desk().approve_week(1, **ADA)
    of_the_week = {"day-1/x", "day-1/email", "day-2/x", "day-2/email", "digest-frame/email", "digest-2/email"}
    assert of_the_week == season.approved()
    with pytest.raises(Refused, match="no approval of its own"):
        season.desk().approve(["digest-2"], **ADA)
    season.findings = [found(Severity.AMBER, item="day-1", channel="email")]
    season.desk().approve_week(2, **ADA)
    assert {*of_the_week, "day-3/x", "day-3/email", "digest-9/email"} == season.approved()
    assert {"day-1", "day-2", "day-3", FRAME} == {a.item for a in season.ledger.approvals.of_season(A_MONTH).all}


def test_a_week_that_is_none_is_named(season: Season) -> None:
    """With the weeks there are."""
    with pytest.raises(Refused, match="no week 7") as refused:
        season.desk().approve_week(7, **ADA)
    assert (1, 2) == (refused.value.fields["first"], refused.value.fields["last"])


# -- requests for changes -------------------------------------------------------------------------------


def test_a_request_blocks_the_item_until_it_is_answered(season: Season) -> None:
    """Asked for on all channels at once; answered channel by channel, by the same person."""
    season.desk().approve(None, **ADA)
    season.desk().request_changes("day-1", comment="The year is wrong.", **BEN)
    assert season.approved() == {"day-2/x", "day-2/email", "day-3/x", "day-3/email"}
    season.desk().approve(["day-1"], channel="x", **BEN)
    assert "day-1/x" in season.approved()
    assert "day-1/email" not in season.approved()


def test_a_request_needs_words(season: Season) -> None:
    """Without them nobody knows what to change."""
    with pytest.raises(Refused, match="comment is empty"):
        season.desk().request_changes("day-1", comment=" \n ", **BEN)
    assert () == season.desk().standing()


def test_a_board_viewer_may_ask_for_changes_and_may_not_approve(season: Season) -> None:
    """Anybody who reads may say that something is wrong."""
    season.desk().approve(None, **ADA)
    season.desk().request_changes("day-1", person="Dot", role="board-viewer", comment="Too long.")
    assert "day-1/x" not in season.approved()


def test_one_takes_back_ones_own_request_alone(season: Season) -> None:
    """Another person's stands."""
    season.desk().request_changes("day-1", comment="This.", channel="x", **BEN)
    season.desk().request_changes("day-1", comment="That.", channel="x", person="Cy", role="safety")
    season.desk().withdraw_request("2027-01-01", person=" ben", role="fact")
    assert ["Cy"] == [r.person for r in season.desk().standing("day-1")]
    with pytest.raises(Refused, match="no request"):
        season.desk().withdraw_request("day-1", **BEN)


def test_only_a_role_that_may_settles_what_others_asked_for_and_says_why(season: Season) -> None:
    """By default the coordinator."""
    season.desk().request_changes("day-1", comment="This.", **BEN)
    season.desk().request_changes("day-1", comment="That.", person="Cy", role="safety-reviewer")
    with pytest.raises(Refused, match="a safety reviewer cannot settle"):
        season.desk().settle_requests("day-1", person="Cy", role="safety", comment="Done.")
    with pytest.raises(Refused, match="comment is empty"):
        season.desk().settle_requests("day-1", comment="", **ADA)
    assert 2 == len(season.desk().settle_requests("day-1", comment="It stays.", of="ben", **ADA))
    assert {"Cy"} == {r.person for r in season.desk().standing()}
    said = [c.text for _, c in season.desk().comments("day-1")["day-1"]]
    assert 1 == said.count("It stays."), "once, whatever the number of channels"


def test_a_request_about_an_item_that_left_the_plan_can_still_be_settled(season: Season) -> None:
    """Nothing is stuck for ever."""
    season.desk().request_changes("day-3", comment="This.", channel="x", **BEN)
    season.messages = season.messages[:4]
    season.desk().settle_requests("day-3", comment="It is out.", **ADA)
    assert () == season.desk().standing()


# -- comments and invitations ---------------------------------------------------------------------------


def test_comments_make_threads_by_item(season: Season) -> None:
    """An answer stands under its comment; a comment on nothing is refused."""
    first = season.desk().comment("2027-01-01", text=" Which year? ", **BEN)
    season.desk().comment("day-1", text="2021.", answers=first.id, **ADA)
    (thread,) = season.desk().comments().values()
    assert [(0, "Which year?"), (1, "2021.")] == [(depth, c.text.strip()) for depth, c in thread]
    for wrong in ({"item": "day-9"}, {"answers": 99}, {"item": "day-2", "answers": first.id}, {"text": " "}):
        with pytest.raises(Refused):
            season.desk().comment(**{"item": "day-1", "text": "x", **ADA, **wrong})


def test_an_invitation_gives_a_private_link_for_a_role_of_the_policy(season: Season) -> None:
    """The link is below the public address, and good for as long as was said."""
    made = season.desk().invite("Ben", "fact", by="Ada", lasts=timedelta(days=2))
    prefix = "https://news.example.org/r/"
    assert made.link.startswith(prefix)
    assert ("fact-reviewer", NOW + timedelta(days=2), False) == (made.role.id, made.expires_at, made.replaced)
    known = season.ledger.invitations.find(made.link.removeprefix(prefix), now=NOW)
    assert known is not None
    assert "fact-reviewer" == known.role
    assert season.desk().invite("ben", "safety", by="Ada").replaced
    for name, role in (("Ben", "editor"), ("ben@example.org", "fact"), (" ", "fact")):
        with pytest.raises(Refused):
            season.desk().invite(name, role, by="Ada")


def test_revoking_names_who_was_never_invited(season: Season) -> None:
    """A misspelt name does not look like success."""
    season.desk().invite("Ben Example", "fact", by="Ada")
    with pytest.raises(Refused) as refused:
        season.desk().revoke("Bem Example", by="Ada")
    assert "Ben Example" == refused.value.fields["near"]
    assert (1, 0) == (season.desk().revoke("ben example", by="Ada"), season.desk().revoke("Ben Example", by="Ada"))


def test_what_is_missing_is_told_by_role_and_by_person(ledger: Ledger) -> None:
    """Who was invited for what is waited for, and what each has done."""
    season = Season(ledger, replace(ALONE, rules=(Rule(channels=("email",), roles=("fact-reviewer",)),)))
    season.desk().approve(None, **ADA)
    for name, role in (("Ben", "fact"), ("Dot", "board-viewer"), ("Cy", "safety")):
        season.desk().invite(name, role, by="Ada")
    season.desk().approve(["day-1"], **BEN)
    season.desk().request_changes("day-3", channel="x", comment="No.", person="Dot", role="board-viewer")
    standing = season.desk().how_it_stands()
    assert (6, 3) == (standing.messages, standing.approved)
    assert [("fact-reviewer", 2, ("Ben",))] == [(r.role, len(r.messages), r.people) for r in standing.by_role]
    waits = {p.invitation.name: (p.approved, [f"{m.item}/{m.channel}" for m in p.waits]) for p in standing.by_person}
    assert {"Ben": (2, ["day-2/email", "day-3/email"]), "Dot": (0, []), "Cy": (0, [])} == waits
    season.now = datetime(2027, 1, 3, tzinfo=UTC)
    assert 2 == season.desk().how_it_stands().messages, "what is over needs nobody"


# -- paper ----------------------------------------------------------------------------------------------


def test_a_signed_sheet_approves_exactly_what_the_packet_held(season: Season) -> None:
    """By the whole hash or by what is printed; without what was crossed out."""
    record = season.desk().give_out()
    season.desk().record_paper(record.edition[:12].upper(), None, without=["day-2"], **BEN)
    assert {"day-1/x", "day-1/email", "day-3/x", "day-3/email"} == season.approved()
    season.desk().record_paper(f" {record.edition} ", ["day-2"], **BEN)
    assert 6 == len(season.approved())


def test_a_sheet_of_an_earlier_packet_is_refused_with_what_changed(season: Season) -> None:
    """One comma: nothing is approved, not even the unchanged items; a packet that nobody knows is said to be one."""
    old = season.desk().give_out()
    season.messages[2] = a_post("day-2", on=date(2027, 1, 2), text="Edited.")
    with pytest.raises(Refused, match=r"changed since: day-2 \(x\)$"):
        season.desk().record_paper(old.edition, None, **BEN)
    with pytest.raises(Refused, match="nobody here knows that packet"):
        season.desk().record_paper("0" * 12, None, **BEN)
    with pytest.raises(Refused, match=r"changed since: day-2 \(x\)$"):
        season.desk().record_paper("ab" * 32, None, known=[replace(old, edition="ab" * 32)], **BEN)
    for text in ("", "abc", "x" * 64, old.edition[:11]):
        with pytest.raises(Refused, match="first 12 characters"):
            season.desk().record_paper(text, None, **BEN)
    assert set() == season.approved()


def test_a_sheet_that_an_earlier_release_printed_counts_while_nothing_on_it_has_changed(season: Season) -> None:
    """Its packet names the same messages by their digests of version 1, and has another hash for that."""
    now = season.desk().give_out()
    held = {(m.item, m.channel): m.digest_with_records for m in season.messages}
    season.ledger.packets.record(replace(now, edition="cd" * 32, held=held))
    season.messages[2] = a_post("day-2", on=date(2027, 1, 2), text="Edited.")
    with pytest.raises(Refused, match=r"changed since: day-2 \(x\)$"):
        season.desk().record_paper("cd" * 6, None, **BEN)
    season.messages[2] = a_post("day-2", on=date(2027, 1, 2))
    season.desk().record_paper("cd" * 6, ["day-1", "day-2"], **BEN)
    assert {"day-1/x", "day-1/email", "day-2/x", "day-2/email"} == season.approved()


def test_a_sheet_with_everything_crossed_out_or_an_unknown_item_is_refused(season: Season) -> None:
    """A typing mistake in --except must not approve what somebody crossed out."""
    record = season.desk().give_out()
    for without in (["day-1", "day-2", "day-3"], ["day-22"]):
        with pytest.raises(Refused):
            season.desk().record_paper(record.edition, None, without=without, **BEN)
    assert Approvals() == season.ledger.approvals.of_season(A_MONTH)


def test_roles_of_ones_own_are_known_at_the_desk(ledger: Ledger) -> None:
    """The policy is asked, not a list in the program."""
    season = Season(ledger, replace(ALONE, roles={**ROLES, "press": Role("press", settles=True)}))
    season.desk().request_changes("day-1", comment="This.", **BEN)
    season.desk().settle_requests("day-1", comment="Done.", person="Pat", role="press")
    season.desk().approve(["day-1"], person="Pat", role="press")
    assert "day-1/x" in season.approved()
