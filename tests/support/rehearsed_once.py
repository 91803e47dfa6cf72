"""What all tests of a process rehearse once: hundreds of them begin with a copy of the same project, and to read, plan,
render and check a month takes a second.

Each of these is a pure function of files and of values. Here what it made is remembered under the bytes of all files that
it may read, and under the values it was given: wherever a copy lies, whatever differs is made anew. Messages and records
cannot be changed, so that tests may share them.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from scheduler.content import checks
from scheduler.content.checks import all_checks
from scheduler.content.load import campaign_files
from scheduler.content.render import messages, transactional_emails
from scheduler.planner.pin import pin_path
from scheduler.services import season_plans
from scheduler.settings import Secrets

_NO_SECRETS = Secrets({})
_PORT_HERE = re.compile(r"^(\w+://(?:127\.0\.0\.1|localhost)):\d+")


#: All that is remembered.
_EVERYTHING: list[_Remembered] = []


def forget() -> None:
    """For a test that asks how often something is worked out."""
    for one in _EVERYTHING:
        one.known.clear()


class _Remembered:
    """Values by key. ``held``: objects that stand in the key by their identity, which are theirs while they are held."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.known: OrderedDict[Hashable, tuple[object, Any]] = OrderedDict()
        _EVERYTHING.append(self)

    def of(self, key: tuple[Hashable | None, ...], held: object, make: Callable[[], Any]) -> Any:
        """``key``: with None in it nothing is remembered."""
        if None in key:
            return make()
        if key not in self.known:
            self.known[key] = held, make()
        self.known.move_to_end(key)
        while len(self.known) > self._most:
            self.known.popitem(last=False)
        return self.known[key][1]


def _files(*folders: Path) -> str | None:
    """The names and bytes of all files in some folders; None where something else than files is among them, or where one
    is taken away meanwhile."""
    said = hashlib.blake2b()
    try:
        for folder in folders:
            said.update(b"\0")
            if not _add_folder(said, os.fspath(folder), ""):
                return None
    except OSError:
        return None
    return said.hexdigest()


def _add_folder(said: hashlib.blake2b, folder: str, inner: str) -> bool:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        said.update(b"-")
        return True
    for entry in entries:
        name = f"{inner}/{entry.name}".encode(errors="surrogateescape")
        if entry.is_dir(follow_symlinks=False):
            said.update(b"d%d:%s" % (len(name), name))
            if not _add_folder(said, entry.path, f"{inner}/{entry.name}"):
                return False
        elif entry.is_file(follow_symlinks=False):
            said.update(b"f%d:%s%s" % (len(name), name, _bytes_of(entry)))
        else:
            return False
    return True


#: The hash of a file's bytes, by what changes when the file does.
_READ: dict[tuple[object, ...], bytes] = {}
#: Nanoseconds. What was written so shortly before may be written again at the same time by the file's clock.
_JUST_NOW = 100_000_000
_now = time.time_ns


def _bytes_of(entry: os.DirEntry[str]) -> bytes:
    seen = entry.stat(follow_symlinks=False)
    key = entry.path, seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns
    if known := _READ.get(key):
        return known
    with open(entry.path, "rb") as file:
        found = hashlib.blake2b(file.read(), digest_size=32).digest()
    if _now() - seen.st_ctime_ns > _JUST_NOW:
        if len(_READ) >= 50_000:
            _READ.clear()
        _READ[key] = found
    return found


def _plain(value: Any) -> Hashable:
    """All that a value holds; its own text may leave addresses out."""
    if fields := getattr(value, "__dataclass_fields__", None):
        return type(value).__name__, *(_plain(getattr(value, name)) for name in fields if not name.startswith("_"))
    if isinstance(value, Mapping):
        return tuple((key, _plain(one)) for key, one in value.items())
    if isinstance(value, list | tuple):
        return tuple(map(_plain, value))
    return value if isinstance(value, Hashable) else repr(value)


def _values(settings: Any) -> Hashable:
    """All settings, without the place of the project, secrets, and the ports of stand-ins, of which each test has others:
    no message is made of one."""
    channels = {
        name: replace(channel, base_url=_PORT_HERE.sub(r"\1", channel.base_url))
        for name, channel in settings.channels.items()
    }
    return _plain(replace(settings, root=Path(), database_url="", secrets=_NO_SECRETS, channels=channels))


def _days(items: Iterable[Any] | None) -> tuple[object, ...]:
    """Days of a plan, by all that they hold."""
    parts = ("item", "day", "held_back", "substitute")
    return tuple((p.day_number, p.on, p.week, p.number, *(id(getattr(p, part)) for part in parts)) for p in items or ())


def share() -> None:
    campaigns, plans, rendered, lettered, checked = (_Remembered(most) for most in (40, 80, 24, 24, 60))
    load_campaign, read_plan = campaign_files.load_campaign, season_plans.read_plan
    render, letters_with_texts = messages.render, transactional_emails.letters_with_texts
    check = all_checks.check

    def load_once(root: Path, campaign_id: str, overlay: Any = None) -> Any:
        key = campaign_id, _plain(overlay or {}), _files(root / "campaigns", root / "config")
        campaign, findings = campaigns.of(key, None, lambda: load_campaign(root, campaign_id, overlay))
        return campaign, list(findings)

    def plan_once(root: Path, settings: Any, campaign: Any, season: Any) -> Any:
        path = pin_path(root, campaign.id, season.year)
        key = id(campaign), season, _values(settings), path.read_bytes() if path.is_file() else b""
        plan, findings = plans.of(key, campaign, lambda: read_plan(root, settings, campaign, season))
        return plan, list(findings)

    def _of_templates(plan: Any, settings: Any, templates: Path) -> tuple[Hashable | None, ...]:
        folders = (templates, *(templates.parent / "campaigns" / name / "templates" for name in _family(plan)))
        return id(plan), _values(settings), _files(*folders)

    def render_once(
        plan: Any,
        settings: Any,
        templates: Path,
        *,
        items: Any = None,
        progress: Any = None,
        renderer: Any = None,
        meanwhile: Any = lambda: None,
    ) -> Any:
        meanwhile()
        items = items if items is None else tuple(items)
        key = *_of_templates(plan, settings, templates), items is None, _days(items)
        done: list[int] = []

        def tell(*counts: int) -> None:
            done.append(counts[0])
            if progress is not None:
                progress(*counts)

        made = rendered.of(
            key, (plan, items), lambda: render(plan, settings, templates, items=items, progress=tell, renderer=renderer)
        )
        days = plan.items if items is None else items
        if progress is not None and not done:
            for number, _ in enumerate(days, 1):
                progress(number, len(days))
        return made

    def letters_once(plan: Any, settings: Any, templates: Path, renderer: Any = None) -> Any:
        key = _of_templates(plan, settings, templates)
        letters, texts, found = lettered.of(key, plan, lambda: letters_with_texts(plan, settings, templates, renderer))
        return letters, texts, list(found)

    def check_once(
        plan: Any, given: Any, settings: Any, signatures: Any, lint_dir: Path, *, beside: Any = (), **more: Any
    ) -> Any:
        every = (plan, *given, *(message for message, _ in beside))
        values = _plain((settings.root in lint_dir.parents, signatures, [text for _, text in beside], more))
        key = tuple(map(id, every)), len(given), _values(settings), values, _files(lint_dir)
        return list(
            checked.of(key, every, lambda: check(plan, given, settings, signatures, lint_dir, beside=beside, **more))
        )

    campaign_files.load_campaign = load_once
    season_plans.read_plan = plan_once
    messages.render, transactional_emails.letters_with_texts = render_once, letters_once
    checks.check = all_checks.check = check_once  # type: ignore[assignment]


def _family(plan: Any) -> tuple[str, ...]:
    return tuple(filter(None, (plan.campaign.id, plan.campaign.edition_of)))
