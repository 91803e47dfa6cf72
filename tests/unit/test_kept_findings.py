"""Findings of items that did not change are kept: they are those of a fresh look, and only what changed is looked at."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler.content.checks import all_checks
from scheduler.content.checks.context import Material
from scheduler.content.checks.findings_of_items import FINDINGS, KeptFindings
from scheduler.content.render.kept_messages import MESSAGES
from scheduler.domain.finding import Finding
from scheduler.domain.message import Message
from scheduler.domain.rehearsal import Rehearsal
from scheduler.services.seasons import rehearse
from scheduler.what_items_share import fingerprint_of_message
from scheduler.wiring import open_project
from tests.support import rehearsed_once
from tests.support.checks_factory import (
    LINT,
    START,
    a_campaign,
    claim,
    contact,
    email,
    findings,
    item,
    post,
    replace,
    settings,
    source,
)
from tests.support.small_month import CAMPAIGN, EVE, copy_small_month

#: Each is found by another check, or by none.
SENTENCES = (
    "A quiet sentence.",
    "27.6 million people are held today.",
    "Most people never ask.",
    "Tomorrow is Monday.",
    "Come on February 30.",
    "Call 1-888-555-0100.",
    "Call 1-888-555-0199, it is free.",
    "La l\u00ednea atiende en todos los idiomas.",
    'They said "we will never rest until it ends" to all.',
    "My neighbor was sold by his boss.",
    "Read https://bit.ly/more.",
    "See https://institute.test/r and #Unknown.",
    "LOUDLY, and now! Really! Now!",
    "Ada Lowe spoke of it in 2012.",
)
SPEECH = "We must do more, and we must do it now. Nobody stands alone here."


class World:
    """A campaign that somebody works on: each edit is one that a person makes."""

    def __init__(self, lint: Path, chance: random.Random) -> None:
        self.lint, self.chance = lint, chance
        self.texts = {f"item-{n}": self.words() for n in range(4)}
        self.days = {name: n for n, name in enumerate(self.texts)}
        self.claims = {"held": "27.6 million people are held", "old": "most people never ask"}
        self.line, self.host, self.title = "1-888-555-0100", "news.coalition.test", "The Line"

    def words(self) -> str:
        return "\n\n".join(self.chance.choices(SENTENCES, k=3))

    def edit(self) -> None:
        name = self.chance.choice([*self.texts])
        for change in self.chance.sample([self.rewrite] * 5 + self.others, 1):
            change(name)

    @property
    def others(self) -> list[Any]:
        return [self.move, self.correct_claim, self.dial, self.move_pages, self.rename, self.rule]

    def rewrite(self, name: str) -> None:
        self.texts[name] = self.words()

    def move(self, name: str) -> None:
        self.days[name] = self.chance.randrange(20)

    def correct_claim(self, _: str) -> None:
        self.claims["held"] = self.chance.choice(("27.6 million people are held", "12 million people are held"))

    def dial(self, _: str) -> None:
        self.line = self.chance.choice(("1-888-555-0100", "1-888-555-0199"))

    def move_pages(self, _: str) -> None:
        self.host = self.chance.choice(("news.coalition.test", "bit.ly"))

    def rename(self, _: str) -> None:
        self.title = self.chance.choice(("The Line", "The Other Line"))

    def rule(self, _: str) -> None:
        with (self.lint / "voice.toml").open("a") as file:
            word = self.chance.choice(("quiet", "sentence", "neighbor"))
            file.write(
                f'\n[[rule]]\nid = "ZZ{self.chance.randrange(99)}"\ntitle = "{word}"\ntype = "words"\nseverity = "amber"\n'
                f'why = "a test"\nwords = ["{word}"]\n'
            )

    def look(self) -> list[Finding]:
        campaign = a_campaign(
            [item(name, claims=("held",), title=name) for name in self.texts],
            claims=[claim(name, text=text) for name, text in self.claims.items()],
            contacts=[contact("line", self.line, label=self.title)],
            sources=[source("speech", SPEECH, {"words": "We must do more, and we must do it now."})],
            lint_packs=("house",),
        )
        messages = []
        for name, text in self.texts.items():
            on = START + timedelta(days=self.days[name])
            messages += [post(name, text[:200], on=on), email(name, text, on=on)]
        return findings(campaign, *messages, lint_dir=self.lint, settings=settings(public_url=f"https://{self.host}"))


def test_a_whole_rehearsal_is_that_of_a_fresh_look(tmp_path: Path) -> None:
    """Messages too are kept item by item, with all that was found on the way."""
    copy_small_month(tmp_path)
    state, campaign = tmp_path / "state", tmp_path / "campaigns" / CAMPAIGN
    env = {"OBSERVANCE_PRETEND_NOW": EVE, "OBSERVANCE_STATE": str(state)}
    items = sorted((campaign / "items").glob("*.md"))
    with (campaign / "campaign.toml").open("a", encoding="utf-8") as file:
        file.write('\n[digest]\nweekday = "wednesday"\ntitle = "The week"\npreheader = "All of it, in short."\n')

    def rehearsed() -> Rehearsal:
        rehearsed_once.forget()
        return rehearse(open_project(tmp_path, env, tmp_path), CAMPAIGN)

    def edit(path: Path, before: str, after: str) -> None:
        text = path.read_text("utf-8")
        assert before in text
        path.write_text(text.replace(before, after), "utf-8")

    edits = [
        lambda: edit(items[0], "# Email\n", "# Email\nHardly anybody asks.\n\n"),
        lambda: edit(items[0], "# Email\n", "# Email\nMost people never ask. {{ claim('nobody') }}\n\n"),
        lambda: edit(items[0], " {{ claim('nobody') }}", ""),
        lambda: edit(campaign / "campaign.toml", 'default = "10:00"', 'default = "11:00"'),
        lambda: edit(tmp_path / "templates" / "email" / "base.html", "</body>", "<p>More</p></body>"),
        lambda: edit(tmp_path / "templates" / "email" / "digest.html", "{% endblock", "<p>More</p>{% endblock"),
        lambda: edit(tmp_path / "config" / "settings.toml", 'signed_by = "', 'signed_by = "Dr. '),
        lambda: edit(campaign / "contacts.toml", 'label = "', 'label = "The '),
    ]
    known: dict[str, Message] = {}
    try:
        rehearsed()
        for change in edits:
            change()
            found = rehearsed()
            for message in found.everything:
                assert known.setdefault(fingerprint_of_message(message), message) == message
            folders = FINDINGS.folder, MESSAGES.folder
            assert None not in folders
            FINDINGS.folder = MESSAGES.folder = None
            fresh = rehearsed()
            FINDINGS.folder, MESSAGES.folder = folders
            assert fresh == found
            assert [m.printed for m in fresh.everything] == [m.printed for m in found.everything]
        assert found.digests
    finally:
        FINDINGS.folder = MESSAGES.folder = None


@pytest.fixture
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    shutil.copytree(LINT, tmp_path / "lint")
    FINDINGS.keep_in(tmp_path / "findings", "a test")
    yield World(tmp_path / "lint", random.Random(getattr(request, "param", 1)))
    FINDINGS.folder = None


@pytest.mark.parametrize("world", range(3), indirect=True)
def test_whatever_somebody_edits_the_findings_are_those_of_a_fresh_look(world: World) -> None:
    told = set[str]()
    for _ in range(8):
        world.edit()
        found = world.look()
        folder, FINDINGS.folder = FINDINGS.folder, None
        assert world.look() == found
        FINDINGS.folder = folder
        told |= {finding.code for finding in found if finding.item}
    assert len(told) > 5, "the edits were of a kind that is looked at"


def test_only_the_item_that_changed_is_looked_at(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[str] = []

    def look(material: Material) -> Iterator[Finding]:
        looked_at.extend(sorted({view.item.id for view in material.views}))
        yield from ()

    monkeypatch.setattr(all_checks, "OF_AN_ITEM", (*all_checks.OF_AN_ITEM, look))
    world.texts = dict(zip(world.texts, SENTENCES, strict=False))
    world.look()
    assert [*world.texts] == looked_at
    looked_at.clear()
    world.look()
    assert not looked_at
    world.texts["item-2"] = "Something else."
    world.look()
    assert ["item-2"] == looked_at
    looked_at.clear()
    world.title = "Another Line"  # what all items share
    world.look()
    assert [*world.texts] == looked_at


def test_a_check_of_an_item_is_given_nothing_of_the_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """So what is found rests on what it is kept under."""
    seen: list[Material] = []
    monkeypatch.setattr(all_checks, "OF_AN_ITEM", (lambda material: iter(seen.append(material) or ()),))
    world.look()
    (material,) = seen
    assert all(text.title == "" and text.email == "" for text in material.campaign.items.values())
    assert all(planned.item.title == "" for planned in material.plan.items)
    assert ((), (), ()) == (material.signatures.all, material.neighbors, material.messages)
    assert material.settings == replace(settings(), secrets=material.settings.secrets)


def test_a_text_beside_the_items_is_asked_again_where_what_it_rests_on_changed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def look(material: Material, kept: KeptFindings) -> list[Finding]:
        for name in ("letter", "frame"):
            kept.of(name, (world.host, name), lambda: asked.append(name) or ())  # noqa: B023 - it is called at once
        return []

    monkeypatch.setattr(all_checks, "_check_beside", look)
    for _ in range(2):
        world.look()
    assert ["letter", "frame"] == asked
    world.texts["item-1"] = "Other words."
    world.look()
    assert ["letter", "frame"] == asked
    world.title = "Another Line"  # what all items share
    world.look()
    assert ["letter", "frame"] * 2 == asked
