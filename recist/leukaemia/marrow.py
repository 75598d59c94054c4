"""The table of assessments: one row per subject and day of assessment; its data dictionary, read_marrow."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.columns import Column, Dictionary, conform, place_of, with_columns
from recist.errors import InputError
from recist.leukaemia.terms import MRD_RESULT
from recist.spellings import plain
from recist.table_file import read_conformed
from recist.terms import DEFAULT_EVALUATOR

COUNT = "10^9/L"
MRD_SPELLINGS = {
    **{plain(word): word for word in MRD_RESULT},
    **dict.fromkeys(("neg", "n", "undetectable", "not detected", "mrd neg", "mrd negative"), "negative"),
    **dict.fromkeys(("pos", "p", "detectable", "detected", "mrd pos", "mrd positive"), "positive"),
    **dict.fromkeys(("nd", "not assessed", "not performed"), "not done"),
    **dict.fromkeys(("ne", "unevaluable", "indeterminate", "inconclusive", "unknown"), "not evaluable"),
}


class MarrowError(InputError):
    """The table of assessments holds something that no reading of it could make right."""


MARROW = Dictionary(
    name="table of marrow assessments",
    place=(("subject", ""), ("evaluator", ""), ("visit", "visit "), ("date", "")),
    error=MarrowError,
    columns=(
        Column("subject", "identifier", "Who; leading zeros are kept.", "yes"),
        Column("evaluator", "identifier", f"Who assessed; `{DEFAULT_EVALUATOR}` when not given."),
        Column("visit", "identifier", "Label of the visit; the date when not given."),
        Column(
            "date",
            "date",
            "Day of the assessment: of the marrow, or of the blood where none was taken.",
            "yes",
        ),
        Column(
            "baseline", "flag", "Before treatment; when the column is absent, the earliest row of a subject."
        ),
        Column("evaluable", "yes/no", "Marrow adequate for judging response; yes when blank."),
        Column("blasts_pct", "number", "Blasts in the marrow; blank when none was taken.", "no", "%"),
        Column("cells_counted", "number", "Nucleated cells counted in the aspirate."),
        Column("cellularity_pct", "number", "Cellularity of the biopsy.", "no", "%"),
        Column("spicules", "yes/no", "Spicules seen in the aspirate."),
        Column("trilineage", "yes/no", "Adequate cellularity with all three lines; yes when blank."),
        Column("auer_rods", "yes/no", "Blasts with Auer rods; no when blank."),
        Column("neutrophils", "number", "Absolute neutrophil count.", "no", COUNT),
        Column("platelets", "number", "Platelet count.", "no", COUNT),
        Column("circulating_blasts", "yes/no", "Leukaemic blasts in the blood; no when blank."),
        Column("extramedullary", "yes/no", "Extramedullary disease; no when blank."),
        Column(
            "red_cell_transfusion", "yes/no", "Red cells given within the protocol's time before the counts."
        ),
        Column(
            "platelet_transfusion", "yes/no", "Platelets given within the protocol's time before the counts."
        ),
        Column("mrd", "term", "Reported measurable residual disease.", "no", "", MRD_RESULT, MRD_SPELLINGS),
        Column("mrd_level_pct", "number", "Level of residual disease.", "no", "%"),
        Column("reason", "text", "Why a marrow is missing or not evaluable."),
    ),
)
NOTES = """\
One row per subject, evaluator and date: counts belong to the marrow of that row, so the counts that the
protocol pairs with a marrow stand on its row even when they were taken some days apart.  Counts are in
10^9/L: 1500 per microlitre is 1.5, 120000 per microlitre is 120."""
MEASURED = MARROW.names()[5:]  # what is known of an assessment


def read_marrow(path: str | Path, columns: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Read the table of marrow assessments from a csv, parquet, xlsx, xpt or sas7bdat file (plain or .gz).

    Parameters
    ----------
    path : str or Path
        The file; its suffix decides how it is read.
    columns : mapping, optional
        Their column name -> ours, for example ``{"ANC": "neutrophils"}``.

    Returns
    -------
    DataFrame
        As `as_marrow` returns it.

    Raises
    ------
    MarrowError
        When the file, a column or a value cannot be used; the message names the place and the remedy.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "marrow.csv"
    >>> _ = file.write_text("subject,date,BLASTS\\n007,2024-01-02,60\\n007,2024-02-10,3\\n")
    >>> read_marrow(file, {"BLASTS": "blasts_pct"})[["subject", "visit", "baseline"]].values.tolist()
    [['007', '2024-01-02', True], ['007', '2024-02-10', False]]
    """
    return read_conformed(path, columns, as_marrow, MarrowError)


def as_marrow(frame: pd.DataFrame) -> pd.DataFrame:
    """Conform a frame to the table of marrow assessments: dtypes, controlled words, defaults.

    Parameters
    ----------
    frame : DataFrame
        One row per subject and date; blasts and levels in %, counts in 10^9/L.

    Returns
    -------
    DataFrame
        The dtypes of the data dictionary and a default index; columns of measurements that the input does
        not have are not added, other columns are kept untouched.

    Raises
    ------
    MarrowError
        For every kind of impossible value: the first five places, the count and the remedy; for two rows of
        one subject, evaluator and date.

    Examples
    --------
    >>> row = {"subject": 7, "date": "2024-02-10", "blasts_pct": 3, "mrd": "NEG"}
    >>> marrow = as_marrow(pd.DataFrame([row]))
    >>> marrow[["subject", "evaluator", "mrd"]].values.tolist()
    [['7', 'INVESTIGATOR', 'negative']]
    """
    marrow = conform(frame, MARROW)
    marrow = with_columns(marrow, _defaults(marrow)) if _defaults(marrow) else marrow
    _refuse_two_rows_of_a_day(marrow)
    if "baseline" not in marrow:
        marrow = with_columns(marrow, {"baseline": _first_row(marrow)})
    return marrow


def dictionary_markdown() -> str:
    """The data dictionary of the table as Markdown."""
    return f"{MARROW.markdown()}\n\n{NOTES}"


def _defaults(marrow: pd.DataFrame) -> dict[str, Any]:
    """Reader and visit where the input leaves them out or blank."""
    added: dict[str, Any] = {}
    if "evaluator" not in marrow or marrow["evaluator"].isna().any():
        given = marrow["evaluator"].astype("str") if "evaluator" in marrow else None
        blank = pd.Series(DEFAULT_EVALUATOR, index=marrow.index, dtype="str")
        words = blank if given is None else given.where(marrow["evaluator"].notna(), blank)
        added["evaluator"] = words.astype("category").array
    if "visit" not in marrow or marrow["visit"].isna().any():
        days = marrow["date"].dt.strftime("%Y-%m-%d").astype("str")
        given = (
            marrow["visit"].astype("str").where(marrow["visit"].notna(), days) if "visit" in marrow else days
        )
        added["visit"] = given.astype("category").array
    return added


def _first_row(marrow: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """The earliest row of each subject and evaluator."""
    first = marrow.groupby(["subject", "evaluator"], observed=True)["date"].transform("min")
    rows: npt.NDArray[np.bool_] = (marrow["date"] == first).to_numpy()
    return rows


def _refuse_two_rows_of_a_day(marrow: pd.DataFrame) -> None:
    again = marrow.duplicated(["subject", "evaluator", "date"]).to_numpy()
    if not again.any():
        return
    shown = [
        f"{place_of(marrow, MARROW, row)}: a second row of that day (row {row + 2})"
        for row in np.flatnonzero(again).tolist()
    ]
    more = [f"... and {len(shown) - 5} more like this"] if len(shown) > 5 else []
    raise MarrowError(
        "\n".join([*shown[:5], *more, "Put what was found on one day into one row, or name the evaluators."])
    )
