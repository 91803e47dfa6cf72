"""All checks of a planned and rendered season, in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from ...domain.campaign import Campaign, ItemText
from ...domain.claim import Signatures
from ...domain.finding import Finding, in_reading_order
from ...domain.message import Message
from ...domain.planned_item import Plan
from ...settings import Settings
from .channel_limits import check_channels
from .claim_status import check_claims
from .context import Material
from .digests_and_letters import check_beside
from .duplicates import check_duplicates
from .help_lines import check_contacts
from .link_targets import check_links
from .lint import LintPack, load_lint_packs
from .numbers import check_numbers
from .open_questions import check_decisions, check_examples
from .quotations import check_corrections, check_quotations
from .retired_contacts import check_stored_contacts
from .share_rules import check_rules
from .tags import check_tags
from .weekdays_and_hours import check_dates
from .word_rules import WordRules, check_stored_words


def check(
    plan: Plan,
    messages: Sequence[Message],
    settings: Settings,
    signatures: Signatures,
    lint_dir: Path,
    *,
    today: date,
    beside: Sequence[tuple[Message, ItemText]] = (),
) -> list[Finding]:
    """Everything that is wrong, doubtful or worth knowing of these messages, in reading order.

    ``beside``: digests and letters, each with the words of its own.

    Reads the lint packs that the campaign names from ``lint_dir``; otherwise pure. ``today`` is the date at the
    campaign's place. Red findings block live sending, none stops a rehearsal.
    """
    packs, findings = load_lint_packs(plan.campaign.lint_packs, lint_dir, shown=_shown(lint_dir, settings.root))
    material = Material(plan, messages, settings, signatures, today)
    for found in (
        check_claims(material),
        check_numbers(material),
        check_quotations(material),
        check_contacts(material),
        WordRules(material, packs).findings(),
        check_rules(material, packs),
        check_links(material),
        check_tags(material),
        check_channels(material, packs),
        check_duplicates(material),
        check_dates(material),
        check_decisions(material),
        check_examples(material, beside),
        check_beside(material, packs, beside),
    ):
        findings += found
    findings += check_sources(plan.campaign, packs)
    return in_reading_order(findings)


def check_letter(
    plan: Plan, message: Message, text: ItemText, settings: Settings, lint_dir: Path, *, today: date
) -> list[Finding]:
    """What is wrong with one letter, right before it goes."""
    packs, _ = load_lint_packs(plan.campaign.lint_packs, lint_dir)
    return list(check_beside(Material(plan, (), settings, Signatures(), today), packs, [(message, text)]))


def check_sources(campaign: Campaign, packs: Sequence[LintPack] = ()) -> list[Finding]:
    """What must not travel from the stored sources into a message, and corrections that do too much."""
    return in_reading_order(
        [*check_stored_contacts(campaign), *check_stored_words(campaign, packs), *check_corrections(campaign)]
    )


def _shown(lint_dir: Path, root: Path) -> str:
    try:
        return lint_dir.relative_to(root).as_posix()
    except ValueError:
        return lint_dir.name
