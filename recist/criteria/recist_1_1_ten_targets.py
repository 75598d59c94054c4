"""RECIST 1.1 with up to ten target lesions, five in an organ: the "modified RECIST 1.1" of many immunotherapy trials.

All else is RECIST 1.1 (Eisenhauer 2009).  The counts are those that trial protocols name; the registered
protocols of pembrolizumab trials are the widest known example.
"""

from dataclasses import replace

from recist.criteria import recist_1_1

CRITERIA = replace(
    recist_1_1.CRITERIA,
    name="recist_1_1_ten_targets",
    title="modified RECIST 1.1 (10 targets, 5 per organ)",
    citation="Eisenhauer 2009, Eur J Cancer 45:228-247, doi:10.1016/j.ejca.2008.10.026; target counts by protocol",
    max_targets=10,
    max_per_organ=5,
)
