"""``/r/TOKEN``: the pages of an invited reviewer, who has no account and needs none."""
