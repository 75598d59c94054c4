"""Marrow assessments in, leukaemia responses out: the main path, top to bottom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.leukaemia.course import Seen, course
from recist.leukaemia.criteria import get_leukaemia_criteria
from recist.leukaemia.criteria.base import LeukaemiaCriteria
from recist.leukaemia.evidence import Codes, Mask, evidence, flag, limit, mrd_code, number
from recist.leukaemia.marrow import MARROW, MarrowError, as_marrow
from recist.leukaemia.responses import responses_frame
from recist.leukaemia.terms import COURSE, OVERALL, RESPONSE, SUFFIX
from recist.start import start_of_subjects

KEY = ["subject", "evaluator"]


def assess_leukaemia(
    assessments: pd.DataFrame,
    criteria: str | LeukaemiaCriteria | Sequence[str | LeukaemiaCriteria] = "aml_eln2022",
    start: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Response of every subject at every assessment after baseline, each with the rules that decided it.

    Parameters
    ----------
    assessments : DataFrame
        The table of marrow assessments (`recist.read_marrow`): blasts in %, counts in 10^9/L.
    criteria : str or LeukaemiaCriteria, or several
        Name, label or value; of several the responses are stacked.
    start : DataFrame, optional
        `subject` and `start_date`, or else `randomization_date`, or else `treatment_start_date`; also
        `landmark_date`, the day by which response must be reached.  Without it the earliest assessment
        before treatment is the start.

    Returns
    -------
    DataFrame
        One row per subject, evaluator, classification and assessment after baseline, in date order; the
        columns of `recist.leukaemia.responses.LEUKAEMIA_RESPONSES`.

    Raises
    ------
    MarrowError
        When a subject has two rows of a day, or neither a start date nor an assessment before treatment.

    Examples
    --------
    >>> marrow = pd.DataFrame({"subject": "01", "date": ["2024-01-02", "2024-02-10", "2024-07-19"],
    ...     "blasts_pct": [60, 3, 30], "neutrophils": [0.4, 1.2, 0.8], "platelets": [30, 140, 60],
    ...     "mrd": [None, "negative", None]})
    >>> assess_leukaemia(marrow)[["day", "response_rule", "overall", "overall_rule"]].values.tolist()
    [[39, 'R-CR', 'CR_MRD-', 'C-AS'], [199, 'R-NR', 'RELAPSE', 'C-RM']]
    """
    given = as_marrow(assessments)
    marrow = given[[name for name in MARROW.names() if name in given]]
    several = [criteria] if isinstance(criteria, str | LeukaemiaCriteria) else list(criteria)
    rows = _after_baseline(marrow, start)
    frames = [_assessed(rows, get_leukaemia_criteria(one)) for one in several]
    return frames[0] if len(frames) == 1 else _stacked(frames)


def _after_baseline(marrow: pd.DataFrame, start: pd.DataFrame | None) -> pd.DataFrame:
    """Assessments after baseline in order, with the blasts before treatment, start and landmark."""
    before = marrow[marrow["baseline"]].sort_values("date", kind="stable")
    known = (
        before[before["blasts_pct"].notna()]
        if "blasts_pct" in before
        else before[:0].assign(blasts_pct=np.nan)
    )
    blasts = known.groupby(KEY, observed=True)["blasts_pct"].last().rename("pre_blasts_pct")
    rows = marrow[~marrow["baseline"]].join(blasts, on=KEY)
    rows = rows.sort_values([*KEY, "date"], kind="stable").reset_index(drop=True)
    rows["pre_blasts_pct"] = rows["pre_blasts_pct"].astype(np.float64)
    if start is None:
        first = before.groupby(KEY, observed=True)["date"].first().rename("start_date")
        rows = rows.join(first, on=KEY)
    else:
        rows["start_date"] = _of_subject(start_of_subjects(start), rows)
    rows["landmark_date"] = np.datetime64("NaT", "ns")
    if start is not None and "landmark_date" in start:
        landmark = pd.Series(
            pd.to_datetime(start["landmark_date"]).to_numpy(), index=start["subject"].astype(str)
        )
        rows["landmark_date"] = _of_subject(landmark, rows)
    _refuse_no_start(rows)
    return rows


def _of_subject(dates: pd.Series, rows: pd.DataFrame) -> npt.NDArray[Any]:
    """A date of each subject, on each of its rows."""
    found = dates.reindex(rows["subject"].astype(str))
    return found.to_numpy().astype("datetime64[ns]")


def _refuse_no_start(rows: pd.DataFrame) -> None:
    missing = rows.loc[rows["start_date"].isna(), "subject"].astype(str).drop_duplicates().tolist()
    if missing:
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        raise MarrowError(
            f"No start date for subject {', '.join(missing[:5])}{more}: hand in start= with one, or mark the "
            "assessment before treatment in the column baseline."
        )


def _assessed(rows: pd.DataFrame, criteria: LeukaemiaCriteria) -> pd.DataFrame:
    """The responses under one classification."""
    asked = evidence(rows, criteria)
    table, mrd_table = criteria.in_force("response"), criteria.in_force("mrd")
    response_rule = table.decide(*(asked[name] for name in table.inputs))
    response = table.outcome("response", response_rule)
    mrd = mrd_code(rows, criteria)
    mrd_rule = mrd_table.decide(response, mrd)
    landmark = _past_landmark(rows, criteria)
    overall_rule, remission = _walked(rows, response, landmark, criteria)
    suffix = mrd_table.outcome("suffix", mrd_rule) == SUFFIX.index("MRD-")
    decided = {
        "response": response,
        "response_rule": response_rule,
        "mrd_status": mrd,
        "mrd_rule": mrd_rule,
        "remission": remission,
        "past_landmark": landmark,
        "overall": _overall(response, suffix, criteria.in_force("course").outcome("course", overall_rule)),
        "overall_rule": overall_rule,
    }
    return responses_frame(rows, decided, criteria)


def _past_landmark(rows: pd.DataFrame, criteria: LeukaemiaCriteria) -> Mask:
    """On or after the response landmark: the subject's own, else that of the criteria."""
    landmark = rows["landmark_date"]
    if criteria.landmark_days is not None:
        landmark = landmark.fillna(rows["start_date"] + pd.Timedelta(criteria.landmark_days, "D"))
    return np.asarray((landmark.notna() & (rows["date"] >= landmark)).to_numpy(bool))


def _walked(
    rows: pd.DataFrame, response: Codes, landmark: Mask, criteria: LeukaemiaCriteria
) -> tuple[Codes, Codes]:
    """The course of every subject: rule numbers, and remission before each assessment."""
    series = rows.groupby(KEY, observed=True, sort=False).ngroup().to_numpy()
    rank = rows.groupby(KEY, observed=True, sort=False).cumcount().to_numpy()
    shape = (int(series.max(initial=-1)) + 1, int(rank.max(initial=-1)) + 1)

    def spread(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        out = np.zeros(shape, values.dtype)
        out[series, rank] = values
        return out

    blood = flag(rows, "circulating_blasts")
    blasts = number(rows, "blasts_pct") >= limit(criteria.relapse_blasts_min)
    seen = Seen(
        response=spread(response),
        marrow_relapse=spread(blasts & flag(rows, "evaluable", missing=True)),
        blasts_in_blood=spread(blood),
        blood_clear=spread(~flag(rows, "circulating_blasts", missing=True)),
        extramedullary=spread(flag(rows, "extramedullary")),
        past_landmark=spread(landmark),
        day=spread((rows["date"] - rows["start_date"]).dt.days.to_numpy(np.int64)),
        there=spread(np.ones(len(rows), bool)),
    )
    rule, before = course(seen, criteria)
    return rule[series, rank], before[series, rank]


def _overall(response: Codes, suffix: Mask, outcome: Codes) -> Codes:
    """The response with its suffix, or what the course makes of it."""
    plain = np.array([OVERALL.index(word) for word in RESPONSE])[response]
    negative = [OVERALL.index(f"{word}_MRD-") if f"{word}_MRD-" in OVERALL else -1 for word in RESPONSE]
    assessed = np.where(suffix, np.array(negative)[response], plain)
    ends = {word: OVERALL.index(word) for word in COURSE[1:]}
    result = np.select([outcome == COURSE.index(word) for word in ends], list(ends.values()), assessed)
    return np.asarray(result.astype(np.int8))


def _stacked(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Several classifications one below the other, categories kept."""
    stacked = pd.concat([frame.astype({"criteria": "str"}) for frame in frames], ignore_index=True)
    for name in ("criteria", "response_rule", "mrd_rule", "overall_rule"):
        words = dict.fromkeys(word for frame in frames for word in frame[name].cat.categories)
        stacked[name] = pd.Categorical(stacked[name], categories=list(words))
    return stacked
