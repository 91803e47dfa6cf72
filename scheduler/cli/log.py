"""The program's log on standard error: a sentence for people; with OBSERVANCE_LOG_FORMAT=json one object a line."""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import UTC, datetime

_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        extra = {k: v for k, v in vars(record).items() if k not in _PLAIN}
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname.lower(), "message": record.getMessage(), **extra}
        return json.dumps(line, ensure_ascii=False, default=str)


def log_to_standard_error(level: str) -> None:
    """Only this project's own words; libraries stay silent unless something is wrong."""
    handler = logging.StreamHandler(sys.stderr)
    if os.environ.get("OBSERVANCE_LOG_FORMAT") == "json":
        handler.setFormatter(_Json())
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(__package__.partition(".")[0]).setLevel(level.upper())
