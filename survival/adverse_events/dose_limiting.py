"""Dose-limiting toxicity by dose level, and how the 3 + 3 design reads it.

Storer, Biometrics 1989; 45: 925-937 (design A); Le Tourneau, Lee and Siu, J Natl Cancer Inst 2009; 101: 708-720.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from recist import DecisionTable, InputError
from survival.adverse_events.kinds import of_kind
from survival.adverse_events.window import Window, events_within
from survival.flags import as_flag
from survival.groups import declared_groups
from survival.proportion import interval

DLT_WINDOW = Window(days=28)
DOSE_LEVELS = {  # after the column of the dose level
    "treated": "subjects with a date that opens the window",
    "evaluable": "subjects whose toxicity counts; whoever had a dose-limiting toxicity is one",
    "with_dlt": "evaluable subjects with a dose-limiting toxicity that began within the window",
    "events": "their dose-limiting toxicities",
    "estimate": "with_dlt / evaluable; missing when nobody is evaluable",
    "lower": "lower confidence limit, a proportion",
    "upper": "upper confidence limit, a proportion",
    "conf_type": "clopper-pearson",
    "conf_level": "confidence level, a proportion",
    "reading": "what the 3 + 3 design makes of the level",
    "reading_rule": "row of `THREE_PLUS_THREE` that decided",
}
EVALUABLE = ("0", "1-2", "3", "4-5", "6", "7+")
WITH_DLT = ("0", "1", "2+")
READING = (
    "nobody evaluable",
    "complete the cohort",
    "escalate",
    "expand to six",
    "MTD exceeded",
    "not settled",
)
THREE_PLUS_THREE = DecisionTable(
    name="3 + 3 design",
    where="Storer, Biometrics 1989, 45: 925, design A",
    inputs={
        "evaluable": EVALUABLE,  # evaluable subjects of the level
        "with_dlt": WITH_DLT,  # those with a dose-limiting toxicity
    },
    outputs={"reading": READING},
    text="""
    rule | evaluable | with_dlt | reading             | cite
    D0   | 0         | *        | nobody evaluable    | nobody to judge by
    D1   | 1-2       | 0, 1     | complete the cohort | cohorts of three: Storer 1989, design A
    D2   | 3         | 0        | escalate            | 0 of 3: Storer 1989, design A
    D3   | 3         | 1        | expand to six       | 1 of 3, three more at the level: Storer 1989, design A
    D4   | 4-5       | 0        | escalate            | H: none of the first three, whoever they were
    D5   | 4-5       | 1        | expand to six       | 1 of 3, the expansion is not complete: Storer 1989, design A
    D6   | 6         | 0, 1     | escalate            | at most 1 of 6: Storer 1989, design A
    D7   | 1-2, 3    | 2+       | MTD exceeded        | 2 or more of 3: Storer 1989, design A; Le Tourneau 2009
    D8   | 4-5, 6    | 2+       | MTD exceeded        | 2 or more of 6: Storer 1989, design A; Le Tourneau 2009
    D9   | 7+        | 0, 1     | escalate            | H: at most 1 in any six of them
    D10  | 7+        | 2+       | not settled         | H: the design ends at six; compare the rate with the target
    """,
)


def dose_limiting(
    events: pd.DataFrame,
    subjects: pd.DataFrame,
    level: str = "dose_level",
    window: Window = DLT_WINDOW,
    evaluable: str | None = None,
) -> pd.DataFrame:
    """Subjects with dose-limiting toxicity at each dose level, and the reading of the 3 + 3 design.

    Parameters
    ----------
    events : adverse events with the column `dose_limiting`.
    subjects : one row per subject; who has no date that opens the window was not treated.
    level : column of the dose level; categories in their order, which is from low to high; numbers by size.
    window : when a toxicity must have begun to be dose-limiting; 28 days from the first dose.
    evaluable : yes-or-no column of who is evaluable for dose-limiting toxicity; None: everyone treated.
        Who had one within the window is evaluable whatever the column says.

    Returns
    -------
    frame with the column of the level and those of `DOSE_LEVELS`, from low to high; a declared level that
    nobody was treated at keeps its row.

    Raises
    ------
    InputError : a column is missing, a level or a flag is missing or cannot be read.

    Examples
    --------
    >>> subjects = pd.DataFrame({"subject": list("123456789"), "dose_level": list("111222222"),
    ...     "treatment_start_date": pd.Timestamp("2024-03-01")})
    >>> events = pd.DataFrame({"subject": ["4"], "term": ["Neurotoxicity"], "grade": [3],
    ...     "dose_limiting": ["Y"], "start_date": ["2024-03-09"]})
    >>> dose_limiting(events, subjects)[["dose_level", "evaluable", "with_dlt", "reading"]].values.tolist()
    [['1', 3, 0, 'escalate'], ['2', 6, 1, 'escalate']]
    """
    if window.start not in subjects or level not in subjects:
        lost = level if level not in subjects else window.start
        raise InputError(f"subjects has no column {lost!r}; it has {', '.join(map(str, subjects.columns))}")
    treated = subjects[subjects[window.start].notna()]
    counted = events_within(events, treated, window)
    counted = counted[of_kind(counted, "dose limiting")]
    number = counted["subject"].astype(str).value_counts()
    who = treated["subject"].astype(str)
    toxic = who.isin(number.index)
    judged = toxic | _flag(treated, evaluable)
    rows = []
    for key, part in declared_groups(_ordered(treated, subjects, level), [level]):
        at = part.index
        rows.append(
            {
                level: key[0],
                "treated": len(part),
                "evaluable": int(judged[at].sum()),
                "with_dlt": int(toxic[at].sum()),
                "events": int(number.reindex(who[at]).fillna(0).sum()),
            }
        )
    return _read(pd.DataFrame(rows), level)


def _ordered(treated: pd.DataFrame, subjects: pd.DataFrame, level: str) -> pd.DataFrame:
    """The treated with their levels as ordered categories; text that is a number goes by its size."""
    given = subjects[level]
    if treated[level].isna().any():
        lost = treated["subject"][treated[level].isna()].astype(str).tolist()
        raise InputError(
            f"no {level} for subject {', '.join(lost[:5])}; fill it in, or take them out of subjects"
        )
    if isinstance(given.dtype, pd.CategoricalDtype):
        words = list(given.cat.categories)
        in_order = given.cat.ordered
    else:
        words, in_order = sorted(given.dropna().unique().tolist()), False
    size = pd.to_numeric(pd.Series(words, dtype="object"), errors="coerce")
    if not in_order and size.notna().all():
        words = [words[n] for n in np.argsort(size.to_numpy(np.float64), kind="stable")]
    return treated.assign(**{level: pd.Categorical(treated[level], categories=words)})


def _flag(treated: pd.DataFrame, name: str | None) -> pd.Series[bool]:
    """Who is flagged evaluable; everyone without a column, nobody where it is blank."""
    if name is None:
        return pd.Series(True, index=treated.index)
    if name not in treated:
        raise InputError(f"subjects has no column {name!r}; it has {', '.join(map(str, treated.columns))}")
    return pd.Series(as_flag(treated[name], name), index=treated.index)


def _read(table: pd.DataFrame, level: str) -> pd.DataFrame:
    """The rates with their limits, and the reading of each level."""
    n, x = table["evaluable"].to_numpy(), table["with_dlt"].to_numpy()
    place = np.select([n == 0, n < 3, n == 3, n < 6, n == 6], range(5), 5)
    rule = THREE_PLUS_THREE.decide(place, np.minimum(x, 2))
    outcome, ids = THREE_PLUS_THREE.outcome("reading", rule), THREE_PLUS_THREE.ids()
    lower, upper = interval("clopper-pearson")(x, n, 0.95)
    found = table.assign(
        estimate=table["with_dlt"] / table["evaluable"].where(n > 0),
        lower=lower,
        upper=upper,
        conf_type="clopper-pearson",
        conf_level=0.95,
        reading=pd.Categorical(np.array(READING)[outcome], categories=list(READING)),
        reading_rule=pd.Categorical(np.array(ids)[rule], categories=list(ids)),
    )
    return found[[level, *DOSE_LEVELS]]


@dataclass(frozen=True)
class Mtd:
    """The maximum tolerated dose as far as the levels tell: its level, or why there is none yet."""

    level: Any
    status: str  # determined, to be expanded, below the lowest level, not reached, open
    sentence: str


def mtd(levels: pd.DataFrame) -> Mtd:
    """The maximum tolerated dose: the level below the lowest that exceeds it, at most 1 of 6 having toxicity.

    Parameters
    ----------
    levels : frame of `dose_limiting`, from low to high.

    Returns
    -------
    Mtd with `level` (None when there is none), `status` and `sentence`.

    Examples
    --------
    >>> levels = pd.DataFrame({"dose_level": ["1", "2"], "evaluable": [6, 3], "with_dlt": [1, 2],
    ...     "reading": ["escalate", "MTD exceeded"]})
    >>> mtd(levels).sentence
    'Level 2 exceeds the MTD (2 of 3). The MTD is level 1 (1 of 6).'
    """
    name = str(levels.columns[0])
    rows: list[dict[str, Any]] = [
        {str(key): value for key, value in row.items()}
        for row in levels[[name, "evaluable", "with_dlt", "reading"]].to_dict("records")
        if row["evaluable"] > 0
    ]
    over = next((n for n, row in enumerate(rows) if row["reading"] == "MTD exceeded"), None)
    if over is None:
        return _none_exceeded(rows, name, levels)
    toxic = f"{_level(rows[over], name)} exceeds the MTD ({_of(rows[over])})."
    if over == 0:
        return Mtd(None, "below the lowest level", f"{toxic} No lower level was tested.")
    below = rows[over - 1]
    its = f"{_level(below, name)} ({_of(below)})"
    if below["reading"] != "escalate":
        return Mtd(None, "open", f"{toxic} {its} below it is not settled.")
    if below["evaluable"] < 6:
        return Mtd(None, "to be expanded", f"{toxic} {its} is to be expanded to six before it is the MTD.")
    return Mtd(below[name], "determined", f"{toxic} The MTD is {_inside(its)}.")


def _none_exceeded(rows: list[dict[str, Any]], name: str, levels: pd.DataFrame) -> Mtd:
    """No level exceeds the MTD: what the highest one says."""
    if not rows:
        return Mtd(None, "open", "Nobody is evaluable for dose-limiting toxicity.")
    last = rows[-1]
    its = f"{_level(last, name)} ({_of(last)})"
    if last["reading"] != "escalate":
        return Mtd(None, "open", f"No level exceeds the MTD so far. {its}: {last['reading']}.")
    if last[name] == levels[name].iloc[-1]:
        return Mtd(
            None,
            "not reached",
            f"The MTD was not reached. The highest level tested is {_inside(its)}.",
        )
    return Mtd(None, "open", f"No level exceeds the MTD so far. {its}: escalate.")


def _level(row: dict[str, Any], name: str) -> str:
    text = str(row[name])
    return text if text.lower().startswith(("level", "dose")) else f"Level {text}"


def _inside(text: str) -> str:
    """A level inside a sentence: a small letter where the word is ours."""
    return text.replace("Level ", "level ", 1) if text.startswith("Level ") else text


def _of(row: dict[str, Any]) -> str:
    return f"{row['with_dlt']} of {row['evaluable']}"
