"""Days as texts name them: dates, weekdays, holidays, "tomorrow", "day 3 of 32"; and what the calendar says of them."""
