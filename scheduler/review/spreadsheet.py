"""The calendar as a spreadsheet: one row a message, in the columns of a content calendar."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from ..domain.message import EmailBody, Message, PostBody
from ..domain.planned_item import PlannedItem
from ..domain.post_picture import PostPicture
from ..domain.rehearsal import Rehearsal
from .atomic_folder import safe_name

COLUMNS = (
    "id",
    "date",
    "weekday",
    "local time",
    "time zone",
    "week theme",
    "special day",
    "kind",
    "channel",
    "language",
    "text",
    "characters",
    "hashtags",
    "link",
    "image file",
    "alt text",
    "content note",
    "claim ids",
    "claim status",
    "source",
    "contact block",
    "owner",
    "reviewer",
    "status",
    "approved by",
    "approved on",
    "notes",
)
_IMAGE = COLUMNS.index("image file")
DRAFT = "DRAFT, not approved"
_TAG = re.compile(r"(?<![\w&])#\w+")
# A spreadsheet takes a cell that begins so for a formula, and runs it.
_FORMULA = re.compile(r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


#: Of a message's line in CSV what stands before the name of its picture, and behind it.
Line = tuple[str, str]


def plan_csv(rehearsal: Rehearsal, known: Mapping[tuple[str, str], Line] | None = None) -> bytes:
    """The rows as CSV: UTF-8 with a byte order mark, as spreadsheets want it; no cell is a formula.

    A digest stands after the messages of its day, and names the items that it holds. ``known``: lines of messages, by
    item and channel, for whoever has them.
    """
    planned = {p.item.id: p for p in rehearsal.plan.items}
    in_order = sorted(rehearsal.everything, key=lambda m: m.on)  # a digest stays behind the items of its day
    pictures = {key: name for key, (name, _) in picture_files(rehearsal).items()}
    lines = [_in_csv(COLUMNS)]
    for message in in_order:
        its = message.item, message.channel
        before, behind = (known or {}).get(its) or line_of(rehearsal, message, planned.get(message.item))
        lines.append(f"{before},{pictures.get(its, '')},{behind}")  # the name goes by the other pictures of its day
    return "\r\n".join(("\ufeff" + lines[0], *lines[1:], "")).encode()


def picture_files(rehearsal: Rehearsal) -> Mapping[tuple[str, str], tuple[str, PostPicture]]:
    """How the files of posts' pictures are called in a dry run's folder, by item and channel: ``cards/DATE.png`` (or
    ``.jpg``); where a day has several, the item's id is added, and the channel's where one item has. Posts with one
    picture share a file.
    """
    found: dict[str, PostPicture] = {}
    of_posts: dict[tuple[str, str], tuple[str, PostPicture]] = {}
    for message in rehearsal.messages:
        picture = message.body.picture if isinstance(message.body, PostBody) else None
        if picture is not None:
            day = f"cards/{message.on.isoformat()}"
            of_item = f"{day}-{safe_name(message.item)}"
            names = (f"{name}.{picture.ending}" for name in (day, of_item, f"{of_item}-{safe_name(message.channel)}"))
            name = next((name for name in names if found.get(name, picture).sha256 == picture.sha256), "")
            name = name or f"{of_item}-{picture.sha256[:12]}.{picture.ending}"
            found[name] = picture
            of_posts[message.item, message.channel] = name, picture
    return of_posts


def as_csv(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    """UTF-8 with a byte order mark, as spreadsheets want it; no cell is a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _in_csv(cells: Iterable[str]) -> str:
    """A line, or a part of one, without its end."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue().removesuffix("\r\n")


def harmless(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def line_of(rehearsal: Rehearsal, message: Message, planned: PlannedItem | None) -> Line:
    row = _row(rehearsal, message, planned)
    cells = [harmless(row.get(column, "")) for column in COLUMNS]
    return _in_csv(cells[:_IMAGE]), _in_csv(cells[_IMAGE + 1 :])


def _row(rehearsal: Rehearsal, message: Message, planned: PlannedItem | None) -> dict[str, str]:
    campaign = rehearsal.plan.campaign
    local = message.audience.local_time or message.due_at.astimezone(ZoneInfo(campaign.time_zone))
    claims = [campaign.claims[c] for c in message.claims if c in campaign.claims]
    contacts = [campaign.contacts[c] for c in message.contacts if c in campaign.contacts]
    approvals = rehearsal.approvals.of(message)
    row = {
        "id": message.item,
        "date": message.on.isoformat(),
        "weekday": f"{message.on:%A}",
        "local time": f"{local:%H:%M}",
        "time zone": "each reader's own" if message.audience.local_time else campaign.time_zone,
        "kind": message.kind,
        "channel": message.channel,
        "language": campaign.language,
        "link": " ".join(message.links),
        "claim ids": " ".join(c.id for c in claims),
        "claim status": " ".join(c.status.value for c in claims),
        "source": "; ".join(dict.fromkeys(c.source.label for c in claims)),
        "contact block": "; ".join(f"{c.label}: {c.value}" for c in contacts),
        "status": DRAFT if rehearsal.missing(message) else "approved",
        "approved by": "; ".join(f"{a.person} ({a.how})" for a in approvals),
        "approved on": "; ".join(a.approved_at.date().isoformat() for a in approvals),
    }
    body = message.body
    if isinstance(body, EmailBody):
        row["text"] = f"{body.subject}\n{body.preheader}\n\n{body.text}"
        row["characters"] = str(len(body.text))
    else:
        row["text"] = body.whole_text
        row["characters"] = str(body.characters)
        row["alt text"] = body.alt_text
        row["hashtags"] = " ".join(_TAG.findall(body.text))
    if message.audience.is_digest:
        row["notes"] = f"holds {', '.join(item for item, _ in message.audience.parts)}"
    if planned is not None:
        day = planned.day
        row["week theme"] = (day.theme if day and day.theme else "") or campaign.themes.get(str(planned.week), "")
        row["special day"] = day.special if day else ""
        row["content note"] = planned.item.content_note
        row["owner"] = planned.item.author
        row["notes"] = planned.item.needs_decision
    return row
