"""C185 to C187: what guarded the season when it was approved does not go, and is not loosened, without a word."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from scheduler.content.checks import guards_of, load_lint_packs
from scheduler.content.checks.context import Material
from scheduler.content.checks.guards import check_guards
from scheduler.domain.campaign import CalendarDay, Campaign, Hashtag, PoolRules
from scheduler.domain.claim import ClaimSource, Contest, Signatures
from scheduler.domain.consent import Consent
from scheduler.domain.dates import DateRule, RuleKind
from scheduler.domain.finding import Finding, Severity, Where
from scheduler.domain.planned_item import Plan
from scheduler.domain.question import Asked, Question, Questions
from scheduler.domain.review_policy import ROLES, Alone, ReviewPolicy, Rule
from scheduler.domain.season_guard import guards_anything, lost_guards, rule_guard
from scheduler.settings import Notices
from tests.support.checks_factory import LINT, TODAY, a_campaign, claim, contact, settings, source
from tests.support.factories import season

PACKS = ("house", "human-trafficking")
PAGE = "Call a number that somebody answers. It never sleeps."


def guard(asked: Asked, **answered: object) -> Question:
    seen = datetime(2026, 12, 1, tzinfo=UTC)
    return Question("month", 2027, asked.subject, asked.subject_id, asked.text, seen, **answered)  # type: ignore[arg-type]


def told(
    campaign: Campaign,
    known: Iterable[Question],
    lint: Path = LINT,
    policy: ReviewPolicy | None = None,
    before: Iterable[Question] = (),
    **changed: Any,
) -> list[Finding]:
    plan = Plan(campaign, season(campaign, 2027), "National Test Month", ())
    packs, _ = load_lint_packs(campaign.lint_packs, lint)
    of = settings(**changed)
    given = {"questions": Questions(tuple(known), tuple(before)), "guards": guards_of(campaign, packs, of, policy)}
    return list(check_guards(Material(plan, (), of, Signatures(), TODAY, packs, **given)))  # type: ignore[arg-type]


def remembered(campaign: Campaign, lint: Path = LINT) -> list[Asked]:
    return [*filter(guards_anything, guards_of(campaign, load_lint_packs(campaign.lint_packs, lint)[0], settings()))]


def test_a_pack_a_rule_and_a_stored_text() -> None:
    """C185 for a pack that was taken out, a rule that is gone or milder; C186 for a stored text that is another one."""
    page = source("page", PAGE, {"words": "Call a number that somebody answers."})
    before = a_campaign(sources=[page], lint_packs=PACKS)
    stood = [
        *remembered(before),
        rule_guard("house", "L99", Severity.RED, "Gone"),
        rule_guard("house", "L17", Severity.RED, "Once red"),
    ]

    def messages(campaign: Campaign, *known: Question) -> list[str]:
        return [f.message for f in told(campaign, known)]

    assert [] == messages(before, *map(guard, stood[:-2]))
    both = messages(before, *map(guard, stood))
    assert both == [
        'the rule L17 ("Once red") was red, and is info',
        'the rule L99 ("Gone") was taken out of the lint pack house',
    ]
    answered = guard(stood[-1], answer="It may.", answered_at=datetime(2026, 12, 2, tzinfo=UTC))
    assert both[1:] == messages(before, *map(guard, stood[:-1]), answered), "somebody has signed for it"
    milder = a_campaign(sources=[page], lint_packs=PACKS[:1])
    gone = messages(milder, *map(guard, stood[:-2]))
    assert 2 == len(gone) == len([m for m in gone if m.startswith("the lint pack human-trafficking")])
    other = a_campaign(sources=[replace(page, text=page.text + " ")], lint_packs=PACKS)
    assert ["stored text of page"] == [m[4:23] for m in messages(other, *map(guard, stood[:-2]))]
    without = a_campaign(lint_packs=PACKS)
    assert [] == messages(without, *map(guard, stood[:-2])), "nothing is quoted from a source that is gone"


PACK = """\
title = "Mine"
cause_words = ["harbor", "quay"]

[quantities.nouns]
people = ["sailors"]

[[quantities.silent]]
name = "laps"
patterns = ['lap']
good = ["Four laps."]

[[quantities.same]]
words = ["knots"]

[neutral]
house = ["calm", "each"]

[families]
not = ["not"]
doubt = ["myth"]
asked = ["do"]
answers = ["no"]
danger = ["van", "truck"]
spare = ["a", "b"]

[[rule]]
id = "MC01"
type = "words"
title = "Nobody is told to follow anyone"
severity = "red"
why = "A wrong guess harms a stranger."
words = ["^ follow .. {danger}", "^ chase .. {danger}"]
patterns = ["tai[l]s"]
allow = ["follow us"]
where = ["post", "email"]
denied = "before"
quotations = true
unless = ["(instagram|newsletter)"]

[[rule]]
id = "MC02"
type = "share"
title = "Enough of one topic"
severity = "amber"
why = "Both are told."
topics = ["labour"]
least = 0.3
"""


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        (', "^ chase .. {danger}"]', "]", "\"^ chase .. {danger}\" under words"),
        ('patterns = ["tai[l]s"]\n', "", "\"tai[l]s\" under patterns"),
        ('["follow us"]', '["follow us", "the van"]', "lets pass \"the van\" under allow"),
        ('where = ["post", "email"]', 'where = ["post"]', '"email" under where'),
        ("quotations = true\n", "", '"quotations" under flags'),
        ('["(instagram|newsletter)"]', '["(instagram|newsletter)", "anyway"]', "\"anyway\" under unless"),
        ('denied = "before"', 'denied = "anywhere"', 'lets pass "anywhere" under denied'),
        ("least = 0.3", "least = 0.2", "has least 0.2, which was 0.3"),
        ("least = 0.3", "least = 0.4", ""),
        ('"van", "truck"]', '"van"]', "\"truck\" under words"),
        ('"van", "truck"]', '"van", "truck", "bus"]', ""),
        ('not = ["not"]', 'not = ["not", "we"]', "\"we\" under words"),
        ('spare = ["a", "b"]\n', "", 'the rule mine:spare ("the family of words spare") was taken out'),
        ("^ follow .. {danger}", "^ follow .. {danger}\", \"^ shadow", ""),
        ('cause_words = ["harbor", "quay"]', 'cause_words = ["harbor"]', "\"quay\" under cause_words"),
        ('people = ["sailors"]', 'people = []', "\"sailors\" under nouns"),
        ('["calm", "each"]', '["calm", "each", "harbor"]', "lets pass \"harbor\" under neutral"),
        ('["knots"]', '[]', ""),
        ("['lap']", "['lap', 'crew']", "lets pass \"crew\" under silent"),
        ('severity = "red"', 'severity = "amber"', "was red, and is amber"),
        ('"Enough of one topic"', '"Enough of a topic"', ""),
    ],
)  # fmt: skip
def test_all_that_a_rule_says_is_compared(tmp_path: Path, was: str, now: str, said: str) -> None:
    """What makes it stricter, or says the same in other words, is not told."""
    campaign = a_campaign(lint_packs=("mine",))
    (tmp_path / "mine.toml").write_text(PACK, encoding="utf-8")
    known = [*map(guard, remembered(campaign, tmp_path))]
    assert PACK.count(was) == 1
    (tmp_path / "mine.toml").write_text(PACK.replace(was, now), encoding="utf-8")
    found = told(campaign, known, tmp_path)
    assert bool(said) == bool(found), found
    if said:
        assert ("C185", 1, True) == (found[0].code, len(found), said in found[0].message), found[0].message
        assert "config/lint/mine.toml" == found[0].where.path


def test_long_words_are_known_by_their_mark_and_named_by_how_they_begin(tmp_path: Path) -> None:
    """A ledger from before their beginnings were kept has the marks alone."""
    gone = ["follow .. the van that waits for nobody at all", "chase", "tail", "shadow"]
    campaign = a_campaign(lint_packs=("mine",))

    def stands(*words: str) -> None:
        text = PACK.replace('["^ follow .. {danger}", "^ chase .. {danger}"]', json.dumps([*words, "stalk"]))
        (tmp_path / "mine.toml").write_text(text, encoding="utf-8")

    stands(*gone)
    known = remembered(campaign, tmp_path)
    (rule,) = (one for one in known if one.subject_id == "MC01")
    head, _, terms = rule.text.partition("\n")
    held = json.loads(terms)
    held["holds"]["words"] = [f"~{hashlib.sha256(word.encode()).hexdigest()[:6]}" for word in (*gone, "stalk")]
    older = [replace(rule, text=f"{head}\n{json.dumps(held)}")]
    assert [] == told(campaign, map(guard, older), tmp_path)
    stands()
    lost = [f.message.partition(" does not have ")[2] for f in told(campaign, map(guard, known), tmp_path)]
    assert ['"follow .. the van th …", "chase", "tail" and 1 other under words any more'] == lost
    packs, _ = load_lint_packs(("mine",), tmp_path)
    (one,) = lost_guards(Questions(tuple(map(guard, known))), guards_of(campaign, packs, settings()))
    assert '"chase", "tail", "shadow" under words' in one.in_full, "who answers for it sees each"
    assert "does not have 4 of 5 under words" in told(campaign, map(guard, older), tmp_path)[0].message


def test_an_older_ledger_has_no_terms_and_a_limit_of_age_is_a_rule(tmp_path: Path) -> None:
    campaign = a_campaign(lint_packs=PACKS)
    old = [replace(one, text=one.words) for one in remembered(campaign)]
    assert [] == told(campaign, map(guard, old), contact_max_age_days=366)
    known = [*map(guard, remembered(campaign))]
    (found,) = told(campaign, known, contact_max_age_days=366)
    assert "C185 config/settings.toml" == f"{found.code} {found.where.path}"
    assert found.where.line
    assert found.message.endswith("has limit 366, which was 90")
    assert [] == told(campaign, known, contact_max_age_days=30)


def read_by(person: str) -> ClaimSource:
    of = claim("one").source
    return replace(of, primary_seen=True, seen_by=person, seen_on=date(2026, 12, 20))


def whole() -> dict[str, Any]:
    """Records that bar something."""
    tags = [
        Hashtag("Bad", "avoid", Where("hashtags.toml", 1)),
        Hashtag("Kept", "active", Where("hashtags.toml", 2), (2026,)),
        Hashtag("Good", "active", Where("hashtags.toml", 3)),
    ]
    agreed = Consent(
        "c-1", "p1", "a first name", ("one",), date(2026, 1, 1), date(2027, 1, 31), "safe", "by letter", Where("c", 1)
    )
    return {
        "claims": [
            claim("false", "debunked", numbers=["300,000"]),
            claim(
                "true",
                contested_by=(Contest("https://a.test", "2026", "No."),),
                review_by=date(2027, 3, 1),
                hard_expires=date(2027, 6, 1),
            ),
            claim("read", source=read_by("Robin")),
        ],
        "contacts": [contact("old", "1-800-555-0100", "superseded", find=("5550100", "the old line"))],
        "sources": [source("page", PAGE, {"words": "It never sleeps.", "quotable": False}, {"words": "Call a number"})],
        "hashtags": {tag.tag: tag for tag in tags},
        "consents": {"c-1": agreed, "c-2": replace(agreed, id="c-2", withdrawn_on=date(2026, 12, 1))},
    }


def _one(kind: str, number: int, /, **changes: Any) -> dict[str, Any]:
    records = whole()
    if isinstance(records[kind], dict):
        key = [*records[kind]][number]
        records[kind] = {**records[kind], key: replace(records[kind][key], **changes)}
    else:
        records[kind][number] = replace(records[kind][number], **changes)
    return records


def _without(kind: str, key: Any) -> dict[str, Any]:
    records = whole()
    del records[kind][key]
    return records


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (whole(), ""),
        (_one("contacts", 0, find=("5550100",)), 'does not have "the old line" under value and find any more'),
        (_one("contacts", 0, find=("5550100", "the old line", "more")), ""),
        (_one("contacts", 0, value="1-800-555-0199"), 'does not have "1-800-555-0100"'),
        (_one("contacts", 0, status="active"), "was superseded, and is active"),
        (_without("contacts", 0), "was superseded, and was taken away"),
        (_one("claims", 0, status="current"), "was debunked, and is current"),
        (_one("claims", 0, numbers=("300",)), '"300,000" under numbers'),
        (_without("claims", 0), "was debunked, and was taken away"),
        (_without("claims", 1), ""),
        (_one("claims", 1, review_by=date(2028, 3, 1)), "has review_by 2028-03-01, which was 2027-03-01"),
        (_one("claims", 1, kind="definition"), 'does not have "statistic" under kind'),
        (_one("claims", 1, source=read_by("Robin")), 'lets pass "Robin on 2026-12-20" under seen_by'),
        (_one("claims", 2, source=read_by("Sam")), 'lets pass "Sam on 2026-12-20" under seen_by'),
        (_one("claims", 2, source=read_by("")), ""),
        (_one("claims", 1, contested_by=()), '"https://a.test" under contested_by'),
        (_one("claims", 1, hard_expires=None), "has no hard_expires any more, which was 2027-06-01"),
        (_one("claims", 1, hard_expires=date(2027, 5, 1), status="unsourced"), ""),
        (_one("hashtags", 0, status="active"), "was avoid, and is active"),
        (_without("hashtags", "Bad"), "was avoid, and was taken away"),
        (_one("hashtags", 1, seasons=(2026, 2027)), 'lets pass "2027" under seasons'),
        (_one("hashtags", 1, seasons=()), "was kept, and is active"),
        (_without("hashtags", "Good"), ""),
        (_one("consents", 1, withdrawn_on=None), "was withdrawn, and is given"),
        (_one("consents", 0, until=date(2028, 1, 31)), "has until 2028-01-31"),
        (_one("consents", 0, items=("one", "two")), '"two" under items'),
        (_one("consents", 0, channels=("x",)), ""),
        ({**whole(), "sources": [source("page", PAGE, {"words": "It never sleeps."})]}, "was closed, and is open"),
        ({**whole(), "sources": [source("page", PAGE)]}, "was closed, and was taken away"),
        ({**whole(), "sources": []}, ""),
        (_one("sources", 0, own_words=True), "was somebody-else's, and is own"),
    ],
)  # fmt: skip
def test_what_a_campaign_has_barred_is_still_barred(after: dict[str, Any], said: str) -> None:
    known = [*map(guard, remembered(a_campaign(lint_packs=(), **whole())))]
    found = told(a_campaign(lint_packs=(), **after), known)
    assert bool(said) == bool(found), found
    if said:
        (one,) = found
        assert ("C187", True) == (one.code, said in one.message), one.message
        assert one.where.path
        assert "`decide barred '" in one.hint


def test_the_ledger_remembers_no_record_that_bars_nothing() -> None:
    names = [one.subject_id for one in remembered(a_campaign(lint_packs=(), **whole()))]
    assert "hashtag:Good" not in names
    assert "quotation:page#P2" not in names
    assert "hashtag:Bad" in names
    assert all(one.words == one.text.split("\n")[0] for one in remembered(a_campaign(lint_packs=(), **whole())))
    assert all(json.loads(one.text.split("\n")[1]) for one in remembered(a_campaign(**whole())) if "\n" in one.text)


POLICY = ReviewPolicy(
    approvals=3, rules=(Rule("contact", roles=("safety-reviewer",)), Rule(kinds=("fact", "help"), approvals=4))
)


@pytest.mark.parametrize(
    ("was", "now", "changed", "said"),
    [
        ('severity = "red"', 'severity = "amber"', {}, 'was red, and is amber, against how it stood when the season of 2026 was'),
        ('id = "MC02"', 'id = "MC03"', {}, "was taken out of the lint pack mine"),
        ('where = ["post", "email"]', 'where = ["post"]', {}, ""),
        ('words = ["^ follow .. {danger}", "^ chase .. {danger}"]', 'words = ["^ shadow"]', {}, '"^ follow .. {danger}", "^ chase .. {danger}" under words'),
        ('people = ["sailors"]', 'people = []', {}, '"sailors" under nouns'),
        ('least = 0.3', 'least = 0.1', {}, "has least 0.1, which was 0.3"),
        ('["calm", "each"]', '["calm", "each", "harbor"]', {}, ""),
        ('least = 0.3', 'least = 0.3', {"contact_max_age_days": 366}, "has limit 366, which was 90"),
    ],
)  # fmt: skip
def test_a_season_is_held_against_the_last_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, was: str, now: str, changed: dict[str, Any], said: str
) -> None:
    """Of packs of the program by what is there, how much it forbids, and the larger part of its lists: words change
    with it. Of a project's own by each word, as within a season, also where the program's stands in its place."""
    campaign, file = a_campaign(lint_packs=("mine",)), tmp_path / "mine.toml"
    file.write_text(PACK, encoding="utf-8")
    stood = [replace(guard(one), season=2026) for one in remembered(campaign, tmp_path)]
    assert [] == told(campaign, (), tmp_path, before=stood)
    with monkeypatch.context() as as_shipped:
        as_shipped.setattr("scheduler.content.checks.guards.are_shipped", lambda packs: True)
        of_program = [replace(guard(one), season=2026) for one in remembered(campaign, tmp_path)]
    file.write_text(PACK.replace(was, now), encoding="utf-8")
    (own,) = told(campaign, (), tmp_path, before=stood, **changed)
    assert (said or ('"email" under where' if "where" in was else '"harbor" under neutral')) in own.message
    monkeypatch.setattr("scheduler.content.checks.guards.are_shipped", lambda packs: True)
    (taken_away,) = told(campaign, (), tmp_path, before=stood, **changed)
    assert own.message == taken_away.message
    found = told(campaign, (), tmp_path, before=of_program, **changed)
    assert ([own.message] if said else []) == [f.message for f in found]


@pytest.mark.parametrize("season_before", [True, False])
def test_a_file_of_rules_that_a_hand_has_changed_or_taken_away_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, season_before: bool
) -> None:
    """Within a season and between two; one of the program changes with it."""
    file, shipped = tmp_path / "lint" / "days" / "en.toml", tmp_path / "config" / "lint" / "days" / "en.toml"
    texts = [f'title = "Days {number}"\n' for number in range(3)]
    for one in (file, shipped):
        one.parent.mkdir(parents=True)
        one.write_text(texts[0], encoding="utf-8")
    monkeypatch.setattr("scheduler.content.checks.guards.starter_folder", lambda: tmp_path)
    campaign = a_campaign(lint_packs=())
    when = f"by which the season{' of 2026' if season_before else ''} was last approved"
    changed = f"the rules of config/lint/days/en.toml are not those {when}"

    def stands() -> tuple[Asked, ...]:
        return guards_of(campaign, [], settings(), None, tmp_path / "lint")

    def told_of(asked: tuple[Asked, ...]) -> list[str]:
        rows = tuple(replace(guard(one), season=2026 if season_before else 2027) for one in asked)
        known = Questions(before=rows) if season_before else Questions(rows)
        return [lost.words for lost in lost_guards(known, stands())]

    of_program = stands()
    shipped.write_text(texts[1], encoding="utf-8")
    file.write_text(texts[1], encoding="utf-8")
    assert [] == told_of(of_program), "a release came with other rules"
    file.unlink()
    assert [] == told_of(of_program) == told_of(stands()), "those of the program stand without a file, too"
    file.write_text(texts[2], encoding="utf-8")
    assert [changed] == told_of(of_program), "a file of one's own stands in their place"
    own = stands()
    assert [] == told_of(own)
    file.unlink()
    gone = f"config/lint/days/en.toml, {when}, was taken away"
    assert [f"{gone}: the program's own stand in its place"] == told_of(own)
    shipped.unlink()
    assert [gone] == told_of(own)


def test_what_was_loosened_twice_is_asked_once_with_all_of_it(tmp_path: Path) -> None:
    """One answer is for all of it, also for how it stood in the last season."""
    campaign, file = a_campaign(lint_packs=("mine",)), tmp_path / "mine.toml"

    def stands(where: str, least: str) -> list[Asked]:
        text = PACK.replace('["post", "email"]', where).replace("least = 0.3", f"least = {least}")
        file.write_text(text, encoding="utf-8")
        return remembered(campaign, tmp_path)

    first = [*map(guard, stands('["post", "subject"]', "0.4"))]
    second = [*map(guard, stands('["post", "email"]', "0.3"))]
    now = stands('["post"]', "0.2")
    said = [f.message.partition('") ')[2] for f in told(campaign, (*first, *second), tmp_path)]
    assert said == [
        'does not have "subject", "email" under where any more',
        "has least 0.2, which was 0.4",
    ]
    of_last = [replace(one, season=2026) for one in first]
    both = [f.message for f in told(campaign, second, tmp_path, before=of_last)]
    assert 2 == len(both)
    assert '"email" under where any more; and the rule MC01' in both[0]
    assert both[0].endswith("when the season of 2026 was last approved")
    answers: dict[str, Any] = {"answer": "They may.", "answered_at": datetime(2026, 12, 2, tzinfo=UTC)}
    settled = [replace(one, **answers) if one.subject_id in ("MC01", "MC02") else one for one in second]
    assert [] == told(campaign, (*settled, *map(guard, now)), tmp_path, before=of_last)


def test_the_days_of_records_move_on_from_season_to_season_and_what_is_barred_stays_so() -> None:
    before = [replace(guard(one), season=2026) for one in remembered(a_campaign(lint_packs=(), **whole()))]

    def messages(records: dict[str, Any]) -> list[str]:
        return [f.message for f in told(a_campaign(lint_packs=(), **records), (), before=before)]

    assert [] == messages(whole()) == messages(_one("claims", 1, review_by=date(2028, 3, 1)))
    (milder,) = messages(_one("claims", 0, status="current"))
    assert "was debunked, and is current, against how it stood when the season of 2026 was last approved" in milder
    changed = _one("sources", 0, text=PAGE + " ")
    (other,) = messages(changed)
    assert other.endswith("is not the one that stood when the season of 2026 was last approved")


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (POLICY, ""),
        (replace(POLICY, approvals=2), "has approvals 2, which was 3"),
        (replace(POLICY, approvals=4), ""),
        (replace(POLICY, rules=POLICY.rules[1:]), '"safety-reviewer (contact each each each)" under roles'),
        (replace(POLICY, rules=(POLICY.rules[0], Rule(kinds=("fact",), approvals=4))), "has no approvals (each help each each)"),
        (replace(POLICY, rules=(POLICY.rules[0], replace(POLICY.rules[1], approvals=3))), "3, which was 4"),
        (replace(POLICY, author_may_be_alone=True), 'lets pass "yes" under author_may_be_alone'),
        (replace(POLICY, late_approvals=False), ""),
        (replace(POLICY, alone=Alone("Robin", "We are one.")), ""),
        (replace(POLICY, roles={**ROLES, "board-viewer": replace(ROLES["board-viewer"], approves=True)}), '"board-viewer"'),
    ],
)  # fmt: skip
def test_who_must_have_approved_is_a_rule(after: ReviewPolicy, said: str) -> None:
    campaign = a_campaign(lint_packs=())
    known = [guard(one) for one in guards_of(campaign, [], settings(), POLICY)]
    found = told(campaign, known, policy=after)
    assert bool(said) == bool(found), found
    if said:
        (one,) = found
        assert ("C185", "config/review.toml") == (one.code, one.where.path)
        assert said in one.message


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, ""),
        ({"smtp_host": ""}, 'does not have "smtp" under ways any more'),
        ({"reviewers_at": "", "deputy": ()}, 'does not have "reviewers_at", "deputy" under what is told any more'),
        ({"unapproved_hours": 0}, "has no unapproved_hours any more, which was 48"),
        ({"unapproved_hours": 72, "help_line_days": 21, "hold_hours": 6}, ""),
        ({"hold_hours": 48}, "has hold_hours 48, which was 12"),
    ],
)
def test_that_people_are_told_is_relied_on_too(changed: dict[str, Any], said: str) -> None:
    campaign = a_campaign(lint_packs=())
    ways: dict[str, Any] = {"smtp_host": "mail.test", "deputy": ("deputy@example.org",)}
    known = [guard(one) for one in guards_of(campaign, [], settings(notices=Notices(**ways)))]
    assert not [one for one in known if "deputy@" in one.text], "no address is in the ledger"
    found = told(campaign, known, notices=Notices(**{**ways, **changed}))
    assert [("amber", True)] * bool(said) == [(f.severity, said in f.message) for f in found], found


def test_what_the_plan_keeps_to_what_may_be_spent_and_files_of_rules(tmp_path: Path) -> None:
    """Of a file of rules nobody can tell what makes it stricter, so any change of a project's own is asked about."""
    (tmp_path / "days").mkdir()
    (tmp_path / "days" / "en.toml").write_text('title = "Days"\n', encoding="utf-8")
    pool = PoolRules(
        min_days_between_same_kind=3,
        max_per_kind={"help": 2},
        min_share_of_topic={"labour": 0.33},
        rest_weekdays=("sunday",),
    )
    quiet = CalendarDay(DateRule(RuleKind.FIXED, month=1, day=27), "one", Where("calendar.toml", 1), quiet=True)
    before, of = a_campaign(lint_packs=()), settings()
    before = replace(before, pool=pool, calendar=(quiet,), publishers={"CDC": ("cdc.gov",)})
    x = replace(of.channels["x"], options={"spending_limit": 20})
    of = replace(of, channels={**of.channels, "x": x})
    stood = [*map(guard, guards_of(before, [], of, None, tmp_path))]

    def messages(campaign: Campaign = before, spent: float = 20) -> list[tuple[str, str]]:
        settled = replace(of, channels={"x": replace(x, options={"spending_limit": spent})})
        now = guards_of(campaign, [], settled, None, tmp_path)
        plan = Plan(campaign, season(campaign, 2027), "Month", ())
        known = Questions(tuple(stood))
        material = Material(plan, (), settled, Signatures(), TODAY, guards=now, questions=known)
        return [(str(f.severity), f.message) for f in check_guards(material)]

    assert [] == messages() == messages(spent=10)
    assert "has limit 30.0, which was 20.0" in messages(spent=30)[0][1]
    assert "has no limit any more" in messages(spent=0)[0][1]
    ((_, share),) = messages(replace(before, pool=PoolRules(min_share_of_topic={"labour": 0.2})))
    parts = share.partition(' keep to") ')[2].split("; it ")
    assert parts == [
        'does not have "sunday" under rest_weekdays any more',
        "has no max_per_kind help any more, which was 2",
        "has min_share_of_topic labour 0.2, which was 0.33",
        "has no min_days_between_same_kind any more, which was 3",
    ]
    ((_, host),) = messages(replace(before, publishers={"CDC": ("cdc.gov", "cdc.test")}))
    assert host.endswith('lets pass "cdc.test (CDC)" under hosts')
    ((_, host),) = messages(replace(before, publishers={}))
    assert host.endswith('does not have "cdc.gov (CDC)" under hosts any more')
    assert '"one" under quiet days' in messages(replace(before, calendar=(replace(quiet, quiet=False),)))[0][1]
    (tmp_path / "days" / "en.toml").write_text('title = "Days in English"\n', encoding="utf-8")
    changed = "the rules of config/lint/days/en.toml are not those by which the season was last approved"
    assert [("amber", changed)] == messages()
