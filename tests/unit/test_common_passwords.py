"""What is guessed first is no password, however it is dressed up; what nobody would guess is one."""

from __future__ import annotations

import pytest

from scheduler.domain.role import password_problem


@pytest.mark.parametrize(
    "password",
    [
        *("password1234", "123456789012", "qwertyuiop12", "Passw0rd!2027", "letmein letmein", "iloveyou iloveyou!"),
        *("Ada Coord 12", "ada-coord-2027", "observance2027!", "P@ssw0rdP@ssw0rd", "abcdefgh1234", "mnbvcxz 987654"),
    ],
)
def test_it_is_refused(password: str) -> None:
    assert "guessed at once" in password_problem(password, "Ada Coord")


@pytest.mark.parametrize(
    "password",
    [
        "four unrelated rope lamps",
        "kettle-mosaic-9-harbor",
        "\u043f\u0430\u0440\u043e\u043b\u044c \u0440\u0435\u043a\u0430 \u0441\u0435\u043c\u044c",
        "password of the lamp",
    ],
)
def test_it_is_taken(password: str) -> None:
    assert "" == password_problem(password, "Ada Coord")


def test_words_of_the_organization_and_its_campaigns_are_guessed_too() -> None:
    """They stand on every page; with words of one's own between them they do no harm."""
    known = "Harbor Light Coalition safe-week"
    for password in ("HarborLight2027!", "safe-week-coalition", "c0alition-harb0r"):
        assert "" == password_problem(password, "Ada Coord"), "not without them"
        assert "guessed at once" in password_problem(password, "Ada Coord", known), password
    assert "" == password_problem("harbor-teapot-gravel-nine", "Ada Coord", known)
