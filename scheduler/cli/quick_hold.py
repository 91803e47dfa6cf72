"""`hold`, begun at once: the plain case, without what all other commands load.

Whoever stops something waits for nothing else. The plain case is a hold as most are typed, on a ledger where no call is
under way, with settings that the last start found good (:mod:`scheduler.start_notes`). Everything else, whatever is
refused or explained among it, is left to the command in :mod:`.holds`: here nothing is decided that is decided there,
and the rows are written by the same function. A contract test holds the two together.
"""

from __future__ import annotations

import json
import os
from datetime import datetime

from ..domain.hold_words import ALL_CAMPAIGNS, ALL_CHANNELS, hold_data, said_of_hold
from ..domain.redact import is_plainly_seen
from ..errors import ObservanceError
from ..folders import campaign_ids, find_root, login_name
from ..start_notes import database_of, read_note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..store.plain_drivers import OnPostgresql, OnSqlite
    from ..store.plain_sql import Held

_OPTIONS = ("--reason", "--by", "--channel", "--campaign", "--project")
_LONGEST = {"--reason": 500, "--by": 200}  # longer is refused, in words
#: What could hide a character or name an address, and is looked at more closely.
_LOOKED_AT = frozenset("&%@")


def hold_at_once(words: Sequence[str], env: Mapping[str, str]) -> int | None:
    """Set the hold, say so, and return the exit status. None: nothing was done, and the whole command has to run."""
    typed = plainly_typed(words)
    if typed is None or any(name.startswith("OBSERVANCE_FAILPOINT") for name in env):
        return None
    try:
        root = find_root(typed.get("--project"), env, os.getcwd())
        note = read_note(root, env)
    except (ObservanceError, OSError):
        return None
    channel, campaign = typed.get("--channel", ALL_CHANNELS), typed.get("--campaign", ALL_CAMPAIGNS)
    who = typed.get("--by") or login_name()
    if note is None or not is_plain(who, _LONGEST["--by"]):
        return None
    channels = note["channels"]
    if channel != ALL_CHANNELS and not (isinstance(channels, list) and channel in channels):
        return None
    if campaign != ALL_CAMPAIGNS and campaign not in campaign_ids(root):
        return None
    held = _held(note, env, channel, campaign, tidy(who), tidy(typed["--reason"]))
    if held is None:
        return None
    row, again = held
    if "--json" in typed:
        data = {**hold_data(channel, campaign, *row), "already": again, "under_way": []}
        print(json.dumps(data, indent=2, ensure_ascii=False, default=datetime.isoformat))
    else:
        print(said_of_hold(tidy(who), channel, campaign, again=again))
    return 0


def plainly_typed(words: Sequence[str]) -> dict[str, str] | None:
    """Options with their values, ``--json`` among them; None where something else was typed, or something twice."""
    typed: dict[str, str] = {}
    left = list(words)
    while left:
        word = left.pop(0)
        name, equals, value = word.partition("=")
        if name in _OPTIONS:
            if not equals:
                value = left.pop(0) if left else "-"
            if value.startswith("-") and not equals:
                return None
        elif word == "--json":
            name = word
        elif not word.startswith("-") and word:
            name, value = "--campaign", word
        else:
            return None
        if name in typed or (name not in ("--json", "--by") and not value):
            return None
        typed[name] = value
    plain = (is_plain(typed[name], most) for name, most in _LONGEST.items() if typed.get(name))
    return typed if "--reason" in typed and all(plain) else None


def is_plain(text: str, most: int) -> bool:
    """Whether nothing can be hidden in it, nothing has to be taken out of it, and it is neither empty nor too long."""
    return is_plainly_seen(text) and not _LOOKED_AT & {*text} and 0 < len(tidy(text)) <= most


def tidy(text: str) -> str:
    return " ".join(text.split())


def _held(
    note: Mapping[str, object], env: Mapping[str, str], channel: str, campaign: str, who: str, why: str
) -> tuple[Held, bool] | None:
    """The hold in force that says this, and whether it was there already. None: nothing was written."""
    from ..store.plain_drivers import begin_plainly

    try:
        connection = begin_plainly(database_of(note, env))
        try:
            return _set(connection, note, env, channel, campaign, who, why)
        finally:
            connection.close()
    except Exception:  # whatever it is, the whole command meets it too, and explains it
        return None


def _set(
    connection: OnSqlite | OnPostgresql,
    note: Mapping[str, object],
    env: Mapping[str, str],
    channel: str,
    campaign: str,
    who: str,
    why: str,
) -> tuple[Held, bool] | None:
    from ..clock import clock_of
    from ..store.plain_sql import holds_in_force, is_something_under_way, schema_of, set_hold

    if schema_of(connection) != (note["revision"], note["columns"]) or is_something_under_way(connection):
        return None
    for hold in holds_in_force(connection, channel, campaign):
        if (hold[0], hold[2]) == (who, why):
            return hold, True
        if hold[2] == why:
            return None  # it may be the same person, spelled in another way
    set_hold(connection, channel=channel, who=who, why=why, now=clock_of(env).now(), campaign=campaign)
    made = holds_in_force(connection, channel, campaign)[-1]
    connection.commit()
    return made, False
