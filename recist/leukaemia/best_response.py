"""Best response of every subject, within a window of days where the protocol asks for one.

ELN 2022 (Döhner, Blood 140:1345): the best response before relapse; the window is the protocol's, for example
CR or CRi within 28 days of the first dose.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.errors import InputError
from recist.leukaemia.criteria import get_leukaemia_criteria
from recist.leukaemia.terms import IN_REMISSION, OVERALL

BEST = (*OVERALL[:8], "REFRACTORY", "NR", "NE")  # from best to worst; refractory is what NR becomes
BEST_LEUKAEMIA = {  # column -> (dtype, sentence)
    "subject": ("category", "Who."),
    "evaluator": ("category", "Who assessed."),
    "criteria": ("category", "Name of the classification and every edit of its conventions."),
    "window_days": ("Int64", "Days from the first dose within which a response counts; missing: all."),
    "best_response": ("category", "Best response before relapse and new therapy, within the window."),
    "best_response_date": ("datetime64", "First day of that response; missing where nothing was assessed."),
    "best_response_rule": ("category", "Row of the table of responses that decided it."),
    "remission_date": ("datetime64", "First CR, CRh or CRi, whatever the window."),
    "mrd_negative_date": ("datetime64", "First of these with negative residual disease."),
    "relapse_date": ("datetime64", "First relapse after it."),
    "n_assessments": ("int64", "Assessments that counted for the best response."),
}
SERIES = ["subject", "evaluator", "criteria"]


def best_leukaemia_response(
    responses: pd.DataFrame, window_days: int | None = None, subjects: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Best response of each subject, evaluator and classification.

    Parameters
    ----------
    responses : DataFrame
        From `recist.assess_leukaemia`.
    window_days : int, optional
        Responses count up to this many days after the first dose, that day included; None: all count.
    subjects : DataFrame, optional
        `subject` and, where known, `treatment_start_date` (first dose; else the start date of the responses)
        and `new_therapy_date` (later responses do not count).  Subjects without assessments get NE.

    Returns
    -------
    DataFrame
        The columns of `recist.leukaemia.best_response.BEST_LEUKAEMIA`, one row per series.

    Raises
    ------
    InputError
        When a column is missing or the window is negative.

    Examples
    --------
    >>> import recist
    >>> marrow = pd.DataFrame({"subject": "01", "date": ["2024-01-02", "2024-01-25", "2024-02-20"],
    ...     "blasts_pct": [60, 4, 2], "neutrophils": [0.4, 1.2, 1.4], "platelets": [30, 40, 140]})
    >>> responses = recist.assess_leukaemia(marrow)
    >>> best_leukaemia_response(responses)["best_response"].tolist()
    ['CR']
    >>> best_leukaemia_response(responses, window_days=28)["best_response"].tolist()
    ['CRi']
    """
    if window_days is not None and window_days < 0:
        raise InputError(f"window_days is {window_days}; give a number of days, or None for no window.")
    if missing := [
        c
        for c in (*SERIES, "date", "start_date", "overall", "response_rule", "remission")
        if c not in responses
    ]:
        raise InputError(
            f"The responses have no column {missing[0]!r}; make them with recist.assess_leukaemia."
        )
    rows = responses.reset_index(drop=True).astype(dict.fromkeys(SERIES, "str"))
    milestones = _milestones(rows)
    best = _series(rows, subjects).join(
        _best_rows(rows, milestones, _counts(rows, window_days, subjects)), on=SERIES
    )
    best = best.join(milestones, on=SERIES).astype(dict.fromkeys(SERIES, "category"))
    best["best_response"] = best["best_response"].fillna("NE")
    best["window_days"] = pd.array([pd.NA if window_days is None else window_days] * len(best), "Int64")
    best["n_assessments"] = best["n_assessments"].fillna(0).astype(np.int64)
    best["best_response"] = pd.Categorical(best["best_response"], categories=list(BEST))
    return best[list(BEST_LEUKAEMIA)]


def _milestones(rows: pd.DataFrame) -> pd.DataFrame:
    """First remission, first without residual disease, and the relapse after it, by series."""
    overall = rows["overall"].astype("str")
    of = {
        "remission_date": overall.isin(IN_REMISSION),
        "mrd_negative_date": overall.str.endswith("_MRD-"),
        "relapse_date": overall == "RELAPSE",
    }
    dates = {name: rows[found].groupby(SERIES)["date"].min() for name, found in of.items()}
    return pd.DataFrame(dates).astype("datetime64[ns]")


def _counts(
    rows: pd.DataFrame, window_days: int | None, subjects: pd.DataFrame | None
) -> npt.NDArray[np.bool_]:
    """Assessments that may be the best: before relapse and new therapy, within the window."""
    counts = ((rows["remission"] != "lost") & (rows["overall"] != "RELAPSE")).to_numpy(bool)
    if (therapy := _subject_date(rows, subjects, "new_therapy_date")) is not None:
        counts = counts & (therapy.isna() | (rows["date"] <= therapy)).to_numpy(bool)
    if window_days is not None:
        dose = _subject_date(rows, subjects, "treatment_start_date")
        since = rows["start_date"] if dose is None else dose.fillna(rows["start_date"])
        counts = counts & (rows["date"] <= since + pd.Timedelta(window_days, "D")).to_numpy(bool)
    return np.asarray(counts)


def _subject_date(rows: pd.DataFrame, subjects: pd.DataFrame | None, name: str) -> pd.Series | None:
    """A date of the subject table on each response; None where the table has none."""
    if subjects is None or name not in subjects:
        return None
    dates = pd.Series(pd.to_datetime(subjects[name]).to_numpy(), index=subjects["subject"].astype(str))
    found = dates.reindex(rows["subject"].astype(str)).to_numpy().astype("datetime64[ns]")
    return pd.Series(found, index=rows.index)


def _best_rows(rows: pd.DataFrame, milestones: pd.DataFrame, counts: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """The first of the best responses of each series of which some count."""
    word = rows["overall"].astype("str")
    word = word.mask(_too_short(rows, milestones), "NR")
    ranked = rows.assign(best_response=word, rank=word.map({w: n for n, w in enumerate(BEST)}))[counts]
    ranked = ranked.sort_values(["rank", "date"], kind="stable")
    return ranked.groupby(SERIES).agg(
        best_response=("best_response", "first"),
        best_response_date=("date", "first"),
        best_response_rule=("response_rule", "first"),
        n_assessments=("date", "size"),
    )


def _too_short(rows: pd.DataFrame, milestones: pd.DataFrame) -> pd.Series:
    """Remissions that relapse ended sooner than the classification asks a remission to last."""
    least = {label: get_leukaemia_criteria(label).min_remission_days for label in rows["criteria"].unique()}
    relapse = rows[SERIES].join(milestones, on=SERIES)["relapse_date"]
    lasted = (relapse - rows["date"]).dt.days
    asked = rows["criteria"].map(least).astype(np.float64)
    return rows["overall"].isin(IN_REMISSION) & (rows["remission"] != "lost") & (lasted < asked)


def _series(rows: pd.DataFrame, subjects: pd.DataFrame | None) -> pd.DataFrame:
    """Every series; subjects of the table who were never assessed come last, under every reading."""
    series = rows[SERIES].drop_duplicates().reset_index(drop=True)
    if subjects is None:
        return series
    readings = series[["evaluator", "criteria"]].drop_duplicates()
    everyone = pd.DataFrame({"subject": subjects["subject"].astype(str)}).merge(readings, how="cross")
    both = pd.concat([series, everyone.astype(series.dtypes.to_dict())], ignore_index=True)
    return both.drop_duplicates().reset_index(drop=True)
