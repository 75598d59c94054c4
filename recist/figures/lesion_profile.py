"""Lesion profile: one subject's lesions over time, their sum against its limits, and the responses.

Limits of the sum: RECIST 1.1 section 4.3.1; each criteria brings its own.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from recist.criteria import get_criteria
from recist.criteria.base import Criteria
from recist.errors import InputError
from recist.figures.asked import ask_columns, ask_one_reading
from recist.figures.look import FigureLook, days_per
from recist.measure import sizes

LESION, NEW, SUM, NADIR, PR_LIMIT, PD_LIMIT, RESPONSE = PARTS = (
    "lesion",
    "new lesion",
    "sum",
    "nadir",
    "limit of PR",
    "limit of PD",
    "response",
)
STRIPS = {"target": "Target", "non_target": "Non-target", "new_lesion": "New lesion"}
NEW_WORDS = {"N": "no", "E": "equivocal", "Y": "yes"}

COLUMNS = {  # one row per lesion and visit, and per number or response of a visit
    "part": ", ".join(PARTS),
    "name": "lesion with its organ; line of the responses",
    "visit": "label of the visit",
    "time": "in `unit`, from the start date",
    "value_mm": "diameter, sum or limit; missing when not known, and for responses",
    "text": "state of the lesion, or the response",
}


def lesion_profile_numbers(
    lesions: pd.DataFrame, responses: pd.DataFrame, subject: str, unit: str = "months"
) -> pd.DataFrame:
    """What the profile of one subject shows, with the columns of `COLUMNS`.

    Parameters
    ----------
    lesions : frame of `read_lesions`.
    responses : frame of `assess` of the same reading, under one criteria or several stacked; sum, nadir and
        limits are those of the first.
    subject : whose profile.
    unit : unit of time, `days`, `weeks` or `months`.

    Returns
    -------
    frame: the target lesions (and measured new ones), new lesions, sum, nadir, limits, then responses.

    Raises
    ------
    InputError : a column is missing, the subject is unknown, or there are several evaluators.

    Examples
    --------
    >>> from recist import as_lesions, assess
    >>> lesions = as_lesions(pd.DataFrame({"subject": "1", "visit": ["BASELINE", "WEEK 8"], "lesion": "T1",
    ...     "date": pd.to_datetime(["2024-01-01", "2024-02-26"]), "role": "target", "organ": "LUNG",
    ...     "diameter_mm": [50.0, 30.0]}))
    >>> numbers = lesion_profile_numbers(lesions, assess(lesions), "1", "weeks")
    >>> numbers.loc[numbers["part"] == "limit of PD", ["time", "value_mm"]].values.tolist()
    [[8.0, 60.0]]
    """
    days = days_per(unit)
    needed = ("subject", "visit", "date", "lesion", "role", "organ", "diameter_mm", "state", "baseline")
    ask_columns("lesions", lesions, needed)
    ask_columns(
        "responses", responses, ("subject", "criteria", "visit", "date", "start_date", "sum_mm", "nadir_mm")
    )
    mine = lesions[(lesions["subject"].astype(str) == subject).to_numpy()]
    seen = responses[(responses["subject"].astype(str) == subject).to_numpy()]
    if mine.empty:
        raise InputError(f"lesions has no subject {subject!r}")
    if "evaluator" in mine and len(readers := sorted(seen["evaluator"].astype(str).unique())) == 1:
        mine = mine[(mine["evaluator"].astype(str) == readers[0]).to_numpy()]
    ask_one_reading("lesions", mine, ("evaluator",))
    ask_one_reading("responses", seen, ("evaluator",))
    labels = list(dict.fromkeys(seen["criteria"].astype(str)))
    criteria = get_criteria(labels[0]) if labels else get_criteria("recist_1_1")
    first = seen[(seen["criteria"].astype(str) == labels[0]).to_numpy()] if labels else seen
    baseline = mine.loc[mine["baseline"].to_numpy(bool)]
    start = first["start_date"].iloc[0] if len(first) else baseline["date"].min()
    rows = [*_lesions(mine, criteria), *_sums(first, baseline, criteria), *_responses(seen, labels)]
    found = pd.DataFrame(rows, columns=["part", "name", "visit", "date", "value_mm", "text"])
    found["time"] = (pd.to_datetime(found["date"]) - start).dt.total_seconds() / 86400 / days
    found["value_mm"] = found["value_mm"].astype(float)
    return found[list(COLUMNS)]


def lesion_profile_plot(
    lesions: pd.DataFrame, responses: pd.DataFrame, subject: str, look: FigureLook | None = None
) -> Any:
    """Draw the lesion profile of one subject.

    Parameters
    ----------
    lesions, responses, subject : as in `lesion_profile_numbers`.
    look : width, unit, caption.

    Returns
    -------
    matplotlib Figure, not registered with pyplot; write it with `recist.save_figure`.

    Raises
    ------
    InputError : as `lesion_profile_numbers`.
    """
    from recist.figures.lesion_profile_ink import draw

    look = look or FigureLook()
    return draw(lesion_profile_numbers(lesions, responses, subject, look.unit), subject, look)


def alt_text(numbers: pd.DataFrame, subject: str, unit: str = "months") -> str:
    """The figure in words."""
    part = numbers["part"]
    sums = numbers[(part == SUM) & numbers["value_mm"].notna()]
    text = (
        f"Lesion profile of subject {subject}: diameters of {numbers.loc[part == LESION, 'name'].nunique()} lesions "
        f"and their sum against time in {unit}."
    )
    if len(sums):
        values = sums["value_mm"]
        text += f" Sum {values.iloc[0]:.1f} mm at baseline, lowest {values.min():.1f} mm, last {values.iloc[-1]:.1f} mm."
    overall = numbers[(part == RESPONSE) & ~numbers["name"].isin(list(STRIPS.values()))]
    for name, mine in overall.groupby("name", sort=False):
        text += (
            f" {name}: "
            + ", ".join(f"{v} {t}" for v, t in zip(mine["visit"], mine["text"], strict=True))
            + "."
        )
    new = numbers[part == NEW]
    return text + (f" New lesions: {', '.join(dict.fromkeys(new['name']))}." if len(new) else "")


def _lesions(mine: pd.DataFrame, criteria: Criteria) -> list[dict[str, Any]]:
    """Every measured lesion at every visit, and new ones that are not followed where first unequivocal or equivocal."""
    rows = []
    role = mine["role"].astype(str)
    sized = mine.assign(size_mm=sizes(mine, criteria.measure))
    measured = sized[role.isin(["target", "new target"]).to_numpy()]
    organ = mine.assign(organ=mine["organ"].astype("string")).dropna(subset=["organ"])
    where = organ.drop_duplicates("lesion").set_index("lesion")["organ"]
    for part in (measured.sort_values("date", kind="stable"),):
        for lesion, visit, date, value, state in zip(
            part["lesion"],
            part["visit"],
            part["date"],
            part["size_mm"],
            part["state"].astype("string"),
            strict=True,
        ):
            value = (
                {"absent": 0.0, "too small": criteria.tstm_mm}.get(str(state), value)
                if pd.isna(value)
                else value
            )
            name = f"{lesion} {str(where.get(lesion, '')).lower()}".strip()
            text = "" if pd.isna(state) else str(state)
            rows.append(
                {"part": LESION, "name": name, "visit": visit, "date": date, "value_mm": value, "text": text}
            )
    new = mine[role.isin(["new", "new non-target"]).to_numpy()].sort_values("date", kind="stable")
    new = new[new["state"].astype(str).isin(["unequivocal", "equivocal"])]
    for _, row in new.drop_duplicates(["lesion", "state"]).iterrows():
        name = f"{row['lesion']} {str(where.get(row['lesion'], '')).lower()}".strip()
        place = {"visit": row["visit"], "date": row["date"], "value_mm": row["diameter_mm"]}
        rows.append({"part": NEW, "name": name, "text": str(row["state"]), **place})
    return sorted(rows, key=lambda row: PARTS.index(row["part"]))


def _sums(first: pd.DataFrame, baseline: pd.DataFrame, criteria: Criteria) -> list[dict[str, Any]]:
    """Sum, nadir and limits of each visit; the sum begins at baseline."""
    rows: list[dict[str, Any]] = []
    if not len(first) or pd.isna(base := first["baseline_mm"].iloc[0]):
        return rows
    visit = str(baseline["visit"].iloc[0]) if len(baseline) else "BASELINE"
    rows.append({"part": SUM, "visit": visit, "date": baseline["date"].min(), "value_mm": base})
    shrunk = base * (100 - criteria.pr_pct) / 100
    for visit, date, total, nadir in zip(
        first["visit"], first["date"], first["sum_mm"], first["nadir_mm"], strict=True
    ):
        grown = max(nadir * (100 + criteria.pd_pct) / 100, nadir + criteria.pd_abs_mm)
        values = {SUM: total, NADIR: nadir, PR_LIMIT: shrunk, PD_LIMIT: grown}
        rows += [
            {"part": part, "visit": visit, "date": date, "value_mm": value} for part, value in values.items()
        ]
    ordered = sorted(rows, key=lambda row: PARTS.index(row["part"]))
    return [{"name": row["part"], "text": "", **row} for row in ordered]


def _title(label: str) -> str:
    """Criteria as printed, with what was edited."""
    name, bracket, edits = label.partition("[")
    return f"{get_criteria(name).title} {bracket}{edits}".strip()


def _responses(seen: pd.DataFrame, labels: list[str]) -> list[dict[str, Any]]:
    """The responses of each visit: what they are made of under the first criteria, then each criteria's own."""
    rows = []
    for n, label in enumerate(labels):
        part = seen[(seen["criteria"].astype(str) == label).to_numpy()]
        overall = "ioverall" if "ioverall" in part and part["ioverall"].notna().any() else "overall"
        columns = {**(STRIPS if n == 0 else {}), overall: _title(label)}
        for column, name in columns.items():
            if column not in part:
                continue
            for visit, date, term in zip(part["visit"], part["date"], part[column], strict=True):
                text = (
                    ""
                    if pd.isna(term)
                    else NEW_WORDS.get(term, str(term))
                    if column == "new_lesion"
                    else str(term)
                )
                rows.append({"part": RESPONSE, "name": name, "visit": visit, "date": date, "text": text})
    return rows
