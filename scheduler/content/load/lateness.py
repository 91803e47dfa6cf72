"""How late is still on time: the [lateness] of a campaign, and an item's own."""

from __future__ import annotations

from ...domain.campaign import Lateness
from ..toml_file import Table

#: "never-late": the slot's own minute, which leaves the alarm and a slow disk their second.
_NEVER_LATE_MINUTES = 1
_WINDOWS = ("same-day", "never-late")


def read_lateness(owner: Table) -> Lateness | None:
    """The table ``lateness`` of a campaign or an item; None where there is none."""
    table = owner.optional_table("lateness")
    if table is None:
        return None
    window = table.optional_text("window", allowed=_WINDOWS)
    minutes = table.optional_integer("minutes", least=1, most=1440)
    if table.has("window") and table.has("minutes"):
        table.report("C023", "[lateness] has both window and minutes", "minutes")
    elif not table.has("window") and not table.has("minutes"):
        table.report("C023", "[lateness] has neither window nor minutes")
    table.close("lateness")
    if window == "never-late":
        return Lateness(_NEVER_LATE_MINUTES)
    return Lateness(None if window else minutes)
