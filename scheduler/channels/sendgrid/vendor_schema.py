"""Checks a body by SendGrid's own OpenAPI file, where it and the package jsonschema are at hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ...errors import UsageError


class Schema:
    """The schema of mail/send in ``spec`` (github.com/twilio/sendgrid-oai, spec/json/tsg_mail_v3.json)."""

    def __init__(self, spec: Path) -> None:
        try:
            from jsonschema import Draft202012Validator
        except ImportError:
            raise UsageError(
                "checking by SendGrid's own description needs the package jsonschema",
                hint="install it, or leave the description out",
            ) from None
        try:
            document = json.loads(spec.read_text(encoding="utf-8"))
            posted = document["paths"]["/v3/mail/send"]["post"]["requestBody"]
            if "$ref" in posted:
                posted = document["components"]["requestBodies"][posted["$ref"].rsplit("/", 1)[-1]]
            schema = posted["content"]["application/json"]["schema"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UsageError(
                f"{spec} is not SendGrid's description of mail/send ({type(error).__name__})",
                hint="name the file tsg_mail_v3.json of github.com/twilio/sendgrid-oai",
            ) from None
        # References are from the document's root, so the root goes along.
        self._validator = Draft202012Validator({**schema, "components": document["components"]})

    def problems(self, body: Any) -> list[tuple[str, str]]:
        """(what is wrong, the field). The words name the rule, never the value: that may be an address."""
        return [
            (f"against SendGrid's description: {error.validator}", ".".join(map(str, error.absolute_path)))
            for error in self._validator.iter_errors(body)
        ]
