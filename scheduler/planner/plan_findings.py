"""Findings of the planner: what can be wrong between a calendar and a plan."""

from __future__ import annotations

from ..domain.finding import Code, Severity, table_of

CODES: dict[str, Code] = table_of(
    Code(
        "P001",
        "Two lines of the calendar want the same day",
        Severity.RED,
        "give one of the two another day, or delete it",
        "Two lines with dates fall on one day this season, or two lines name the same day number. Only a day number "
        "without fixed = true gives way, and only to a date. The second line is left out of the plan.",
    ),
    Code(
        "P002",
        "The pool cannot fill a day",
        Severity.RED,
        "add items to the pool, name an item for the day in the calendar, or loosen the rule that is named",
        "No item of the pool may go out on that day. The finding names the rule that fails; the day stays empty.",
    ),
    Code(
        "P003",
        "An item made room for a dated day",
        Severity.INFO,
        "nothing to do if the new day suits; otherwise give the item another day in the calendar",
        "A line with a date goes before a line with a day number. The item that stood there takes the nearest day "
        "that is open after it, else before it.",
    ),
    Code(
        "P004",
        "A calendar line lies outside the window",
        Severity.AMBER,
        "give the line a day inside the window, or delete it",
        "The window is shorter this season, or the date falls before or after it. The item is not planned.",
    ),
    Code(
        "P005",
        "A date is not announced yet",
        Severity.AMBER,
        "add this season's date to the rule as soon as it is known",
        "Until the date is known the item is not planned, and the pool fills the day.",
    ),
    Code(
        "P006",
        "A substitute is spoken for elsewhere",
        Severity.AMBER,
        "choose a substitute that stands nowhere else in the calendar",
        "If the item had to be held back, its substitute could not step in: an item goes out once a season.",
    ),
    Code(
        "P007",
        "The pinned plan disagrees with the calendar",
        Severity.RED,
        "correct the day in the pinned plan, or write the plan again with: plan --write",
        "The calendar gives an item a date of its own, and the pinned plan has the item on another day or another "
        "item on that date. The pinned plan stands until a person decides.",
    ),
    Code(
        "P008",
        "A date rule gives no date this season",
        Severity.RED,
        "correct the rule, or use a table with a date for each season",
        "29 February in a year without one, a fifth weekday that the month does not have, a table without this season.",
    ),
    Code(
        "P009",
        "The pinned plan names an item that does not exist",
        Severity.RED,
        "bring the item's file back, or write the plan again with: plan --write",
        "The item was deleted or renamed after the plan was pinned. Its day is planned afresh.",
    ),
    Code(
        "P010",
        "An item found no day",
        Severity.AMBER,
        "give the item a day of its own in the calendar, or take its line out",
        "It had to make room, and every other day of the window is taken. The item is not planned.",
    ),
    Code(
        "P011",
        "An item would go out twice",
        Severity.RED,
        "name another item for one of the two days",
        "An item goes out once a season. The second mention is not used.",
    ),
    Code(
        "P012",
        "A held-back item has nothing to stand in for it",
        Severity.AMBER,
        'name an item in the calendar line with substitute = "ITEM", or settle what holds the item back',
        "The pool fills the day for as long as the item is held back.",
    ),
    Code(
        "P013",
        "A topic has less than its share",
        Severity.RED,
        "add items with that topic to the pool or the calendar, or lower min_share_of_topic",
        "The share is counted over all days of the season, the calendar's items included.",
    ),
    Code(
        "P014",
        "The pinned plan does not fit the season",
        Severity.RED,
        "correct the day in the pinned plan, or write the plan again with: plan --write",
        "It names a day outside the window, or was written for another season.",
    ),
    Code(
        "P015",
        "The pinned plan cannot be read",
        Severity.RED,
        "correct that place, or write the plan again with: plan --write",
        "The file is not TOML, or has an unknown key, a wrong type, a day twice. What can be read of it still holds.",
    ),
)
