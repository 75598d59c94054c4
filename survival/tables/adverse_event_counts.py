"""What every table of adverse events starts from: incidences by printed group, and the words below them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from survival.adverse_events.incidence import Settings, counting_of, incidence
from survival.adverse_events.window import STATUS, Window, mark_window
from survival.groups import declared_groups, label
from survival.proportion import METHODS
from survival.results import ResultRows
from survival.tables.table import Shell, column_sizes

ONCE = "A subject counts once in a line, however many events, with the worst grade (CTCAE)."
UNIT = {"subjects": "subjects", "events": "events"}


@dataclass(frozen=True)
class Counted:
    """Incidences with the printed name of their group, the columns of the table, and its notes."""

    rows: pd.DataFrame  # of `incidence`, with `group`
    columns: dict[str, int]
    notes: tuple[str, ...]

    def lines(self) -> list[tuple[str, str]]:
        """Class and term of every row, in order; both empty for all events."""
        pairs = self.rows[["system_organ_class", "term"]].drop_duplicates()
        return list(pairs.itertuples(index=False, name=None))

    def count(self, **where: str) -> int:
        """Subjects of all such rows of all groups."""
        rows = self.rows
        for name, value in where.items():
            rows = rows[(rows[name] == value).to_numpy(bool)]
        return int(rows["subjects"].sum())


def counted_by(
    events: pd.DataFrame, subjects: pd.DataFrame, by: list[str], window: Window, words: tuple[Shell, Settings]
) -> Counted:
    """Incidences of each group, and of all where the shell has a total."""
    shell, settings = words
    parts = declared_groups(subjects, by)
    columns = column_sizes([(key, len(part)) for key, part in parts], shell.total)
    found = incidence(events, subjects, by, window, **settings)
    named = [label(key) for key in found[by].itertuples(index=False, name=None)] if by else label(())
    frames = [found.drop(columns=by).assign(group=named)]
    if shell.total in columns:
        frames.append(incidence(events, subjects, None, window, **settings).assign(group=shell.total))
    whole = pd.concat(frames, ignore_index=True)
    return Counted(whole, columns, _notes(events, subjects, window, settings))


def add_row(rows: ResultRows, name: str, row: dict[Any, Any]) -> None:
    """Subjects, their share with its limits, and events, under the name of a line."""
    group, n, method = str(row["group"]), int(row["n"]), METHODS[str(row["conf_type"])].title
    rows.add_count(name, group, n, int(row["subjects"]))
    rows.add(name, group, n, "proportion", method, lower=row["lower"], upper=row["upper"])
    rows.add(f"{name}: events", group, n, "events", count=row["events"])


def line_name(row: dict[Any, Any]) -> str:
    """The name of a line: its kind, class and term."""
    return ": ".join(str(row[name]) for name in ("system_organ_class", "term", "kind") if row[name])


def _notes(
    events: pd.DataFrame, subjects: pd.DataFrame, window: Window, settings: Settings
) -> tuple[str, ...]:
    """What a reader must know to reproduce the numbers."""
    marked = mark_window(events, subjects, window)
    number = marked["window_status"].value_counts()
    left = [f"{number[word]} {STATUS[word]}" for word in list(STATUS)[2:6] if number[word]]
    sentence = window.sentence[0].upper() + window.sentence[1:]
    notes = [f"{sentence}.", ONCE]
    if left:
        notes.append(f"Events left out: {'; '.join(left)}.")
    undated = list(STATUS)[1]
    if number[undated]:
        notes.append(f"{number[undated]} of the events that count: {STATUS[undated]}.")
    counting = counting_of(settings)
    inside = marked[marked["window_status"].isin(list(STATUS)[:2])]
    if "related" in inside and (blank := int(inside["related"].isna().sum())):
        meaning = "related" if counting.blanks.related else "not related"
        notes.append(f"Relation not recorded in {blank} events, which count as {meaning}.")
    return tuple(notes)
