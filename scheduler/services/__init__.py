"""What people do with a project: one function for each act, for the command line, the pages and the JSON API.

A function decides, writes to the ledger once, and returns what came of it; it refuses with a code. The edges parse,
call and print. Each takes a :class:`~scheduler.services.context.Context` first. Acts are marked with
:func:`~scheduler.services.context.act`, and ``tests/contract/test_acts.py`` does each of them by every edge.
"""
