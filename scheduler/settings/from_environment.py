"""What comes from the environment: names of variables, what their texts mean, and the secrets."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from ..schema.field import Key
from ..schema.toml_text import TextProblem, read_text
from .values import split_address

PREFIX = "OBSERVANCE_"
_LARGEST_SECRET = 64 * 1024

#: Variables that are no settings; ``*`` stands for anything.
OTHER_VARIABLES: Mapping[str, str] = {
    "OBSERVANCE_PROJECT": "the project's folder, when `--project` is not given",
    "OBSERVANCE_VENV": "where `run.py` puts the packages; default: `.venv` beside it",
    "OBSERVANCE_STATE": "a folder outside the project that knows where a ledger is at home, and keeps what "
    "the next command need not work out again; else the system's own",
    "OBSERVANCE_PRETEND_NOW": "start the clock at this instant: for watching January in November",
    "OBSERVANCE_LOG_FORMAT": "`json`: the log as one JSON object a line, for machines",
    "OBSERVANCE_FAILPOINT*": "crash tests: where the program is to stop",
    "OBSERVANCE_REQUIRE*": "tests: what must not be skipped",
    "OBSERVANCE_SEEDS": "tests: seeds of the random ones",
    "OBSERVANCE_READERS": "tests: how many readers the large season has",
    "OBSERVANCE_TEST_*": "tests: a PostgreSQL to use, for example",
    "OBSERVANCE_LIVE_*": "live tests: accounts to use",
    "OBSERVANCE_*_SPEC": "tests: a provider's description of its API, as a file",
}


def variable(name: str) -> str:
    """The variable that overrides a setting."""
    return PREFIX + name.replace(".", "__").replace("-", "_").upper()


def value_of(text: str, key: Key) -> object:
    """A variable's text as the kind of value that the setting has; the text itself when it is none."""
    if key.kind is bool:
        return {"true": True, "false": False}.get(text, text)
    form = {int: r"[0-9]{1,9}", float: r"[0-9]{1,9}(?:\.[0-9]{1,9})?"}.get(key.kind)
    return key.kind(text) if form and re.fullmatch(form, text) else text


#: Secrets that belong to no channel, and what they are for; each is ``OBSERVANCE_`` + its name, or a file named by the
#: same with ``_FILE``.
SECRETS: Mapping[str, str] = {
    "SECRET_KEY": "signs the addresses in emails (unsubscribe, preferences); made by itself when not given",
    "SECRET_KEY_OLD": "earlier secret keys, with commas between them: what they signed stays good",
    "NOTICES_SMTP_PASSWORD": "mail server of the notices: the account's password",
}


class Secrets:
    """Secrets by name. Never printed: its repr shows names only."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)

    def get(self, name: str) -> str | None:
        """The secret, or None; ``name`` without the ``OBSERVANCE_`` prefix: ``SENDGRID_API_KEY``."""
        return self._values.get(name)

    def with_those_of(self, other: Secrets, names: Collection[str]) -> Secrets:
        """These, but those of these names as ``other`` has them."""
        taken = {name: value for name in names if (value := other.get(name)) is not None}
        return Secrets({**{n: v for n, v in self._values.items() if n not in names}, **taken})

    def __repr__(self) -> str:
        return f"Secrets({', '.join(sorted(self._values))})"


_SECRET_KEY = re.compile(
    r"(?:^|_)(?:api_?key|secret(?:_key)?|password|passwd|token|consumer_key|webhook_key|private_key)(?:$|_)"
)
_SECRET_VALUE = re.compile(r"^(?:SG\.[\w-]{10,}|Bearer\s|-----BEGIN)")


def looks_secret(key: str, value: object) -> bool:
    """Whether a key of a file, or what it says, is a secret that must not stand there."""
    if _SECRET_KEY.search(re.sub(r"[^a-z0-9]+", "_", key.lower())) and not isinstance(value, (dict, bool)):
        return True
    if isinstance(value, list):
        return any(looks_secret("", entry) for entry in value)
    parts = split_address(value) if isinstance(value, str) else None
    if parts is not None and (parts.password or re.search(r"[?&]password=.", parts.query)):
        return True
    return isinstance(value, str) and bool(_SECRET_VALUE.match(value))


def read_secrets(root: Path, env: Mapping[str, str], names: Iterable[str], problems: list[str]) -> Secrets:
    """The secrets that are set, as they are or in a file; what is wrong is added to ``problems``."""
    found = {}
    for name in names:
        value, file = env.get(PREFIX + name, ""), env.get(f"{PREFIX}{name}_FILE", "")
        if value and file:
            problems.append(f"environment: {PREFIX}{name} and {PREFIX}{name}_FILE are both set; unset one of them")
        elif file:
            wrong = "the file is empty"
            try:
                value = read_text(root / file, _LARGEST_SECRET)
            except TextProblem as problem:
                wrong = problem.message
            if not value.strip():
                problems.append(f"environment: {PREFIX}{name}_FILE names {root / file}: {wrong}")
        if value.strip():
            found[name] = value.strip()
    return Secrets(found)
