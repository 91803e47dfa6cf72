"""What is wrong with the words of a template or a setting: one finding, in the file that has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from scheduler.content.checks.words_of_all import told_once
from scheduler.domain.finding import Finding, Severity, Where
from scheduler.domain.planned_item import Plan, PlannedItem
from tests.support.checks_factory import START, a_campaign, item
from tests.support.factories import season

IDS = ("one", "two", "three", "four", "five", "six")
POSTS = frozenset({"x"})


def a_project(root: Path) -> Plan:
    (root / "config").mkdir()
    (root / "config" / "settings.toml").write_text(
        'mode = "rehearsal"\nsigned_as = "rescuer of 4,000 girls"\n', "utf-8"
    )
    (root / "templates" / "email").mkdir(parents=True)
    (root / "templates" / "email" / "base.html").write_text("<p>\nA friend of\n900 people.</p>", "utf-8")
    campaign = a_campaign()
    items = [
        PlannedItem(number, START, replace(item(name), where=Where(f"campaigns/test/items/{name}.md", 2)), None, 1)
        for number, name in enumerate(IDS, 1)
    ]
    return Plan(campaign, season(campaign, 2027), "Test Month", tuple(items))


def said(plan: Plan, words: str, items: Sequence[str], channel: str = "email") -> list[Finding]:
    places = {p.item.id: p.item.where for p in plan.items}
    message = f"no claim of this item says {words}" if words else "the help line is missing"
    return [
        Finding("C150", Severity.RED, message, places[name], item=name, channel=channel, words=words) for name in items
    ]


def test_what_most_messages_have_is_told_once_where_it_stands(tmp_path: Path) -> None:
    plan = a_project(tmp_path)
    found = said(plan, "4,000 girls, Harbor", IDS)
    found += said(plan, "900 people", IDS)
    found += said(plan, "", IDS[:4])
    settings, words, frame = told_once(found, plan, tmp_path / "templates", POSTS)
    assert settings.where == Where("config/settings.toml", 2)
    assert words.where == Where("templates/email/base.html", 3)
    assert frame.where == Where("templates/email/base.html")
    assert (frame.item, frame.items, frame.channel) == ("", IDS[:4], "email")
    assert settings.concerns("six", "email")
    assert not frame.concerns("six", "email")


def test_what_a_record_prints_in_each_message_is_told_in_the_file_of_records(tmp_path: Path) -> None:
    """A mistyped help line: nothing is wrong with the template that prints it."""
    plan = a_project(tmp_path)
    records = tmp_path / Path(plan.campaign.where.path).parent / "contacts.toml"
    records.parent.mkdir(parents=True)
    records.write_text('[[contact]]\nvalue = "1-888-555-0100"\n', "utf-8")
    (found,) = told_once(said(plan, "1-888-555-0100", IDS), plan, tmp_path / "templates", POSTS)
    assert found.where == Where(str(records.relative_to(tmp_path)), 2)


def test_what_stands_in_an_item_is_told_there(tmp_path: Path) -> None:
    """A few items alike, and words that stand in the items themselves."""
    plan = a_project(tmp_path)
    few = said(plan, "900 people", IDS[:3])
    typed = [
        Finding("C150", Severity.RED, "in each", Where(f"campaigns/test/items/{name}.md", 40), item=name)
        for name in IDS
    ]
    assert [*typed, *few] == told_once([*few, *typed], plan, tmp_path / "templates", POSTS)


def test_what_one_part_of_most_emails_lacks_is_one_finding(tmp_path: Path) -> None:
    """M206: the words differ from email to email, and the frame is at fault."""
    plan = a_project(tmp_path)
    found = [replace(said(plan, f"Source: {name}", [name])[0], code="M206") for name in IDS]
    assert ["M206"] == [one.code for one in told_once(found, plan, tmp_path / "templates", POSTS)]
