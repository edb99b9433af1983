"""How fast the pages are, beside an empty page of the same stack, measured in the same minute.

`make bench` builds a workspace of 100,000 customers once, starts the production server, signs
in and asks. Limits are ratios, so that they mean the same on every machine.
"""
