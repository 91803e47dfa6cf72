"""A file with more than a thousand kinds of broken rows, a good one after each: no good one is lost.

A zone that nobody knows costs no reader: such a row is reported, and taken with the campaign's zone.
"""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

from scheduler.store import open_ledger
from scheduler.subscribers.csv_import import import_csv, report_path_for
from scheduler.subscribers.csv_rows import RowCode

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)

#: Characters that no field may hold: controls, and what turns or breaks a line for the eye. A line break would be one.
FORBIDDEN = [
    c
    for c in map(
        chr, (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
    )
    if c not in "\t\n"
]
#: Characters that an address cannot have where they stand alone.
NOT_IN_AN_ADDRESS = [*" ()<>[]:\\", *"éüñçøßпжλ中文عא", "\u00a0", "\u200b", "\ufeff", "😀"]


def kinds() -> Iterator[tuple[str, str]]:
    """Each kind's name, and a row of it. Every row has an address of its own, so that none is a mere repetition."""
    number = iter(range(10_000))

    def subscriber() -> str:
        return f"broken{next(number)}"

    for c in FORBIDDEN:
        for place, zone, cadence in (
            ("at the begin of", f"{c}Europe/Berlin", f"{c}daily"),
            ("in", f"Europe/{c}Berlin", f"dai{c}ly"),
            ("at the end of", f"Europe/Berlin{c}x", f"daily{c}x"),
        ):
            yield f"{c!r} {place} a zone", f"{subscriber()}@readers.example,,{zone},"
            yield f"{c!r} {place} a cadence", f"{subscriber()}@readers.example,,,{cadence}"
        yield f"{c!r} within a domain's end", f"{subscriber()}@readers.exa{c}mple,,,"
        yield f"{c!r} before the @", f"{subscriber()}{c}x@readers.example,,,"
        yield f"{c!r} behind the @", f"{subscriber()}@rea{c}ders.example,,,"
    for c in NOT_IN_AN_ADDRESS:
        yield f"{c!r} before the @", f"{subscriber()}{c}x@readers.example,,,"
        yield f"{c!r} twice before the @", f"x{c}{c}{subscriber()}@readers.example,,,"
        yield (
            f"{c!r} behind the @",
            f"{subscriber()}@read{c}ers.example,,," if c.isascii() else f"x{c}{subscriber()}@readers.example,,,",
        )
    for domain in (
        "",
        ".",
        "localhost",
        "example",
        "readers..example",
        ".readers.example",
        "-readers.example",
        "readers-.example",
        "readers.example-",
        "readers.123",
        "127.0.0.1",
        "[127.0.0.1]",
        "readers.invalid",
        "readers.local",
        "readers_x.example",
        f"{'x' * 64}.example",
        f"{'x.' * 130}example",
        "readers.exa mple",
        "@readers.example",
        "a@readers.example",
    ):
        yield f"the domain {domain[:30]!r}", f"{subscriber()}@{domain},,,"
    for local in ("", ".", "..", "{}.", ".{}", "{}..x", "{}@x", "x" * 65 + "{}", "{},x", "mailto:{}"):
        yield f"the name {local[:20]!r} before the @", f"{local.format(subscriber())}@readers.example,,,"
    for length in range(201, 301):
        yield f"a name of {length} letters", f"{subscriber()}@readers.example,{'x' * length},,"
    for length in (16_385, 20_000, 100_000):
        yield f"a line of {length}", f"{subscriber()}@readers.example,{'x' * length},,"
    zones = (
        "Berlin",
        "europe/berlin",
        "EUROPE/BERLIN",
        "Europe / Berlin",
        "Europe/Berlin/",
        "/Europe/Berlin",
        "../UTC",
        "Europe",
        "GMT+1",
        "UTC+01:00",
        "+01:00",
        "CEST",
        "Mars/Olympus",
        "localtime",
        "posixrules",
        "W. Europe Standard Time",
    )
    for zone in (*zones, *(f"Zone/{n}" for n in range(60))):
        yield f"the zone {zone}", f"{subscriber()}@readers.example,,{zone},"
    for cadence in (
        "monthly",
        "Daily!",
        "never",
        "key.days",
        "täglich",
        "0",
        "daily;digest",
        *(f"every {n} days" for n in range(2, 60)),
    ):
        yield f"the cadence {cadence}", f"{subscriber()}@readers.example,,,{cadence}"
    for more in range(1, 60):
        yield f"{more} fields too many", f"{subscriber()}@readers.example,,,,{','.join(['x'] * more)}"
    for marks, at in product(('""x', '"x', 'x"y', '"x"y', '"x" "y"', '" "x'), range(4)):
        fields = [f"{subscriber()}@readers.example", "", "", ""]
        fields[at] = f"{fields[at]}{marks}"
        yield f"quotation marks {marks} in field {at}", ",".join(fields)
    for field in range(4):
        yield (
            f"a quotation mark that stays open in field {field}",
            ",".join(['"x' if n == field else "" for n in range(4)]),
        )


def test_a_thousand_kinds_of_broken_rows_lose_no_good_row(tmp_path: Path) -> None:
    """Every broken row is named by its line and its reason, once; every good one is on the list; none is said aloud."""
    broken = list(dict(kinds()).items())
    assert 1_000 <= len(broken)
    lines, bad_lines, good, only_zone = ["email,name,zone,cadence"], {}, [], set()
    for n, (kind, row) in enumerate(broken):
        lines.append(row)
        bad_lines[len(lines)] = kind
        if kind.endswith(" a zone") or kind.startswith("the zone "):
            only_zone.add(row.partition(",")[0])
        good.append(f"good{n}@readers.example")
        lines.append(f"{good[-1]},Ann {n},{('', 'Asia/Tokyo')[n % 2]},{('', 'digest')[n % 2]}")
    path = tmp_path / "readers.csv"
    path.write_bytes("\n".join(lines).encode("utf-8") + b"\n")
    ledger = open_ledger("sqlite://")
    result = import_csv(path, ledger, "a-month", now=NOW, report_path=report_path_for(path))
    there = {one.subscriber.address: one.subscriber.zone for one in ledger.subscribers.each("a-month")}
    ledger.close()

    with (tmp_path / "readers.report.csv").open(encoding="utf-8", newline="") as file:
        said = list(csv.DictReader(file))
    reported = Counter(int(row["line"]) for row in said)
    assert {} == {line: kind for line, kind in bad_lines.items() if not reported[line]}
    assert {} == {line: times for line, times in reported.items() if times > 1 or line not in bad_lines}
    assert 100 <= len(only_zone)
    assert set(good) | only_zone == set(there)
    assert {""} == {there[address] for address in only_zone}
    assert len(only_zone) == result.by_reason[RowCode.UNKNOWN_ZONE] == result.amber
    assert (len(good) + len(only_zone), len(broken) - len(only_zone)) == (result.added, result.bad)
    assert {
        RowCode.INVALID_ADDRESS,
        RowCode.UNKNOWN_ZONE,
        RowCode.TOO_LONG,
        RowCode.WRONG_COLUMNS,
        RowCode.BROKEN_QUOTES,
    } <= set(result.by_reason)
    assert not any(word in repr([row["reason"] for row in said]) for word in ("@r", "broken1", "good"))
    assert all(unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp") for row in said for c in row["reason"])
