"""Three days in June in place of the shipped month, for tests that start many processes: each reads and renders them all.

They are the files of docs/howto/a-month-of-your-own.md, with what is due at ten instead of nine.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tests.support.two_people import declare_alone

ROOT = Path(__file__).parents[2]
CAMPAIGN, SEASON = "heat-week", 2027
#: The second of them, and its item.
DAY, ITEM = "2027-06-22", "how-hot"
#: When everything is signed and approved: a help line's check is good for ninety days.
EVE = "2027-06-14T10:00:00-05:00"


def copy_small_month(root: Path) -> None:
    """A project with these three days and nothing else."""
    for part in ("templates", "config"):
        shutil.copytree(ROOT / part, root / part)
    declare_alone(root)
    page = (ROOT / "docs" / "howto" / "a-month-of-your-own.md").read_text(encoding="utf-8")
    files = re.findall(r"^`campaigns/(\S+)`\n\n```\w*\n(.*?)^```", page, flags=re.DOTALL | re.MULTILINE)
    for name, text in files:
        path = root / "campaigns" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace('default = "09:00"', 'default = "10:00"'), encoding="utf-8")
    assert 'default = "10:00"' in (root / "campaigns" / CAMPAIGN / "campaign.toml").read_text(encoding="utf-8")
