"""EORTC QLQ-C30: reading, checking, scoring, change from baseline and time to deterioration.

Aaronson and others, J Natl Cancer Inst 1993; 85: 365-376 (the questionnaire); Fayers and others, EORTC QLQ-C30
Scoring Manual, 3rd edition, Brussels 2001 (the scores).
"""
