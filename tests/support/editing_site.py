"""A small season with a coordinator who is signed in and changes its texts."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from scheduler.domain.edit_form import FIELDS, Sort
from scheduler.domain.role import form_token
from scheduler.web.security.guard import COOKIE, FORM_FIELD
from tests.support.reading_site import CAMPAIGN, ReadingSite

ADA = "Ada Example"
ITEM = "how-many"
ADDRESS = f"/items/{ITEM}/edit"


class EditingSite(ReadingSite):
    """``client`` is Ada's browser."""

    def __init__(self, folder: Path, *, policy: str = "") -> None:
        super().__init__(folder, policy=policy)
        self.session = self.sign_in(ADA, "coordinator")
        self.client: FlaskClient = self.client_of(self.session)

    def sign_in(self, name: str, role: str) -> str:
        self.ledger.accounts.add(name, role, who="the operator", now=self.clock.now())
        link = self.ledger.accounts.make_sign_in_link(name, who="the operator", now=self.clock.now())
        return self.ledger.accounts.use_sign_in_link(link or "", now=self.clock.now()) or ""

    def client_of(self, session: str) -> FlaskClient:
        client = self.app.test_client()
        client.set_cookie(COOKIE, session)
        return client

    def path(self, file: str = f"items/01-{ITEM}.md") -> Path:
        return self.folder / "campaigns" / CAMPAIGN / file

    def opened(self, address: str = ADDRESS) -> dict[str, str]:
        """What the page's form would send as it stands."""
        return fields_of(self.client.get(address))

    def submit(self, form: dict[str, str], act: str = "save", address: str = ADDRESS) -> TestResponse:
        return self.client.post(address, data={**form, "act": act, FORM_FIELD: form_token(self.session)})

    def save(self, address: str = ADDRESS, **changes: str) -> TestResponse:
        """Open, change, save. A dot in a field's name is written as two underscores."""
        named = {f"f.{key.replace('__', '.')}": text for key, text in changes.items()}
        return self.submit({**self.opened(address), **named}, address=address)


def fields_of(answer: TestResponse) -> dict[str, str]:
    """The fields of the form on a page, as a browser would send them."""
    page = answer.get_data(as_text=True)
    kinds = {"claims": "claim", "contacts": "contact", "discreet": "discreet"}
    kind = kinds.get(answer.request.path.split("/")[1], "item")
    found = {}
    for name in ("fingerprint", "seen"):
        found[name] = re.search(rf'name="{name}" value="([^"]*)"', page)[1]
    for field in FIELDS[kind]:
        name = re.escape(f"f.{field.key}")
        area = re.search(rf'<textarea[^>]* name="{name}"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
        line = re.search(rf'<input[^>]* name="{name}"[^>]* value="([^"]*)"', page)
        box = re.search(rf'<input type="checkbox"[^>]* name="{name}"[^>]*>', page)
        choice = re.search(rf'<select[^>]* name="{name}">.*?<option selected>(.*?)</option>', page, re.DOTALL)
        if field.sort is Sort.FLAG:
            if box and " checked" in box[0]:
                found[f"f.{field.key}"] = "yes"
            continue
        match = area or choice or line
        assert match is not None, field.key
        found[f"f.{field.key}"] = unescape(match[1]).replace("\n", "\r\n")
    return found
