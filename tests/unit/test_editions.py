"""An edition in another language shares its original's records, and has its own words."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from scheduler.clock import VirtualClock
from scheduler.content.edit.campaign_editor import read_form
from scheduler.content.edit.toml_editor import CannotEdit
from scheduler.content.load.campaign_files import load_campaign
from scheduler.domain.campaign import Campaign
from scheduler.domain.claim import Signature
from scheduler.domain.transactional_email import LetterKind
from scheduler.project import Project, family_of, files_fingerprint
from scheduler.services.seasons import CampaignUnusable, read_campaign, rehearse
from scheduler.store import open_ledger
from scheduler.wiring import load_settings

ROOT = Path(__file__).resolve().parents[2]
ORIGINAL, EDITION = "reading-week", "lectura"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "tests" / "scenarios" / "_base" / "edition", tmp_path, dirs_exist_ok=True)
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    shutil.copytree(ROOT / "config" / "lint", tmp_path / "config" / "lint")
    shutil.copy(ROOT / "config" / "review.toml", tmp_path / "config")
    return tmp_path


def campaign(root: Path, name: str = EDITION) -> Campaign:
    loaded, findings = load_campaign(root, name)
    assert loaded is not None, findings
    return loaded


def change(root: Path, file: str, old: str, new: str) -> None:
    path = root / "campaigns" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def project_in(root: Path) -> Project:
    return Project(root, load_settings(root, {}), {}, VirtualClock(datetime(2027, 3, 1, 12, tzinfo=UTC)))


def test_an_edition_has_its_originals_rules_and_records_and_its_own_words(root: Path) -> None:
    """Window, slots, calendar, pool and block; claims, contacts and sources; what it says anew replaces words alone."""
    first, own = campaign(root, ORIGINAL), campaign(root)
    for rule in ("start", "end", "slots", "grace", "block", "calendar", "pool", "waves", "topics", "sources"):
        assert getattr(first, rule) == getattr(own, rule), rule
    assert (first.items.keys(), "Diez minutos al día") == (own.items.keys(), own.items["a-book-a-day"].title)
    assert first.claims["members-1990"] == own.claims["members-1990"]
    before, said = first.claims["members-2025"], own.claims["members-2025"]
    words: dict[str, Any] = {"text": said.text, "measure": said.measure, "place": said.place, "where": said.where}
    assert (replace(before, **words), "la ciudad") == (said, said.place)
    assert ("1-555-010-0199", "Biblioteca") == (own.contacts["desk-phone"].value, own.contacts["desk-phone"].label)


def test_facts_of_a_shared_record_cannot_be_changed_in_an_edition(root: Path) -> None:
    """A status or a number to call has one home."""
    change(root, f"{EDITION}/contacts.toml", "label =", 'value = "1-555-010-0111"\nlabel =')
    loaded, findings = load_campaign(root, EDITION)
    assert loaded is not None
    assert "1-555-010-0199" == loaded.contacts["desk-phone"].value
    assert ["C010"] == [f.code for f in findings]


def test_an_edition_may_add_records_and_have_a_calendar_of_its_own(root: Path) -> None:
    """They are its own, and unknown to the original."""
    with (root / "campaigns" / EDITION / "contacts.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[contact]]\nid = "mesa"\nkind = "phone"\nvalue = "1-555-010-0122"\n')
        file.write('label = "Mesa"\npurpose = "Ayuda en español"\nstatus = "active"\n')
    calendar = '[[day]]\nday = 2\nitem = "why-we-read"\n'
    (root / "campaigns" / EDITION / "calendar.toml").write_text(calendar, "utf-8")
    own = campaign(root)
    assert {*campaign(root, ORIGINAL).contacts, "mesa"} == set(own.contacts)
    assert ["why-we-read"] == [line.item for line in own.calendar]


def make_edition(root: Path, name: str, of: str) -> None:
    shutil.copytree(root / "campaigns" / EDITION, root / "campaigns" / name)
    change(root, f"{name}/campaign.toml", f'edition_of = "{ORIGINAL}"', f'edition_of = "{of}"')


@pytest.mark.parametrize(
    ("arrange", "words"),
    [
        (lambda root: make_edition(root, "other", "nowhere"), "there is no such campaign"),
        (lambda root: make_edition(root, "other", "other"), "it is this campaign itself"),
        (lambda root: make_edition(root, "other", EDITION), f"it is itself an edition of {ORIGINAL}"),
        (lambda root: make_edition(root, "other", "../campaigns/reading-week"), "there is no such campaign"),
        (
            lambda root: (
                make_edition(root, "other", "another"),
                make_edition(root, "another", "other"),
            ),
            "it is itself an edition of this one",
        ),
        (
            lambda root: (
                make_edition(root, "other", ORIGINAL),
                (root / "campaigns" / ORIGINAL / "campaign.toml").write_text("name = 1\n", "utf-8"),
            ),
            "its campaign.toml cannot be read",
        ),
    ],
    ids=["absent", "itself", "of-an-edition", "outside", "circle", "broken"],
)
def test_an_edition_without_a_good_original_is_one_finding(
    arrange: Callable[[Path], object], words: str, root: Path
) -> None:
    """It says what is wrong; nothing is planned, and nothing else is reported for it."""
    arrange(root)
    with pytest.raises(CampaignUnusable) as caught:
        read_campaign(project_in(root), "other")
    (finding,) = caught.value.findings
    assert ("C070", 4) == (finding.code, finding.where.line)
    assert words in finding.message


def test_a_family_is_the_original_and_its_editions(root: Path) -> None:
    """The same for each of them; a campaign without editions is alone."""
    shutil.copytree(root / "campaigns" / ORIGINAL, root / "campaigns" / "alone")
    make_edition(root, "lecture", ORIGINAL)
    family = (ORIGINAL, EDITION, "lecture")
    project = project_in(root)
    assert [family] * 3 + [("alone",)] == [project.family_of(name) for name in (*family, "alone")]
    (root / "campaigns" / "alone" / "campaign.toml").write_bytes(b"\xff\xfe")
    assert ("alone",) == family_of(root, "alone")


def test_a_change_of_the_original_is_a_change_of_the_edition(root: Path) -> None:
    """What is at hand of the edition is made anew; not the other way round."""
    before = files_fingerprint(root, EDITION), files_fingerprint(root, ORIGINAL)
    change(root, f"{EDITION}/items/read-aloud.md", "basta", "es suficiente")
    edited = files_fingerprint(root, EDITION)
    assert (True, before[1]) == (before[0] != edited, files_fingerprint(root, ORIGINAL))
    change(root, f"{ORIGINAL}/claims.toml", "all ages", "everybody")
    assert edited != files_fingerprint(root, EDITION)


def test_a_signature_of_a_shared_record_holds_in_the_edition_while_its_words_are_the_same(root: Path) -> None:
    """Who vouched for the claim vouched for it in every edition; not for other words."""
    project, day = project_in(root), date(2027, 2, 1)
    ledger = open_ledger(f"sqlite:///{root}/ledger.db")
    for claim in campaign(root, ORIGINAL).claims.values():
        signature = Signature("claim", claim.id, claim.record_hash(), "Ada Example", "coordinator", day)
        ledger.signatures.add(ORIGINAL, signature, now=datetime(2027, 2, 1, tzinfo=UTC))
    unsigned = {
        name: [f.message for f in rehearse(project, name, 2027, ledger=ledger).findings if f.code == "C109"]
        for name in (ORIGINAL, EDITION)
    }
    assert [] == unsigned[ORIGINAL]
    assert [True] == ["members-2025" in message for message in unsigned[EDITION]]
    ledger.close()


def test_a_shared_record_is_not_edited_by_way_of_an_edition(root: Path) -> None:
    """The page says where it stands; an item of the edition is its own."""
    with pytest.raises(CannotEdit, match=f"edition of {ORIGINAL}"):
        read_form(root, EDITION, "claim", "members-1990")
    assert "Lee en voz alta" == read_form(root, EDITION, "item", "read-aloud").values["title"]


def letters_found(root: Path) -> list[tuple[str, str]]:
    """(code, the letter's id) of what is found about letters in the edition."""
    findings = rehearse(project_in(root), EDITION, 2027).findings
    return sorted((f.code, f.item) for f in findings if f.code in ("C072", "C073") and "letters/" in f.message)


def test_letters_of_the_original_are_translated_too(root: Path) -> None:
    """Each that the edition does not have in its own words is named, and so is one whose original has moved."""
    kinds = sorted(kind.value for kind in LetterKind)
    assert [("C072", f"letter-{kind}") for kind in kinds] == letters_found(root)
    hints = [f.hint for f in rehearse(project_in(root), EDITION, 2027).findings if f.code == "C072"]
    own = root / "campaigns" / EDITION / "templates" / "letters"
    own.mkdir(parents=True)
    for kind in kinds:
        (line,) = (hint.partition("with ")[2] for hint in hints if f"/{kind}.md" in hint)
        text = (root / "templates" / "letters" / f"{kind}.md").read_text("utf-8")
        (own / f"{kind}.md").write_text(text.replace("+++\n", f"+++\n{line}\n", 1), "utf-8")
    assert [] == letters_found(root)
    original = root / "templates" / "letters" / "welcome.md"
    original.write_text(original.read_text("utf-8") + "\nOne more line.\n", "utf-8")
    assert [("C073", "letter-welcome")] == letters_found(root)
    assert [] == [f for f in rehearse(project_in(root), ORIGINAL, 2027).findings if f.code in ("C072", "C073")]
