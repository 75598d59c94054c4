"""How many subjects had an adverse event, with confidence limits: in all, by organ class, by term, by grade.

A subject counts once in a row, however many events; with the worst grade where grades are told apart
(CTCAE version 5.0, NCI 2017; ICH E3, section 12.2.2).  Limits: Clopper and Pearson, Biometrika 1934; 26: 404.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypedDict, Unpack

import numpy as np
import pandas as pd

from recist import InputError
from survival.adverse_events.kinds import BLANKS, GRADES, Blanks, known_kinds, of_kind, worst_grade
from survival.adverse_events.window import EMERGENT, Window, events_within
from survival.estimate.observations import known_level, known_word
from survival.groups import Key, as_columns, declared_groups
from survival.proportion import interval

INCIDENCE = {  # after the columns named in `by`
    "system_organ_class": "class that the row is about; empty: all",
    "term": "preferred term that the row is about; empty: all of the class",
    "kind": "kind of event, or `worst grade 1` to `worst grade 5` and `worst grade not known`",
    "n": "subjects of the group, with events or not",
    "subjects": "subjects with at least one such event, or whose worst grade it is",
    "events": "such events; with a worst grade, the events of that grade",
    "estimate": "subjects / n; missing when n is 0",
    "lower": "lower confidence limit, a proportion",
    "upper": "upper confidence limit, a proportion",
    "conf_type": "how the limits were obtained, a key of `survival.proportion.METHODS`",
    "level": "confidence level, a proportion",
}
DETAIL = ("all", "system_organ_class", "term")
NOT_CODED = "Not coded"
UNKNOWN_GRADE = "worst grade not known"
WORST = (*(f"worst grade {grade}" for grade in GRADES), UNKNOWN_GRADE)
Detail = Literal["all", "system_organ_class", "term"]


@dataclass(frozen=True, kw_only=True)
class Counting:
    """What is counted, and how limits are made; a variant is an edit."""

    which: tuple[str, ...] | None = None
    detail: Detail = "all"
    conf_type: str = "clopper-pearson"
    level: float = 0.95
    blanks: Blanks = BLANKS

    def __post_init__(self) -> None:
        known_word(self.detail, DETAIL, "detail")
        known_level(self.level)
        interval(self.conf_type)


class Settings(TypedDict, total=False):
    """The fields of `Counting`, as keywords."""

    which: Sequence[str] | None
    detail: Detail
    conf_type: str
    level: float
    blanks: Blanks


def incidence(
    events: pd.DataFrame,
    subjects: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    window: Window = EMERGENT,
    **settings: Unpack[Settings],
) -> pd.DataFrame:
    """Subjects with adverse events, their share of all subjects and its limits.

    Parameters
    ----------
    events : adverse events (`read_adverse_events`).
    subjects : one row per subject; every one is in the denominator, so hand in the population that is analysed.
    by : columns of `subjects` to group by; a declared category without subjects keeps its rows.
    window : which events count, by their start.
    **settings : `which` (kinds as in `survival.adverse_events.kinds.of_kind`, and `worst grade`; none: the
        summary's kinds whose columns the events have, then the worst grades), `detail` (`all`,
        `system_organ_class`: also each class, `term`: also each term), `conf_type`, `level` and `blanks` (what a
        blank flag means).

    Returns
    -------
    frame with the columns of `by` and of `INCIDENCE`: groups in order, in each all events, then classes and
    in each its terms, the most frequent first (subjects of all groups, then events, then name), then kinds.

    Raises
    ------
    InputError : a column is missing, a subject occurs twice, or a kind or setting is unknown.

    Examples
    --------
    >>> subjects = pd.DataFrame({"subject": list("1234"), "treatment_start_date": pd.Timestamp("2024-03-01")})
    >>> events = pd.DataFrame({"subject": ["1", "1", "2"], "term": ["Fever", "Fever", "Chills"],
    ...     "grade": [1, 3, 2], "start_date": "2024-03-05"})
    >>> found = incidence(events, subjects, which=["any", "grade 3+"])
    >>> found[["kind", "n", "subjects", "events", "estimate"]].values.tolist()
    [['any', 4, 2, 3, 0.5], ['grade 3+', 4, 1, 1, 0.25]]
    """
    counting = counting_of(settings)
    by = as_columns(by)
    parts = declared_groups(subjects, by)
    counted = _placed(events_within(events, subjects, window), parts)
    kinds = kinds_counted(counted, counting)
    keys = rows_of(counted, counting, kinds[0])
    names = ["system_organ_class", "term"]
    grid = pd.DataFrame(
        [
            (number, *key, kind, len(part))
            for number, (_, part) in enumerate(parts)
            for key in keys
            for kind in kinds
        ],
        columns=["group", *names, "kind", "n"],
    )
    found = _counts(counted, kinds, counting)
    table = grid.merge(found, how="left", on=["group", *names, "kind"]).fillna({"subjects": 0, "events": 0})
    table = table.astype({"n": np.int64, "subjects": np.int64, "events": np.int64})
    lower, upper = interval(counting.conf_type)(table["subjects"], table["n"], counting.level)
    table = table.assign(
        estimate=table["subjects"] / table["n"].where(table["n"] > 0),
        lower=lower,
        upper=upper,
        conf_type=counting.conf_type,
        level=counting.level,
    )
    return _with_groups(table, parts, by, subjects)


def counting_of(settings: Settings) -> Counting:
    """Settings as a value."""
    fixed: dict[str, Any] = dict(settings)
    if fixed.get("which") is not None:
        which = fixed["which"]
        fixed["which"] = (which,) if isinstance(which, str) else tuple(which)
        if not fixed["which"]:
            raise InputError("which is empty; name a kind of adverse event, or leave it out")
    return Counting(**fixed)


def kinds_counted(events: pd.DataFrame, counting: Counting) -> tuple[str, ...]:
    """The kinds of the rows, `worst grade` as one row for each grade."""
    asked = counting.which or (*known_kinds(events), "worst grade")
    found: list[str] = []
    for kind in asked:
        if kind == "worst grade":
            found += WORST
        elif kind in WORST:
            found.append(kind)
        else:
            of_kind(events, kind, counting.blanks)  # an unknown kind is an error here
            found.append(kind)
    return tuple(dict.fromkeys(found))


def _placed(events: pd.DataFrame, parts: list[tuple[Key, pd.DataFrame]]) -> pd.DataFrame:
    """The events with the number of their group; class and term as text, a class that is blank named."""
    group = {str(subject): n for n, (_, part) in enumerate(parts) for subject in part["subject"]}
    who = events["subject"].astype(str)
    named = pd.Series(NOT_CODED, index=events.index, dtype="str")
    if "system_organ_class" in events:
        soc = events["system_organ_class"]
        named = soc.astype("str").where(soc.notna(), NOT_CODED)
    return events.assign(
        subject=pd.factorize(who)[0],  # numbers are counted faster than names
        group=who.map(group).astype("Int64"),
        system_organ_class=named,
        term=events["term"].astype("str"),
    )


def _at_each(events: pd.DataFrame, counting: Counting) -> pd.DataFrame:
    """Every event once per row that it belongs to: all, its class, its term."""
    levels = [events.assign(system_organ_class="", term="")]
    if counting.detail != "all":
        levels.append(events.assign(term=""))
    if counting.detail == "term":
        levels.append(events)
    return pd.concat(levels, ignore_index=True)


def rows_of(events: pd.DataFrame, counting: Counting, kind: str) -> list[tuple[str, str]]:
    """Class and term of every row, the most frequent first by subjects with events of that kind."""
    chosen = events if kind in WORST else events[of_kind(events, kind, counting.blanks)]
    each = _at_each(chosen, counting)
    size = each.groupby(["system_organ_class", "term"])["subject"].agg(["nunique", "size"])
    often = {key: (-int(row[0]), -int(row[1])) for key, row in zip(size.index, size.to_numpy(), strict=True)}
    none = (0, 0)

    def place(key: tuple[str, str]) -> tuple[Any, ...]:
        of_class = (often.get((key[0], ""), none), key[0]) if key[0] else ((-np.inf, 0), "")
        return (*of_class, (often.get(key, none), key[1]) if key[1] else ((-np.inf, 0), ""))

    return sorted({("", ""), *often}, key=place)


def _counts(events: pd.DataFrame, kinds: tuple[str, ...], counting: Counting) -> pd.DataFrame:
    """Subjects and events of every group, row and kind that has any."""
    each = _at_each(events, counting)
    each = each.assign(grade_known=worst_grade(each))
    row = ["group", "system_organ_class", "term"]
    frames = []
    for kind in [kind for kind in kinds if kind not in WORST]:
        some = each[of_kind(each, kind, counting.blanks)].groupby(row)["subject"]
        frames.append(some.agg(subjects="nunique", events="size").reset_index().assign(kind=kind))
    if any(kind in WORST for kind in kinds):
        worst = each.groupby([*row, "subject"], as_index=False)["grade_known"].max()
        for grade, kind in zip((*GRADES, 0), WORST, strict=True):
            subjects = worst[worst["grade_known"] == grade].groupby(row)["subject"].size().rename("subjects")
            with_grade = each[each["grade_known"] == grade].groupby(row).size().rename("events")
            frames.append(pd.concat([subjects, with_grade], axis=1).reset_index().assign(kind=kind))
    columns = [*row, "kind", "subjects", "events"]
    kept = [frame[columns] for frame in frames if len(frame)]
    blank = pd.DataFrame({name: pd.Series([], dtype="str") for name in columns})
    found = pd.concat(kept, ignore_index=True) if kept else blank
    types = {"group": np.int64, "subjects": np.float64, "events": np.float64}
    return found.astype(types)


def _with_groups(
    table: pd.DataFrame, parts: list[tuple[Key, pd.DataFrame]], by: list[str], subjects: pd.DataFrame
) -> pd.DataFrame:
    """The columns of the groups in place of their numbers."""
    for place, name in enumerate(by):
        values = pd.Series([key[place] for key, _ in parts]).astype(subjects[name].dtype)
        table[name] = values.take(table["group"].to_numpy()).to_numpy()
        table[name] = table[name].astype(subjects[name].dtype)
    return table[[*by, *INCIDENCE]]
