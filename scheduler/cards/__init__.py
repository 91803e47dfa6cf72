"""Cards: the picture of a post, set from the words of its item's own records.

A template (templates/cards/) says where words stand; :mod:`.layout` breaks them into lines by the fonts' own widths and
refuses what does not fit; :mod:`.drawing` makes the PNG. Nothing here reads a campaign, a clock or a network.
"""
