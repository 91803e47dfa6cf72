"""Write docs/explanation/architecture.md from the import contracts and from a message that really goes out.

    python docs/make_architecture.py          # writes the page
    python docs/make_architecture.py --check  # says whether it is current; exit status 1 when it is not

The first picture is read from `pyproject.toml` and from the imports themselves. For the second the three days of
docs/howto/a-month-of-your-own.md are rehearsed, signed, approved, armed and mailed to a stand-in on this machine,
and the program is watched meanwhile: a station that is not passed, or in another order, changes the page.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import inspect
import io
import os
import re
import shutil
import sys
import tempfile
import threading
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import CodeType, FrameType
from typing import Any
from unittest.mock import patch

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "explanation" / "architecture.md"
MONTH = ROOT / "docs" / "howto" / "a-month-of-your-own.md"
PACKAGE = "scheduler"

#: Where a message stops on its road: module, function, and what happens there.
STATIONS = (
    ("engine.tick", "Tick.run", "a pass begins"),
    ("content.load.campaign_files", "load_campaign", "claims, help lines and texts are read from the files"),
    ("planner.season_plan", "make_plan", "each item gets its day"),
    ("content.render.messages", "render", "items become messages, by the templates"),
    ("content.checks.all_checks", "check", "rules look at the messages as they would go out"),
    ("engine.drain", "Drain.run", "what is due on a channel is sent"),
    ("engine.preflight", "check_before_send", "approved, armed, not held, nothing red, still in its window?"),
    ("store.recipients", "RecipientRepository.freeze", "its recipients are frozen into batches"),
    ("store.batches", "BatchRepository.prepare", "who has left meanwhile is left out of the batch"),
    ("channels.sendgrid.build", "build_mail", "the request is built; nothing is sent"),
    ("store.batches", "BatchRepository.record_intent", "the intent is committed"),
    ("engine.dispatcher", "Dispatcher._last_check_and_call", "the last check, a moment before the call"),
    ("channels.sendgrid.send", "SendGridTransport.send", "the one call"),
    ("store.batches", "BatchRepository.record_outcome", "the outcome is committed, under the intent's token"),
)

DUE = "2027-06-22T09:00:05-05:00"
SETTINGS = {
    "OBSERVANCE_MODE": "live",
    "OBSERVANCE_PUBLIC_URL": "http://127.0.0.1:8080",
    "OBSERVANCE_WEB__UNSUBSCRIBE_CHECK": "trust",
    "OBSERVANCE_CHANNELS__X__ENABLED": "false",
    "OBSERVANCE_SENDGRID_API_KEY": "SG.a-stand-in",
}

INTRO = """\
# Architecture

<!-- Made by docs/make_architecture.py from the import contracts and from a run. Do not edit here. -->

Observance is one Python package, `scheduler/`, and three folders without any Python that belong to whoever runs a month: `campaigns/`, `templates/` and
`config/`. Everything that must not be forgotten is in one database, the ledger. Two pictures show the rest: who may import whom, and
the road of one message.
"""
WHO = """\
## Who may import whom

A package imports what stands below it, never what stands above, and what stands on its own level only along a line that `pyproject.toml` names.
`lint-imports` holds the code to it, and `.ci/run` runs it.
"""
ROAD = """\
## The road of one message

What one pass does for an email that falls due, in this order. The middle of it is why an item goes out once: the intent is committed before
the call and the outcome after it, so whatever dies in between leaves a trace, and what nobody can be sure of waits for evidence or for a person
([why that is hard](why-once-is-hard.md)).
"""


# -- who may import whom ------------------------------------------------------------------------------------------


def layers() -> list[list[str]]:
    """The packages of each level, from the edge down, as the import contract has them."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(c for c in settings["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    return [
        [name.strip(" ()").removeprefix(f"{PACKAGE}.") for name in re.split("[|:]", level)]
        for level in contract["layers"]
    ]


def imports() -> dict[str, set[str]]:
    """Package -> packages that its modules import, as the code has it."""
    known = {name for level in layers() for name in level}
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted((ROOT / PACKAGE).rglob("*.py")):
        parts = path.relative_to(ROOT / PACKAGE).with_suffix("").parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found[parts[0]] |= {name for name in _imported(node, parts) if name in known and name != parts[0]}
    return found


def _imported(node: ast.AST, parts: tuple[str, ...]) -> Iterator[str]:
    """The package (or top module) of ours that an import statement names."""
    if isinstance(node, ast.Import):
        yield from (alias.name.split(".")[1] for alias in node.names if alias.name.startswith(f"{PACKAGE}."))
    elif isinstance(node, ast.ImportFrom):
        inside = (PACKAGE, *parts)[: -node.level] if node.level else ()
        full = (*inside, *(node.module.split(".") if node.module else ()))
        if full[:1] == (PACKAGE,):
            yield from [full[1]] if len(full) > 1 else [alias.name for alias in node.names]


def first_line(module: str) -> str:
    """What the package says of itself."""
    base = ROOT / PACKAGE / module
    path = base / "__init__.py" if base.is_dir() else base.with_suffix(".py")
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return re.split(r"(?<=[.;])\s", " ".join(docstring.split()), maxsplit=1)[0].rstrip(".;")


def house() -> list[str]:
    """The first picture, and a line for each package."""
    levels, found = layers(), imports()
    lines = ["```mermaid", "flowchart TD"]
    for number, level in enumerate(levels):
        lines.append(f'    subgraph level{number} [" "]')
        lines += [f"        {name}" for name in level]
        lines.append("    end")
    lines += [f"    level{n} --> level{n + 1}" for n in range(len(levels) - 1)]
    beside = [(a, b) for level in levels for a in level for b in level if b in found[a]]
    lines += [f"    {a} -.-> {b}" for a, b in beside]
    lines += ["```", ""]
    if beside:
        lines += ["Dotted: a line between siblings that the contract names.", ""]
    lines += ["| package | what it is | imports |", "|---|---|---|"]
    for name in (name for level in levels for name in level):
        below = [other for level in levels for other in level if other in found[name]]
        lines.append(f"| `{name}` | {first_line(name)} | {', '.join(below) or 'nothing of ours'} |")
    return lines


# -- the road of one message --------------------------------------------------------------------------------------


class StandIn(BaseHTTPRequestHandler):
    """Accepts each mail as SendGrid would."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(202)
        self.send_header("X-Message-Id", "stand-in")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def month(folder: Path) -> None:
    """The three days that the how-to shows, with the templates and settings that are shipped."""
    for part in ("templates", "config"):
        shutil.copytree(ROOT / part, folder / part)
    policy = folder / "config" / "review.toml"
    policy.write_text('alone = { who = "Ann Reviewer", why = "a trace" }\n' + policy.read_text("utf-8"), "utf-8")
    text = MONTH.read_text(encoding="utf-8")
    for name, content in re.findall(r"^`campaigns/(\S+)`\n\n```\w*\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE):
        path = folder / "campaigns" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


@contextlib.contextmanager
def watched(codes: Mapping[CodeType, int]) -> Iterator[list[int]]:
    """The stations, each time that one is passed, in any thread."""
    passed: list[int] = []

    def note(frame: FrameType, event: str, argument: Any) -> None:
        if event == "call" and frame.f_code in codes:
            passed.append(codes[frame.f_code])

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield passed
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def code_of(module: str, name: str) -> CodeType:
    found: Any = importlib.import_module(f"{PACKAGE}.{module}")
    for part in name.split("."):
        found = getattr(found, part)
    code: CodeType = inspect.unwrap(found).__code__  # a transaction stands around an act of the ledger
    return code


def passed() -> list[int]:
    """Send one day of the month, and say in which order the stations were first passed."""
    from scheduler.cli.main import main

    codes = {code_of(module, name): at for at, (module, name, _) in enumerate(STATIONS)}
    server = ThreadingHTTPServer(("127.0.0.1", 0), StandIn)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "month")
        month(folder)
        (folder / "readers.csv").write_text("email\nann@readers.example\n", encoding="utf-8")
        settings = SETTINGS | {
            "OBSERVANCE_PROJECT": str(folder),
            "OBSERVANCE_STATE": str(Path(scratch, "state")),
            "OBSERVANCE_CHANNELS__SENDGRID__BASE_URL": f"http://127.0.0.1:{server.server_port}",
        }
        kept = {k: v for k, v in os.environ.items() if not k.startswith("OBSERVANCE_")}

        def run(at: str, *arguments: str) -> None:
            said = io.StringIO()
            environment = kept | settings | {"OBSERVANCE_PRETEND_NOW": at}
            with patch.dict(os.environ, environment, clear=True), contextlib.redirect_stdout(said):
                status = main(list(arguments))
            if status not in (0, 1):
                raise SystemExit(f"{' '.join(arguments)} ended with {status}: {said.getvalue()}")

        for kind, record in (("claim", "hot-days"), ("contact", "city-line")):
            run("2027-06-14T10:00:00-05:00", "sign", kind, record, "--opened", "--by", "Ann Reviewer")
        run("2027-06-14T10:00:00-05:00", "approve", "--all", "--by", "Ann Reviewer")
        run("2027-06-14T10:00:00-05:00", "subscribers", "import", str(folder / "readers.csv"))
        run("2027-06-14T10:00:00-05:00", "arm", "--by", "Ann Reviewer")
        with watched(codes) as seen:
            run(DUE, "tick")
    server.shutdown()
    server.server_close()
    return list(dict.fromkeys(seen))


def road() -> list[str]:
    """The second picture, and where each of its stations is in the code."""
    seen = passed()
    missing = [STATIONS[at][:2] for at in range(len(STATIONS)) if at not in seen]
    if missing:
        raise SystemExit(f"the message did not pass {missing}; correct STATIONS in {Path(__file__).name}")
    lines = ["```mermaid", "flowchart TD"]
    for step, at in enumerate(seen, start=1):
        module, _, what = STATIONS[at]
        lines.append(f'    s{step}["{step}. {module.partition(".")[0]}: {what}"]')
    lines += [f"    s{step} --> s{step + 1}" for step in range(1, len(seen))]
    lines += ["```", "", "| | what happens | where |", "|---|---|---|"]
    for step, at in enumerate(seen, start=1):
        module, name, what = STATIONS[at]
        lines.append(f"| {step} | {what} | `{name}` in {where(module)} |")
    return lines


def where(module: str) -> str:
    path = Path(PACKAGE, *module.split("."))
    file = path / "__init__.py" if (ROOT / path).is_dir() else path.with_suffix(".py")
    return f"[`{file.as_posix()}`](../../{file.as_posix()})"


def page() -> str:
    sys.path.insert(0, str(ROOT))
    return "\n".join([INTRO, WHO, *house(), "", ROAD, *road()]) + "\n"


def main() -> int:
    if "--check" in sys.argv:
        return int(not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page())
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
