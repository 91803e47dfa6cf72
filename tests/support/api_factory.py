"""The API over a small campaign of its own; each answer is held against the document that describes it."""

from __future__ import annotations

import copy
import re
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, FormatChecker
from werkzeug.test import TestResponse

from scheduler.clock import VirtualClock
from scheduler.domain.api_key import Scope
from scheduler.domain.delivery import State
from scheduler.domain.records import Wanted
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.subscriber import NewSubscriber
from scheduler.project import Project
from scheduler.services.seasons import rehearse
from scheduler.store import Ledger, open_ledger
from scheduler.web.api import RequestLimits, document
from scheduler.web.app import make_app
from scheduler.web.routing import Pages
from scheduler.wiring import load_settings
from tests.support.two_people import declare_alone

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
CAMPAIGN, ITEM = "reading-week", "why-we-read"
READER = "robin.reader@readers.test"


@cache
def _ready() -> Path:
    """A project with an empty ledger, made once."""
    folder = Path(mkdtemp())
    shutil.copytree(ROOT / "tests" / "scenarios" / "_base" / "small", folder, dirs_exist_ok=True)
    shutil.copytree(ROOT / "templates", folder / "templates")
    shutil.copytree(ROOT / "config" / "lint", folder / "config" / "lint")
    declare_alone(folder)
    open_ledger(f"sqlite:///{folder}/var/observance.db").close()
    return folder


class Api:
    """A project in ``folder`` with a reader, and its API."""

    def __init__(self, folder: Path) -> None:
        shutil.copytree(_ready(), folder, dirs_exist_ok=True)
        self.folder = folder
        self.clock = VirtualClock(NOW)
        self.project = Project(folder, load_settings(folder, {}), {}, self.clock)
        self.ledger: Ledger = open_ledger(self.project.settings.database_url)
        self.app: Pages = make_app(self.project, self.ledger)
        self.client: FlaskClient = self.app.test_client()
        self.ledger.subscribers.add_many(
            CAMPAIGN, [NewSubscriber(READER, "Rowan Quill", zone="Europe/Paris")], now=NOW - timedelta(days=1)
        )
        self._keys: dict[str, str] = {}

    @property
    def limits(self) -> RequestLimits:
        found: RequestLimits = self.app.extensions["observance.api"]
        return found

    def key(self, scope: Scope | str, *, person: str = "Ben Example", role: str = "fact-reviewer") -> str:
        """A key of that scope, the same one each time for the same person and role."""
        scope = Scope(scope)
        name = re.sub("[^a-z]+", "-", f"{scope}-{person}-{role}".lower())
        if name not in self._keys:
            expires = self.clock.now() + timedelta(days=90)
            role = role if scope is Scope.REVIEW else ""
            made = self.ledger.api_keys.add(
                name, scope, person=person, role=role, expires_at=expires, who="Ada", now=self.clock.now()
            )
            assert made is not None
            self._keys[name] = made
        return self._keys[name]

    def ask(
        self,
        method: str,
        path: str,
        key: Scope | str | None = Scope.READ,
        *,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> TestResponse:
        """Ask, with a key of a scope or that very key, and hold the answer against the document."""
        token = self.key(key) if key in tuple(Scope) else key
        sent = {"Authorization": f"Bearer {token}", **(headers or {})} if token else dict(headers or {})
        answer = self.client.open("/api/v1" + path, method=method, headers=sent, **more)
        assert [] == misfits(method, path, answer)
        return answer

    def get(self, path: str, key: Scope | str | None = Scope.READ, **more: Any) -> Any:
        """What a GET answers; it must go well."""
        answer = self.ask("GET", path, key, **more)
        assert 200 == answer.status_code, answer.get_data(as_text=True)
        return answer.get_json()

    def digests(self, item: str = ITEM) -> dict[str, str]:
        return {m["channel"]: m["digest"] for m in self.get(f"/items/{item}")["messages"]}

    def plan_deliveries(self) -> list[int]:
        """Put the season into the ledger, as `start` does. Returns the deliveries' ids, by time."""
        rehearsal = rehearse(self.project, CAMPAIGN, ledger=self.ledger)
        wanted = [
            Wanted(m.item, m.channel, "post" if m.channel == "x" else "email", m.on, m.due_at, m.expires_at)
            for m in rehearsal.messages
        ]
        self.ledger.deliveries.follow_plan("rehearsal", SeasonKey(CAMPAIGN, 2027), wanted, now=NOW)
        return [d.id for d in self.ledger.deliveries.of_season("rehearsal", SeasonKey(CAMPAIGN, 2027))]

    def doubt(self, delivery: int) -> None:
        """Let a delivery be called for, and its end be unknown."""
        found = self.ledger.deliveries.find(delivery)
        assert found is not None
        self.clock.jump(found.due_at)
        self.ledger.recipients.freeze(delivery, batch_limit=1000, now=found.due_at)
        (batch,) = self.ledger.batches.ready(delivery, now=found.due_at)
        assert self.ledger.batches.prepare(batch.id, now=found.due_at)
        message = rehearse(self.project, CAMPAIGN, ledger=self.ledger).message(found.item, found.channel)
        assert message is not None
        minute = timedelta(minutes=1)
        assert self.ledger.batches.record_intent(
            batch.id,
            token="t" * 32,
            message=message,
            fingerprint="f",
            readers=1,
            node="here",
            lease=minute,
            check_after=minute,
            now=found.due_at,
        )
        self.clock.jump(found.due_at + 2 * minute)
        self.ledger.lookups.mark_expired_unknown("rehearsal", now=self.clock.now())
        after = self.ledger.deliveries.find(delivery)
        assert after is not None
        assert after.state is State.UNKNOWN

    def break_campaign(self) -> None:
        (self.folder / "campaigns" / CAMPAIGN / "campaign.toml").write_text("name = 1\n", encoding="utf-8")

    def close(self) -> None:
        self.app.close()
        self.ledger.close()


@cache
def closed_document() -> dict[str, Any]:
    """The document with every record closed: an answer may then hold nothing that is not described."""
    made = copy.deepcopy(document())

    def close(part: Any) -> None:
        if isinstance(part, dict):
            if "properties" in part:
                part.setdefault("additionalProperties", False)
            for inner in part.values():
                close(inner)
        elif isinstance(part, list):
            for inner in part:
                close(inner)

    close(made["components"]["schemas"])
    return made


def operation(method: str, path: str) -> dict[str, Any] | None:
    """What the document says of a request."""
    bare = "/api/v1" + path.partition("?")[0]
    for written, operations in closed_document()["paths"].items():
        pattern = re.sub(r"{\w+}", "[^/]+", written)
        if re.fullmatch(pattern, bare) and method.lower() in operations:
            return operations[method.lower()]
    return None


def misfits(method: str, path: str, answer: TestResponse) -> list[str]:
    """How an answer differs from what the document says. Errors of addresses that there are not are problems too."""
    whole = closed_document()
    described = operation(method, path)
    status = str(answer.status_code)
    if described is None:
        fits = answer.status_code in (404, 405) and answer.content_type == "application/problem+json"
        return [] if fits else [f"{method} {path} is not described, and answers {status} {answer.content_type}"]
    if status not in described["responses"]:
        return [f"{method} {path}: {status} is not described: {answer.get_data(as_text=True)}"]
    content = described["responses"][status].get("content", {})
    if not content:
        return [] if not answer.data else [f"{status} has a body"]
    if answer.content_type not in content:
        return [f"{status} is of the type {answer.content_type}"]
    schema = {**content[answer.content_type]["schema"], "components": whole["components"]}
    errors = Draft202012Validator(schema, format_checker=FormatChecker()).iter_errors(answer.get_json())
    return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in errors]
