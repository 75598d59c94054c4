"""Why a best response is NE: nobody looked, nothing could be judged, or what was seen came too early.

RECIST 1.1, sections 4.4.2 (not evaluable), 4.6.3 (stable disease too early) and 4.8 (reasons are reported); FDA, Clinical
Trial Endpoints (2018): subjects without an assessment are told apart.  Which reason goes first: docs/decisions/0805.
"""

from __future__ import annotations

import pandas as pd

from recist import BESIDE, InputError
from survival.readings import overall_of
from survival.response_rate import CONFIRMED

REASONS = {  # reason -> printed
    "no assessment": "No assessment after baseline",
    "new therapy": "New anticancer therapy before the first assessment",
    "all NE": "All assessments after baseline NE",
    "early": "SD, or response not confirmed, too early",
}
BLANK = ("", "NE", "ND", "NA")  # responses that say nothing of the disease


def not_evaluable_reasons(
    responses: pd.DataFrame, best: pd.DataFrame, subjects: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The best responses with the reason of each that is NE, unconfirmed and confirmed.

    Parameters
    ----------
    responses : frame with `subject date start_date overall`, of one evaluator and criteria; under iRECIST `ioverall`
        counts.
    best : frame of `recist.best_response` of the same evaluator and criteria; what counted is taken from its dates.
    subjects : frame of subjects; its `new_therapy_date`, where there, tells who was assessed only after it.

    Returns
    -------
    `best` with the columns `not_evaluable` and `confirmed_not_evaluable`: a key of `survival.not_evaluable.REASONS`,
    missing where the best response is not NE.

    Raises
    ------
    InputError : a column is missing.

    Examples
    --------
    >>> responses = pd.DataFrame({"subject": ["1", "2"], "overall": ["SD", "NE"],
    ...     "start_date": pd.Timestamp("2024-01-01"), "date": pd.Timestamp("2024-01-20")})
    >>> import recist
    >>> best = recist.best_response(responses, subjects=pd.DataFrame({"subject": ["1", "2", "3"]}))
    >>> not_evaluable_reasons(responses, best)["not_evaluable"].tolist()
    ['early', 'all NE', 'no assessment']
    """
    _check(responses, best)
    seen = _seen(responses)
    subject, therapy = best["subject"].astype(str), _new_therapy(seen, subjects)
    judged = set(seen.loc[~seen["word"].isin(BLANK) & ~(seen["date"] > therapy), "subject"])
    late = set(seen["subject"]) - set(seen.loc[~(seen["date"] >= therapy), "subject"])
    found = best.copy()
    for prefix in CONFIRMED:
        if f"{prefix}best_response" not in best:
            continue
        counted = best[f"{prefix}best_response_date"].notna()
        reason = subject.isin(judged).map({True: "early", False: "all NE"}).astype("string")
        reason = reason.mask(~counted, "no assessment").mask(~counted & subject.isin(late), "new therapy")
        is_ne = best[f"{prefix}best_response"].astype("string").eq("NE").fillna(False)
        found[f"{prefix}not_evaluable"] = reason.where(is_ne)
    return found


def _check(responses: pd.DataFrame, best: pd.DataFrame) -> None:
    """An error for frames that cannot say why."""
    needed = {
        "responses": (responses, ["subject", "date", "start_date", "overall"]),
        "best": (best, ["subject", "best_response", "best_response_date"]),
    }
    if "confirmed_best_response" in best:
        needed["best"][1].append("confirmed_best_response_date")
    for name, (frame, columns) in needed.items():
        if missing := [column for column in columns if column not in frame]:
            raise InputError(
                f"{name} has no column {', '.join(missing)}; it has {', '.join(map(str, frame))}"
            )


def _seen(responses: pd.DataFrame) -> pd.DataFrame:
    """Subject, day and word of every response after the start."""
    word = overall_of(responses)
    after = (responses["date"] > responses["start_date"]).to_numpy()
    seen = responses[["date"]].assign(
        subject=responses["subject"].astype(str), word=word.replace(BESIDE).fillna("")
    )
    return seen[after]


def _new_therapy(seen: pd.DataFrame, subjects: pd.DataFrame | None) -> pd.Series:
    """Start of new anticancer therapy beside every response; missing where there was none."""
    if subjects is None or "new_therapy_date" not in subjects:
        return pd.Series(pd.NaT, index=seen.index, dtype="datetime64[ns]")
    return seen["subject"].map(subjects.set_index(subjects["subject"].astype(str))["new_therapy_date"])
