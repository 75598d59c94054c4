"""Adverse events: the table of events, what is asked about it, how often they occur, dose-limiting toxicity.

Grades are those of CTCAE; who is counted, and when, are named conventions of `survival.adverse_events.window`.
"""
