"""Projects to measure with, made and driven by the command line alone."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import random
import shutil
import sys
import tempfile
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from measure import PYTHON, ROOT, Done, Seconds, run

if TYPE_CHECKING:  # run.py begins with an interpreter that has no library yet
    from sqlalchemy import Engine

CAMPAIGN = "human-trafficking-prevention"
EVE = "2026-12-20T12:00:00-05:00"


def morning(day: int) -> str:
    """A moment after the mail of a day of January is due."""
    return f"2027-01-{day:02}T10:00:05-05:00"


@dataclass
class Place:
    """A project of its own in a scratch folder, live, with stand-ins on this machine."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    @classmethod
    def make(cls, folder: Path, *, campaigns: bool = True, **settings: str) -> Place:
        """``settings`` are names without `OBSERVANCE_`, such as CHANNELS__EMAIL__BASE_URL."""
        for part in ("templates", "config", *(["campaigns"] if campaigns else [])):
            shutil.copytree(ROOT / part, folder / part)
        policy = folder / "config" / "review.toml"
        policy.write_text('alone = { who = "Ann", why = "a benchmark" }\n' + policy.read_text("utf-8"), "utf-8")
        return cls.at(folder, settings)

    @classmethod
    def at(cls, folder: Path, settings: Mapping[str, str]) -> Place:
        """A project that is there."""
        common = {
            "PROJECT": str(folder),
            "STATE": str(folder / ".state"),
            "MODE": "live",
            "PUBLIC_URL": "http://127.0.0.1:8080",
            "WEB__UNSUBSCRIBE_CHECK": "trust",
            "CHANNELS__X__ENABLED": "false",
            **by_sendgrid("http://127.0.0.1:9"),  # where nothing listens
        }
        return cls(folder, common | dict(settings))

    @property
    def database(self) -> Path:
        """Its ledger, where that is a file."""
        return self.folder / "var" / "observance.db"

    def engine(self) -> Engine:
        """Its ledger, beside the program."""
        from sqlalchemy import create_engine

        url = self.settings.get("DATABASE__URL", f"sqlite:///{self.database}")
        return create_engine(url.replace("postgresql:", "postgresql+psycopg:"))

    def environment(self, at: str = "", **more: str) -> dict[str, str]:
        # As on a machine where it is used: a start finds the modules compiled that an earlier one has left.
        clean = {
            k: v
            for k, v in os.environ.items()
            if not k.startswith("OBSERVANCE_")
            and not k.lower().endswith("_proxy")
            and k not in ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")
        }
        settings = self.settings | more | ({"PRETEND_NOW": at} if at else {})
        return clean | {f"OBSERVANCE_{name}": value for name, value in settings.items()}

    def command(self, *arguments: str) -> list[str]:
        return [PYTHON, str(ROOT / "run.py"), *arguments]

    def run(self, *arguments: str, at: str = "", patience: float = 3600, **more: str) -> Done:
        """One command; a status that says it could not do it ends the benchmark."""
        done = run(self.command(*arguments), self.environment(at, **more), patience=patience)
        if done.status not in (0, 1):
            raise SystemExit(f"{' '.join(arguments)} ended with {done.status}:\n{done.output[-3000:]}")
        return done

    def sign_and_answer(self, *campaign: str, at: str = "") -> None:
        """All that is in use, as if each source had been opened; and whatever the files ask."""
        name = campaign[0] if campaign else CAMPAIGN
        for kind in ("claim", "contact"):
            file = self.folder / "campaigns" / name / f"{kind}s.toml"
            records = tomllib.loads(file.read_text("utf-8")).get(kind, []) if file.exists() else []
            ids = [r["id"] for r in records if r.get("status") not in ("superseded", "quarantined") or kind == "claim"]
            if ids:
                self.run("sign", kind, *ids, "--opened", "--by", "Ann", f"--campaign={name}", at=at)
        said = self.run("decide", "--json", f"--campaign={name}", at=at).output
        asked = json.loads(said[said.index("{") :])["open"]
        for one in asked:
            answer = ("--answer", "Yes.", "--by", "Ann", f"--campaign={name}")
            self.run("decide", one["subject"], one["id"], *answer, at=at)

    def make_ready(self, readers: int) -> None:
        """Approve, bring in readers, arm."""
        self.run("approve", "--all", "--by", "Ann", at=EVE)
        path = self.folder / "readers.csv"
        write_list(path, readers)
        self.run("subscribers", "import", str(path), at=EVE)
        path.unlink()
        self.run("arm", "--by", "Ann", at=EVE)


class PlaceInThisProcess(Place):
    """The same, with each command in this process: a hundred campaigns are made ready by a thousand of them, and each
    start would read all campaigns."""

    def run(self, *arguments: str, at: str = "", patience: float = 3600, **more: str) -> Done:
        sys.path[:0] = [str(ROOT)] if str(ROOT) not in sys.path else []
        from scheduler.cli.main import main

        before, output = dict(os.environ), io.StringIO()
        began, busy = time.perf_counter(), time.process_time()
        os.environ.clear()
        os.environ.update(self.environment(at, **more))
        try:
            with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
                status = main(list(arguments))
        finally:
            os.environ.clear()
            os.environ.update(before)
        if status not in (0, 1):
            raise SystemExit(f"{' '.join(arguments)} ended with {status}:\n{output.getvalue()[-3000:]}")
        return Done(Seconds(time.perf_counter() - began, time.process_time() - busy), 0, status, output.getvalue())


def write_list(path: Path, rows: int) -> None:
    """Everyday addresses in no order, half of them with a name, some with a zone."""
    chance = random.Random(7)
    zones = ("", "", "", "America/New_York", "America/Chicago", "Europe/Berlin")
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("email", "name", "zone"))
        for n in range(rows):
            name = f"Reader {n}" if n % 2 else ""
            out.writerow((f"{chance.getrandbits(40):x}.{n}@mail{n % 97}.example.org", name, chance.choice(zones)))


#: A folder that all parts of a run share; another one for each process that is started by itself.
SHARED = "BENCH_SHARED_FOLDER"


def mail_place(folder: Path, readers: int, settings: Mapping[str, str], server: str = "") -> Place:
    """The shipped month, ready to be mailed. To sign and answer everything takes a command for each record, so each is a
    copy of one in which that was done. ``server``: of PostgreSQL, which keeps its ledger in a database of its own; empty:
    the ledger is a file."""
    place = _copy_on(server, folder, settings) if server else _copy_of_file(folder, settings)
    place.make_ready(readers)
    return place


def _copy_of_file(folder: Path, settings: Mapping[str, str]) -> Place:
    if SHARED not in os.environ:
        os.environ[SHARED] = tempfile.mkdtemp(prefix="observance-bench-")
    signed = Path(os.environ[SHARED]) / "signed"
    if not signed.exists():
        made = Place.make(signed.with_name("being-signed"))
        made.sign_and_answer(at=EVE)
        made.folder.rename(signed)
    shutil.copytree(signed, folder)
    return Place.at(folder, settings)


def _copy_on(server: str, folder: Path, settings: Mapping[str, str]) -> Place:
    """The one that is copied lies beside the first copy."""
    signed = folder.with_name("signed")
    if not signed.exists():
        made = Place.make(folder.with_name("being-signed"), DATABASE__URL=_new_database(server, "signed"))
        made.sign_and_answer(at=EVE)
        made.folder.rename(signed)
    shutil.copytree(signed, folder)
    return Place.at(folder, {**settings, "DATABASE__URL": _new_database(server, folder.name, " TEMPLATE signed")})


def _new_database(server: str, name: str, how: str = "") -> str:
    from sqlalchemy import create_engine

    engine = create_engine(server.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"{how}')
    engine.dispose()
    return server.replace("/postgres?", f"/{name}?")


def by_sendgrid(base_url: str) -> dict[str, str]:
    return {"SENDGRID_API_KEY": "SG.a-stand-in", "CHANNELS__EMAIL__BASE_URL": base_url}


def by_smtp(port: int, **more: str) -> dict[str, str]:
    named = {"TRANSPORT": "smtp", "BASE_URL": f"smtp://127.0.0.1:{port}", "STARTTLS": "false", **more}
    return {f"CHANNELS__EMAIL__{name}": value for name, value in named.items()}


CAMPAIGN_FILES = {
    "campaign.toml": """
name = "{name}"
time_zone = "UTC"
language = "en"
lint_packs = ["house"]
[window]
start = {{ rule = "fixed", month = {month}, day = {day} }}
end = {{ rule = "fixed", month = {month}, day = {day} }}
[[titles]]
first = {year}
last = {year}
title = "{name}"
[slots]
default = "{email}"
x = "{x}"
email = "{email}"
[lateness]
window = "same-day"
[block]
contacts = ["city-line"]
post_tail = "Cool rooms: {{{{ contact('city-line').value }}}}"
""",
    "calendar.toml": """
[[day]]
day = 1
item = "today"
""",
    "claims.toml": """
[[claim]]
id = "hot-days"
text = "our city had 23 days above 35 degrees"
kind = "statistic"
status = "current"
period = "2026"
numbers = ["23 days"]
[claim.source]
title = "Climate summary for 2026"
publisher = "Example Weather Office"
url = "https://weather.example.org/2026"
dated = "2026-11"
retrieved_on = 2026-11-02
[publishers]
"Example Weather Office" = ["weather.example.org"]
""",
    "contacts.toml": """
[[contact]]
id = "city-line"
kind = "phone"
value = "311"
label = "City line"
purpose = "where the nearest cool room is"
hours = "day and night"
status = "active"
""",
    "items/1-today.md": """+++
id = "today"
kind = "special"
title = "{name}"
preheader = "One mail."
+++

# Post
{name}: know where the nearest cool room is.

# Email
Heat comes slowly, and those whom it harms are often alone. Know where the nearest cool room is.
""",
}


def add_day(place: Place, name: str, on: date, *, x: str, email: str) -> str:
    """A campaign of one day, whose post and mail are due at these hours (UTC). Returns its id."""
    campaign = name.lower().replace(" ", "-")
    for file, text in CAMPAIGN_FILES.items():
        path = place.folder / "campaigns" / campaign / file
        path.parent.mkdir(parents=True, exist_ok=True)
        content = text.format(name=name, month=on.month, day=on.day, year=on.year, x=x, email=email)
        path.write_text(content.lstrip("\n"), encoding="utf-8")
    return campaign
