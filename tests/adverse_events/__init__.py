"""Adverse events: reading, findings, window, incidence, dose-limiting toxicity, tables."""
