"""Passwords that are guessed first: what most people choose, however they dress it up."""

from __future__ import annotations

import re

#: Words that the most common passwords are made of: our own choice of what guessers try first.
_WORDS = frozenset(
    "password passwort passwd passphrase contrasena motdepasse pass secret letmein welcome login signin admin "
    "administrator root user guest master test testing changeme default temp temporary newpassword mypassword "
    "iloveyou ilove love lovely sunshine princess dragon monkey football baseball basketball soccer hockey "
    "superman batman spiderman starwars pokemon charlie michael jordan jennifer jessica ashley daniel thomas "
    "robert andrew hunter ranger shadow ginger pepper cookie summer winter spring autumn january february march "
    "april june july august september october november december monday tuesday wednesday thursday friday saturday "
    "sunday trustno one whatever freedom forever hello helloworld computer internet google facebook twitter apple "
    "windows microsoft samsung iphone android flower orange banana chocolate cheese coffee purple yellow silver "
    "golden diamond angel jesus christ heaven blessed god family mother father baby honey killer qazwsx zaqwsx "
    "access security private company office nothing something correcthorsebatterystaple correct horse battery "
    "staple observance campaign coordinator reviewer newsletter".split()
)
#: Rows of keys and letters that fingers run along, either way.
_RUNS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm")
_SHORTEST_RUN, _SHORTEST_NAME = 4, 3
_LEET = str.maketrans("013457@$!|", "oieastasil")


def is_common(password: str, name: str = "") -> bool:
    """Whether a password is made of nothing but what is guessed first: such words, the person's own name, rows of keys,
    with figures and signs around them or in place of letters."""
    plain = password.casefold()
    if any(c.isalpha() and not c.isascii() for c in plain):
        return False  # the words here are no other alphabet's
    inner = re.sub(r"^[^a-z]+|[^a-z]+$", "", plain)
    names = {part for part in re.split(r"[^a-z]+", name.casefold()) if len(part) >= _SHORTEST_NAME}
    return any(_is_made_of(text, _WORDS | names) for text in (plain, inner.translate(_LEET)))


def _is_made_of(text: str, words: frozenset[str]) -> bool:
    """Whether nothing is left of the letters when these words and rows are taken away."""
    letters = re.sub(r"[^a-z]+", "", text)
    reached = {0}
    for at in range(len(letters)):
        if at in reached:
            reached |= {at + length for length in _lengths(letters[at:], words)}
    return len(letters) in reached


def _lengths(text: str, words: frozenset[str]) -> set[int]:
    found = {len(word) for word in words if text.startswith(word)}
    for run in (*_RUNS, *(run[::-1] for run in _RUNS)):
        length = 0
        start = run.find(text[:1])
        while start >= 0 and text[: length + 1] == run[start : start + length + 1] and length < len(text):
            length += 1
        found |= set(range(_SHORTEST_RUN, length + 1))
    return found
