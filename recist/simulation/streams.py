"""Numbers of the random streams: each concern has its own, so that adding one leaves the others' data alone.

A stream is `Draws.of(seed, number)`, or with the block of subjects in between where the data come in blocks.
"""

SWELLING, VIABLE, ADJUDICATOR, TRUTH, PRODUCT, STRATA, ADVERSE, ANSWERS, ESCALATION, PEOPLE, MARROW = range(
    101, 112
)
