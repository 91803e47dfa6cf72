"""The line to a provider: what is certain of a call that came to nothing."""

from __future__ import annotations

import threading

import pytest

from scheduler.channels.http import HttpSession, NothingSent
from scheduler.domain.reason import ReasonCode


def test_where_the_machine_gives_no_thread_to_watch_the_time_nothing_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a doubt: no byte of it has left, so the call is made again by itself."""

    def start(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    line = HttpSession("http://127.0.0.1:9", 5.0)
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", start)
        with pytest.raises(NothingSent) as ended:
            line.request("POST", "http://127.0.0.1:9/")
    assert (ReasonCode.NO_CONNECTION, "RuntimeError") == (ended.value.code, ended.value.words)
    line.close()
