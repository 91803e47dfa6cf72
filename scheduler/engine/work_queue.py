"""The work queue: Procrastinate on the ledger's own PostgreSQL, as a bell with hands and no memory.

A job says "drain this lane" and nothing else: what is due, what may go, and who takes which batch is asked of the
ledger by whoever drains. So a job that runs twice, is lost, or comes too early changes nothing, and all of the queue's
tables may be emptied at any time: the next sweep puts in what the ledger says is due. Its tables have a schema of their
own, one for each ledger and release of the library, which no migration of the ledger knows.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import zlib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Protocol

from ..errors import NeedsAPerson
from .wakeup import nap

if TYPE_CHECKING:
    from procrastinate import App
    from procrastinate.tasks import Task

log = logging.getLogger(__name__)

_QUEUE = "lanes"
#: Lanes that one worker drains at the same time: what is slow or silent is to keep no other waiting.
_LANES = 16
#: Seconds: a worker that hears nothing looks for jobs; after its work was interrupted it begins anew.
_LOOK_EVERY, _AGAIN_AFTER = 5.0, 1.0
#: Jobs of a process that has given no sign of life for so many seconds are swept away.
_STALE_AFTER = 60


class WorkQueue(Protocol):
    """What a sweep and a worker need of a queue."""

    def enqueue(self, lanes: Iterable[str]) -> None:
        """Ring for each of these lanes, unless it was rung for and nobody has come yet."""

    def run_worker(self, drain: Callable[[str], object], stopping: threading.Event) -> None:
        """Drain lanes as they are rung for, until ``stopping`` is set and the present one is done."""

    def janitor(self) -> None:
        """Sweep away what processes that are gone have left."""


class ProcrastinateQueue:
    """The queue of one ledger. ``close`` it in the end."""

    def __init__(self, address: str, ledger_id: str) -> None:
        """``address``: of the database, as libpq takes it. Makes its tables when they are not there.

        Raises NeedsAPerson where the library is missing."""
        try:
            import procrastinate
        except ImportError:
            raise NeedsAPerson(
                "the work queue needs the library procrastinate, which is not installed",
                hint="put it beside the other packages (`pip install 'observance[distributed]'`, or the lines of "
                "requirements-distributed.lock), or leave --queue out",
            ) from None
        logging.getLogger("procrastinate").setLevel(logging.CRITICAL)  # what matters of it is said here, in one line
        release = "_".join(procrastinate.__version__.split(".")[:2])
        self.schema = f"observance_queue_{release}_{ledger_id[:12]}"
        self._address = address
        self._app, self._ring = self._make(procrastinate.SyncPsycopgConnector(**self._connection(most=2)))
        self._make_tables()
        self._app.open()

    def _connection(self, *, most: int) -> dict[str, Any]:
        there = {"options": f"-c search_path={self.schema}"}
        return {"conninfo": self._address, "kwargs": there, "min_size": 1, "max_size": most}

    def _make(
        self, connector: Any, drain: Callable[[str], object] = lambda lane: None
    ) -> tuple[App, Task[..., None, ...]]:
        from procrastinate import App

        app = App(connector=connector)

        @app.task(name="drain", queue=_QUEUE)
        def drain_lane(lane: str) -> None:
            drain(lane)

        return app, drain_lane

    def _make_tables(self) -> None:
        import psycopg

        number = zlib.crc32(self.schema.encode())
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", (number,))  # workers that begin together take turns
            connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{self.schema}"')
            jobs = connection.execute("SELECT to_regclass(%s)", (f'"{self.schema}".procrastinate_jobs',)).fetchone()
            if jobs is None or jobs[0] is None:
                with self._app.open():
                    self._app.schema_manager.apply_schema()

    def enqueue(self, lanes: Iterable[str]) -> None:
        from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

        for lane in lanes:
            try:
                self._ring.configure(queueing_lock=lane).defer(lane=lane)
            except AlreadyEnqueued:
                continue
            except ConnectorException as problem:  # the ledger is there, or the pass had said it: the next sweep rings
                log.warning("the queue could not be rung: %s", type(problem).__name__, extra={"action": "queue"})
                return

    def run_worker(self, drain: Callable[[str], object], stopping: threading.Event) -> None:
        while not stopping.is_set():
            try:
                asyncio.run(self._work(drain, stopping))
            except Exception as problem:  # the database is away: sweeps go on, and so does this
                log.warning("the queue was interrupted: %s", type(problem).__name__, extra={"action": "queue"})
                nap(_AGAIN_AFTER)

    async def _work(self, drain: Callable[[str], object], stopping: threading.Event) -> None:
        from procrastinate import PsycopgConnector

        # A job that is gone when it ends, after its table was emptied, is nobody's trouble.
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda loop, context: log.debug("%s", context["message"]))
        loop.set_default_executor(ThreadPoolExecutor(_LANES, thread_name_prefix="lane"))
        app, _ = self._make(PsycopgConnector(**self._connection(most=4)), drain)
        async with app.open_async():
            worker = asyncio.create_task(
                app.run_worker_async(
                    queues=[_QUEUE],
                    concurrency=_LANES,
                    install_signal_handlers=False,
                    delete_jobs="always",
                    fetch_job_polling_interval=_LOOK_EVERY,
                )
            )
            while not stopping.is_set() and not worker.done():
                await asyncio.wait([worker], timeout=0.2)
            if not worker.done():
                worker.cancel()
            try:
                await worker
            except asyncio.CancelledError:
                return

    def janitor(self) -> None:
        from procrastinate.exceptions import ConnectorException

        remove = (
            "DELETE FROM procrastinate_jobs WHERE status = 'doing' AND (worker_id IS NULL OR worker_id IN "
            "(SELECT id FROM procrastinate_workers WHERE last_heartbeat < now() - make_interval(secs => %(seconds)s)))"
        )
        try:
            self._app.connector.get_sync_connector().execute_query(remove, seconds=_STALE_AFTER)
        except ConnectorException as problem:
            log.warning("the queue could not be swept: %s", type(problem).__name__, extra={"action": "queue"})

    def close(self) -> None:
        """Let go of its connections."""
        self._app.close()
