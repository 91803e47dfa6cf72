"""The automatic answer for readers who answer a mail: a person pastes it into the mailbox that answers go to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..content.render.template_values import ContactView, contact_view
from ..domain.claim import ContactStatus
from .seasons import read_campaign

if TYPE_CHECKING:
    from ..project import Project

#: Where a campaign has no record of its own for it.
EMERGENCY = "911"
#: The list of mails is seen by whoever stands behind the reader: neither the cause nor the organization.
SUBJECT = "Automatic reply: your message has arrived"


class AutomaticAnswer(NamedTuple):
    subject: str
    text: str


def automatic_answer(project: Project, campaigns: Iterable[str]) -> AutomaticAnswer:
    """The answer, with the emergency number and the help lines that each of these campaigns prints in its mails.

    Raises CampaignUnusable for a campaign that cannot be read.
    """
    emergency, lines = _help_lines(project, campaigns)
    organisation = project.settings.organisation
    hours = f"It is read {organisation.replies_read}." if organisation.replies_read else "It may be read late."
    automatic = f"This answer comes automatically, before anyone has read your message. {hours}"
    paragraphs = [
        f"Thank you for writing to {organisation.name}.",
        f"{automatic} This address is not a help line.",
        f"If you or someone else is in danger now, call {' or '.join(emergency)}.",
        *(["For help, use one of these:", *("\n".join(_of(line)) for line in lines)] if lines else []),
        "If someone checks your inbox, use a safer device to look for help, and delete this answer.",
        "To stop our emails or to get fewer of them, use the links at the end of any of them.",
        "\n".join([organisation.name, *organisation.postal_address.splitlines()]),
    ]
    return AutomaticAnswer(SUBJECT, "\n\n".join(paragraphs))


def _help_lines(project: Project, campaigns: Iterable[str]) -> tuple[list[str], list[ContactView]]:
    """The emergency numbers, and the active help lines of every mail; each once."""
    emergency: dict[str, None] = {}
    lines: dict[tuple[str, str], ContactView] = {}
    for campaign in (read_campaign(project, name)[0] for name in campaigns):
        active = {i: c for i, c in campaign.contacts.items() if c.status is ContactStatus.ACTIVE}
        own = [c.value for c in active.values() if c.kind == "emergency"]
        emergency |= dict.fromkeys(own or [EMERGENCY])
        for contact in (active[i] for i in campaign.block if i in active and active[i].kind != "emergency"):
            lines.setdefault((contact.kind, contact.value), contact_view(contact))
    return list(emergency or [EMERGENCY]), list(lines.values())


def _of(line: ContactView) -> Iterator[str]:
    """As in the plain part of a mail."""
    yield f"Text {line.value}" if line.kind == "text" else line.value
    if line.kind in ("chat", "web") and line.href != line.value:
        yield line.href
    yield f"  {line.label}.{f' {line.hours[0].upper()}{line.hours[1:]}.' if line.hours else ''}"
