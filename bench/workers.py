"""P11: several workers on one PostgreSQL ledger, with 100 ms of provider latency."""

from __future__ import annotations

import re
import subprocess
import time

from measure import ROOT, Options, Result, in_turn, middle, ratio, scratch
from place import by_sendgrid, mail_place, morning
from sinks import HttpSink
from starting import postgresql


def p11(options: Options) -> Result:
    """2 and 4 processes that make a pass at once, against one."""
    result, readers = Result("P11"), options.many(100_000, 6_000)
    server = postgresql()
    if server is None:
        result.note("PostgreSQL is not installed here: nothing was measured")
        return result
    with scratch() as folder, HttpSink(0.1) as sink:
        try:
            place = mail_place(folder / "place", readers, by_sendgrid(sink.url) | {"DATABASE__URL": server.start()})
            days = iter(range(1, 32))

            def together(workers: int) -> float:
                """From the start of the first until the last has ended."""
                sink.forget()
                environment = place.environment(morning(next(days)))
                started = time.perf_counter()
                processes = [
                    subprocess.Popen(
                        place.command("tick"),
                        cwd=ROOT,
                        env=environment,
                        stdout=subprocess.PIPE,
                        stderr=subprocess.STDOUT,
                        text=True,
                    )
                    for _ in range(workers)
                ]
                said = [process.communicate(timeout=3600)[0] for process in processes]
                seconds = time.perf_counter() - started
                sent = sum(int(n.replace(",", "")) for text in said for n in re.findall(r"\(([\d,]+) readers?\)", text))
                if sent != readers:
                    raise SystemExit(f"{sent} of {readers} readers were mailed:\n{said[0][-2000:]}")
                return seconds

            found = in_turn({str(n): lambda n=n: together(n) for n in (1, 2, 4)}, options.times(3))
        finally:
            server.stop()
    for workers, goal in ((2, 1.8), (4, 3.0)):
        what = f"{workers} workers ({readers / middle(found[str(workers)]):,.0f}/s) against one ({readers / middle(found['1']):,.0f}/s)"
        result.add(what, ratio(found["1"], found[str(workers)]), goal=goal, at_least=True)
    return result
