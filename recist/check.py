"""Named findings about a lesion table: what a data manager would ask the site, in a sentence.

The findings and their sources are listed in docs/findings.md; the data are never changed.
"""

from __future__ import annotations

import pandas as pd

from recist.criteria import Criteria, get_criteria
from recist.errors import InputError, SubjectError
from recist.findings import all_findings
from recist.findings.base import COLUMNS, SEVERITY
from recist.findings.evidence import Evidence
from recist.lesions import as_lesions


def check_lesions(
    lesions: pd.DataFrame,
    criteria: str | Criteria = "recist_1_1",
    subjects: pd.DataFrame | None = None,
    visits: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Ask of a lesion table what a radiologist or a data manager would ask.

    Parameters
    ----------
    lesions : DataFrame
        The lesion table (see `read_lesions`); lengths in mm.
    criteria : str or Criteria
        Whose limits count: number of targets, node sizes, baseline window, value of a lesion too small.
    subjects : DataFrame, optional
        Column `subject` and, where known, `treatment_start_date`, `randomization_date`, `death_date`,
        `cutoff_date`; without it the findings that need these dates are not looked for.
    visits : DataFrame, optional
        Facts about visits: `subject`, `visit`, optionally `evaluator` and `imaging_done`.

    Returns
    -------
    DataFrame
        One row per finding, in the order of the lesion table: `finding` (its id), `severity` (error,
        warning, note), `subject`, `evaluator`, `visit`, `lesion` (missing where the finding is not about
        one), `row` (row of a spreadsheet whose header is row 1), `message`.

    Raises
    ------
    LesionError
        When the lesion table cannot be read as one.
    SubjectError, InputError
        When the subject or the visit table lacks the columns that say whom a row is about.

    Notes
    -----
    RECIST 1.1 (Eisenhauer 2009) sections 3, 4 and Appendix III; each finding names its source.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"subject": "01-007", "visit": "BASELINE", "date": "2024-03-15", "lesion": "T01"}
    >>> found = check_lesions(pd.DataFrame([row | {"role": "target", "organ": "LIVER", "diameter_mm": 8}]))
    >>> found["finding"].tolist(), found["message"][0].split(";")[0]
    (['target-too-small'], 'Subject 01-007, BASELINE, lesion T01: 8 mm, recorded as a target')
    """
    evidence = Evidence(
        as_lesions(lesions),
        get_criteria(criteria),
        _keyed(subjects, ["subject"], "subject", SubjectError),
        _keyed(visits, ["subject", "visit"], "visit", InputError),
    )
    reports = [report for f in all_findings() if len(report := f.report(evidence))]
    return _in_order(reports)


def _keyed(
    table: pd.DataFrame | None, keys: list[str], name: str, error: type[InputError]
) -> pd.DataFrame | None:
    if table is None:
        return None
    if absent := [key for key in keys if key not in table]:
        raise error(f"The {name} table has no column {absent[0]!r}; add it.")
    return table


def _in_order(reports: list[pd.DataFrame]) -> pd.DataFrame:
    """One frame, in the order of the lesion table; what belongs to no row comes last."""
    found = pd.concat(reports, ignore_index=True) if reports else pd.DataFrame({name: [] for name in COLUMNS})
    if reports:
        last = found["at"].max() + 1
        position = found["at"].where(found["at"] >= 0, last)
        found = found.loc[position.sort_values(kind="stable").index].reset_index(drop=True)
    ids = [f.id for f in all_findings()]
    text = {name: found[name].astype("category") for name in ("subject", "evaluator", "visit", "lesion")}
    return found.assign(
        finding=pd.Categorical(found["finding"], ids),
        severity=pd.Categorical(found["severity"], list(SEVERITY)),
        row=found["row"].astype("Int64"),
        message=found["message"].astype(str),
        **text,
    )[list(COLUMNS)]
