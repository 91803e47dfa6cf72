"""What a test writes down need not outlive the machine: no ledger of SQLite waits for the disk, which took a tenth of the
time of each test that has one.

What it does outside of tests is held by test_database.py.
"""

from __future__ import annotations

from scheduler.store import database, plain_drivers, plain_sql


def share() -> None:
    quick = tuple(one.replace("synchronous=FULL", "synchronous=OFF") for one in plain_sql.PRAGMAS)
    assert quick != plain_sql.PRAGMAS
    for module in (database, plain_drivers):
        vars(module)["PRAGMAS"] = quick
