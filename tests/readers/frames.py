"""Small lesion tables and responses for the tests of several readers and several criteria."""

import pandas as pd

VISITS = {"BASELINE": "2024-01-02", "WEEK 8": "2024-02-27", "WEEK 16": "2024-04-23", "WEEK 24": "2024-06-18"}


def lesions(sizes):
    """One target per subject and reader: {(subject, evaluator): sizes at successive visits}."""
    rows = [
        (subject, evaluator, visit, date, size)
        for (subject, evaluator), series in sizes.items()
        for (visit, date), size in zip(VISITS.items(), series, strict=False)
    ]
    frame = pd.DataFrame(rows, columns=["subject", "evaluator", "visit", "date", "diameter_mm"])
    return frame.assign(lesion="T1", role="target", organ="LIVER")


def responses(words):
    """Responses as recorded: {(subject, evaluator): responses at successive visits}; - is no reading."""
    dates = list(VISITS.items())[1:]
    rows = [
        (subject, evaluator, visit, pd.Timestamp(date), word)
        for (subject, evaluator), series in words.items()
        for (visit, date), word in zip(dates, series.split(), strict=False)
        if word != "-"
    ]
    frame = pd.DataFrame(rows, columns=["subject", "evaluator", "visit", "date", "overall"])
    return frame.assign(start_date=pd.Timestamp("2024-01-01"))
