"""Whole seasons in seconds, with everything that can go wrong; an oracle reads only what the providers received."""

from __future__ import annotations

import os

import pytest

from tests.simulator.policies import WRONG
from tests.simulator.world import CALM, Policy, World, play

SEEDS = int(os.environ.get("OBSERVANCE_SEEDS", "200"))
AT_ONCE = 10


@pytest.mark.parametrize("first", range(0, SEEDS, AT_ONCE))
def test_never_twice_never_late_never_lost(first: int) -> None:
    """Kills, outages, clock jumps, holds, edits, leaving, two processes: no rule of the oracle is broken."""
    counts, broken = play(range(first, min(first + AT_ONCE, SEEDS)))
    assert not broken, broken[0].tail()
    assert counts["kills"] > 0, "a season without a kill proves little"
    assert counts["calls"] > 0


def test_a_seed_replays_exactly() -> None:
    """The same seed tells the same story, to the letter."""
    first, second = (World(7).run() for _ in range(2))
    assert first.story == second.story
    assert first.counts == second.counts


def test_in_calm_weather_everything_goes_out() -> None:
    """Where nothing goes wrong nothing is missed, refused or in doubt."""
    world = World(0, weather=CALM).run()
    assert world.oracle.broken == []
    states = {d: n for d, n in world.counts.items() if d.startswith("post: ")}
    assert set(states) == {"post: sent"}, states


@pytest.mark.parametrize("policy", WRONG, ids=lambda p: p.name.replace(" ", "-"))
def test_a_wrong_protocol_is_found_out(policy: Policy) -> None:
    """Each change of the protocol breaks a promise, and the oracle says which, within some tens of seasons."""
    for seed in range(60):
        broken = World(seed, policy=policy).run().oracle.broken
        if any(policy.blames in words for words in broken):
            return
    pytest.fail(f"{policy.name}: nobody noticed in 60 seasons")
