"""What one change voided in many messages is told once, with its number."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from scheduler.domain.stale_approvals import in_words
from tests.support.reading_site import BEN, FACTS, FIRST, ITEMS, ReadingSite


@pytest.fixture
def site(tmp_path: Path) -> ReadingSite:
    made = ReadingSite(tmp_path)
    made.desk().approve(None, person=BEN, role=FACTS)
    return made


def test_another_public_address_is_one_cause(site: ReadingSite) -> None:
    """It stands in each email: one sentence, with the number of messages, what became what, and some of the items."""
    site.project.settings = replace(site.project.settings, public_url="https://news.safe-week.org")
    (sentence,) = in_words(site.desk().how_it_stands().voided)
    because = "because “news.safe-week.test” became “news.safe-week.org” in all of them: "
    assert sentence.startswith(f"{len(ITEMS)} messages need approval again, {because}{FIRST} (email), ")
    page = site.get().text
    assert f"{len(ITEMS)} items changed in the same way" in page
    assert f"Approve all {len(ITEMS)} alike" in page


def test_changes_of_their_own_stand_alone(site: ReadingSite) -> None:
    """Each message with its own change has its own sentence, as it had."""
    site.edit(FIRST, "How many people", "How many persons")
    site.edit("then-and-now", "title = ", 'discreet_subject = "Then"\ntitle = ')
    found = in_words(site.desk().how_it_stands().voided)
    assert 1 == len([sentence for sentence in found if FIRST in sentence])
    assert "voided by a change of its " in " ".join(found)
