"""Pieces in one file: each is found whole or not at all, by whoever comes next and beside whoever else writes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scheduler.kept_by_key import KeptByKey, in_full
from scheduler.kept_file import KeptFile


def opened(folder: Path, most: int = 100) -> KeptFile:
    """As another process has it."""
    return KeptFile(folder, os.geteuid(), 0o600, most)


def name(word: str) -> bytes:
    return word.encode().ljust(32)


def said(file: KeptFile, *words: str) -> list[list[bytes]]:
    return [[*map(bytes, file.read(name(word)))] for word in words]


def test_a_later_piece_takes_the_place_of_an_earlier_one_or_is_added(tmp_path: Path) -> None:
    one = opened(tmp_path)
    for piece, adds in ((b"1", False), (b"2", True), (b"3", True)):
        assert one.write(name("a"), piece, adds=adds)
    one.write(name("b"), b"4")
    one.write(name("b"), b"5")
    for file in (one, opened(tmp_path)):
        assert said(file, "a", "b", "c") == [[b"1", b"2", b"3"], [b"5"], []]


def test_two_write_at_once(tmp_path: Path) -> None:
    """And one of them begins anew: neither goes by the place of a piece that is another."""
    one, two = opened(tmp_path, 4), opened(tmp_path, 100)
    for number in range(12):
        one.write(name(f"one {number}"), b"1" * number)
        two.write(name(f"two {number}"), b"2" * number)
        for file in (one, two):
            assert said(file, f"one {number}", f"two {number}")[file is two] in (
                [b"12"[file is two :][:1] * number],
                [],
            )
    assert said(opened(tmp_path), "one 11") == [[b"1" * 11]]


@pytest.mark.parametrize("harm", ["cut", "changed", "nothing of it", "more", "a folder", "a link"])
def test_what_is_not_whole_is_begun_anew_with_what_is(tmp_path: Path, harm: str) -> None:
    opened(tmp_path).write(name("a"), b"first")
    opened(tmp_path).write(name("b"), b"second")
    file = tmp_path / "pieces"
    content = file.read_bytes()
    match harm:
        case "cut":
            file.write_bytes(content[:-1])
        case "changed":
            file.write_bytes(content[:-1] + b"x")
        case "nothing of it":
            file.write_bytes(b"")
        case "more":
            file.write_bytes(content + b"=")
        case _:
            file.unlink()
            (tmp_path / "elsewhere").write_bytes(content)
            file.mkdir() if harm == "a folder" else file.symlink_to(tmp_path / "elsewhere")
    there = {"cut": [[b"first"], []], "changed": [[b"first"], []], "more": [[b"first"], [b"second"]]}
    assert said(opened(tmp_path), "a", "b") == there.get(harm, [[], []])
    writer = opened(tmp_path)
    said(writer, "a")
    assert writer.write(name("c"), b"third") == (harm != "a folder")
    if harm == "more":
        there["more"][1] = []  # nobody asked for it before the file was begun anew
    assert said(opened(tmp_path), "a", "b", "c") == [*there.get(harm, [[], []]), [b"third"] * (harm != "a folder")]


def test_what_nobody_asks_for_goes_in_time(tmp_path: Path) -> None:
    first = opened(tmp_path, 8)
    for word in "abcdefgh":
        first.write(name(word), word.encode())
    second = opened(tmp_path, 8)
    assert said(second, "b") == [[b"b"]]
    second.write(name("new"), b"new")
    assert said(opened(tmp_path), "a", "b", "new") == [[], [b"b"], [b"new"]]
    assert said(second, "c") == [[b"c"]]  # it has the earlier file still, and takes the piece along
    assert said(opened(tmp_path), "c") == [[b"c"]]


def test_a_process_that_stays_finds_what_others_write(tmp_path: Path) -> None:
    stays = opened(tmp_path)
    assert said(stays, "a") == [[]]
    opened(tmp_path).write(name("a"), b"1")
    assert said(stays, "a") == [[b"1"]]


def test_a_full_disk_only_makes_it_slower(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = opened(tmp_path)
    file.write(name("a"), b"1")
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, content: write(descriptor, content[:-1]))
    assert not file.write(name("b"), b"2")
    monkeypatch.undo()
    assert said(file, "a", "b") == [[b"1"], []]
    assert file.write(name("b"), b"2")
    assert said(opened(tmp_path), "a", "b") == [[b"1"], [b"2"]]


def test_a_key_goes_by_what_it_says(tmp_path: Path) -> None:
    """Also where two of its texts are one in memory, and in the next process they are not."""
    kept, text = KeptByKey(), "words of a message"
    kept.keep_in(tmp_path, "")
    kept.write((text, text), 1)
    assert kept.read((text, " ".join(text.split()))) == 1
    assert kept.read((text, [text])) is None
    assert in_full(("a", "b")) != in_full(("a,b",)), "it is told where a text ends"
