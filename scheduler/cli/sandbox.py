"""Local stand-ins for X, SendGrid and a mail server, so that the live road can be watched without an account.

They keep the providers' rules, forget everything when they stop, and listen on this machine only.
"""

from __future__ import annotations

import argparse
import signal
import threading
from pathlib import Path

from .context import Context

EPILOG = """examples:
  run.py sandbox
  run.py sandbox --reports http://127.0.0.1:8080
How to: docs/howto/watch-january-in-the-sandbox.md"""


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("--x-port", type=int, default=8601, metavar="N", help="0 takes a free one (default 8601)")
    parser.add_argument("--sendgrid-port", type=int, default=8602, metavar="N", help="(default 8602)")
    parser.add_argument("--smtp-port", type=int, default=8603, metavar="N", help="(default 8603)")
    parser.add_argument("--smtp-pages-port", type=int, default=8604, metavar="N", help="its inbox (default 8604)")
    parser.add_argument("--faults", metavar="FILE", help="a fault script (TOML): refuse, stall, drop the answer, ...")
    parser.add_argument(
        "--reports", default="", metavar="URL", help="SendGrid's reports go to your pages: http://127.0.0.1:8080"
    )
    parser.add_argument("--spec", metavar="FILE", help="SendGrid's own OpenAPI file, to check each request against")


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    from ..bootstrap import sandbox_clock
    from ..content.top_level_domains import top_level_domains
    from ..sandbox.faults import load_faults
    from ..sandbox.run import run_sandbox

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    run_sandbox(
        options.x_port,
        options.sendgrid_port,
        load_faults(Path(options.faults)) if options.faults else None,
        lambda line: print(line, flush=True),
        stop,
        smtp_port=options.smtp_port,
        smtp_pages_port=options.smtp_pages_port,
        clock=sandbox_clock(context.env),
        tlds=top_level_domains(),
        spec=Path(options.spec) if options.spec else None,
        database=f"sqlite:///{(context.project.root / 'var' / 'sandbox.db').as_posix()}",
        reports_url=options.reports,
    )
    return 0
