"""Why did quality of life deteriorate on that day, or not?  The scores, the row that decided, its source."""

from __future__ import annotations

from typing import Any

import pandas as pd

from recist import InputError
from survival.endpoint import derive_endpoint
from survival.qlq_c30.change import assessed_facts
from survival.qlq_c30.endpoint import Deterioration
from survival.qlq_c30.facts import course
from survival.qlq_c30.scales import scale_of
from survival.results import score_text

CONFIRMED_BY = {
    "next_available": "the next assessment with a score",
    "next_assessment": "the next assessment, whether it has a score or not",
    "every_later": "every later assessment, of which there must be one",
    "none": "none: one assessment is enough",
}
REFERENCE = {"baseline": "baseline", "best_previous": "the best score before"}


def explain_deterioration(
    scores: pd.DataFrame, subjects: pd.DataFrame, subject: str, endpoint: Deterioration | None = None
) -> str:
    """The reasoning behind the time to deterioration of one subject and scale.

    Parameters
    ----------
    scores, subjects : as for `survival.time_to_deterioration`.
    subject : who.
    endpoint : scale and conventions; None is `survival.TTD`, of QL2.  Another scale is `TTD.of("PF2")`.

    Returns
    -------
    str : baseline, every score after it with its change, and the row of the table that decided.

    Raises
    ------
    InputError : no such subject; what `survival.derive_endpoint` refuses.

    Examples
    --------
    >>> scores = pd.DataFrame({"subject": "01", "visit": ["BL", "W8", "W16"], "scale": "QL2",
    ...     "date": pd.to_datetime(["2023-12-28", "2024-02-26", "2024-04-22"]), "score": [75.0, 50.0, 50.0]})
    >>> subjects = pd.DataFrame({"subject": ["01"], "randomization_date": pd.to_datetime(["2024-01-01"])})
    >>> print(explain_deterioration(scores, subjects, "01").split("\\n")[0])
    TTD, subject 01, Global health status / QoL (QL2): event on 2024-02-26, day 57
    """
    from survival.endpoints.ttd import TTD

    chosen = endpoint or TTD
    one = subjects[subjects["subject"].astype(str) == str(subject)]
    if one.empty:
        raise InputError(f"subject {subject!r} is not in subjects; they have {len(subjects)} others")
    mine = scores[scores["subject"].astype(str) == str(subject)]
    scale = scale_of(chosen.scale)
    head = f"{chosen.name}, subject {subject}, {scale.title} ({scale.code}): "
    tte = derive_endpoint(chosen, one, mine)
    if tte.empty:
        return f"{head}not among the subjects of this endpoint."
    this: Any = next(tte.itertuples())
    outcome = "event" if this.event else "censored"
    row = chosen_row(chosen, str(this.situation))
    mine = mine[(mine["scale"] == scale.code).to_numpy(bool)]
    rows = course(mine, assessed_facts(one, chosen), chosen)
    return "\n".join(
        [
            f"{head}{outcome} on {this.date:%Y-%m-%d}, day {this.time}",
            *_scores(rows, mine, chosen),
            f"Asked for: at least {chosen.points:g} points {_direction(chosen)} than {REFERENCE[chosen.reference]}; "
            f"confirmed by {CONFIRMED_BY[chosen.confirmation]}.",
            f"Decided by {this.situation}: {this.description} ({row}).",
        ]
    )


def chosen_row(endpoint: Deterioration, rule: str) -> str:
    """Source of a row; the rows of a time frame are not in the endpoint itself."""
    return next((s.cite for s in endpoint.situations if s.rule == rule), "protocol: time frame")


def _direction(endpoint: Deterioration) -> str:
    return "lower" if scale_of(endpoint.scale).better > 0 else "higher"


def _scores(rows: pd.DataFrame, mine: pd.DataFrame, endpoint: Deterioration) -> list[str]:
    """Baseline and every score after it, with its change and what it is."""
    if rows.empty:
        return ["No baseline score."]
    lines = []
    visits = mine["visit"].astype(str).tolist() if "visit" in mine else [""] * len(mine)
    for this in rows.itertuples():
        row: Any = this
        when = f"{visits[row.row]} ({row.date:%Y-%m-%d})".strip()
        if row.baseline:
            lines.append(f"Baseline {when}: {score_text(row.score)}.")
        elif pd.isna(row.score):
            lines.append(f"  {when}: no score.")
        else:
            change = row.score - row.reference
            said = "held" if row.held else "worse" if row.worse else "not worse"
            lines.append(
                f"  {when}: {score_text(row.score)}, {'+' if change > 0 else ''}{score_text(change)}: {said}."
            )
    return lines if len(lines) > 1 else [*lines, "  No score after baseline."]
