"""Templates that were filled before, for the processes after this one."""

from __future__ import annotations

from ...kept_by_key import KeptByKey

#: Each under the whole of what it was made from: every template's text, and all values that were put into it.
FILLED = KeptByKey()
FILLED.most_pieces = 600  # most are asked for once: messages are kept as a whole
