"""The report as a page that prints, as a spreadsheet, and as plain data."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from ..domain.delivery import State
from ..domain.delivery_words import state_words
from ..domain.design_tokens import css_custom_properties
from ..domain.formatting import channel_words, counted, day_words, local_words, place, time_of_day, utc_words
from .message_state import DELIVERY_KINDS, Badge
from .packet import page_environment, page_source
from .report import Report, ReportLine
from .spreadsheet import as_csv

COLUMNS = (
    "date",
    "item",
    "title",
    "kind",
    "channel",
    "planned at (UTC)",
    "approved by",
    "state",
    "sent at (UTC)",
    "last call (UTC)",
    "reference",
    "readers",
    "accepted",
    "delivered",
    "bounced",
    "complained",
    "failed",
    "unknown",
    "left out",
    "reason",
    "corrections",
    "missing",
    "waiting",
)


def report_csv(report: Report) -> bytes:
    """One row an item and channel: UTF-8 with a byte order mark; no cell is a formula, none holds an address."""
    return as_csv(COLUMNS, map(_cells, report.lines))


def _cells(line: ReportLine) -> tuple[str, ...]:
    counts = line.counts
    return (
        line.on.isoformat(),
        line.item,
        line.title,
        line.kind,
        line.channel,
        _utc(line.planned_at),
        "; ".join(line.approved_by),
        line.state.value,
        _utc(line.sent_at),
        _utc(line.sent_until) if line.sent_until != line.sent_at else "",
        line.reference,
        str(counts.frozen),
        str(counts.accepted),
        *(str(line.fates.get(fate, "")) for fate in ("delivered", "bounced", "complained")),
        str(counts.failed),
        str(counts.unknown),
        str(counts.left_out),
        line.reason,
        "; ".join(line.corrections),
        str(counts.missing),
        str(counts.waiting),
    )


def _utc(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else ""


def report_as_data(report: Report) -> dict[str, object]:
    """Everything in it, for machines."""
    return {
        "campaign": report.campaign,
        "season": report.season,
        "title": report.title,
        "mode": report.mode,
        "window": {"start": report.start_on, "end": report.end_on},
        "time_zone": report.time_zone,
        "made_at": report.made_at,
        "over": report.over,
        "totals": [
            {
                "channel": t.channel,
                "planned": t.planned,
                "sent": t.sent,
                "accepted": t.accepted,
                "delivered": t.delivered,
                "unknown": t.unknown,
                "not_sent": dict(t.not_sent),
                "dollars": report.dollars.get(t.channel, 0.0),
            }
            for t in report.totals
        ],
        "items": [
            {
                "date": line.on,
                "item": line.item,
                "title": line.title,
                "kind": line.kind,
                "channel": line.channel,
                "planned_at": line.planned_at,
                "approved_by": list(line.approved_by),
                "state": line.state.value,
                "sent_at": line.sent_at,
                "sent_until": line.sent_until,
                "reference": line.reference,
                "counts": {**asdict(line.counts), "missing": line.counts.missing},
                "fates": dict(line.fates),
                "reason": line.reason,
                "corrections": list(line.corrections),
            }
            for line in report.lines
        ],
        "claims": [
            {
                "id": c.id,
                "text": c.text,
                "status": c.status,
                "source": c.source,
                "url": c.url,
                "items": list(c.items),
                "changed_since": c.changed,
            }
            for c in report.claims
        ],
        "decisions": [{"at": d.at, "who": d.who, "what": d.what} for d in report.decisions],
        "alone": report.alone,
        "history": {"events": report.events, "whole": report.whole},
    }


def report_html(report: Report) -> str:
    """One page without any network, for the screen and for paper."""
    zone = ZoneInfo(report.time_zone)
    return (
        page_environment()
        .get_template("report.html")
        .render(
            report=report,
            first_day=day_words(report.start_on),
            last_day=day_words(report.end_on),
            place=place(report.time_zone),
            made_local=local_words(report.made_at, report.time_zone),
            made_utc=utc_words(report.made_at),
            utc=utc_words,
            badge_of=lambda line: _badge(line.state),
            clock=lambda at: time_of_day(at.astimezone(zone)) if at else "",
            channel_words=channel_words,
            count=counted,
            state_words=lambda state: state_words(State(state)),
            answer=answer(report),
            gone_wrong=_not_sent(report),
            dollars=lambda amount: f"{amount:.2f}" if round(amount, 2) == round(amount, 4) else f"{amount:.3f}",
            corrected=[line for line in report.lines if line.corrections],
            tokens=Markup(css_custom_properties()),  # noqa: S704 - our own constants
            css=page_source("item.css") + page_source("packet.css"),
        )
    )


def _not_sent(report: Report) -> list[tuple[Badge, str, list[tuple[date, str, list[str]]]]]:
    """(state, reason, [(day, item, channels)]) of what did not go out, each item once."""
    groups: dict[tuple[State, str], dict[tuple[date, str], list[str]]] = {}
    for line in report.gone_wrong:
        items = groups.setdefault((line.state, line.what_is_known), {})
        items.setdefault((line.on, line.item), []).append(channel_words(line.channel))
    return [
        (_badge(state), reason, [(*of, channels) for of, channels in items.items()])
        for (state, reason), items in groups.items()
    ]


def _badge(state: State) -> Badge:
    return Badge(DELIVERY_KINDS[state], state_words(state))


def answer(report: Report) -> str:
    """The whole in one sentence."""
    sent = sum(t.sent for t in report.totals)
    planned = sum(t.planned for t in report.totals)
    mails = sum(t.accepted for t in report.totals if any(s.channel == t.channel and s.fates for s in report.lines))
    readers = f", {counted(mails, 'mail')} taken by the provider" if mails else ""
    part = sum(0 < line.counts.accepted and line.state is not State.SENT for line in report.lines)
    in_part = f", and {part} to a part of {'its' if part == 1 else 'their'} readers" if part else ""
    verb = "went out" if report.mode == "live" else "were rehearsed; nothing left the machine"
    return f"{sent} of {counted(planned, 'message')} {verb}{in_part}{readers}."
