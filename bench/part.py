"""One part of the benchmarks, started by run.py: `python bench/part.py MODULE FUNCTION OPTIONS INTO GOAL [ARGUMENT ...]`."""

from __future__ import annotations

import importlib
import json
import signal
import sys
from pathlib import Path
from types import FrameType

from measure import Options, Result


def asked_to_end(number: int, frame: FrameType | None) -> None:
    """So that servers are stopped and scratch folders removed."""
    raise SystemExit(128 + number)


def main() -> int:
    module, function, options, into, goal, *arguments = sys.argv[1:]
    signal.signal(signal.SIGTERM, asked_to_end)
    result = Result(goal, Path(into))
    getattr(importlib.import_module(module), function)(Options(**json.loads(options)), result, *arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main())
