"""The mails around signing up: their words, in ``templates/letters/KIND.md``, made as every mail is made.

A letter's file has front matter (title, subject, discreet_subject, preheader, button) and Markdown in which the help
lines of the campaign's block may be called, and no other record. What fails takes that letter away and no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path

from ...channels.registry import mail_channels
from ...domain.cadence import DEFAULT_CADENCE, Cadence
from ...domain.campaign import Campaign, ItemText, Kind
from ...domain.finding import Finding, Where
from ...domain.hidden import NOTHING, Allowed, allowed_in
from ...domain.message import Message
from ...domain.planned_item import Plan, PlannedItem
from ...domain.transactional_email import ASKS, LETTER, LetterKind, how_often, letter_id
from ...settings import ChannelSettings, Settings
from ..codes import CODES
from ..load.campaign_folder import LARGEST_ITEM, Folder
from ..load.editions import moved_since
from ..load.item_files import trimmed
from ..toml_file import table_from
from .emails import NOTHING_BESIDE, filled, finished, heads_of
from .kept_messages import KeptMessages, Letters
from .season_renderer import CONFIRM, SeasonRenderer, Unusable, is_daily
from .template_folders import TemplateFolder, folder_with, template_folders
from .template_functions import ItemRecords
from .template_values import ActionView, TemplateProblem


def load_letter(
    folders: Sequence[TemplateFolder], kind: LetterKind, allowed: Allowed = NOTHING
) -> tuple[ItemText | None, list[Finding]]:
    """Read one letter, strictly: ``email`` is its Markdown, ``action_text`` its button.

    Every problem is a finding with file and line, about that letter alone.
    """
    its = folder_with(folders, f"letters/{kind}.md")
    folder = Folder(its.path / "letters", f"{its.shown}/letters")
    letter = _read(folder, kind)
    folder.report_hidden(allowed)
    return letter, [replace(finding, item=letter_id(kind)) for finding in folder.findings]


def _read(folder: Folder, kind: LetterKind) -> ItemText | None:
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
    title, subject, button = front.text("title"), front.optional_text("subject"), front.optional_text("button")
    if kind in ASKS and not button.strip():
        front.report("C011", "button is missing: without it nobody could confirm")
    text, first_line = trimmed(lines, ends[1] + 1, len(lines))
    letter = ItemText(
        id=letter_id(kind),
        kind=Kind.REST,
        title=title,
        subject=subject or title,
        preheader=front.optional_text("preheader"),
        post="",
        email=text,
        where=Where(f"{folder.shown}/{name}"),
        email_line=first_line,
        discreet_subject=front.optional_text("discreet_subject"),
        action_text=button,
        translated_from=front.optional_text("translated_from"),
    )
    front.close("the front matter")
    return letter if front.is_usable() else None


class LetterMaker:
    """Makes the letters of one season. Not for two threads at once."""

    def __init__(
        self, plan: Plan, settings: Settings, templates: Path, renderer: Callable[[], SeasonRenderer] | None = None
    ) -> None:
        self._plan = plan
        self._bench = renderer().afresh() if renderer is not None else SeasonRenderer(plan, settings, templates)
        self._is_daily = is_daily(plan, settings)
        self.kept = KeptMessages(self._bench)

    def make(
        self, kind: LetterKind, channel: ChannelSettings, cadence: Cadence, *, today: date, now: datetime
    ) -> tuple[Message | None, ItemText | None, list[Finding]]:
        """The letter as a message, the words that it was made from, and all that is wrong with it.

        ``today``: the date at the campaign's place.
        """
        letter, findings = load_letter(self._bench.folders, kind, allowed_in(self._plan.campaign.language))
        if letter is None:
            return None, None, findings
        before, message = len(self._bench.findings), None
        planned = PlannedItem(1, today, letter, None, 1)
        try:
            message = self._message(kind, planned, channel, cadence, now)
        except TemplateProblem as problem:
            self._bench.report(problem, letter.where, planned, channel)
        except Unusable:
            pass  # why, is among the findings
        findings += [replace(finding, item=letter.id) for finding in self._bench.findings[before:]]
        return message, letter, findings

    def _message(
        self, kind: LetterKind, planned: PlannedItem, channel: ChannelSettings, cadence: Cadence, now: datetime
    ) -> Message:
        from markupsafe import Markup

        from .markdown import render_markdown

        bench, letter = self._bench, planned.item
        records = ItemRecords(bench.library, letter, bench.campaign.block)
        bench.begin()
        heads = heads_of(bench, planned, channel)
        shared = bench.context(planned, records)
        own = {
            "campaign": shared["campaign"],
            "organisation": shared["organisation"],
            "how_often": how_often(cadence, is_daily=self._is_daily),
            "has_begun": self._plan.season.start_on <= planned.on,
        }
        source = bench.text("email", planned, channel, records, own)
        body = render_markdown(source, bench.style)
        if not body.text.strip():
            raise bench.unusable("R017", "there is no text for the letter", planned, channel)
        bench.use_in_mail(letter, records)
        # The button of a letter leads nowhere but to where somebody confirms.
        action = ActionView(letter.action_text, CONFIRM) if kind in ASKS else shared["item"].action
        item = replace(shared["item"], action=action)
        context = {**shared, **own, **NOTHING_BESIDE, "item": item, "letter": kind.value}
        markup = Markup(body.html)  # noqa: S704  the parser's own output: raw HTML is off and every word escaped
        forms = {"body": markup}, {"body": body.text}
        html, text, second = filled(bench, "letters/letter", planned, context, channel, heads, *forms)
        email, links = finished(bench, html, text, planned, channel, heads, second)
        if kind in ASKS and not (CONFIRM in html and CONFIRM in text):
            raise bench.unusable("R024", "the letter has no link by which to confirm", planned, channel)
        return Message(
            campaign=bench.campaign.id,
            season=self._plan.season.year,
            item=letter.id,
            channel=channel.name,
            kind=LETTER,
            on=planned.on,
            due_at=now,
            expires_at=now + timedelta(days=1),  # how long a letter is worth sending
            body=email,
            contacts=tuple(records.used.contacts),
            links=links,
            printed=bench.printed(),
        )


def letters_with_texts(
    plan: Plan, settings: Settings, templates: Path, renderer: Callable[[], SeasonRenderer] | None = None
) -> tuple[tuple[Message, ...], tuple[ItemText, ...], list[Finding]]:
    """Every letter of a season, as a newcomer would get it on the first day, with the words that it was made from.

    For checks and for looking at. Through the first email channel that is on; nothing where there is none.
    """
    channel = next(iter(mail_channels(settings)), None)
    if channel is None:
        return (), (), []
    maker = LetterMaker(plan, settings, templates, renderer)
    messages, texts, findings = maker.kept.letters(partial(_letters, maker, channel, plan.season.start_on))
    if plan.campaign.edition_of:
        findings += _check_translations(plan.campaign, templates)
    return messages, texts, findings


def _letters(maker: LetterMaker, channel: ChannelSettings, day: date) -> Letters:
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    letters = [maker.make(kind, channel, DEFAULT_CADENCE, today=day, now=noon) for kind in LetterKind]
    made = [(message, text) for message, text, _ in letters if message is not None and text is not None]
    findings = [finding for _, _, found in letters for finding in found]
    return tuple(message for message, _ in made), tuple(text for _, text in made), findings


def _check_translations(edition: Campaign, templates: Path) -> Iterator[Finding]:
    """Letters that an edition does not have in its own words (C072), and those whose original has moved (C073)."""
    own, originals = (template_folders(templates, name) for name in (edition.id, edition.edition_of))
    for kind in LetterKind:
        name = f"letters/{kind}.md"
        if (original := load_letter(originals, kind)[0]) is None:
            continue
        line = f'translated_from = "{original.text_digest()}"'
        if not (own[0].path / name).exists():
            message = f"the letter {name} of {edition.edition_of} is not translated"
            hint = f"write {own[0].shown}/{name}, with {line}"
            yield CODES["C072"].at(original.where, message, item=letter_id(kind), hint=hint)
            continue
        letter = load_letter(own, kind)[0]
        if letter is not None and letter.translated_from != original.text_digest():
            moved = moved_since(letter.translated_from)
            message = f"the original of {name} ({original.where}) {moved}"
            yield CODES["C073"].at(letter.where, message, item=letter.id, hint=f"compare the two, then write {line}")
