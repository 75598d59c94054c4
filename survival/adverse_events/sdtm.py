"""The SDTM domain AE as a table of adverse events (SDTMIG 3.4, section 6.2.1)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from survival.adverse_events.frame import AdverseEventError, as_adverse_events

OURS = {  # ours -> theirs, the first that holds anything
    "subject": ("USUBJID",),
    "term": ("AEDECOD", "AETERM"),
    "reported_term": ("AETERM",),
    "system_organ_class": ("AEBODSYS", "AESOC"),
    "grade": ("AETOXGR",),
    "serious": ("AESER",),
    "related": ("AEREL",),
    "fatal": ("AESDTH",),
    "start_date": ("AESTDTC",),
    "end_date": ("AEENDTC",),
}
STOPPED = "DRUG WITHDRAWN"  # the term of AEACN for treatment that was stopped


def is_sdtm(frame: pd.DataFrame) -> bool:
    """Whether a table is the domain AE rather than ours."""
    return "subject" not in frame and {"USUBJID", "AETERM"} <= set(map(str, frame.columns))


def sdtm_adverse_events(ae: pd.DataFrame) -> pd.DataFrame:
    """Make the table of adverse events from the SDTM domain AE.

    Parameters
    ----------
    ae : DataFrame
        USUBJID and AETERM, and any of AEDECOD, AEBODSYS, AESOC, AETOXGR, AESER, AEREL, AESDTH, AEACN, AESTDTC,
        AEENDTC.

    Returns
    -------
    DataFrame
        As `as_adverse_events` returns it.  A term without AEDECOD is the reported one; AESEV is no CTCAE grade
        and is not made into one.

    Raises
    ------
    AdverseEventError
        When USUBJID or AETERM is missing, or a value cannot be read.

    Examples
    --------
    >>> ae = pd.DataFrame({"USUBJID": ["01"], "AETERM": ["fever"], "AEDECOD": ["Pyrexia"], "AETOXGR": ["3"],
    ...     "AESER": ["Y"], "AEACN": ["DRUG WITHDRAWN"], "AESTDTC": ["2024-03-05T10:00"]})
    >>> sdtm_adverse_events(ae)[["subject", "term", "grade", "led_to_discontinuation"]].values.tolist()
    [['01', 'Pyrexia', 3.0, True]]
    """
    if not is_sdtm(ae):
        names = ", ".join(map(str, ae.columns))
        raise AdverseEventError(
            f"not the SDTM domain AE, which has USUBJID and AETERM. The columns are {names}"
        )
    made = {name: found for name, theirs in OURS.items() if (found := _first(ae, theirs)) is not None}
    if "AEACN" in ae:
        action = ae["AEACN"].astype("string").str.strip().str.upper()
        made["led_to_discontinuation"] = (action == STOPPED).astype("boolean")
    return as_adverse_events(pd.DataFrame(made))


def _first(ae: pd.DataFrame, names: tuple[str, ...]) -> pd.Series[Any] | None:
    """Of each row the first of the columns that is not blank; None when there is none of them."""
    found: pd.Series[Any] | None = None
    for name in [name for name in names if name in ae]:
        text = ae[name].astype("string").str.strip()
        given = text.where(text != "")
        found = given if found is None else found.fillna(given)
    return found
