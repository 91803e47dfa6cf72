"""The files of a dry run: the packet, the plan, the calendar, and each message exactly as it would go out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

from ..cards.drawing import bytes_of
from ..domain.message import EmailBody, Message, PostBody, pictures_of
from ..domain.outcome import Request
from ..domain.planned_item import PlannedItem
from ..domain.post_picture import picture_path, picture_url
from ..domain.rehearsal import Rehearsal
from ..kept_by_key import KeptByKey
from ..light_dataclass import dataclass
from ..what_items_share import fingerprint_of_message
from .atomic_folder import Folder, replace_folder, safe_name
from .icalendar_file import calendar_ics
from .item_articles import KeptPieces
from .packet import packet_html
from .rehearsal_data import findings_as_data, message_as_data, plan_as_data
from .spreadsheet import Line, line_of, picture_files, plan_csv


class _Files(KeptByKey):
    most_pieces = 500  # each is a message four times


#: The files of messages that an earlier dry run has made.
FILES = _Files()


@dataclass(frozen=True)
class DryRunFiles:
    """Where everything is."""

    folder: Path
    index: Path
    plan: Path
    spreadsheet: Path
    calendar: Path
    findings: Path
    posts: tuple[Path, ...]
    emails: tuple[Path, ...]


def write_dry_run(
    out: Path,
    rehearsal: Rehearsal,
    *,
    made_at: datetime,
    requests: Callable[[Message], Request],
    eml: Callable[[Message], bytes],
    progress: Callable[[int, int], None] | None = None,
    handles: Mapping[str, str] | None = None,
    providers: Mapping[str, str] | None = None,
    rests_on: Callable[[Message], str] | None = None,
) -> DryRunFiles:
    """Write all files of a dry run to ``out``, whole or not at all.

    The same rehearsal gives the same bytes, but for ``made_at`` on the packet's cover and in plan.json. ``requests``
    gives the call that would be made for a message, ``eml`` an email as a reader's program would get it; both for
    made-up readers. ``rests_on``: all that these two go by beside the message and this program; with it, they are not
    asked again while nothing of that has changed. ``handles``: by channel, the account's name on the network;
    ``providers``: its transport, by which the file of a mail's call is called. Raises UsageError when ``out`` is not a
    dry run's folder, CannotWrite when it cannot be written.
    """
    names = _file_names(rehearsal)

    def write_messages(folder: Folder) -> None:
        total = len(rehearsal.everything)
        for done, message in enumerate(rehearsal.everything, start=1):
            provider = (providers or {}).get(message.channel, "request")
            key = (fingerprint_of_message(message), provider, rests_on(message)) if rests_on is not None else None
            kept = FILES.read(key) if key is not None else None
            files = kept or _files_of(message, requests, eml, provider, rehearsal.public_url)
            if key is not None and kept is None:
                FILES.write(key, files)
            for kind, content in files:
                folder.write(f"{names[message.item, message.channel]}.{kind}", content)
            if progress:
                progress(done, total)
        heads = (p for m in rehearsal.messages if isinstance(m.body, EmailBody) for p in pictures_of(m))
        by_name = {picture_path(picture): picture for picture in heads}
        for name, picture in {**dict(picture_files(rehearsal).values()), **by_name}.items():
            folder.write(name, bytes_of(picture))

    def fill(folder: Folder) -> None:
        _write_season(folder, rehearsal, made_at, handles or {}, partial(write_messages, folder))

    replace_folder(out, fill, now=made_at.timestamp())
    paths = [(m, out / names[m.item, m.channel]) for m in rehearsal.messages]
    return DryRunFiles(
        folder=out,
        index=out / "index.html",
        plan=out / "plan.json",
        spreadsheet=out / "plan.csv",
        calendar=out / "calendar.ics",
        findings=out / "findings.json",
        posts=tuple(p.parent / f"{p.name}.txt" for m, p in paths if isinstance(m.body, PostBody)),
        emails=tuple(p.parent / f"{p.name}.eml" for m, p in paths if isinstance(m.body, EmailBody)),
    )


def _write_season(
    folder: Folder,
    rehearsal: Rehearsal,
    made_at: datetime,
    handles: Mapping[str, str],
    meanwhile: Callable[[], None],
) -> None:
    """The packet, and what tells of all messages. ``meanwhile``: as in :func:`.packet.packet_html`."""
    pieces = KeptPieces(rehearsal, handles, _lines_of_plan)
    page = packet_html(rehearsal, made_at=made_at, handles=handles, pieces=pieces, meanwhile=meanwhile)
    folder.write("index.html", page.encode())
    lines = {(item, channel): line for item, its in pieces.beside.items() for channel, *line in its}
    known = {key: _Written(line) for key, (line, _) in lines.items()}
    folder.write("plan.json", _json(plan_as_data(rehearsal, made_at=made_at, known=known)))
    folder.write("findings.json", _json(findings_as_data(rehearsal.findings)))
    folder.write("plan.csv", plan_csv(rehearsal, {key: row for key, (_, row) in lines.items()}))
    folder.write("calendar.ics", calendar_ics(rehearsal))


class _Written(str):
    """What stands in a list of plan.json, as it is written there."""

    __slots__ = ()


def _lines_of_plan(own: Rehearsal, planned: PlannedItem) -> list[tuple[str, str, Line]]:
    """Of each message of an item: the channel, what plan.json says of it, its line in plan.csv."""
    return [
        (m.channel, _indented(message_as_data(own, m, planned), "\n    "), line_of(own, m, planned))
        for m in own.messages
        if m.item == planned.item.id
    ]


def _file_names(rehearsal: Rehearsal) -> Mapping[tuple[str, str], str]:
    """``posts/DATE-CHANNEL``, ``emails/DATE``, ``digests/DATE``; where two would be the same, the item's id is added.

    A digest is no day's email but a selection of them, so the folder of emails holds one file a day.
    """
    email_channels = {m.channel for m in rehearsal.messages if isinstance(m.body, EmailBody)}
    names: dict[tuple[str, str], str] = {}
    for message in rehearsal.everything:
        if isinstance(message.body, PostBody):
            name = f"posts/{message.on.isoformat()}-{safe_name(message.channel)}"
        else:
            name = f"{'digests' if message.audience.is_digest else 'emails'}/{message.on.isoformat()}"
            if len(email_channels) > 1:
                name += f"-{safe_name(message.channel)}"
        taken = set(names.values())
        if name in taken:
            name = f"{name}-{safe_name(message.item)}"
        while name in taken:
            name += "-2"
        names[message.item, message.channel] = name
    return names


def _files_of(
    message: Message,
    requests: Callable[[Message], Request],
    eml: Callable[[Message], bytes],
    provider: str,
    public_url: str,
) -> tuple[tuple[str, bytes], ...]:
    """What stands behind the dot of a file's name, and its content."""
    body, request = message.body, requests(message)
    if isinstance(body, PostBody):
        call = {"method": request.method, "path": request.path, "body": request.body}
        return ("txt", body.whole_text.encode()), ("request.json", _json(call))
    html = body.html
    for picture in pictures_of(message):  # whoever looks at a rehearsal fetches nothing
        html = html.replace(picture_url(public_url, picture), f"../{picture_path(picture)}")
    return (
        ("eml", eml(message)),
        ("html", html.encode()),
        ("txt", body.text.encode()),
        (f"{provider}.json", _json(dict(request.body))),
    )


def _json(data: object) -> bytes:
    return (_indented(data, "\n") + "\n").encode()


_WRITTEN, _IN_QUOTES = json.JSONEncoder(ensure_ascii=False).encode, json.encoder.encode_basestring


def _indented(data: object, line: str) -> str:
    """As the standard library indents by two, in a fifth of its time. ``line``: a line's end, and how far the next one
    stands in."""
    if type(data) is str:  # most are
        return _IN_QUOTES(data)
    if type(data) is _Written:
        return data
    inner = f"{line}  "
    if isinstance(data, dict) and data:
        pieces = [f"{_IN_QUOTES(key)}: {_indented(value, inner)}" for key, value in data.items()]
        return f"{{{inner}{f',{inner}'.join(pieces)}{line}}}"
    if isinstance(data, list | tuple) and data:
        return f"[{inner}{f',{inner}'.join([_indented(each, inner) for each in data])}{line}]"
    return _WRITTEN(data)
