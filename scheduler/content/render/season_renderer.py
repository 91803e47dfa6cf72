"""What is made once for a season's messages: records, environments, compiled texts, and the list of findings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from ...domain.archive_link import archive_url
from ...domain.cadence import offered
from ...domain.campaign import Campaign, ItemText
from ...domain.finding import Finding, Where
from ...domain.planned_item import Plan, PlannedItem
from ...settings import ChannelSettings, Settings
from ..codes import CODES
from ..top_level_domains import top_level_domains
from .message_error import TemplateProblem
from .template_functions import ItemRecords, Library, variables
from .template_values import ActionView, CampaignView, Day, ItemView, OrganisationView

if TYPE_CHECKING:
    from jinja2 import Template
    from markdown_it import MarkdownIt

    from .template_sandbox import BoundedEnvironment

#: Replaced for each reader by the channel.
UNSUBSCRIBE, PREFERENCES, CONFIRM = "%unsubscribe_url%", "%preferences_url%", "%confirm_url%"
READERS_OWN = (UNSUBSCRIBE, PREFERENCES, CONFIRM)
_TAIL = "<post_tail>"
_MOST_PROBLEMS = 20  # of one text that are told at once
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")  # of a UTF-16 pair; it has no form in UTF-8


#: Around the story of a mail while it is made; taken out before anybody sees it. No text can hold them otherwise.
STORY_BEGINS, STORY_ENDS = "\x02", "\x03"


@dataclass(frozen=True, slots=True)
class Story:
    """What a mail says between its band and its help lines: what a digest repeats."""

    html: str
    text: str


class Unusable(Exception):
    """The message cannot be made; why, is among the findings."""


class SeasonRenderer:
    """The tools for one season. Not for two threads at once."""

    def __init__(self, plan: Plan, settings: Settings, templates: Path) -> None:
        # The template engine and the Markdown parser are paid for here, by those who render, and by nobody else.
        from .mail_style import FONT_STYLE, HEAD, STYLE
        from .markdown import escaped, markdown_parser, underlined, wrapped
        from .template_rules import ITEM_TEXT, LONGEST_SOURCE, MESSAGE_TEMPLATE
        from .template_sandbox import BoundedEnvironment, FolderLoader

        self.plan, self.settings, self.templates = plan, settings, templates
        self.campaign: Campaign = plan.campaign
        self.findings: list[Finding] = []
        self.library = Library(self.campaign)
        self.tlds = top_level_domains()
        self._longest_source = LONGEST_SOURCE
        self.markdown: MarkdownIt = markdown_parser()
        self._texts = {"post": BoundedEnvironment(ITEM_TEXT), "email": BoundedEnvironment(ITEM_TEXT, printed=escaped)}
        self._messages = BoundedEnvironment(
            MESSAGE_TEMPLATE,
            constants={"style": STYLE, "head_style": HEAD, "font_style": FONT_STYLE},
            filters={
                "wrap": lambda text, first="", rest="": wrapped(str(text), str(first), str(rest)),
                "heading": lambda text, line="-": underlined(str(text), str(line)),
            },
            autoescape=lambda name: bool(name and name.endswith(".html")),
            loader=FolderLoader(templates),
        )
        self._compiled: dict[tuple[str, str], Template | list[TemplateProblem]] = {}
        self.offers = offered(plan)
        self.stories: dict[tuple[str, str], Story] = {}  # (item, channel)
        self._common = _common(plan, settings)

    # -- the item's own texts -----------------------------------------------------------------------------

    def item_text(self, part: str, planned: PlannedItem, channel: ChannelSettings, records: ItemRecords) -> str:
        """The item's text for ``part`` ("post" or "email") with its functions worked out."""
        item = planned.item

        def report(problem: TemplateProblem) -> None:
            self.report(problem, line_of(item, part, problem.line), planned, channel)

        source = item.post if part == "post" else item.email
        allowed = ItemRecords(self.library, item, self.campaign.block)
        return self._run(part, f"<{part} of {item.id}>", source, planned, records, allowed, report)

    def letter_text(
        self, planned: PlannedItem, channel: ChannelSettings, records: ItemRecords, own: Mapping[str, object]
    ) -> str:
        """The text of a letter, with ``own`` in place of the variables of a day."""
        item = planned.item

        def report(problem: TemplateProblem) -> None:
            self.report(problem, line_of(item, "email", problem.line), planned, channel)

        allowed = ItemRecords(self.library, item, self.campaign.block)
        return self._run("email", f"<{item.id}>", item.email, planned, records, allowed, report, own)

    def post_tail(self, planned: PlannedItem, records: ItemRecords) -> str:
        """The line that closes each post. A mistake in it is one finding, not one a day."""

        def report(problem: TemplateProblem) -> None:
            self.report(problem, Where(self.campaign.where.path))

        allowed = ItemRecords(self.library, None, self.campaign.block)
        return self._run("post", _TAIL, self.campaign.post_tail, planned, records, allowed, report).strip()

    def _run(
        self,
        part: str,
        label: str,
        source: str,
        planned: PlannedItem,
        records: ItemRecords,
        allowed: ItemRecords,
        report: Callable[[TemplateProblem], None],
        own: Mapping[str, object] | None = None,
    ) -> str:
        if "{" not in source and len(source.encode(errors="surrogatepass")) <= self._longest_source:
            return source  # no template signs at all
        environment = self._texts[part]
        names = variables(self.plan, planned) if own is None else own
        key = label, source  # an item's post may differ from one channel to the other
        if key not in self._compiled:
            self._compiled[key] = self._compile(environment, label, source, allowed, tuple(names))
        compiled = self._compiled[key]
        if isinstance(compiled, list):
            for problem in compiled:
                report(problem)
            raise Unusable
        try:
            return environment.run(compiled, label, {**records.functions(), **names})
        except TemplateProblem as problem:
            report(problem)
            raise Unusable from problem

    @staticmethod
    def _compile(
        environment: BoundedEnvironment, label: str, source: str, allowed: ItemRecords, known: Sequence[str]
    ) -> Template | list[TemplateProblem]:
        """The text, compiled; or all that is wrong with it: every unknown name, every record that it may not use."""
        from .template_names import unknown_names

        seen: list[TemplateProblem] = []
        try:
            template = environment.make(
                source,
                label,
                seen=lambda names, calls: seen.extend(
                    islice(unknown_names(names, calls, allowed.functions(), known), _MOST_PROBLEMS)
                ),
            )
        except TemplateProblem as problem:
            return [*seen, problem]
        return seen or template

    # -- the templates of the messages --------------------------------------------------------------------

    def template(self, name: str, context: Mapping[str, object], channel: ChannelSettings) -> str:
        """The message template of that name, filled."""
        try:
            return self._messages.run(name, name, context)
        except TemplateProblem as problem:
            where = Where(f"{self.templates.name}/{problem.template or name}", problem.line)
            # About the file, not about one item: the same mistake is one finding for all items of that kind.
            code = CODES[problem.code]
            self.findings.append(code.at(where, problem.message, hint=problem.hint, channel=channel.name))
            raise Unusable from problem

    def context(self, planned: PlannedItem, records: ItemRecords) -> dict[str, object]:
        """The variables that every message template has. docs/reference/templates.md lists them."""
        item, block = planned.item, self.campaign.block
        return {
            **self._common,
            **variables(self.plan, planned),
            "item": ItemView(
                id=item.id,
                kind=item.kind.value,
                title=item.title,
                subject=item.subject,
                preheader=item.preheader,
                content_note=item.content_note or self._notes(records),
                action=ActionView(item.action_text, item.action_url) if item.action_text else None,
                special=planned.day.special if planned.day else "",
                about_signs=item.about_signs,
            ),
            "story_begins": STORY_BEGINS,
            "story_ends": STORY_ENDS,
            "archive_url": archive_url(self.settings.public_url, planned.on),
            "help": tuple(self.library.contact(i) for i in block),
            "more_help": tuple(self.library.contact(i) for i in item.contacts if i not in block),
        }

    def _notes(self, records: ItemRecords) -> str:
        """Content notes of the records in use, for an item that has none of its own."""
        claims = (self.campaign.claims[i].content_note for i in records.used.claims)
        passages = (self.library.passage(q)[1].content_note for q in records.used.quotations)
        return "; ".join(dict.fromkeys(filter(None, (*claims, *passages))))

    def use_always(self, item: ItemText, records: ItemRecords) -> None:
        """What belongs to each message of an item, printed or not: then and now, the help lines."""
        used, campaign = records.used, self.campaign
        used.claims |= {i: None for i in (*item.then, *item.now) if i in campaign.claims}
        used.contacts |= {i: None for i in (*campaign.block, *item.contacts) if i in campaign.contacts}

    # -- findings ---------------------------------------------------------------------------------------

    def find(self, code: str, message: str, planned: PlannedItem, channel: ChannelSettings) -> None:
        self.findings.append(CODES[code].at(planned.item.where, message, item=planned.item.id, channel=channel.name))

    def unusable(self, code: str, message: str, planned: PlannedItem, channel: ChannelSettings) -> Unusable:
        """The finding is noted; raise what this returns."""
        self.find(code, message, planned, channel)
        return Unusable()

    def refuse_halves(self, texts: Iterable[str], planned: PlannedItem, channel: ChannelSettings) -> None:
        """Half a character cannot be written in UTF-8, so it cannot be sent. Raises Unusable."""
        if any(map(_HALF_CHARACTER.search, texts)):
            raise self.unusable("R022", "the message holds half a character, which cannot be sent", planned, channel)

    def report(
        self,
        problem: TemplateProblem,
        where: Where,
        planned: PlannedItem | None = None,
        channel: ChannelSettings | None = None,
    ) -> None:
        item, name = planned.item.id if planned else "", channel.name if channel else ""
        code = CODES[problem.code]
        self.findings.append(code.at(where, problem.message, hint=problem.hint, item=item, channel=name))


def line_of(item: ItemText, part: str, line: int) -> Where:
    """Where line ``line`` (from 1) of an item's text stands in its file; 0 = the item as a whole."""
    first = item.post_line if part == "post" else item.email_line
    return Where(item.where.path, first + line - 1) if first and line else item.where


def _common(plan: Plan, settings: Settings) -> dict[str, object]:
    campaign, season, sender = plan.campaign, plan.season, settings.organisation
    return {
        "campaign": CampaignView(
            name=campaign.name,
            organisation=sender.name,
            title=plan.title,
            language=campaign.language,
            season=season.year,
            days=season.days,
            starts_on=Day.of(season.start_on),
            ends_on=Day.of(season.end_on),
        ),
        "organisation": OrganisationView(
            name=sender.name,
            postal_address=tuple(filter(None, map(str.strip, sender.postal_address.splitlines()))),
            from_name=sender.from_name,
            reply_to=sender.reply_to,
        ),
        "unsubscribe_url": UNSUBSCRIBE,
        "preferences_url": PREFERENCES,
    }
