"""What is asked of a table of QLQ-C30 answers: which rows a finding is about, and what its sentence names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survival.qlq_c30.answers import ITEMS, answers_of
from survival.qlq_c30.scales import HIGHEST, SCALES
from survival.qlq_c30.scores import is_possible

Mask = npt.NDArray[np.bool_]
Words = dict[str, list[str]]
FEW_SUBJECTS = 3  # with fewer the usual order of the visits is not known
LONG_BEFORE_DAYS = 90


@dataclass(frozen=True)
class Answers:
    """The table of answers with the dates of its subjects; `known` is None without a subject table."""

    rows: pd.DataFrame
    known: pd.DataFrame | None

    @cached_property
    def matrix(self) -> npt.NDArray[np.float64]:
        """Answers, one row per assessment."""
        return answers_of(self.rows)

    @cached_property
    def possible(self) -> Mask:
        """Which of them are one of the choices."""
        return is_possible(self.matrix)

    @cached_property
    def answered(self) -> Mask:
        """Assessments with at least one possible answer."""
        return np.asarray(self.possible.any(axis=1))

    def date(self, name: str) -> pd.Series[Any]:
        """A date of the subject on each of its assessments; missing where it is not known."""
        if self.known is None or name not in self.known:
            return pd.Series(pd.NaT, index=self.rows.index, dtype="datetime64[ns]")
        found = self.known[name].reindex(self.rows["subject"].astype(str))
        return found.set_axis(self.rows.index)

    def none(self) -> Mask:
        """No row at all."""
        return np.zeros(len(self.rows), bool)


Found = tuple[Mask, Words]
Find = Callable[[Answers], Found]


def _said(t: Answers, hit: Mask, *names: str) -> Found:
    """Rows with the dates that their sentence names."""
    days = {"date": t.rows["date"]} | {name: t.date(name) for name in names}
    text = {name: column[hit].dt.strftime("%Y-%m-%d").tolist() for name, column in days.items()}
    return hit, text


def impossible(t: Answers) -> Found:
    wrong = ~np.isnan(t.matrix) & ~t.possible
    hit = np.asarray(wrong.any(axis=1))
    named = [
        ", ".join(
            f"q{n + 1} = {t.matrix[row, n]:g} (of 1 to {HIGHEST[n + 1]})"
            for n in np.flatnonzero(wrong[row]).tolist()
        )
        for row in np.flatnonzero(hit)
    ]
    return hit, {"answers": named}


def no_date(t: Answers) -> Found:
    return np.asarray(t.rows["date"].isna()), {}


def blank(t: Answers) -> Found:
    return np.asarray(np.isnan(t.matrix).all(axis=1)), {}


def _repeated(t: Answers, key: str) -> Found:
    """Rows that have an earlier one of the same subject and visit, or day."""
    known = t.rows[key].notna()
    columns = pd.DataFrame({"subject": t.rows["subject"].astype("str"), "key": t.rows[key].astype("str")})
    hit = (columns.duplicated() & known).to_numpy(bool)
    first = columns[~columns.duplicated()].reset_index().set_index(["subject", "key"])["index"]
    found = first.reindex(pd.MultiIndex.from_frame(columns[hit])).to_numpy(np.int64)
    days = t.rows["date"].dt.strftime("%Y-%m-%d").fillna("no date").to_numpy()
    return hit, {
        "first": [str(row) for row in t.rows["row"].to_numpy()[found]],
        "day": [str(day) for day in days[hit]],
        "first_day": [str(day) for day in days[found]],
    }


def visit_twice(t: Answers) -> Found:
    return _repeated(t, "visit")


def day_twice(t: Answers) -> Found:
    hit, words = _repeated(t, "date")
    visit, _ = _repeated(t, "visit")
    kept = ~visit[hit]  # the same visit twice is a finding already
    return hit & ~visit, {name: [w for w, k in zip(ws, kept, strict=True) if k] for name, ws in words.items()}


def unknown(t: Answers) -> Found:
    if t.known is None:
        return t.none(), {}
    known = t.rows["subject"].astype(str).isin(t.known.index).to_numpy(bool)
    return ~known, {}


def no_baseline(t: Answers) -> Found:
    """On the first dated assessment of a subject who answered nothing up to the start."""
    start, date = t.date("start_date"), t.rows["date"]
    before = ((date <= start) & t.answered).groupby(t.rows["subject"].astype(str)).transform("any")
    dated = date.where(start.notna())
    first = dated == dated.groupby(t.rows["subject"].astype(str)).transform("min")
    hit = (first & ~before).to_numpy(bool)
    hit = hit & ~t.rows["subject"].where(hit).astype(str).duplicated().to_numpy(bool)
    return _said(t, hit, "start_date")


def order(t: Answers) -> Found:
    """Visits dated before one that comes earlier in most subjects; unscheduled ones have no place."""
    who, date, visit = t.rows["subject"].astype(str), t.rows["date"], t.rows["visit"].astype(str)
    day = (date - date.groupby(who).transform("min")).dt.days
    placed = ~visit.str.upper().str.contains("UNSCHED") & (
        who.groupby(visit).transform("nunique") >= FEW_SUBJECTS
    )
    usual = day.groupby(visit).transform("median").where(placed)
    rows = pd.DataFrame({"who": who, "usual": usual, "date": date}).dropna()
    rows = rows.sort_values(["who", "usual"], kind="stable")
    latest = rows.groupby("who")["date"].cummax()
    top = pd.Series(rows.index, index=rows.index, dtype="float64").where(rows["date"] == latest)
    other = top.groupby(rows["who"]).ffill()[rows["date"] < latest].sort_index()
    at, before = other.index.to_numpy(np.int64), other.to_numpy(np.int64)
    hit = t.none()
    hit[at] = True
    text = date.dt.strftime("%Y-%m-%d").to_numpy()
    return hit, {
        "date": [str(day) for day in text[at]],
        "other": visit.to_numpy()[before].tolist(),
        "other_date": [str(day) for day in text[before]],
    }


def long_before(t: Answers) -> Found:
    early = t.rows["date"] < t.date("start_date") - pd.Timedelta(LONG_BEFORE_DAYS, "D")
    return _said(t, early.to_numpy(bool), "start_date")


def after(name: str) -> Find:
    """Assessments later than a date of the subject."""

    def find(t: Answers) -> Found:
        return _said(t, (t.rows["date"] > t.date(name)).to_numpy(bool), name)

    return find


def unscored(t: Answers) -> Found:
    """Questionnaires that are filled in, but too incompletely for some scale."""
    lacking = {
        scale.code: t.possible[:, [item - 1 for item in scale.items]].sum(axis=1) < scale.needed
        for scale in SCALES.values()
    }
    hit = np.any(list(lacking.values()), axis=0) & t.answered
    named = [", ".join(code for code, found in lacking.items() if found[row]) for row in np.flatnonzero(hit)]
    return hit, {"scales": named, "answered": [str(n) for n in t.possible.sum(axis=1)[hit]]}


def all_alike(t: Answers) -> Found:
    first = t.matrix[:, : len(ITEMS) - 2]
    hit = (first == first[:, :1]).all(axis=1) & (first[:, 0] > 1)
    return hit, {"answer": [f"{value:g}" for value in first[hit, 0]]}
