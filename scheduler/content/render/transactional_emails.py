"""The mails around signing up: their words, in ``templates/letters/KIND.md``, made as every mail is made.

A letter's file has front matter (title, subject, discreet_subject, preheader, button) and Markdown in which the help
lines of the campaign's block may be called, and no other record. What fails takes that letter away and no other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from ...channels.registry import mail_channels
from ...domain.cadence import DEFAULT_CADENCE, Cadence
from ...domain.campaign import ItemText, Kind
from ...domain.finding import Finding, Where
from ...domain.hidden import NOTHING, Allowed, allowed_in
from ...domain.message import EmailBody, Message
from ...domain.planned_item import Plan, PlannedItem
from ...domain.transactional_email import HOW_OFTEN, LETTER, LetterKind, letter_id
from ...settings import ChannelSettings, Settings
from ..load.campaign_folder import LARGEST_ITEM, Folder
from ..load.hidden_text import report_hidden
from ..toml_file import table_from
from .emails import checked, compact, head, story_of, tokens_in
from .message_error import TemplateProblem
from .posts import tidy
from .season_renderer import CONFIRM, SeasonRenderer, Unusable
from .template_functions import ItemRecords
from .template_values import ActionView

#: How long a letter is worth sending.
_WORTH_SENDING = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter as its file says it. ``text.email`` is its Markdown."""

    kind: LetterKind
    text: ItemText
    button: str


class _LettersFolder(Folder):
    def __init__(self, templates: Path) -> None:
        super().__init__(templates, "")
        self.path = templates / "letters"
        self.shown = f"{templates.name}/letters"


def load_letter(templates: Path, kind: LetterKind, allowed: Allowed = NOTHING) -> tuple[Letter | None, list[Finding]]:
    """Read one letter, strictly. Every problem is a finding with file and line, about that letter alone."""
    folder = _LettersFolder(templates)
    letter = _read(folder, kind)
    report_hidden(folder, allowed)
    return letter, [replace(finding, item=letter_id(kind)) for finding in folder.findings]


def _read(folder: Folder, kind: LetterKind) -> Letter | None:
    name = f"{kind}.md"
    source = folder.read_text(name, LARGEST_ITEM)
    if source is None:
        return None
    lines = source.split("\n")
    ends = [number for number, line in enumerate(lines) if line.rstrip() == "+++"]
    if len(ends) < 2 or ends[0] != 0:
        folder.report("C060", name, "the file does not start with front matter between two lines +++", line=1)
        return None
    front = table_from(folder, name, "\n".join(lines[1 : ends[1]]), first_line=2)
    if front is None:
        return None
    title, subject = front.text("title"), front.optional_text("subject")
    button = front.optional_text("button")
    if kind is LetterKind.CONFIRM and not button.strip():
        front.report("C011", "button is missing: without it nobody could confirm")
    item = ItemText(
        id=letter_id(kind),
        kind=Kind.REST,
        title=title,
        subject=subject or title,
        preheader=front.optional_text("preheader"),
        post="",
        email="\n".join(lines[ends[1] + 1 :]).strip("\n"),
        where=Where(f"{folder.shown}/{name}"),
        email_line=_first_line(lines, ends[1] + 1),
        discreet_subject=front.optional_text("discreet_subject"),
        action_text=button,
    )
    front.close("the front matter")
    return Letter(kind, item, button) if front.is_usable() else None


def _first_line(lines: list[str], start: int) -> int:
    while start < len(lines) - 1 and not lines[start]:
        start += 1
    return start + 1


class LetterMaker:
    """Makes the letters of one season. Not for two threads at once."""

    def __init__(self, plan: Plan, settings: Settings, templates: Path) -> None:
        self._plan, self._templates = plan, templates
        self._bench = SeasonRenderer(plan, settings, templates)

    def make(
        self, kind: LetterKind, channel: ChannelSettings, cadence: Cadence, *, today: date, now: datetime
    ) -> tuple[Message | None, Letter | None, list[Finding]]:
        """The letter as a message, the words that it was made from, and all that is wrong with it.

        ``today``: the date at the campaign's place.
        """
        letter, findings = load_letter(self._templates, kind, allowed_in(self._plan.campaign.language))
        if letter is None:
            return None, None, findings
        before = len(self._bench.findings)
        planned = PlannedItem(1, today, letter.text, None, 1)
        try:
            body, links, used = self._body(letter, planned, channel, cadence, today)
        except Unusable:
            body = None
        except TemplateProblem as problem:
            self._bench.report(problem, letter.text.where, planned, channel)
            body = None
        found = [replace(finding, item=letter.text.id) for finding in self._bench.findings[before:]]
        if body is None:
            return None, letter, [*findings, *found]
        message = Message(
            campaign=self._plan.campaign.id,
            season=self._plan.season.year,
            item=letter.text.id,
            channel=channel.name,
            kind=LETTER,
            on=today,
            due_at=now,
            expires_at=now + _WORTH_SENDING,
            body=body,
            contacts=used,
            links=links,
        )
        return message, letter, [*findings, *found]

    def _body(
        self, letter: Letter, planned: PlannedItem, channel: ChannelSettings, cadence: Cadence, today: date
    ) -> tuple[EmailBody, tuple[str, ...], tuple[str, ...]]:
        from markupsafe import Markup

        from .markdown import render_markdown

        bench = self._bench
        records = ItemRecords(bench.library, letter.text, bench.campaign.block)
        heading = head(bench, planned, channel)
        shared = bench.context(planned, records)
        own = {
            "campaign": shared["campaign"],
            "organisation": shared["organisation"],
            "how_often": HOW_OFTEN[cadence],
            "has_begun": self._plan.season.start_on <= today,
        }
        source = bench.letter_text(planned, channel, records, own)
        body = render_markdown(bench.markdown, source)
        if not body.text.strip():
            raise bench.unusable("R017", "there is no text for the letter", planned, channel)
        bench.use_always(letter.text, records)
        item = shared["item"]
        if letter.kind is LetterKind.CONFIRM:
            item = replace(item, action=ActionView(letter.button, CONFIRM))  # type: ignore[type-var]  # an ItemView
        context = {
            **shared,
            **own,
            "item": item,
            "letter": letter.kind.value,
            "subject": heading["subject"],
            "then": (),
            "now": (),
            "quotations": (),
            "attributions": (),
            "sources": (),
        }
        markup = Markup(body.html)  # noqa: S704  the parser's own output: raw HTML is off and every word escaped
        html, _ = story_of(bench.template("letters/letter.html", {**context, "body": markup}, channel))
        text, _ = story_of(bench.template("letters/letter.txt", {**context, "body": body.text}, channel))
        html, text = compact(html), tidy(text) + "\n"
        links = checked(bench, html, text, planned, channel)
        if letter.kind is LetterKind.CONFIRM and not (CONFIRM in html and CONFIRM in text):
            raise bench.unusable("R024", "the letter has no link by which to confirm", planned, channel)
        email = EmailBody(text=text, html=html, tokens=tokens_in(html, text), **heading)
        return email, links, tuple(records.used.contacts)


def letters_with_texts(
    plan: Plan, settings: Settings, templates: Path
) -> tuple[tuple[Message, ...], tuple[ItemText, ...], list[Finding]]:
    """Every letter of a season, as a newcomer would get it on the first day, with the words that it was made from.

    For checks and for looking at. Through the first email channel that is on; nothing where there is none.
    """
    messages: list[Message] = []
    texts: list[ItemText] = []
    findings: list[Finding] = []
    channel = letters_channel(settings)
    if channel is not None:
        maker = LetterMaker(plan, settings, templates)
        day = plan.season.start_on
        noon = datetime.combine(day, time(12), tzinfo=UTC)
        for kind in LetterKind:
            message, letter, found = maker.make(kind, channel, DEFAULT_CADENCE, today=day, now=noon)
            findings += found
            if message is not None and letter is not None:
                messages.append(message)
                texts.append(letter.text)
    return tuple(messages), tuple(texts), findings


def letters_channel(settings: Settings) -> ChannelSettings | None:
    """The way out that letters take: the first email channel that is on."""
    return next(iter(mail_channels(settings)), None)
