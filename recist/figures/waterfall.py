"""Waterfall: the best change of the sum of diameters from baseline, one bar per subject, worst to best.

The change of a subject is the smallest one after baseline, up to and including the first progression and no later
than new anticancer therapy; a visit counts only when its sum was complete.  Under iRECIST the progression is the
iUPD that was confirmed (the `progression_date` of `best`), else the first iCPD.  Reporting of those not shown:
RECIST 1.1 section 4.8.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from recist.figures.asked import ask_columns, ask_one_reading, ask_one_row_each, groups_of
from recist.figures.course import ANSWERS, LIMITS, PROGRESSED, limits_of, terms_of
from recist.figures.look import FigureLook
from recist.figures.palette import in_order

CAP = 100.0  # bars end here; the true value is printed
LONGEST = 40  # characters of a name in a sentence
COLUMNS = {  # one row per subject of `best`
    "subject": "identifier",
    "group": "the arm",
    "rank": "place from the left within the arm, 1 is the worst; missing when not shown",
    "change_pct": "smallest change from baseline, per cent; missing when not shown",
    "best_response": "best response, that colours the bar",
    "new_lesion": "an unequivocal new lesion up to the first progression",
    "non_target": "unequivocal progression of non-target disease up to the first progression",
    "unconfirmed": "the best response is a response and was not confirmed",
    "node": "complete response with lymph nodes of normal size still in the sum",
    "not_shown": "why the subject has no bar; empty for those shown",
}


def waterfall_numbers(
    responses: pd.DataFrame, best: pd.DataFrame, response: str = "best_response", by: str | None = None
) -> pd.DataFrame:
    """What the waterfall shows, and whom it cannot show: one row per subject of `best`.

    Parameters
    ----------
    responses : frame of `assess`, one evaluator and criteria.
    best : frame of `best_response`; its subjects are the denominator.  With both of its responses, those that
        were not confirmed are marked; with `new_therapy_date`, merged in from the subject table, no visit after
        it counts.
    response : column of `best` that colours the bars, `best_response` or `confirmed_best_response`.
    by : column of `best` that names the arm: merge it in from the subject table.

    Returns
    -------
    frame with the columns of `COLUMNS`: arm by arm, bars from worst to best (ties by subject), then those not
    shown.

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
    _check(responses, best, response, by)
    seen = _up_to_progression(responses, best)
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
            "non_target": subject.isin(_with_non_target_progression(seen)).to_numpy(),
            "unconfirmed": _unconfirmed(best, response),
            "not_shown": _why_not(subject, responses, seen, set(complete["subject"])),
        }
    )
    table["group"] = groups_of(table["subject"], best, by)
    complete_response = table["best_response"].isin(["CR", "iCR"])
    table["node"] = complete_response & (table["change_pct"] > -100)
    order = ["group", "change_pct", "subject"]
    table = table.sort_values(order, ascending=[True, False, True], na_position="last").reset_index(drop=True)
    shown = table["change_pct"].notna()
    table["rank"] = shown.groupby(table["group"], observed=True).cumsum().where(shown).astype("Int64")
    return table[list(COLUMNS)]


def waterfall_plot(
    responses: pd.DataFrame,
    best: pd.DataFrame,
    response: str = "best_response",
    by: str | None = None,
    look: FigureLook | None = None,
) -> Any:
    """Draw the waterfall of the best change from baseline.

    Parameters
    ----------
    responses, best, response, by : as in `waterfall_numbers`.
    look : width, caption (name the criteria, the reader and the population in it), and what the colours are:
        the best response (arms get panels of their own) or the arm.

    Returns
    -------
    matplotlib Figure, not registered with pyplot; write it with `recist.save_figure`.

    Raises
    ------
    InputError : as `waterfall_numbers`, or more than six arms.  Where nobody has a bar the figure says so under
        empty axes.
    """
    from recist.figures.waterfall_ink import draw

    numbers = waterfall_numbers(responses, best, response, by)
    return draw(numbers, response.replace("_", " "), look or FigureLook(), limits_of(responses))


def alt_text(numbers: pd.DataFrame, limits: tuple[float, float] = LIMITS) -> str:
    """The figure in words."""
    shown = numbers[numbers["change_pct"].notna()]
    if shown.empty:
        return (
            f"Waterfall plot without bars: none of {len(numbers)} subjects has a complete sum after baseline."
        )
    change = shown["change_pct"]
    parts = [
        f"Waterfall plot: smallest change of the sum of diameters from baseline, one bar for each of {len(shown)} "
        f"evaluable subjects (of {len(numbers)}), from {change.max():.0f}% to {change.min():.0f}%; a decrease of "
        f"{-limits[1]:.0f}% or more in {(change <= limits[1]).sum()}."
    ]
    several = len(set(shown["group"])) > 1
    for group, mine in shown.groupby("group", observed=True):
        counts = mine["best_response"].value_counts()
        told = ", ".join(f"{term} {counts[term]}" for term in in_order(set(counts.index)))
        parts.append(f"{group}: {told}." if several else f"Best responses: {told}.")
    return " ".join(parts)


def caption(numbers: pd.DataFrame, most: int = 12) -> str:
    """How many are shown of how many, and who is not, by reason."""
    out = numbers[numbers["not_shown"] != ""]
    text = f"{len(numbers) - len(out)} evaluable of {len(numbers)} subjects."
    reasons = []
    for reason, part in out.groupby("not_shown", sort=True):
        names = [
            name if len(name) <= LONGEST else f"{name[:LONGEST]}\N{HORIZONTAL ELLIPSIS}"
            for name in part["subject"]
        ]
        listed = ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
        reasons.append(f"{reason} (n={len(names)}): {listed}")
    return f"{text} Not shown: {'; '.join(reasons)}." if reasons else text


def _check(responses: pd.DataFrame, best: pd.DataFrame, response: str, by: str | None) -> None:
    """An error for frames that would give a wrong picture without a word."""
    needed = ("subject", "date", "change_from_baseline_pct", "target", "new_lesion", "overall")
    ask_columns("responses", responses, needed)
    ask_columns("best", best, ("subject", response, *([by] if by else [])))
    for name, frame in (("best", best), ("responses", responses)):
        ask_one_reading(name, frame)
    ask_one_row_each("best", best)


def _up_to_progression(responses: pd.DataFrame, best: pd.DataFrame) -> pd.DataFrame:
    """The visits up to and including the first progression of each subject, and to new therapy where known."""
    seen = responses.assign(subject=responses["subject"].astype(str))
    if "ioverall" in responses and "progression_date" in best:
        first = pd.to_datetime(seen["subject"].map(_by_subject(best, "progression_date")))
    else:
        progressed = seen["date"].where(terms_of(seen).isin(PROGRESSED).to_numpy(bool))
        first = progressed.groupby(seen["subject"]).transform("min")
    if "new_therapy_date" in best:
        therapy = pd.to_datetime(seen["subject"].map(_by_subject(best, "new_therapy_date")))
        first = first.fillna(therapy).where(~(therapy < first), therapy)
    return seen[first.isna() | (seen["date"] <= first)]


def _by_subject(best: pd.DataFrame, column: str) -> pd.Series:
    """A column of `best` by the name of the subject."""
    return pd.Series(best[column].to_numpy(), index=best["subject"].astype(str).to_numpy())


def _with_non_target_progression(seen: pd.DataFrame) -> list[str]:
    """Subjects whose non-target disease progressed; nobody where responses do not say so."""
    if "non_target" not in seen:
        return []
    return list(seen.loc[seen["non_target"].eq("PD").fillna(False).to_numpy(bool), "subject"])


def _unconfirmed(best: pd.DataFrame, response: str) -> np.ndarray[Any, Any]:
    """Whether the best one was a response and was not confirmed: as such, or where that is the colour, at all."""
    if not {"best_response", "confirmed_best_response"} <= set(best):
        return np.zeros(len(best), dtype=bool)
    any_, confirmed = (best[name].astype("string") for name in ("best_response", "confirmed_best_response"))
    less = ~confirmed.isin(ANSWERS) if response == "confirmed_best_response" else confirmed.ne(any_)
    found: np.ndarray[Any, Any] = (any_.isin(ANSWERS) & less.fillna(True)).to_numpy(bool)
    return found


def _why_not(
    subject: pd.Series, responses: pd.DataFrame, seen: pd.DataFrame, shown: set[str]
) -> np.ndarray[Any, Any]:
    """The reason for which a subject has no bar, empty where it has one."""
    ever, assessed = set(responses["subject"].astype(str)), set(seen["subject"])
    without_targets = set(seen.loc[seen["target"].eq("NA").fillna(False).to_numpy(bool), "subject"])
    reasons = []
    for name in subject:
        if name in shown:
            reasons.append("")
        elif name not in ever:
            reasons.append("no assessment after baseline")
        elif name not in assessed:
            reasons.append("no assessment before new anticancer therapy")
        elif name in without_targets:
            reasons.append("no target lesion at baseline")
        else:
            reasons.append("no complete sum after baseline")
    return np.array(reasons, dtype=object)
