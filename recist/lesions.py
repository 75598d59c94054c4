"""The lesion table: one row per subject, evaluator, visit and lesion; its data dictionary, read_lesions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.columns import Column, Dictionary, conform, missing_values, with_columns
from recist.errors import LesionError
from recist.organs import LYMPH_NODES, organ_name
from recist.spellings import METHOD_SPELLINGS, ROLE_SPELLINGS, STATE_SPELLINGS
from recist.table_file import read_conformed
from recist.terms import DEFAULT_EVALUATOR, ROLE, STATE

LESIONS = Dictionary(
    name="lesion table",
    place=(("subject", ""), ("evaluator", ""), ("visit", "visit "), ("lesion", "lesion ")),
    error=LesionError,
    columns=(
        Column("subject", "identifier", "Who; leading zeros are kept.", "yes"),
        Column("evaluator", "identifier", f"Who read the scan; `{DEFAULT_EVALUATOR}` when not given."),
        Column("visit", "identifier", "Label of the visit, such as `BASELINE` or `WEEK 8`.", "yes"),
        Column(
            "date", "date", "Day of the scan of this lesion; a visit may span several days.", "yes, but see 1"
        ),
        Column("lesion", "identifier", "Which lesion; stable over visits.", "yes"),
        Column("role", "term", "What the lesion counts as.", "yes", "", ROLE, ROLE_SPELLINGS),
        Column("organ", "upper", "Where it is, in capitals; all lymph nodes are one organ.", "at baseline"),
        Column(
            "node", "flag", "Lymph node: its size is the short axis. From `organ` when the column is absent."
        ),
        Column("diameter_mm", "number", "Longest diameter; short axis of a node.", "targets", "mm"),
        Column("viable_mm", "number", "Longest diameter of the enhancing part (mRECIST, liver).", "no", "mm"),
        Column(
            "attenuation_hu", "signed number", "Mean attenuation on contrast-enhanced CT (Choi).", "no", "HU"
        ),
        Column("state", "term", "What is known without a size; see 2.", "no", "", STATE, STATE_SPELLINGS),
        Column("parent", "identifier", "The baseline lesion that this fragment split from."),
        Column("merged_into", "identifier", "The lesion that this one merged with."),
        Column(
            "baseline", "flag", "Baseline row; when the column is absent, the rows of the earliest visit."
        ),
        Column(
            "method",
            "upper",
            "How it was measured, in capitals: `CT`, `MRI`, `FDG-PET`, `CALIPER` ...",
            spellings=METHOD_SPELLINGS,
        ),
        Column("slice_mm", "number", "Slice thickness.", "no", "mm"),
        Column("reason", "text", "Why a size is missing, or why a treated lesion counts as missing."),
        Column("pattern", "lower", "Enhancement of a new lesion: `typical` or `atypical` (mRECIST)."),
        Column("cytology_positive", "yes/no", "An effusion is confirmed malignant (mRECIST)."),
        Column(
            "baseline_pet", "lower", "FDG-PET at baseline at this site: `negative`, `positive`, `not done`."
        ),
        Column(
            "injected",
            "yes/no",
            "Chosen for injection at baseline, or injected before this scan; holds from then on (itRECIST).",
        ),
        Column("further_increase", "yes/no", "A lesion of an unconfirmed progression grew again (iRECIST)."),
    ),
)
NOTES = """\
1. A row with state `not done` or `not evaluable` may leave `date` empty: it takes the earliest date of its
   visit.  A date without a day is refused.
2. Targets: `measured` (when a size is there), `absent`, `too small`, `not evaluable`, `not done`, `merged`.
   Non-targets: `present`, `absent`, `increased`, `unequivocal progression`, `not evaluable`, `not done`.
   New lesions: `unequivocal` (so is a blank one, unless only a FDG-PET without baseline PET showed it),
   `equivocal`, `absent`, `not new`, `not evaluable`, `not done`."""


def read_lesions(path: str | Path, columns: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Read the lesion table from a csv, parquet, xlsx, xpt or sas7bdat file (plain or .gz).

    Parameters
    ----------
    path : str or Path
        The file; its suffix decides how it is read.
    columns : mapping, optional
        Their column name -> ours, for example ``{"PATNO": "subject"}``.

    Returns
    -------
    DataFrame
        As `as_lesions` returns it.

    Raises
    ------
    LesionError
        When the file, a column or a value cannot be used; the message names the place and the remedy.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "lesions.csv"
    >>> _ = file.write_text("subject,visit,date,lesion,role,organ,diameter_mm\\n"
    ...                     "007,BASELINE,2024-03-15,T1,Target,liver,21.5\\n")
    >>> read_lesions(file).loc[0, ["subject", "role", "organ", "state"]].tolist()
    ['007', 'target', 'LIVER', 'measured']
    """
    return read_conformed(path, columns, as_lesions, LesionError)


def as_lesions(frame: pd.DataFrame) -> pd.DataFrame:
    """Conform a frame to the lesion table: dtypes, controlled words, defaults.  Sizes are never changed.

    Parameters
    ----------
    frame : DataFrame
        One row per subject, evaluator, visit and lesion; lengths in mm.

    Returns
    -------
    DataFrame
        The dtypes of the data dictionary, a default index, other columns untouched; the very same frame
        when it conforms already.

    Raises
    ------
    LesionError
        For every kind of impossible value: the first five places, the count and the remedy.

    Examples
    --------
    >>> row = {"subject": "7", "visit": "V1", "date": "2024-03-15", "lesion": "N1", "role": "NT"}
    >>> lesions = as_lesions(pd.DataFrame([row | {"organ": "lymph node"}]))
    >>> lesions[["role", "node", "baseline"]].values.tolist()
    [['non-target', True, True]]
    """
    lesions = conform(frame, LESIONS)
    added = _defaults(lesions)
    lesions = with_columns(lesions, added) if added else lesions
    lesions = _with_state(lesions)
    lesions = _with_dates(lesions)
    if "baseline" not in lesions:
        lesions = with_columns(lesions, {"baseline": first_visit(lesions)})
    return lesions


def dictionary_markdown() -> str:
    """The data dictionary of the lesion table as Markdown."""
    return f"{LESIONS.markdown()}\n\n{NOTES}"


def _defaults(lesions: pd.DataFrame) -> dict[str, Any]:
    """Columns that every lesion table has, where the input leaves them out or blank."""
    size = len(lesions)
    added: dict[str, Any] = {}
    if "evaluator" not in lesions:
        added["evaluator"] = pd.Categorical.from_codes(np.zeros(size, np.int8), pd.Index([DEFAULT_EVALUATOR]))
    elif (blank := lesions["evaluator"].cat.codes.to_numpy() < 0).any():
        given = lesions["evaluator"].array
        if DEFAULT_EVALUATOR not in given.categories:
            given = given.add_categories([DEFAULT_EVALUATOR])
        codes = np.where(blank, given.categories.get_loc(DEFAULT_EVALUATOR), given.codes)
        added["evaluator"] = pd.Categorical.from_codes(codes, dtype=given.dtype)
    if "organ" not in lesions:
        added["organ"] = pd.Categorical.from_codes(np.full(size, -1, np.int8), pd.Index([], dtype=object))
    if "diameter_mm" not in lesions:
        _refuse_targets_without_size(lesions)
        added["diameter_mm"] = np.full(size, np.nan)
    if "state" not in lesions:
        added["state"] = pd.Categorical.from_codes(np.full(size, -1, np.int8), pd.Index(STATE))
    if "node" not in lesions:
        added["node"] = _is_node(lesions) if "organ" in lesions else np.zeros(size, bool)
    return added


def _refuse_targets_without_size(lesions: pd.DataFrame) -> None:
    if "viable_mm" not in lesions and (lesions["role"] == "target").any():
        raise LesionError(
            "lesion table: no column 'diameter_mm', and there are target lesions. Add their longest diameter "
            "(short axis of a node) in mm, or rename the column that holds it"
        )


def _is_node(lesions: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """A lesion is a node when its organ says so, at any visit: the organ may be recorded at baseline only."""
    organ = lesions["organ"].array
    words = np.array([organ_name(word) == LYMPH_NODES for word in organ.categories] + [False], bool)
    named: npt.NDArray[np.bool_] = words[organ.codes]
    unnamed = np.asarray(organ.codes) < 0
    if not (named.any() and unnamed.any()):
        return named
    keys = [c for c in ("subject", "evaluator", "lesion") if c in lesions]
    known = lesions.loc[named, keys].drop_duplicates()
    blank = lesions.loc[unnamed, keys].merge(known, "left", keys, indicator="named")
    named[unnamed] = (blank["named"] == "both").to_numpy()
    return named


def _with_state(lesions: pd.DataFrame) -> pd.DataFrame:
    """A sized target without a state, or `present`, is `measured`.

    A new lesion without a state stays blank: what that means depends on how it was seen (FDG-PET, 0 mm), and
    the criteria's table of new lesions decides.
    """
    state = lesions["state"].array
    codes = np.asarray(state.codes)
    open_ = (codes < 0) | (codes == STATE.index("present"))
    if not open_.any():
        return lesions
    sized = lesions["diameter_mm"].notna().to_numpy()
    if "viable_mm" in lesions:
        sized = sized | lesions["viable_mm"].notna().to_numpy()
    measured = open_ & sized & (np.asarray(lesions["role"].array.codes) == ROLE.index("target"))
    if not measured.any():
        return lesions
    codes = np.where(measured, STATE.index("measured"), codes)
    return with_columns(lesions, {"state": pd.Categorical.from_codes(codes, dtype=state.dtype)})


def _with_dates(lesions: pd.DataFrame) -> pd.DataFrame:
    """A lesion that was not imaged has no date of its own: it takes the earliest of its visit."""
    undated = lesions["date"].isna().to_numpy()
    if not undated.any():
        return lesions
    unimaged = lesions["state"].isin(["not done", "not evaluable"]).to_numpy()
    dates = lesions["date"].to_numpy().copy()
    keys = ["subject", "evaluator", "visit"]
    visits = lesions.loc[~undated, [*keys, "date"]].groupby(keys, observed=True)["date"].min()
    found = lesions.loc[undated, keys].join(visits, on=keys)["date"].to_numpy()
    dates[undated] = np.where(unimaged[undated], found, np.datetime64("NaT"))
    if problem := missing_values(lesions, LESIONS, "date", np.isnat(dates)):
        raise LesionError("\n".join(problem))
    return with_columns(lesions, {"date": dates})


def first_visit(lesions: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """The rows of the visit that has the earliest date of each subject and evaluator.

    A visit known for new lesions alone is no baseline: nothing is new there.
    """
    evaluator, subject = lesions["evaluator"].array, lesions["subject"].array
    series = np.asarray(subject.codes, np.int64) * len(evaluator.categories) + evaluator.codes
    day = lesions["date"].to_numpy().view(np.int64)
    visit = np.asarray(lesions["visit"].array.codes)
    size = len(subject.categories) * len(evaluator.categories)
    earliest = np.full(size, np.iinfo(np.int64).max)
    old = ~_found_new(lesions)
    np.minimum.at(earliest, series[old], day[old])
    first = np.flatnonzero(old & (day == earliest[series]))[
        ::-1
    ]  # reversed: the first row of a tie is written last
    label = np.full(size, -1, visit.dtype)
    label[series[first]] = visit[first]
    baseline: npt.NDArray[np.bool_] = visit == label[series]
    return baseline


def _found_new(lesions: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Rows of new lesions that are there."""
    new = np.array([*(word.startswith("new") for word in ROLE), False])
    gone = np.array([*(word in ("absent", "not new") for word in STATE), False])
    found: npt.NDArray[np.bool_] = new[lesions["role"].array.codes] & ~gone[lesions["state"].array.codes]
    return found
