"""Facts about a visit rather than a lesion: was it imaged, was the tumour marker elevated ...

A visit without any lesion row exists through this table alone, and needs its date.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.columns import Column, Dictionary, conform
from recist.errors import LesionError
from recist.layout import Layout
from recist.lesions import as_lesions, first_visit
from recist.start import start_of_subjects
from recist.terms import DEFAULT_EVALUATOR

Mask = npt.NDArray[np.bool_]
KEYS = ["subject", "evaluator", "visit"]
VISITS = Dictionary(
    name="table of visits",
    place=(("subject", ""), ("evaluator", ""), ("visit", "visit ")),
    error=LesionError,
    columns=(
        Column("subject", "identifier", "Who.", "yes"),
        Column(
            "evaluator", "identifier", "Who read the scans; all evaluators of the subject when not given."
        ),
        Column("visit", "identifier", "Label of the visit.", "yes"),
        Column("date", "date", "Date of the visit; needed where the lesion table has no row for it."),
        Column("baseline", "yes/no", "Baseline visit."),
        Column("imaging_done", "yes/no", "No: nothing of this visit can be evaluated."),
        Column("tumour_marker_elevated", "yes/no", "Yes: above the normal limit, which rules out CR."),
        Column(
            "symptomatic_deterioration", "yes/no", "Clinical worsening; a reason to stop, not progression."
        ),
        Column("new_symptoms", "yes/no", "Scan done for new symptoms (iRECIST)."),
        Column("clinically_stable", "yes/no", "Fit to stay on treatment (iRECIST)."),
    ),
)


@dataclass(frozen=True)
class VisitTable:
    """Facts in the order of a layout's visits; `stable` is 1, 0 or -1 for not said."""

    imaged: Mask
    marker: Mask
    new_symptoms: Mask
    stable: npt.NDArray[np.int8]

    def of(self, visits: slice) -> VisitTable:
        """The facts of some visits."""
        return VisitTable(*(value[visits] for value in vars(self).values()))

    @classmethod
    def silent(cls, n_visits: int) -> VisitTable:
        """Nothing said of any visit: imaged, marker normal."""
        no = np.zeros(n_visits, bool)
        return cls(~no, no, no, np.full(n_visits, -1, np.int8))


@dataclass(frozen=True)
class VisitFactsFrame:
    """The conformed table of visits, one row per subject, evaluator and visit."""

    frame: pd.DataFrame

    def on(self, layout: Layout, table: pd.DataFrame) -> VisitTable:
        """Facts of each visit of the layout; a visit that is not in the table was imaged, its marker normal."""
        series = np.repeat(np.arange(len(layout.subject)), np.diff(layout.series_start))
        codes = (layout.subject[series], layout.evaluator[series], layout.visit)
        named = {k: table[k].cat.categories.to_numpy()[c] for k, c in zip(KEYS, codes, strict=True)}
        joined = pd.DataFrame(named).merge(self.frame, "left", KEYS)
        said = joined.get("clinically_stable", pd.Series(pd.NA, joined.index)).astype("boolean")
        return VisitTable(
            _flag(joined, "imaging_done", True),
            _flag(joined, "tumour_marker_elevated", False),
            _flag(joined, "new_symptoms", False),
            np.where(said.isna(), -1, said.fillna(False)).astype(np.int8),
        )


def visit_table(visits: pd.DataFrame, lesions: pd.DataFrame) -> VisitFactsFrame:
    """Conform the table of visits; raises LesionError for two rows about one visit."""
    frame = conform(visits, VISITS)
    plain = pd.DataFrame({c: frame[c].astype(str) if c in KEYS else frame[c] for c in frame.columns})
    if "evaluator" not in plain:
        readers = lesions[["subject", "evaluator"]].drop_duplicates().astype(str)
        plain = plain.merge(readers, "left", "subject")
        plain["evaluator"] = plain["evaluator"].astype(object).fillna(DEFAULT_EVALUATOR)
    again = plain.duplicated(KEYS)
    if again.any():
        place = ", ".join(plain.loc[again, KEYS].iloc[0])
        raise LesionError(f"table of visits: {place} has two rows. Keep one.")
    return VisitFactsFrame(plain)


def no_lesions() -> pd.DataFrame:
    """A lesion table without rows: subjects without disease exist through the table of visits alone."""
    row = {"subject": "-", "visit": "-", "date": "2000-01-01", "lesion": "-", "role": "new", "organ": "-"}
    one = as_lesions(pd.DataFrame([row | {"evaluator": "-", "diameter_mm": 0.0}]))
    empty = one.iloc[:0].reset_index(drop=True)
    return empty.assign(**{name: empty[name].cat.remove_unused_categories() for name in (*KEYS, "lesion")})


def _flag(frame: pd.DataFrame, column: str, default: bool) -> Mask:
    if column not in frame:
        return np.full(len(frame), default)
    return frame[column].astype("boolean").fillna(default).to_numpy(bool)


def add_visits(table: pd.DataFrame, facts: VisitFactsFrame, start: pd.DataFrame | None) -> pd.DataFrame:
    """The lesion table with a row, about no lesion, for every visit that only the table of visits knows."""
    known = table[KEYS].drop_duplicates().astype(str)
    lone = facts.frame.merge(known, "left", KEYS, indicator="found")
    lone = lone[lone["found"] == "left_only"].reset_index(drop=True)
    if lone.empty:
        return table
    if "date" not in lone or lone["date"].isna().any():
        undated = lone if "date" not in lone else lone[lone["date"].isna()]
        place = ", ".join(undated[KEYS].iloc[0])
        raise LesionError(
            f"table of visits: {place} has no lesion rows and no date. Give the visit its date."
        )
    grown = _append(table, lone)
    if "baseline" in lone:
        flags = np.append(table["baseline"].to_numpy(bool), _flag(lone, "baseline", False))
    else:
        flags = first_visit(grown) & ~_after_start(grown, len(table), start)
    return grown.assign(baseline=flags)


def _after_start(grown: pd.DataFrame, rows: int, start: pd.DataFrame | None) -> Mask:
    """Added rows dated after the start date: such a visit is no baseline."""
    after = np.zeros(len(grown), bool)
    if start is not None:
        begins = start_of_subjects(start).reindex(grown["subject"].astype(str)).to_numpy()
        after[rows:] = (grown["date"].to_numpy() > begins)[rows:]
    return after


def _append(table: pd.DataFrame, lone: pd.DataFrame) -> pd.DataFrame:
    """Rows for the lone visits: no lesion, no role; categories grow where they must."""
    columns: dict[str, Any] = {}
    for name in table.columns:
        column = table[name].array
        if isinstance(column, pd.Categorical):
            words = lone[name] if name in KEYS else pd.Series("-", index=lone.index)
            new = [w for w in pd.unique(words) if w not in column.categories]
            names = (
                column.categories.append(pd.Index(new)) if name in (*KEYS, "lesion") else column.categories
            )
            codes = np.concatenate([column.codes.astype(np.int64), names.get_indexer(pd.Index(words))])
            columns[name] = pd.Categorical.from_codes(codes, names)
        elif name == "date":
            columns[name] = np.concatenate([table[name].to_numpy(), lone["date"].to_numpy()])
        else:
            filler = (
                pd.Series([pd.NA] * len(lone)) if table[name].dtype == "boolean" else pd.Series(0, lone.index)
            )
            columns[name] = pd.concat([table[name], filler.astype(table[name].dtype)], ignore_index=True)
    return pd.DataFrame(columns)
