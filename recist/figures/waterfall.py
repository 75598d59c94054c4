"""Waterfall: the best change of the sum of diameters from baseline, one bar per subject, worst to best.

The change of a subject is the smallest one after baseline, up to and including the first progression; a
visit counts only when its sum was complete.  Reporting of those not shown: RECIST 1.1 section 4.6.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from recist.errors import InputError

CAP = 100.0  # bars end here; the true value is printed
LIMITS = (20.0, -30.0)  # growth and shrinkage of RECIST 1.1 section 4.3.1, per cent
COLOURS = {  # best response -> colour; dark, light and hatched differ in grey print too
    "CR": "#0072B2",
    "PR": "#56B4E9",
    "SD": "#BBBBBB",
    "NON-CR/NON-PD": "#BBBBBB",
    "NED": "#009E73",
    "PD": "#D55E00",
    "NE": "#F0E442",
    "ND": "#FFFFFF",
    "MISSING": "#FFFFFF",
}
HATCHED = "PD"

COLUMNS = {  # one row per subject of `best`
    "subject": "identifier",
    "rank": "place from the left, 1 is the worst; missing when not shown",
    "change_pct": "smallest change from baseline, per cent; missing when not shown",
    "best_response": "best response, that colours the bar",
    "new_lesion": "an unequivocal new lesion up to the first progression",
    "not_shown": "why the subject has no bar; empty for those shown",
}


def waterfall_numbers(
    responses: pd.DataFrame, best: pd.DataFrame, response: str = "best_response"
) -> pd.DataFrame:
    """What the waterfall shows, and whom it cannot show: one row per subject of `best`.

    Parameters
    ----------
    responses : frame of `assess`, one evaluator and criteria.
    best : frame of `best_response`; its subjects are the denominator.
    response : column of `best` that colours the bars, `best_response` or `confirmed_best_response`.

    Returns
    -------
    frame with the columns of `COLUMNS`: bars from worst to best (ties by subject), then those not shown.

    Raises
    ------
    InputError : a column is missing, or a subject occurs twice in `best` (several evaluators or criteria).

    Examples
    --------
    >>> best = pd.DataFrame({"subject": ["1", "2"], "best_response": ["PR", "NE"]})
    >>> responses = pd.DataFrame({"subject": ["1", "1"], "date": pd.to_datetime(["2024-02-01", "2024-04-01"]),
    ...     "change_from_baseline_pct": [-20.0, -35.0], "target": ["SD", "PR"], "new_lesion": ["N", "N"],
    ...     "overall": ["SD", "PR"]})
    >>> waterfall_numbers(responses, best)[["subject", "change_pct", "not_shown"]].values.tolist()
    [['1', -35.0, ''], ['2', nan, 'no assessment after baseline']]
    """
    _check(responses, best, response)
    seen = _up_to_progression(responses)
    complete = seen[seen["target"].isin(["CR", "PR", "SD", "PD"]) & seen["change_from_baseline_pct"].notna()]
    subject = best["subject"].astype(str)
    new = seen.loc[seen["new_lesion"].eq("Y").fillna(False).to_numpy(bool), "subject"]
    table = pd.DataFrame(
        {
            "subject": subject.to_numpy(),
            "change_pct": subject.map(
                complete.groupby("subject")["change_from_baseline_pct"].min()
            ).to_numpy(),
            "best_response": best[response].astype("string").fillna("MISSING").astype(str).to_numpy(),
            "new_lesion": subject.isin(new).to_numpy(),
            "not_shown": _why_not(subject, seen, set(complete["subject"])),
        }
    )
    table = table.sort_values(["change_pct", "subject"], ascending=[False, True], na_position="last")
    table = table.reset_index(drop=True)
    shown = table["change_pct"].notna()
    table["rank"] = shown.cumsum().where(shown).astype("Int64")
    return table[list(COLUMNS)]


def waterfall_plot(
    responses: pd.DataFrame, best: pd.DataFrame, response: str = "best_response", width: str = "double"
) -> Any:
    """Draw the waterfall of the best change from baseline.

    Parameters
    ----------
    responses, best, response : as in `waterfall_numbers`.
    width : `single` (89 mm) or `double` (183 mm).

    Returns
    -------
    matplotlib Figure, not registered with pyplot; write it with `recist.save_figure`.

    Raises
    ------
    InputError : as `waterfall_numbers`.  Where nobody has a bar the figure says so under empty axes.
    """
    from recist.figures.waterfall_ink import draw

    colour = f"Colour: {response.replace('_', ' ')}."
    return draw(waterfall_numbers(responses, best, response), colour, width)


def caption(numbers: pd.DataFrame, most: int = 12) -> str:
    """How many are shown of how many, and who is not, by reason."""
    out = numbers[numbers["not_shown"] != ""]
    text = f"{len(numbers) - len(out)} evaluable of {len(numbers)} subjects."
    reasons = []
    for reason, part in out.groupby("not_shown", sort=True):
        names = part["subject"].tolist()
        listed = ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
        reasons.append(f"{reason} (n={len(names)}): {listed}")
    return f"{text} Not shown: {'; '.join(reasons)}." if reasons else text


def _check(responses: pd.DataFrame, best: pd.DataFrame, response: str) -> None:
    """An error for frames that would give a wrong picture without a word."""
    needed = ("subject", "date", "change_from_baseline_pct", "target", "new_lesion", "overall")
    for name, frame, columns in (("responses", responses, needed), ("best", best, ("subject", response))):
        if missing := [column for column in columns if column not in frame]:
            raise InputError(
                f"{name} has no column {', '.join(missing)}; it has {', '.join(map(str, frame))}"
            )
    for name, frame in (("best", best), ("responses", responses)):
        for column in ("evaluator", "criteria"):
            values = sorted(frame[column].astype(str).unique()) if column in frame else []
            if len(values) > 1:
                listed = ", ".join(values)
                raise InputError(f"{name} holds several values of {column} ({listed}); keep the rows of one")
    if (twice := best["subject"][best["subject"].duplicated()]).size:
        raise InputError(f"subject {twice.iloc[0]} has more than one row in best; keep one row per subject")


def _up_to_progression(responses: pd.DataFrame) -> pd.DataFrame:
    """The visits up to and including the first progression of each subject."""
    seen = responses.assign(subject=responses["subject"].astype(str))
    progressed = seen["date"].where(seen["overall"].eq("PD").fillna(False).to_numpy(bool))
    first = progressed.groupby(seen["subject"]).transform("min")
    return seen[first.isna() | (seen["date"] <= first)]


def _why_not(subject: pd.Series, seen: pd.DataFrame, shown: set[str]) -> np.ndarray[Any, Any]:
    """The reason for which a subject has no bar, empty where it has one."""
    assessed = set(seen["subject"])
    without_targets = set(seen.loc[seen["target"].eq("NA").fillna(False).to_numpy(bool), "subject"])
    reasons = []
    for name in subject:
        if name in shown:
            reasons.append("")
        elif name not in assessed:
            reasons.append("no assessment after baseline")
        elif name in without_targets:
            reasons.append("no target lesion at baseline")
        else:
            reasons.append("no complete sum after baseline")
    return np.array(reasons, dtype=object)
