"""Acute leukaemia: response from marrow blasts, blood counts, blasts elsewhere and residual disease.

Each classification is one file in `recist.leukaemia.criteria`; the tables, the walk over the assessments and
`explain` are of the same kind as those for solid tumours.
"""
