"""What checks found in a text before, for the processes after this one: most texts of a month are as they were.

For a question about one text alone, whatever message it stands in. What it rests on besides (the rules, the records)
is named in full where it is asked, and the program always counts. Findings are not kept: they are made each time.
"""

from __future__ import annotations

from ..kept_by_key import KeptOfTexts

TEXTS = KeptOfTexts()
