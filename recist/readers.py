"""Several readers of the same scans: the accepted reading, by an adjudicator's choice or by a rule."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.errors import InputError
from recist.reading_rules import KEYS, Choice, Ints, Readings
from recist.reading_rules import RULES as READING_RULES

__all__ = ["READING_RULES", "Readers", "accepted_reading", "adjudication_of"]
ACCEPTED = "ACCEPTED"
ADDED = {  # columns after those of the responses
    "read_by": "Whose reading it is.",
    "accepted_by": "Why it counts: `adjudication` (the table says so), or what the rule found.",
}


@dataclass(frozen=True)
class Readers:
    """Who read: two readers, perhaps an adjudicator, as the column `evaluator` names them.

    `accepted` is what the column `evaluator` says of the accepted reading.
    """

    reader_1: str
    reader_2: str
    adjudicator: str | None = None
    accepted: str = ACCEPTED

    @property
    def names(self) -> tuple[str, ...]:
        """Readers in order, the adjudicator last if there is one."""
        both = (self.reader_1, self.reader_2)
        return both if self.adjudicator is None else (*both, self.adjudicator)


def accepted_reading(
    responses: pd.DataFrame,
    readers: Readers,
    adjudication: pd.DataFrame | None = None,
    rule: str = "adjudicator_if_discordant",
) -> pd.DataFrame:
    """One reading out of several: as a table of adjudications says, elsewhere by a rule.

    Parameters
    ----------
    responses : DataFrame
        From `recist.assess`, with the readers in `evaluator`.  Other evaluators take no part.
    readers : Readers
        Who is reader 1, reader 2 and adjudicator.
    adjudication : DataFrame, optional
        `subject`, `accepted` (an evaluator, or `reader_1`, `reader_2`, `adjudicator`) and, for a choice per
        visit, `visit` (blank: the whole subject), `criteria`.  See `adjudication_of` for the flags of SDTM.
    rule : str
        What holds where the table says nothing: one of `recist.READING_RULES`.

    Returns
    -------
    DataFrame
        The accepted rows, unchanged but for `evaluator`, which is `readers.accepted`, and the columns of
        `ADDED`; by subject, criteria and date.  A choice for a subject takes that reader's visits only.

    Raises
    ------
    InputError
        An unknown reader or rule; two choices for a visit; a choice of a reading that does not exist; readers
        that differ without an adjudicator's reading.

    Notes
    -----
    A response is taken as it came from its reader's own baseline and nadir; nothing is derived anew from
    mixed readings (docs/decisions/0403-accepted-reading.md).

    Examples
    --------
    >>> responses = pd.DataFrame({"subject": "01", "evaluator": ["R1", "R2"], "visit": "WEEK 8",
    ...     "overall": ["PR", "SD"], "date": pd.Timestamp("2024-03-01")})
    >>> accepted_reading(responses, Readers("R1", "R2"), rule="worst")[["overall", "read_by"]].values.tolist()
    [['SD', 'R2']]
    """
    if rule not in READING_RULES:
        near = get_close_matches(rule, READING_RULES, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise InputError(
            f"No rule {rule!r} for the accepted reading.{hint} There are {', '.join(READING_RULES)}."
        )
    readings = _readings(responses, readers)
    named = _named(readings, readers, adjudication)
    free = named < 0
    choice = _by_rule(readings, rule, free)
    reader = np.where(free, choice.reader, named)
    why = np.where(free, choice.why, "adjudication")
    return _taken(readings, Choice(reader, why), readers)


def adjudication_of(flagged: pd.DataFrame) -> pd.DataFrame:
    """The table of adjudications that the flags RSACPTFL or TRACPTFL amount to.

    Parameters
    ----------
    flagged : DataFrame
        Responses or lesions of `recist.read_sdtm`: `subject evaluator visit accepted` (`criteria`, `date`).

    Returns
    -------
    DataFrame
        `subject`, `visit` (and `criteria`), `accepted`: the evaluator whose records are flagged at the visit.
        Baseline, and records without a date, which no derived response can match, are left out.

    Raises
    ------
    InputError
        When a column is missing, or the records of two evaluators are flagged at a visit.

    Examples
    --------
    >>> flagged = pd.DataFrame({"subject": "01", "visit": "WEEK 8", "evaluator": ["R1", "R2"],
    ...     "accepted": [False, True]})
    >>> adjudication_of(flagged).values.tolist()
    [['01', 'WEEK 8', 'R2']]
    """
    if absent := [c for c in ("subject", "evaluator", "visit", "accepted") if c not in flagged]:
        raise InputError(
            f"The records have no column {absent[0]!r}, so nothing says which reading is accepted."
        )
    keys = [name for name in ("subject", "visit", "criteria") if name in flagged]
    rows = flagged[flagged["accepted"].eq(True).to_numpy(bool)]
    if "date" in rows:
        rows = rows[rows["date"].notna()]
    if "baseline" in rows:  # lesions: there is no response at baseline
        rows = rows[~rows["baseline"].to_numpy(bool)]
    chosen = rows[[*keys, "evaluator"]].astype("string").drop_duplicates()
    if len(twice := chosen[chosen.duplicated(keys)]):
        place = ", ".join(twice.iloc[0][keys])
        raise InputError(f"{place}: records of two evaluators are flagged as accepted. Flag one of them.")
    return chosen.rename(columns={"evaluator": "accepted"}).reset_index(drop=True)


def _readings(responses: pd.DataFrame, readers: Readers) -> Readings:
    """The readers' rows by visit."""
    needed = ("subject", "evaluator", "visit", "date", "overall")
    if absent := [c for c in needed if c not in responses]:
        raise InputError(f"The responses have no column {absent[0]!r}; it takes {', '.join(needed)}.")
    there = responses["evaluator"].astype("string")
    for name in readers.names:
        if not (there == name).any():
            known = ", ".join(sorted(there.dropna().unique()))
            raise InputError(f"No response is read by {name!r}. The responses are read by {known}.")
    rows = responses[there.isin(readers.names).to_numpy()].reset_index(drop=True)
    if "criteria" not in rows:
        rows = rows.assign(criteria="recist_1_1")
    visit = rows[KEYS].astype("string").groupby(KEYS, sort=False).ngroup().to_numpy()
    reader = pd.Index(readers.names).get_indexer(pd.Index(rows["evaluator"].astype("string")))
    at = np.full((visit.max() + 1 if len(visit) else 0, len(readers.names)), -1)
    at[visit, reader] = np.arange(len(rows))
    if (at >= 0).sum() < len(rows):
        row = rows[rows.duplicated([*KEYS, "evaluator"])].iloc[0]
        raise InputError(f"{row['subject']}, {row['visit']}: {row['evaluator']} has two responses. Keep one.")
    visits = rows.loc[at.max(axis=1), KEYS].reset_index(drop=True).astype("string")
    return Readings(rows, visits, at, readers.names)


def _named(readings: Readings, readers: Readers, adjudication: pd.DataFrame | None) -> Ints:
    """The reader that the table of adjudications names for each visit; -1 where it says nothing."""
    named = np.full(len(readings.visits), -1)
    if adjudication is None:
        return named
    table = _checked(adjudication, readers)
    visits = readings.visits.assign(criteria=_published(readings.visits["criteria"]))
    criteria = ["criteria"] if "criteria" in table else []
    of_visit = table["visit"].ne("") if "visit" in table else pd.Series(False, index=table.index)
    for part, keys in (
        (table[~of_visit], ["subject", *criteria]),
        (table[of_visit], ["subject", *criteria, "visit"]),
    ):
        if part.empty:
            continue
        _refuse_unread(visits, part, keys)
        found = visits.merge(part[[*keys, "reader"]], "left", keys)["reader"].to_numpy(float)
        hit = ~np.isnan(found)
        named[hit] = found[hit].astype(int)
        if "visit" in keys:
            _refuse_missing(readings, named, hit)
    return named


def _published(labels: pd.Series) -> pd.Series:
    """The name of the criteria without its edits: a choice of reader does not depend on conventions."""
    return labels.str.partition("[")[0]


def _refuse_missing(readings: Readings, named: Ints, asked: npt.NDArray[np.bool_]) -> None:
    """A visit named by itself must have been read by whom the table names."""
    lost = asked & (readings.row_of[np.arange(len(named)), named] < 0)
    if lost.any():
        first = int(np.flatnonzero(lost)[0])
        who = readings.names[named[first]]
        raise InputError(
            f"{readings.place(first)}: {who} is accepted there, but has no response. Correct the table."
        )


def _checked(adjudication: pd.DataFrame, readers: Readers) -> pd.DataFrame:
    """The table as text, with the number of the reader each row accepts."""
    if absent := [c for c in ("subject", "accepted") if c not in adjudication]:
        there = ", ".join(map(str, adjudication))
        raise InputError(f"The table of adjudications has no column {absent[0]!r}; it has {there}.")
    names = [name for name in ("subject", "visit", "criteria", "accepted") if name in adjudication]
    table = adjudication[names].astype("string").apply(lambda column: column.str.strip()).fillna("")
    table = table[table["accepted"] != ""].reset_index(drop=True)
    if "criteria" in table:
        table = table.assign(criteria=_published(table["criteria"]))
    number = {name: n for n, name in enumerate(readers.names)}
    number |= {("reader_1", "reader_2", "adjudicator")[n]: n for n in range(len(readers.names))}
    if len(unknown := table[~table["accepted"].isin(list(number))]):
        row = unknown.iloc[0]
        known = ", ".join(readers.names)
        raise InputError(
            f"{row['subject']}: {row['accepted']!r} is accepted, who is none of the readers {known}."
        )
    numbered: pd.DataFrame = table.assign(reader=table["accepted"].map(number).astype(int))
    return numbered


def _refuse_unread(visits: pd.DataFrame, part: pd.DataFrame, keys: list[str]) -> None:
    """Each row of the table is the only one about its subject or visit, and somebody has read that."""
    if len(twice := part[part.duplicated(keys)]):
        raise InputError(
            f"{', '.join(twice.iloc[0][keys])}: two rows in the table of adjudications. Keep one."
        )
    found = part.merge(visits[keys].drop_duplicates(), "left", keys, indicator="seen")
    if len(lost := found[found["seen"] == "left_only"]):
        place = ", ".join(lost.iloc[0][keys])
        raise InputError(f"{place}: in the table of adjudications, but no reader has a response there.")


def _by_rule(readings: Readings, rule: str, free: npt.NDArray[np.bool_]) -> Choice:
    """The rule at the visits that the table leaves open; the other visits ask for no adjudicator."""
    size = len(readings.visits)
    choice = Choice(np.zeros(size, int), np.full(size, "", dtype="U60"))
    if free.any():
        visits = readings.visits[free].reset_index(drop=True)
        part = Readings(readings.rows, visits, readings.row_of[free], readings.names)
        found = READING_RULES[rule][1](part)
        choice.reader[free], choice.why[free] = found.reader, found.why
    return choice


def _taken(readings: Readings, choice: Choice, readers: Readers) -> pd.DataFrame:
    """The chosen rows in order, with whose they are and why."""
    row = readings.row_of[np.arange(len(readings.row_of)), choice.reader]
    taken = readings.rows.iloc[row[row >= 0]].assign(why=choice.why[row >= 0])
    order = [name for name in ("subject", "criteria", "date") if name in taken]
    taken = taken.sort_values(order, kind="stable").reset_index(drop=True)
    return taken.assign(
        evaluator=pd.Categorical([readers.accepted] * len(taken)),
        read_by=taken["evaluator"].astype("category"),
        accepted_by=taken["why"].astype("category"),
    ).drop(columns="why")
