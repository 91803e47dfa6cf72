"""The line that ends the crash tests: what failed, in the words of what failed."""

from __future__ import annotations

from tests.conftest import kill_verdict


def test_a_test_that_failed_for_another_reason_is_not_said_to_have_found_a_double() -> None:
    """A machine that was too slow doubles nothing; who reads the line must see which it was."""
    assert "nothing doubled, nothing lost." == kill_verdict([])
    verdict = kill_verdict([("test_week", "TimeoutError: 60 seconds"), ("test_kill", "AssertionError: 2 posts")])
    assert [
        "2 of these tests failed:",
        "  test_week: TimeoutError: 60 seconds",
        "  test_kill: AssertionError: 2 posts",
    ] == (verdict.splitlines())
    assert "doubled" not in verdict
