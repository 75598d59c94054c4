"""Where a table of adverse events may be wrong: one question each, yes or no for every event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survival.adverse_events.kinds import GRADES

Mask = npt.NDArray[np.bool_]
SAME = (
    "subject",
    "term",
    "grade",
    "start_date",
    "start_date_reported",
    "end_date",
)  # what makes two rows one event entered twice


@dataclass(frozen=True)
class Table:
    """The events with the dates of their subjects, under their own names."""

    rows: pd.DataFrame
    known: Mask | None  # whether the subject is in the subject table; None: there is none

    def date(self, name: str) -> pd.Series[Any]:
        """A date column, missing where there is none."""
        rows = self.rows
        return rows[name] if name in rows else pd.Series(np.datetime64("NaT", "ns"), index=rows.index)

    def flag(self, name: str) -> Mask:
        """Whether a flag is set."""
        if name not in self.rows:
            return np.zeros(len(self.rows), bool)
        return np.asarray(self.rows[name].fillna(False).to_numpy(bool))

    def unset(self, name: str) -> Mask:
        """Whether a flag that others have is known not to be set."""
        if name not in self.rows:
            return np.zeros(len(self.rows), bool)
        return np.asarray(~self.rows[name].fillna(True).to_numpy(bool))

    def blank(self, name: str) -> Mask:
        """Whether a column that there is has nothing."""
        rows = self.rows
        return rows[name].isna().to_numpy(bool) if name in rows else np.zeros(len(rows), bool)

    def text(self, name: str) -> npt.NDArray[Any]:
        """A column as text, empty where it has nothing."""
        rows = self.rows
        blank = pd.Series("", index=rows.index)
        return np.asarray((rows[name].astype("string").fillna("") if name in rows else blank).to_numpy(str))

    @property
    def grade(self) -> npt.NDArray[np.float64]:
        """The grades, missing where not known."""
        return np.asarray(self.rows["grade"].to_numpy(np.float64, na_value=np.nan))


def _before(first: pd.Series[Any], second: pd.Series[Any]) -> Mask:
    """Both dates known, and the first is earlier."""
    return np.asarray((first.notna() & second.notna() & (first < second)).to_numpy(bool))


def grade_outside(t: Table) -> Mask:
    """A grade that CTCAE does not have."""
    return np.asarray(~np.isnan(t.grade) & ~np.isin(t.grade, GRADES))


def start_missing(t: Table) -> Mask:
    """Nothing known of the start."""
    return np.asarray(t.blank("start_date") & (t.text("start_date_reported") == ""))


def start_partial(t: Table) -> Mask:
    """A start without day or month."""
    return np.asarray(t.text("start_date_reported") != "")


def end_before_start(t: Table) -> Mask:
    """Ends before it begins."""
    return _before(t.date("end_date"), t.date("start_date"))


def death_unknown(t: Table) -> Mask:
    """Grade 5 in a subject of the subject table without a date of death."""
    known = t.known if t.known is not None and "death_date" in t.rows else np.zeros(len(t.rows), bool)
    return np.asarray((t.grade == 5) & known & t.date("death_date").isna().to_numpy(bool))


def ongoing_at_death(t: Table) -> Mask:
    """A grade of 3 or 4 that went on until death, in a subject without an event of grade 5."""
    death = t.date("death_date")
    goes_on = ~_before(t.date("end_date"), death) & ~_before(death, t.date("start_date"))
    fatal = pd.Series((t.grade == 5) | t.flag("fatal"), index=t.rows.index)
    someone = fatal.groupby(t.rows["subject"].astype(str)).transform("any").to_numpy(bool)
    return np.asarray(death.notna().to_numpy(bool) & goes_on & np.isin(t.grade, (3, 4)) & ~someone)


def fatal_other_grade(t: Table) -> Mask:
    """Led to death, at another grade."""
    return np.asarray(t.flag("fatal") & ~np.isnan(t.grade) & (t.grade != 5))


def fatal_denied(t: Table) -> Mask:
    """Grade 5, said not to have led to death."""
    return np.asarray((t.grade == 5) & t.unset("fatal"))


def fatal_not_serious(t: Table) -> Mask:
    """Grade 5, said not to be serious."""
    return np.asarray((t.grade == 5) & t.unset("serious"))


def fatal_ends_otherwise(t: Table) -> Mask:
    """Grade 5 that ends on another day than that of death."""
    end, death = t.date("end_date"), t.date("death_date")
    return np.asarray((t.grade == 5) & (end.notna() & death.notna() & (end != death)).to_numpy(bool))


def start_after_death(t: Table) -> Mask:
    """Begins after death."""
    return _before(t.date("death_date"), t.date("start_date"))


def end_after_death(t: Table) -> Mask:
    """Ends after death, and that is not said of it already."""
    late = _before(t.date("death_date"), t.date("end_date"))
    return np.asarray(late & ~start_after_death(t) & ~fatal_ends_otherwise(t))


def unknown_subject(t: Table) -> Mask:
    """Its subject is not in the subject table."""
    return np.zeros(len(t.rows), bool) if t.known is None else ~t.known


def duplicate(t: Table) -> Mask:
    """As an earlier row in all of `SAME`."""
    same = [name for name in SAME if name in t.rows]
    return np.asarray(t.rows.duplicated(same).to_numpy(bool))


def overlapping(t: Table) -> Mask:
    """The same term of a subject begins again, with the same grade, before it ended, and is no second entry."""
    rows = t.rows.reset_index(drop=True)
    used = rows[rows["start_date"].notna() & ~pd.Series(duplicate(t))]
    used = used.sort_values("start_date", kind="stable")
    key = [used["subject"].astype(str), used["term"].astype(str), used["grade"].fillna(0)]
    never = np.datetime64("2262-01-01", "ns")
    until = used["end_date"].fillna(never).groupby(key).cummax()
    before = until.groupby(key).shift()
    found = np.zeros(len(rows), bool)
    found[used.index[(before.notna() & (used["start_date"] < before)).to_numpy(bool)]] = True
    return found


def after_cutoff(t: Table) -> Mask:
    """Begins after the data cutoff."""
    return _before(t.date("cutoff_date"), t.date("start_date"))


def before_treatment(t: Table) -> Mask:
    """Begins before the first dose."""
    return _before(t.date("start_date"), t.date("treatment_start_date"))


def limiting_low_grade(t: Table) -> Mask:
    """Dose-limiting at grade 1 or 2."""
    return np.asarray(t.flag("dose_limiting") & (t.grade <= 2))


def limiting_not_related(t: Table) -> Mask:
    """Dose-limiting and not related."""
    return t.flag("dose_limiting") & t.unset("related")


def several_classes(t: Table) -> Mask:
    """In another class than where its term occurs first."""
    if "system_organ_class" not in t.rows:
        return np.zeros(len(t.rows), bool)
    soc = t.rows["system_organ_class"].astype("string")
    first = soc.groupby(t.rows["term"].astype(str)).transform("first")
    return np.asarray((soc.notna() & (soc != first)).fillna(False).to_numpy(bool))


def grade_missing(t: Table) -> Mask:
    """No grade."""
    return np.asarray(np.isnan(t.grade))
