"""Listing of responses: every assessment after baseline with its numbers, its responses and the reason.

RECIST 1.1, section 4: the sum against baseline and nadir, target, non-target and new lesions make the overall
response.  ICH E3, appendix 16.2.6: individual efficacy response data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from recist import InputError, brief_reason, compare_recorded
from survival.listings.about import several, with_groups
from survival.listings.listing import Listing
from survival.listings.order import in_order
from survival.readings import overall_of
from survival.tables.table import Shell

RESPONSES = Shell(title="Responses by visit")
NEEDED = ("subject", "evaluator", "criteria", "visit", "date", "overall")
NUMBERS = {  # column -> (heading, decimals)
    "blasts_pct": ("Marrow blasts (%)", 1),
    "neutrophils": ("Neutrophils (10^9/L)", 2),
    "platelets": ("Platelets (10^9/L)", 0),
    "sum_mm": ("Sum (mm)", 1),
    "change_from_baseline_pct": ("From baseline (%)", 1),
    "change_from_nadir_pct": ("From nadir (%)", 1),
    "change_from_nadir_mm": ("From nadir (mm)", 1),
}
WORDS = {"target": "Target", "non_target": "Non-target", "new_lesion": "New lesion", "overall": "Overall"}
NEW_LESION = {"N": "no", "E": "equivocal", "Y": "yes"}
REASON_EM = 14.0  # less makes rows of eight lines
KEY = ["subject", "evaluator", "criteria", "visit", "date"]
NOTES = {
    "sum_mm": "Sum: sum of diameters of the target lesions; blank when one of them has no value.",
    "change_from_nadir_pct": "Nadir: smallest complete sum before the visit, baseline included; "
    "a change from a nadir of 0 mm has no per cent.",
    "overall_rule": "Reason: rows of the tables of the criteria, and the numbers that they looked at.",
    "day": "Day: in brackets after the date, days from {start}, which is day 0.",
}


def response_listing(
    responses: pd.DataFrame,
    subjects: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    shell: Shell = RESPONSES,
    recorded: pd.DataFrame | None = None,
    start: str = "the start date",
) -> Listing:
    """Every response with date, sum, changes, its parts, and the rule and numbers behind it.

    Parameters
    ----------
    responses : of `recist.assess`, or recorded ones (`subject evaluator criteria visit date overall`); those
        of others than `subjects` are not listed.
    subjects, by : the population, and its columns shown after the subject.
    shell : title, population, footnotes.
    recorded : responses as recorded, as `recist.compare_recorded` takes them; with them two columns say what was
        recorded and whether it matches.
    start : the day from which `day` counts, in words.

    Returns
    -------
    Listing by subject, evaluator, criteria and date; evaluator and criteria are shown where there are several.

    Raises
    ------
    InputError : a column is missing; as `recist.compare_recorded`.

    Examples
    --------
    >>> import recist
    >>> lesions = pd.DataFrame({"subject": "01", "visit": ["BASELINE", "WEEK 8"], "lesion": "T1",
    ...     "role": "target", "date": ["2024-01-02", "2024-02-27"], "organ": "LIVER",
    ...     "diameter_mm": [50, 60]})
    >>> listing = response_listing(recist.assess(lesions), pd.DataFrame({"subject": ["01"]}))
    >>> listing.frame.iloc[0, 1:5].tolist()
    ['WEEK 8', '2024-02-27 (56)', '60.0', '20.0']
    """
    if missing := [name for name in NEEDED if name not in responses]:
        raise InputError(f"responses has no column {', '.join(missing)}; make it with recist.assess")
    rows, headings = with_groups(responses, subjects, by)
    rows = in_order(rows, ["subject", "evaluator", "criteria", "date"])
    stub = {"subject": "Subject"} | {n: n.capitalize() for n in ("evaluator", "criteria") if several(rows, n)}
    stub |= {"visit": "Visit"}
    headings = stub | headings | {"dated": "Date (day)"}
    headings |= {name: heading for name, (heading, _) in NUMBERS.items() if name in rows}
    headings |= {name: heading for name, heading in WORDS.items() if name in rows}
    if recorded is not None:
        headings |= {"recorded": "Recorded", "match": "Match"}
    if "ioverall" in rows and rows["ioverall"].notna().any():
        immune = rows["criteria"].astype(str).str.startswith("irecist").all()
        headings |= {"ioverall": "iRECIST" if immune else "With confirmation"}
    if "mrd_status" in rows:
        headings |= {"mrd_status": "Residual disease"}
    data = rows.assign(dated=_dated(rows), reason=_reasons(rows))
    if "new_lesion" in rows:
        data = data.assign(new_lesion=rows["new_lesion"].astype("string").replace(NEW_LESION))
    headings |= {"reason": "Reason"}
    if recorded is not None:
        data, said = _beside(data, rows, recorded)
        shell = replace(shell, footnotes=(*shell.footnotes, said))
    notes = tuple(
        text.format(start=start) for name, text in NOTES.items() if name in headings or name in rows
    )
    decimals = {name: places for name, (_, places) in NUMBERS.items()}
    noted = replace(shell, footnotes=(*shell.footnotes, *notes))
    return Listing(noted, headings, data[list(headings)], decimals, len(stub), {"reason": REASON_EM})


def _dated(rows: pd.DataFrame) -> pd.Series[Any]:
    """Date with the day in brackets."""
    date: pd.Series[Any] = rows["date"].dt.strftime("%Y-%m-%d").astype("string")
    return date + " (" + rows["day"].astype("string") + ")" if "day" in rows else date


def _reasons(rows: pd.DataFrame) -> list[str]:
    """Rule and numbers behind every response; of leukaemia the rules, of recorded ones that they were recorded."""
    if "overall_rule" not in rows:
        return ["as recorded"] * len(rows)
    if "response_rule" in rows:
        parts = [
            rows[name].astype("string").fillna("") for name in ("response_rule", "mrd_rule", "overall_rule")
        ]
        return [", ".join(part for part in texts if part) for texts in zip(*parts, strict=True)]
    return [brief_reason(row) for row in rows.itertuples()]


def _beside(data: pd.DataFrame, rows: pd.DataFrame, recorded: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """What was recorded for each response, and whether it is the same; blank where nothing was; a note on both."""
    compared = compare_recorded(rows, recorded)
    found = compared.listing
    keys = ["subject", "evaluator", "visit"]
    plain = rows[[*keys, "date"]].astype(dict.fromkeys(keys, str))
    parted = found[[*keys, "date", "recorded", "kind"]].astype(dict.fromkeys(keys, str))
    there = plain.merge(parted.dropna(subset="date"), on=[*keys, "date"], how="left")
    given = recorded[recorded["overall"].notna()][["subject", "visit"]].astype(str)
    known = pd.MultiIndex.from_frame(plain[["subject", "visit"]]).isin(pd.MultiIndex.from_frame(given))
    same = there["kind"].isna().to_numpy() & known
    derived = overall_of(rows).reset_index(drop=True)
    said = there["recorded"].astype("string").fillna("").mask(same, derived)
    match = there["kind"].astype("string").fillna("").where(said.ne(""), "").mask(same, "yes")
    note = (
        "Recorded: overall response as recorded (RS); match: yes, or how it differs. "
        f"{compared.agreeing} of {compared.compared} visits of a reader with either response agree."
    )
    return data.assign(recorded=said.to_numpy(), match=match.to_numpy()), note
