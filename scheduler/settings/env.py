"""Settings and secrets from environment variables: their names, and what their texts mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from ..schema.field import Key
from ..schema.toml_text import TextProblem, read_text
from .secrets import Secrets

PREFIX = "OBSERVANCE_"
_LARGEST_SECRET = 64 * 1024

#: Variables that are no settings; ``*`` stands for anything.
OTHER_VARIABLES: Mapping[str, str] = {
    "OBSERVANCE_PROJECT": "the project's folder, when `--project` is not given",
    "OBSERVANCE_VENV": "where `run.py` puts the packages; default: `.venv` beside it",
    "OBSERVANCE_STATE": "a folder outside the project that knows where a ledger is at home; else the system's own",
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
    if key.kind is int and re.fullmatch(r"[0-9]{1,9}", text):
        return int(text)
    if key.kind is float and re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", text):
        return float(text)
    return text


def read_secrets(root: Path, env: Mapping[str, str], names: Iterable[str], problems: list[str]) -> Secrets:
    """The secrets that are set, as they are or in a file; what is wrong is added to ``problems``."""
    found = {}
    for name in names:
        value, file = env.get(PREFIX + name, ""), env.get(f"{PREFIX}{name}_FILE", "")
        if value and file:
            problems.append(f"environment: {PREFIX}{name} and {PREFIX}{name}_FILE are both set; unset one of them")
        elif file:
            try:
                value = read_text(root / file, _LARGEST_SECRET)
                wrong = "" if value.strip() else "the file is empty"
            except TextProblem as problem:
                wrong = problem.message
            if wrong:
                problems.append(f"environment: {PREFIX}{name}_FILE names {root / file}: {wrong}")
        if value.strip():
            found[name] = value.strip()
    return Secrets(found)
